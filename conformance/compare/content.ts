/** The contents of two answers, compared: equal up to a one-to-one renaming of what the servers make by themselves. */

import { isObject, type Json, type JsonObject, pointerTo, pointerTokens } from '../../openapi/json.js';
import { decodeToken } from '../../openapi/token.js';
import { type Difference, shown } from './difference.js';
import { instantOf, isIdName, isMachineMade, isRemainder } from './form.js';
import type { Said } from './made.js';
import { type Conflict, isName, type Name, type Renaming } from './renaming.js';

/** What two contents are compared by. */
export type Comparing = {
  readonly renaming: Renaming;
  /** The clocks of both servers, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: readonly [a: number, b: number];
  /** How far the times of both may be apart, each seen from its own clock, in milliseconds. */
  readonly tolerance: number;
  readonly said: (pointer: string) => Said;
  /** Whether the value at a pointer breaks its schema, at A and at B. */
  readonly breaks: (pointer: string) => readonly [a: boolean, b: boolean];
  /** The kind of thing that the operation is about: ids that are as short as `7` are compared within one kind only. */
  readonly subject: string;
  /** Whether the user does not want a place compared. */
  readonly isIgnored: (pointer: string) => boolean;
};

/** How two contents differ, in the order of the content of A; what is new in both is bound to each other. */
export function contentDifferences(
  a: Json,
  b: Json,
  comparing: Comparing,
  pointer = '',
): readonly Difference[] {
  if (comparing.isIgnored(pointer)) return [];
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length)
      return [differs(pointer, `${whatAt(pointer)} has ${a.length} items at A and ${b.length} at B`, a, b)];
    return a.flatMap((item: Json, index) =>
      contentDifferences(item, b[index] ?? null, comparing, pointerTo(pointer, index)),
    );
  }
  if (isObject(a) && isObject(b)) return memberDifferences(a, b, comparing, pointer);
  return leafDifferences(a, b, comparing, pointer);
}

function memberDifferences(
  a: JsonObject,
  b: JsonObject,
  comparing: Comparing,
  pointer: string,
): readonly Difference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => {
    const at = pointerTo(pointer, name);
    const [here, there] = [own(a, name), own(b, name)];
    if (here !== undefined && there !== undefined) return contentDifferences(here, there, comparing, at);
    if (comparing.isIgnored(at)) return [];
    const only = here === undefined ? 'B' : 'A';
    return [differs(at, `${whatAt(at)} is there at ${only} only`, here, there)];
  });
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function leafDifferences(a: Json, b: Json, comparing: Comparing, pointer: string): readonly Difference[] {
  const [kindA, kindB] = [kindOf(a), kindOf(b)];
  if (kindA !== kindB)
    return [differs(pointer, `${whatAt(pointer)} is ${kindA} at A and ${kindB} at B`, a, b)];
  if (!isName(a) || !isName(b))
    return a === b ? [] : [differs(pointer, `${whatAt(pointer)} is another at B`, a, b)];
  if (typeof a === 'string' && typeof b === 'string') {
    const [tokenA, tokenB] = [decodeToken(a), decodeToken(b)];
    if (tokenA !== undefined && tokenB !== undefined) {
      const identity = bound(a, b, comparing, pointer);
      if (identity !== undefined) return [identity];
      const header = memberDifferences(tokenA.header, tokenB.header, comparing, `${pointer}#header`);
      return [...header, ...claimDifferences(tokenA.claims, tokenB.claims, comparing, pointer)];
    }
    if ((tokenA === undefined) !== (tokenB === undefined)) {
      const only = tokenA === undefined ? 'B' : 'A';
      return [differs(pointer, `${whatAt(pointer)} is a JSON Web Token at ${only} only`, a, b)];
    }
  }
  return nameDifferences(a, b, comparing, pointer);
}

function nameDifferences(a: Name, b: Name, comparing: Comparing, pointer: string): readonly Difference[] {
  const said = comparing.said(pointer);
  const name = nameAt(pointer);
  const isId = isIdName(name) || claimNames.has(name);
  const isMade = said !== 'fixed' && (said === 'made' || isId || (isMachineMade(a) && isMachineMade(b)));
  if (a === b) {
    const identity = isMade && (isId || isTelling(a)) ? bound(a, b, comparing, pointer) : undefined;
    return identity === undefined ? [] : [identity];
  }
  if (comparing.renaming.isPair(a, b)) return [];
  if (said !== 'fixed' && isSameTime(a, b, comparing)) return [];
  if (isMade) {
    const [breaksA, breaksB] = comparing.breaks(pointer);
    if (breaksA !== breaksB) {
      const only = breaksA ? 'A' : 'B';
      return [differs(pointer, `${whatAt(pointer)} breaks its schema at ${only} only`, a, b)];
    }
    const identity = isId || isTelling(a) || isTelling(b) ? bound(a, b, comparing, pointer) : undefined;
    return identity === undefined ? [] : [identity];
  }
  const isNear =
    typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) * 1000 <= comparing.tolerance;
  if (isNear && isRemainder(name)) return [];
  if (typeof a === 'string' && typeof b === 'string' && isSameText(a, b, comparing, pointer)) return [];
  return [differs(pointer, `${whatAt(pointer)} is another at B`, a, b)];
}

/** Claims that name somebody or something, whatever they look like (RFC 7519, section 4.1; OpenID Connect). */
const claimNames: ReadonlySet<string> = new Set(['sub', 'jti', 'sid', 'kid', 'iss', 'aud', 'azp', 'nonce']);

/** Claims that are instants in seconds (RFC 7519, sections 4.1.4 to 4.1.6). */
const timeClaims = ['iat', 'nbf', 'exp', 'auth_time'] as const;

/** How far lifetimes may be apart, in seconds: each end of one is a whole second. */
const rounding = 1;

function claimDifferences(
  a: JsonObject,
  b: JsonObject,
  comparing: Comparing,
  pointer: string,
): readonly Difference[] {
  const at = `${pointer}#`;
  const isTime = (name: string): boolean =>
    timeClaims.some((claim) => claim === name) && typeof a[name] === 'number' && typeof b[name] === 'number';
  const times = timeClaims.filter(isTime).flatMap((name) => {
    const [here, there] = [sinceIssue(a, name, comparing.now[0]), sinceIssue(b, name, comparing.now[1])];
    const most = name !== 'iat' && isTime('iat') ? rounding : comparing.tolerance / 1000;
    if (Math.abs(here - there) <= most || comparing.isIgnored(`${at}/${name}`)) return [];
    const from = name === 'iat' || !isTime('iat') ? 'now' : 'iat';
    const text = (seconds: number): string => `${from} ${seconds < 0 ? '-' : '+'} ${Math.abs(seconds)} s`;
    const title = `${name} of ${whatAt(pointer)} is another time at B`;
    return [{ kind: 'content' as const, at: `${at}/${name}`, title, a: text(here), b: text(there) }];
  });
  const rest = (claims: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !isTime(name)));
  return [...times, ...memberDifferences(rest(a), rest(b), comparing, at)];
}

/** Seconds from the instant of issue to that of a claim; of the instant of issue itself, and where there is none, from now. */
function sinceIssue(claims: JsonObject, name: string, now: number): number {
  const { iat } = claims;
  const start = name === 'iat' || typeof iat !== 'number' ? Math.round(now / 1000) : iat;
  return Number(claims[name]) - start;
}

/** A text may hold values that have other names: a path with an id, a sentence with a phone number. */
function isSameText(a: string, b: string, comparing: Comparing, pointer: string): boolean {
  if (comparing.renaming.translated(a) === b) return true;
  const [partsA, partsB] = [a.split(separators), b.split(separators)];
  if (partsA.length < 2 || partsA.length !== partsB.length) return false;
  return partsA.every((part, index) => {
    const other = partsB[index] ?? '';
    if (part === other || comparing.renaming.isPair(part, other)) return true;
    return (
      isMachineMade(part) && isMachineMade(other) && bound(part, other, comparing, pointer) === undefined
    );
  });
}

/** What stands between the words of a text and the segments of a path; it is kept when a text is split. */
const separators = /([^\w~=-]+)/;

function isSameTime(a: Name, b: Name, { now, tolerance }: Comparing): boolean {
  const [here, there] = [instantOf(a), instantOf(b)];
  if (here === undefined || there === undefined) return false;
  return Math.abs(here - now[0] - (there - now[1])) <= tolerance;
}

/** What is as short as `7` or `en` is met again by chance. */
function isTelling(value: Name): boolean {
  return typeof value === 'string' && value.length >= 6;
}

/** Binds two values; the difference when that contradicts what was seen before. */
function bound(a: Name, b: Name, { renaming, subject }: Comparing, pointer: string): Difference | undefined {
  const name = nameAt(pointer);
  const scope = name === 'id' || name === '_id' ? subject : name;
  const key = (value: Name): Name => (isTelling(value) ? value : `${scope} ${value}`);
  const conflict = renaming.bind(key(a), key(b));
  if (conflict === undefined) return undefined;
  const title = `${whatAt(pointer)} ${whyNot(conflict)}`;
  return { kind: 'identity', at: pointer, title, a: shown(a), b: shown(b) };
}

function whyNot({ a, b }: Conflict): string {
  if (a === undefined) return 'is a new one at A, and one that has been seen before at B';
  if (b === undefined) return 'is one that has been seen before at A, and a new one at B';
  return 'is that of one at A, and that of another at B';
}

function differs(at: string, title: string, a: Json | undefined, b: Json | undefined): Difference {
  return { kind: 'content', at, title, a: shown(a), b: shown(b) };
}

/** The last name in a pointer: of the items of a list, that of the list. */
function nameAt(pointer: string): string {
  const tokens = pointerTokens(pointer.replace(/#(?:header)?/, ''));
  return tokens.findLast((token) => !/^\d+$/.test(token)) ?? '';
}

/** `the content`, or the member in words: `message`, `sub of access_token`. */
function whatAt(pointer: string): string {
  if (pointer === '') return 'the content';
  const [outer = '', inner] = pointer.split('#');
  const last = /^\/\d+$/.test(outer) ? `item ${outer.slice(1)}` : outer.slice(1);
  if (inner === undefined) return last;
  const name = inner.replace(/^(?:header)?\//, '');
  return `${name} of ${last === '' ? 'the token' : last}`;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'a text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'an object'
  );
}
