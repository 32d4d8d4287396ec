/** Names of things as APIs write them: what a path, a member and a schema each call the same thing. */

import { singular } from '../../openapi/rules/inferred-envelope.js';

/** The words of a name, in lower case and in the singular: `orderItems`, `order-items` and `OrderItem` are `order item`. */
export function plainWords(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.pop();
  return [...words, ...(last === undefined ? [] : [singular(last)])].join(' ');
}

const idWords = new Set(['id', 'uuid', 'guid', 'key', 'ref', 'identifier']);

/** What a name is the id of: `order` of `orderId`, `order_id` and `order-uuid`; undefined when it is the id of nothing. */
export function thingOf(name: string): string | undefined {
  const words = plainWords(name).split(' ');
  const last = words.pop();
  return last !== undefined && idWords.has(last) && words.length > 0 ? words.join(' ') : undefined;
}

/** Whether a name is that of an id, of whatever it stands in. */
export function isId(name: string): boolean {
  return /^_?(?:id|uuid|guid)$/i.test(name);
}

/** Whether two names are of the same thing: one may say more exactly which, as `customer` and `billing customer`. */
export function isSameThing(a: string, b: string): boolean {
  return a !== '' && b !== '' && (a === b || a.endsWith(` ${b}`) || b.endsWith(` ${a}`));
}

/** The segments of a path that are no parameters, in words. */
function thingsOfPath(path: string): readonly string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '' && !segment.includes('{'))
    .map(plainWords);
}

/** What the last part of a path that names things is about: `order` of `/users/{userId}/orders/{orderId}`. */
export function thingOfPath(path: string): string {
  return thingsOfPath(path).at(-1) ?? '';
}
