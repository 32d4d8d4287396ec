/** Values of other alternatives than the one a value is of, and with what conditions and dependencies ask for then. */

import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { withMember } from './invalid-members.js';
import { distinctSites, flatSchema, keyOf, rootsOf, type Site, sitesWithin } from './sites.js';
import { withPlaceOf, withValueAt } from './value-at.js';
import {
  type Candidate,
  type MakeCandidates,
  type Making,
  madeBy,
  statementsOf,
} from './variant-candidate.js';
import { invalidCandidates } from './variants-invalid.js';

/** As many alternatives that a value is not of are looked into. */
const mostAlternatives = 24;

/** Values of another alternative than that of the value, or with what its conditions and dependencies ask for. */
function alternativeCandidates(making: Making): readonly Candidate[] {
  return making.sites.flatMap((site) =>
    statementsOf(site, flatSchema(site), making).flatMap((statement) =>
      Object.hasOwn(alternativeMakers, statement.keyword)
        ? (alternativeMakers[statement.keyword]?.(statement) ?? [])
        : [],
    ),
  );
}

/** What might break the constraints of alternatives that the base is not of, each within a value that is of it. */
export function otherwiseInvalid(making: Making, isValid: (value: Json) => boolean): readonly Candidate[] {
  const seen = new Set(making.sites.map((site) => `${site.pointer} ${keyOf(site)}`));
  const found: Candidate[] = [];
  for (const { site, values, whole } of alternativeCandidates(making).slice(0, mostAlternatives)) {
    const host = withPlaceOf(making.base, making.full, site.pointer);
    const other = firstOf(whole === undefined ? values() : chained([whole()], values()), (value) =>
      isValid(withValueAt(host, site.pointer, value)),
    );
    if (other === undefined) continue;
    const sites = distinctSites(sitesWithin(site, other, making.walk)).filter((each) => {
      const key = `${each.pointer} ${keyOf(each)}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
    const within = withValueAt(host, site.pointer, other);
    const made = { ...making, base: within, full: within, sites };
    found.push(...invalidCandidates(made).map((candidate) => ({ ...candidate, host: within })));
  }
  return found;
}

function* chained(...lists: readonly Iterable<Json>[]): Generator<Json> {
  for (const list of lists) yield* list;
}

function firstOf(values: Iterable<Json>, isWanted: (value: Json) => boolean): Json | undefined {
  for (const value of values) if (isWanted(value)) return value;
  return undefined;
}

const eachAlternative: MakeCandidates = (statement) => {
  const { argument, making, site, flat, schema, keyword } = statement;
  const alternatives = Array.isArray(argument) ? argument : [];
  const { [keyword]: _, ...beside } = schema;
  return alternatives.map((alternative: Json, index) => {
    const values = function* (): Generator<Json> {
      for (const each of making.samples({ allOf: [beside, alternative] }))
        yield isObject(each) && flat.unevaluatedProperties === undefined
          ? { ...pickedMembers(site, each), ...each }
          : each;
      yield* making.samples({ allOf: [alternative] });
    };
    const whole = () => making.wholeSample({ allOf: [beside, alternative] });
    return { ...madeBy(statement, 1, `is of alternative ${index + 1}`, values), whole };
  });
};

/** A value that meets a condition, and what follows then; and one that does not. */
const eitherWay: MakeCandidates = (statement) => {
  const { argument, making, schema } = statement;
  if (!isObject(argument) || making.walk.plain.placeOf(argument) === undefined) return [];
  const { if: _, then = true, else: otherwise = true, ...beside } = schema;
  const ways: readonly (readonly [title: string, asked: Json])[] = [
    ['meets its condition', { allOf: [beside, argument, then] }],
    ['does not meet its condition', { allOf: [beside, { not: argument }, otherwise] }],
  ];
  return ways.map(([title, asked]) => {
    const values = function* (): Generator<Json> {
      for (const each of making.samples({ allOf: [asked] })) {
        if (isObject(each)) yield { ...asObject(statement.site.value), ...each };
        yield each;
      }
    };
    const whole = () => making.wholeSample({ allOf: [asked] });
    return { ...madeBy(statement, 1, title, values), whole };
  });
};

/** The members of the site that another value has too: what was chosen for the base stays. */
function pickedMembers({ value }: Site, other: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(asObject(value)).filter(([name]) => Object.hasOwn(other, name)));
}

/** The alternatives that a discriminator tells apart. */
const conditioned: MakeCandidates = (statement) => {
  const { at } = statement;
  const cases = Array.isArray(statement.argument) ? statement.argument : [];
  const alternatives = cases.flatMap((each) => {
    const { if: test, then } = asObject(each);
    return isObject(test) && then !== undefined && statement.making.walk.plain.placeOf(test) === undefined
      ? [{ allOf: [test, then] }]
      : [];
  });
  return alternatives.map((alternative, index) => {
    const values = () => statement.making.samples(alternative);
    const made = madeBy(statement, 1, `is of alternative ${index + 1}`, values);
    return {
      ...made,
      whole: () => statement.making.wholeSample(alternative),
      keyword: 'oneOf',
      at: { file: at.file, pointer: at.pointer.replace(/allOf$/, 'oneOf') },
    };
  });
};

/** A member, and what the schema that is asked for beside it describes. */
const dependentValues: MakeCandidates = (statement) => {
  const { site, argument, making } = statement;
  if (!isObject(site.value)) return [];
  const object = site.value;
  return Object.entries(asObject(argument))
    .filter(([name]) => !Object.hasOwn(object, name))
    .map(([name, schema]) => {
      const values = function* (): Generator<Json> {
        const member = making.sample({ allOf: rootsOf(site, name) });
        for (const each of making.samples({ allOf: [schema] }))
          yield withMember({ ...object, ...asObject(each) }, name, asObject(each)[name] ?? member);
      };
      return madeBy(statement, 3, `has ${name} and what it asks for`, values);
    });
};

export const alternativeMakers: Readonly<Record<string, MakeCandidates>> = {
  oneOf: eachAlternative,
  anyOf: eachAlternative,
  allOf: conditioned,
  if: eitherWay,
  dependentSchemas: dependentValues,
};
