/** How long is asked who does not answer. */

import { describe, expect, test } from 'vitest';
import { failureOutcome } from '../../conformance/http/outcome.js';
import { createPatience, type Patience } from '../../conformance/patience.js';
import type { Failure, Outcome } from '../../conformance/target.js';

const login = { id: 'login', method: 'POST', path: '/login' };
const show = { id: 'show', method: 'GET', path: '/me' };

const failed = (failure: Failure): Outcome => failureOutcome(failure, `it is ${failure}`);
const answered: Outcome = {
  kind: 'response',
  response: { status: 200, fields: [], content: undefined },
  faults: [],
};

function having(...outcomes: readonly Outcome[]): Patience {
  const patience = createPatience();
  for (const outcome of outcomes) patience.take(login.id, outcome);
  return patience;
}

const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

/** How many times in a row an operation is not asked. */
function passedOver(patience: Patience): number {
  let count = 0;
  while (patience.whyNot(login) !== undefined) count += 1;
  return count;
}

describe('an operation', () => {
  test('that has timed out twice in a row is asked', () => {
    expect(having(...times(2, failed('timeout'))).whyNot(login)).toBeUndefined();
  });

  test.each(['timeout', 'endless'] as const)(
    'that has failed three times by %s is passed over',
    (failure) => {
      const patience = having(...times(3, failed(failure)));
      expect(patience.whyNot(login)).toBe('POST /login was not answered several times in a row');
      expect(patience.whyNot(show)).toBeUndefined();
    },
  );

  test.each(['refused', 'reset', 'malformed', 'other'] as const)(
    'that fails at once, by %s, is asked on',
    (failure) => {
      expect(having(answered, ...times(9, failed(failure))).whyNot(login)).toBeUndefined();
    },
  );

  test('that answers in between is asked on', () => {
    const slow = times(2, failed('timeout'));
    expect(having(...slow, answered, ...slow).whyNot(login)).toBeUndefined();
  });

  test('is asked again after a pause that doubles while it is silent, and as usual once it answers', () => {
    const patience = having(...times(3, failed('timeout')));
    expect(passedOver(patience)).toBe(20);
    patience.take(login.id, failed('timeout'));
    expect(passedOver(patience)).toBe(40);
    patience.take(login.id, answered);
    expect(passedOver(patience)).toBe(0);
    for (const outcome of times(3, failed('timeout'))) patience.take(login.id, outcome);
    expect(passedOver(patience)).toBe(20);
  });
});

describe('a server', () => {
  test('that refuses the first connection is not there', () => {
    const patience = having(failed('refused'));
    expect(patience.isNobodyThere()).toBe(true);
    expect(patience.exhausted()).toBe('it is refused');
  });

  test.each([answered, failed('timeout'), failed('reset')])(
    'that was there before is not gone at once',
    (one) => {
      const patience = having(one, failed('refused'));
      expect(patience.isNobodyThere()).toBe(false);
      expect(patience.exhausted()).toBeUndefined();
    },
  );

  test.each(['timeout', 'refused'] as const)('is given up after ten requests in a row: %s', (failure) => {
    const patience = having(answered, ...times(9, failed(failure)));
    expect(patience.exhausted()).toBeUndefined();
    patience.take(undefined, failed(failure));
    expect(patience.exhausted()).toBe(`it left the last 10 requests unanswered: it is ${failure}`);
  });

  test('is not given up while anything of it comes', () => {
    expect(having(answered, ...times(9, failed('timeout')), failed('reset')).exhausted()).toBeUndefined();
    expect(having(...times(20, failed('endless'))).exhausted()).toBeUndefined();
  });

  test('is unheard until the first outcome', () => {
    expect(having().unheard()).toBe('nothing came of any request before the time limit');
    expect(having(failed('timeout')).unheard()).toBeUndefined();
  });
});
