/** Values that the contract allows and that are hard to take: what breaks out of quotes, is very long, deep, or not what it seems. */

import { isObject, type Json, type JsonObject, numberOf } from '../json.js';
import { memberNames } from './completed.js';
import { withMember } from './invalid-members.js';
import { flatSchema, type Site } from './sites.js';
import { type Candidate, counted, type Making, resized, subjectOf } from './variant-candidate.js';

/** Texts that have broken something before, the most telling first. */
const texts: readonly (readonly [title: string, text: string])[] = [
  ['has quotes and apostrophes', `"O'Brien" \u201cand\u201d 'others' \``],
  [
    'has characters beyond the basic plane',
    '\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{20bb7}\u{10ffff}',
  ],
  ['has the null character', 'a\u0000b'],
  ['is like SQL', "' OR '1'='1' --"],
  ['is like markup', '<script>alert(1)</script>&amp;'],
  ['has backslashes', 'C:\\new\\table\\u0041\\'],
  ['has control characters', 'a\u0001\u0008\t\u000b\u001b[31m\u007f\u0085b'],
  ['has line breaks', 'a\nb\r\nSet-Cookie: a=b\r\n\r\nc\u2028d\u2029e'],
  ['is like a path to elsewhere', '../../../../etc/passwd'],
  ['is like a template', `{{7*7}}\${7*7}#{7*7}<%= 7*7 %>%s%n`],
  ['has marks of direction', '\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627 \u200f\u05d0'],
  ['has combining characters', `e\u0301 Z${'\u0351\u0320'.repeat(50)} \u1112\u1161\u11ab`],
  ['is like a query of MongoDB', '{"$gt": ""}'],
  ['is like a command', '; cat /etc/passwd | $(id) `id`'],
  ['is a number as text', '1e309'],
  ['is a number with zeros before', '00123'],
  ['is a word that means something elsewhere', 'null'],
  ['is another such word', 'true'],
  ['is yet another such word', 'undefined'],
  ['is a name that objects have', '__proto__'],
  ['has white space at both ends', '  a  \t'],
  ['is white space', ' '],
  ['has white space that is none', '\u00a0a\u2003b\u200b\ufeff'],
  ['is empty', ''],
  ['is percent-encoded', '%00%2e%2e%2f%27'],
  ['has a letter that changes its length in upper case', '\u00df\ufb03\u0130\u0131'],
  ['is not normalized', '\ufb01\u212b\u2126'],
];

const long = 20_000;

const numbers: readonly (readonly [title: string, number: number])[] = [
  ['is past 32 bits', 2_147_483_648],
  ['is past the exact integers', 9_007_199_254_740_992],
  ['is as small as 64 bits hold', -(2 ** 63)],
  ['is the largest number', Number.MAX_VALUE],
  ['is the lowest number', -Number.MAX_VALUE],
  ['is the smallest number', Number.MIN_VALUE],
  ['has a fraction that binary cannot hold', 0.1],
  ['is very negative', -1_000_000_000],
];

const deep = 100;
const many = 1000;

/** What might be hard to take at each place of the value, as far as it is legal there. */
export function hostileCandidates(making: Making): readonly Candidate[] {
  return making.sites.flatMap((site) => {
    const flat = flatSchema(site);
    if (flat.enum !== undefined || flat.const !== undefined) return [];
    if (typeof site.value === 'string') return ofText(site, numberOf(flat.maxLength));
    if (typeof site.value === 'number')
      return numbers
        .filter(([, each]) => flat.format !== 'int64' || Math.abs(each) <= 2 ** 63)
        .map(([what, each], index) => of(site, index, what, () => [each]));
    if (Array.isArray(site.value)) return ofList(site);
    return isObject(site.value) ? ofObject(site) : [];
  });
}

/** The first of each place come first, then the second: a budget that runs out has tried them all. */
function of(site: Site, rank: number, what: string, values: () => readonly Json[]): Candidate {
  const { pointer } = site;
  const at = site.schemas[0]?.at ?? { file: '', pointer: '' };
  return { rank, site, pointer, keyword: undefined, at, title: `${subjectOf(pointer)} ${what}`, values };
}

function ofText(site: Site, longest: number | undefined): readonly Candidate[] {
  const fitted = (text: string): readonly string[] =>
    longest === undefined || text === '' ? [text] : [text, [...text].slice(0, longest).join('')];
  const lengthy = Math.min(long, longest ?? long);
  const count = counted(lengthy, 'character');
  return [
    ...texts.map(([what, text], index) => of(site, index, what, () => fitted(text))),
    of(site, 3, `has ${count}`, () => [resized('abcdefghij', lengthy)]),
    of(site, 14, `has ${count} of four bytes`, () => [resized('\u{1f600}', lengthy)]),
  ];
}

function ofList(site: Site): readonly Candidate[] {
  const items: readonly Json[] = Array.isArray(site.value) ? site.value : [];
  const [first = null] = items;
  return [
    of(site, 3, `has ${counted(many, 'item')}`, () => [Array.from({ length: many }, () => first)]),
    of(site, 4, 'is nested deeply', () => [nested((inner) => [inner])]),
  ];
}

function ofObject(site: Site): readonly Candidate[] {
  const object = isObject(site.value) ? site.value : {};
  const member = (rank: number, what: string, name: string, value: () => Json): Candidate =>
    of(site, rank, what, () => [withMember(object, name, value())]);
  // Of names that every object has, the validator does not tell whether they were evaluated.
  const isEvaluated = site.schemas.some(({ schema }) => schema.unevaluatedProperties !== undefined);
  const named = (rank: number, name: string, value: Json): readonly Candidate[] =>
    isEvaluated || memberNames(site).includes(name)
      ? []
      : [member(rank, `has an unknown member "${name}"`, name, () => value)];
  return [
    ...named(1, '__proto__', { admin: true }),
    member(2, 'has an unknown member that is nested deeply', 'nested', () => nested((a) => ({ a }))),
    of(site, 3, `has ${counted(many, 'unknown member')}`, () => [crowded(object)]),
    member(4, 'has a member without a name', '', () => 'x'),
    ...named(5, 'constructor', { prototype: {} }),
    of(site, 6, 'has its members in the reverse order', () => [reversed(object)]),
    member(7, 'has a member whose name has quotes and control characters', '"\'\\\u0000\n', () => 'x'),
  ];
}

function crowded(object: JsonObject): Json {
  return Object.fromEntries([...Object.entries(object), ...crowd]);
}

const crowd = Array.from({ length: many }, (_, index): [string, Json] => [`member${index + 1}`, 'x']);

function reversed(object: JsonObject): Json {
  return Object.fromEntries(Object.entries(object).toReversed());
}

function nested(around: (inner: Json) => Json): Json {
  let value: Json = 'x';
  for (let depth = 0; depth < deep; depth += 1) value = around(value);
  return value;
}
