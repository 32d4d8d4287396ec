/** Ways to transitions: each is found, is the shortest, and ends in what was wanted. */

import { describe, expect, test } from 'vitest';
import { type Target, targetsOf } from '../../../conformance/plan/goal.js';
import { groundOf, reach, reachProducer, sampleOf } from '../../../conformance/plan/reach.js';
import { simulate } from '../../../conformance/plan/replay.js';
import type { Contract } from '../../../openapi/index.js';
import { club, matar, orders, shop, xerial } from '../contracts.js';

/** The steps that lead to each transition of a contract, and how many days, hours or minutes pass; `none` where nothing leads there. */
function ways(contract: Contract, harmless = false): Readonly<Record<string, string>> {
  const ground = groundOf(contract, harmless);
  const targets = contract.operations.flatMap(targetsOf);
  return Object.fromEntries(
    targets.map((target) => {
      const { steps } = reach(ground, target)?.draft ?? { steps: undefined };
      const line = steps?.map(({ id, wait }) => (wait === undefined ? id : `(wait) ${id}`)).join(', ');
      return [`${target.operation.id} ${target.transition.name}`, line ?? 'none'];
    }),
  );
}

function targetOf(contract: Contract, operation: string, transition: string): Target {
  const found = contract.operations
    .flatMap(targetsOf)
    .find((each) => each.operation.id === operation && each.transition.name === transition);
  if (found === undefined) throw new Error(`there is no ${operation} ${transition}`);
  return found;
}

describe('every transition by its shortest sequence', () => {
  test('of orders', () => {
    expect(ways(orders)).toEqual({
      'createOrder made': 'made',
      'readOrder gone': 'made, cancelled, gone',
      'readOrder shown': 'made, shown',
      'readOrder unknown': 'unknown',
      'cancelOrder cancelled-already': 'made, cancelled, cancelled-already',
      'cancelOrder cancelled': 'made, cancelled',
      'cancelOrder not-there': 'not-there',
    });
  });

  test('of a shop whose keys come from outside', () => {
    expect(ways(shop)).toEqual({
      'openBasket no-key': 'no-key',
      'openBasket unknown-key': 'unknown-key',
      'openBasket opened': 'opened',
      'seeBasket no-key': 'no-key',
      'seeBasket unknown-key': 'unknown-key',
      'seeBasket seen': 'opened, seen',
      'seeBasket unseen': 'unseen',
    });
  });

  test('of a club whose badges run out', () => {
    expect(ways(club)).toEqual({
      'enter entered': 'entered',
      'openDoor no-badge': 'no-badge',
      'openDoor returned': 'entered, left, returned',
      'openDoor run-out': 'entered, (wait) run-out',
      'openDoor unknown-badge': 'unknown-badge',
      'openDoor opened': 'entered, opened',
      'leave no-badge': 'no-badge',
      'leave returned': 'entered, left, returned',
      'leave run-out': 'entered, (wait) run-out',
      'leave unknown-badge': 'unknown-badge',
      'leave left': 'entered, left',
    });
  });

  test('of Matar', () => {
    expect(ways(matar)).toMatchInlineSnapshot(`
      {
        "getCurrentUser expired-token": "otp-sent, registered, (wait) expired-token",
        "getCurrentUser invalid-token": "invalid-token",
        "getCurrentUser missing-token": "missing-token",
        "getCurrentUser revoked-token": "otp-sent, registered, logged-out, revoked-token",
        "getCurrentUser user-shown": "otp-sent, registered, user-shown",
        "login expired-otp": "otp-sent, (wait) expired-otp",
        "login invalid-otp": "invalid-otp",
        "login logged-in": "otp-sent, registered, otp-sent-2, logged-in",
        "login logged-in-with-a-used-otp": "none",
        "login no-such-organization": "no-such-organization",
        "login otp-expired-at-send": "none",
        "login otp-sent": "otp-sent",
        "login otp-sent-to-the-sample-number": "none",
        "login registered": "otp-sent, registered",
        "logout expired-token": "otp-sent, registered, (wait) expired-token",
        "logout invalid-token": "invalid-token",
        "logout logged-out": "otp-sent, registered, logged-out",
        "logout missing-token": "missing-token",
        "logout revoked-token": "otp-sent, registered, logged-out, revoked-token",
      }
    `);
  });

  test('of Xerial', () => {
    expect(ways(xerial)).toMatchInlineSnapshot(`
      {
        "logout logged-out": "refreshed, logged-out",
        "logout logged-out-when-expired": "refreshed, (wait) logged-out-when-expired",
        "logout replaced-refresh-token": "refreshed, replaced-refresh-token",
        "logout unknown-refresh-token": "unknown-refresh-token",
        "refreshTokens refreshed": "refreshed",
        "refreshTokens rejected": "rejected",
        "refreshTokens rejected-when-replaced": "refreshed, rejected-when-replaced",
      }
    `);
  });
});

test('the last step makes the wanted transition when the rules are played', () => {
  for (const contract of [orders, shop, club, matar, xerial]) {
    const ground = groundOf(contract, false);
    for (const target of contract.operations.flatMap(targetsOf)) {
      const reached = reach(ground, target);
      if (reached === undefined) continue;
      const last = simulate(contract, reached.draft)?.steps.at(-1);
      expect(last?.predicted?.choice.transition).toBe(target.transition);
      expect(last?.request.method).toBe(target.operation.method);
    }
  }
});

test('numbers of the documentation are written to only where nobody is behind them', () => {
  const sample = targetOf(matar, 'login', 'otp-sent-to-the-sample-number');
  expect(reach(groundOf(matar, false), sample)).toBeUndefined();
  expect(reach(groundOf(matar, true), sample)?.draft.steps).toHaveLength(1);
});

test('what was found once is not looked for again', () => {
  const ground = groundOf(orders, false);
  const shown = targetOf(orders, 'readOrder', 'shown');
  expect(reach(ground, shown)).toBe(reach(ground, shown));
  expect(reach(ground, shown, { cast: 1 })).not.toBe(reach(ground, shown));
});

test('another user has inputs of his own', () => {
  const ground = groundOf(matar, false);
  const sent = targetOf(matar, 'login', 'otp-sent');
  const names = [0, 1, 2].map((cast) => reach(ground, sent, { cast })?.draft.inputs.map(({ name }) => name));
  expect(names).toEqual([['phone_number'], ['other_phone_number'], ['third_phone_number']]);
});

test('what comes before is kept, and steps of the same name get another one', () => {
  const ground = groundOf(orders, false);
  const shown = targetOf(orders, 'readOrder', 'shown');
  const first = reach(ground, shown);
  const second = reach(ground, shown, { draft: first?.draft ?? { steps: [], inputs: [] } });
  expect(second?.draft.steps.map(({ id }) => id)).toEqual(['made', 'shown', 'made-2', 'shown-2']);
  expect(second?.step.parameters).toEqual([{ name: 'id', in: 'path', value: '$steps.made-2.outputs.id' }]);
});

test('a producer puts out the keys that it gives out', () => {
  const ground = groundOf(matar, false);
  const login = reachProducer(ground, targetOf(matar, 'login', 'registered'));
  expect(login?.step.outputs).toEqual([
    ['access_token', '$response.body#/access_token'],
    ['refresh_token', '$response.body#/refresh_token'],
  ]);
  expect(
    reachProducer(groundOf(orders, false), targetOf(orders, 'createOrder', 'made'))?.step.outputs,
  ).toEqual([['id', '$response.body#/id']]);
});

test('what is given out has a sample, what comes from outside has none', () => {
  const ground = groundOf(club, false);
  const opened = reach(ground, targetOf(club, 'openDoor', 'opened'));
  const key = reach(groundOf(shop, false), targetOf(shop, 'openBasket', 'opened'));
  if (opened === undefined || key === undefined) throw new Error('nothing was found');
  expect(sampleOf(opened, opened.parts.get('credential') ?? null)).toMatch(/^[\da-f-]{36}$/);
  expect(sampleOf(key, key.parts.get('credential') ?? null)).toBeUndefined();
});
