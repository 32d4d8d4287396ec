/** The choices of a merged schema, made: each combination of alternatives as one schema, and whether it can have a value. */

import { asObject, isObject, type Json, type JsonObject, jsonEquals } from '../json.js';
import type { Random } from '../random.js';
import { regExpOf } from '../schema/pattern.js';
import { choices, mergedSchema, mergedWith, type Resolve } from './merged-schema.js';

/** How alternatives are put in order, the first to be tried first. */
export type Order = (options: readonly JsonObject[]) => readonly JsonObject[];

/** So many alternatives are looked at before there are no more. */
const mostSteps = 1500;

/**
 * The schema without choices, in each way to choose that does not contradict itself at once. `isReversed`: what no other
 * alternative fits besides comes first.
 */
export function* resolved(
  schema: JsonObject,
  resolve: Resolve,
  order: Order,
  isReversed = false,
  steps: { left: number } = { left: mostSteps },
): Generator<JsonObject> {
  if (schema[choices] === undefined) {
    yield schema;
    return;
  }
  const groups = optionsOf(schema, resolve);
  for (const group of isReversed ? groups.toReversed() : groups)
    for (const option of order(group())) {
      steps.left -= 1;
      if (steps.left < 0) return;
      yield* resolved(option, resolve, order, isReversed, steps);
    }
}

type Groups = readonly (() => readonly JsonObject[])[];

const known = new WeakMap<JsonObject, Groups>();

/**
 * The schema with its first choice made: as its discriminator says; by any alternative; and, where only one may fit, by one
 * that no other fits besides.
 */
export function optionsOf(schema: JsonObject, resolve: Resolve): Groups {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { [choices]: open, ...base } = schema;
  const [first, ...others] = Array.isArray(open) ? open : [];
  const rest = others.length === 0 ? base : { ...base, [choices]: others };
  const { options, tagged, exclusive } = asObject(first);
  const made = (list: readonly Json[]): readonly JsonObject[] =>
    list
      .map((option) => mergedWith(rest, mergedSchema(option, resolve)))
      .filter((option) => !isContradictory(option, resolve));
  const all = Array.isArray(options) ? options : [];
  const groups = [
    once(() => made(Array.isArray(tagged) ? tagged : [])),
    once(() => made(all)),
    once(() => (exclusive === true && all.length > 1 ? made(alone(all)) : [])),
  ];
  known.set(schema, groups);
  return groups;
}

/** So many alternatives are kept apart from so many others. */
const mostApart = 600;

/** Alternatives, each and none of the others; of very many alternatives some. */
function alone(options: readonly Json[]): readonly Json[] {
  const step = Math.max(1, Math.floor(options.length ** 2 / mostApart));
  return options.flatMap((option, index) => {
    if (index % step !== 0) return [];
    const others = options.filter((_, other) => other !== index);
    return [{ allOf: [option, { not: { anyOf: others } }] }];
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The items in an order of chance. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  if (items.length < 2) return items;
  const mixed = [...items];
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = random.integer(0, index);
    const [one, two] = [mixed[index], mixed[other]];
    if (one !== undefined && two !== undefined) [mixed[index], mixed[other]] = [two, one];
  }
  return mixed;
}

const contradictory = new WeakMap<JsonObject, boolean>();
/** So deep is looked for a required member that can have no value. */
const deepest = 3;
const ranges = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const;

/** Whether it shows at a glance that no value fits a merged schema. */
export function isContradictory(schema: JsonObject, resolve: Resolve, depth = 0): boolean {
  const before = contradictory.get(schema);
  if (before !== undefined) return before;
  if (depth > deepest) return false;
  const found = isImpossible(schema) || lacksMember(schema, resolve, depth);
  if (depth === 0 || found) contradictory.set(schema, found);
  return found;
}

function isImpossible(schema: JsonObject): boolean {
  const { not, type, enum: values, const: constant } = schema;
  if (not === true || (isObject(not) && Object.keys(not).length === 0)) return true;
  const types = type === undefined ? undefined : [type].flat();
  if (types?.length === 0) return true;
  const isTyped = (value: Json): boolean => types === undefined || types.some((each) => isOf(each, value));
  const allowed = Array.isArray(values) ? values.filter(isTyped) : undefined;
  if (allowed?.length === 0) return true;
  if (constant !== undefined && !isTyped(constant)) return true;
  if (constant !== undefined && allowed !== undefined && !allowed.some((each) => jsonEquals(each, constant)))
    return true;
  return ranges.some(([low, high]) => {
    const [from, to] = [schema[low], schema[high]];
    return typeof from === 'number' && typeof to === 'number' && from > to && isAbout(types, low);
  });
}

/** Bounds are broken by values of their type alone. */
function isAbout(types: readonly Json[] | undefined, bound: string): boolean {
  const about = /Length/.test(bound)
    ? ['string']
    : /Items/.test(bound)
      ? ['array']
      : /Properties/.test(bound)
        ? ['object']
        : ['number', 'integer'];
  return types?.every((type) => about.some((each) => each === type)) ?? false;
}

function isOf(type: Json, value: Json): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function lacksMember(schema: JsonObject, resolve: Resolve, depth: number): boolean {
  if (!Array.isArray(schema.required) || [schema.type ?? 'object'].flat().some((type) => type !== 'object'))
    return false;
  // Without a type, what is no object fits as well.
  if (schema.type === undefined) return false;
  return schema.required.some((name) => {
    const rule = memberRule(schema, String(name));
    return rule === false || isContradictory(mergedSchema(rule, resolve), resolve, depth + 1);
  });
}

const memberRules = new WeakMap<JsonObject, Map<string, Json>>();

/** What a merged schema says of a member, all in one schema. */
export function memberRule(schema: JsonObject, name: string): Json {
  const rules = memberRules.get(schema) ?? new Map<string, Json>();
  memberRules.set(schema, rules);
  const before = rules.get(name);
  if (before !== undefined) return before;
  const properties = asObject(schema.properties);
  const own = Object.hasOwn(properties, name) ? [properties[name] ?? true] : [];
  const patterned = Object.entries(asObject(schema.patternProperties)).flatMap(([pattern, rule]) =>
    regExpOf(pattern).test(name) ? [rule] : [],
  );
  const said = [...own, ...patterned];
  const [only = schema.additionalProperties ?? schema.unevaluatedProperties ?? true] = said;
  const rule = said.length > 1 ? { allOf: said } : only;
  if (rules.size < 1000) rules.set(name, rule);
  return rule;
}
