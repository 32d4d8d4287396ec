/** Workflows side by side: a server that answers only when all who can ask have asked, so that each wait without need shows. */

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CheckOptions } from '../../conformance/options.js';
import type { Target } from '../../conformance/target.js';
import { fieldValue } from '../../openapi/index.js';
import { matar, orders, workflowsOf } from './contracts.js';
import { onMock, served, told } from './runs.js';

/** Workflows of so many requests each, by their letters; in that of a capital time passes before the last one. */
function chains(lengths: Readonly<Record<string, number>>, wait = 'PT10M'): string {
  const step = (name: string, number: number, isLate: boolean): string =>
    `{ stepId: s${number}, operationId: readOrder, parameters: [{ name: id, in: path, value: ${name}${number} }]${isLate ? `, x-wait: ${wait}` : ''} }`;
  return Object.entries(lengths)
    .map(([name, length]) => {
      const steps = Array.from({ length }, (_, index) =>
        step(name, index + 1, name === name.toUpperCase() && index === length - 1),
      );
      return `- { workflowId: w-${name}, steps: [${steps.join(', ')}] }`;
    })
    .join('\n');
}

/**
 * Runs workflows on a server that holds its answers until so many requests have come as each round has; what came in each
 * round, in the order of their letters. A run that sends fewer at a time never ends.
 */
async function inRounds(text: string, rounds: readonly number[], options: CheckOptions): Promise<string[]> {
  const came: string[] = [];
  let held: [name: string, response: ServerResponse][] = [];
  const target = await served((request, response) => {
    held.push([request.url?.split('/').at(-1) ?? '', response]);
    if (held.length < (rounds[came.length] ?? 1)) return;
    came.push(
      held
        .map(([name]) => name)
        .toSorted()
        .join(' '),
    );
    const answered = held;
    held = [];
    for (const [, each] of answered)
      each
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ problem: 'no such order' }));
  });
  const workflows = await workflowsOf(orders, text);
  const { finished } = await told(orders, target, { phases: ['workflows'], workflows, ...options });
  expect(finished.complete).toBe(true);
  return came;
}

describe('rounds of answers', () => {
  test('are as many as the longest workflow has requests, where there are places for all', async () => {
    const text = chains({ a: 5, b: 3, c: 3, d: 1, e: 1, f: 1 });
    expect(await inRounds(text, [6, 3, 3, 1, 1], { concurrency: 6 })).toEqual([
      'a1 b1 c1 d1 e1 f1',
      'a2 b2 c2',
      'a3 b3 c3',
      'a4',
      'a5',
    ]);
  });

  test('are as many as it takes with the places that there are, none of which is ever left empty', async () => {
    const text = chains({ a: 4, b: 1, c: 1, d: 2, e: 1 });
    expect(await inRounds(text, [2, 2, 2, 2, 1], { concurrency: 2 })).toEqual([
      'a1 b1',
      'a2 c1',
      'a3 d1',
      'a4 d2',
      'e1',
    ]);
  });

  test('are one for each request where there is one place, in the order of the workflows', async () => {
    const moves: number[] = [];
    const moveClock = async (seconds: number): Promise<void> => void moves.push(seconds);
    const text = chains({ A: 2, b: 2, C: 2 });
    expect(await inRounds(text, [], { moveClock })).toEqual(['b1', 'b2', 'A1', 'A2', 'C1', 'C2']);
    expect(moves).toEqual([600, 600]);
  });
});

describe('time that passes', () => {
  test('passes for all at once who wait, when the others are done', async () => {
    const before: string[] = [];
    let came = 0;
    const moveClock = async (seconds: number): Promise<void> => void before.push(`${came}: ${seconds}`);
    const text = [chains({ A: 2, b: 3, C: 2 }), chains({ D: 3 }, 'PT15M')].join('\n');
    const rounds = await inRounds(text, [4, 2, 1, 2, 1], {
      concurrency: 4,
      moveClock: (seconds) => {
        came += 1;
        return moveClock(seconds);
      },
    });
    expect(rounds).toEqual(['A1 C1 D1 b1', 'D2 b2', 'b3', 'A2 C2', 'D3']);
    expect(before).toEqual(['1: 600', '2: 300']);
  });

  test('keeps no place that others could have', async () => {
    const moveClock = async (): Promise<void> => {};
    const rounds = await inRounds(chains({ a: 1, B: 2, C: 2, D: 2 }), [2, 2, 2, 1], {
      concurrency: 2,
      moveClock,
    });
    expect(rounds).toEqual(['B1 a1', 'C1 D1', 'B2 C2', 'D2']);
  });

  test('keeps nobody waiting who depends on one that waits', async () => {
    const moveClock = async (): Promise<void> => {};
    const after = `- { workflowId: after, dependsOn: [w-A], steps: [{ stepId: s, operationId: readOrder, parameters: [{ name: id, in: path, value: after }] }] }`;
    const text = `${chains({ A: 2, B: 2 })}\n${after}`;
    expect(await inRounds(text, [2, 2, 1], { concurrency: 2, moveClock })).toEqual([
      'A1 B1',
      'A2 B2',
      'after',
    ]);
  });
});

test('a session that is used again is used by one workflow at a time', async () => {
  const { target, options } = await onMock(matar);
  const using: string[] = [];
  const uses = new Map<string, number>();
  let most = 0;
  const together: string[] = [];
  const watching: Target = async (request, signal) => {
    const credential = fieldValue(request.fields, 'authorization') ?? '';
    if (credential !== '' && using.includes(credential)) together.push(credential);
    uses.set(credential, (uses.get(credential) ?? 0) + 1);
    most = Math.max(most, using.push(credential));
    await new Promise((resolve) => setImmediate(resolve)); // the others have asked by then
    const outcome = await target(request, signal);
    using.splice(using.indexOf(credential), 1);
    return outcome;
  };
  const { titles } = await told(matar, watching, {
    ...options,
    concurrency: 8,
    phases: ['protocol'],
    only: ['getCurrentUser'],
  });
  expect(titles).toEqual([]);
  expect(most).toBe(8);
  expect(together).toEqual([]);
  expect(Math.max(...uses.values())).toBeGreaterThan(1);
});

test.each([1, 8])('the requests of all workflows are those of the run, %i at once', async (concurrency) => {
  const { target, options } = await onMock(matar);
  const { finished, events } = await told(matar, target, { ...options, concurrency, phases: ['protocol'] });
  const each = events.flatMap((event) => (event.type === 'workflow-finished' ? [event.requests] : []));
  expect(each.reduce((sum, requests) => sum + requests, 0)).toBe(finished.requests);
  expect(finished.requests).toBeGreaterThan(200);
});
