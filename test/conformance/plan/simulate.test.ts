/** Workflows played against the rules: the answers of a server that keeps them, and what it then knows. */

import { expect, test } from 'vitest';
import { callStep } from '../../../conformance/plan/draft.js';
import { targetsOf } from '../../../conformance/plan/goal.js';
import { groundOf, reach } from '../../../conformance/plan/reach.js';
import { simulate } from '../../../conformance/plan/replay.js';
import { createPlayer } from '../../../conformance/plan/simulate.js';
import type { Contract } from '../../../openapi/index.js';
import { club, matar, orders } from '../contracts.js';

function wayTo(contract: Contract, name: string) {
  const target = contract.operations.flatMap(targetsOf).find(({ transition }) => transition.name === name);
  const reached = target && reach(groundOf(contract, false), target);
  if (reached === undefined) throw new Error(`there is no way to ${name}`);
  return reached.draft;
}

const made = (contract: Contract, name: string) =>
  simulate(contract, wayTo(contract, name))?.steps.map(({ predicted }) => predicted?.choice.transition.name);

test('each step makes the transition that the rules say', () => {
  expect(made(orders, 'gone')).toEqual(['made', 'cancelled', 'gone']);
  expect(made(matar, 'revoked-token')).toEqual(['otp-sent', 'registered', 'logged-out', 'revoked-token']);
});

test('time passes where a step waits', () => {
  expect(made(club, 'run-out')).toEqual(['entered', 'run-out']);
  const draft = wayTo(club, 'run-out');
  const hurried = { ...draft, steps: draft.steps.map((step) => ({ ...step, wait: undefined })) };
  expect(simulate(club, hurried)?.steps.at(-1)?.predicted?.choice.transition.name).toBe('opened');
});

test('what a step has put is known afterwards, with where its key came from', () => {
  const trace = simulate(orders, wayTo(orders, 'cancelled'));
  const [key = ''] = trace?.state.get('cancelled')?.keys() ?? [];
  expect(key).toMatch(/^[A-Z]{3}\d{6}$/);
  expect(trace?.sources.get(key)).toBe('$steps.made.outputs.id');
  expect(trace?.steps.at(-1)?.changes).toMatchObject([{ kind: 'put', collection: 'cancelled', key }]);
});

test('a code that was sent is the one that is given', () => {
  const trace = simulate(matar, wayTo(matar, 'registered'));
  const body = JSON.parse(new TextDecoder().decode(trace?.steps.at(-1)?.request.content));
  expect(body.otp).toMatch(/^\d{5}$/);
  expect(trace?.sources.get(body.otp)).toBe('$inputs.otp');
});

test('a step without a value for what it names cannot be played', () => {
  const [, read] = orders.operations;
  if (read === undefined) throw new Error('there is no operation');
  const step = callStep('a', read, {
    parameters: [{ name: 'id', in: 'path', value: '$steps.b.outputs.id' }],
  });
  expect(simulate(orders, { steps: [step], inputs: [] })).toBeUndefined();
  expect(createPlayer(orders).play(step, [])).toBe(false);
});

test('a look at what a step would come to changes nothing', () => {
  const draft = wayTo(orders, 'cancelled');
  const [first, last] = draft.steps;
  const player = createPlayer(orders);
  if (first === undefined || last === undefined) throw new Error('there are no steps');
  player.play(first, draft.inputs);
  const look = () => player.peek(last, draft.inputs)?.predicted?.choice.transition.name;
  expect([look(), look()]).toEqual(['cancelled', 'cancelled']);
  player.play(last, draft.inputs);
  expect(look()).toBe('cancelled-already');
});

test('a step that is sent several times is played as often', () => {
  const draft = wayTo(orders, 'cancelled');
  const [first, last] = draft.steps;
  if (first === undefined || last === undefined) throw new Error('there are no steps');
  const steps = [first, { ...last, times: { count: 3, atOnce: true } }];
  const names = simulate(orders, { ...draft, steps })?.steps.map(
    ({ predicted }) => predicted?.choice.transition.name,
  );
  expect(names).toEqual(['made', 'cancelled', 'cancelled-already', 'cancelled-already']);
});
