/** Inputs of which there are few: counted, remembered, and not asked for in vain. */

import { expect, test } from 'vitest';
import { type InputAsk, type InputSource, none, valueFor } from '../../conformance/input/input.js';
import { anyScarce, rememberedInputs, scarceInputs } from '../../conformance/input/scarce.js';
import { unknown } from '../../openapi/rules/unknown.js';
import { overlay } from '../../openapi/rules/value.js';

const signal = new AbortController().signal;
const ask = (name: string, more: Partial<InputAsk> = {}): InputAsk => ({
  name,
  for: {},
  use: 1,
  schema: { type: 'string' },
  signal,
  ...more,
});
const numbered = (): InputSource => {
  let count = 0;
  return async (each) => {
    count += 1;
    return each.name === 'nothing' ? none('nobody knows') : valueFor(each, `${each.name} ${count}`);
  };
};

test('of each name no more values are given than there are, and why is said beforehand', async () => {
  const scarce = scarceInputs(
    numbered(),
    (name) => name !== 'plenty',
    () => 2,
    true,
  );
  expect(scarce.refusal('otp', 3)).toBe('3 more of otp are needed, and 2 of 2 are left');
  for (const name of ['otp', 'plenty', 'otp', 'plenty', 'plenty']) await scarce.source(ask(name));
  expect(await scarce.source(ask('otp'))).toEqual(none('one more otp is needed, and none of 2 is left'));
  expect([scarce.spent(), scarce.refusal('plenty', 9), scarce.refusal('otp', 1)]).toEqual([
    2,
    undefined,
    'one more otp is needed, and none of 2 is left',
  ]);
});

test('a message that was sent in vain counts where a person was asked', async () => {
  const about = { for: { phone_number: '1' } };
  for (const [isAsking, spent] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const scarce = scarceInputs(
      numbered(),
      () => true,
      () => 2,
      isAsking,
    );
    await scarce.source(ask('nothing', about));
    await scarce.source(ask('nothing'));
    expect(scarce.spent()).toBe(spent);
  }
});

test('of several sources, one that has enough is enough', () => {
  const few = scarceInputs(
    numbered(),
    (name) => name === 'otp',
    () => 1,
    true,
  );
  const many = scarceInputs(
    numbered(),
    (name) => name === 'otp',
    () => 9,
    true,
  );
  const both = anyScarce([few, many]);
  expect([both?.refusal('otp', 5), both?.refusal('otp', 10), both?.has('name')]).toEqual([
    undefined,
    '10 more of otp are needed, and 1 of 1 is left',
    false,
  ]);
  expect(anyScarce([])).toBeUndefined();
});

test('what depends on nothing is asked for once of each person, until the server takes it no more', async () => {
  const source = rememberedInputs(numbered(), new Set(['ticket']));
  const given = async (name: string, more: Partial<InputAsk> = {}): Promise<unknown> => {
    const answer = await source(ask(name, more));
    return answer.kind === 'value' ? answer.value : answer.reason;
  };
  expect([await given('phone'), await given('phone'), await given('phone', { whose: 'other' })]).toEqual([
    'phone 1',
    'phone 1',
    'phone 2',
  ]);
  expect(await given('phone', { isSpent: (value) => value === 'phone 1' })).toBe('phone 3');
  expect([await given('ticket'), await given('ticket')]).toEqual(['ticket 4', 'ticket 5']);
  const about = { for: { phone: '1' } };
  expect([await given('otp', about), await given('otp', about)]).toEqual(['otp 6', 'otp 7']);
});

test('what is not known yet hides the example that it is laid over', () => {
  const hidden = unknown();
  expect(overlay({ _id: '39501T' }, hidden)).toBe(hidden);
});
