/** Numbers that fit a schema: within its bounds, multiples where it says so, with the digits that people use. */

import { type Json, type JsonObject, numberOf } from '../json.js';
import type { Random } from '../random.js';
import type { Context, Made, Site } from './sampling.js';

const triesOfLikely = 3;
const tries = 40;

/** A number, or a whole number, of a schema without choices. */
export function numberSample(
  schema: JsonObject,
  site: Site,
  type: string,
  { random, likely }: Context,
  accept: (value: Json) => boolean,
): Made {
  const isWhole = type === 'integer' || schema.format === 'int32' || schema.format === 'int64';
  for (let attempt = 0; attempt < triesOfLikely; attempt += 1) {
    const value = likely?.(site, isWhole ? 'integer' : 'number', schema);
    if (value === undefined) break;
    if (accept(value)) return { value, isFit: true };
  }
  let value = 0;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    value = isWhole ? whole(schema, random) : decimal(schema, random);
    if (accept(value)) return { value, isFit: true };
  }
  return { value, isFit: false };
}

function whole(schema: JsonObject, random: Random): number {
  const step = numberOf(schema.multipleOf) ?? 1;
  const unit = Number.isInteger(step) ? step : wholeMultiple(step);
  const [low, high] = bounds(schema, Math.max(1, unit) * 1000, true);
  const { min, max } = rangeOf(low / unit, high / unit);
  return random.integer(min, max) * unit;
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
function decimal(schema: JsonObject, random: Random): number {
  const step = numberOf(schema.multipleOf);
  const [low, high] = bounds(schema, (step ?? 1) * 1000, false);
  const minExcluded = schema.exclusiveMinimum === low;
  const maxExcluded = schema.exclusiveMaximum === high;
  for (const unit of step === undefined ? [0.01, 0.000_001] : [step]) {
    const { min, max } = rangeOf(low / unit, high / unit);
    const first = minExcluded && min * unit <= low ? min + 1 : min;
    const last = maxExcluded && max * unit >= high ? max - 1 : max;
    if (first > last || first * unit < low || first * unit > high) continue;
    return Number((random.integer(first, last) * unit).toPrecision(12));
  }
  if (low >= high) return low;
  const share = random.integer(1, 999_999) / 1_000_000;
  return low + (high - low) * share;
}

/** Whole numbers between two bounds, at least one, that are exact (ECMA-262, 21.1.2.6). */
function rangeOf(low: number, high: number): { readonly min: number; readonly max: number } {
  const exact = (value: number): number =>
    Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  const min = exact(Math.ceil(low));
  return { min, max: Math.max(min, exact(Math.floor(high))) };
}

/** The lowest and highest value; the two lie no further than `width` from each other. */
function bounds(schema: JsonObject, width: number, isWhole: boolean): [number, number] {
  const told = (keyword: string, limit: (value: number) => number): number[] => {
    const value = numberOf(schema[keyword]);
    return value === undefined ? [] : [limit(value)];
  };
  const high = Math.min(
    ...told('maximum', (value) => value),
    ...told('exclusiveMaximum', (value) => (isWhole ? Math.ceil(value) - 1 : value)),
    ...(schema.format === 'int32' ? [0x7fffffff] : []),
  );
  const lows = [
    ...told('minimum', (value) => value),
    ...told('exclusiveMinimum', (value) => (isWhole ? Math.floor(value) + 1 : value)),
  ];
  const low = lows.length > 0 ? Math.max(...lows) : high > 0 ? 0 : high - width;
  return [low, Math.min(high, low + width)];
}
