/** A comparison as a run: partings found side by side, those that do not show again, and what could not be compared. */

import { describe, expect, it } from 'vitest';
import { compare } from '../../conformance/compare/compare.js';
import type { CompareFinished } from '../../conformance/compare/event.js';
import type { CompareOptions } from '../../conformance/compare/plan.js';
import type { Side } from '../../conformance/compare/side.js';
import { givenInputs } from '../../conformance/input/input.js';
import { appTarget } from '../../conformance/target.js';
import { loadContract } from '../../openapi/load.js';
import { compared, mockSide } from './comparing.js';
import { matar } from './contracts.js';

const pets = await loadContract('test/cli/pets.yaml');

/** An app that keeps the contract of pets; `answer` may give another answer to the so-manieth request of a method. */
function petSide(answer: (method: string, count: number) => Response | undefined = () => undefined): Side {
  const counts = new Map<string, number>();
  const fetch = ({ method }: Request): Response => {
    const count = (counts.get(method) ?? 0) + 1;
    counts.set(method, count);
    const other = answer(method, count);
    if (other !== undefined) return other;
    if (method === 'DELETE') return new Response(null, { status: 204 });
    return method === 'POST' ? new Response(null, { status: 201 }) : Response.json(['Rex']);
  };
  return { target: appTarget({ fetch }) };
}

async function finishedOf(a: Side, b: Side, options: CompareOptions = {}): Promise<CompareFinished> {
  const open = (side: Side) => ({ side, close: async () => {} });
  return compared(pets, open(a), open(b), { phases: ['examples'], ...options });
}

const told = ({ partings }: CompareFinished): string[] =>
  partings.map(
    ({ endpoint, title, confirmed }) => `${endpoint}: ${title} (${confirmed.shown} of ${confirmed.of})`,
  );

describe('two servers that part in several ways', () => {
  it('are told of each, and of how often it was seen', async () => {
    const b = petSide((method) => {
      if (method === 'GET') return Response.json(['Bello']);
      return method === 'POST' ? new Response(null, { status: 202 }) : undefined;
    });
    const finished = await finishedOf(petSide(), b);
    expect(told(finished)).toEqual([
      'GET /pets: item 0 is another at B (2 of 2)',
      'POST /pets: A answers 201, B answers 202 (2 of 2)',
    ]);
    expect(finished.partings.map(({ count }) => count)).toEqual([1, 4]);
    expect(finished.workflows).toEqual({ planned: 5, same: 0, parted: 5, notCompared: 0 });
  });

  it('are told at once of all in which two answers differ', async () => {
    const a = petSide((method) => (method === 'GET' ? Response.json({ name: 'Rex', age: 3 }) : undefined));
    const b = petSide((method) => (method === 'GET' ? Response.json({ name: 'Max', age: 4 }) : undefined));
    const { partings } = await finishedOf(a, b);
    expect(partings.map(({ title, besides }) => ({ title, besides }))).toEqual([
      { title: 'name is another at B', besides: ['age is another at B'] },
    ]);
  });
});

describe('what shows once', () => {
  it('is unstable when it does not show again', async () => {
    const b = petSide((method, count) =>
      method === 'GET' && count === 1 ? Response.json(['Bello']) : undefined,
    );
    const finished = await finishedOf(petSide(), b);
    expect(told(finished)).toEqual([]);
    expect(finished.unstable.map(({ title, confirmed }) => ({ title, ...confirmed }))).toEqual([
      { title: 'item 0 is another at B', shown: 1, of: 4 },
    ]);
  });

  it('is told as seen once where nothing is tried again', async () => {
    const b = petSide((method) => (method === 'GET' ? Response.json(['Bello']) : undefined));
    expect(told(await finishedOf(petSide(), b, { confirmations: 0 }))).toEqual([
      'GET /pets: item 0 is another at B (1 of 1)',
    ]);
  });
});

describe('what cannot be compared', () => {
  it('is a server that is not there', async () => {
    const nobody: Side = {
      target: async () => ({
        kind: 'failure',
        failure: 'refused',
        why: 'no door',
        faults: [],
        partial: undefined,
      }),
    };
    const finished = await finishedOf(petSide(), nobody);
    expect(finished).toMatchObject({ stopped: 'unreachable', unreachable: { side: 'B', why: 'no door' } });
    expect(told(finished)).toEqual([]);
  });

  it('is time that passes at one of them only: neither clock is moved', async () => {
    const [a, b] = [await mockSide(matar, 1), await mockSide(matar, 2)];
    const moved: number[] = [];
    const { moveClock: _, ...still } = b.side;
    const moving = { ...a.side, moveClock: async (seconds: number) => void moved.push(seconds) };
    const open = (side: Side) => ({ side, close: async () => {} });
    const finished = await compared(matar, open(moving), open(still), { phases: ['examples'] });
    expect(told(finished)).toEqual([]);
    expect(finished.notCompared.map(({ reason }) => reason)).toEqual([
      'time would have to pass, and the clock of B cannot be moved',
    ]);
    expect(moved).toEqual([]);
  });

  it('is a workflow of two users who are one at one of them', async () => {
    const [a, b] = [await mockSide(matar, 1), await mockSide(matar, 2)];
    const { inputs = givenInputs({}) } = a.side;
    const one = givenInputs({ phone_number: '919000000001' });
    const same: Side = { ...a.side, inputs: (ask) => (ask.name === 'phone_number' ? one(ask) : inputs(ask)) };
    const open = (side: Side) => ({ side, close: async () => {} });
    const finished = await compared(matar, open(same), open(b.side), { phases: ['rules'], only: ['logout'] });
    expect(finished.notCompared.map(({ reason }) => reason).join('\n')).toMatch(
      /^the values given for other_phone_number are the same at one server, and not at the other$/m,
    );
  });
});

describe('a comparison ends', () => {
  it('when nobody takes its events any more', async () => {
    let asked = 0;
    const count = (): undefined => {
      asked += 1;
    };
    for await (const event of compare(pets, petSide(count), petSide(count), { phases: ['examples'] }))
      if (event.type === 'exchange') break;
    expect(asked).toBeLessThan(8);
  });

  it('at the most requests that are allowed to each', async () => {
    const finished = await finishedOf(petSide(), petSide(), { maxRequests: 2 });
    expect(finished).toMatchObject({ complete: false, stopped: 'request-limit', requests: { A: 2, B: 2 } });
  });
});
