/** Texts that fit a schema: such as look real, else by their pattern, their format, or their length alone. */

import { asObject, isObject, type Json, type JsonObject, numberOf } from '../json.js';
import type { Random } from '../random.js';
import { regExpOf } from '../schema/pattern.js';
import { besides } from './merged-schema.js';
import { type PatternText, patternText } from './pattern-text.js';
import { formatText, letters } from './sample-format.js';
import type { Context, Made, Site } from './sampling.js';

const triesOfLikely = 4;
const triesOfPattern = 40;
const triesOfFormat = 6;

type Accept = (value: Json) => boolean;

/** A text of a schema without choices. */
export function textSample(schema: JsonObject, site: Site, context: Context, accept: Accept): Made {
  const { random, likely, now = 0 } = context;
  const least = numberOf(schema.minLength) ?? 0;
  const most = numberOf(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  const candidates = function* (): Generator<string> {
    for (let attempt = 0; likely !== undefined && attempt < triesOfLikely; attempt += 1) {
      const value = likely(site, 'string', schema);
      if (typeof value !== 'string') break;
      yield value;
      if (value.length > most) yield shortened(value, most);
    }
    const patterns = saidOf(schema, 'pattern');
    const tries = patterns.length > 0 ? triesOfPattern : triesOfFormat;
    for (const format of saidOf(schema, 'format'))
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const size = attempt < 2 ? undefined : sizeBetween(least, most, random);
        const text = formatText(format, random, attempt < triesOfFormat ? now : anyInstant(random), size);
        if (text === undefined) break;
        yield text;
      }
    yield* matching(patterns, least, most, random);
    const from = Math.max(least, Math.min(1, most));
    for (let attempt = 0; attempt < triesOfFormat; attempt += 1)
      yield letters(random, from, Math.min(most, Math.max(from, 12)));
    yield '';
  };
  let last = '';
  for (const value of candidates()) {
    if (accept(value)) return { value, isFit: true };
    if (value !== '') last = value;
  }
  return { value: last, isFit: false };
}

const century = 36_525 * 86_400_000;

/** An instant of this century or of the two beside it. */
function anyInstant(random: Random): number {
  const middle = Date.UTC(2050);
  const [before, fine] = [random.integer(-1500, 1500), random.integer(0, 86_400_000)];
  return middle + (before * century) / 1000 + fine;
}

function sizeBetween(least: number, most: number, random: Random): number {
  return random.integer(Math.max(least, 1), Math.max(1, Math.min(most, Math.max(least, 1) + 12)));
}

/** A text cut off at the end of a word. */
function shortened(text: string, most: number): string {
  const cut = [...text].slice(0, most).join('');
  const end = cut.lastIndexOf(' ');
  return (end > most / 2 ? cut.slice(0, end) : cut).replace(/[\s,.;:]+$/, '');
}

/** What a merged schema says by one keyword, and what stands beside it. */
function saidOf(schema: JsonObject, keyword: string): readonly string[] {
  const more = Array.isArray(schema[besides]) ? schema[besides] : [];
  return [schema, ...more].flatMap((each: JsonObject) => {
    const said = each[keyword];
    return typeof said === 'string' ? [said] : [];
  });
}

const known = new Map<string, PatternText | undefined>();
const mostKnown = 5000;

function writerOf(pattern: string): PatternText | undefined {
  if (known.has(pattern)) return known.get(pattern);
  const writer = patternText(regExpOf(pattern));
  if (known.size < mostKnown) known.set(pattern, writer);
  return writer;
}

/** Texts that match each pattern, and all of them one after the other; longer and more mixed the longer it takes. */
function* matching(
  patterns: readonly string[],
  least: number,
  most: number,
  random: Random,
): Generator<string> {
  const writers = patterns.flatMap((pattern) => writerOf(pattern) ?? []);
  if (writers.length === 0) return;
  for (let attempt = 0; attempt < triesOfPattern; attempt += 1) {
    const isMixed = attempt > 4 && attempt % 3 !== 0;
    const texts = writers.map((writer) => {
      const from = Math.max(least, writer.least);
      const natural = Math.max(from, Math.min(writer.least + 8 + attempt, writer.most, most));
      const length = random.integer(Math.min(from + 3, natural), natural);
      return writer.write(length, random, isMixed);
    });
    for (const [index, text] of texts.entries()) {
      const isOpen = !patterns[index]?.endsWith('$');
      if (isOpen && attempt < 6)
        yield text + letters(random, 1, Math.min(6, Math.max(most - text.length, 1)));
      yield text;
    }
    if (texts.length > 1) yield texts.join('');
  }
}

/** The name of a member that a schema does not describe by name; undefined where it says what there may be, and that is nothing. */
export function nameSample(
  schema: JsonObject,
  site: Site,
  context: Context,
  attempt: number,
): string | undefined {
  const { propertyNames, additionalProperties } = schema;
  const patterns = Object.keys(asObject(schema.patternProperties));
  const key: Site = { ...site, name: 'key', owner: site.name };
  if (propertyNames !== undefined && attempt % 2 === 0) {
    const { value } = context.make({ allOf: [{ type: 'string' }, propertyNames] }, key, 'least');
    return typeof value === 'string' ? value : `member${attempt + 1}`;
  }
  const isClosed = additionalProperties === false || isObject(additionalProperties);
  const pattern = patterns[attempt % Math.max(patterns.length, 1)];
  if (pattern !== undefined && (additionalProperties === false || attempt % 3 !== 2 || !isClosed)) {
    const [text] = matching([pattern], 0, Number.POSITIVE_INFINITY, context.random);
    return text ?? pattern;
  }
  if (additionalProperties === false && propertyNames === undefined) return undefined;
  const names = Object.keys(asObject(schema.properties));
  if (additionalProperties === false) return names[attempt % Math.max(names.length, 1)];
  const likely = context.likely?.(key, 'string', {});
  if (attempt % 4 === 3 && names.length > 0) return names[context.random.integer(0, names.length - 1)];
  return typeof likely === 'string' && attempt < 6 ? likely : `member${attempt + 1}`;
}
