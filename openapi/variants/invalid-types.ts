/** Values of every type that a schema does not allow, each as near to a legal one as its type lets it be. */

import type { Json } from '../json.js';
import { type MakeCandidates, madeBy } from './variant-candidate.js';

/** The value as it would be of another type, by the name of that type. */
const others: readonly (readonly [type: string, title: string, make: (value: Json) => readonly Json[]])[] = [
  ['null', 'is null', () => [null]],
  ['number', 'is a number', asNumber],
  ['string', 'is a string', (value) => [typeof value === 'object' ? 'x' : String(value), 'x']],
  ['boolean', 'is true', () => [true]],
  ['object', 'is an object', () => [{}]],
  ['array', 'is an array', (value) => [Array.isArray(value) ? [] : [value], []]],
];

/** The types that are tried instead of one, the most telling first; null is tried before all. */
const telling: Readonly<Record<string, readonly string[]>> = {
  string: ['number', 'boolean', 'object', 'array'],
  integer: ['string', 'boolean', 'object', 'array'],
  number: ['string', 'boolean', 'object', 'array'],
  boolean: ['string', 'number', 'object', 'array'],
  object: ['array', 'string', 'number', 'boolean'],
  array: ['object', 'string', 'number', 'boolean'],
  null: ['string', 'number', 'boolean', 'object', 'array'],
};

/** One of each other type; for a whole number also one that is not whole. */
export const wrongTypes: MakeCandidates = (statement) => {
  const { site, argument } = statement;
  const allowed = [argument].flat().map(String);
  const isAllowed = (type: string): boolean =>
    allowed.includes(type) || (type === 'number' && allowed.includes('integer'));
  const order = ['null', ...(telling[allowed.find((type) => type !== 'null') ?? 'null'] ?? [])];
  const wrong = order
    .filter((type) => !isAllowed(type))
    .flatMap((type, index) => {
      const other = others.find(([name]) => name === type);
      if (other === undefined) return [];
      const [, title, make] = other;
      // Null and the first other type tell most; the rest comes after all bounds.
      return [madeBy(statement, type === 'null' ? 1 : index <= 1 ? 2 : 5, title, () => make(site.value))];
    });
  const isWhole = allowed.includes('integer') && !allowed.includes('number');
  return isWhole ? [...wrong, fraction(statement)] : wrong;
};

const fraction = (statement: Parameters<MakeCandidates>[0]) => {
  const value = typeof statement.site.value === 'number' ? statement.site.value : 0;
  return madeBy(statement, 4, 'is not whole', () => [value + 0.5, value - 0.5]);
};

/** A text of digits is the number that it shows: what a loosely typed client sends. */
function asNumber(value: Json): readonly Json[] {
  const shown = typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? [Number(value)] : [];
  return [...shown, 5];
}
