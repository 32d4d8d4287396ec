/** Values that a server has chosen and nobody has seen yet: they stand in the state like others, and may become known. */

import type { Place } from '../document/documents.js';
import { isObject, type Json, type JsonObject } from '../json.js';

const mark: unique symbol = Symbol('unknown');

type Hidden = {
  /** The schema that it was to be made from. */
  readonly schema: Place | undefined;
  /** What is known of it: members of an object, claims of a token. */
  readonly bound: Json | undefined;
  /** A collection that has no entry with this key. */
  readonly unlike: string | undefined;
  readonly members: Map<string, Unknown>;
  seen: Json | undefined;
};

/** A value that is not known yet. It is an object without members to who does not ask. */
export type Unknown = JsonObject & { readonly [mark]: Hidden };

/**
 * A new unknown value; with the schema that it conforms to, what is known of its members or claims, and the collection in
 * which it is no key.
 */
export function unknown(schema?: Place, bound?: Json, unlike?: string): Unknown {
  const hidden: Hidden = { schema, bound, unlike, members: new Map(), seen: undefined };
  return Object.defineProperty({}, mark, { value: hidden }) as Unknown;
}

/** Whether a value is unknown, seen or not. */
export function isUnknown(value: Json | undefined): value is Unknown {
  return typeof value === 'object' && value !== null && mark in value;
}

/** The value itself, where an unknown one has been seen since; anything else as it is. */
export function known(value: Json): Json {
  let current = value;
  while (isUnknown(current)) {
    const { seen } = current[mark];
    if (seen === undefined) return current;
    current = seen;
  }
  return current;
}

/** The value with everything in it that has been seen since. */
export function knownThroughout(value: Json): Json {
  const current = known(value);
  if (isUnknown(current)) return current;
  if (Array.isArray(current)) return current.map(knownThroughout);
  if (!isObject(current)) return current;
  return Object.fromEntries(Object.entries(current).map(([name, member]) => [name, knownThroughout(member)]));
}

/** Whether all of a value is known. */
export function isKnownThroughout(value: Json): boolean {
  const current = known(value);
  if (isUnknown(current)) return false;
  if (typeof current !== 'object' || current === null) return true;
  return Object.values(current).every(isKnownThroughout);
}

/** From now on the value is known. What was said of its members holds for those of what was seen. */
export function see(value: Unknown, seen: Json): void {
  if (known(seen) === value) return; // it would be known to be itself, for ever
  const hidden = value[mark];
  hidden.seen = seen;
  for (const [name, member] of hidden.members) {
    const actual = isObject(seen) && Object.hasOwn(seen, name) ? seen[name] : undefined;
    if (actual !== undefined && member[mark].seen === undefined) see(member, actual);
  }
}

/** What an unknown value is known to be made from. */
export function hintsOf(value: Unknown): {
  readonly schema: Place | undefined;
  readonly bound: Json | undefined;
  readonly unlike: string | undefined;
} {
  return value[mark];
}

/** The value that reference tokens lead to, unknown where it lies in an unknown one; undefined when there is none. */
export function knownAt(value: Json | undefined, tokens: readonly string[]): Json | undefined {
  let current = value === undefined ? undefined : known(value);
  for (const token of tokens) {
    if (current === undefined) return undefined;
    let next: Json | undefined;
    if (isUnknown(current)) next = memberOf(current, token);
    else if (Array.isArray(current)) next = /^(0|[1-9]\d*)$/.test(token) ? current[Number(token)] : undefined;
    else if (isObject(current)) next = Object.hasOwn(current, token) ? current[token] : undefined;
    current = next === undefined ? undefined : known(next);
  }
  return current;
}

function memberOf(value: Unknown, name: string): Json {
  const { members, bound } = value[mark];
  if (isObject(bound) && Object.hasOwn(bound, name)) return bound[name] ?? null;
  const member = members.get(name) ?? unknown();
  members.set(name, member);
  return member;
}
