/** For every constraint values that break it, and little else: what is missing, past a bound, or of another form. */

import { asObject, type Json, jsonEquals, numberOf, pointerTo } from '../json.js';
import { withoutMember } from './completed.js';
import { formatSamples } from './format-samples.js';
import { wrongItems } from './invalid-items.js';
import { wrongMembers } from './invalid-members.js';
import { wrongNumbers } from './invalid-numbers.js';
import { wrongTypes } from './invalid-types.js';
import { flatSchema } from './sites.js';
import {
  type Candidate,
  counted,
  type MakeCandidates,
  type Making,
  madeBy,
  resized,
  statementsOf,
  subjectOf,
} from './variant-candidate.js';

/** What might break each constraint of each place of the value. */
export function invalidCandidates(making: Making): readonly Candidate[] {
  return making.sites.flatMap((site) =>
    statementsOf(site, flatSchema(site), making).flatMap((statement) =>
      Object.hasOwn(makers, statement.keyword) ? (makers[statement.keyword]?.(statement) ?? []) : [],
    ),
  );
}

/** Every member that must be there is left out. */
const missing: MakeCandidates = ({ site, keyword, argument, at }) =>
  [argument].flat().map((each) => {
    const name = String(each);
    const pointer = pointerTo(site.pointer, name);
    const values = () => [withoutMember(asObject(site.value), name)];
    return { rank: 0, site, pointer, keyword, at, title: `${subjectOf(pointer)} is missing`, values };
  });

/** A value that is not among those listed: the nearest first. */
const unlisted: MakeCandidates = (statement) => {
  const listed = statement.keyword === 'const' ? [statement.argument] : [statement.argument].flat();
  const { value } = statement.site;
  const near = listed.flatMap((each): Json[] => {
    if (typeof each === 'string') return [`${each}x`, 'other', 'x'];
    if (typeof each === 'number') return [each + 1, each + 1000];
    if (typeof each === 'boolean') return [!each];
    if (Array.isArray(each)) return [[...each, null]];
    return each === null ? [] : [{ ...asObject(each), other: true }];
  });
  const alike = near.filter((each) => typeof each === typeof value);
  const values = [...alike, ...near].filter((each) => !listed.some((other) => jsonEquals(other, each)));
  return [madeBy(statement, 3, `is none of the values that are allowed`, () => values)];
};

const tooShort: MakeCandidates = (statement) => {
  const least = numberOf(statement.argument) ?? 0;
  if (least === 0 || typeof statement.site.value !== 'string') return [];
  const text = statement.site.value;
  const { making, flat } = statement;
  return [
    madeBy(statement, 4, `has ${counted(least - 1, 'character')}, one too few`, function* () {
      yield resized(text, least - 1);
      yield* making.samples({ ...flat, minLength: least - 1, maxLength: least - 1 });
    }),
  ];
};

/** Longer texts than this are not sent to find out about a bound. */
const longest = 200_000;

const tooLong: MakeCandidates = (statement) => {
  const most = numberOf(statement.argument) ?? 0;
  if (most > longest || typeof statement.site.value !== 'string') return [];
  const text = statement.site.value;
  const { making, flat } = statement;
  return [
    madeBy(statement, 4, `has ${counted(most + 1, 'character')}, one too many`, function* () {
      const { format, ...formless } = flat;
      yield resized(text, most + 1);
      if (most < 1000) yield* making.samples({ ...flat, minLength: most + 1, maxLength: most + 1 });
      if (format !== undefined && most < 1000)
        yield* making.samples({ ...formless, minLength: most + 1, maxLength: most + 1 });
    }),
  ];
};

/** Texts of the same length first, so that nothing but the pattern is broken. */
const unmatched: MakeCandidates = (statement) => {
  const { value } = statement.site;
  if (typeof value !== 'string') return [];
  const { length } = [...value];
  const fillers = ['!', 'x', 'X', '0', ' ', '\u00e4', '\n'];
  const values = [
    ...fillers.map((filler) => `${[...value].slice(0, -1).join('')}${filler}`),
    ...fillers.map((filler) => filler.repeat(length)),
    ...fillers.flatMap((filler) => [`${value}${filler}`, `${filler}${value}`, filler]),
    '',
  ];
  return [madeBy(statement, 4, 'does not match the pattern', () => values)];
};

const misformed: MakeCandidates = (statement) => {
  const { invalid } = formatSamples(statement.argument);
  if (invalid.length === 0) return [];
  return [madeBy(statement, 4, `is no ${String(statement.argument)}`, () => invalid)];
};

/** What must not fit, fits. */
const ruledOut: MakeCandidates = (statement) => {
  const { argument, making, site } = statement;
  const values = function* (): Generator<Json> {
    for (const each of making.samples({ allOf: [statement.flat, argument] })) yield each;
    for (const each of making.samples({ allOf: [argument] })) {
      const isBoth = typeof each === 'object' && each !== null && !Array.isArray(each);
      if (isBoth) yield { ...asObject(site.value), ...asObject(each) };
      yield each;
    }
  };
  return [madeBy(statement, 6, 'is what is ruled out', values)];
};

const odd: readonly Json[] = [null, 'x', 0, 1.5, true, [], {}];

/** A value that fits none of the alternatives, and one that fits two of which only one may. */
const unfitting: MakeCandidates = (statement) => {
  const { argument, keyword, making, site } = statement;
  const alternatives = Array.isArray(argument) ? argument : [];
  const none = madeBy(statement, 5, 'fits none of the alternatives', () => odd);
  const both = function* (): Generator<Json> {
    for (const one of alternatives)
      for (const other of alternatives) {
        if (one === other) continue;
        const [a, b] = [making.sample({ allOf: [one] }), making.sample({ allOf: [other] })];
        yield making.sample({ allOf: [one, other] });
        if (typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) continue;
        yield { ...asObject(site.value), ...asObject(a), ...asObject(b) };
      }
  };
  return [
    none,
    ...(keyword === 'oneOf' && alternatives.length < 8
      ? [madeBy(statement, 6, 'fits more than one alternative', both)]
      : []),
  ];
};

const makers: Readonly<Record<string, MakeCandidates>> = {
  required: missing,
  type: wrongTypes,
  const: unlisted,
  enum: unlisted,
  minLength: tooShort,
  maxLength: tooLong,
  pattern: unmatched,
  format: misformed,
  not: ruledOut,
  oneOf: unfitting,
  anyOf: unfitting,
  ...wrongNumbers,
  ...wrongItems,
  ...wrongMembers,
};
