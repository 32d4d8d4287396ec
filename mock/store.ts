/** Where the state of one API lives: in memory, changed by patches that are applied in one step. */

import type { Entry, StateReader } from '../openapi/rules/entries.js';
import type { Change } from '../openapi/rules/state.js';

/** The entries of a collection, by key. */
export type Collections = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

export type Store = StateReader & {
  /** Every collection with its entries, expired ones included. */
  list(): Collections;
  /** Makes all changes at once. */
  apply(changes: readonly Change[]): void;
  /** Back to the entries that it starts with. */
  reset(): void;
  /** Changes what a reset goes back to, and nothing else. */
  startFrom(initial: () => Collections): void;
};

/** A store in memory. `initial` is called at the start and at each reset. */
export function memoryStore(initial: () => Collections): Store {
  let start = initial;
  let collections = copy(start());
  const touched = new Set<string>();
  return {
    get: (collection, key) => collections.get(collection)?.get(key),
    entries(collection) {
      const entries = collections.get(collection);
      return touched.has(collection) || (entries?.size ?? 0) > 0
        ? (entries ?? new Map()).values()
        : undefined;
    },
    list: () => collections,
    apply(changes) {
      for (const change of changes) {
        touched.add(change.collection);
        if (change.kind === 'remove') collections.get(change.collection)?.delete(change.key);
        else entriesOf(collections, change.collection).set(change.key, change.entry);
      }
    },
    reset() {
      collections = copy(start());
      touched.clear();
    },
    startFrom(other) {
      start = other;
    },
  };
}

function entriesOf(collections: Map<string, Map<string, Entry>>, name: string): Map<string, Entry> {
  let entries = collections.get(name);
  if (entries === undefined) {
    entries = new Map();
    collections.set(name, entries);
  }
  return entries;
}

function copy(collections: Collections): Map<string, Map<string, Entry>> {
  return new Map([...collections].map(([name, entries]) => [name, new Map(entries)]));
}
