/** Documented answers and documented requests: each reached, each sent as it is printed. */

import { expect, test } from 'vitest';
import { matar, orders, xerial } from '../contracts.js';
import { planned, stepsOf, workflow } from './planned.js';

test('each transition that can be reached is, by its name', () => {
  expect(
    planned(orders, { phases: ['examples'], only: ['readOrder'] }).map(
      ({ workflow: { summary } }) => summary,
    ),
  ).toEqual(['readOrder: gone', 'readOrder: shown', 'readOrder: unknown']);
});

test('a documented request is sent as it is printed', () => {
  const { steps } = workflow(
    planned(orders, { phases: ['examples'] }),
    'create-order-the-documented-example-tea',
  );
  expect(steps[0]?.requestBody).toMatchObject({
    contentType: 'application/json',
    payload: { what: 'tea', count: 2 },
  });
  const refresh = planned(xerial, { phases: ['examples'] }).filter((each) =>
    each.workflow.id.includes('documented-example'),
  );
  expect(refresh.length).toBeGreaterThan(0);
});

test('nobody is sent a message by a documented request, but for a mock', () => {
  const ids = (harmless: boolean) =>
    planned(matar, { phases: ['examples'], harmless }).map((each) => each.workflow.id);
  expect(ids(false).filter((id) => id.includes('documented-example'))).not.toContain(
    'login-the-documented-example-send-otp',
  );
  expect(ids(true)).toContain('login-the-documented-example-send-otp');
  expect(ids(false)).toContain('login-the-documented-example-submit-otp');
});

test('what must run out is waited for at the end', () => {
  const list = planned(matar, { phases: ['examples'] });
  expect(list.findLast(({ takesTime }) => !takesTime)).toBeDefined();
  expect(stepsOf(workflow(list, 'login-expired-otp'))).toEqual(['otp-sent', 'expired-otp']);
  expect(list.find((each) => each.workflow.id === 'login-expired-otp')?.takesTime).toBe(true);
});
