/** The model that a document becomes, and that nothing can change it. */

import { describe, expect, test } from 'vitest';
import { type Contract, responseFor } from '../../openapi/contract.js';
import { loadContract } from '../../openapi/load.js';
import { shippedApis } from '../../openapi/shipped.js';
import { contractOf } from './folders.js';

const text = `openapi: 3.1.1
info: { title: Shop, version: 2.0.0, description: Sells. }
servers:
  - url: https://{region}.example.com/{base}
    variables: { region: { default: eu }, base: { default: v2, enum: [v1, v2] } }
  - url: /local
tags: [{ name: things }]
security:
  - key: []
  - token: [read, write]
    key: []
paths:
  x-internal: true
  /things/{id}:
    summary: One thing
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: lang, in: header, schema: { type: string } }
      - { name: lang, in: query, description: shared, schema: { type: string } }
    get:
      operationId: getThing
      summary: Show
      tags: [things]
      deprecated: true
      parameters:
        - { name: lang, in: query, required: true, description: own, schema: { type: array }, explode: false }
        - { name: filter, in: query, style: deepObject, explode: true, schema: { type: object }, example: { a: 1 } }
        - { name: body, in: query, content: { application/json: { schema: { type: integer } } } }
      responses:
        x-note: n
        200:
          description: done
          headers:
            Age: { required: true, schema: { type: integer }, examples: { old: { value: 5 } } }
          content:
            application/json:
              schema: { type: string }
              examples:
                one: { summary: One, x-source: 'https://example.com/page', value: 1 }
                two: { x-provenance: inferred, x-reason: Guessed., value: null }
                far: { externalValue: 'https://example.com/far' }
            text/plain: { example: hello }
        4XX: { description: wrong, x-provenance: inferred, x-reason: Usual. }
        default: { description: other }
    post:
      security: []
      requestBody: { required: true, content: { application/json: {}, 'text/*': {} } }
      responses: { '201': { description: made } }
    trace: { security: [{}], responses: {} }
components:
  securitySchemes:
    key: { type: apiKey, in: cookie, name: sid }
    token: { type: http, scheme: Bearer }
    open: { type: openIdConnect, openIdConnectUrl: 'https://example.com/' }
    flow: { type: oauth2, flows: {} }
    tls: { type: mutualTLS }
x-state:
  things: { '1': { name: A, made: { $first: [null, x] } } }
  empty: {}
`;

let loaded: Promise<Contract> | undefined;

/** Loaded once: no test can change it, which is a test below. */
function shop(): Promise<Contract> {
  loaded ??= contractOf({ 'shop.yaml': text });
  return loaded;
}

describe('the model', () => {
  test('has what the document says of the API', async () => {
    expect(await shop()).toMatchObject({
      name: 'shop',
      title: 'Shop',
      version: '2.0.0',
      description: 'Sells.',
      servers: ['https://eu.example.com/v2', '/local'],
      document: { openapi: '3.1.1' },
    });
  });

  test('has the operations, in the order of their methods', async () => {
    const { operations } = await shop();
    expect(operations.map(({ id, method, path }) => [id, method, path])).toEqual([
      ['getThing', 'GET', '/things/{id}'],
      ['POST /things/{id}', 'POST', '/things/{id}'],
      ['TRACE /things/{id}', 'TRACE', '/things/{id}'],
    ]);
    expect(operations[0]).toMatchObject({ summary: 'Show', tags: ['things'], deprecated: true });
    expect(operations[1]).toMatchObject({ summary: undefined, tags: [], deprecated: false });
  });

  test('has the parameters of the path beside those of the operation, which come last and prevail', async () => {
    const { operations } = await shop();
    const all = operations[0]?.parameters.map((parameter) => [
      parameter.in,
      parameter.name,
      parameter.required,
    ]);
    expect(all).toEqual([
      ['path', 'id', true],
      ['header', 'lang', false],
      ['query', 'lang', true],
      ['query', 'filter', false],
      ['query', 'body', false],
    ]);
    expect(operations[0]?.parameters[2]).toMatchObject({
      description: 'own',
      form: { style: 'form', explode: false },
    });
    expect(operations[0]?.parameters[3]).toMatchObject({
      form: { style: 'deepObject', explode: true },
      examples: [{ name: 'example', value: { a: 1 } }],
    });
    expect(operations[0]?.parameters[4]).toMatchObject({ content: { mediaType: 'application/json' } });
    expect(operations[0]?.parameters[4]?.form.shape.types).toEqual(new Set(['string']));
    expect(operations[0]?.parameters[4]?.content?.shape.types).toEqual(new Set(['integer']));
  });

  test('has the responses with their headers, contents and examples', async () => {
    const { operations } = await shop();
    expect(operations[0]?.responses).toMatchObject([
      {
        status: '200',
        provenance: { kind: 'documented', source: undefined },
        headers: [{ name: 'Age', required: true, examples: [{ name: 'old', value: 5 }] }],
        content: [
          {
            mediaType: 'application/json',
            examples: [
              {
                name: 'one',
                summary: 'One',
                value: 1,
                provenance: { kind: 'documented', source: 'https://example.com/page' },
              },
              { name: 'two', value: null, provenance: { kind: 'inferred', reason: 'Guessed.' } },
              { name: 'far', value: undefined },
            ],
          },
          { mediaType: 'text/plain', schema: undefined, examples: [{ name: 'example', value: 'hello' }] },
        ],
      },
      { status: '4XX', provenance: { kind: 'inferred', reason: 'Usual.' } },
      { status: 'default' },
    ]);
  });

  test('has the request body', async () => {
    const { operations } = await shop();
    expect(operations[0]?.requestBody).toBeUndefined();
    expect(operations[1]?.requestBody).toMatchObject({
      required: true,
      content: [{ mediaType: 'application/json' }, { mediaType: 'text/*' }],
    });
  });

  test('has the security of each operation, or that of all', async () => {
    const { operations } = await shop();
    const security = operations.map((operation) =>
      operation.security.map((each) => each.map(({ scheme, scopes }) => [scheme.name, ...scopes])),
    );
    expect(security).toEqual([[[['key']], [['token', 'read', 'write'], ['key']]], [], [[]]]);
  });

  test('has the security schemes and how their credentials travel', async () => {
    const { securitySchemes } = await shop();
    expect(securitySchemes.map(({ name, carrier }) => [name, carrier])).toEqual([
      ['key', { kind: 'apiKey', in: 'cookie', parameter: 'sid' }],
      ['token', { kind: 'http', scheme: 'bearer' }],
      ['open', { kind: 'openIdConnect' }],
      ['flow', { kind: 'oauth2' }],
      ['tls', { kind: 'mutualTLS' }],
    ]);
  });

  test('has the entries that the state starts with', async () => {
    const { initialState } = await shop();
    expect([...initialState.keys()]).toEqual(['things', 'empty']);
    expect(initialState.get('things')?.get('1')).toMatchObject({ kind: 'object' });
  });

  test('finds the path item of a path, and its operations by method', async () => {
    const contract = await shop();
    const match = contract.match('/things/a%20b');
    expect(match).toMatchObject({ template: '/things/{id}', parameters: { id: 'a%20b' } });
    expect([...(match?.value.operations.keys() ?? [])]).toEqual(['GET', 'POST', 'TRACE']);
    expect(contract.match('/things')).toBeUndefined();
    expect(contract.match('/x-internal')).toBeUndefined();
  });

  test('tells the line of each part', async () => {
    const contract = await shop();
    const lines = contract.operations.map(({ at }) => contract.locate(at).line);
    expect(lines.map((line) => text.split('\n')[line - 1]?.trim().split(':')[0])).toEqual([
      'get',
      'post',
      'trace',
    ]);
  });
});

describe('the response for a status', () => {
  test.each([
    [200, '200'],
    [404, '4XX'],
    [201, 'default'],
    [500, 'default'],
  ])('%i is %s', async (status, documented) => {
    const [operation] = (await shop()).operations;
    if (operation === undefined) throw new TypeError('there is no operation');
    expect(responseFor(operation, status)?.status).toBe(documented);
  });

  test('may be none', async () => {
    const operation = (await shop()).operations[1];
    if (operation === undefined) throw new TypeError('there is no operation');
    expect([responseFor(operation, 201)?.status, responseFor(operation, 400)]).toEqual(['201', undefined]);
  });
});

/** Every object that a value leads to, with the way to it. */
function* partsOf(value: unknown, way: string, seen: Set<unknown>): Generator<readonly [string, object]> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  yield [way, value];
  const entries = value instanceof Map || value instanceof Set ? value.entries() : Object.entries(value);
  for (const [name, member] of entries) yield* partsOf(member, `${way}/${String(name)}`, seen);
}

describe.each(['shop', ...shippedApis()])('the contract of %s cannot be changed', (name) => {
  const load = (): Promise<Contract> => (name === 'shop' ? shop() : loadContract(name));

  test('at any level', async () => {
    const parts = [...partsOf(await load(), name, new Set())];
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.filter(([, part]) => !Object.isFrozen(part)).map(([way]) => way)).toEqual([]);
  });

  test('by writing to it', async () => {
    const contract = await load();
    const change = (part: object | undefined, member: string) => () => {
      Object.assign(part ?? {}, { [member]: 'changed' });
    };
    const [operation] = contract.operations;
    const response = operation?.responses.find(({ content }) => content.length > 0);
    for (const [part, member] of [
      [contract, 'title'],
      [contract.operations, '0'],
      [operation, 'id'],
      [response?.content[0]?.examples[0], 'value'],
      [operation?.at, 'pointer'],
      [contract.document, 'info'],
      [contract.document.info, 'title'],
    ] as const)
      expect(change(part, member)).toThrow(TypeError);
  });

  test('by its maps and sets', async () => {
    const contract = await load();
    const collections = [...partsOf(contract, name, new Set())]
      .map(([, part]) => part)
      .filter((part) => part instanceof Map || part instanceof Set);
    expect(collections.length).toBeGreaterThan(1);
    for (const each of collections) {
      const { size } = each;
      expect(() => each.clear()).toThrow('A contract cannot be changed.');
      expect(() => each.delete('x')).toThrow(TypeError);
      expect(() => (each instanceof Map ? each.set('x', 1) : each.add('x'))).toThrow(TypeError);
      expect(each.size).toBe(size);
    }
  });
});
