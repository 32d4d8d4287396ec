/** When the next request may be sent: at the rate, within the budget, and not once the run is over. */

import { describe, expect, test } from 'vitest';
import { createTurns, type Turns, type TurnsOptions } from '../../conformance/turns.js';
import { systemClock } from '../../openapi/duration.js';

function turnsOf(options: Partial<TurnsOptions> = {}): Turns {
  const none = { rate: undefined, maxRequests: undefined, maxTime: undefined, signal: undefined };
  return createTurns({ ...none, clock: systemClock, ...options });
}

async function taken(turns: Turns, times: number): Promise<readonly boolean[]> {
  const all: boolean[] = [];
  for (let time = 0; time < times; time += 1) all.push(await turns.take());
  return all;
}

/** Resolves when the run is over before its end. */
function over({ signal }: Turns): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

describe('turns without a limit', () => {
  test('are taken at once, and the run goes on', async () => {
    const turns = turnsOf();
    expect(await taken(turns, 3)).toEqual([true, true, true]);
    expect([turns.stopped(), turns.signal.aborted]).toEqual([undefined, false]);
  });
});

describe('a limit of requests', () => {
  test('lets so many through and stops the run at the next one', async () => {
    const turns = turnsOf({ maxRequests: 2 });
    expect(await taken(turns, 2)).toEqual([true, true]);
    expect(turns.stopped()).toBeUndefined();
    expect(await taken(turns, 2)).toEqual([false, false]);
    expect(turns.stopped()).toBe('request-limit');
  });

  test('of none lets none through', async () => {
    expect(await taken(turnsOf({ maxRequests: 0 }), 1)).toEqual([false]);
  });

  test('lets those that are under way be answered', async () => {
    const turns = turnsOf({ maxRequests: 0 });
    await turns.take();
    expect(turns.signal.aborted).toBe(false);
  });

  test('holds for turns that are taken at the same moment', async () => {
    const turns = turnsOf({ maxRequests: 2 });
    expect(await Promise.all([turns.take(), turns.take(), turns.take()])).toEqual([true, true, false]);
  });
});

describe('a limit of time', () => {
  test('ends the run and what is under way', async () => {
    const turns = turnsOf({ maxTime: 1 });
    await over(turns);
    expect([turns.stopped(), await turns.take()]).toEqual(['time-limit', false]);
  });

  test.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])(
    'of %d milliseconds is not over at once',
    async (maxTime) => {
      const turns = turnsOf({ maxTime });
      await over(turnsOf({ maxTime: 5 }));
      expect([turns.stopped(), await turns.take()]).toEqual([undefined, true]);
    },
  );

  test('wakes who waits for a turn', async () => {
    const turns = turnsOf({ maxTime: 5, rate: 0.001 });
    expect(await taken(turns, 2)).toEqual([true, false]);
  });
});

describe('an interruption', () => {
  test('ends the run and what is under way', async () => {
    const controller = new AbortController();
    const turns = turnsOf({ signal: controller.signal });
    expect(await turns.take()).toBe(true);
    controller.abort();
    expect([turns.stopped(), turns.signal.aborted, await turns.take()]).toEqual(['interrupted', true, false]);
  });

  test('that came before the run lets nothing through', async () => {
    const turns = turnsOf({ signal: AbortSignal.abort() });
    expect([turns.stopped(), turns.signal.aborted, await turns.take()]).toEqual(['interrupted', true, false]);
  });

  test('wakes who sleeps, and nobody sleeps after it', async () => {
    const controller = new AbortController();
    const turns = turnsOf({ signal: controller.signal });
    const sleeping = turns.sleep(1000);
    controller.abort();
    await sleeping;
    await turns.sleep(1000);
    expect(turns.stopped()).toBe('interrupted');
  });

  test('wakes who waits for a turn, without one', async () => {
    const controller = new AbortController();
    const turns = turnsOf({ signal: controller.signal, rate: 0.001 });
    expect(await turns.take()).toBe(true);
    const waiting = turns.take();
    controller.abort();
    expect(await waiting).toBe(false);
  });
});

describe('a run that is stopped', () => {
  test.for<['interrupted' | 'time-limit' | 'request-limit' | 'unreachable', boolean]>([
    ['interrupted', true],
    ['time-limit', true],
    ['request-limit', false],
    ['unreachable', false],
  ])('because of %s ends what is under way: %s', async ([why, ends]) => {
    const turns = turnsOf();
    turns.stop(why);
    expect([turns.stopped(), turns.signal.aborted, await turns.take()]).toEqual([why, ends, false]);
  });

  test('keeps the first reason', async () => {
    const turns = turnsOf({ maxRequests: 0 });
    turns.stop('unreachable');
    turns.stop('interrupted');
    await turns.take();
    expect([turns.stopped(), turns.signal.aborted]).toEqual(['unreachable', false]);
  });
});

describe('a rate', () => {
  /** How long turns have waited by the clock of this machine, in milliseconds. */
  async function waited(turns: Turns, times: number): Promise<number> {
    const start = performance.now();
    await Promise.all(Array.from({ length: times }, () => turns.take()));
    return performance.now() - start;
  }

  test('spreads turns that are taken at the same moment', async () => {
    expect(await waited(turnsOf({ rate: 100 }), 5)).toBeGreaterThanOrEqual(38); // four pauses of ten, a timer early by one
    expect(await waited(turnsOf({ rate: 100_000 }), 5)).toBeLessThan(2000);
  });

  test('lets the first through at once', async () => {
    const turns = turnsOf({ rate: 0.001 });
    expect(await turns.take()).toBe(true);
  });

  test('asks for no pause that has gone by already', async () => {
    let now = 0;
    const turns = turnsOf({ rate: 0.001, clock: () => now });
    await turns.take();
    now += 1_000_000;
    expect(await turns.take()).toBe(true);
    now += 5_000_000; // what was not used is not saved up
    expect(await turns.take()).toBe(true);
    const waiting = turns.take();
    turns.stop('interrupted');
    expect(await waiting).toBe(false);
  });
});
