/** Objects with members that may not be there, names that may not be, too few or too many of them, or without what one asks for. */

import { asObject, isObject, type Json, type JsonObject, numberOf, pointerTo } from '../json.js';
import { regExpOf } from '../schema/pattern.js';
import { withoutMember } from './completed.js';
import { rootsOf } from './sites.js';
import {
  counted,
  type MakeCandidates,
  type Making,
  madeBy,
  type Statement,
  subjectOf,
} from './variant-candidate.js';

const extraNames = ['unexpected', 'Unexpected', '_', '0', 'unexpected-member', '!'];

/** A name that no schema of the site describes. */
export function extraName({ site }: Pick<Statement, 'site'>): string {
  const isDescribed = (name: string): boolean =>
    site.schemas.some(({ schema }) => {
      const patterns = Object.keys(asObject(schema.patternProperties));
      const isPatterned = patterns.some((pattern) => regExpOf(pattern).test(name));
      return isPatterned || Object.hasOwn(asObject(schema.properties), name);
    });
  return extraNames.find((name) => !isDescribed(name)) ?? 'unexpected';
}

export function withMember(object: JsonObject, name: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(object), [name, value]]);
}

const unexpected: MakeCandidates = (statement) => {
  const { site, argument } = statement;
  if (argument !== false || !isObject(site.value)) return [];
  const object = site.value;
  const name = extraName(statement);
  const pointer = pointerTo(site.pointer, name);
  const values = () => [withMember(object, name, true), withMember(object, name, 'x')];
  return [{ ...madeBy(statement, 4, `has an unknown member "${name}"`, values), pointer }];
};

/** Members of which the schema says that they may not be there. */
const forbidden: MakeCandidates = (statement) => {
  const { site, argument, keyword, making } = statement;
  if (!isObject(site.value)) return [];
  const object = site.value;
  const isDependent = keyword === 'dependentSchemas';
  return Object.entries(asObject(argument)).flatMap(([key, schema]) => {
    const not = asObject(schema).not;
    if (!isObject(not) || Object.keys(not).length > 0) return [];
    const name = keyword === 'patternProperties' ? nameOf(key, making) : key;
    if (name === undefined || Object.hasOwn(object, name)) return [];
    const pointer = pointerTo(site.pointer, name);
    const values = () => [
      withMember(object, name, making.sample({ allOf: rootsOf(site, name) })),
      withMember(object, name, 'x'),
    ];
    const made = madeBy(statement, 4, '', values);
    const title = `${subjectOf(pointer)} is there, and may not be`;
    // That the object may not have it then, is said of the object.
    return [{ ...made, keyword: undefined, pointer: isDependent ? site.pointer : pointer, title }];
  });
};

/** A name that a pattern matches. */
function nameOf(pattern: string, { sample }: Making): string | undefined {
  const name = String(sample({ type: 'string', pattern }));
  return regExpOf(pattern).test(name) ? name : undefined;
}

const odd = ['', '!', 'x', 'X', '0', ' ', 'unexpected', 'a'.repeat(300)];

const misnamed: MakeCandidates = (statement) => {
  const { site, making } = statement;
  if (!isObject(site.value)) return [];
  const object = site.value;
  return odd.map((name) => {
    const values = () => [withMember(object, name, making.sample({ allOf: rootsOf(site, name) }))];
    const made = madeBy(statement, 6, 'has a member with a name that is not allowed', values);
    return { ...made, keyword: undefined, pointer: pointerTo(site.pointer, name) };
  });
};

const tooFew: MakeCandidates = (statement) => {
  const { site, argument } = statement;
  const least = numberOf(argument) ?? 0;
  if (least === 0 || !isObject(site.value)) return [];
  const object = site.value;
  const names = Object.keys(object);
  const values = function* (): Generator<Json> {
    yield Object.fromEntries(Object.entries(object).slice(0, least - 1));
    yield Object.fromEntries(Object.entries(object).slice(names.length - least + 1));
    yield {};
  };
  return [madeBy(statement, 4, `has ${counted(least - 1, 'member')}, one too few`, values)];
};

/** More members than this are not sent to find out about a bound. */
const most = 2000;

/** The object with members that no schema names, up to a number of them. */
export function* objectsOf({ site, making }: Statement, count: number): Generator<Json> {
  if (!isObject(site.value) || count > most) return;
  const object = site.value;
  const filled = new Map(Object.entries(object).slice(0, count));
  for (let index = 1; filled.size < count; index += 1) {
    const name = `member${index}`;
    filled.set(name, making.sample({ allOf: rootsOf(site, name) }));
  }
  yield Object.fromEntries(filled);
}

const tooMany: MakeCandidates = (statement) => {
  const count = (numberOf(statement.argument) ?? 0) + 1;
  const title = `has ${counted(count, 'member')}, one too many`;
  return [madeBy(statement, 4, title, () => objectsOf(statement, count))];
};

/** One member is there, and another that it asks for is not. */
const lonely: MakeCandidates = (statement) => {
  const { site, argument, making } = statement;
  if (!isObject(site.value)) return [];
  const object = site.value;
  return Object.entries(asObject(argument)).flatMap(([name, needed]) =>
    [needed].flat().map((each) => {
      const other = String(each);
      const pointer = pointerTo(site.pointer, other);
      const values = function* (): Generator<Json> {
        const rest = withoutMember(object, other);
        yield Object.hasOwn(rest, name)
          ? rest
          : withMember(rest, name, making.sample({ allOf: rootsOf(site, name) }));
      };
      const title = `${subjectOf(pointer)} is missing beside ${name}`;
      return { ...madeBy(statement, 4, '', values), pointer, title };
    }),
  );
};

export const wrongMembers: Readonly<Record<string, MakeCandidates>> = {
  additionalProperties: unexpected,
  unevaluatedProperties: unexpected,
  properties: forbidden,
  patternProperties: forbidden,
  dependentSchemas: forbidden,
  propertyNames: misnamed,
  minProperties: tooFew,
  maxProperties: tooMany,
  dependentRequired: lonely,
};
