/** For every constraint a value that just keeps it: at each bound, of each type and alternative, in other forms. */

import { asObject, isObject, type Json, type JsonObject, numberOf } from '../json.js';
import { isMade, memberNames } from './completed.js';
import { formatSamples } from './format-samples.js';
import { listsOf } from './invalid-items.js';
import { extraName, objectsOf, withMember } from './invalid-members.js';
import { moved, stepsOf } from './invalid-numbers.js';
import { flatSchema, rootsOf, type Site } from './sites.js';
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
import { alternativeMakers } from './variants-alternatives.js';

/** What might lie at each bound of each place of the value. */
export function validCandidates(making: Making): readonly Candidate[] {
  return making.sites.flatMap((site) => {
    const flat = flatSchema(site);
    return [
      ...statementsOf(site, flat, making).flatMap((statement) =>
        Object.hasOwn(makers, statement.keyword) ? (makers[statement.keyword]?.(statement) ?? []) : [],
      ),
      ...membersOf(site, making),
      ...unbounded(site, flat),
    ];
  });
}

const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const listed: MakeCandidates = (statement) =>
  [statement.argument].flat().map((each: Json) => madeBy(statement, 2, `is ${shown(each)}`, () => [each]));

const eachType: MakeCandidates = (statement) => {
  const { argument, making, flat } = statement;
  if (!Array.isArray(argument)) return [];
  const isListed = (type: Json): boolean =>
    type !== 'null' || !Array.isArray(flat.enum) || flat.enum.includes(null);
  return argument.filter(isListed).map((type: Json) => {
    const what = type === 'null' ? 'null' : `of type ${String(type)}`;
    const { type: _, ...rest } = flat;
    const values = () => (type === 'null' ? [null] : making.samples({ ...rest, type }));
    return madeBy(statement, 1, `is ${what}`, values);
  });
};

const ofLength: MakeCandidates = (statement) => {
  const { site, argument, making, flat, keyword } = statement;
  const length = numberOf(argument);
  if (length === undefined || length > 200_000 || typeof site.value !== 'string') return [];
  const text = site.value;
  const values = function* (): Generator<Json> {
    yield resized(text, length);
    if (length < 2000) yield* making.samples({ ...flat, minLength: length, maxLength: length });
  };
  const bound = keyword === 'minLength' ? 'least' : 'most';
  return [madeBy(statement, 2, `has ${counted(length, 'character')}, the ${bound}`, values)];
};

const ofCount: MakeCandidates = (statement) => {
  const length = numberOf(statement.argument);
  if (length === undefined || !Array.isArray(statement.site.value)) return [];
  const bound = statement.keyword === 'minItems' ? 'least' : 'most';
  const title = `has ${counted(length, 'item')}, the ${bound}`;
  return [madeBy(statement, 2, title, () => listsOf(statement, length))];
};

const ofMembers: MakeCandidates = (statement) => {
  const count = numberOf(statement.argument);
  if (count === undefined || !isObject(statement.site.value)) return [];
  const bound = statement.keyword === 'minProperties' ? 'least' : 'most';
  const title = `has ${counted(count, 'member')}, the ${bound}`;
  return [madeBy(statement, 2, title, () => objectsOf(statement, count))];
};

const atBound =
  (direction: 1 | -1, isExclusive: boolean): MakeCandidates =>
  (statement) => {
    const bound = numberOf(statement.argument);
    if (bound === undefined || typeof statement.site.value !== 'number') return [];
    const steps = stepsOf(statement);
    const inside = steps.toReversed().map((step) => moved(bound, -direction * step));
    const whole = steps.map((step) => {
      const count = (direction * bound) / step;
      return direction * step * (isExclusive ? Math.ceil(count) - 1 : Math.floor(count));
    });
    const title = isExclusive
      ? `is next to ${bound}`
      : `is ${bound}, the ${direction > 0 ? 'most' : 'least'}`;
    return [madeBy(statement, 2, title, () => [...(isExclusive ? [] : [bound]), ...inside, ...whole])];
  };

const multiples: MakeCandidates = (statement) => {
  const step = numberOf(statement.argument);
  if (step === undefined || typeof statement.site.value !== 'number') return [];
  const value = statement.site.value;
  const next = () => [moved(value, step), moved(value, -step)];
  return [madeBy(statement, 3, `is the next multiple of ${step}`, next)];
};

/** The shortest of some texts that match. */
const shortest: MakeCandidates = (statement) => {
  const { making, flat, site } = statement;
  if (typeof site.value !== 'string') return [];
  const values = function* (): Generator<Json> {
    const texts = ['', ...Array.from({ length: 4 }, () => [...making.samples(flat)]).flat()].map(String);
    yield* texts.toSorted((a, b) => a.length - b.length);
  };
  return [madeBy(statement, 3, 'is short, and matches the pattern', values)];
};

const forms: MakeCandidates = (statement) =>
  formatSamples(statement.argument).valid.map((each) =>
    madeBy(statement, 4, `is ${shown(each)}`, () => [each]),
  );

const dependents: MakeCandidates = (statement) => {
  const { site, argument, making } = statement;
  if (!isObject(site.value)) return [];
  const object = site.value;
  return Object.entries(asObject(argument)).map(([name, needed]) => {
    const values = function* (): Generator<Json> {
      const lacking = [name, ...[needed].flat().map(String)].filter((each) => !Object.hasOwn(object, each));
      yield lacking.reduce<JsonObject>(
        (made, each) => withMember(made, each, making.sample({ allOf: rootsOf(site, each) })),
        object,
      );
    };
    return madeBy(statement, 3, `has ${name} and what it asks for`, values);
  });
};

/** Only what must be there; all that may be; and something that nobody described. */
function membersOf(site: Site, making: Making): readonly Candidate[] {
  const [placed] = site.schemas;
  if (!isObject(site.value) || placed === undefined) return [];
  const object = site.value;
  const required = new Set(site.schemas.flatMap(({ schema }) => [schema.required ?? []].flat()).map(String));
  const optional = memberNames(site).filter((name) => !required.has(name));
  const name = extraName({ site });
  const at = placed.at;
  const of = (rank: number, what: string, keyword: string | undefined, values: () => Iterable<Json>) => {
    const title = `${subjectOf(site.pointer)} ${what}`;
    return { rank, site, pointer: site.pointer, keyword, at, title, values };
  };
  const isKept = ([each]: readonly [string, Json]): boolean => required.has(each);
  const present = optional.filter(
    (each) => Object.hasOwn(object, each) && isMade(rootsOf(site, each), making.walk),
  );
  return [
    of(0, 'has only what is required', 'required', () => [
      Object.fromEntries(Object.entries(object).filter(isKept)),
    ]),
    ...(present.length > 0 ? [of(0, 'has all that is optional', 'properties', () => [object])] : []),
    of(3, `has an unknown member "${name}"`, 'additionalProperties', () => [
      withMember(object, name, 'x'),
      withMember(object, name, making.sample({ allOf: rootsOf(site, name) })),
    ]),
  ];
}

/** What is legal as long as nothing forbids it, by the type of the value. */
const ordinary: Readonly<Record<string, readonly (readonly [title: string, values: readonly Json[]])[]>> = {
  string: [
    ['is empty', ['']],
    ['has one character', ['a']],
    [
      'has letters of other scripts',
      ['\u017bó\u0142\u0107 \u0928\u092e\u0938\u094d\u0924\u0947 \u4f60\u597d'],
    ],
  ],
  number: [
    ['is 0', [0]],
    ['is 1', [1]],
    ['is negative', [-1]],
    ['has a fraction', [0.5]],
    ['is as large as 32 bits hold', [2147483647]],
    ['is the largest exact integer', [9007199254740991]],
  ],
  boolean: [
    ['is true', [true]],
    ['is false', [false]],
  ],
  array: [['is empty', [[]]]],
  object: [['is empty', [{}]]],
};

function unbounded(site: Site, flat: JsonObject): readonly Candidate[] {
  const [placed] = site.schemas;
  const type = Array.isArray(site.value) ? 'array' : typeof site.value;
  if (placed === undefined || flat.enum !== undefined || flat.const !== undefined) return [];
  if (flat.format !== undefined && type === 'string') return [];
  return (ordinary[type] ?? []).map(([what, values]) => {
    const title = `${subjectOf(site.pointer)} ${what}`;
    return {
      rank: 4,
      site,
      pointer: site.pointer,
      keyword: undefined,
      at: placed.at,
      title,
      values: () => values,
    };
  });
}

const makers: Readonly<Record<string, MakeCandidates>> = {
  ...alternativeMakers,
  enum: listed,
  type: eachType,
  minLength: ofLength,
  maxLength: ofLength,
  pattern: shortest,
  format: forms,
  minimum: atBound(-1, false),
  exclusiveMinimum: atBound(-1, true),
  maximum: atBound(1, false),
  exclusiveMaximum: atBound(1, true),
  multipleOf: multiples,
  minItems: ofCount,
  maxItems: ofCount,
  minProperties: ofMembers,
  maxProperties: ofMembers,
  dependentRequired: dependents,
};
