/** Base requests: one that should succeed for each way of succeeding, with what stands before it and what may be varied. */

import { expect, test } from 'vitest';
import { basesOf } from '../../../conformance/plan/base.js';
import { groundOf } from '../../../conformance/plan/reach.js';
import type { Contract } from '../../../openapi/index.js';
import { club, matar, orders, plain, shop } from '../contracts.js';

function bases(contract: Contract, id: string) {
  const operation = contract.operations.find((each) => each.id === id);
  return operation === undefined ? [] : basesOf(groundOf(contract, false), operation);
}

test('one for each way of succeeding whose requests differ', () => {
  expect(bases(matar, 'login').map(({ name }) => name)).toEqual(['otp-sent', 'registered']);
  expect(bases(orders, 'cancelOrder').map(({ name }) => name)).toEqual(['cancelled']);
});

test('what comes before is a setup, from which the credential is', () => {
  const [base] = bases(club, 'openDoor');
  expect(base?.setup?.id).toBe('before-open-door-opened');
  expect(base?.step.parameters).toEqual([
    { name: 'Authorization', in: 'header', value: 'Bearer {$steps.setup.outputs.badge}' },
  ]);
  expect(base?.credential).toMatch(/^[\da-f-]{36}$/);
});

test('other tokens that came with the credential are known by name', () => {
  expect(bases(matar, 'logout')[0]?.others).toEqual([
    ['refresh token', '$steps.setup.outputs.refresh_token'],
  ]);
});

test('what stands in the body as a template, who is written to and what is compared is known', () => {
  const [sent, registered] = bases(matar, 'login');
  expect(sent?.addresses).toEqual(['/phone_number']);
  expect([...(sent?.bound ?? [])]).toEqual([['/phone_number', '$inputs.phone_number']]);
  expect([...(registered?.bound.keys() ?? [])].toSorted()).toEqual(['/otp', '/phone_number']);
  expect(registered?.compared).toEqual(expect.arrayContaining(['/organization_id', '/action', '/otp']));
  expect(registered?.body).toMatchObject({ action: 'submit_otp', otp: expect.stringMatching(/^\d{5}$/) });
});

test('what was made can be looked at afterwards', () => {
  const [base] = bases(orders, 'createOrder');
  expect(base?.lookBack.map(({ output }) => output)).toEqual([['id', '$response.body#/id']]);
  expect(base?.lookBack[0]?.step('made')?.parameters).toEqual([
    { name: 'id', in: 'path', value: '$steps.made.outputs.id' },
  ]);
});

test('an operation without rules has one of its documented examples', () => {
  const [base] = bases(plain, 'sum');
  expect(base).toMatchObject({ name: 'sum', setup: undefined, credential: undefined });
  expect(base?.step.parameters).toEqual([{ name: 'a', in: 'query', value: 1 }]);
});

test('a key of the shop is asked for once', () => {
  expect(bases(shop, 'openBasket')[0]?.draft.inputs.map(({ name }) => name)).toEqual(['credential']);
});
