/** Drafts: nothing in them is changed, and no two things have one name. */

import { expect, test } from 'vitest';
import {
  callStep,
  castName,
  emptyDraft,
  input,
  mapTexts,
  outputName,
  slug,
  unlike,
  withInput,
  withOutput,
  withStep,
  workflowOf,
  workflowStep,
} from '../../../conformance/plan/draft.js';
import { orders } from '../contracts.js';

const [create] = orders.operations;
if (create === undefined) throw new Error('there is no operation');

test('a step is added to another draft, by a name that no other has', () => {
  const first = withStep(emptyDraft, callStep('Log in!', create));
  const second = withStep(first.draft, callStep('log-in', create));
  const third = withStep(second.draft, callStep('log in', create));
  expect(emptyDraft.steps).toEqual([]);
  expect(first.draft.steps).toHaveLength(1);
  expect(third.draft.steps.map(({ id }) => id)).toEqual(['log-in', 'log-in-2', 'log-in-3']);
  expect(third.step.id).toBe('log-in-3');
});

test('a step asks nothing of the response unless it is told to', () => {
  const step = callStep('a', create, { times: { count: 3, atOnce: true } });
  expect(step).toMatchObject({
    successCriteria: [],
    onFailure: [],
    outputs: [],
    times: { count: 3, atOnce: true },
  });
  expect(workflowStep('a', 'other', true).call).toEqual({
    kind: 'workflow',
    workflowId: 'other',
    shared: true,
  });
});

test('an input is there once', () => {
  const once = withInput(emptyDraft, input('phone', 'phone_number'));
  expect(withInput(once, input('phone', 'anything'))).toBe(once);
  expect(once.inputs).toEqual([
    { name: 'phone', asks: 'phone_number', for: {}, schema: { type: 'string' }, required: true },
  ]);
});

test('an output is taken once, under a name that Arazzo allows', () => {
  const { draft, step } = withStep(emptyDraft, callStep('a', create));
  const first = withOutput(draft, step.id, '$response.body#/refresh/token');
  const second = withOutput(first.draft, step.id, '$response.body#/refresh/token');
  expect(second.draft.steps[0]?.outputs).toEqual([['refresh_token', '$response.body#/refresh/token']]);
  expect(outputName('$response.header.X-Request-Id')).toBe('X-Request-Id');
  expect(outputName('$response.body#/a~1b/0')).toBe('a_1b_0');
});

test('users have names in order', () => {
  expect([0, 1, 2, 3].map((cast) => castName('otp', cast))).toEqual([
    'otp',
    'other_otp',
    'third_otp',
    'user_4_otp',
  ]);
});

test('names are made of letters, digits and hyphens', () => {
  expect(slug('createOrder: what is "missing"')).toBe('create-order-what-is-missing');
  expect(slug('GET /orders/{id}')).toBe('get-orders-id');
  expect(workflowOf('The Élan of it', 's', emptyDraft).id).toBe('the-lan-of-it');
  expect(unlike(new Set(['a', 'a_2']), 'a', '_')).toBe('a_3');
  expect(unlike(new Set(), 'a')).toBe('a');
});

test('texts are replaced wherever they stand', () => {
  expect(mapTexts({ a: ['x', 1, { b: 'y' }], c: null }, (text) => `${text}!`)).toEqual({
    a: ['x!', 1, { b: 'y!' }],
    c: null,
  });
});
