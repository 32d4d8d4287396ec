/** Values that look real for where they stand: by format, by name, and by what the name belongs to. */

import type { Json, JsonObject } from '../json.js';
import type { Random } from '../random.js';
import { type Faker, fakerOver } from './fake-data.js';
import { likelyInstant } from './likely-instant.js';
import { numberRules } from './likely-numbers.js';
import { textRules } from './likely-texts.js';
import type { Likely, Site } from './sampling.js';
import { wordsOf } from './words.js';

/** What values are made up with, for one member of one object. */
export type World = {
  readonly faker: Faker;
  readonly random: Random;
  readonly now: number;
  readonly schema: JsonObject;
  readonly type: string;
  /** The words of the name of the member, and the name as it is written. */
  readonly phrase: string;
  readonly name: string;
  /** What the object has once, so that its members go together. */
  readonly self: Self;
};

/** What the members of one object have in common. */
type Self = {
  readonly person: () => { readonly first: string; readonly last: string };
  readonly country: () => readonly [
    name: string,
    code: string,
    code3: string,
    currency: string,
    zone: string,
  ];
  /** How long ago it came to be, in milliseconds. */
  readonly age: () => number;
};

/** A kind of name, what it has to belong to where that matters, and its values. */
export type Rule = {
  readonly name: RegExp;
  readonly owner?: RegExp;
  readonly make: (world: World) => Json | undefined;
};

/** Values by what they are called, drawn from a source of random values. */
export function createLikely(random: Random, now: number): Likely {
  const selves = new WeakMap<object, Self>();
  return (site, type, schema) => {
    const format = typeof schema.format === 'string' ? schema.format : '';
    const manner = mannerOf(type, format, site);
    if (manner === undefined) return undefined;
    const self = selves.get(site.self) ?? createSelf(random);
    selves.set(site.self, self);
    return manner.make({
      // Most names ask for nothing that is made up.
      get faker() {
        return fakerOver(random);
      },
      ...{ random, now, schema, type, phrase: manner.phrase, name: site.name, self },
    });
  };
}

/** How values of one name are made. */
type Manner = { readonly phrase: string; readonly make: Rule['make'] };

const found = new Map<string, Manner | undefined>();
const mostFound = 20_000;

function mannerOf(type: string, format: string, { name, owner }: Site): Manner | undefined {
  const key = `${type}\n${format}\n${name}\n${owner}`;
  const before = found.get(key);
  if (before !== undefined || found.has(key)) return before;
  const phrase = wordsOf(name).join(' ');
  const make = likelyInstant(type, format, phrase) ?? ruleFor(type, format, phrase, owner)?.make;
  const manner = make === undefined ? undefined : { phrase, make };
  if (found.size < mostFound) found.set(key, manner);
  return manner;
}

/** Formats that say nothing of what a value is about. */
const shapeless =
  /^(?:|byte|binary|base64(?:url)?|u?int\d*|float|double|decimal|string|text|number|integer)$/i;
/** Formats whose own texts are as good as any. */
const exact =
  /^(?:uuid|guid|ipv[46]|ip|time|duration|regex|json-pointer.*|relative-json-pointer|uri-template|iso-time)$/;

function ruleFor(type: string, format: string, phrase: string, owner: string): Rule | undefined {
  if (exact.test(format)) return undefined;
  const rules = type === 'string' ? textRules : numberRules;
  const phrases = shapeless.test(format) ? [phrase] : [wordsOf(format).join(' '), phrase];
  const owners = owner.split('|').map((each) => wordsOf(each).join(' '));
  // Where the format says what it is, the name says which: an address of an image, a day of birth.
  if (/^(?:uri|url|iri|uri-reference|iri-reference)$/.test(format))
    return (
      textRules.find(({ name }) => name.source.includes('url') && name.test(phrase)) ??
      textRules.find(({ name }) => name.test('url'))
    );
  for (const each of phrases)
    for (const rule of rules) {
      if (!rule.name.test(each)) continue;
      if (rule.owner === undefined || owners.some((one) => rule.owner?.test(one) === true)) return rule;
    }
  return type === 'string' && shapeless.test(format) ? textRules.at(-1) : undefined;
}

const countries = [
  ['United States', 'US', 'USA', 'USD', 'America/New_York'],
  ['Germany', 'DE', 'DEU', 'EUR', 'Europe/Berlin'],
  ['India', 'IN', 'IND', 'INR', 'Asia/Kolkata'],
  ['United Kingdom', 'GB', 'GBR', 'GBP', 'Europe/London'],
  ['Japan', 'JP', 'JPN', 'JPY', 'Asia/Tokyo'],
  ['Brazil', 'BR', 'BRA', 'BRL', 'America/Sao_Paulo'],
  ['France', 'FR', 'FRA', 'EUR', 'Europe/Paris'],
  ['Canada', 'CA', 'CAN', 'CAD', 'America/Toronto'],
  ['Australia', 'AU', 'AUS', 'AUD', 'Australia/Sydney'],
  ['Kenya', 'KE', 'KEN', 'KES', 'Africa/Nairobi'],
  ['Sweden', 'SE', 'SWE', 'SEK', 'Europe/Stockholm'],
  ['Mexico', 'MX', 'MEX', 'MXN', 'America/Mexico_City'],
] as const;

const day = 86_400_000;

function createSelf(random: Random): Self {
  return {
    person: once(() => {
      const { person } = fakerOver(random);
      return { first: person.firstName(), last: person.lastName() };
    }),
    country: once(() => countries[random.integer(0, countries.length - 1)] ?? countries[0]),
    age: once(() => random.integer(20 * day, 400 * day)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
