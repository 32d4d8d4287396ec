/** A plain schema with all that it refers to and combines drawn into one, as far as making a value needs it. */

import { asObject, isObject, type Json, type JsonObject, jsonEquals } from '../json.js';
import { regExpOf } from '../schema/pattern.js';
import { negations } from './negations.js';

/** The schema that a reference names. */
export type Resolve = (name: string) => JsonObject | boolean;

/**
 * The member of a merged schema that lists its choices: of each, one alternative is to be merged in as well. A choice is
 * `options`, of which exactly one may fit where it is `exclusive`, and `tagged`: the same with what their discriminator says.
 */
export const choices = '$choices';
/** The member of a merged schema that lists the names of what was referred to, the outermost first. */
export const origins = '$origins';
/** The member of a merged schema that lists what cannot be said together with the rest: one more `contains`, or a `pattern`. */
export const besides = '$besides';

/** Deeper than this a schema only refers and combines. */
const lastDepth = 400;

const known = new WeakMap<Resolve, WeakMap<object, JsonObject>>();

/** The schema with its references and its `allOf` drawn in, and all its alternatives listed under `choices`. */
export function mergedSchema(schema: Json, resolve: Resolve): JsonObject {
  const cache = known.get(resolve) ?? new WeakMap<object, JsonObject>();
  known.set(resolve, cache);
  const before = isObject(schema) ? cache.get(schema) : undefined;
  return before ?? merged(schema, { resolve, cache, trail: new Set() });
}

type Merging = {
  readonly resolve: Resolve;
  readonly cache: WeakMap<object, JsonObject>;
  /** What is being merged: a schema that is within itself by references alone adds nothing to itself. */
  readonly trail: Set<object>;
};

function merged(schema: Json, merging: Merging): JsonObject {
  if (schema === false) return { not: {} };
  if (!isObject(schema)) return {};
  const { cache, trail } = merging;
  const before = cache.get(schema);
  if (before !== undefined) return before;
  if (trail.has(schema) || trail.size > lastDepth) return {};
  trail.add(schema);
  const made = drawnIn(schema, merging);
  trail.delete(schema);
  cache.set(schema, made);
  return made;
}

function drawnIn(schema: JsonObject, merging: Merging): JsonObject {
  const { $ref, allOf, oneOf, anyOf, if: test, then, else: otherwise, discriminator, ...rest } = schema;
  // One that tells alternatives apart is said by way of them.
  const isOfChoice = Array.isArray(oneOf) || Array.isArray(anyOf) || discriminator === undefined;
  const own = isOfChoice ? rest : { ...rest, discriminator };
  const open = [
    ...(Array.isArray(oneOf) ? [choice(oneOf, true, schema)] : []),
    ...(Array.isArray(anyOf) ? [choice(anyOf, false, schema)] : []),
    ...(test === undefined
      ? []
      : [
          choice([{ allOf: [test, then ?? true] }, { allOf: [{ not: test }, otherwise ?? true] }], false, {}),
        ]),
    ...negated(schema.not, merging.resolve),
  ];
  return [
    ...(typeof $ref === 'string'
      ? [mergedWith({ [origins]: [$ref] }, merged(merging.resolve($ref), merging))]
      : []),
    open.length === 0 ? own : { ...own, [choices]: open },
    ...(Array.isArray(allOf) ? allOf.map((part) => merged(part, merging)) : []),
  ].reduce(mergedWith, {});
}

function choice(options: readonly Json[], exclusive: boolean, { discriminator }: JsonObject): JsonObject {
  return { options, exclusive, tagged: options.flatMap((option) => taggedBy(discriminator, option)) };
}

/** An alternative with the value of the discriminating property that leads to it (OpenAPI 3.1, 4.8.25). */
function taggedBy(discriminator: Json | undefined, option: Json): Json[] {
  const { propertyName, mapping } = asObject(discriminator);
  const { $ref } = asObject(option);
  if (typeof propertyName !== 'string' || typeof $ref !== 'string') return [];
  return [{ allOf: [option, tagOf(propertyName, asObject(mapping), $ref)] }];
}

/** What a discriminator says of the values of the schema that a reference names: a mapped value, else the name itself. */
export function tagOf(property: string, mapping: JsonObject, name: string): JsonObject {
  const values = Object.entries(mapping).flatMap(([value, target]) => (isNamed(target, name) ? [value] : []));
  const tag = values.length > 0 ? { enum: values } : { const: lastSegment(name) };
  return { type: 'object', required: [property], properties: Object.fromEntries([[property, tag]]) };
}

/** Whether two names of references are of one schema, however it is seen from there. */
function isNamed(target: Json, name: string): boolean {
  return typeof target === 'string' && (target === name || name.startsWith(`${target} `));
}

/** What the schema is called that a reference names: the last segment of its pointer. */
export function lastSegment(name: string): string {
  const [, pointer = name] = /#(\S*)/.exec(name) ?? [];
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** What `not` forbids, as a choice of what to be instead. */
function negated(not: Json | undefined, resolve: Resolve): Json[] {
  const options = not === undefined ? [] : negations(not, resolve);
  return options.length === 0 ? [] : [choice(options, false, {})];
}

type Merge = (a: Json, b: Json) => Json;

const larger: Merge = (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : b);
const smaller: Merge = (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.min(a, b) : b);
const both: Merge = (a, b) => {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true || a === b ? a : { allOf: [a, b] };
};
const joined: Merge = (a, b) => [...(Array.isArray(a) ? a : []), ...(Array.isArray(b) ? b : [])];
const united: Merge = (a, b) => [...new Set([a, b].flat())];
const first: Merge = (a) => a;

/** What two values of a keyword ask for together; for any other keyword that is the second one. */
const merges: Readonly<Record<string, Merge>> = {
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
  multipleOf: (a, b) => (typeof a === 'number' && typeof b === 'number' ? commonMultiple(a, b) : b),
  uniqueItems: (a, b) => a === true || b === true,
  required: united,
  type: (a, b) => commonTypes([a].flat(), [b].flat()),
  enum: (a, b) => [a].flat().filter((value) => [b].flat().some((other) => jsonEquals(value, other))),
  not: (a, b) => (isAnything(a) || isAnything(b) ? {} : { anyOf: [a, b] }),
  propertyNames: both,
  unevaluatedProperties: both,
  unevaluatedItems: both,
  dependentSchemas: (a, b) => mergedMembers(asObject(a), asObject(b), both),
  dependentRequired: (a, b) => mergedMembers(asObject(a), asObject(b), united),
  discriminator: first,
  [origins]: united,
  [choices]: joined,
  [besides]: joined,
};
/** Of these a schema says one, so that a second one stands beside it. */
const single = [['contains', 'minContains', 'maxContains'], ['pattern'], ['format']];
/** These are said of each other, within one schema only. */
const entwined = ['properties', 'patternProperties', 'additionalProperties', 'prefixItems', 'items'];

/** What two merged schemas ask for together. */
export function mergedWith(a: JsonObject, b: JsonObject): JsonObject {
  if (Object.keys(a).length === 0) return b;
  const made = new Map(Object.entries(a));
  const set = (keyword: string, value: Json): void => {
    const before = made.get(keyword);
    const merge = Object.hasOwn(merges, keyword) ? merges[keyword] : undefined;
    made.set(keyword, before === undefined || merge === undefined ? value : merge(before, value));
  };
  const isSetAside = (keyword: string): boolean =>
    single.some((group) => {
      const [leading = ''] = group;
      return group.includes(keyword) && differs(a[leading], b[leading]);
    });
  for (const [keyword, value] of Object.entries(b))
    if (!entwined.includes(keyword) && !isSetAside(keyword)) set(keyword, value);
  for (const group of single) {
    const aside = Object.entries(b).filter(([keyword]) => group.includes(keyword) && isSetAside(keyword));
    if (aside.length > 0) set(besides, [Object.fromEntries(aside)]);
  }
  for (const [keyword, value] of Object.entries({ ...mergedProperties(a, b), ...mergedList(a, b) }))
    made.set(keyword, value);
  if (differs(a.const, b.const)) made.set('not', {});
  return Object.fromEntries(made);
}

function differs(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && !jsonEquals(a, b);
}

function isAnything(schema: Json): boolean {
  return schema === true || (isObject(schema) && Object.keys(schema).length === 0);
}

/** `additionalProperties` is said of what stands beside it alone (JSON Schema 2020-12 core, 10.3.2.3). */
function mergedProperties(a: JsonObject, b: JsonObject): JsonObject {
  if (!entwined.slice(0, 3).some((keyword) => b[keyword] !== undefined)) return {};
  const properties = new Map<string, Json>();
  const [ofA, ofB] = [asObject(a.properties), asObject(b.properties)];
  for (const [name, rule] of Object.entries(ofA)) {
    const other = Object.hasOwn(ofB, name) ? ofB[name] : additionalRule(b, name);
    properties.set(name, other === undefined ? rule : both(rule, other));
  }
  for (const [name, rule] of Object.entries(ofB)) {
    if (Object.hasOwn(ofA, name)) continue;
    const other = additionalRule(a, name);
    properties.set(name, other === undefined ? rule : both(other, rule));
  }
  const [inA, inB] = [asObject(a.patternProperties), asObject(b.patternProperties)];
  const patterned = new Map(Object.entries(mergedMembers(inA, inB, both)));
  for (const [own, { additionalProperties: rest }] of [[inB, b] as const, [inA, a] as const])
    if (rest !== undefined)
      for (const [pattern, rule] of patterned)
        if (!Object.hasOwn(own, pattern)) patterned.set(pattern, both(rule, rest));
  const [restA, restB] = [a.additionalProperties, b.additionalProperties];
  const rest = restA === undefined || restB === undefined ? (restA ?? restB) : both(restA, restB);
  return {
    ...(properties.size > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(patterned.size > 0 ? { patternProperties: Object.fromEntries(patterned) } : {}),
    ...(rest === undefined ? {} : { additionalProperties: rest }),
  };
}

function additionalRule(
  { additionalProperties, patternProperties }: JsonObject,
  name: string,
): Json | undefined {
  if (additionalProperties === undefined) return undefined;
  const isPatterned = Object.keys(asObject(patternProperties)).some((each) => regExpOf(each).test(name));
  return isPatterned ? undefined : additionalProperties;
}

/** `items` is said of what comes after the `prefixItems` beside it (JSON Schema 2020-12 core, 10.3.1.2). */
function mergedList(a: JsonObject, b: JsonObject): JsonObject {
  const [inA, inB] = [a, b].map(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems : []));
  if (inB === undefined || (inB.length === 0 && b.items === undefined)) return {};
  const prefix = Array.from({ length: Math.max(inA?.length ?? 0, inB.length) }, (_, index) =>
    both(inA?.[index] ?? a.items ?? true, inB[index] ?? b.items ?? true),
  );
  const items =
    a.items === undefined || b.items === undefined ? (a.items ?? b.items) : both(a.items, b.items);
  return {
    ...(prefix.length > 0 ? { prefixItems: prefix } : {}),
    ...(items === undefined ? {} : { items }),
  };
}

function mergedMembers(a: JsonObject, b: JsonObject, merge: Merge): JsonObject {
  const made = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const before = made.get(name);
    made.set(name, before === undefined ? value : merge(before, value));
  }
  return Object.fromEntries(made);
}

function commonTypes(a: readonly Json[], b: readonly Json[]): Json[] {
  const allows = (types: readonly Json[], type: Json): boolean =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  return [...new Set([...a, ...b])].filter((type) => allows(a, type) && allows(b, type));
}

/** The least common multiple; of decimal fractions too. */
function commonMultiple(a: number, b: number): number {
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;
  if (isWhole(a / b)) return a;
  for (let factor = 1; factor <= 10_000; factor += 1)
    if (isWhole((b * factor) / a)) return Number((b * factor).toPrecision(12));
  return b;
}
