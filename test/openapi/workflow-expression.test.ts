/** Runtime expressions of workflows: what each of them stands for while a workflow runs. */

import { describe, expect, test } from 'vitest';
import {
  evaluateTemplate,
  mentionedInputs,
  parseWorkflowExpression,
  type WorkflowScope,
} from '../../openapi/arazzo/workflow-expression.js';
import type { Json } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';

const exchange: Scope = {
  url: '/pets?limit=1',
  method: 'GET',
  request: {
    header: (name) => (name.toLowerCase() === 'accept' ? 'application/json' : undefined),
    query: (name) => (name === 'limit' ? '1' : undefined),
    path: () => undefined,
    body: { a: [1, { b: 'two' }] },
  },
  response: {
    status: 200,
    header: (name) => (name.toLowerCase() === 'x-rate' ? '7' : undefined),
    query: () => undefined,
    path: () => undefined,
    body: { pets: [{ name: 'Rex', 'a/b': null }], total: 3 },
  },
  credential: 'secret',
  state: { user: 1 },
};

const scope: WorkflowScope = {
  inputs: { phone: '91', count: 2, user: { name: 'Sri', tags: ['a', 'b'] }, 'dotted.name': true, no: null },
  steps: { 'log-in': { token: 't0k', body: { deep: { er: [10, 20] } } }, empty: {} },
  workflows: { other: { inputs: { phone: '92' }, outputs: { id: 'x1' } } },
  outputs: { mine: { a: 1 } },
  exchange,
};

const values: readonly (readonly [template: string, value: Json | undefined])[] = [
  ['$inputs.phone', '91'],
  ['$inputs.count', 2],
  ['$inputs.no', null],
  ['$inputs.user', { name: 'Sri', tags: ['a', 'b'] }],
  ['$inputs.user#/tags/1', 'b'],
  ['$inputs.user#', { name: 'Sri', tags: ['a', 'b'] }],
  ['$inputs.user.name', 'Sri'],
  ['$inputs.user.tags#/0', 'a'],
  ['$inputs.dotted.name', true],
  ['$inputs.absent', undefined],
  ['$inputs.toString', undefined],
  ['$steps.log-in.outputs.token', 't0k'],
  ['$steps.log-in.outputs.body#/deep/er/1', 20],
  ['$steps.log-in.outputs.absent', undefined],
  ['$steps.absent.outputs.token', undefined],
  ['$steps.constructor.outputs.name', undefined],
  ['$workflows.other.outputs.id', 'x1'],
  ['$workflows.other.inputs.phone', '92'],
  ['$workflows.absent.outputs.id', undefined],
  ['$outputs.mine', { a: 1 }],
  ['$outputs.mine#/a', 1],
  ['$url', '/pets?limit=1'],
  ['$method', 'GET'],
  ['$statusCode', 200],
  ['$request.header.Accept', 'application/json'],
  ['$request.query.limit', '1'],
  ['$request.body#/a/1/b', 'two'],
  ['$response.header.X-Rate', '7'],
  ['$response.body', { pets: [{ name: 'Rex', 'a/b': null }], total: 3 }],
  ['$response.body#/pets/0/a~1b', null],
  ['$response.body#/pets/1', undefined],
  ['$response.body.total', 3],
  ['Bearer {$steps.log-in.outputs.token}', 'Bearer t0k'],
  ['{$inputs.phone}-{$inputs.count}', '91-2'],
  ['{"user": {$inputs.user}}', '{"user": {"name":"Sri","tags":["a","b"]}}'],
  ['{$response.body#/pets/0/name} and {$inputs.no}', 'Rex and null'],
  ['Bearer {$steps.absent.outputs.token}', undefined],
  ['', ''],
  ['plain', 'plain'],
  ['$', '$'],
  ['$5', '$5'],
  ['$ref', '$ref'],
  ['$inputs', '$inputs'],
  ['$inputs.two words', '$inputs.two words'],
  ['$steps.log-in.token', '$steps.log-in.token'],
  ['$statusCodes', '$statusCodes'],
  ['{$5}', '{$5}'],
  ['{$inputs.phone', '{$inputs.phone'],
  ['costs $inputs.count', 'costs $inputs.count'],
  ['$credential', '$credential'],
  ['$state.user', '$state.user'],
];

describe('the value of', () => {
  test.each(values)('%s', (template, value) => {
    expect(evaluateTemplate(template, scope)).toEqual(value);
  });

  test('members and items, however deep', () => {
    const template = { a: [{ b: '$inputs.phone' }, 1, null], $b: '{$inputs.count}', c: true };
    expect(evaluateTemplate(template, scope)).toEqual({ a: [{ b: '91' }, 1, null], $b: '2', c: true });
  });

  test.each([
    ['an object', { a: 1, b: { c: '$inputs.absent' } }],
    ['an array', [1, '$inputs.absent']],
  ])('%s is not there when something in it is not', (_, template) => {
    expect(evaluateTemplate(template, scope)).toBeUndefined();
  });

  test('what came of a request is not there before the first', () => {
    const before = { ...scope, exchange: undefined };
    for (const template of ['$statusCode', '$url', '$response.body', '{$method}'])
      expect(evaluateTemplate(template, before)).toBeUndefined();
  });
});

describe('the inputs that a template mentions', () => {
  test.each<readonly [Json, readonly string[]]>([
    ['$inputs.phone', ['phone']],
    ['to {$inputs.phone} for {$inputs.name#/first}', ['phone', 'name']],
    [{ a: ['$inputs.x', '$inputs.x'], b: { c: '{$inputs.y}' } }, ['x', 'y']],
    ['$inputs.user.name', ['user.name', 'user']],
    ['$steps.a.outputs.inputs', []],
    ['$workflows.a.inputs.phone', []],
    ['pay $inputs.phone', []],
    [null, []],
  ])('%j', (template, names) => {
    expect(mentionedInputs(template)).toEqual(names);
  });
});

test('an expression knows whose output it names', () => {
  expect(parseWorkflowExpression('$steps.a.outputs.b#/c~1d/0')).toEqual({
    kind: 'named',
    source: { kind: 'step', id: 'a' },
    name: 'b',
    tokens: ['c/d', '0'],
  });
});
