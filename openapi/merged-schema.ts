/** A plain schema with all that it refers to and combines drawn into one, as far as making a value needs it. */

import { asObject, isObject, type Json, type JsonObject, jsonEquals } from './json.js';

/** The schema that a reference names. */
export type Resolve = (name: string) => JsonObject | boolean;

/** The member of a merged schema that lists its choices: of each, one alternative is to be merged in as well. */
export const choices = '$choices';

/** Deeper than this a schema that only refers and combines comes to no end. */
const lastDepth = 12;

/** The schema with its references and its `allOf` drawn in, and all its alternatives listed under `choices`. */
export function mergedSchema(schema: Json, resolve: Resolve, depth = 0): JsonObject {
  if (!isObject(schema) || depth > lastDepth) return {};
  const { $ref, allOf, oneOf, anyOf, if: test, then, else: otherwise, dependentSchemas, ...own } = schema;
  const inner = (part: Json): JsonObject => mergedSchema(part, resolve, depth + 1);
  const condition = test === undefined ? undefined : [{ allOf: [test, then ?? true] }, otherwise ?? true];
  const alternatives = [oneOf, anyOf, condition].filter((list) => Array.isArray(list));
  return [
    ...(typeof $ref === 'string' ? [inner(resolve($ref))] : []),
    alternatives.length === 0 ? own : { ...own, [choices]: alternatives },
    ...(Array.isArray(allOf) ? allOf.map(inner) : []),
    // Every member that may be there is made, and so these apply.
    ...Object.values(asObject(dependentSchemas)).map(inner),
  ].reduce(mergedWith, {});
}

type Merge = (a: Json, b: Json) => Json;

const larger: Merge = (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : b);
const smaller: Merge = (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.min(a, b) : b);
const both: Merge = (a, b) => (a === false || b === false ? false : { allOf: [a, b] });

/** What two values of a keyword ask for together; for any other keyword that is the second one. */
const merges: Readonly<Record<string, Merge>> = {
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minContains: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
  multipleOf: (a, b) => (typeof a === 'number' && typeof b === 'number' ? commonMultiple(a, b) : b),
  uniqueItems: (a, b) => a === true || b === true,
  required: (a, b) => [...new Set([a, b].flat())],
  type: (a, b) => commonTypes([a].flat(), [b].flat()),
  enum: (a, b) => [a].flat().filter((value) => [b].flat().some((other) => jsonEquals(value, other))),
  items: both,
  contains: both,
  additionalProperties: both,
  properties: (a, b) => mergedMembers(asObject(a), asObject(b), both),
  prefixItems: (a, b) => mergedItems([a].flat(), [b].flat()),
  [choices]: (a, b) => [...(Array.isArray(a) ? a : []), ...(Array.isArray(b) ? b : [])],
};

/** What two merged schemas ask for together. */
export function mergedWith(a: JsonObject, b: JsonObject): JsonObject {
  const merged = new Map(Object.entries(a));
  for (const [keyword, value] of Object.entries(b)) {
    const known = merged.get(keyword);
    const merge = Object.hasOwn(merges, keyword) ? merges[keyword] : undefined;
    merged.set(keyword, known === undefined || merge === undefined ? value : merge(known, value));
  }
  return Object.fromEntries(merged);
}

function mergedMembers(a: JsonObject, b: JsonObject, merge: Merge): JsonObject {
  const merged = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const known = merged.get(name);
    merged.set(name, known === undefined ? value : merge(known, value));
  }
  return Object.fromEntries(merged);
}

function mergedItems(a: readonly Json[], b: readonly Json[]): Json[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
    both(a[index] ?? true, b[index] ?? true),
  );
}

function commonTypes(a: readonly Json[], b: readonly Json[]): Json[] {
  const allows = (types: readonly Json[], type: Json): boolean =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  return [...new Set([...a, ...b])].filter((type) => allows(a, type) && allows(b, type));
}

/** The least common multiple, where the one does not divide the other and both are whole. */
function commonMultiple(a: number, b: number): number {
  if (a % b === 0) return a;
  if (b % a === 0 || !Number.isInteger(a) || !Number.isInteger(b)) return b;
  let [rest, divisor] = [a, b];
  while (rest !== 0) [rest, divisor] = [divisor % rest, rest];
  return (a / divisor) * b;
}
