/** Rules that are concluded from paths: for which resources, what they say, and that they are rules like any other. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { contractProblems } from '../../openapi/consistency/consistency.js';
import type { Contract } from '../../openapi/contract.js';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { objectsOf } from '../../openapi/document/objects.js';
import { asObject } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { inferredResources, withInferredRules } from '../../openapi/rules/inferred-rules.js';

const document = (name: string): string =>
  fileURLToPath(new URL(`../conformance/documents/${name}.yaml`, import.meta.url));

function contractOf(paths: string, more = ''): Promise<Contract> {
  const folder = mkdtempSync(path.join(tmpdir(), 'inferred-'));
  const file = path.join(folder, 'openapi.yaml');
  writeFileSync(file, `openapi: 3.1.0\ninfo: { title: T, version: '1' }\n${more}paths:\n${paths}`);
  return loadContract(file);
}

const rulesOf = ({ operations }: Contract): Record<string, string[]> =>
  Object.fromEntries(
    operations.map(({ id, transitions }) => [
      id,
      transitions.map(({ name, response }) => `${name} ${response.status}`),
    ]),
  );

const json = (schema: string): string => `content: { application/json: { schema: ${schema} } }`;
const thing = '{ type: object, properties: { id: { type: string }, name: { type: string } } }';
const post = (schema: string, more = ''): string =>
  `post: { ${more}requestBody: { ${json('{ type: object, properties: { name: { type: string } } }')} }, responses: { '201': { description: d, ${json(schema)} } } }`;
const get = (schema = thing): string =>
  `get: { responses: { '200': { description: d, ${json(schema)} }, '404': { description: none } } }`;
const parameter = (name: string, type = 'string'): string =>
  `parameters: [{ name: ${name}, in: path, required: true, schema: { type: ${type} } }]`;

const resource = (schema: string, key = 'id', type = 'string'): string =>
  `  /things:\n    ${post(schema)}\n  /things/{${key}}:\n    ${parameter(key, type)}\n    ${get(schema)}\n`;

describe('the rules of a resource', () => {
  test('say what is created, read, replaced, deleted and gone', async () => {
    expect(rulesOf(await loadContract(document('orders')))).toEqual({
      listOrders: ['list 200'],
      createOrder: ['create 201'],
      getOrder: ['read 200', 'gone 404', 'unknown 200'],
      replaceOrder: ['replace 200', 'gone 404', 'put-again 200', 'unknown 200'],
      deleteOrder: ['delete 204', 'gone 404', 'delete-again 204', 'unknown 204'],
    });
  });

  test('are well-formed by the published schema, and name only what there is', () => {
    for (const name of ['pets', 'orders', 'todos', 'blog', 'tickets']) {
      const file = document(name);
      const source = parseSource(file, readFileSync(file, 'utf8'));
      const documents: Documents = { root: file, sources: new Map([[file, source]]) };
      const ruled = withInferredRules(documents);
      expect(ruled).not.toBe(documents);
      const version = String(asObject(source.value).openapi).startsWith('3.0') ? '3.0' : '3.1';
      expect(contractProblems(ruled, version, objectsOf(ruled))).toEqual([]);
    }
  });

  test('are inferred, each with its reason, at the line of the operation', async () => {
    const contract = await loadContract(document('orders'));
    const read = contract.operations.find(({ id }) => id === 'getOrder')?.transitions[0];
    expect(read?.provenance).toEqual({
      kind: 'inferred',
      reason: 'the path is that of a resource: what POST /orders creates, GET /orders/{id} reads',
    });
    expect(read && contract.reasonFor(read.at)).toBe(
      'the path is that of a resource: what POST /orders creates, GET /orders/{id} reads',
    );
    const operation = contract.operations.find(({ id }) => id === 'getOrder');
    expect(read && contract.locate(read.at)).toEqual(operation && contract.locate(operation.at));
  });

  test('name a range or default as the status that is meant', async () => {
    const rules = rulesOf(await loadContract(document('blog')));
    expect(rules['POST /users']).toEqual(['create 2XX']);
    expect(rules['GET /users/{userId}']).toEqual(['read 200', 'gone 404', 'unknown 200']);
  });

  test('say nothing of what is gone where no response is documented for it, or nothing is deleted', async () => {
    const contract = await contractOf(
      `  /things:\n    ${post(thing)}\n  /things/{id}:\n    ${parameter('id')}\n    get: { responses: { '200': { description: d, ${json(thing)} } } }\n    delete: { responses: { '204': { description: d } } }\n`,
    );
    expect(rulesOf(contract)).toMatchObject({
      'GET /things/{id}': ['read 200', 'unknown 200'],
      'DELETE /things/{id}': ['delete 204', 'unknown 204'],
    });
    expect(rulesOf(await contractOf(resource(thing)))['GET /things/{id}']).toEqual([
      'read 200',
      'unknown 200',
    ]);
  });

  test('can be left out', async () => {
    const contract = await loadContract(document('orders'), { inferredRules: false });
    expect(Object.values(rulesOf(contract)).flat()).toEqual([]);
    expect(contract.initialState.size).toBe(0);
  });
});

describe('the id of a thing is', () => {
  const idOf = async (schema: string, key: string, type = 'string'): Promise<unknown> => {
    const { operations } = await contractOf(resource(schema, key, type));
    const put = operations[0]?.transitions[0]?.effects[0];
    return put?.kind === 'put' && put.key.kind === 'expression' && put.key.expression.kind === 'body'
      ? put.key.expression.tokens.join('/')
      : undefined;
  };
  const object = (...properties: string[]): string =>
    `{ type: object, properties: { ${properties.join(', ')} } }`;

  test.each([
    [object('id: { type: string }', 'petId: { type: string }'), 'petId', 'string', 'petId'],
    [object('id: { type: string }', 'pet_id: { type: string }'), 'petId', 'string', 'pet_id'],
    [object('uuid: { type: string }', 'name: { type: string }'), 'petId', 'string', 'uuid'],
    [object('thing_id: { type: integer }'), 'key_id', 'integer', 'thing_id'],
    [object('id: { type: integer }'), 'petId', 'string', 'id'],
    [object('slug: { type: string }'), 'thing', 'string', 'slug'],
    [
      `{ allOf: [${object('name: { type: string }')}, ${object('id: { type: string }')}] }`,
      'id',
      'string',
      'id',
    ],
  ])('told by %s for {%s}', async (schema, key, type, expected) => {
    expect(await idOf(schema, key, type)).toBe(expected);
  });

  test.each([
    ['a name, where an id is asked for', object('name: { type: string }'), 'petId', 'string'],
    ['a text, where a number is asked for', object('id: { type: string }'), 'id', 'integer'],
    ['an object', object('id: { type: object }'), 'id', 'string'],
    ['never shown', object('id: { type: string, writeOnly: true }'), 'id', 'string'],
  ])('not %s', async (_, schema, key, type) => {
    expect(await idOf(schema, key, type)).toBeUndefined();
  });
});

describe('no rules are concluded', () => {
  test('where the contract has its own', async () => {
    for (const name of ['matar', 'xerial']) expect(inferredResources(await loadContract(name))).toEqual([]);
    const own = `x-transitions: [{ name: made, response: '201' }], `;
    const contract = await contractOf(
      `  /things:\n    ${post(thing, own)}\n  /things/{id}:\n    ${parameter('id')}\n    ${get()}\n`,
    );
    expect(inferredResources(contract)).toEqual([]);
  });

  test('for a collection that its rules speak of', async () => {
    expect(inferredResources(await contractOf(resource(thing), 'x-state: { things: {} }\n'))).toEqual([]);
  });

  test('for what stands alone, and for what is not created', async () => {
    const contract = await contractOf(
      `  /me:\n    ${get()}\n    ${post(thing)}\n  /facts/{id}:\n    ${parameter('id')}\n    ${get()}\n  /facts:\n    ${get(`{ type: array, items: ${thing} }`)}\n`,
    );
    expect(inferredResources(contract)).toEqual([]);
  });
});

test('the things that examples show are there from the start', async () => {
  const contract = await loadContract(document('blog'));
  expect([...(contract.initialState.get('users')?.keys() ?? [])]).toEqual(['41', '42']);
});

test('resources below others have names of their own', async () => {
  const nested = (outer: string): string =>
    `  /${outer}/{o}/things:\n    parameters: [{ name: o, in: path, required: true, schema: { type: string } }]\n    ${post(thing)}\n  /${outer}/{o}/things/{id}:\n    parameters: [{ name: o, in: path, required: true, schema: { type: string } }, { name: id, in: path, required: true, schema: { type: string } }]\n    ${get()}\n`;
  const contract = await contractOf(`${nested('a')}${nested('b')}`);
  expect(inferredResources(contract).map(({ collection }) => collection)).toEqual(['things', 'b-things']);
});

test('a thousand operations take no time', async () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    resource(thing).replaceAll('/things', `/things-${index}`),
  );
  const before = performance.now();
  const contract = await contractOf(many.join(''));
  const withRules = performance.now() - before;
  expect(inferredResources(contract)).toHaveLength(500);
  expect(withRules).toBeLessThan(30_000);
});
