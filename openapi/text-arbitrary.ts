/** Texts of a schema as fast-check arbitraries: by their pattern, their format, or their length alone. */

import type { Arbitrary, FastCheck } from './arbitrary.js';
import type { Json, JsonObject } from './json.js';
import { regExpOf } from './pattern.js';

type Fits = (text: string) => boolean;

/** Of as many texts the first that fits is taken. */
const candidates = 50;

/** Texts that have the length, and match the pattern or have the format, that the schema asks for. */
export function textArbitrary(schema: JsonObject, fc: FastCheck): Arbitrary<string> {
  const least = numberOf(schema.minLength) ?? 0;
  const most = numberOf(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  const isLong: Fits = (text) => {
    const { length } = [...text];
    return length >= least && length <= most;
  };
  const format = typeof schema.format === 'string' ? schema.format : '';
  if (typeof schema.pattern === 'string') {
    const pattern = regExpOf(schema.pattern);
    const fits: Fits = (text) => isLong(text) && pattern.test(text);
    const matched = fitting(matching(pattern, least, most, fc), fits, least, fc);
    const known = formats[format]?.(fc);
    if (known === undefined) return matched;
    return fc.tuple(fitting(known, fits, 0, fc), matched).map(([text, other]) => (fits(text) ? text : other));
  }
  const isFree = least === 0 && most === Number.POSITIVE_INFINITY;
  const known = (isFree ? plainFormats[format]?.(fc) : undefined) ?? formats[format]?.(fc);
  if (known !== undefined) return isFree ? known : fitting(known, isLong, 0, fc);
  const minLength = Math.max(least, Math.min(1, most));
  return letters(fc, minLength, Math.min(most, Math.max(minLength, 12)));
}

function letters(fc: FastCheck, minLength: number, maxLength: number): Arbitrary<string> {
  const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
  return fc.array(letter, { minLength, maxLength, size: 'max' }).map((all) => all.join(''));
}

/** The first of some candidates that fits, repeated to the length that is asked for where none does as it is. */
function fitting(texts: Arbitrary<string>, fits: Fits, least: number, fc: FastCheck): Arbitrary<string> {
  return fc.array(texts, { minLength: candidates, maxLength: candidates, size: 'max' }).map((all) => {
    const found = all.find(fits);
    if (found !== undefined) return found;
    const long = all.map((text) => text.repeat(Math.ceil(least / Math.max(text.length, 1))));
    return [...long, ...long.map((text) => text.slice(0, least))].find(fits) ?? all[0] ?? '';
  });
}

const matchingPatterns = new Map<string, Arbitrary<string>>();
const mostPatterns = 1000;

/** What matches a pattern is worked out once: fast-check takes its time for it. */
function matching(pattern: RegExp, least: number, most: number, fc: FastCheck): Arbitrary<string> {
  const key = `${pattern} ${least} ${most}`;
  const known = matchingPatterns.get(key);
  if (known !== undefined) return known;
  const made = madeFrom(pattern, least, most, fc);
  if (matchingPatterns.size < mostPatterns) matchingPatterns.set(key, made);
  return made;
}

/** Texts that match a pattern and hold little else; any texts where fast-check cannot read the pattern. */
function madeFrom(pattern: RegExp, least: number, most: number, fc: FastCheck): Arbitrary<string> {
  const { source, flags } = pattern;
  for (const each of [`^(?:${source})$`, source, source.replace(assertions, '')]) {
    try {
      return fc.stringMatching(new RegExp(each, flags));
    } catch {
      // It knows neither lookaround nor word boundaries nor backreferences.
    }
  }
  const minLength = Math.min(Math.max(least, 1), 100);
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(most, 24)), size: 'max' });
}

/** Lookaround, as far as its brackets are not nested deeper than once, and word boundaries. */
const assertions = /\(\?<?[=!](?:[^()\\]|\\.|\([^()]*\))*\)|\\[bB]/gs;

/** How texts of a format are made. Nothing is built for a format that nobody asks for. */
type Formats = { readonly [format: string]: (fc: FastCheck) => Arbitrary<string> };

const plainEmail = (fc: FastCheck): Arbitrary<string> =>
  letters(fc, 3, 8).map((text) => `${text}@example.com`);
const plainHost = (fc: FastCheck): Arbitrary<string> =>
  letters(fc, 3, 8).map((text) => `${text}.example.com`);
const plainUri = (fc: FastCheck): Arbitrary<string> =>
  letters(fc, 3, 8).map((text) => `https://example.com/${text}`);

/** Formats of which the plainest texts will do where nothing else is asked for. */
const plainFormats: Formats = {
  email: plainEmail,
  'idn-email': plainEmail,
  hostname: plainHost,
  'idn-hostname': plainHost,
  uri: plainUri,
  url: plainUri,
  iri: plainUri,
  'uri-reference': plainUri,
  'iri-reference': plainUri,
};

const instant = (fc: FastCheck): Arbitrary<string> =>
  fc
    .date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2037-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString());

const formats: Formats = {
  'date-time': instant,
  date: (fc) => instant(fc).map((text) => text.slice(0, 10)),
  time: (fc) => instant(fc).map((text) => text.slice(11)),
  duration: (fc) => fc.integer({ min: 1, max: 90 }).map((minutes) => `PT${minutes}M`),
  email: (fc) => fc.emailAddress(),
  'idn-email': (fc) => fc.emailAddress(),
  hostname: (fc) => fc.domain(),
  'idn-hostname': (fc) => fc.domain(),
  ipv4: (fc) => fc.ipV4(),
  ipv6: (fc) => fc.ipV6(),
  uuid: (fc) => fc.uuid(),
  uri: (fc) => fc.webUrl(),
  url: (fc) => fc.webUrl(),
  'uri-reference': (fc) => fc.webUrl(),
  'uri-template': (fc) => fc.constant('/a/{b}'),
  iri: (fc) => fc.webUrl(),
  'iri-reference': (fc) => fc.webUrl(),
  'json-pointer': (fc) => fc.constant('/a/b'),
  'json-pointer-uri-fragment': (fc) => fc.constant('#/a/b'),
  'relative-json-pointer': (fc) => fc.constant('1/a'),
  regex: (fc) => fc.constant('^[a-z]+$'),
  byte: (fc) => fc.base64String(),
};

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
