/** JSON values with one place in them changed. */

import { isObject, type Json, pointerTokens, valueAt } from '../json.js';

/** The value with another at the place that a JSON Pointer names; what leads there must be in it. */
export function withValueAt(value: Json, pointer: string, inner: Json): Json {
  return put(value, pointerTokens(pointer), inner);
}

function put(value: Json, [token, ...rest]: readonly string[], inner: Json): Json {
  if (token === undefined) return inner;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (index === Number(token) ? put(item, rest, inner) : item));
  if (!isObject(value)) return value;
  const changed = put(Object.hasOwn(value, token) ? (value[token] ?? null) : {}, rest, inner);
  const entries = Object.entries(value).map(
    ([name, member]) => [name, name === token ? changed : member] as const,
  );
  // Made of entries, because a member may be called `__proto__`.
  return Object.fromEntries(Object.hasOwn(value, token) ? entries : [...entries, [token, changed]]);
}

/** The value without the member or item that a JSON Pointer names. */
export function withoutValueAt(value: Json, pointer: string): Json {
  return leaveOut(value, pointerTokens(pointer));
}

function leaveOut(value: Json, [token, ...rest]: readonly string[]): Json {
  if (token === undefined) return value;
  const isIt = rest.length === 0;
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => {
      if (index !== Number(token)) return [item];
      return isIt ? [] : [leaveOut(item, rest)];
    });
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (name !== token) return [[name, member] as const];
      return isIt ? [] : [[name, leaveOut(member, rest)] as const];
    }),
  );
}

/** The value with as much of a fuller one as it takes for a place of that one to be in it. */
export function withPlaceOf(value: Json, fuller: Json, pointer: string): Json {
  const tokens = pointerTokens(pointer);
  for (let length = 1; length <= tokens.length; length += 1) {
    if (valueAt(value, tokens.slice(0, length)) !== undefined) continue;
    const parent = tokens.slice(0, length - 1);
    // A list is taken whole: its items have no names.
    const taken = Array.isArray(valueAt(value, parent)) ? parent : tokens.slice(0, length);
    return put(value, taken, valueAt(fuller, taken) ?? null);
  }
  return value;
}
