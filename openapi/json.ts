/** JSON values and JSON Pointers (RFC 8259, RFC 6901). */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [member: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The reference tokens of a JSON Pointer: `/a~1b/0` -> `['a/b', '0']`. The empty pointer has none. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  const tokens = pointer.slice(1).split('/');
  if (!pointer.includes('~')) return tokens;
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A JSON Pointer with one more reference token. */
export function pointerTo(parent: string, token: string | number): string {
  if (typeof token === 'number' || !/[~/]/.test(token)) return `${parent}/${token}`;
  return `${parent}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The value a JSON Pointer points to; undefined when there is none. */
export function pointedTo(value: Json | undefined, pointer: string): Json | undefined {
  return valueAt(value, pointerTokens(pointer));
}

/** The value that the reference tokens of a JSON Pointer lead to; undefined when there is none. */
export function valueAt(value: Json | undefined, tokens: readonly string[]): Json | undefined {
  let current = value;
  for (const token of tokens) {
    if (Array.isArray(current)) current = /^(0|[1-9]\d*)$/.test(token) ? current[Number(token)] : undefined;
    else if (isObject(current)) current = Object.hasOwn(current, token) ? current[token] : undefined;
    else return undefined;
  }
  return current;
}

/** Whether two JSON values are equal (JSON Schema 2020-12 core, section 4.2.2). Member order does not matter. */
export function jsonEquals(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => jsonEquals(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const members = Object.keys(a);
  return (
    members.length === Object.keys(b).length &&
    members.every((member) => Object.hasOwn(b, member) && jsonEquals(a[member], b[member]))
  );
}

/** The same value, which from now on cannot be changed: neither it nor anything in it. */
export function immutable<T>(value: T): T {
  const freeze = (part: unknown): void => {
    // What is frozen was frozen here, with all that is in it; and it comes first, for it may be in itself.
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return;
    const isCollection = part instanceof Map || part instanceof Set;
    if (isCollection) close(part);
    Object.freeze(part);
    if (part instanceof Map) for (const entry of part) entry.forEach(freeze);
    else if (part instanceof Set) part.forEach(freeze);
    else if (Array.isArray(part)) for (const item of part) freeze(item);
    else for (const member of Object.values(part)) freeze(member);
  };
  freeze(value);
  return value;
}

/** Freezing leaves the entries of a Map or Set open to change. */
function close(collection: object): void {
  const refuse = (): never => {
    throw new TypeError('A contract cannot be changed.');
  };
  for (const name of ['set', 'add', 'delete', 'clear'])
    Object.defineProperty(collection, name, { value: refuse });
}

/** Gives an object a member of any name; assigned, `__proto__` would not become one. */
export function setMember(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A value as a number; undefined when it is none. */
export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A value as an object: itself, or an empty one when it is none. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
