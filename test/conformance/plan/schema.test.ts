/** Values at bounds and past them: what must be refused first, and what is taken looked at afterwards. */

import { expect, test } from 'vitest';
import { matar, orders, plain, xerial } from '../contracts.js';
import { planned, stepsOf, workflow } from './planned.js';

const bodyOf = (id: string) =>
  workflow(planned(orders, { phases: ['schema'] }), `create-order-made-${id}`).steps[0]?.requestBody?.payload;

test('each constraint is broken by one request that breaks nothing else', () => {
  expect(bodyOf('what-is-missing')).toEqual({ count: 2 });
  expect(bodyOf('count-is-null')).toEqual({ what: 'tea', count: null });
  expect(bodyOf('count-is-less-than-1')).toEqual({ what: 'tea', count: 0 });
  expect(bodyOf('count-is-more-than-9')).toEqual({ what: 'tea', count: 10 });
  expect(bodyOf('count-is-not-whole')).toMatchObject({ what: 'tea' });
  expect(bodyOf('what-has-0-characters-one-too-few')).toEqual({ what: '', count: 2 });
  expect(bodyOf('the-value-has-an-unknown-member-unexpected')).toMatchObject({ what: 'tea', count: 2 });
});

test('what must be refused comes before what must be taken', () => {
  const ids = planned(orders, { phases: ['schema'] }).map((each) => each.workflow.id);
  const [last, first] = ['count-is-an-array', 'what-has-1-character-the-least'].map((id) =>
    ids.indexOf(`create-order-made-${id}`),
  );
  expect(last).toBeGreaterThan(-1);
  expect(first).toBeGreaterThan(last ?? 0);
});

test('what is taken is asked for again, what is refused is not', () => {
  const list = planned(orders, { phases: ['schema'] });
  expect(stepsOf(workflow(list, 'create-order-made-count-is-9-the-most'))).toEqual([
    'made',
    'then-read-order',
  ]);
  expect(stepsOf(workflow(list, 'create-order-made-count-is-more-than-9'))).toEqual(['made']);
});

test('parameters are varied in their own places, with their types as texts', () => {
  const values = planned(plain, { phases: ['schema'] }).map(
    ({ workflow: { steps } }) => steps[0]?.parameters.find(({ name }) => name === 'a')?.value,
  );
  expect(values).toEqual(expect.arrayContaining([undefined, -1, 10, 0, 9, true]));
});

test('nobody is written to whose number a plan has made up, and what the server gave out stays as it is', () => {
  for (const { workflow: each } of planned(matar, { phases: ['schema'], only: ['login'] })) {
    const last = each.steps.find(({ call }) => call.kind === 'operation');
    const payload = JSON.stringify(last?.requestBody?.payload ?? null);
    if (/^\{.*"phone_number":"\d/.test(payload)) expect(payload).not.toContain('send_otp');
  }
  const refreshes = planned(xerial, { phases: ['schema'], only: ['refreshTokens'] });
  expect(refreshes.length).toBeGreaterThan(3);
});
