/** How often something was tried in vain: who guesses may be locked out, and no contract needs to say so. */

import type { Operation } from '../../../openapi/contract.js';
import { rememberedBy } from '../../../openapi/remembered.js';
import { keyOf } from '../../../openapi/rules/entries.js';
import type { Condition } from '../../../openapi/rules/rules.js';
import { requestScope } from '../../../openapi/rules/scope.js';
import { evaluateValue } from '../../../openapi/rules/value.js';
import type { Exchange } from '../../check.js';
import { bodyOf } from './request.js';

/** After so many refusals a server may take no more of one client, whatever comes. */
const patience = 3;

/** What was refused so far, by what it was about. */
export type Tries = {
  /** Whether a refusal may be one of all that comes, for so many tries have been refused before. Asked of each exchange in turn. */
  isLockedOut(exchange: Exchange): boolean;
};

export function createTries(): Tries {
  const refused = new Map<string, number>();
  return {
    isLockedOut(exchange) {
      const { response, operation } = exchange;
      if (operation === undefined || response === undefined) return false;
      const subjects = subjectsOf(operation, exchange);
      const isRefused = response.status >= 400 && response.status < 500;
      const isLocked = isRefused && subjects.some((subject) => (refused.get(subject) ?? 0) >= patience);
      for (const subject of subjects) refused.set(subject, isRefused ? (refused.get(subject) ?? 0) + 1 : 0);
      return isLocked;
    },
  };
}

/** The entries whose members a request has to know: the one-time password that waits for a phone number. */
function subjectsOf(operation: Operation, { request }: Exchange): readonly string[] {
  const conditions = comparing(operation);
  if (conditions.length === 0) return [];
  const full = requestScope(request, {}, bodyOf(request));
  const subjects = conditions.flatMap((condition) => {
    const isSent = condition.where.every(([, value]) => evaluateValue(value, full) !== undefined);
    const key = isSent ? keyOf(condition.key, full) : undefined;
    return typeof key === 'string' ? [JSON.stringify([condition.collection, key])] : [];
  });
  return [...new Set(subjects)];
}

type Comparing = Extract<Condition, { kind: 'in' }>;

/** The conditions of an operation that compare members of an entry with something. */
const comparing = rememberedBy(({ transitions }: Operation): readonly Comparing[] =>
  transitions
    .flatMap(({ guard }) => guard)
    .filter((each): each is Comparing => each.kind === 'in' && each.where.length > 0),
);
