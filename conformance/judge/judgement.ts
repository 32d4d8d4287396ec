/** A response held against what the state rules permit; and what becomes known of the state by it. */

import { exampleValue } from '../../openapi/content/content.js';
import { mostSpecific, parseMediaType } from '../../openapi/content/media-type.js';
import { type DocumentedResponse, type Example, responseFor, responseNamed } from '../../openapi/contract.js';
import { fieldValue, isWithoutContent, type ResponseMessage } from '../../openapi/http/message.js';
import { type Json, pointedTo } from '../../openapi/json.js';
import { keyOf } from '../../openapi/rules/entries.js';
import type { Scope } from '../../openapi/rules/expression.js';
import type { Condition } from '../../openapi/rules/rules.js';
import { responseValues, scopeWith } from '../../openapi/rules/scope.js';
import { advance, bindValues, type Change, type Choice } from '../../openapi/rules/state.js';
import {
  hintsOf,
  isUnknown,
  known,
  knownAt,
  knownThroughout,
  see,
  unknown,
} from '../../openapi/rules/unknown.js';
import { evaluateValue, type Make, overlay } from '../../openapi/rules/value.js';
import type { Beliefs } from './beliefs.js';
import type { Difference, Judgement, Possible, Situation } from './judge.js';
import { type Sightings, unify } from './unify.js';

/** What the runner does not know it leaves unknown: the value is the server's choice. */
const leaveUnknown: Make = (schema, bound, _example, unlike) => unknown(schema, bound, unlike);

/** How a response fits one transition. */
type Fit = {
  readonly possible: Possible;
  readonly choice: Choice;
  readonly differences: readonly Difference[];
  readonly sightings: Sightings;
};

/** Holds a response against the permitted transitions, and brings the beliefs up to date. */
export function judge(
  situation: Situation,
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
  beliefs: Beliefs,
): Judgement {
  const { permitted } = situation;
  const fits = permitted.map((possible) => fitOf(possible, scope, response, body, beliefs));
  const fitting = fits.filter(({ differences }) => differences.length === 0);
  const chosen = fitting.find(({ possible }) => !isUnspecified(possible)) ?? fitting[0];
  if (chosen !== undefined) {
    const changes = follow(fitting, scope, response, body, beliefs);
    const isMeant = situation.kind === 'valid' || chosen.possible.of === 'security';
    return isMeant && !isUnspecified(chosen.possible)
      ? { kind: 'explained', by: chosen.possible, changes }
      : { kind: 'silent' };
  }
  // Whatever it should have done: what it answers as is what it has done.
  const resembled = resembling(situation, scope, response, body);
  follow(resembled, scope, response, body, beliefs);
  const [nearest] = fits.toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined || situation.kind !== 'valid' || permitted.some(isUnspecified))
    return { kind: 'silent' };
  if (isRefusalOfItsOwn(situation, response)) return { kind: 'silent' };
  return {
    kind: 'unexplained',
    nearest: nearest.possible,
    differences: nearest.differences,
    permitted,
    resembles: resembled.find(({ possible }) => !isAmong(permitted, possible) && !isOfUnknown(possible))
      ?.possible,
  };
}

/** Whether a response is one that is permitted. Nothing is learnt by it. */
export function isExplained(
  { permitted }: Situation,
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
): boolean {
  return permitted.some((possible) => fitOf(possible, scope, response, body).differences.length === 0);
}

/**
 * Whether a request is refused, and what is concluded from its path speaks of another refusal, if of any: nobody can
 * conclude what else a server may have against a request.
 */
function isRefusalOfItsOwn({ operation, permitted }: Situation, { status }: ResponseMessage): boolean {
  const isOfResource = permitted.every(({ choice }) => choice.transition.resource !== undefined);
  const named = operation?.transitions.some((rule) => rule.response.status === String(status));
  return isOfResource && status >= 400 && named !== true;
}

function isAmong(permitted: readonly Possible[], { choice }: Possible): boolean {
  return permitted.some((each) => each.choice.transition === choice.transition);
}

/** Whether it is about a thing of which nothing is known: any answer is like that. */
function isOfUnknown({ choice }: Possible): boolean {
  return choice.transition.unspecified && choice.transition.resource !== undefined;
}

function isUnspecified({ choice }: Possible): boolean {
  return choice.transition.unspecified;
}

/** Another status weighs more than any difference of content, and content of the state more than that of an example. */
function distance({ differences }: Fit): number {
  const weight = { status: 1000, value: 10, example: 1 } as const;
  return differences.reduce((sum, { of }) => sum + weight[of], 0);
}

function fitOf(
  possible: Possible,
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
  beliefs?: Beliefs,
): Fit {
  const sightings: Sightings = new Map();
  const choice = bindValues(possible.choice, scope, leaveUnknown);
  const differences = differencesOf(possible, choice, scope, response, body, sightings);
  const taken = beliefs === undefined ? [] : takenKeys(sightings, beliefs);
  return { possible, choice, differences: [...differences, ...taken], sightings };
}

/** Values that were to be unlike every key of a collection, and are keys of it. */
function takenKeys(sightings: Sightings, beliefs: Beliefs): Difference[] {
  return [...sightings].flatMap(([value, seen]): Difference[] => {
    const { unlike } = hintsOf(value);
    if (unlike === undefined || (typeof seen !== 'string' && typeof seen !== 'number')) return [];
    const entry = beliefs.get(unlike, String(seen));
    if (entry === undefined || entry.doubtful === true) return [];
    const expected = `a key that nothing else in ${unlike} has`;
    return [{ pointer: undefined, expected, actual: JSON.stringify(seen), of: 'value' }];
  });
}

function differencesOf(
  { response: documented, example }: Possible,
  choice: Choice,
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
  sightings: Sightings,
): Difference[] {
  const { status } = choice.transition.response;
  if (!coversStatus(status, response.status)) {
    const actual = String(response.status);
    return [{ pointer: undefined, expected: status, actual, of: 'status' }];
  }
  if (isWithoutContent(scope.method, response.status)) return [];
  const bound =
    choice.transition.content &&
    evaluateValue(choice.transition.content, { ...scope, state: choice.state }, leaveUnknown);
  const shown = exampleOf(documented, example, response);
  if (shown?.value === undefined && bound === undefined) return [];
  const beneath = choice.transition.whole && bound !== undefined ? undefined : shown?.value;
  const expected = bound === undefined ? (beneath ?? null) : overlay(beneath, bound);
  if (body === undefined) {
    const whole = JSON.stringify(knownThroughout(expected));
    return [{ pointer: undefined, expected: whole, actual: 'no content that can be read', of: 'example' }];
  }
  const isBound = (pointer: string): boolean => bound !== undefined && boundAt(bound, pointer);
  const differences = unify(expected, body, (pointer) => (isBound(pointer) ? 'value' : 'example'), sightings);
  // Where no example is documented, nothing is said of what is not bound.
  return shown === undefined ? differences.filter(({ of }) => of === 'value') : differences;
}

/** The example that a transition names, as documented for the media type that came; else for the first that has it. */
function exampleOf(
  { content }: DocumentedResponse,
  example: string | undefined,
  { fields }: ResponseMessage,
): Example | undefined {
  const having = content.flatMap((each) =>
    each.examples.filter(({ name }) => name === example).map((shown) => ({ content: each, shown })),
  );
  const came = parseMediaType(fieldValue(fields, 'content-type') ?? '');
  const mediaTypes = having.map(({ content: { mediaType } }) => mediaType);
  const nearest = came && mostSpecific(came, mediaTypes);
  const found = having.find(({ content: { mediaType } }) => mediaType === nearest) ?? having[0];
  return found && { ...found.shown, value: exampleValue(found.content, found.shown) };
}

/** Whether a pointer leads into what is bound: where a bound value is unknown, everything in it is. */
function boundAt(bound: Json, pointer: string): boolean {
  const value = known(bound);
  return isUnknown(value) || pointedTo(knownThroughout(value), pointer) !== undefined;
}

function coversStatus(documented: string, status: number): boolean {
  if (documented.toLowerCase() === 'default') return true;
  return /^\dXX$/i.test(documented)
    ? documented.charAt(0) === String(status).charAt(0)
    : documented === String(status);
}

/** The transitions of the operation that the response is like, whether their guards hold or not. */
function resembling(
  { operation }: Situation,
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
): readonly Fit[] {
  if (operation === undefined) return [];
  const schemes = operation.security.flat().flatMap(({ scheme }) => scheme.transitions);
  const owned = [
    ...schemes.map((transition) => ({ transition, of: 'security' as const })),
    ...operation.transitions.map((transition) => ({ transition, of: 'operation' as const })),
  ];
  const documented = responseFor(operation, response.status);
  return owned.flatMap(({ transition, of }) => {
    if (documented === undefined || responseNamed(operation, transition.response.status) !== documented)
      return [];
    const named = Object.fromEntries(
      transition.guard.flatMap((condition) =>
        condition.kind === 'in' && condition.as !== undefined ? [[condition.as, unknown()]] : [],
      ),
    );
    const choice: Choice = { transition, state: named, doubts: [] };
    const possible = { choice, response: documented, example: transition.response.example, of };
    const found = fitOf(possible, scope, response, body);
    return found.differences.length === 0 ? [found] : [];
  });
}

/** Makes the transition that fits; where several do, what they have in common. What was seen is known from now on. */
function follow(
  fitting: readonly Fit[],
  scope: Scope,
  response: ResponseMessage,
  body: Json | undefined,
  beliefs: Beliefs,
): readonly Change[] {
  const [only] = fitting;
  if (only === undefined) return [];
  if (fitting.length === 1) {
    for (const [value, seen] of only.sightings) see(value, seen);
    for (const doubt of only.choice.doubts)
      settle(doubt, true, { ...scope, state: only.choice.state }, only.choice, beliefs);
  }
  const after = scopeWith(scope, { response: responseValues(response, body) });
  const now = beliefs.now(); // one instant, or what all have in common would differ by when it ends
  const left = fitting.map(({ choice }) => advance(choice, after, now, leaveUnknown));
  const [changes, doubtful] = common(left.map((each) => each.changes));
  beliefs.apply(changes);
  for (const { collection, key } of doubtful) beliefs.doubt(collection, key);
  for (const collection of new Set(left.flatMap(({ elsewhere }) => elsewhere))) beliefs.doubtAll(collection);
  beliefs.sent(left[0]?.deliveries ?? []);
  return [...changes, ...doubtful];
}

/** The changes that all have, and those that only some have. */
function common(
  lists: readonly (readonly Change[])[],
): readonly [same: readonly Change[], other: readonly Change[]] {
  const [first = [], ...others] = lists;
  if (others.length === 0) return [first, []];
  const isIn = (change: Change, list: readonly Change[]): boolean =>
    list.some(
      (each) =>
        each.kind === change.kind &&
        each.collection === change.collection &&
        each.key === change.key &&
        sameEntry(each, change),
    );
  const same = first.filter((change) => others.every((list) => isIn(change, list)));
  return [same, lists.flat().filter((change) => !isIn(change, same))];
}

function sameEntry(a: Change, b: Change): boolean {
  if (a.kind === 'remove' || b.kind === 'remove') return a.kind === b.kind;
  if (a.entry.expiresAt !== b.entry.expiresAt) return false;
  return JSON.stringify(knownThroughout(a.entry.value)) === JSON.stringify(knownThroughout(b.entry.value));
}

/** A condition of which nobody knew whether it holds does hold, for the server has acted on it. */
function settle(condition: Condition, holds: boolean, scope: Scope, choice: Choice, beliefs: Beliefs): void {
  if (condition.kind === 'not') settle(condition.condition, !holds, scope, choice, beliefs);
  if (condition.kind !== 'in') return;
  const key = keyOf(condition.key, scope);
  if (typeof key !== 'string') return;
  const { collection, where } = condition;
  const entry = beliefs.get(collection, key);
  if (entry === undefined) return;
  if (!holds) {
    if (where.length === 0 && !condition.expired) beliefs.apply([{ kind: 'remove', collection, key }]);
    return;
  }
  for (const [member, value] of where) {
    const kept = knownAt(entry.value, [member]);
    const sent = evaluateValue(value, scope);
    if (kept !== undefined && isUnknown(kept) && sent !== undefined) see(kept, sent);
  }
  if (entry.doubtful !== true || condition.expired) return;
  const { value, expiresAt } = entry;
  beliefs.apply([{ kind: 'put', collection, key, entry: { value, expiresAt } }]);
}
