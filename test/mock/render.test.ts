/** What documented responses look like when they are sent: which one, by which example, or made from the schema. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import type { Json, JsonObject } from '../../openapi/index.js';
import { answers } from './answers.js';
import { contractOf, done, isDone } from './contracts.js';

const get = (responses: JsonObject): JsonObject => ({ get: { responses } });
/** A header field with an example. */
const field = (example: Json, schema: JsonObject = {}): JsonObject => ({ schema, example });
const bare: JsonObject = { description: 'Bare.' };

const responses = await contractOf('responses', {
  paths: {
    '/none': { get: {} },
    '/2XX': get({ '2XX': done }),
    '/default': get({ default: done }),
    '/default-after': get({ default: bare, 404: bare, 201: done, 200: bare }),
    '/methods': {
      head: { responses: { 203: done } },
      options: { responses: { 200: done } },
      trace: { responses: { 200: done } },
    },
    '/only-404': get({ 404: done }),
    '/only-302': get({ 302: { description: 'Elsewhere.', headers: { Location: field('/2XX') } } }),
    '/interim': get({ 101: bare }),
    '/interim-and-final': get({ 101: bare, 200: done }),
    '/204': get({ 204: done }),
    '/205': get({ 205: done }),
    '/304': get({ 304: done }),
    '/nothing-said': get({ 200: { description: 'No schema.', content: { 'application/json': {} } } }),
    '/text': get({
      200: { description: 'Text.', content: { 'text/plain': { example: 'plain, "as it is"' } } },
    }),
    '/xml': get({ 200: { description: 'XML.', content: { 'application/xml': { example: '<a b="c"/>' } } } }),
    '/json-text': get({
      200: { description: 'A string.', content: { 'application/json': { example: 'text' } } },
    }),
    '/suffix': get({
      200: { description: 'A string.', content: { 'application/a+json': { example: 'text' } } },
    }),
    '/range': get({ 200: { description: 'Anything.', content: { '*/*': { example: { a: 1 } } } } }),
    '/text-range': get({ 200: { description: 'Any text.', content: { 'text/*': { example: 'a' } } } }),
    '/falsy': get({ 200: { description: 'Null.', content: { 'application/json': { example: null } } } }),
    '/unicode': get({
      200: { description: 'Names.', content: { 'application/json': { example: 'Ω é 😀' } } },
    }),
    '/headers': get({
      200: {
        ...done,
        headers: {
          'X-Text': field('text'),
          'X-Number': field(7, { type: 'integer' }),
          'X-List': field(['a', 'b'], { type: 'array' }),
          'X-Object': field({ a: 1 }, { type: 'object' }),
          'X-Named': { schema: {}, examples: { one: { value: 'first' }, two: { value: 'second' } } },
          'X-Made': { required: true, schema: { const: 'made' } },
          'X-Optional': { schema: { type: 'string' } },
          'X-Unspeakable': field('line\nbreak'),
          'X-Foreign': field('Ω'),
          'Content-Type': field('text/html'),
          'Content-Length': field(1),
          'Content-Encoding': field('gzip'),
          'Transfer-Encoding': field('gzip'),
          Connection: field('upgrade'),
        },
      },
    }),
  },
});

const ok = { status: 200, fields: { 'content-type': 'application/json' } };

describe('a response', () => {
  answers(responses, [
    {
      name: 'is a problem where none is documented',
      request: 'GET /none',
      status: 501,
      problem: 'no-response',
      details: { detail: 'GET /none documents no response.' },
    },
    { name: 'of a range is its first status', request: 'GET /2XX', ...ok, text: isDone },
    { name: 'default alone is taken as success', request: 'GET /default', ...ok, text: isDone },
    { name: 'is the lowest success', request: 'GET /default-after', status: 200, text: '' },
    {
      name: 'is an error where nothing else is documented',
      request: 'GET /only-404',
      status: 404,
      text: isDone,
    },
    {
      name: 'is a redirection where nothing else is documented',
      request: 'GET /only-302',
      status: 302,
      fields: { location: '/2XX', 'content-type': null },
    },
    { name: 'to HEAD is the one that is documented for it', request: 'HEAD /methods', status: 203, text: '' },
    { name: 'to OPTIONS is given where it is documented', request: 'OPTIONS /methods', ...ok, text: isDone },
    {
      name: 'to GET is not there where only HEAD is documented',
      request: 'GET /methods',
      status: 405,
      problem: 'unknown-method',
      fields: { allow: 'OPTIONS, HEAD, TRACE' },
    },
    { name: 'is never an interim one', request: 'GET /interim', status: 501, problem: 'no-response' },
    { name: 'is the final one', request: 'GET /interim-and-final', ...ok, text: isDone },
    ...[204, 205, 304].map((status) => ({
      name: 'has no content where that status has none',
      request: `GET /${status}` as const,
      status,
      fields: { 'content-type': null },
    })),
    {
      name: 'is the plainest of its type where nothing more is said',
      request: 'GET /nothing-said',
      ...ok,
      text: '{}',
    },
    {
      name: 'in plain text is the example as it is',
      request: 'GET /text',
      status: 200,
      text: 'plain, "as it is"',
      fields: { 'content-type': 'text/plain' },
    },
    {
      name: 'in XML is the example as it is',
      request: 'GET /xml',
      status: 200,
      text: '<a b="c"/>',
      fields: { 'content-type': 'application/xml' },
    },
    { name: 'in JSON that is a string is quoted', request: 'GET /json-text', ...ok, text: '"text"' },
    {
      name: 'in a type with the suffix +json is quoted as well',
      request: 'GET /suffix',
      status: 200,
      text: '"text"',
      fields: { 'content-type': 'application/a+json' },
    },
    { name: 'of any media type is JSON', request: 'GET /range', ...ok, text: '{"a":1}' },
    {
      name: 'of any text is plain text',
      request: 'GET /text-range',
      status: 200,
      text: 'a',
      fields: { 'content-type': 'text/plain' },
    },
    { name: 'whose example is null is null', request: 'GET /falsy', ...ok, text: 'null' },
    { name: 'is in UTF-8', request: 'GET /unicode', ...ok, text: '"Ω é 😀"' },
    {
      name: 'has its documented fields, but for those that describe the message as it is sent',
      request: 'GET /headers',
      ...ok,
      text: isDone,
      fields: {
        'x-text': 'text',
        'x-number': '7',
        'x-list': 'a,b',
        'x-object': 'a,1',
        'x-named': 'first',
        'x-made': 'made',
        'x-optional': null,
        'x-unspeakable': null,
        'x-foreign': null,
        'content-type': 'application/json',
        'content-length': null,
        'content-encoding': null,
        'transfer-encoding': null,
        connection: null,
      },
    },
  ]);
});

test('a response has no field that is not documented', async () => {
  const response = await createMock(responses).request('/headers');
  const names = ['content-type', 'x-list', 'x-made', 'x-named', 'x-number', 'x-object', 'x-text'];
  expect([...response.headers.keys()]).toEqual(names);
});

/** Schemas that leave much open, as JSON Schema 2020-12 says them. */
const schemas: Readonly<Record<string, JsonObject>> = {
  text: { type: 'string', minLength: 3, maxLength: 5 },
  pattern: { type: 'string', pattern: '^[A-Z]{2}-\\d{4}$' },
  formats: {
    type: 'object',
    required: ['id', 'mail', 'when', 'day', 'where', 'host', 'four', 'six'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      mail: { type: 'string', format: 'email' },
      when: { type: 'string', format: 'date-time' },
      day: { type: 'string', format: 'date' },
      where: { type: 'string', format: 'uri' },
      host: { type: 'string', format: 'hostname' },
      four: { type: 'string', format: 'ipv4' },
      six: { type: 'string', format: 'ipv6' },
    },
  },
  numbers: {
    type: 'array',
    minItems: 3,
    maxItems: 3,
    prefixItems: [
      { type: 'integer', exclusiveMinimum: 4, maximum: 6 },
      { type: 'number', minimum: -1, exclusiveMaximum: 0 },
      { type: 'integer', multipleOf: 7, minimum: 70, maximum: 100 },
    ],
  },
  set: { type: 'array', uniqueItems: true, minItems: 3, items: { enum: ['a', 'b', 'c', 'd'] } },
  closed: {
    type: 'object',
    required: ['a', 'b'],
    additionalProperties: false,
    properties: { a: { type: 'boolean' }, b: { type: ['integer', 'null'] }, c: { const: 'c' } },
  },
  choice: {
    oneOf: [
      {
        type: 'object',
        required: ['kind', 'bark'],
        properties: { kind: { const: 'dog' }, bark: { type: 'string' } },
      },
      {
        type: 'object',
        required: ['kind', 'lives'],
        properties: { kind: { const: 'cat' }, lives: { type: 'integer' } },
      },
    ],
  },
  all: {
    allOf: [
      { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
      { required: ['b'], properties: { b: { type: 'string' } } },
    ],
  },
  tree: {
    type: 'object',
    required: ['name', 'children'],
    properties: {
      name: { type: 'string' },
      children: { type: 'array', maxItems: 2, items: { $ref: '#/components/schemas/tree' } },
    },
  },
};

const generated = await contractOf('generated', {
  components: { schemas },
  paths: Object.fromEntries(
    Object.keys(schemas).map((name) => [
      `/${name}`,
      get({
        200: {
          description: name,
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
        },
      }),
    ]),
  ),
});

/** The documents of OpenAPI 3.0 say some things otherwise. */
const older = await contractOf('older', {
  openapi: '3.0.3',
  paths: {
    '/made': get({
      200: {
        description: 'Made.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['none', 'above', 'shown'],
              properties: {
                none: { type: 'string', nullable: true, enum: [null] },
                above: { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 2 },
                shown: { type: 'string', example: 'shown' },
              },
            },
          },
        },
      },
    }),
    '/taken': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['above', 'id'],
                properties: {
                  id: { type: 'string', readOnly: true },
                  none: { type: 'string', nullable: true },
                  above: { type: 'integer', minimum: 1, exclusiveMinimum: true },
                },
              },
            },
          },
        },
        responses: { 200: done },
      },
    },
  },
});

describe('a response without an example', () => {
  const ajv = formats.default(
    new Ajv2020({ strict: false, schemas: [{ $id: 'https://example.com/', components: { schemas } }] }),
  );

  test.each(Object.keys(schemas))('conforms to its schema: %s', async (name) => {
    const mock = createMock(generated, { seed: 7 });
    const validate = ajv.compile({ $ref: `https://example.com/#/components/schemas/${name}` });
    const texts = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const headers: [string, string][] = round === 0 ? [] : [['prefer', 'dynamic=true']];
      const response = await mock.request(`/${name}`, { headers });
      const text = await response.text();
      texts.add(text);
      expect([response.status, validate(JSON.parse(text)), validate.errors, text]).toEqual([
        200,
        true,
        null,
        text,
      ]);
    }
    expect(texts.size).toBeGreaterThan(1);
  });

  test('is made from a document of OpenAPI 3.0 too', async () => {
    const response = await createMock(older, { seed: 1 }).request('/made');
    expect(await response.json()).toEqual({ none: null, above: 2, shown: 'shown' });
  });
});

const refusing = await contractOf('refusing', {
  paths: Object.fromEntries(
    Object.entries({ open: { type: 'integer' }, closed: { enum: [7] } }).map(([name, code]) => {
      const properties = { code, message: { type: 'string' } };
      const schema = { type: 'object', required: ['code', 'message'], properties };
      const taken = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };
      const operation = {
        requestBody: { required: true, content: { 'application/json': { schema: taken } } },
        responses: { 200: done, '4XX': { description: name, content: { 'application/json': { schema } } } },
      };
      return [`/${name}`, { post: operation }];
    }),
  ),
});

test('a refusal without an example says its status and what is wrong, where its schema has room for them', async () => {
  const mock = createMock(refusing, { seed: 1 });
  const refused = async (path: string): Promise<[number, string | null, unknown]> => {
    const headers = { 'content-type': 'application/json' };
    const response = await mock.request(path, { method: 'POST', headers, body: '{"a":"b"}' });
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  expect(await refused('/open')).toEqual([
    422,
    'application/json',
    {
      code: 422,
      message: expect.stringMatching(/^The request breaks POST \/open: body \/a .*integer.*\.$/),
    },
  ]);
  expect(await refused('/closed')).toEqual([
    422,
    'application/json',
    { code: 7, message: expect.any(String) },
  ]);
});

describe('a request by a document of OpenAPI 3.0', () => {
  answers(older, [
    {
      name: 'may be null where that is allowed, and lacks what is read-only',
      request: 'POST /taken',
      body: { none: null, above: 2 },
      status: 200,
      text: isDone,
    },
    {
      name: 'lies above an exclusive minimum',
      request: 'POST /taken',
      body: { none: 1, above: 1 },
      status: 400,
      problem: 'invalid-request',
      violations: ['body #/none type', 'body #/above exclusiveMinimum'],
    },
  ]);
});

const rules = await contractOf('rules', {
  paths: {
    '/mirror/{name}': {
      get: {
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'The request.', content: { 'application/json': { example: {} } } } },
        'x-transitions': [
          {
            name: 'mirrored',
            response: '200',
            content: {
              url: '$url',
              method: '$method',
              path: '$request.path.name',
              query: '$request.query.q',
              header: '$request.header.X-A',
            },
          },
        ],
      },
    },
    '/windows': {
      post: {
        responses: { 200: done, 202: done },
        'x-transitions': [
          { name: 'opened', guard: [{ present: '$request.query.key' }], response: '200' },
          { name: 'broken', alternative: true, response: '202' },
        ],
      },
    },
    '/doors': {
      post: {
        responses: { 200: done },
        'x-transitions': [{ name: 'opened', guard: [{ present: '$request.query.key' }], response: '200' }],
      },
    },
  },
});

describe('a rule', () => {
  test('reads the request by every expression that there is', async () => {
    const mock = createMock(rules);
    const said = async (path: string): Promise<unknown> =>
      JSON.parse(await (await mock.request(path, { headers: { 'x-a': 'in a header' } })).text());
    expect(await said('/mirror/a%2Fb?q=1&q=2')).toEqual({
      url: '/mirror/a%2Fb?q=1&q=2',
      method: 'GET',
      path: 'a/b',
      query: '1',
      header: 'in a header',
    });
    expect(await said('/mirror/a')).toEqual({
      url: '/mirror/a',
      method: 'GET',
      path: 'a',
      header: 'in a header',
    });
  });
});

describe('a request that no rule covers', () => {
  answers(rules, [
    {
      name: 'gets a problem that says which conditions failed',
      request: 'POST /doors',
      status: 501,
      problem: 'no-rule',
      details: {
        detail: 'None of the 1 rules of POST /doors holds. Add one without a guard to the contract.',
        refused: [{ transition: 'opened', condition: { present: '$request.query.key' } }],
      },
    },
    {
      name: 'but for an alternative gets a problem too',
      request: 'POST /windows',
      status: 501,
      problem: 'no-rule',
      details: {
        detail: 'None of the 1 rules of POST /windows holds. Add one without a guard to the contract.',
      },
    },
    {
      name: 'but for an alternative gets that when it asks for it',
      request: 'POST /windows',
      headers: { prefer: 'code=202' },
      status: 202,
      text: isDone,
    },
    {
      name: 'and another that one covers is answered',
      request: 'POST /doors?key=1',
      status: 200,
      text: isDone,
    },
  ]);
});
