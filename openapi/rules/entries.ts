/** The state as rules see it: entries of collections, by key. */

import { type Json, pointerTo } from '../json.js';
import type { Scope } from './expression.js';
import type { Value } from './rules.js';
import { isUnknown, known, type Unknown, unknown } from './unknown.js';
import { evaluateValue } from './value.js';

/** A record of a collection and the instant at which its lifetime is over; undefined when it has none. */
export type Entry = {
  readonly value: Json;
  readonly expiresAt: number | undefined;
  /** Whether it may as well not be there: who observes a server from outside does not always know. */
  readonly doubtful?: boolean;
};

/** The state as rules read it: by collection and key, nothing else, so that its size does not matter. */
export type StateReader = {
  get(collection: string, key: string): Entry | undefined;
  /** All entries of a collection, in the order in which they came; undefined when it has none and never had. */
  entries?(collection: string): Iterable<Entry> | undefined;
  /** How far the clock of the server may be from `now`, in milliseconds. Default 0. */
  readonly tolerance?: number;
};

/** An entry is expired at the very instant at which its lifetime is over (RFC 7519, 4.1.4: "on or after"). */
export function isExpired(entry: Entry, now: number): boolean {
  return entry.expiresAt !== undefined && entry.expiresAt <= now;
}

/**
 * Keys are text; a number is its decimal text; of several parts their texts, with a slash between them (and `/` and `~` in
 * them as in a JSON Pointer). Nothing else is a key. One that is not known yet may be any.
 */
export function keyOf(value: Value, scope: Scope): string | Unknown | undefined {
  if (value.kind === 'array') {
    const parts = value.items.map((item) => keyOf(item, scope));
    if (parts.includes(undefined)) return undefined;
    const texts = parts.filter((part) => typeof part === 'string');
    return texts.length < parts.length ? unknown() : texts.reduce(pointerTo, '').slice(1);
  }
  const evaluated = evaluateValue(value, scope);
  const key = evaluated === undefined ? undefined : known(evaluated);
  if (isUnknown(key)) return key;
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}
