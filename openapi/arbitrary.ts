/** Plain JSON Schemas as fast-check arbitraries: any value that conforms. The one user of fast-check, loaded on first use. */

import { createRequire } from 'node:module';
import type { Arbitrary } from 'fast-check';
import { asObject, isObject, type Json, type JsonObject, jsonEquals } from './json.js';
import { choices, mergedSchema, mergedWith, type Resolve } from './merged-schema.js';
import type { Random } from './random.js';
import { textArbitrary } from './text-arbitrary.js';

export type FastCheck = typeof import('fast-check');
export type { Arbitrary };

/** The value of a merged schema that needs no arbitrary; undefined when it does. */
type Known = (schema: JsonObject) => Json | undefined;

type Context = {
  readonly fc: FastCheck;
  readonly resolve: Resolve;
  readonly known: Known;
  /** How many more schemas may be made with what is optional in them. */
  readonly budget: { left: number };
};

/** Below this depth only what is required is made, so that every recursive schema comes to an end. */
const generousDepth = 3;
/** Below this depth a schema that still asks for more has no finite value. */
const lastDepth = 12;
/** As many schemas are made whole; of all others only what is required, so that a wide schema stays small. */
const generousCount = 500;
/** How often a value is made anew because a rarer keyword was not met. */
const tries = 100;

/**
 * A value that conforms to a schema, made from the next random numbers; the last one tried where none does. `whole` is how
 * many schemas are made with what is optional in them.
 */
export function sampleOf(
  schema: JsonObject | boolean,
  resolve: Resolve,
  known: (attempt: number) => Known,
  random: Random,
  conforms: (value: Json) => boolean,
  whole: number = generousCount,
): Json {
  const fc: FastCheck = createRequire(import.meta.url)('fast-check');
  let value: Json = null;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const context: Context = { fc, resolve, known: known(attempt), budget: { left: whole } };
    const arbitrary = arbitraryOf(schema, context, 0);
    [value = null] = fc.sample(fc.noBias(arbitrary), { numRuns: 1, seed: random.integer(0, 0x7fffffff) });
    if (conforms(value)) return value;
  }
  return value;
}

function arbitraryOf(schema: Json, context: Context, depth: number): Arbitrary<Json> {
  if (schema === false || depth > lastDepth) return context.fc.constant(null);
  return ofMerged(mergedSchema(schema, context.resolve), context, depth);
}

function ofMerged(schema: JsonObject, context: Context, depth: number): Arbitrary<Json> {
  const { fc } = context;
  const known = context.known(schema);
  if (known !== undefined) return fc.constant(known);
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const { [choices]: open, ...base } = schema;
  const [alternatives, ...others] = Array.isArray(open) ? open : [];
  if (Array.isArray(alternatives)) {
    const rest = others.length === 0 ? base : { ...base, [choices]: others };
    const options = alternatives.map((option) => mergedWith(rest, mergedSchema(option, context.resolve)));
    const shallow = depth > generousDepth ? options.filter((option) => !isNested(option)) : options;
    const usable = shallow.length > 0 ? shallow : options;
    return fc.oneof(...usable.map((option) => ofMerged(option, context, depth + 1)));
  }
  const types = [schema.type ?? impliedType(schema)].flat();
  const simple = depth > generousDepth && types.includes('null') ? ['null'] : types;
  if (simple.length === 0) return fc.constant(null);
  return fc.oneof(...simple.map((type) => ofType(String(type), schema, context, depth)));
}

function ofType(type: string, schema: JsonObject, context: Context, depth: number): Arbitrary<Json> {
  switch (type) {
    case 'string':
      return textArbitrary(schema, context.fc);
    case 'integer':
      return whole(schema, context.fc);
    case 'number':
      return decimal(schema, context.fc);
    case 'boolean':
      return context.fc.boolean();
    case 'array':
      return list(schema, context, depth);
    case 'object':
      return record(schema, context, depth);
    default:
      return context.fc.constant(null);
  }
}

function whole(schema: JsonObject, fc: FastCheck): Arbitrary<number> {
  const step = numberOf(schema.multipleOf) ?? 1;
  const unit = Number.isInteger(step) ? step : wholeMultiple(step);
  const [low, high] = bounds(schema, 1, Math.max(1, unit) * 1000);
  return fc.integer(rangeOf(low / unit, high / unit)).map((count) => count * unit);
}

/** The least whole number that is a multiple of a decimal fraction. */
function wholeMultiple(step: number): number {
  for (let factor = 1; factor <= 1000; factor += 1) {
    const multiple = Number((step * factor).toPrecision(12));
    if (Number.isInteger(multiple)) return multiple;
  }
  return 1;
}

/** Decimals with the digits that people use; finer ones where the bounds leave no room for those. */
function decimal(schema: JsonObject, fc: FastCheck): Arbitrary<number> {
  const step = numberOf(schema.multipleOf);
  const [low, high] = bounds(schema, 0, (step ?? 1) * 1000);
  const minExcluded = schema.exclusiveMinimum === low;
  const maxExcluded = schema.exclusiveMaximum === high;
  for (const unit of step === undefined ? [0.01, 0.000_001] : [step]) {
    const { min, max } = rangeOf(low / unit, high / unit);
    const first = minExcluded && min * unit <= low ? min + 1 : min;
    const last = maxExcluded && max * unit >= high ? max - 1 : max;
    if (first > last || first * unit < low || first * unit > high) continue;
    return fc.integer({ min: first, max: last }).map((count) => Number((count * unit).toPrecision(12)));
  }
  if (low > high || (low === high && (minExcluded || maxExcluded))) return fc.constant(low);
  return fc.double({ min: low, max: high, minExcluded, maxExcluded, noNaN: true, noDefaultInfinity: true });
}

/** Whole numbers between two bounds, at least one, that are exact (ECMA-262, 21.1.2.6). */
function rangeOf(low: number, high: number): { readonly min: number; readonly max: number } {
  const exact = (value: number): number =>
    Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  const min = exact(Math.ceil(low));
  return { min, max: Math.max(min, exact(Math.floor(high))) };
}

/** The lowest and highest value; an open bound moves by `gap`, the two lie no further than `width` from each other. */
function bounds(schema: JsonObject, gap: number, width: number): [number, number] {
  const moved = (keyword: string, by: number): number[] => {
    const value = numberOf(schema[keyword]);
    return value === undefined ? [] : [value + by];
  };
  const high = Math.min(
    ...moved('maximum', 0),
    ...moved('exclusiveMaximum', -gap),
    ...(schema.format === 'int32' ? [0x7fffffff] : []),
  );
  const lows = [...moved('minimum', 0), ...moved('exclusiveMinimum', gap)];
  const low = lows.length > 0 ? Math.max(...lows) : high > 0 ? 0 : high - width;
  return [low, Math.min(high, low + width)];
}

function list(schema: JsonObject, context: Context, depth: number): Arbitrary<Json> {
  const { fc } = context;
  const isGenerous = isGenerousAt(context, depth);
  const least = numberOf(schema.minItems) ?? 0;
  const most = numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY;
  const of = (item: Json): Arbitrary<Json> => arbitraryOf(item, context, depth + 1);
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const leading = prefix.slice(0, isGenerous ? most : least).map(of);
  const contains = schema.contains === undefined ? 0 : (numberOf(schema.minContains) ?? 1);
  const contained = Array.from({ length: contains }, () =>
    of({ allOf: [schema.contains ?? true, schema.items ?? true] }),
  );
  const head = [...leading, ...contained];
  const isClosed = schema.items === false || (schema.items === undefined && prefix.length > 0);
  const wanted = Math.max(least - head.length, isGenerous && head.length === 0 && !isClosed ? 1 : 0);
  const room = Math.max(most - head.length, 0);
  const minLength = Math.min(wanted, room);
  const maxLength = Math.min(isGenerous && !isClosed ? wanted + 2 : wanted, room);
  const isUnique = schema.uniqueItems === true;
  const spare = isUnique ? 4 : 1;
  const tail = fc.array(maxLength === 0 ? fc.constant(null) : of(schema.items ?? true), {
    minLength: minLength * spare,
    maxLength: maxLength * spare,
  });
  return fc.tuple(fc.tuple(...head), tail).map(([first, rest]) => {
    const items = [...first, ...rest];
    return isUnique ? distinct(items).slice(0, head.length + maxLength) : items;
  });
}

function distinct(items: readonly Json[]): Json[] {
  return items.filter((item, index) => items.findIndex((other) => jsonEquals(item, other)) === index);
}

function record(schema: JsonObject, context: Context, depth: number): Arbitrary<Json> {
  const { fc } = context;
  const isGenerous = isGenerousAt(context, depth);
  const properties = asObject(schema.properties);
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  const optional = Object.keys(properties).filter((name) => {
    const { writeOnly, not } = mergedSchema(ownMember(properties, name) ?? true, context.resolve);
    const isForbidden = isObject(not) && Object.keys(not).length === 0;
    return isGenerous && !isForbidden && writeOnly !== true && !required.has(name);
  });
  const most = numberOf(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const chosen = new Set([...required, ...optional.slice(0, Math.max(most - required.size, 0))]);
  const dependent = asObject(schema.dependentRequired);
  // A Set is iterated to the end that it then has.
  for (const name of chosen)
    for (const needed of [ownMember(dependent, name) ?? []].flat()) chosen.add(String(needed));
  const names = [...new Set([...Object.keys(properties), ...chosen])].filter((name) => chosen.has(name));
  const isMap = isObject(schema.additionalProperties) && names.length === 0 && isGenerous && most > 0;
  const lacking = Math.max((numberOf(schema.minProperties) ?? 0) - names.length, isMap ? 1 : 0);
  const [patternNames, patternSchema] = Object.entries(asObject(schema.patternProperties))[0] ?? [];
  const isPatterned = schema.additionalProperties === false && patternNames !== undefined;
  const nameSchema = isPatterned ? { type: 'string', pattern: patternNames } : schema.propertyNames;
  const extraSchema = (isPatterned ? patternSchema : schema.additionalProperties) ?? true;
  const extra = Array.from({ length: lacking }, (_, index) =>
    fc.tuple(
      nameSchema === undefined ? fc.constant(`member${index + 1}`) : arbitraryOf(nameSchema, context, depth),
      arbitraryOf(extraSchema, context, depth + 1),
    ),
  );
  const known = names.map((name) =>
    arbitraryOf(ownMember(properties, name) ?? extraSchema, context, depth + 1),
  );
  return fc.tuple(fc.tuple(...known), fc.tuple(...extra)).map(([values, more]) =>
    Object.fromEntries([
      ...names.map((name, index) => [name, values[index] ?? null] as const),
      ...more.map(([name, value], index) => {
        const isTaken = more.slice(0, index).some(([other]) => other === name);
        return [isTaken ? `${String(name)}${index}` : String(name), value] as const;
      }),
    ]),
  );
}

function ownMember(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether what is optional is made too. */
function isGenerousAt({ budget }: Context, depth: number): boolean {
  budget.left -= 1;
  return depth <= generousDepth && budget.left > 0;
}

function impliedType(schema: JsonObject): string {
  const implied = Object.entries(impliedTypes).find(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  );
  return implied?.[0] ?? 'string';
}

const impliedTypes: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

function isNested(schema: JsonObject): boolean {
  const types = [schema.type ?? impliedType(schema)].flat();
  return types.every((type) => type === 'object' || type === 'array');
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
