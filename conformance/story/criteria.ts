/** Success criteria of a finding: what should have come, in the words of Arazzo. */

import type { Criterion } from '../../openapi/arazzo/workflow.js';
import { isObject, type Json, pointedTo, pointerTo, pointerTokens } from '../../openapi/json.js';
import type { Exchange, Wanted } from '../check.js';
import type { Shown } from '../findings.js';
import type { Difference, Possible } from '../judge/judge.js';
import type { Told } from './retold.js';

/**
 * What a value that should have come is called in the workflow: an expression, where it was sent or answered before;
 * `literal` where the contract or the workflow itself says it; undefined where it was a matter of that one run.
 */
export type NameValue = (value: Json) => string | 'literal' | undefined;

/** Longer texts say nothing to a reader. */
const longest = 300;

/** What the contract expects of a step before the last: what has come, as far as the contract asks for it. */
export function criteriaBefore({ records, by }: Told): readonly Criterion[] {
  const statuses = records.flatMap(({ outcome }) =>
    outcome.kind === 'response' ? [String(outcome.response.status)] : [],
  );
  const [first] = by;
  const isOne =
    first !== undefined && by.every((each) => each?.choice.transition === first.choice.transition);
  return [...statusCriteria(statuses), ...(isOne && !isSuccess(first) ? wordsOf(first) : [])];
}

function isSuccess({ response }: Possible): boolean {
  return response.status.startsWith('2');
}

/** Which refusal it was: the texts of the documented payload. */
function wordsOf({ response, example, choice }: Possible): readonly Criterion[] {
  const shown = response.content.flatMap(({ examples }) => examples).find(({ name }) => name === example);
  const isSure =
    shown?.provenance.kind === 'documented' && choice.transition.provenance.kind === 'documented';
  if (!isSure || !isObject(shown.value) || choice.transition.content !== undefined) return [];
  return Object.entries(shown.value).flatMap(([name, value]) =>
    typeof value === 'string' ? valueCriteria(pointerTo('', name), value, 'literal') : [],
  );
}

/** What was expected where server and contract have parted. */
export function criteriaAtEnd({ deviation, exchange }: Shown, nameValue: NameValue): readonly Criterion[] {
  const { statuses = [], differences = [] } = deviation.wanted ?? wantedOf(exchange);
  const values = differences.flatMap((difference) => differenceCriteria(difference, nameValue));
  const keyword = deviation.wanted === undefined ? keywordCriteria(deviation, exchange) : [];
  return unlikeEachOther([...statusCriteria(statuses), ...values, ...keyword]);
}

/** What the contract permits after all that went before, whatever the check is about. */
function wantedOf({ situation, judgement, operation, response }: Exchange): Wanted {
  if (judgement.kind === 'unexplained') {
    const isStatus = judgement.differences.some(({ of }) => of === 'status');
    return isStatus
      ? { statuses: statusesOf(judgement.permitted) }
      : { statuses: [judgement.nearest.response.status], differences: judgement.differences };
  }
  const { kind, authentication, permitted } = situation;
  const isRefused = authentication === 'missing' || authentication === 'refused';
  if (isRefused) return { statuses: permitted.length > 0 ? statusesOf(permitted) : ['401', '403'] };
  if (kind === 'undocumented-method') return { statuses: ['405', '501'] };
  if (kind !== 'valid') return { statuses: ['4XX'] };
  if (judgement.kind === 'explained') return { statuses: [judgement.by.response.status] };
  if (permitted.length > 0) return { statuses: statusesOf(permitted) };
  const documented = operation?.responses.map(({ status }) => status) ?? [];
  const isFault = response === undefined || response.status >= 500;
  return { statuses: isFault ? documented.filter((status) => !status.startsWith('5')) : documented };
}

function statusesOf(permitted: readonly Possible[]): readonly string[] {
  return permitted.map(({ response }) => response.status);
}

/** One criterion for all: any of these will do. */
function statusCriteria(statuses: readonly string[]): readonly Criterion[] {
  const unique = [...new Set(statuses.map((status) => status.toUpperCase()))];
  if (unique.length === 0 || unique.includes('DEFAULT')) return [];
  const isAlone = unique.length === 1;
  const conditions = unique.map((status) => {
    const [, hundred] = /^(\d)XX$/.exec(status) ?? [];
    if (hundred === undefined) return `$statusCode == ${status}`;
    const range = `$statusCode >= ${hundred}00 && $statusCode < ${Number(hundred) + 1}00`;
    return isAlone ? range : `(${range})`;
  });
  return [simple(conditions.join(' || '))];
}

function differenceCriteria(
  { pointer, expected, of }: Difference,
  nameValue: NameValue,
): readonly Criterion[] {
  if (pointer === undefined) return [];
  if (expected === 'no such member') return presence(pointer, false);
  if (expected === 'a value') return presence(pointer, true);
  const value = parsed(expected);
  if (value === undefined) return [];
  return leavesOf(value, pointer).flatMap(([at, leaf]) => {
    const name = of === 'example' ? 'literal' : nameValue(leaf);
    return name === undefined ? presence(at, true) : valueCriteria(at, leaf, name);
  });
}

/** Of the keywords of JSON Schema those that say which value it must be. */
function keywordCriteria(
  { at, pointer = '' }: Shown['deviation'],
  { contract }: Exchange,
): readonly Criterion[] {
  if (at === undefined || at.file !== contract.files[0] || !/\/(?:const|enum)$/.test(at.pointer)) return [];
  const document: Json = JSON.parse(JSON.stringify(contract.document));
  const said = pointedTo(document, at.pointer);
  if (at.pointer.endsWith('/const') && said !== undefined) return valueCriteria(pointer, said, 'literal');
  if (!at.pointer.endsWith('/enum') || !Array.isArray(said)) return [];
  const texts = said.filter((each): each is string => typeof each === 'string');
  return texts.length === said.length ? [regex(pointer, `^(?:${texts.map(literally).join('|')})$`)] : [];
}

/** A text is compared by a regular expression, for simple conditions do not look at letter case (Arazzo 1.0, section 4.6.12). */
function valueCriteria(pointer: string, value: Json, name: string): readonly Criterion[] {
  if (name !== 'literal') return [simple(`${bodyAt(pointer)} == ${name}`)];
  if (typeof value === 'string')
    return value.length > longest ? [] : [regex(pointer, `^${literally(value)}$`)];
  if (typeof value === 'object' && value !== null) return [];
  return [simple(`${bodyAt(pointer)} == ${JSON.stringify(value)}`)];
}

/**
 * Whether there is a member at all. Some tools apply a JSONPath to a list of the one value that it is about: the condition
 * holds in either reading.
 */
function presence(pointer: string, isThere: boolean): readonly Criterion[] {
  const path = pointerTokens(pointer)
    .map((token) => (/^\d+$/.test(token) ? `[${token}]` : `[${quoted(token)}]`))
    .join('');
  if (path === '') return [];
  const condition = isThere ? `$[?$${path} || $[0]${path}]` : `$[?!$${path} && !$[0]${path}]`;
  return [{ condition, type: 'jsonpath', context: '$response.body', at: undefined }];
}

/** A name in single quotes (RFC 9535, section 2.3.1.1). */
function quoted(name: string): string {
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

function simple(condition: string): Criterion {
  return { condition, type: 'simple', context: undefined, at: undefined };
}

function regex(pointer: string, condition: string): Criterion {
  return { condition, type: 'regex', context: bodyAt(pointer), at: undefined };
}

function bodyAt(pointer: string): string {
  return pointer === '' ? '$response.body' : `$response.body#${pointer}`;
}

/** A text within a regular expression, standing for itself; a slash in front would be the beginning of flags to some tools. */
function literally(text: string): string {
  return text
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

function leavesOf(value: Json, pointer: string): readonly (readonly [pointer: string, leaf: Json])[] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, pointerTo(pointer, name)));
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Each criterion once. */
export function unlikeEachOther(criteria: readonly Criterion[]): readonly Criterion[] {
  const key = ({ type, context, condition }: Criterion): string => `${type} ${context ?? ''} ${condition}`;
  return [...new Map(criteria.map((each) => [key(each), each] as const).toReversed()).values()].toReversed();
}
