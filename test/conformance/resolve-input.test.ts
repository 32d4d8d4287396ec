/** Inputs resolved: who is asked for what, and what becomes known of the server by the answer. */

import { describe, expect, test } from 'vitest';
import type { InputAnswer, InputAsk } from '../../conformance/input/input.js';
import { createInputResolver, type InputResolver } from '../../conformance/input/resolve-input.js';
import { type Beliefs, createBeliefs } from '../../conformance/judge/beliefs.js';
import type { WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import { known, unknown } from '../../openapi/rules/unknown.js';
import { matar } from '../mock/contracts.js';
import { noon } from './judging.js';

type Desk = {
  readonly asked: InputAsk[];
  readonly learnt: (readonly [string, Json])[];
  readonly beliefs: Beliefs;
  readonly resolve: InputResolver;
  readonly signal: AbortSignal;
};

/** Somebody who gives the same answer to every question. */
function desk(answer: InputAnswer): Desk {
  const beliefs = createBeliefs(matar, () => noon, 0);
  const asked: InputAsk[] = [];
  const learnt: (readonly [string, Json])[] = [];
  const { signal } = new AbortController();
  const resolve = createInputResolver({
    source: async (ask) => {
      asked.push(ask);
      return answer;
    },
    beliefs,
    signal,
    learnt: (...what) => learnt.push(what),
  });
  return { asked, learnt, beliefs, resolve, signal };
}

const input = (name: string, asks = name, schema: JsonObject = {}): WorkflowInput => ({
  name,
  asks,
  schema,
  required: true,
  for: {},
});
const value = (given: Json, fresh = false): InputAnswer => ({ kind: 'value', value: given, fresh });
const nothing: InputAnswer = { kind: 'none', reason: 'nobody knows' };

describe('an input', () => {
  test('is asked for by what it asks for, with all that the answer depends on', async () => {
    const { asked, resolve, signal } = desk(value('48793'));
    const schema = { type: 'string' };
    expect(await resolve(input('code', 'otp', schema), { phone_number: '91' }, 'workflow 1')).toEqual(
      value('48793'),
    );
    expect(asked).toMatchObject([{ name: 'otp', for: { phone_number: '91' }, use: 1, schema }]);
    expect(asked[0]?.signal).toBe(signal);
  });

  test('is counted by what it asks for, whatever its name', async () => {
    const { asked, resolve } = desk(value('x'));
    for (const [name, asks] of [
      ['otp', 'otp'],
      ['other_otp', 'otp'],
      ['phone', 'phone'],
      ['otp_3', 'otp'],
    ] as const)
      await resolve(input(name, asks), {}, 'w');
    expect(asked.map(({ use }) => use)).toEqual([1, 2, 1, 3]);
  });

  test.for<[name: string, asks: string, cast: string]>([
    ['token', 'token', 'w'],
    ['token_2', 'token', 'w'],
    ['other_token', 'token', 'w other_'],
    ['other_token_2', 'token', 'w other_'],
    ['mine', 'token', 'w mine'],
  ])('of the name %s that asks for a %s is about "%s"', async ([name, asks, cast]) => {
    const { asked, resolve } = desk(value('x'));
    await resolve(input(name, asks), {}, 'w');
    expect(asked[0]?.cast).toBe(cast);
  });

  test('that nobody knows is none, with the reason', async () => {
    const { learnt, resolve } = desk(nothing);
    expect(await resolve(input('otp'), {}, 'w')).toBe(nothing);
    expect(learnt).toEqual([]);
  });

  test.each<[given: Json]>([['91'], [0], [null], [false]])(
    'that nobody knows is its default %j',
    async (given) => {
      expect(await desk(nothing).resolve(input('a', 'a', { default: given }), {}, 'w')).toEqual(
        value(given, true),
      );
    },
  );

  test('that is given is not its default', async () => {
    expect(await desk(value('92')).resolve(input('a', 'a', { default: '91' }), {}, 'w')).toEqual(value('92'));
  });

  test('that is derived is made from another, and nobody is asked', async () => {
    const { asked, learnt, resolve } = desk(value('x'));
    expect(await resolve(input('near', 'derived:prefix'), { of: '48793' }, 'w')).toEqual(value('4879', true));
    expect([asked, learnt]).toEqual([[], []]);
  });

  test.for<[asks: string, given: JsonObject]>([
    ['derived:none', { of: '1' }],
    ['derived:prefix', {}],
    ['derived:empty', { of: '' }],
    ['derived:prefix', { of: 7 }],
  ])('%s of %j cannot be had', async ([asks, given]) => {
    expect(await desk(value('x')).resolve(input('near', asks), given, 'w')).toEqual({
      kind: 'none',
      reason: `nothing of the kind "${asks.slice(8)}" can be made from that value`,
    });
  });
});

describe('an answer', () => {
  test.for<[answer: InputAnswer, key: string, mayBeThere: boolean]>([
    [value('T'), 'T', true],
    [value(7), '7', true],
    [value('T', true), 'T', false],
    [value(7, true), '7', false],
    [value(null), 'null', false],
    [value({ T: 1 }), 'T', false],
    [nothing, 'T', false],
  ])('of %j tells of a %s that the server may have: %s', async ([answer, key, mayBeThere]) => {
    const { beliefs, resolve } = desk(answer);
    await resolve(input('token'), {}, 'w');
    expect(beliefs.get('sessions', key)?.doubtful === true).toBe(mayBeThere);
  });

  test.for<[given: JsonObject, to: string, isTold: boolean]>([
    [{ phone_number: '91' }, '91', true],
    [{ phone_number: 91 }, '91', true],
    [{ organization: 'x', phone_number: '91' }, '91', true],
    [{ phone_number: '92' }, '91', false],
    [{ phone_number: ['91'] }, '91', false],
    [{ phone_number: { a: '91' } }, '91', false],
    [{}, '91', false],
  ])('for %j is what a message to %s said: %s', async ([given, to, isTold]) => {
    const { beliefs, resolve } = desk(value('48793'));
    const otp = unknown();
    beliefs.sent([{ channel: 'sms', to, content: { otp } }]);
    await resolve(input('code', 'otp'), given, 'w');
    expect(known(otp) === '48793').toBe(isTold);
  });

  test('is learnt by the name that was asked for', async () => {
    const { learnt, resolve } = desk(value('48793', true));
    await resolve(input('code', 'otp'), {}, 'w');
    expect(learnt).toEqual([['otp', '48793']]);
  });
});
