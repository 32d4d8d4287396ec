/** The opposite of a schema as alternatives, each a way of not being what it describes. */

import { asObject, isObject, type Json, type JsonObject } from '../json.js';

type Resolve = (name: string) => JsonObject | boolean;
type Negate = (argument: Json, schema: JsonObject, resolve: Resolve) => readonly Json[];

const types = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** Most of the values that a schema does not allow. None for one that allows all, or of which only the values tell. */
export function negations(schema: Json, resolve: Resolve): readonly Json[] {
  if (!isObject(schema)) return [];
  return Object.entries(negated).flatMap(([keyword, negate]) => {
    const argument = schema[keyword];
    return argument === undefined ? [] : negate(argument, schema, resolve);
  });
}

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);
const numeric =
  (bound: string): Negate =>
  (limit) => [{ type: 'number', [bound]: limit }];
/** A count that goes past a bound by one. */
const counted =
  (type: string, bound: string, by: number): Negate =>
  (limit) =>
    typeof limit === 'number' && limit + by >= 0 ? [{ type, [bound]: limit + by }] : [];
const member = (name: string, rule: Json): JsonObject => Object.fromEntries([[name, rule]]);

const negated: Readonly<Record<string, Negate>> = {
  type: (type) => {
    const left = types.filter((each) => !listOf(type).includes(each));
    const isWhole = listOf(type).includes('integer');
    return [{ type: isWhole ? left.filter((each) => each !== 'number') : left }];
  },
  required: (names) =>
    listOf(names).map((name) => ({ type: 'object', properties: member(String(name), false) })),
  properties: (properties) =>
    Object.entries(asObject(properties)).map(([name, rule]) => ({
      type: 'object',
      required: [name],
      properties: member(name, { not: rule }),
    })),
  additionalProperties: (rule, { properties }) => {
    const known = Object.keys(asObject(properties));
    const name = ['other', 'another', 'more'].find((each) => !known.includes(each)) ?? 'yetAnother';
    return [{ type: 'object', required: [name], properties: member(name, { not: rule }) }];
  },
  unevaluatedProperties: (rule) => [
    { type: 'object', required: ['other'], properties: { other: { not: rule } } },
  ],
  unevaluatedItems: (rule) => [{ type: 'array', contains: { not: rule } }],
  dependentRequired: (dependent) =>
    Object.entries(asObject(dependent)).flatMap(([name, needed]) =>
      listOf(needed).map((each) => ({
        type: 'object',
        required: [name],
        properties: member(String(each), false),
      })),
    ),
  items: (rule) => [{ type: 'array', contains: { not: rule } }],
  contains: (rule) => [{ type: 'array', items: { not: rule } }],
  prefixItems: (rules) =>
    listOf(rules).map((rule, index) => ({
      type: 'array',
      minItems: index + 1,
      prefixItems: [
        ...listOf(rules)
          .slice(0, index)
          .map(() => true),
        { not: rule },
      ],
    })),
  uniqueItems: (isUnique) =>
    isUnique === true ? [{ type: 'array', prefixItems: [{ const: 1 }, { const: 1 }], minItems: 2 }] : [],
  minimum: numeric('exclusiveMaximum'),
  maximum: numeric('exclusiveMinimum'),
  exclusiveMinimum: numeric('maximum'),
  exclusiveMaximum: numeric('minimum'),
  multipleOf: () => [{ type: 'number' }],
  minLength: counted('string', 'maxLength', -1),
  maxLength: counted('string', 'minLength', 1),
  minItems: counted('array', 'maxItems', -1),
  maxItems: counted('array', 'minItems', 1),
  minProperties: counted('object', 'maxProperties', -1),
  maxProperties: counted('object', 'minProperties', 1),
  propertyNames: (rule) => [{ type: 'object', minProperties: 1, propertyNames: { not: rule } }],
  patternProperties: () => [{ type: 'object', minProperties: 1 }],
  pattern: () => [{ type: 'string' }],
  format: () => [{ type: 'string' }],
  const: () => [true],
  enum: () => [true],
  not: (rule) => [rule],
  $ref: (name, _, resolve) => (typeof name === 'string' ? [{ not: resolve(name) }] : []),
  allOf: (parts) => listOf(parts).map((part) => ({ not: part })),
  anyOf: (parts) => [{ allOf: listOf(parts).map((part) => ({ not: part })) }],
  oneOf: (parts) => [
    { allOf: listOf(parts).map((part) => ({ not: part })) },
    ...listOf(parts)
      .slice(1)
      .map((part, index) => ({ allOf: [listOf(parts)[index] ?? true, part] })),
  ],
  if: (test, schema) => [
    { allOf: [test, { not: schema.then ?? true }] },
    { allOf: [{ not: test }, { not: schema.else ?? true }] },
  ],
};
