/** Whether a value fits a plain schema, read keyword by keyword: nothing is compiled for a schema that is asked of once. */

import { asObject, isObject, type Json, type JsonObject, jsonEquals } from '../json.js';
import { regExpOf } from '../schema/pattern.js';
import { isOfFormat } from '../schema/validator.js';
import type { Resolve } from './merged-schema.js';

/** The members and items that some subschema has spoken of (JSON Schema 2020-12 core, section 11). */
type Evaluated = { readonly names: Set<string>; readonly items: Set<number> };

type Applying = {
  readonly resolve: Resolve;
  /** Where it is noted what was spoken of; undefined where nobody asks. */
  readonly into: Evaluated | undefined;
  /** How many references led here without going further into the value. */
  readonly hops: number;
};

type Keyword = (argument: Json, value: Json, schema: JsonObject, applying: Applying) => boolean;

/** More references than this without going further into the value come to no end. */
const mostHops = 300;

/** Whether a value fits a schema. */
export function fits(schema: Json, value: Json, resolve: Resolve): boolean {
  return holds(schema, value, { resolve, into: undefined, hops: 0 });
}

function nothingYet(): Evaluated {
  return { names: new Set(), items: new Set() };
}

function holds(schema: Json, value: Json, applying: Applying): boolean {
  if (!isObject(schema)) return schema !== false;
  const { into } = applying;
  const isAsked =
    into !== undefined || schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined;
  const own = isAsked ? nothingYet() : undefined;
  const within: Applying = isAsked ? { ...applying, into: own } : applying;
  for (const keyword in schema) {
    const check = keywords.get(keyword);
    if (check === undefined) continue;
    const argument = schema[keyword];
    if (argument !== undefined && !check(argument, value, schema, within)) return false;
  }
  // What depends on all that was spoken of comes last.
  if (schema.unevaluatedProperties !== undefined && !hasEvaluated(schema, value, within)) return false;
  if (schema.unevaluatedItems !== undefined && !hasEvaluatedItems(schema, value, within)) return false;
  if (own !== undefined && into !== undefined) {
    for (const name of own.names) into.names.add(name);
    for (const index of own.items) into.items.add(index);
  }
  return true;
}

/** A schema for a part of the value, which is about other members and items. */
function fitsPart(schema: Json, part: Json, { resolve }: Applying): boolean {
  return holds(schema, part, { resolve, into: undefined, hops: 0 });
}

/** A schema for the same value, without a word about its members and items where it does not hold. */
function isSo(schema: Json, value: Json, applying: Applying): boolean {
  if (applying.hops > mostHops) return true;
  return holds(schema, value, { ...applying, hops: applying.hops + 1 });
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
};

/** A keyword about numbers, texts, lists or objects with a limit that is a number. */
const numeric =
  (check: (value: number, limit: number) => boolean): Keyword =>
  (limit, value) =>
    typeof value !== 'number' || typeof limit !== 'number' || check(value, limit);
const textual =
  (check: (length: number, limit: number) => boolean): Keyword =>
  (limit, value) =>
    typeof value !== 'string' || typeof limit !== 'number' || check(lengthOf(value), limit);
const listed =
  (check: (length: number, limit: number) => boolean): Keyword =>
  (limit, value) =>
    !Array.isArray(value) || typeof limit !== 'number' || check(value.length, limit);
const membered =
  (check: (count: number, limit: number) => boolean): Keyword =>
  (limit, value) =>
    !isObject(value) || typeof limit !== 'number' || check(Object.keys(value).length, limit);
const atLeast = (size: number, limit: number): boolean => size >= limit;
const atMost = (size: number, limit: number): boolean => size <= limit;

const checks: Readonly<Record<string, Keyword>> = {
  type: (types, value) =>
    Array.isArray(types)
      ? types.some((type) => isOfType(String(type), value))
      : isOfType(String(types), value),
  const: (constant, value) => jsonEquals(constant, value),
  enum: (values, value) => list(values).some((each) => jsonEquals(each, value)),
  minimum: numeric(atLeast),
  maximum: numeric(atMost),
  exclusiveMinimum: numeric((value, limit) => value > limit),
  exclusiveMaximum: numeric((value, limit) => value < limit),
  multipleOf: numeric((value, step) => Math.abs(Math.round(value / step) - value / step) < 1e-9),
  minLength: textual(atLeast),
  maxLength: textual(atMost),
  pattern: (pattern, value) =>
    typeof value !== 'string' || typeof pattern !== 'string' || regExpOf(pattern).test(value),
  format: (format, value) => typeof format !== 'string' || isOfFormat(format, value),
  minItems: listed(atLeast),
  maxItems: listed(atMost),
  uniqueItems: (isUnique, value) => isUnique !== true || !Array.isArray(value) || areDistinct(value),
  prefixItems: (rules, value, _, applying) =>
    !Array.isArray(value) ||
    list(rules).every((rule, index) => {
      const item = value[index];
      if (item === undefined) return true;
      applying.into?.items.add(index);
      return fitsPart(rule, item, applying);
    }),
  items: (rule, value, { prefixItems }, applying) =>
    !Array.isArray(value) ||
    value.slice(list(prefixItems).length).every((item, index) => {
      applying.into?.items.add(index + list(prefixItems).length);
      return fitsPart(rule, item, applying);
    }),
  contains: (rule, value, { minContains, maxContains }, applying) => {
    if (!Array.isArray(value)) return true;
    const found = value.flatMap((item, index) => (fitsPart(rule, item, applying) ? [index] : []));
    for (const index of found) applying.into?.items.add(index);
    const least = typeof minContains === 'number' ? minContains : 1;
    return found.length >= least && (typeof maxContains !== 'number' || found.length <= maxContains);
  },
  minProperties: membered(atLeast),
  maxProperties: membered(atMost),
  required: (names, value) =>
    !isObject(value) || list(names).every((name) => Object.hasOwn(value, String(name))),
  properties: (properties, value, _, applying) => {
    if (!isObject(value) || !isObject(properties)) return true;
    for (const name in value) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (member === undefined || rule === undefined) continue;
      applying.into?.names.add(name);
      if (!fitsPart(rule, member, applying)) return false;
    }
    return true;
  },
  patternProperties: (patterns, value, _, applying) =>
    !isObject(value) ||
    Object.entries(asObject(patterns)).every(([pattern, rule]) => {
      const expression = regExpOf(pattern);
      return Object.entries(value).every(([name, member]) => {
        if (!expression.test(name)) return true;
        applying.into?.names.add(name);
        return fitsPart(rule, member, applying);
      });
    }),
  additionalProperties: (rule, value, { properties, patternProperties }, applying) => {
    if (!isObject(value)) return true;
    const patterns = Object.keys(asObject(patternProperties)).map((pattern) => regExpOf(pattern));
    return Object.entries(value).every(([name, member]) => {
      if (Object.hasOwn(asObject(properties), name) || patterns.some((each) => each.test(name))) return true;
      applying.into?.names.add(name);
      return fitsPart(rule, member, applying);
    });
  },
  propertyNames: (rule, value, _, applying) =>
    !isObject(value) || Object.keys(value).every((name) => fitsPart(rule, name, applying)),
  dependentRequired: (dependent, value) =>
    !isObject(value) ||
    Object.entries(asObject(dependent)).every(
      ([name, needed]) =>
        !Object.hasOwn(value, name) || list(needed).every((each) => Object.hasOwn(value, String(each))),
    ),
  dependentSchemas: (dependent, value, _, applying) =>
    !isObject(value) ||
    Object.entries(asObject(dependent)).every(
      ([name, rule]) => !Object.hasOwn(value, name) || isSo(rule, value, applying),
    ),
  $ref: (name, value, _, applying) =>
    typeof name !== 'string' || isSo(applying.resolve(name), value, applying),
  allOf: (rules, value, _, applying) => list(rules).every((rule) => isSo(rule, value, applying)),
  // Each that holds has spoken of members: none is passed over.
  anyOf: (rules, value, _, applying) =>
    applying.into === undefined
      ? list(rules).some((rule) => isSo(rule, value, applying))
      : list(rules).filter((rule) => isSo(rule, value, applying)).length > 0,
  oneOf: (rules, value, _, applying) =>
    list(rules).filter((rule) => isSo(rule, value, applying)).length === 1,
  not: (rule, value, _, applying) => !isSo(rule, value, { ...applying, into: undefined }),
  if: (rule, value, schema, applying) => {
    const next = isSo(rule, value, applying) ? schema.then : schema.else;
    return next === undefined || isSo(next, value, applying);
  },
};

const keywords = new Map(Object.entries(checks));

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function areDistinct(items: readonly Json[]): boolean {
  return items.every((item, index) => !items.slice(0, index).some((other) => jsonEquals(item, other)));
}

function hasEvaluated(
  { unevaluatedProperties: rule = true }: JsonObject,
  value: Json,
  applying: Applying,
): boolean {
  if (!isObject(value)) return true;
  return Object.entries(value).every(([name, member]) => {
    if (applying.into?.names.has(name) === true) return true;
    applying.into?.names.add(name);
    return fitsPart(rule, member, applying);
  });
}

function hasEvaluatedItems(
  { unevaluatedItems: rule = true }: JsonObject,
  value: Json,
  applying: Applying,
): boolean {
  if (!Array.isArray(value)) return true;
  return value.every((item, index) => {
    if (applying.into?.items.has(index) === true) return true;
    applying.into?.items.add(index);
    return fitsPart(rule, item, applying);
  });
}
