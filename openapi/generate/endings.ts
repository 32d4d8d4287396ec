/** How deep the shallowest value of a schema is, so that what refers to itself comes to an end by the shortest way. */

import type { Json, JsonObject } from '../json.js';
import { memberRule, optionsOf } from './alternatives.js';
import { choices, mergedSchema, type Resolve } from './merged-schema.js';

/** Deeper than this no value is looked for. */
const deepest = 150;

const known = new WeakMap<JsonObject, { readonly depth: number }>();
const tried = new WeakMap<JsonObject, Map<number, boolean>>();

/** The depth of the shallowest value of a merged schema: 0 for one without members and items; infinite where there is no end. */
export function leastDepth(schema: JsonObject, resolve: Resolve): number {
  const before = known.get(schema);
  if (before !== undefined) return before.depth;
  let depth = 0;
  while (depth <= deepest && !ends(schema, depth, resolve)) depth += 1;
  const found = depth > deepest ? Number.POSITIVE_INFINITY : depth;
  known.set(schema, { depth: found });
  return found;
}

/** Whether a schema has a value that is no deeper than this. */
function ends(schema: JsonObject, depth: number, resolve: Resolve): boolean {
  if (depth < 0) return false;
  const depths = tried.get(schema) ?? new Map<number, boolean>();
  tried.set(schema, depths);
  const before = depths.get(depth);
  if (before !== undefined) return before;
  // A choice that leads to itself is no way out.
  depths.set(depth, false);
  const found = endsAnew(schema, depth, resolve);
  depths.set(depth, found);
  return found;
}

function endsAnew(schema: JsonObject, depth: number, resolve: Resolve): boolean {
  if (schema.const !== undefined || Array.isArray(schema.enum)) return true;
  // What no other alternative fits besides is no shallower than what some alternative fits.
  if (schema[choices] !== undefined)
    return eachChoice(schema).every((one) =>
      optionsOf(one, resolve)
        .slice(0, 2)
        .some((group) => group().some((option) => ends(option, depth, resolve))),
    );
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types === undefined || types.some((type) => type !== 'object' && type !== 'array')) return true;
  return types.some((type) => endsAs(String(type), schema, depth, resolve));
}

const split = new WeakMap<JsonObject, readonly JsonObject[]>();

/** The schema with each of its choices alone: how they combine is not looked at, for of ways to combine there may be millions. */
function eachChoice(schema: JsonObject): readonly JsonObject[] {
  const before = split.get(schema);
  if (before !== undefined) return before;
  const { [choices]: open, ...base } = schema;
  const all = Array.isArray(open) ? open : [];
  const found = all.length < 2 ? [schema] : all.map((one) => ({ ...base, [choices]: [one] }));
  split.set(schema, found);
  return found;
}

/** Whether a schema without choices has a value of a type that comes to an end. */
export function canBe(type: string, schema: JsonObject, resolve: Resolve): boolean {
  return endsAs(type, schema, deepest, resolve);
}

function endsAs(type: string, schema: JsonObject, depth: number, resolve: Resolve): boolean {
  const inner = (rule: Json): boolean => ends(mergedSchema(rule, resolve), depth - 1, resolve);
  if (type === 'array') return itemRules(schema).every(inner);
  if (type !== 'object') return true;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return required.every((name) => inner(memberRule(schema, String(name))));
}

/** What is said of the items that have to be there. */
function itemRules({ minItems, prefixItems, items }: JsonObject): readonly Json[] {
  const least = typeof minItems === 'number' ? minItems : 0;
  const prefix = Array.isArray(prefixItems) ? prefixItems.slice(0, least) : [];
  return least > prefix.length ? [...prefix, items ?? true] : prefix;
}
