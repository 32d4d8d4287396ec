/** An expected value with unknown parts held against the one that came: how they differ, and what becomes known. */

import { isObject, type Json, pointerTo } from '../../openapi/json.js';
import { hintsOf, isUnknown, known, type Unknown } from '../../openapi/rules/unknown.js';
import type { Difference } from './judge.js';

/** What is seen of unknown values, if the expected value is the one that came. */
export type Sightings = Map<Unknown, Json>;

/** Which parts of an expected value come from the documented example alone, and which from the state. */
export type Origin = 'example' | 'value';

/**
 * The differences between an expected value and an actual one; what unknown parts turn out to be goes into `sightings`.
 * A member that is not expected is a difference: a documented payload is exact.
 */
export function unify(
  expected: Json,
  actual: Json | undefined,
  of: (pointer: string) => Origin,
  sightings: Sightings,
  pointer = '',
): Difference[] {
  const wanted = known(expected);
  if (isUnknown(wanted)) return unifyUnknown(wanted, actual, of, sightings, pointer);
  const differs = (): Difference[] => [
    { pointer, expected: shown(wanted), actual: shown(actual), of: of(pointer) },
  ];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual) || actual.length !== wanted.length) return differs();
    return wanted.flatMap((item, index) =>
      unify(item, actual[index], of, sightings, pointerTo(pointer, index)),
    );
  }
  if (!isObject(wanted)) return wanted === actual ? [] : differs();
  if (!isObject(actual)) return differs();
  const members = Object.entries(wanted).flatMap(([name, member]) =>
    unify(member, ownMember(actual, name), of, sightings, pointerTo(pointer, name)),
  );
  const extra = Object.keys(actual).filter((name) => !Object.hasOwn(wanted, name));
  return [
    ...members,
    ...extra.map((name): Difference => {
      const at = pointerTo(pointer, name);
      return { pointer: at, expected: 'no such member', actual: shown(actual[name]), of: 'example' };
    }),
  ];
}

function unifyUnknown(
  wanted: Unknown,
  actual: Json | undefined,
  of: (pointer: string) => Origin,
  sightings: Sightings,
  pointer: string,
): Difference[] {
  if (actual === undefined) return [{ pointer, expected: 'a value', actual: 'nothing', of: of(pointer) }];
  const before = sightings.get(wanted);
  if (before !== undefined) return unify(before, actual, of, sightings, pointer);
  sightings.set(wanted, actual);
  const { bound } = hintsOf(wanted);
  if (!isObject(bound)) return [];
  const claims = typeof actual === 'string' ? claimsOf(actual) : isObject(actual) ? actual : undefined;
  if (claims === undefined) return []; // what is no token at all is said by other checks
  // A claim that is missing is told by the check of tokens, which knows whether it is documented.
  return Object.entries(bound).flatMap(([name, claim]) => {
    const found = ownMember(claims, name);
    if (found === undefined) return [];
    if (isObject(actual)) return unify(claim, found, () => 'value', sightings, pointerTo(pointer, name));
    return unify(claim, found, () => 'value', sightings).map((difference) => ({
      ...difference,
      pointer,
      expected: `${name} ${difference.expected}`,
      actual: `${name} ${difference.actual}`,
    }));
  });
}

/** The claims of a JSON Web Token (RFC 7519, section 3), signed or not; undefined when it is none. */
function claimsOf(token: string): { readonly [name: string]: Json } | undefined {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token) ?? [];
  if (payload === undefined) return undefined;
  try {
    const claims: Json = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function ownMember(value: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
