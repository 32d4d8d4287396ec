/** Runtime expressions: every form, parsed and evaluated. */

import { describe, expect, test } from 'vitest';
import type { Json } from '../../openapi/json.js';
import {
  type Expression,
  type ExpressionMessage,
  evaluate,
  parseExpression,
  type Scope,
} from '../../openapi/rules/expression.js';

type Parts = Readonly<Record<string, Json>>;

const message = (
  header: Record<string, string>,
  query: Parts,
  path: Parts,
  body: Json | undefined,
): ExpressionMessage => ({
  header: (name) => new Map(Object.entries(header)).get(name.toLowerCase()),
  query: (name) => new Map(Object.entries(query)).get(name),
  path: (name) => new Map(Object.entries(path)).get(name),
  body,
});

const requestBody: Json = {
  name: 'tea',
  'a/b': 1,
  'c~d': 2,
  '~1': 3,
  '': { '': 4 },
  items: [{ id: 10 }, { id: 11 }],
  none: null,
  empty: '',
};

const scope: Scope = {
  url: 'http://localhost/pets?limit=3',
  method: 'POST',
  request: message({ 'x-id': 'h' }, { limit: 3, 'a.b': 'q' }, { petId: '7' }, requestBody),
  response: { ...message({ location: '/pets/7' }, {}, {}, { token: 't', list: ['x'] }), status: 201 },
  credential: 'secret',
  state: { user: { _id: '39501T', roles: ['a', 'b'] }, 'new-user_2': 'n', plain: 5 },
};
const unanswered: Scope = { ...scope, response: undefined, credential: undefined };

const evaluated = (text: string, over: Scope = scope): Json | undefined => {
  const expression = parseExpression(text);
  expect(expression).toBeDefined();
  return expression && evaluate(expression, over);
};

describe('an expression', () => {
  test.each<[text: string, expression: Expression]>([
    ['$url', { kind: 'url' }],
    ['$method', { kind: 'method' }],
    ['$statusCode', { kind: 'status-code' }],
    ['$credential', { kind: 'credential' }],
    ['$request.header.X-Id', { kind: 'part', of: 'request', part: 'header', name: 'X-Id' }],
    ['$request.query.limit', { kind: 'part', of: 'request', part: 'query', name: 'limit' }],
    ['$request.query.a.b', { kind: 'part', of: 'request', part: 'query', name: 'a.b' }],
    ['$request.path.petId', { kind: 'part', of: 'request', part: 'path', name: 'petId' }],
    ['$response.header.Location', { kind: 'part', of: 'response', part: 'header', name: 'Location' }],
    ['$request.body', { kind: 'body', of: 'request', tokens: [] }],
    ['$request.body#', { kind: 'body', of: 'request', tokens: [] }],
    ['$request.body#/', { kind: 'body', of: 'request', tokens: [''] }],
    ['$request.body#/a~1b/c~0d/0', { kind: 'body', of: 'request', tokens: ['a/b', 'c~d', '0'] }],
    ['$request.body#/two\nlines', { kind: 'body', of: 'request', tokens: ['two\nlines'] }],
    ['$response.body#/a', { kind: 'body', of: 'response', tokens: ['a'] }],
    ['$state.user', { kind: 'state', name: 'user', tokens: [] }],
    ['$state.new-user_2#/a/b', { kind: 'state', name: 'new-user_2', tokens: ['a', 'b'] }],
  ])('%j is read', (text, expression) => {
    expect(parseExpression(text)).toEqual(expression);
  });

  test.each([
    '',
    '$',
    '$$',
    'url',
    '$URL',
    '$url ',
    ' $url',
    '$url#/a',
    '$Request.body',
    '$request',
    '$request.',
    '$request.body.name',
    '$request.body#name',
    '$request.body##',
    '$request.body/name',
    '$request.header',
    '$request.header.',
    '$request.header.a#/b',
    '$request.cookie.a',
    '$requests.body',
    '$message.body',
    '$state',
    '$state.',
    '$state.a.b',
    '$state.a b',
    '$state.a#b',
    '$inputs.a',
    '$steps.a.outputs.b',
    '$credential.a',
    '$constructor',
    '$__proto__',
    'constructor',
    '__proto__',
  ])('%j is none', (text) => {
    expect(parseExpression(text)).toBeUndefined();
  });
});

describe('the value', () => {
  test.each<[text: string, value: Json]>([
    ['$url', 'http://localhost/pets?limit=3'],
    ['$method', 'POST'],
    ['$statusCode', 201],
    ['$credential', 'secret'],
    ['$request.header.X-Id', 'h'],
    ['$request.query.limit', 3],
    ['$request.query.a.b', 'q'],
    ['$request.path.petId', '7'],
    ['$request.body', requestBody],
    ['$request.body#/name', 'tea'],
    ['$request.body#/a~1b', 1],
    ['$request.body#/c~0d', 2],
    ['$request.body#/~01', 3],
    ['$request.body#//', 4],
    ['$request.body#/items/1/id', 11],
    ['$request.body#/none', null],
    ['$request.body#/empty', ''],
    ['$response.header.Location', '/pets/7'],
    ['$response.body#/token', 't'],
    ['$response.body#/list/0', 'x'],
    ['$state.user#/_id', '39501T'],
    ['$state.user#/roles/1', 'b'],
    ['$state.new-user_2', 'n'],
    ['$state.plain', 5],
  ])('of %s is %j', (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });

  test.each([
    '$request.header.X-Other',
    '$request.query.other',
    '$request.path.other',
    '$request.body#/other',
    '$request.body#/name/0',
    '$request.body#/none/a',
    '$request.body#/items/2',
    '$request.body#/items/-',
    '$request.body#/items/01',
    '$request.body#/items/length',
    '$request.body#/name/length',
    '$state.other',
    '$state.other#/a',
    '$state.plain#/a',
  ])('of %s is not there', (text) => {
    expect(evaluated(text)).toBeUndefined();
  });

  test.each([
    '$statusCode',
    '$credential',
    '$response.body',
    '$response.body#/token',
    '$response.header.Location',
  ])('of %s is not there before the answer, without a credential', (text) => {
    expect(evaluated(text, unanswered)).toBeUndefined();
  });

  test('of a body is not there when the request has none', () => {
    const bare = { ...scope, request: message({}, {}, {}, undefined) };
    expect(evaluated('$request.body', bare)).toBeUndefined();
    expect(evaluated('$request.body#/name', bare)).toBeUndefined();
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'of a member named %s is there only when it was sent',
    (name) => {
      const own: Json = JSON.parse(`{ ${JSON.stringify(name)}: { "a": 1 } }`);
      const sent = { ...scope, request: message({}, {}, {}, own), state: { user: own } };
      for (const text of [`$request.body#/${name}`, `$state.user#/${name}`]) {
        expect(evaluated(text)).toBeUndefined();
        expect(evaluated(`${text}/name`)).toBeUndefined();
        expect(evaluated(text, sent)).toEqual({ a: 1 });
      }
      expect(evaluated(`$state.${name}`)).toBeUndefined();
      expect(evaluated(`$state.${name}#/name`)).toBeUndefined();
    },
  );
});
