/** Lists that fit a schema: how many items, what each is, which are contained, and none twice where that is said. */

import { type Json, type JsonObject, jsonEquals, numberOf } from '../json.js';
import { isContradictory } from './alternatives.js';
import { leastDepth } from './endings.js';
import { besides, mergedSchema } from './merged-schema.js';
import { type Context, type Extent, generousDepth, type Made, namesOf, type Site } from './sampling.js';
import { singular } from './words.js';

/** So often an item is made again because it is there already. */
const triesOfItem = 40;

/** A list of a schema without choices. */
export function listSample(schema: JsonObject, site: Site, extent: Extent, context: Context): Made {
  const least = numberOf(schema.minItems) ?? 0;
  const most = numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY;
  const contained = containedRules(schema);
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const rest = schema.items ?? schema.unevaluatedItems ?? true;
  const wanted = Math.max(
    least,
    contained.length,
    Math.min(wantedItems(schema, prefix, rest, site, extent, context), most),
  );
  // What has to be contained comes after the prefix, where something may.
  const isClosed = isNothing(rest, context);
  const first =
    isClosed || extent === 'some' ? 0 : Math.min(prefix.length, Math.max(most - contained.length, 0));
  const length = Math.max(wanted, contained.length > 0 ? Math.min(first + contained.length, most) : 0);
  const inner: Site = {
    ...site,
    depth: site.depth + 1,
    budget: site.budget / Math.max(length, 1) - 1,
    name: singular(site.name),
    trail: [...site.trail, ...namesOf(schema)],
  };
  const items: Json[] = [];
  let isFit = true;
  for (let index = 0; index < length; index += 1) {
    const own = prefix[index] ?? rest;
    const rule = contained[index - first];
    const spared = rule === undefined ? sparing(own, schema) : { allOf: [own, rule] };
    const made = itemSample(spared, items, inner, extent, schema.uniqueItems === true, context);
    if (!made.isFit && index >= least && index - first >= contained.length) break;
    items.push(made.value);
    isFit &&= made.isFit;
    if (!isFit) break;
  }
  return { value: items, isFit };
}

/** How many items are made though fewer would do: up to three on the outside, one further in. */
function wantedItems(
  schema: JsonObject,
  prefix: readonly Json[],
  rest: Json,
  site: Site,
  extent: Extent,
  context: Context,
): number {
  if (extent !== 'whole' || site.budget < 1 || site.depth > generousDepth) return 0;
  if (prefix.length > 0) return prefix.length;
  if (isNothing(rest, context)) return 0;
  const merged = mergedSchema(rest, context.resolve);
  const isWithin = namesOf(merged).some((name) => site.trail.filter((each) => each === name).length > 1);
  if (isWithin || leastDepth(merged, context.resolve) === Number.POSITIVE_INFINITY) return 0;
  if (schema.items === undefined && schema.unevaluatedItems === undefined && schema.type === undefined)
    return 0;
  return site.depth < 2 && site.budget > 60 ? context.random.integer(1, 3) : 1;
}

function isNothing(rule: Json, { resolve }: Context): boolean {
  return rule === false || isContradictory(mergedSchema(rule, resolve), resolve);
}

/** A schema for each item that has to be contained. */
function containedRules(schema: JsonObject): readonly Json[] {
  const more = Array.isArray(schema[besides]) ? schema[besides] : [];
  return [schema, ...more].flatMap((each: JsonObject) => {
    const { contains, minContains } = each;
    return contains === undefined ? [] : new Array<Json>(numberOf(minContains) ?? 1).fill(contains);
  });
}

/** Where only so many items may be contained, the others are not to be. */
function sparing(rule: Json, { contains, maxContains }: JsonObject): Json {
  return contains === undefined || maxContains === undefined ? rule : { allOf: [rule, { not: contains }] };
}

function itemSample(
  rule: Json,
  others: readonly Json[],
  site: Site,
  extent: Extent,
  isUnique: boolean,
  context: Context,
): Made {
  const isShort = extent === 'least' || site.budget < 1 || site.depth > generousDepth;
  let made = context.make(rule, { ...site, self: {} }, isShort ? 'least' : extent);
  if (!isUnique) return made;
  for (let tries = 0; tries < triesOfItem; tries += 1) {
    if (!made.isFit || !others.some((other) => jsonEquals(other, made.value))) return made;
    const next = tries % 2 === 0 ? extent : tries % 4 === 1 ? 'some' : 'whole';
    made = context.make(
      tries < 10 ? rule : { allOf: [rule, { not: { enum: others } }] },
      { ...site, self: {} },
      next,
    );
  }
  return { ...made, isFit: false };
}
