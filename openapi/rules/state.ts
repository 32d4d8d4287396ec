/** The state rules at work: which transitions are permitted now, and what one leaves behind. Both are pure. */

import { plusDuration } from '../duration.js';
import { type Json, jsonEquals, pointerTo } from '../json.js';
import { evaluate, type Scope } from './expression.js';
import type { Condition, Effect, Transition, Value } from './rules.js';
import {
  isKnownThroughout,
  isUnknown,
  known,
  knownAt,
  knownThroughout,
  type Unknown,
  unknown,
} from './unknown.js';
import { evaluateValue, type Make } from './value.js';

/** A record of a collection and the instant at which its lifetime is over; undefined when it has none. */
export type Entry = {
  readonly value: Json;
  readonly expiresAt: number | undefined;
  /** Whether it may as well not be there: who observes a server from outside does not always know. */
  readonly doubtful?: boolean;
};

/** The state as rules read it: by collection and key, nothing else, so that its size does not matter. */
export type StateReader = {
  get(collection: string, key: string): Entry | undefined;
  /** All entries of a collection, in the order in which they came; undefined when it has none and never had. */
  entries?(collection: string): Iterable<Entry> | undefined;
  /** How far the clock of the server may be from `now`, in milliseconds. Default 0. */
  readonly tolerance?: number;
};

/** Whether something holds: for the mock, which knows its state, always one of the two. */
type Truth = boolean | 'unknown';

/** A change of one entry. */
export type Change =
  | { readonly kind: 'put'; readonly collection: string; readonly key: string; readonly entry: Entry }
  | { readonly kind: 'remove'; readonly collection: string; readonly key: string };

/** A message that reaches somebody outside of HTTP. */
export type Delivery = { readonly channel: string; readonly to: string; readonly content: Json };

/** A transition that may be made, with the records and values that it has named so far. */
export type Choice = {
  readonly transition: Transition;
  readonly state: Scope['state'];
  /** The conditions of its guard of which nobody knows whether they hold. */
  readonly doubts: readonly Condition[];
};

/** Why a transition is not permitted: the condition, as written in the contract, that does not hold. */
export type Refusal = { readonly transition: string; readonly condition: Json };

export type Permitted = {
  /**
   * The first regular transition whose guard holds, behind those before it whose guard may hold; then every alternative
   * whose guard holds or may hold.
   */
  readonly choices: readonly Choice[];
  /** The transitions before the first permitted one that are not, and why. */
  readonly refused: readonly Refusal[];
};

/** What a transition leaves behind. */
export type Advance = {
  readonly changes: readonly Change[];
  readonly deliveries: readonly Delivery[];
  /** Collections in which something has been put where nobody knows: who observes a server has not seen each key. */
  readonly elsewhere: readonly string[];
};

/** How often at most one effect is done for one request: a mock does not put millions of things because it was asked to. */
const mostTimes = 1000;

/** An entry is expired at the very instant at which its lifetime is over (RFC 7519, 4.1.4: "on or after"). */
export function isExpired(entry: Entry, now: number): boolean {
  return entry.expiresAt !== undefined && entry.expiresAt <= now;
}

/** The transitions that the contract permits for a request, in a state, at an instant. */
export function permitted(
  transitions: readonly Transition[],
  scope: Scope,
  state: StateReader,
  now: number,
): Permitted {
  const choices: Choice[] = [];
  const alternatives: Choice[] = [];
  const refused: Refusal[] = [];
  let settled = false;
  for (const transition of transitions) {
    if (settled && !transition.alternative) continue;
    const named: Record<string, Json> = {};
    const doubts: Condition[] = [];
    const failed = transition.guard.find((condition) => {
      const truth = holds(condition, { ...scope, state: named }, state, now, named);
      if (truth === 'unknown') doubts.push(condition);
      return truth === false;
    });
    if (failed === undefined) {
      (transition.alternative ? alternatives : choices).push({ transition, state: named, doubts });
      settled ||= !transition.alternative && doubts.length === 0;
    } else if (!transition.alternative)
      refused.push({ transition: transition.name, condition: failed.source });
  }
  return { choices: [...choices, ...alternatives], refused };
}

/** The choice with the values that its `let` names, made in order: each may read those before it. */
export function bindValues(choice: Choice, scope: Scope, make: Make): Choice {
  const state: Record<string, Json> = { ...choice.state };
  for (const [name, value] of choice.transition.bindings) {
    const made = evaluateValue(value, { ...scope, state }, make);
    if (made !== undefined) state[name] = made;
  }
  return { ...choice, state };
}

/** The changes and messages of a transition, evaluated on the finished exchange. */
export function advance(choice: Choice, scope: Scope, now: number, make: Make): Advance {
  const changes: Change[] = [];
  const deliveries: Delivery[] = [];
  const elsewhere: string[] = [];
  const inner: Scope = { ...scope, state: choice.state };
  for (const effect of choice.transition.effects) {
    if (effect.kind === 'send') {
      deliveries.push(deliveryOf(effect, inner, make));
      continue;
    }
    for (const each of scopesOf(effect, inner)) {
      const change = each && changeOf(effect, each, now, make);
      if (change === 'somewhere' || each === undefined) elsewhere.push(effect.collection);
      else if (change !== undefined) changes.push(change);
    }
  }
  return { changes, deliveries, elsewhere };
}

/** What an effect is evaluated over, once for each time that it is done; undefined when nobody knows how often. */
function scopesOf(effect: Exclude<Effect, { kind: 'send' }>, scope: Scope): readonly (Scope | undefined)[] {
  if (effect.kind === 'remove' || effect.times === undefined) return [scope];
  const evaluated = evaluateValue(effect.times, scope);
  const count = evaluated === undefined ? undefined : known(evaluated);
  if (isUnknown(count)) return [undefined];
  if (typeof count !== 'number' || !(count >= 1)) return [];
  const { as } = effect;
  return Array.from({ length: Math.min(Math.floor(count), mostTimes) }, (_, index) =>
    as === undefined ? scope : { ...scope, state: { ...scope.state, [as]: index + 1 } },
  );
}

function holds(
  condition: Condition,
  scope: Scope,
  state: StateReader,
  now: number,
  named: Record<string, Json>,
): Truth {
  switch (condition.kind) {
    case 'present':
      return isPresent(evaluate(condition.expression, scope));
    case 'absent':
      return negated(isPresent(evaluate(condition.expression, scope)));
    case 'equals':
      return isEqual(evaluate(condition.expression, scope), evaluateValue(condition.equals, scope));
    case 'not':
      return negated(holds(condition.condition, scope, state, now, {}));
    case 'in':
      return isIn(condition, scope, state, now, named);
  }
}

function isIn(
  { collection, key: keyValue, where, expired, as }: Extract<Condition, { kind: 'in' }>,
  scope: Scope,
  state: StateReader,
  now: number,
  named: Record<string, Json>,
): Truth {
  const key = keyOf(keyValue, scope);
  if (isUnknown(key)) {
    if (as !== undefined) named[as] = unknown();
    return 'unknown';
  }
  const entry = key === undefined ? undefined : state.get(collection, key);
  if (entry === undefined) return false;
  const truths = [
    entry.doubtful === true ? 'unknown' : true,
    hasExpired(entry, now, state.tolerance ?? 0, expired),
    ...where.map(([member, value]) => isEqual(knownAt(entry.value, [member]), evaluateValue(value, scope))),
  ] as const;
  if (truths.includes(false)) return false;
  if (as !== undefined) named[as] = entry.value;
  return truths.includes('unknown') ? 'unknown' : true;
}

function hasExpired(entry: Entry, now: number, tolerance: number, wanted: boolean): Truth {
  if (entry.doubtful === true && entry.expiresAt === undefined) return 'unknown';
  if (entry.expiresAt !== undefined && Math.abs(entry.expiresAt - now) < tolerance) return 'unknown';
  return isExpired(entry, now) === wanted;
}

function negated(truth: Truth): Truth {
  return truth === 'unknown' ? truth : !truth;
}

function isPresent(value: Json | undefined): Truth {
  return value !== undefined && isUnknown(value) ? 'unknown' : value !== undefined;
}

/** What is not there equals nothing: a code that was never set is not the code that was not sent. */
function isEqual(a: Json | undefined, b: Json | undefined): Truth {
  if (a === undefined || b === undefined) return false;
  const [left, right] = [known(a), known(b)];
  if (isUnknown(left) || isUnknown(right)) return left === right || 'unknown';
  if (isKnownThroughout(left) && isKnownThroughout(right))
    return jsonEquals(knownThroughout(left), knownThroughout(right));
  return 'unknown';
}

function changeOf(
  effect: Exclude<Effect, { kind: 'send' }>,
  scope: Scope,
  now: number,
  make: Make,
): Change | 'somewhere' | undefined {
  const key = keyOf(effect.key, scope);
  if (isUnknown(key) && effect.kind === 'put') return 'somewhere';
  if (typeof key !== 'string') return undefined;
  if (effect.kind === 'remove') return { kind: 'remove', collection: effect.collection, key };
  const expiresAt = effect.lifetime && plusDuration(now, effect.lifetime);
  const value = evaluateValue(effect.value, scope, make) ?? null;
  return { kind: 'put', collection: effect.collection, key, entry: { value, expiresAt } };
}

function deliveryOf(effect: Extract<Effect, { kind: 'send' }>, scope: Scope, make: Make): Delivery {
  const to = evaluateValue(effect.to, scope, make);
  return {
    channel: effect.channel,
    to: typeof to === 'string' ? to : JSON.stringify(to ?? null),
    content: evaluateValue(effect.content, scope, make) ?? null,
  };
}

/**
 * Keys are text; a number is its decimal text; of several parts their texts, with a slash between them (and `/` and `~` in
 * them as in a JSON Pointer). Nothing else is a key. One that is not known yet may be any.
 */
export function keyOf(value: Value, scope: Scope): string | Unknown | undefined {
  if (value.kind === 'array') {
    const parts = value.items.map((item) => keyOf(item, scope));
    if (parts.includes(undefined)) return undefined;
    const texts = parts.filter((part) => typeof part === 'string');
    return texts.length < parts.length ? unknown() : texts.reduce(pointerTo, '').slice(1);
  }
  const evaluated = evaluateValue(value, scope);
  const key = evaluated === undefined ? undefined : known(evaluated);
  if (isUnknown(key)) return key;
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}
