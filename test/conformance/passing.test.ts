/** Time that passes at the server: moved for all who wait at once, the shortest wait first. */

import { expect, test } from 'vitest';
import { createBeliefs } from '../../conformance/judge/beliefs.js';
import type { CheckOptions } from '../../conformance/options.js';
import { createPassing, type Passing } from '../../conformance/passing.js';
import { createTurns } from '../../conformance/turns.js';
import { orders } from './contracts.js';

const noLimit = { rate: undefined, maxRequests: undefined, maxTime: undefined, signal: undefined };

/** A passing with moves that are written down; what has gone on is written down by `waits`. */
function passingOf(options: CheckOptions = {}) {
  const moves: number[] = [];
  const woken: [name: string, failure: string | undefined][] = [];
  const clock = (): number => 0;
  const beliefs = createBeliefs(orders, clock, 0);
  const turns = createTurns({ ...noLimit, clock });
  const moveClock = async (seconds: number): Promise<void> => void moves.push(seconds);
  const passing: Passing = createPassing(beliefs, { moveClock, ...options }, turns);
  const waits = (name: string, seconds: number): Promise<void> =>
    passing.pass({ seconds }).then((failure) => void woken.push([name, failure]));
  return { passing, moves, woken, waits, turns, now: beliefs.now };
}

test('the clock stands until it is told to go on, and then goes to the end of the shortest wait', async () => {
  const { passing, moves, woken, waits, now } = passingOf();
  const all = [waits('long', 900), waits('short', 60), waits('short too', 60)];
  await Promise.resolve();
  expect([moves, woken]).toEqual([[], []]);
  await passing.proceed();
  await all[2];
  expect([moves, woken.map(([name]) => name), now()]).toEqual([[60], ['short', 'short too'], 60_000]);
  await passing.proceed();
  await Promise.all(all);
  expect([moves, woken.length, now(), passing.wasMoved()]).toEqual([[60, 840], 3, 900_000, true]);
});

test('who waits a little longer than another goes on with him, when both can', async () => {
  const { passing, moves, woken, waits } = passingOf();
  const [first, second, third] = [waits('first', 1000), waits('second', 1009), waits('third', 1030)];
  await passing.proceed();
  await Promise.all([first, second]);
  expect([moves, woken.map(([name]) => name)]).toEqual([[1009], ['first', 'second']]);
  await passing.proceed();
  await third;
  expect(moves).toEqual([1009, 21]);
});

test('short waits are waited for as long as they are', async () => {
  const { passing, moves, waits } = passingOf();
  const both = [waits('first', 60), waits('second', 62)];
  await passing.proceed();
  await passing.proceed();
  await Promise.all(both);
  expect(moves).toEqual([60, 2]);
});

test('a clock that cannot be moved is told to those who would go on, and to them alone', async () => {
  let tries = 0;
  const moveClock = async (): Promise<void> => {
    tries += 1;
    if (tries === 1) throw new Error('it is stuck');
  };
  const { passing, woken, waits, now } = passingOf({ moveClock });
  const both = [waits('long', 90), waits('short', 60)];
  await passing.proceed();
  await both[1];
  expect([woken, now(), passing.wasMoved()]).toEqual([[['short', 'it is stuck']], 0, false]);
  await passing.proceed();
  await Promise.all(both);
  expect([woken.at(-1), now()]).toEqual([['long', undefined], 90_000]);
});

test('when the run is over nobody waits any more, and the clock stays as it is', async () => {
  const { passing, moves, woken, waits, turns } = passingOf();
  const waiting = waits('one', 60);
  turns.stop('request-limit');
  await passing.proceed();
  await waiting;
  expect([moves, woken]).toEqual([[], [['one', undefined]]]);
});

test('nobody has to wait, and nothing happens', async () => {
  const { passing, moves } = passingOf();
  await passing.proceed();
  expect([moves, passing.wasMoved()]).toEqual([[], false]);
});
