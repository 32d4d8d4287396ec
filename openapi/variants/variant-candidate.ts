/** What a variant is made from before it is known whether it is one: values for one place, and what they are to show. */

import type { Place } from '../document/documents.js';
import { type Json, type JsonObject, pointerTokens } from '../json.js';
import type { Sample } from './completed.js';
import { keywordPlace, type Site, type Walk } from './sites.js';

export type Candidate = {
  /** The most telling have the lowest. */
  readonly rank: number;
  readonly site: Site;
  readonly pointer: string;
  /** Undefined: whichever is broken there. */
  readonly keyword: string | undefined;
  readonly at: Place;
  readonly title: string;
  /** Values to put at the site, the best first. */
  readonly values: () => Iterable<Json>;
  /** Of those for another alternative: one with more in it. */
  readonly whole?: () => Json;
  /** A value to put them in instead of the base, where it takes another alternative for them. */
  readonly host?: Json;
};

/** What candidates are made with. */
export type Making = {
  readonly base: Json;
  /** The base with all that is optional. */
  readonly full: Json;
  /** Those of the base, and those of the completed base where it differs. */
  readonly sites: readonly Site[];
  readonly walk: Walk;
  readonly sample: Sample;
  /** A few values of a schema. */
  readonly samples: (schema: JsonObject) => Iterable<Json>;
  /** A value of a schema with what is optional in it, some of it at least. */
  readonly wholeSample: Sample;
};

/** One keyword of one schema that applies at a site. */
export type Statement = {
  readonly site: Site;
  readonly schema: JsonObject;
  readonly keyword: string;
  readonly argument: Json;
  readonly at: Place;
  /** All that is said of the site, in one schema. */
  readonly flat: JsonObject;
  readonly making: Making;
};

/** What is made of one keyword. */
export type MakeCandidates = (statement: Statement) => readonly Candidate[];

/** Values for the whole site, by which its keyword is broken or its bound reached. */
export function madeBy(
  { site, keyword, at }: Statement,
  rank: number,
  what: string,
  values: () => Iterable<Json>,
): Candidate {
  const { pointer } = site;
  return { rank, site, pointer, keyword, at, title: `${subjectOf(pointer)} ${what}`, values };
}

/** Every keyword that is said of a site. */
export function statementsOf(site: Site, flat: JsonObject, making: Making): readonly Statement[] {
  return site.schemas.flatMap((placed) =>
    Object.entries(placed.schema).map(([keyword, argument]): Statement => {
      const at = keywordPlace(placed, keyword);
      return { site, schema: placed.schema, keyword, argument, at, flat, making };
    }),
  );
}

/** What a person calls a place of a value: `roles.default[0]`. */
export function subjectOf(pointer: string): string {
  if (pointer === '') return 'the value';
  const names = pointerTokens(pointer).map((token) => (/^\d+$/.test(token) ? `[${token}]` : `.${token}`));
  return names.join('').replace(/^\./, '');
}

/** A number as people write it: 20,000. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The text cut, or repeated, to a number of characters. */
export function resized(text: string, length: number): string {
  const whole = text === '' ? 'a' : text;
  const { length: own } = [...whole];
  if (length % own === 0) return whole.repeat(length / own);
  return [...whole.repeat(Math.ceil(length / own))].slice(0, length).join('');
}
