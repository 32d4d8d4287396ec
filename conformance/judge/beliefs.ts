/** What is known of the state of a server that is seen from outside only: what its own responses have told. */

import type { Contract } from '../../openapi/contract.js';
import { isObject, type Json } from '../../openapi/json.js';
import type { Entry, StateReader } from '../../openapi/rules/entries.js';
import type { Change, Delivery } from '../../openapi/rules/state.js';
import { isUnknown, known, see, unknown } from '../../openapi/rules/unknown.js';
import { isGivenOut } from '../plan/goal.js';

/** What is believed of a server, following the state rules on its responses. */
export type Beliefs = StateReader & {
  readonly tolerance: number;
  /** The server's clock as far as it is known: milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Told that the server's clock has been moved, or that so much time has gone by there. */
  moved(milliseconds: number): void;
  /** A text that came from outside: it may be known to the server already. */
  given(text: string): void;
  /** Whether the server has been made to forget a value that came from outside, and that only the server gives out. */
  isSpent(text: string): boolean;
  apply(changes: readonly Change[]): void;
  /** From now on nobody knows what stands at this key. */
  doubt(collection: string, key: string): void;
  /** Something has been put into a collection, and nobody knows where. */
  doubtAll(collection: string): void;
  /** A message that the server must have sent, by now. */
  sent(deliveries: readonly Delivery[]): void;
  /** A member of the content of the latest message to somebody has been told to us: it is known from now on. */
  told(member: string, to: readonly string[], value: Json): void;
};

/** A message in the inboxes of all, and the how-many-eth it is. */
type Arrived = { readonly delivery: Delivery; readonly number: number };

/** The member of the latest of the messages that have it. */
function latestWith(member: string, inboxes: readonly (readonly Arrived[])[]): Json | undefined {
  let latest: Json | undefined;
  let number = -1;
  for (const inbox of inboxes) {
    const found = inbox.findLast(({ delivery: { content } }) => isObject(content) && member in content);
    if (found === undefined || found.number < number || !isObject(found.delivery.content)) continue;
    latest = found.delivery.content[member];
    ({ number } = found);
  }
  return latest;
}

/**
 * Beliefs of a server that has not been spoken to. The fixtures of the contract are facts about a mock: on a real server
 * they may be there. What was made up here, or given out by the server, is there only by what the rules say.
 */
export function createBeliefs(contract: Contract, clock: () => number, tolerance: number): Beliefs {
  const collections = new Map<string, Map<string, Entry | undefined>>();
  const outside = new Set<string>();
  const spent = new Set<string>();
  const doubted = new Set<string>();
  const inbox = new Map<string, Arrived[]>();
  let arrivals = 0;
  let offset = 0;

  const entriesOf = (collection: string): Map<string, Entry | undefined> => {
    const entries = collections.get(collection) ?? new Map<string, Entry | undefined>();
    collections.set(collection, entries);
    return entries;
  };
  const doubtfulEntry = (): Entry => ({ value: unknown(), expiresAt: undefined, doubtful: true });
  const get = (collection: string, key: string): Entry | undefined => {
    const entries = entriesOf(collection);
    if (entries.has(key)) return entries.get(key);
    const isFixture = contract.initialState.get(collection)?.has(key) ?? false;
    if (!isFixture && !outside.has(key) && !doubted.has(collection)) return undefined;
    const entry = doubtfulEntry();
    entries.set(key, entry);
    return entry;
  };

  return {
    get,
    tolerance,
    now: () => clock() + offset,
    moved(milliseconds) {
      offset += milliseconds;
    },
    given(text) {
      outside.add(text);
    },
    isSpent: (text) => spent.has(text),
    apply(changes) {
      for (const change of changes) {
        if (change.kind === 'remove' && isGivenOut(contract, change.collection)) spent.add(change.key);
        const entry = change.kind === 'remove' ? undefined : change.entry;
        entriesOf(change.collection).set(change.key, entry);
      }
    },
    doubt(collection, key) {
      entriesOf(collection).set(key, doubtfulEntry());
    },
    doubtAll(collection) {
      doubted.add(collection);
      // What was not there may be there now.
      const entries = entriesOf(collection);
      for (const [key, entry] of entries) if (entry === undefined) entries.delete(key);
    },
    sent(deliveries) {
      for (const delivery of deliveries) {
        const before = inbox.get(delivery.to) ?? [];
        inbox.set(delivery.to, before);
        before.push({ delivery, number: arrivals });
        arrivals += 1;
      }
    },
    told(member, to, value) {
      const content = latestWith(
        member,
        to.map((each) => inbox.get(each) ?? []),
      );
      const unseen = content === undefined ? undefined : known(content);
      if (unseen !== undefined && isUnknown(unseen)) see(unseen, value);
    },
  };
}
