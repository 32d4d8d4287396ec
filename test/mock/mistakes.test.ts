/** Documents with mistakes: what can be served of them is served, and each mistake is told with its place. */

import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import { ContractError } from '../../openapi/contract-error.js';
import { isObject, type Json, pointerTo } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import { contractOf, head } from '../openapi/folders.js';

type Case = readonly [mistake: string, text: string, request: string, told: string];

const ok =
  "responses: { '200': { description: Ok, content: { application/json: { schema: { type: object, required: [a], properties: { a: { type: string } } } } } } }";

describe('a document', () => {
  test.each<Case>([
    [
      'without a version of the API',
      `openapi: 3.1.1\ninfo: { title: T }\npaths: { /a: { get: { ${ok} } } }\n`,
      'GET /a',
      '2:1: "info" has no "version"',
    ],
    [
      'with a version of OpenAPI of two numbers',
      `openapi: '3.1'\ninfo: { title: T, version: '1' }\npaths: { /a: { get: { ${ok} } } }\n`,
      'GET /a',
      '1:1: the version 3.1 of OpenAPI has not all three numbers',
    ],
    [
      'with a version of OpenAPI that is a number',
      `openapi: 3.0\ninfo: { title: T, version: '1' }\npaths: { /a: { get: { ${ok} } } }\n`,
      'GET /a',
      '1:1: "openapi" must be a string',
    ],
    [
      'with a path without its slash',
      `${head}paths: { a: { get: { ${ok} } } }\n`,
      'GET /a',
      '3:10: the path "a" does not begin with a slash',
    ],
    [
      'with an unknown field',
      `${head}paths: { /a: { get: { ${ok}, colour: red } } }\n`,
      'GET /a',
      '3:179: "get" has an unknown field "colour"',
    ],
    [
      'with a path parameter that is not described',
      `${head}paths: { '/a/{b}': { get: { ${ok} } } }\n`,
      'GET /a/1',
      '3:22: the path parameter {b} of GET /a/{b} is not described',
    ],
    [
      'with a parameter without a name',
      `${head}paths: { /a: { get: { parameters: [{ in: query, schema: {} }], ${ok} } } }\n`,
      'GET /a',
      '3:36: the parameter has no "name"',
    ],
    [
      'with two operations of one id',
      `${head}paths: { /a: { get: { operationId: a, ${ok} }, put: { operationId: a, ${ok} } } }\n`,
      'PUT /a',
      '3:204: the operationId "a" is that of GET /a already',
    ],
    [
      'with an unknown security scheme',
      `${head}security: [{ nothing: [] }]\npaths: { /a: { get: { ${ok} } } }\n`,
      'GET /a',
      '3:14: there is no security scheme "nothing"',
    ],
    [
      'with a schema that leads nowhere',
      `${head}paths: { /a: { get: { responses: { '200': { description: Ok, content: { application/json: { schema: { $ref: '#/components/schemas/Gone' } } } } } } } }\n`,
      'GET /a',
      '3:103: the reference "#/components/schemas/Gone" leads nowhere',
    ],
    [
      'with a type that there is not',
      `${head}paths: { /a: { get: { responses: { '200': { description: Ok, content: { application/json: { schema: { type: any } } } } } } } }\n`,
      'GET /a',
      '3:103: "type" must be',
    ],
    [
      'with a pattern that is none',
      `${head}paths: { /a: { get: { responses: { '200': { description: Ok, content: { application/json: { schema: { type: string, pattern: '(' } } } } } } } }\n`,
      'GET /a',
      '3:117: "(" is not a regular expression',
    ],
  ])('%s is served, and told', async (_, text, request, told) => {
    const contract = await contractOf({ 'openapi.yaml': text });
    const mock = createMock(contract, { seed: 1 });
    const [method = '', path = ''] = request.split(' ');
    expect((await mock.request(path, { method })).status).toBe(200);
    const lines = contract.problems.map(
      ({ location, what }) => `${location.line}:${location.column}: ${what}`,
    );
    expect(
      lines.some((line) => line.startsWith(told)),
      lines.join('\n'),
    ).toBe(true);
  });

  test('with two mistakes tells both, in the order of their lines', async () => {
    const { problems } = await contractOf({
      'openapi.yaml': `${head}paths:\n  /b:\n    get: { ${ok}, colour: red }\n  /a:\n    get: { ${ok}, tags: 5 }\n`,
    });
    expect(problems.map(({ location }) => location.line)).toEqual([5, 7]);
  });

  test('with wrong state rules is refused all the same', async () => {
    const text = `${head}paths: { /a: { get: { ${ok}, x-transitions: [{ name: a, response: '404' }] } } }\n`;
    await expect(contractOf({ 'openapi.yaml': text })).rejects.toThrow(ContractError);
  });
});

const whole: Json = JSON.parse(
  JSON.stringify({
    openapi: '3.1.1',
    info: { title: 'Whole', version: '1' },
    servers: [
      {
        url: 'https://{region}.example.com/v1',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
    ],
    security: [{ key: [] }, {}],
    tags: [{ name: 'pets' }],
    paths: {
      '/pets': {
        parameters: [{ $ref: '#/components/parameters/Trace' }],
        get: {
          operationId: 'list',
          tags: ['pets'],
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, default: 5 } },
            { name: 'filter', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
          ],
          responses: {
            '200': {
              description: 'All',
              headers: { 'X-Count': { required: true, schema: { type: 'integer' } } },
              content: {
                'application/json': {
                  schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
                },
                'application/xml': { schema: { $ref: '#/components/schemas/Pet' } },
              },
              links: { one: { operationId: 'read', parameters: { id: '$response.body#/0/id' } } },
            },
            default: {
              description: 'Wrong',
              content: {
                'application/json': {
                  schema: { $ref: '#/components/schemas/Wrong' },
                  examples: { a: { value: { code: 1 } } },
                },
              },
            },
          },
        },
        post: {
          operationId: 'create',
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Pet' } },
              'multipart/form-data': {
                schema: { type: 'object', properties: { photo: { type: 'string', format: 'binary' } } },
                encoding: { photo: { contentType: 'image/png' } },
              },
            },
          },
          callbacks: {
            made: { '{$request.body#/url}': { post: { responses: { '204': { description: 'Seen' } } } } },
          },
          responses: {
            '201': {
              description: 'Made',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
            },
          },
        },
      },
      '/pets/{id}': {
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            style: 'simple',
            schema: { type: 'string', pattern: '^[a-z0-9-]+$' },
          },
        ],
        get: {
          operationId: 'read',
          responses: {
            '200': {
              description: 'One',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
            },
            '404': { description: 'None' },
          },
        },
        delete: { operationId: 'remove', responses: { '204': { description: 'Gone' } } },
      },
    },
    webhooks: {
      born: {
        post: {
          requestBody: { content: { 'application/json': { schema: { type: 'string' } } } },
          responses: { '200': { description: 'Seen' } },
        },
      },
    },
    components: {
      parameters: { Trace: { name: 'X-Trace', in: 'header', schema: { type: 'string' } } },
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      schemas: {
        Pet: {
          type: 'object',
          required: ['id', 'kind'],
          properties: {
            id: { type: 'string', format: 'uuid', readOnly: true },
            kind: { enum: ['cat', 'dog'] },
            price: { type: 'number', minimum: 0, exclusiveMaximum: 100, multipleOf: 0.5 },
            friends: {
              type: 'array',
              maxItems: 3,
              uniqueItems: true,
              items: { $ref: '#/components/schemas/Pet' },
            },
            owner: { oneOf: [{ type: 'null' }, { $ref: '#/components/schemas/Owner' }] },
          },
          additionalProperties: false,
        },
        Owner: {
          allOf: [
            { type: 'object', properties: { name: { type: 'string', minLength: 1 } } },
            { not: { required: ['pets'] } },
          ],
        },
        Wrong: {
          type: 'object',
          discriminator: { propertyName: 'code' },
          properties: { code: { type: 'integer' } },
        },
      },
    },
  }),
);

/** The pointers of all values within one. */
function pointersIn(value: Json, pointer = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  return [
    pointer,
    ...Object.entries(value).flatMap(([name, member]) => pointersIn(member, pointerTo(pointer, name))),
  ];
}

const instead: readonly Json[] = [
  null,
  5,
  -1.5,
  true,
  '',
  'x',
  '$ref',
  [],
  [[]],
  {},
  { a: {} },
  { $ref: '#/nothing' },
  { $ref: '#/paths' },
  [null, 7],
];

/** The value with something else at a pointer; with nothing there when nothing else is given. */
function spoilt(value: Json, tokens: readonly string[], other: Json | undefined): Json | undefined {
  const [token, ...rest] = tokens;
  if (token === undefined) return other;
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => {
      const made = String(index) === token ? spoilt(item, rest, other) : item;
      return made === undefined ? [] : [made];
    });
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const made = name === token ? spoilt(member, rest, other) : member;
      return made === undefined ? [] : [[name, made] as const];
    }),
  );
}

test('anything may stand anywhere in a document: it is refused with its place, or served without failing', async () => {
  const random = seededRandom(7);
  const pointers = pointersIn(whole).slice(1);
  for (let round = 0; round < 80; round += 1) {
    const pointer = pointers[random.integer(0, pointers.length - 1)] ?? '';
    const other = instead[random.integer(0, instead.length)];
    const tokens = pointer
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const text = JSON.stringify(spoilt(whole, tokens, other));
    const what = `${pointer} as ${JSON.stringify(other)}`;
    let contract: Awaited<ReturnType<typeof contractOf>>;
    try {
      contract = await contractOf({ 'openapi.json': text });
    } catch (error) {
      expect(error, what).toBeInstanceOf(ContractError);
      expect(pointer, `${what}: ${String(error)}`).toBe('/openapi');
      continue;
    }
    const mock = createMock(contract, { seed: 1 });
    for (const { method, path } of contract.operations) {
      const url = `${mock.apis()[0]?.prefix ?? ''}${path.replace(/\{[^}]*\}/g, 'a')}`;
      const content =
        method === 'POST' ? { body: '{"kind":"cat"}', headers: { 'content-type': 'application/json' } } : {};
      const response = await mock.request(url, { method, ...content });
      const body = await response.text();
      expect(body, `${what}: ${method} ${url}`).not.toContain('internal-error');
    }
  }
});
