/** What exchanges read and write of the state, by collection and key: whether two that overlap in time may disturb each other. */

import type { Contract, Operation } from '../../openapi/contract.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import type { RequestMessage } from '../../openapi/http/message.js';
import type { StateReader } from '../../openapi/rules/entries.js';
import type { Value } from '../../openapi/rules/rules.js';
import type { Change } from '../../openapi/rules/state.js';
import { isUnknown, known } from '../../openapi/rules/unknown.js';
import { evaluateValue } from '../../openapi/rules/value.js';
import { situationOf } from '../judge/situation.js';
import { targetsOf } from '../plan/goal.js';

/** An entry, or any entry of a collection where the key is `any`. */
export type Touch = { readonly collection: string; readonly key: string };

/** No text is this key, for a key from a message has no NUL: it stands for those that nobody knows yet. */
export const any = '\0';

/** A reader of a state that remembers what was asked of it. */
export function remembering(state: StateReader): { readonly reader: StateReader; readonly reads: Touch[] } {
  const reads: Touch[] = [];
  const reader: StateReader = {
    get(collection, key) {
      reads.push({ collection, key });
      return state.get(collection, key);
    },
    get tolerance() {
      return state.tolerance ?? 0;
    },
  };
  return { reader, reads };
}

/** What changes have written. */
export function touchesOf(changes: readonly Change[]): readonly Touch[] {
  return changes.map(({ collection, key }) => ({ collection, key }));
}

/**
 * What a request may write, whichever transition is made: the keys that it names itself. `isWhole`: no more of it will come.
 * Entries at keys that the server makes up are new, and nobody else can know them.
 */
export function possibleWrites(
  contract: Contract,
  request: RequestMessage,
  isWhole: boolean,
): readonly Touch[] {
  const match = matchRequest(contract, request);
  const operation = match?.value.operations.get(request.method);
  const effects = operation === undefined ? [] : effectsOf(operation);
  if (effects.length === 0) return [];
  const nothing: StateReader = { get: () => undefined };
  const view = { state: nothing, now: 0, credentials: { has: () => 'unknown' as const } };
  const { scope } = situationOf(contract, request, view);
  return effects.flatMap(({ collection, key }) => {
    if (mentions(key, 'response')) return [];
    const evaluated = mentions(key, 'state') ? undefined : evaluateValue(key, scope);
    const value = evaluated === undefined ? undefined : known(evaluated);
    if (value !== undefined && !isUnknown(value)) return [{ collection, key: String(value) }];
    return isWhole && !mentions(key, 'state') ? [] : [{ collection, key: any }];
  });
}

function effectsOf(operation: Operation): readonly { readonly collection: string; readonly key: Value }[] {
  return targetsOf(operation).flatMap(({ transition }) =>
    transition.effects.flatMap((effect) =>
      effect.kind === 'send' ? [] : [{ collection: effect.collection, key: effect.key }],
    ),
  );
}

/** Whether a key is taken from the response, or from a record of the state. */
function mentions(key: Value, of: 'response' | 'state'): boolean {
  if (key.kind !== 'expression') return of === 'state' && key.kind !== 'literal';
  const { expression } = key;
  if (of === 'state') return expression.kind === 'state';
  return 'of' in expression && expression.of === 'response';
}

/** Those of the touches that are also among others. */
export function shared(touches: readonly Touch[], others: readonly Touch[]): readonly Touch[] {
  return touches.filter(({ collection, key }) =>
    others.some(
      (other) => other.collection === collection && (other.key === key || other.key === any || key === any),
    ),
  );
}
