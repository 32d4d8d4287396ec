/** Conditions of the state rules, held against an exchange and the state. */

import { type Json, jsonEquals } from '../json.js';
import { type Entry, isExpired, keyOf, type StateReader } from './entries.js';
import { evaluate, type Scope } from './expression.js';
import type { Condition } from './rules.js';
import { isKnownThroughout, isUnknown, known, knownAt, knownThroughout, unknown } from './unknown.js';
import { evaluateValue } from './value.js';

/** Whether something holds: for the mock, which knows its state, always one of the two. */
export type Truth = boolean | 'unknown';

/** Whether a condition holds; the record that it speaks of is added to what is named. */
export function holds(
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
  let truth = conjunction(
    entry.doubtful === true ? 'unknown' : true,
    hasExpired(entry, now, state.tolerance ?? 0, expired),
  );
  for (const [member, value] of where) {
    if (truth === false) return false;
    truth = conjunction(truth, isEqual(knownAt(entry.value, [member]), evaluateValue(value, scope)));
  }
  if (truth !== false && as !== undefined) named[as] = entry.value;
  return truth;
}

/** Both: false where one is, however little is known of the other. */
function conjunction(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === 'unknown' ? a : b;
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
  if (typeof a !== 'object' && typeof b !== 'object') return a === b;
  const [left, right] = [known(a), known(b)];
  if (isUnknown(left) || isUnknown(right)) return left === right || 'unknown';
  if (isKnownThroughout(left) && isKnownThroughout(right))
    return jsonEquals(knownThroughout(left), knownThroughout(right));
  return 'unknown';
}
