/** Goals: what must be so for a transition, who brings it about, and how parts of messages are named. */

import { expect, test } from 'vitest';
import {
  bodyPointer,
  comparedIn,
  goalsOf,
  nameOfPart,
  partOf,
  partOfValue,
  producersOf,
  responseExpression,
  targetsOf,
} from '../../../conformance/plan/goal.js';
import { type Expression, parseExpression } from '../../../openapi/rules/expression.js';
import type { Condition } from '../../../openapi/rules/rules.js';
import { club, matar, orders, xerial } from '../contracts.js';

function expression(text: string): Expression {
  const parsed = parseExpression(text);
  if (parsed === undefined) throw new Error(`${text} is no expression`);
  return parsed;
}

test('an operation may be answered by its security schemes, then by its own rules', () => {
  const door = club.operations.find(({ id }) => id === 'openDoor');
  expect(door && targetsOf(door).map(({ of, transition }) => `${of} ${transition.name}`)).toEqual([
    'security no-badge',
    'security returned',
    'security run-out',
    'security unknown-badge',
    'operation opened',
  ]);
});

test('a transition of an operation needs a credential that no scheme refuses; one of a scheme needs only its guard', () => {
  const door = club.operations.find(({ id }) => id === 'openDoor');
  const targets = door === undefined ? [] : targetsOf(door);
  const said = (index: number) => {
    const target = targets[index];
    return target && goalsOf(target).map(({ condition, holds }) => `${holds ? '' : 'not '}${condition.kind}`);
  };
  expect(said(2)).toEqual(['in']);
  // Not absent, not returned, not run out, and known: the negation of a negation.
  expect(said(4)).toEqual(['not absent', 'not in', 'not in', 'in', 'in']);
});

test('what fills a collection is found, what is documented and needs little first', () => {
  expect(producersOf(orders, 'orders').map(({ transition }) => transition.name)).toEqual(['made']);
  expect(producersOf(matar, 'sessions').map(({ transition }) => transition.name)).toEqual([
    'registered',
    'logged-in',
    'logged-in-with-a-used-otp',
  ]);
  expect(producersOf(xerial, 'refresh_tokens').map(({ transition }) => transition.name)).toEqual([
    'refreshed',
  ]);
  expect(producersOf(matar, 'organizations')).toEqual([]);
});

test('parts of requests have names, those of responses expressions', () => {
  expect(partOf(expression('$credential'))).toBe('credential');
  expect(partOf(expression('$request.body#/a~1b/c'))).toBe('body /a~1b/c');
  expect(partOf(expression('$request.header.X-Key'))).toBe('header X-Key');
  expect(partOf(expression('$request.path.id'))).toBe('path id');
  expect(partOf(expression('$response.body#/id'))).toBeUndefined();
  expect(partOfValue({ kind: 'literal', value: 'x' })).toBeUndefined();
  expect(responseExpression({ kind: 'expression', expression: expression('$response.body#/a~1b') })).toBe(
    '$response.body#/a~1b',
  );
  expect(
    responseExpression({ kind: 'expression', expression: expression('$response.header.Location') }),
  ).toBe('$response.header.Location');
  expect(
    responseExpression({ kind: 'expression', expression: expression('$request.path.id') }),
  ).toBeUndefined();
});

test('a part of the body has a pointer, another part none', () => {
  expect(['body /a~1b/c', 'body ', 'path id', undefined].map(bodyPointer)).toEqual([
    '/a~1b/c',
    '',
    undefined,
    undefined,
  ]);
});

test('what rules compare is known, wherever in a condition it stands', () => {
  const [make] = orders.operations;
  const [rule] = make?.transitions ?? [];
  if (make === undefined || rule === undefined) throw new Error('there are no rules');
  const read = (text: string) => ({ kind: 'expression', expression: expression(text) }) as const;
  const key = { kind: 'first', values: [read('$request.body#/a'), read('$request.path.id')] } as const;
  const pair = {
    kind: 'object',
    members: [['m', { kind: 'array', items: [read('$request.body#/b')] }]],
  } as const;
  const guard: readonly Condition[] = [
    { kind: 'in', collection: 'x', key, where: [['w', pair]], expired: false, as: undefined, source: null },
    {
      kind: 'not',
      condition: {
        kind: 'equals',
        expression: expression('$request.body#/c'),
        equals: read('$request.body#/d'),
        source: null,
      },
      source: null,
    },
    { kind: 'present', expression: expression('$response.body#/e'), source: null },
  ];
  expect(comparedIn({ ...make, transitions: [{ ...rule, guard }] })).toEqual(['/a', '/b', '/c', '/d']);
});

test('a part is named for its last word', () => {
  expect(['body /user/phone_number', 'path id', 'credential', 'header X-Key'].map(nameOfPart)).toEqual([
    'phone_number',
    'id',
    'credential',
    'X-Key',
  ]);
});
