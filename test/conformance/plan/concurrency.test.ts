/** Requests at the same moment: only where the rules let something happen once. */

import { expect, test } from 'vitest';
import { club, matar, orders, plain, xerial } from '../contracts.js';
import { planned, stepsOf } from './planned.js';

const lines = (contract: typeof orders) =>
  planned(contract, { phases: ['concurrency'] }).map(({ workflow }) => [workflow.id, ...stepsOf(workflow)]);

test('an order is cancelled once, and made as often as it is asked for', () => {
  expect(lines(orders)).toEqual([
    [
      'cancel-order-cancelled-at-once',
      'made',
      'cancelled x4 at once',
      'then-read-order',
      'then-cancel-order',
    ],
  ]);
});

test('a badge is handed back once', () => {
  expect(lines(club).map(([id]) => id)).toEqual(['leave-left-at-once']);
});

test('sessions are ended and renewed once', () => {
  expect(lines(xerial).map(([id]) => id)).toEqual(
    expect.arrayContaining(['logout-logged-out-at-once', 'refresh-tokens-refreshed-at-once']),
  );
  expect(lines(matar).map(([id]) => id)).toContain('logout-logged-out-at-once');
});

test('without rules nothing is known to happen once', () => {
  expect(lines(plain)).toEqual([]);
});
