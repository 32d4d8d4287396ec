/** Walks: drawn from the rules alone, alike for the same seed, and playable against the rules that they were drawn from. */

import { describe, expect, test } from 'vitest';
import type { CheckOptions } from '../../../conformance/options.js';
import { simulate } from '../../../conformance/plan/replay.js';
import type { Planned } from '../../../conformance/planned.js';
import { planOf } from '../../../conformance/run.js';
import type { Contract } from '../../../openapi/index.js';
import { club, matar, orders, plain, shop, xerial } from '../contracts.js';

/** The walks of a plan: those in which no time passes, then the others. */
function walksOf(contract: Contract, options: CheckOptions = {}): readonly Planned[] {
  const { walks } = planOf(contract, { seed: 1, phases: ['walks'], ...options });
  return [...walks.draw(false), ...walks.draw(true)];
}

const ownWalks = new Map<Contract, readonly Planned[]>();

/** Those that are drawn without any wish, once for all who only look at them. */
function ownWalksOf(contract: Contract): readonly Planned[] {
  const drawn = ownWalks.get(contract) ?? walksOf(contract);
  ownWalks.set(contract, drawn);
  return drawn;
}

const anyTime: CheckOptions = { moveClock: async () => {} };

/** The names of the transitions that walks make, each once. */
function made(contract: Contract, walks: readonly Planned[]): ReadonlySet<string> {
  const names = walks.flatMap(({ workflow }) => {
    const steps = simulate(contract, workflow)?.steps ?? [];
    return steps.flatMap(({ predicted }) => predicted?.choice.transition.name ?? []);
  });
  return new Set(names);
}

/** The names of the transitions that a server makes by itself. */
function makeable(contract: Contract): readonly string[] {
  const schemes = contract.operations.flatMap(({ security }) => security.flat().map(({ scheme }) => scheme));
  return [...contract.operations, ...schemes].flatMap(({ transitions }) =>
    transitions
      .filter(({ alternative, unspecified }) => !alternative && !unspecified)
      .map(({ name }) => name),
  );
}

describe('the same seed', () => {
  test('draws the same walks, each time they are drawn', () => {
    const { walks } = planOf(matar, { seed: 7, phases: ['walks'] });
    const [first, second] = [[...walks.draw(false)], [...walks.draw(false)]];
    expect(first).toEqual(second);
    expect(walksOf(matar, { seed: 7 })).toEqual(first);
  });

  test('of another draws others', () => {
    expect(walksOf(matar, { seed: 7 })).not.toEqual(walksOf(matar, { seed: 8 }));
  });
});

describe('walks make', () => {
  test.each([
    ['matar', matar],
    ['xerial', xerial],
    ['orders', orders],
    ['club', club],
    ['shop', shop],
  ])('every transition of %s that a server makes by itself', (_, contract) => {
    const walked = made(contract, walksOf(contract, { ...anyTime, walks: { count: 48 } }));
    const missing = makeable(contract).filter((name) => !walked.has(name));
    // The sample number is nobody's, so it is not drawn.
    expect(missing.filter((name) => name !== 'otp-sent-to-the-sample-number')).toEqual([]);
  });

  test('as many calls as are wanted, by as many users', () => {
    const walks = walksOf(matar, { walks: { count: 5, length: 12, users: 3 } });
    expect(walks.map(({ workflow }) => workflow.steps.length)).toEqual([12, 12, 12, 12, 12]);
    const numbers = walks.flatMap(({ workflow }) =>
      workflow.inputs.filter(({ asks }) => asks === 'phone_number').map(({ name }) => name),
    );
    expect(new Set(numbers)).toEqual(new Set(['phone_number', 'other_phone_number', 'third_phone_number']));
  });

  test('requests whose answer the rules foretell, or that must be refused', () => {
    for (const { workflow } of ownWalksOf(matar)) {
      const { steps } = simulate(matar, workflow) ?? { steps: [] };
      const open = steps.filter(({ predicted, situation }) => !predicted && situation.kind !== 'invalid');
      expect(open.map(({ step }) => step.id)).toEqual([]);
    }
  });

  test('nobody up: whoever is written to is an input', () => {
    const addresses = ownWalksOf(matar).flatMap(({ workflow }) =>
      workflow.steps.flatMap(({ requestBody }) => {
        const payload = requestBody?.payload;
        return typeof payload === 'object' && payload !== null && 'phone_number' in payload
          ? [payload.phone_number]
          : [];
      }),
    );
    expect(addresses.length).toBeGreaterThan(50);
    expect(addresses.filter((address) => !/^\$inputs\.(other_)?phone_number$/.test(String(address)))).toEqual(
      [],
    );
  });

  test('few requests for what there is little of', () => {
    const scarce = { has: (name: string) => name === 'otp', spent: () => 0, refusal: () => undefined };
    const asked = walksOf(matar, { scarce }).map(
      ({ workflow }) => workflow.inputs.filter(({ asks }) => asks === 'otp').length,
    );
    expect(Math.max(...asked)).toBe(3);
    const usual = ownWalksOf(matar).map(
      ({ workflow }) => workflow.inputs.filter(({ asks }) => asks === 'otp').length,
    );
    expect(Math.max(...usual)).toBeGreaterThan(3);
  });

  test('only requests by safe methods where nothing else is allowed', () => {
    const walks = walksOf(orders, { safe: true });
    const methods = walks.flatMap(({ workflow }) =>
      workflow.steps.map(({ call }) => (call.kind === 'operation' ? call.operation.method : '')),
    );
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });
});

describe('time passes', () => {
  test('in some walks, apart from the others, where the clock can be moved', () => {
    const { walks } = planOf(matar, { seed: 1, phases: ['walks'], ...anyTime });
    const waits = (takesTime: boolean) =>
      [...walks.draw(takesTime)].flatMap(({ workflow }) =>
        workflow.steps.filter(({ wait }) => wait !== undefined),
      );
    expect(waits(false)).toEqual([]);
    expect(waits(true).length).toBeGreaterThan(10);
    expect([...walks.draw(false), ...walks.draw(true)]).toHaveLength(walks.count ?? 0);
  });

  test('in none where nothing lives as short as can be waited', () => {
    expect(ownWalksOf(matar).filter(({ takesTime }) => takesTime)).toEqual([]);
  });
});

test('without rules there is nothing to walk by', () => {
  expect(planOf(plain, { seed: 1, phases: ['walks'] }).walks.count).toBe(0);
  expect(ownWalksOf(plain)).toEqual([]);
});

test('as many walks are drawn as there is time for, where a time is given', () => {
  const { walks } = planOf(club, { seed: 1, phases: ['walks'], walks: { time: 60_000 } });
  expect(walks.count).toBeUndefined();
  let drawn = 0;
  for (const _ of walks.draw(false)) {
    drawn += 1;
    if (drawn === 100) break;
  }
  expect(drawn).toBe(100);
});

test('a walk has an id that no workflow of the contract has', () => {
  const [first] = ownWalksOf(club);
  const own = first === undefined ? [] : [{ ...first.workflow, id: 'walk-1' }];
  const ids = walksOf(club, { workflows: own }).map(({ workflow }) => workflow.id);
  expect(ids.slice(0, 2)).toEqual(['walk-1-2', 'walk-2']);
});
