/** The state as the control API gives it, and the changes that it takes: read as a whole before any is made. */

import { instantFrom } from '../openapi/duration.js';
import { nearestPath } from '../openapi/http/path.js';
import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import { isExpired } from '../openapi/rules/entries.js';
import type { Change } from '../openapi/rules/state.js';
import type { ServedApi } from './app.js';
import type { Collections } from './store.js';

/** The changes of each API, or what is wrong with what was sent. */
export type StateChanges =
  | { readonly kind: 'changes'; readonly changes: ReadonlyMap<ServedApi, readonly Change[]> }
  | { readonly kind: 'wrong'; readonly detail: string };

/** Every entry of every collection, each with when it expires and whether it has. */
export function stateJson(collections: Collections, now: number): Json {
  return mapJson(collections, (entries) =>
    mapJson(entries, (entry) => ({
      value: entry.value,
      expires: entry.expiresAt === undefined ? null : new Date(entry.expiresAt).toISOString(),
      expired: isExpired(entry, now),
    })),
  );
}

/**
 * Reads changes in the form in which the state is shown: API, collection, key, entry; null for an entry to remove.
 * `expires` is an instant, a duration from now, or null; left out, it is null. `expired` is no more than shown.
 */
export function readStateChanges(apis: readonly ServedApi[], content: Json, now: number): StateChanges {
  const wrong: string[] = [];
  const changes = new Map<ServedApi, readonly Change[]>();
  for (const [name, collections] of membersOf(content, 'The content', wrong)) {
    const api = apis.find(({ contract }) => contract.name === name);
    if (api === undefined) {
      const names = apis.map(({ contract }) => contract.name);
      wrong.push(`No API "${name}" is served, only ${names.join(' and ')}.${meant(name, names)}`);
      continue;
    }
    const known = [...api.contract.initialState.keys()];
    const made = membersOf(collections, `The value of "${name}"`, wrong).flatMap(([collection, entries]) => {
      if (known.includes(collection)) return changesOf(collection, entries, now, wrong);
      wrong.push(unknownCollection(name, collection, known));
      return [];
    });
    changes.set(api, made);
  }
  const [detail] = wrong;
  return detail === undefined ? { kind: 'changes', changes } : { kind: 'wrong', detail };
}

function changesOf(collection: string, entries: Json, now: number, wrong: string[]): Change[] {
  return membersOf(entries, `The value of "${collection}"`, wrong).flatMap(([key, raw]): Change[] => {
    if (raw === null) return [{ kind: 'remove', collection, key }];
    const expiresAt = isObject(raw) ? instantOf(raw.expires, now) : undefined;
    const isEntry = isObject(raw) && Object.keys(raw).every((name) => entryMembers.includes(name));
    if (!isEntry || raw.value === undefined) {
      const example = '{"value": …, "expires": "2026-01-31T12:00:00Z"}, or null to remove it';
      wrong.push(`The entry "${key}" of "${collection}" must be ${example}.`);
      return [];
    }
    if (expiresAt === 'wrong') {
      const forms = 'an instant (2026-01-31T12:00:00Z), a duration from now (PT10M, -PT1S) or null';
      wrong.push(`The entry "${key}" of "${collection}" expires at ${forms}.`);
      return [];
    }
    return [{ kind: 'put', collection, key, entry: { value: raw.value, expiresAt } }];
  });
}

const entryMembers = ['value', 'expires', 'expired'];

function instantOf(raw: Json | undefined, now: number): number | undefined | 'wrong' {
  if (raw === undefined || raw === null) return undefined;
  const instant = typeof raw === 'string' ? instantFrom(raw, now) : undefined;
  // A year of more than four digits is no RFC 3339 date-time, and could not be shown as one.
  const isShown = instant !== undefined && /^\d{4}-/.test(new Date(instant).toISOString());
  return isShown ? instant : 'wrong';
}

function membersOf(value: Json, what: string, wrong: string[]): (readonly [string, Json])[] {
  if (isObject(value)) return Object.entries(value);
  wrong.push(`${what} must be an object: {"<api>": {"<collection>": {"<key>": {"value": …}}}}.`);
  return [];
}

function unknownCollection(api: string, name: string, known: readonly string[]): string {
  const has = known.length === 0 ? 'none at all' : `only ${known.join(', ')}`;
  return `The API "${api}" has no collection "${name}", ${has}.${meant(name, known)}`;
}

function meant(name: string, known: readonly string[]): string {
  const nearest = nearestPath(name, known);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function mapJson<Item>(items: ReadonlyMap<string, Item>, json: (item: Item) => Json): JsonObject {
  return Object.fromEntries([...items].map(([key, item]) => [key, json(item)]));
}
