/** A value that fits a plain schema, made top down: choices made, members and items within, each tried again where it does not fit. */

import type { Json, JsonObject } from '../json.js';
import { isContradictory, resolved, shuffled } from './alternatives.js';
import { heirOf, taggedSchema } from './discriminated.js';
import { canBe, leastDepth } from './endings.js';
import { fits } from './fits.js';
import { choices, mergedSchema, origins } from './merged-schema.js';
import { listSample } from './sample-list.js';
import { numberSample } from './sample-number.js';
import { recordSample } from './sample-record.js';
import { textSample } from './sample-text.js';
import {
  type Context,
  type Extent,
  generousDepth,
  impliedType,
  type Made,
  namesOf,
  type Sampling,
  type Site,
} from './sampling.js';

const budgetOfBody = 300;
const mostWork = 6000;
/** How often a value is made anew because it did not fit; each time with less of what is optional. */
const extents = ['whole', 'least', 'some', 'some', 'some', 'some'] as const;
/** As many combinations of alternatives are tried, by chance in ever new orders. */
const mostCombinations = 60;
const combinationsInOrder = 10;
/** Deeper than this nothing is made: as deep as any value is looked for, and half as deep again. */
const deepest = 225;

/** A value that fits a schema, made from the next random numbers; the best one where none was found. */
export function sampleOf(schema: JsonObject | boolean, sampling: Sampling): Json {
  const site: Site = {
    name: sampling.name ?? '',
    owner: sampling.owner ?? '',
    self: {},
    depth: 0,
    budget: sampling.budget ?? budgetOfBody,
    trail: [],
  };
  const work = { left: mostWork };
  let best: Json = null;
  for (const isStrict of [false, true, true]) {
    const context: Context = {
      ...sampling,
      make: (inner, place, extent) => made(inner, place, extent, context),
      fits: (inner, value) => fits(inner, value, sampling.resolve),
      work,
      isStrict,
    };
    const { value } = made(schema, site, site.budget > 0 ? 'whole' : 'least', context);
    if (context.fits(schema, value)) return value;
    best = value;
  }
  return best;
}

function made(schema: Json, site: Site, extent: Extent, context: Context): Made {
  const { resolve, work } = context;
  const merged = mergedSchema(schema, resolve);
  work.left -= 1;
  for (const attempt of [0, 1]) {
    const value = context.known(attempt)(merged);
    if (value !== undefined && context.fits(schema, value)) return { value, isFit: true };
  }
  const listed = merged.const === undefined ? merged.enum : [merged.const];
  if (Array.isArray(listed) && listed.length > 0) return listedValue(schema, listed, context);
  const isEndless =
    isContradictory(merged, resolve) || leastDepth(merged, resolve) === Number.POSITIVE_INFINITY;
  if (isEndless || work.left < 0 || site.depth > deepest) return { value: emptyOf(merged), isFit: false };
  const heir =
    site.depth < generousDepth && extent === 'whole' ? heirOf(schema, merged, site, context) : undefined;
  if (heir !== undefined) {
    const found = made(heir, site, extent, context);
    if (found.isFit && context.fits(schema, found.value)) return found;
  }
  return combined(schema, taggedSchema(merged, resolve), site, extent, context);
}

function listedValue(schema: Json, values: readonly Json[], context: Context): Made {
  const among = allowedOf(schema, values, context);
  const value = among[context.random.integer(0, Math.max(among.length - 1, 0))];
  return value === undefined ? { value: values[0] ?? null, isFit: false } : { value, isFit: true };
}

const allowed = new WeakMap<readonly Json[], Map<Json, readonly Json[]>>();

/** The values of a list that fit, or the most telling of them. */
function allowedOf(schema: Json, values: readonly Json[], context: Context): readonly Json[] {
  const bySchema = allowed.get(values) ?? new Map<Json, readonly Json[]>();
  allowed.set(values, bySchema);
  const before = bySchema.get(schema);
  if (before !== undefined) return before;
  const texts = new Map<string, number>();
  for (const value of values) texts.set(String(value), (texts.get(String(value)) ?? 0) + 1);
  const fitting = values.filter((value) => context.fits(schema, value));
  // One that was written in another type, and is there in both, is not what every reader takes.
  const certain = fitting.filter((value) => texts.get(String(value)) === 1);
  const telling = (certain.length > 0 ? certain : fitting).filter((value) => value !== null && value !== '');
  const found = telling.length > 0 ? telling : fitting;
  if (bySchema.size < 20) bySchema.set(schema, found);
  return found;
}

function combined(schema: Json, merged: JsonObject, site: Site, extent: Extent, context: Context): Made {
  const { resolve } = context;
  const isChecked = context.isStrict || needsCheck(merged);
  const check = (value: Json): boolean => !isChecked || context.fits(schema, value);
  let best: Made | undefined;
  let combinations = 0;
  const rounds = merged[choices] === undefined ? 1 : mostCombinations / combinationsInOrder;
  const order = (options: readonly JsonObject[]) => ordered(options, site, context);
  for (let round = 0; round < rounds; round += 1) {
    let inOrder = 0;
    for (const flat of resolved(merged, resolve, order, round % 2 === 1)) {
      const found = single(flat, site, extent, context, check, schema);
      if (found.isFit) return found;
      best ??= found;
      combinations += 1;
      inOrder += 1;
      if (context.work.left < 0 || (inOrder >= combinationsInOrder && round < rounds - 1)) break;
      if (combinations >= mostCombinations * 2) return best;
    }
    if (inOrder < combinationsInOrder) break;
  }
  return best ?? { value: emptyOf(merged), isFit: false };
}

/** Alternatives by chance, null seldom before others; deep within, those first that come to an end soonest. */
function ordered(options: readonly JsonObject[], site: Site, context: Context): readonly JsonObject[] {
  const mixed = shuffled(options, context.random);
  const isDeep = site.depth >= generousDepth || site.budget < 1;
  const rank = (option: JsonObject): number => {
    const depth = leastDepth(option, context.resolve);
    if (isDeep || depth === Number.POSITIVE_INFINITY) return depth;
    const isWithin = namesOf(option).some((name) => site.trail.includes(name));
    const isNull = option.type === 'null' || option.const === null;
    return (isWithin ? 1 : 0) + (isNull && context.random.integer(0, 9) > 0 ? 2 : 0);
  };
  const ranked = mixed.map((option) => ({ option, rank: rank(option) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ option }) => option);
}

/** A value of a schema without choices. */
function single(
  flat: JsonObject,
  site: Site,
  extent: Extent,
  context: Context,
  check: (value: Json) => boolean,
  schema: Json,
): Made {
  const listed = flat.const === undefined ? flat.enum : [flat.const];
  if (Array.isArray(listed) && listed.length > 0) return listedValue(schema, listed, context);
  let best: Made | undefined;
  for (const type of typesOf(flat, site, context)) {
    if (!canBe(type, flat, context.resolve)) continue;
    const isWide = type === 'object' || type === 'array';
    for (const again of isWide && extent === 'whole'
      ? extents
      : isWide
        ? [extent, ...extents.slice(1)]
        : ['whole' as const]) {
      const found = ofType(type, flat, site, again, context, schema);
      if (found.isFit && check(found.value)) return found;
      best ??= { value: found.value, isFit: false };
      if (!found.isFit || context.work.left < 0) break;
    }
  }
  return best ?? { value: null, isFit: false };
}

function ofType(
  type: string,
  flat: JsonObject,
  site: Site,
  extent: Extent,
  context: Context,
  schema: Json,
): Made {
  switch (type) {
    case 'object':
      return recordSample(flat, site, extent, context);
    case 'array':
      return listSample(flat, site, extent, context);
    case 'null':
      return { value: null, isFit: true };
    case 'boolean':
      return scalar(() => context.random.integer(0, 1) === 1, 8, context, schema);
    case 'string':
      return textSample(flat, site, context, (value) => context.fits(schema, value));
    default:
      return numberSample(flat, site, type, context, (value) => context.fits(schema, value));
  }
}

function scalar(make: () => Json, tries: number, context: Context, schema: Json): Made {
  let value = make();
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (context.fits(schema, value)) return { value, isFit: true };
    value = make();
  }
  return { value, isFit: false };
}

const allTypes = ['string', 'object', 'array', 'number', 'boolean', 'null'];

/** The types to try, in order: by chance, null seldom first; where none is said, what the keywords are about. */
function typesOf(flat: JsonObject, site: Site, { random }: Context): readonly string[] {
  if (flat.type === undefined) {
    const implied = impliedType(flat);
    return [implied, ...allTypes.filter((type) => type !== implied)];
  }
  const types = shuffled([flat.type].flat().map(String), random);
  if (!types.includes('null') || types.length === 1) return types;
  const others = types.filter((type) => type !== 'null');
  const isNested = others.every((type) => type === 'object' || type === 'array');
  const isFirst = isNested && (site.depth >= generousDepth || site.budget < 1);
  return isFirst || random.integer(0, 9) === 0 ? ['null', ...others] : [...others, 'null'];
}

/** Keywords that what is made keeps to by its making. */
const kept = new Set([
  ...['type', 'properties', 'required', 'items', 'title', 'description', 'additionalProperties', origins],
  ...['default', 'example', 'examples', 'readOnly', 'writeOnly', 'minItems', 'maxItems', 'discriminator'],
]);
const checked = new WeakMap<JsonObject, boolean>();

function needsCheck(merged: JsonObject): boolean {
  const before = checked.get(merged);
  if (before !== undefined) return before;
  const found = Object.keys(merged).some((keyword) => !kept.has(keyword));
  checked.set(merged, found);
  return found;
}

function emptyOf(merged: JsonObject): Json {
  const [type] = [merged.type ?? impliedType(merged)].flat();
  if (type === 'object') return {};
  return type === 'array' ? [] : type === 'string' ? '' : null;
}
