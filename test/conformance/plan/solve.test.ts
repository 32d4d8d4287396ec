/** Requests made so that guards hold: what is set in them, what is asked for, and where right values come from. */

import { describe, expect, test } from 'vitest';
import { emptyDraft } from '../../../conformance/plan/draft.js';
import { targetsOf } from '../../../conformance/plan/goal.js';
import { type Solved, type Solving, solve } from '../../../conformance/plan/solve.js';
import type { Contract } from '../../../openapi/index.js';
import { contractOf, matar, orders, shop, xerial } from '../contracts.js';

function solved(
  contract: Contract,
  operation: string,
  transition: string,
  more: Partial<Solving> = {},
): Solved {
  const target = contract.operations
    .flatMap(targetsOf)
    .find((each) => each.operation.id === operation && each.transition.name === transition);
  const solving = {
    contract,
    cast: 0,
    reversed: false,
    within: [],
    lessons: new Map(),
    without: [],
    most: 100,
    free: new Map(),
    harmless: false,
    ...more,
  };
  const found = target && solve(emptyDraft, target, solving);
  if (found === undefined || found === 'too long')
    throw new Error(`there is no way to ${operation} ${transition}`);
  return found;
}

describe('where values come from', () => {
  test('what was sent to somebody is an input for that address', () => {
    const { draft, secrets, step } = solved(matar, 'login', 'registered');
    expect(draft.inputs.map(({ name, for: given, schema }) => [name, given, schema['x-after']])).toEqual([
      ['phone_number', {}, undefined],
      ['otp', { phone_number: '$inputs.phone_number' }, 'otp-sent'],
    ]);
    expect(secrets.get('body /otp')).toBe('input');
    expect(step.requestBody?.payload).toMatchObject({
      phone_number: '$inputs.phone_number',
      otp: '$inputs.otp',
    });
  });

  test('what was answered is an output of that step', () => {
    const { draft, secrets, step } = solved(orders, 'cancelOrder', 'cancelled');
    expect(step.parameters).toEqual([{ name: 'id', in: 'path', value: '$steps.made.outputs.id' }]);
    expect(draft.steps[0]?.outputs).toEqual([['id', '$response.body#/id']]);
    expect(secrets.get('path id')).toBe('response');
  });

  test('what no call makes known is given; the same from another source is another input', () => {
    const { draft, secrets } = solved(xerial, 'refreshTokens', 'refreshed');
    expect(draft.inputs).toMatchObject([{ name: 'refreshToken', schema: { 'x-in': 'refresh_tokens' } }]);
    expect(secrets.get('body /refreshToken')).toBe('given');
  });

  test('a credential is given on a server, and that of the documentation on a mock', () => {
    const given = solved(shop, 'openBasket', 'opened');
    expect(given.step.parameters).toEqual([{ name: 'X-Api-Key', in: 'header', value: '$inputs.credential' }]);
    const ofMock = solved(shop, 'openBasket', 'opened', { harmless: true });
    expect(ofMock.step.parameters).toEqual([{ name: 'X-Api-Key', in: 'header', value: 'key-0a1b2c3d' }]);
    expect(ofMock.secrets.get('credential')).toBe('fixture');
  });
});

test('literals that a guard wants are set, what must be there is there, and what must be absent is not', async () => {
  const contract = await contractOf(`openapi: 3.1.1
info: { title: Doors, version: '1' }
paths:
  /doors:
    post:
      operationId: door
      parameters: [{ name: X-Mode, in: header, required: true, schema: { type: string }, example: plain }]
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { a: { type: string }, b: { type: string }, kind: { type: string } } }
            examples: { one: { value: { a: x, b: y, kind: shut } } }
      responses: { '200': { description: Open. }, '400': { description: Shut. } }
      x-transitions:
        - name: open
          guard:
            - { value: $request.body#/kind, equals: open }
            - { absent: $request.body#/a }
            - { present: $request.body#/c }
          response: '200'
        - { name: shut, response: '400' }
`);
  const { step } = solved(contract, 'door', 'open');
  expect(step.requestBody?.payload).toEqual({ b: 'y', kind: 'open', c: 'never-given-out' });
  expect(step.parameters).toEqual([{ name: 'X-Mode', in: 'header', value: 'plain' }]);
});

test('free parts are set where nothing else says what they are', () => {
  const free = new Map([
    ['body /name', 'Else'],
    ['body /phone_number', 'not this'],
  ]);
  expect(solved(matar, 'login', 'otp-sent', { free }).step.requestBody?.payload).toMatchObject({
    name: 'Else',
    phone_number: '$inputs.phone_number',
    action: 'send_otp',
  });
});

test('an entry that has run out is waited for, a little longer than it lasts', () => {
  const { step } = solved(matar, 'login', 'expired-otp');
  expect(step.wait).toEqual({ minutes: 10, seconds: 120 });
});

test('what nothing leads to has no solution', () => {
  const target = matar.operations
    .flatMap(targetsOf)
    .find(({ transition }) => transition.name === 'registered');
  const within = matar.operations.flatMap(targetsOf).map(({ transition }) => transition);
  const free = new Map();
  const solving = {
    contract: matar,
    cast: 0,
    reversed: false,
    within,
    free,
    harmless: false,
    lessons: new Map(),
    without: [],
    most: 100,
  };
  expect(target && solve(emptyDraft, target, solving)).toBeUndefined();
});
