/** Inputs from a file: values by name, or a list of sets that belong together and are spent one after the other. */

import { ContractError, type ContractProblem } from '../../openapi/contract-error.js';
import { displayName, locate, parseSource, type Source } from '../../openapi/document/locate.js';
import { isObject, type Json, type JsonObject, pointerTo } from '../../openapi/json.js';
import {
  dependsText,
  givenInputs,
  type InputAsk,
  type InputSource,
  inputText,
  none,
  notGiven,
  takesType,
  valueFor,
} from './input.js';

/** A value, and the text that it is written as: `01234` is the number 1234. */
type PoolValue = { readonly value: Json; readonly text: string | undefined };

type PoolSet = Readonly<Record<string, PoolValue>>;

/** What a file of inputs holds. */
export type InputPool = {
  /** The name of the file, for messages. */
  readonly file: string;
  /** `values` may be used again and again; each of the `sets` is for one cast. */
  readonly kind: 'values' | 'sets';
  readonly sets: readonly PoolSet[];
};

/**
 * Reads a file of inputs, JSON or YAML: an object of values, or a list of them.
 * @throws ContractError with every problem and its place.
 */
export function readInputs(file: string, text: string): InputPool {
  const source = parseSource(file, text);
  const isList = Array.isArray(source.value);
  const raw: readonly Json[] = Array.isArray(source.value) ? source.value : [source.value];
  const at = (index: number): string => (isList ? pointerTo('', index) : '');
  const wrong = raw.flatMap((each, index) => (isObject(each) ? [] : [at(index)]));
  const problems = isList && raw.length === 0 ? [''] : wrong;
  if (problems.length > 0)
    throw new ContractError(problems.map((pointer) => problemOf(source, pointer, isList)));
  return {
    file: displayName(file),
    kind: isList ? 'sets' : 'values',
    sets: raw.filter(isObject).map((each, index) => setOf(source, at(index), each)),
  };
}

/** The same from values that are in hand, as a configuration has them. `name` says in messages where they are from. */
export function poolOf(name: string, values: JsonObject | readonly JsonObject[]): InputPool {
  const isList = Array.isArray(values);
  const sets = [values].flat().map((each) => plainSet(each));
  return { file: name, kind: isList ? 'sets' : 'values', sets };
}

/**
 * Answers from the pool. Of a list, the members of a set go together: who is asked for what depends on a phone number, is
 * answered from the set with that number; who is asked for by a cast, from the set that the cast has; else from the first
 * set that is not begun. Each member is given once. Values that are no list are used again and again, but for `once`.
 */
export function inputPool(pool: InputPool, once: ReadonlySet<string> = new Set()): InputSource {
  if (pool.kind === 'values') return valuesSource(pool, once);
  const spent = pool.sets.map(() => new Set<string>());
  const casts = new Map<string, number>();
  return async (ask) => {
    const having = pool.sets.flatMap((set, index) => (Object.hasOwn(set, ask.name) ? [index] : []));
    if (having.length === 0) return notGiven(ask);
    const isToldApart = isRelated(pool, ask);
    const own = ask.cast === undefined || isToldApart ? undefined : casts.get(ask.cast);
    const candidates = having.filter(
      (index) => isFor(pool.sets[index], ask) && (own === undefined || index === own),
    );
    const taken = new Set(casts.values());
    const isFree = (index: number): boolean => {
      if (spent[index]?.has(ask.name) !== false) return false;
      if (isToldApart || index === own) return true;
      // A set that somebody else has begun is theirs.
      return !taken.has(index) && (ask.cast === undefined || spent[index]?.size === 0);
    };
    const index = candidates.find(isFree);
    const found = index === undefined ? undefined : pool.sets[index]?.[ask.name];
    if (index === undefined || found === undefined) return none(usedUp(pool, ask, candidates, own));
    spent[index]?.add(ask.name);
    if (ask.cast !== undefined && !casts.has(ask.cast)) casts.set(ask.cast, index);
    return valueFor(ask, fitting(found, ask));
  };
}

function valuesSource({ sets }: InputPool, once: ReadonlySet<string>): InputSource {
  const sources = new Map<string, InputSource>();
  return async (ask) => {
    const found = sets.find((set) => Object.hasOwn(set, ask.name))?.[ask.name];
    if (found === undefined) return notGiven(ask);
    const source = sources.get(ask.name) ?? givenInputs({ [ask.name]: fitting(found, ask) }, once);
    sources.set(ask.name, source);
    return source(ask);
  };
}

/** Whether some set has what the answer depends on, so that sets are told apart by it. */
function isRelated({ sets }: InputPool, ask: InputAsk): boolean {
  return Object.keys(ask.for).some((name) => sets.some((set) => Object.hasOwn(set, name)));
}

function isFor(set: PoolSet | undefined, ask: InputAsk): boolean {
  return Object.entries(ask.for).every(([name, value]) => {
    const member = set !== undefined && Object.hasOwn(set, name) ? set[name] : undefined;
    if (member === undefined) return true;
    return [inputText(member.value), member.text].includes(inputText(value));
  });
}

function fitting({ value, text }: PoolValue, { schema }: InputAsk): Json {
  const wantsText =
    takesType(schema, 'string') && !['number', 'integer'].some((type) => takesType(schema, type));
  return wantsText && text !== undefined ? text : value;
}

function usedUp(
  { file, sets }: InputPool,
  ask: InputAsk,
  candidates: readonly number[],
  own: number | undefined,
): string {
  const dependence = dependsText(ask.for);
  if (candidates.length === 0 && own !== undefined)
    return `the set of ${file} that is in use has no ${ask.name}`;
  if (candidates.length === 0) return `${file} has no set for ${dependence}`;
  if (candidates.length < sets.length || sets.length === 1) {
    const which = candidates.map((index) => index + 1).join(', ');
    return candidates.length === 1
      ? `the ${ask.name} of set ${which} of ${file} is used`
      : `all ${ask.name} of sets ${which} of ${file} are used`;
  }
  return `all ${sets.length} sets of ${file} are used`;
}

function setOf(source: Source, pointer: string, raw: JsonObject): PoolSet {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      name,
      { value, text: scalarText(source, pointerTo(pointer, name), name, value) },
    ]),
  );
}

function plainSet(raw: JsonObject): PoolSet {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, { value, text: ownText(value) }]),
  );
}

function ownText(value: Json): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The text of a number as the file has it: YAML reads 01234 as 1234, and a long one loses its last digits. */
function scalarText(source: Source, pointer: string, name: string, value: Json): string | undefined {
  const own = ownText(value);
  if (typeof value !== 'number') return own;
  const { line, column } = locate(source, pointer);
  const rest = source.text
    .split('\n')
    .slice(line - 1)
    .join('\n')
    .slice(column - 1);
  const quoted = [name, JSON.stringify(name), `'${name}'`].find((key) => rest.startsWith(key));
  const written = /^\s*:\s*([^\s,}\]]+)/.exec(rest.slice(quoted?.length ?? 0))?.[1];
  return written !== undefined && Number(written) === value ? written : own;
}

function problemOf(source: Source, pointer: string, isList: boolean): ContractProblem {
  const what = isList
    ? 'a list of inputs must hold objects, each a set of values by name, and at least one'
    : 'inputs must be an object of values by name, or a list of these';
  const fix =
    'Write for example `otp: "01234"`, or a list of sets such as `- { phone_number: "91…", otp: "01234" }`';
  return { code: 'invalid-document', what, fix, location: locate(source, pointer) };
}
