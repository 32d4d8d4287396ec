/** Credentials of every wrong kind: for operations that ask for one, carried as the contract says. */

import { describe, expect, test } from 'vitest';
import { club, matar, orders, shop } from '../contracts.js';
import { planned } from './planned.js';

const summaries = (contract: typeof orders, only: string) =>
  planned(contract, { phases: ['security'], only: [only] }).map(({ workflow }) => workflow.summary ?? '');
const sent = (contract: typeof orders, only: string, name: string) =>
  planned(contract, { phases: ['security'], only: [only] }).map(
    ({ workflow }) => workflow.steps.at(-1)?.parameters.find((each) => each.name === name)?.value,
  );

test('an operation that asks for no credential has none of these cases', () => {
  expect(summaries(orders, 'createOrder')).toEqual([]);
  expect(summaries(matar, 'login')).toEqual([]);
});

test('a bearer token is left out, spelt otherwise, of another scheme, alone, and never given out', () => {
  expect(sent(club, 'openDoor', 'Authorization').slice(0, 5)).toEqual([
    undefined,
    'Bearer',
    'Bearer never-given-out',
    'Basic {$steps.setup.outputs.badge}',
    '{$steps.setup.outputs.badge}',
  ]);
  expect(summaries(club, 'openDoor')).toEqual(
    expect.arrayContaining([
      'openDoor with the scheme spelt bearer',
      'openDoor with the scheme spelt BEARER',
    ]),
  );
});

test('a key is left out, empty, and never given out', () => {
  expect(sent(shop, 'openBasket', 'X-Api-Key')).toEqual([undefined, 'never-given-out', '']);
});

describe('forged tokens', () => {
  const forged = (contract: typeof orders, only: string) =>
    summaries(contract, only).filter((summary) => summary.includes('forged'));

  test('are made of tokens of the common form', () => {
    expect(forged(matar, 'getCurrentUser')).toEqual(
      expect.arrayContaining([
        'getCurrentUser with a forged token: alg is none without a signature',
        'getCurrentUser with a forged token: the subject is another',
        'getCurrentUser with a forged token: the signature is removed',
      ]),
    );
  });

  test('of any other text are only parts of it', () => {
    expect(forged(club, 'openDoor').length).toBeGreaterThan(1);
    expect(forged(club, 'openDoor').filter((summary) => /alg|signature|subject/.test(summary))).toEqual([]);
  });
});

test('the other token that came with the right one is tried', () => {
  expect(summaries(matar, 'logout')).toContain('logout with the refresh token');
});
