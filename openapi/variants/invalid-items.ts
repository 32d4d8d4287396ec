/** Lists that have too few or too many items, the same one twice, or not what they must contain. */

import { type Json, jsonEquals, numberOf, pointerTo } from '../json.js';
import { rootsOf } from './sites.js';
import {
  type Candidate,
  counted,
  type MakeCandidates,
  madeBy,
  type Statement,
  subjectOf,
} from './variant-candidate.js';

/** Longer lists than this are not sent to find out about a bound. */
const longest = 2000;

/** The list cut, or filled with more of its items, to a number of them. */
export function* listsOf(statement: Statement, length: number): Generator<Json> {
  const { site, making, flat } = statement;
  if (!Array.isArray(site.value) || length > longest) return;
  const items: readonly Json[] = site.value;
  if (length <= items.length) {
    yield items.slice(0, length);
    yield items.slice(items.length - length);
  }
  const isUnique = flat.uniqueItems === true;
  const filled = [...items].slice(0, length);
  // A unique item may take a few tries; where there are no more of them, that shows in the end.
  for (let attempt = 0; filled.length < length && attempt < 20 * length; attempt += 1) {
    const roots = rootsOf(site, String(filled.length));
    const isRepeatable = !isUnique && filled.length > 0 && attempt > 3;
    const item = isRepeatable ? (filled.at(-1) ?? null) : making.sample({ allOf: roots });
    if (!isUnique || !filled.some((other) => jsonEquals(other, item))) filled.push(item);
  }
  if (filled.length === length) yield filled;
}

const tooFew: MakeCandidates = (statement) => {
  const least = numberOf(statement.argument) ?? 0;
  if (least === 0) return [];
  return [ofItems(statement, least - 1, 'one too few')];
};

const tooMany: MakeCandidates = (statement) => {
  return [ofItems(statement, (numberOf(statement.argument) ?? 0) + 1, 'one too many')];
};

function ofItems(statement: Statement, length: number, what: string): Candidate {
  return madeBy(statement, 4, `has ${counted(length, 'item')}, ${what}`, () => listsOf(statement, length));
}

const doubled: MakeCandidates = (statement) => {
  if (statement.argument !== true || !Array.isArray(statement.site.value)) return [];
  const items: readonly Json[] = statement.site.value;
  const values = function* (): Generator<Json> {
    const item = items[0] ?? statement.making.sample({ allOf: rootsOf(statement.site, '0') });
    yield items.length === 0 ? [item, item] : [...items, item];
    // Where there is no room for one more.
    yield [...items.slice(0, -1), item];
    yield [item, item, ...items.slice(2)];
  };
  return [madeBy(statement, 4, 'has the same item twice', values)];
};

const odd: readonly Json[] = [null, 'x', 0, true, {}];

const uncontained: MakeCandidates = (statement) => {
  if (!Array.isArray(statement.site.value)) return [];
  const items: readonly Json[] = statement.site.value;
  const values = function* (): Generator<Json> {
    for (const item of odd) yield items.map(() => item);
    for (let kept = items.length - 1; kept >= 0; kept -= 1) yield items.slice(0, kept);
    for (let kept = 1; kept < items.length; kept += 1) yield items.slice(kept);
  };
  return [madeBy(statement, 4, 'does not contain what it must', values)];
};

const containedTooOften: MakeCandidates = (statement) => {
  const { site, argument, making, schema } = statement;
  if (!Array.isArray(site.value)) return [];
  const items: readonly Json[] = site.value;
  const values = function* (): Generator<Json> {
    const more = Array.from({ length: (numberOf(argument) ?? 0) + 1 }, () =>
      making.sample({ allOf: [schema.contains ?? true, ...rootsOf(site, String(items.length))] }),
    );
    yield [...items, ...more];
    yield more;
  };
  return [{ ...madeBy(statement, 4, 'contains too many of what it may', values), keyword: undefined }];
};

/** An item where none may be. */
const forbidden: MakeCandidates = (statement) => {
  const { site, argument, keyword } = statement;
  if (!Array.isArray(site.value)) return [];
  const items: readonly Json[] = site.value;
  const nothing = { not: {} };
  const isNothing = (schema: Json): boolean => schema === false || jsonEquals(schema, nothing);
  const index = keyword === 'items' ? 0 : [argument].flat().findIndex(isNothing);
  if (index < 0 || index > items.length) return [];
  const values = () => odd.map((item) => [...items.slice(0, index), item]);
  const pointer = pointerTo(site.pointer, index);
  const made = madeBy(statement, 4, '', values);
  return [{ ...made, keyword: undefined, pointer, title: `${subjectOf(pointer)} is there, and may not be` }];
};

/** One item more than those that are described. */
const oneMore: MakeCandidates = (statement) => {
  const { site, argument, schema, keyword } = statement;
  if (argument !== false || !Array.isArray(site.value)) return [];
  if (keyword === 'items' && schema.prefixItems === undefined) return forbidden(statement);
  const items: readonly Json[] = site.value;
  const values = function* (): Generator<Json> {
    const full = [...listsOf(statement, [statement.schema.prefixItems ?? []].flat().length)].at(-1);
    for (const item of odd) yield [...(Array.isArray(full) ? full : items), item];
  };
  return [madeBy(statement, 4, 'has one item too many', values)];
};

export const wrongItems: Readonly<Record<string, MakeCandidates>> = {
  minItems: tooFew,
  maxItems: tooMany,
  uniqueItems: doubled,
  contains: uncontained,
  maxContains: containedTooOften,
  prefixItems: forbidden,
  items: oneMore,
  unevaluatedItems: oneMore,
};
