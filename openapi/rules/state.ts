/** The state rules at work: which transitions are permitted now, and what one leaves behind. Both are pure. */

import { plusDuration } from '../duration.js';
import type { Json } from '../json.js';
import { holds } from './condition.js';
import { type Entry, keyOf, type StateReader } from './entries.js';
import type { Scope } from './expression.js';
import type { Condition, Effect, Transition } from './rules.js';
import { scopeWith } from './scope.js';
import { isUnknown, known } from './unknown.js';
import { evaluateValue, type Make } from './value.js';

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
  let named: Record<string, Json> = {};
  let doubts: Condition[] = [];
  let within = scopeWith(scope, { state: named });
  for (const transition of transitions) {
    if (settled && !transition.alternative) continue;
    const failed = failedOf(transition, within, state, now, named, doubts);
    if (failed === undefined) {
      (transition.alternative ? alternatives : choices).push({ transition, state: named, doubts });
      settled ||= !transition.alternative && doubts.length === 0;
    } else if (!transition.alternative)
      refused.push({ transition: transition.name, condition: failed.source });
    if (failed !== undefined && doubts.length === 0 && isEmpty(named)) continue;
    named = {};
    doubts = [];
    within = scopeWith(scope, { state: named });
  }
  choices.push(...alternatives);
  return { choices, refused };
}

/** The first condition of a guard that does not hold. What it names and what nobody knows on the way is added to the last two. */
function failedOf(
  { guard }: Transition,
  scope: Scope,
  state: StateReader,
  now: number,
  named: Record<string, Json>,
  doubts: Condition[],
): Condition | undefined {
  for (const condition of guard) {
    const truth = holds(condition, scope, state, now, named);
    if (truth === false) return condition;
    if (truth === 'unknown') doubts.push(condition);
  }
  return undefined;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** The choice with the values that its `let` names, made in order: each may read those before it. */
export function bindValues(choice: Choice, scope: Scope, make: Make): Choice {
  if (choice.transition.bindings.length === 0) return choice;
  const state: Record<string, Json> = { ...choice.state };
  const within = scopeWith(scope, { state });
  for (const [name, value] of choice.transition.bindings) {
    const made = evaluateValue(value, within, make);
    if (made !== undefined) state[name] = made;
  }
  return { ...choice, state };
}

/** The changes and messages of a transition, evaluated on the finished exchange. */
export function advance(choice: Choice, scope: Scope, now: number, make: Make): Advance {
  if (choice.transition.effects.length === 0) return unchanged;
  const changes: Change[] = [];
  const deliveries: Delivery[] = [];
  const elsewhere: string[] = [];
  const inner = scopeWith(scope, { state: choice.state });
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

const unchanged: Advance = { changes: [], deliveries: [], elsewhere: [] };

/** What an effect is evaluated over, once for each time that it is done; undefined when nobody knows how often. */
function scopesOf(effect: Exclude<Effect, { kind: 'send' }>, scope: Scope): readonly (Scope | undefined)[] {
  if (effect.kind === 'remove' || effect.times === undefined) return [scope];
  const evaluated = evaluateValue(effect.times, scope);
  const count = evaluated === undefined ? undefined : known(evaluated);
  if (isUnknown(count)) return [undefined];
  if (typeof count !== 'number' || !(count >= 1)) return [];
  const { as } = effect;
  return Array.from({ length: Math.min(Math.floor(count), mostTimes) }, (_, index) =>
    as === undefined ? scope : scopeWith(scope, { state: { ...scope.state, [as]: index + 1 } }),
  );
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
