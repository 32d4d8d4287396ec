/** Values that are nearly right, wherever a rule compares something with what was sent or given out. */

import { describe, expect, test } from 'vitest';
import { matar, orders, xerial } from '../contracts.js';
import { planned } from './planned.js';

const about = (contract: typeof orders, words: RegExp) =>
  planned(contract, { phases: ['rules'] }).filter(({ workflow }) => words.test(workflow.summary ?? ''));

describe('a code that was sent', () => {
  test.each([
    ['a wrong otp'],
    ['the first characters of the otp'],
    ['an empty otp'],
    ['an older otp'],
    ['the otp of another user'],
  ])('is not %s', (what) => {
    expect(about(matar, new RegExp(`login with ${what}: invalid otp`)).length).toBeGreaterThan(0);
  });

  test('is right after a wrong one was tried several times', () => {
    const after = about(matar, /login with a wrong otp/).flatMap(({ workflow }) => {
      const at = workflow.steps.findIndex(({ times }) => times.count > 1);
      return at === -1 ? [] : [workflow.steps[at + 1]?.id];
    });
    expect(after.length).toBeGreaterThan(0);
    for (const id of after) expect(id).toMatch(/^(registered|logged-in)/);
  });

  test('is derived from the right one, which nobody writes down beforehand', () => {
    const [wrong] = about(matar, /login with the first characters of the otp/);
    expect(wrong?.workflow.inputs.find(({ asks }) => asks === 'derived:prefix')?.for).toEqual({
      of: '$inputs.otp',
    });
  });
});

describe('a token that was given out', () => {
  test('is neither one that never was, nor a forged one', () => {
    expect(about(xerial, /refreshToken that was never given out/).length).toBeGreaterThan(0);
    expect(about(xerial, /a forged refreshToken: alg is none/).length).toBeGreaterThan(0);
  });

  test('is not the access token that comes with it', () => {
    expect(about(xerial, /refreshTokens with the access token/).length).toBeGreaterThan(0);
  });
});

test('an id in a path is no secret', () => {
  expect(about(orders, / with /).map(({ workflow }) => workflow.id)).toEqual([
    'create-order-made-with-all-details',
  ]);
});
