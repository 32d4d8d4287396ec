/** Where an API is served, and which operation a request is for: base paths, odd paths and keys, methods. */

import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import type { Contract, Json, JsonObject } from '../../openapi/index.js';
import { answers, type Case } from './answers.js';
import { contractOf, done, isDone } from './contracts.js';

/** An operation whose answer tells its id. */
const named = (id: string, more: JsonObject = {}): JsonObject => ({
  operationId: id,
  responses: { 200: { description: 'Done.', content: { 'application/json': { example: { id } } } } },
  ...more,
});
const isOf = (id: string): string => JSON.stringify({ id });

const found = (request: Case['request'], id: string, more: Partial<Case> = {}): Case => ({
  name: request,
  request,
  status: 200,
  text: isOf(id),
  ...more,
});
const unknown = (request: Case['request'], details: JsonObject = {}): Case => ({
  name: request,
  request,
  status: 404,
  problem: 'unknown-path',
  details,
});

const served = (servers: readonly JsonObject[], paths: JsonObject = { '/pets': { get: named('pets') } }) =>
  contractOf('served', { info: { title: 'Served', version: '1' }, servers: [...servers], paths });

describe('an API is served', () => {
  test.each<[what: string, servers: readonly JsonObject[], base: string]>([
    ['below the path of its server', [{ url: 'https://api.example.com/v1' }], '/v1'],
    ['below a path with a slash at its end', [{ url: 'https://api.example.com/v1/' }], '/v1'],
    ['below a relative URL', [{ url: '/v1' }], '/v1'],
    ['below a relative URL without a slash', [{ url: 'v1' }], '/v1'],
    ['below one that begins with a dot', [{ url: './v1/' }], '/v1'],
    ['below one without a scheme', [{ url: '//api.example.com/v1' }], '/v1'],
    ['below one whose scheme was forgotten', [{ url: 'api.example.com/v1' }], '/v1'],
    ['below one of this machine without a scheme', [{ url: 'localhost:8080/v1' }], '/v1'],
    ['below one with a query', [{ url: 'https://api.example.com/v1?key=1' }], '/v1'],
    ['at the root', [{ url: 'https://api.example.com' }], ''],
    ['at the root where there is no server', [], ''],
    ['at the root of a server that cannot be read', [{ url: 'https://[' }], ''],
    [
      'below the default of a variable',
      [{ url: 'https://{host}/{base}', variables: { host: { default: 'a' }, base: { default: 'v1' } } }],
      '/v1',
    ],
    [
      'below a default with a slash',
      [{ url: 'https://a{base}', variables: { base: { default: '/v1/x' } } }],
      '/v1/x',
    ],
    [
      'below what is left of a whole URL in a variable',
      [{ url: '{root}/v2', variables: { root: { default: 'https://example.com/api' } } }],
      '/api/v2',
    ],
  ])('%s', async (_, servers, base) => {
    const mock = createMock(await served(servers));
    expect(await (await mock.request(`${base}/pets`)).text()).toBe(isOf('pets'));
    expect(mock.apis()[0]?.prefix).toBe(base);
  });

  test('below each value of a variable, and below each of its servers', async () => {
    const variables = {
      version: { default: 'v2', enum: ['v1', 'v2', 'v3'] },
      host: { default: 'a', enum: ['a', 'b'] },
    };
    const mock = createMock(
      await served([{ url: 'https://{host}.example.com/{version}', variables }, { url: '/sandbox' }]),
    );
    expect(mock.apis()[0]?.prefix).toBe('/v2');
    for (const base of ['/v1', '/v2', '/v3', '/sandbox'])
      expect([base, (await mock.request(`${base}/pets`)).status]).toEqual([base, 200]);
    expect((await mock.request('/v4/pets')).status).toBe(404);
  });

  test('below the servers of a path or an operation where these have some', async () => {
    const files = [{ url: 'https://files.example.com/upload' }];
    const mock = createMock(
      await served([{ url: '/v1' }], {
        '/pets': { get: named('pets'), post: named('upload', { servers: files }) },
        '/files': {
          servers: files,
          get: named('files'),
          put: named('put', { servers: [{ url: '/direct' }] }),
        },
      }),
    );
    const ask = async (line: string) => {
      const [method = '', path = ''] = line.split(' ');
      return (await mock.request(path, { method })).status;
    };
    expect(
      await Promise.all(
        ['GET /v1/pets', 'POST /upload/pets', 'GET /upload/files', 'PUT /direct/files'].map(ask),
      ),
    ).toEqual([200, 200, 200, 200]);
    expect(await Promise.all(['POST /v1/pets', 'GET /upload/pets'].map(ask))).toEqual([405, 405]);
    expect(await Promise.all(['GET /v1/files', 'PUT /pets'].map(ask))).toEqual([404, 404]);
  });

  test('below its name alone where that is asked for', async () => {
    const contract = await served([{ url: '/v1' }, { url: '/v2' }]);
    const mock = createMock(contract, { byName: true });
    expect((await mock.request('/served/pets')).status).toBe(200);
    expect((await mock.request('/v1/pets')).status).toBe(404);
  });
});

describe('a path without its base path is told where it belongs', () => {
  const contract = () =>
    served([{ url: '/api/v1' }], {
      '/pets/{id}': { get: named('pet') },
      '/x': { get: named('x', { servers: [{ url: '/other' }] }) },
    });

  test.each<[path: string, detail: string, nearest: string]>([
    ['/pets/7', 'Served is served below /api/v1: send it to /api/v1/pets/7.', '/api/v1/pets/{id}'],
    ['/other/pets/7', 'Served is served below /api/v1: send it to /api/v1/pets/7.', '/api/v1/pets/{id}'],
    ['/api/v1/x', 'x is served below /other: send it to /other/x.', '/other/x'],
    ['/api/v1/pats/7', 'Did you mean /api/v1/pets/{id}?', '/api/v1/pets/{id}'],
  ])('%s', async (path, detail, nearest) => {
    const response = await createMock(await contract()).request(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      detail: `The contract has no path ${path}. ${detail}`,
      nearest,
    });
  });
});

const odd: Contract = await contractOf('odd', {
  paths: {
    '/pets': { get: named('pets'), post: named('add') },
    '/pets/': { get: named('slashed') },
    '/pets/{id}': { get: named('pet') },
    '/pets/{id}/toys': { get: named('toys') },
    '/files/{name}.json': { get: named('json') },
    '/files/{name}': { get: named('file') },
    '/files/{name}:copy': { post: named('copy') },
    '/grid/{x},{y}': { get: named('cell') },
    '/foo?action=list': { get: named('list') },
    '/foo?action=show': { get: named('show') },
    '/foo': { get: named('foo'), delete: named('delete') },
    '/bar?key': { get: named('keyed') },
    '/only?mode=a': { get: named('only') },
    '/#Action=CreateQueue': { post: named('create') },
    '/#X-Amz-Target=Db.GetItem': { post: named('getItem') },
    '/search{?q,page}': { get: named('search') },
    '/twice/{a}': { get: named('first') },
    '/twice/{b}': { get: named('second'), put: named('other') },
    '/asked': { get: { responses: { 200: done } }, options: named('options') },
  },
});

describe('a path', () => {
  answers(odd, [
    found('GET /pets', 'pets'),
    found('GET /pets/', 'slashed'),
    found('GET /pets/7', 'pet'),
    unknown('GET /pets/7/', { nearest: '/pets/{id}' }),
    unknown('GET /pets//toys', { nearest: '/pets/{id}' }),
    unknown('GET //pets', { nearest: '/pets' }),
    found('GET /pets/a%2Fb', 'pet'),
    found('GET /pets/a%2Fb/toys', 'toys'),
    unknown('GET /pets/a/b', { nearest: '/pets/{id}' }),
    found('GET /pets/%7Bid%7D', 'pet'),
    found('GET /files/a.json', 'json'),
    found('GET /files/a.b.json', 'json'),
    found('GET /files/.json', 'file'),
    found('POST /files/a:copy', 'copy'),
    found('GET /grid/1,2', 'cell'),
    unknown('GET /grid/1'),
  ]);
});

describe('a key of paths that goes on behind its path', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  answers(odd, [
    found('GET /foo?action=list', 'list'),
    found('GET /foo?page=1&action=show', 'show'),
    found('GET /foo?action=%73how', 'show'),
    found('GET /foo?action=other', 'foo'),
    found('GET /foo', 'foo'),
    found('DELETE /foo?action=list', 'delete'),
    found('GET /bar?key=1', 'keyed'),
    unknown('GET /bar'),
    found('GET /only?mode=a', 'only'),
    unknown('GET /only?mode=b'),
    found('POST /?Action=CreateQueue', 'create'),
    found('POST /', 'create', {
      name: 'POST / with a form',
      headers: form,
      body: 'Action=CreateQueue&Name=a',
    }),
    found('POST /', 'getItem', { name: 'POST / with a field', headers: { 'x-amz-target': 'Db.GetItem' } }),
    unknown('POST /?Action=DeleteQueue'),
    found('GET /search', 'search'),
    found('GET /search?q=1', 'search'),
  ]);
});

describe('paths that differ only in the names of their parameters', () => {
  answers(odd, [
    found('GET /twice/1', 'first'),
    found('PUT /twice/1', 'other'),
    {
      name: 'tell the methods of both',
      request: 'DELETE /twice/1',
      status: 405,
      problem: 'unknown-method',
      fields: { allow: 'GET, PUT, HEAD' },
    },
  ]);
});

describe('paths that differ only in what their parameters may be', () => {
  const by = (operationId: string, name: string, schema: Json): JsonObject => ({
    get: {
      operationId,
      parameters: [{ name, in: 'path', required: true, schema }],
      responses: { 200: done },
    },
  });
  const ambiguous = contractOf('ambiguous', {
    info: { title: 'Ambiguous', version: '1' },
    paths: {
      '/files/{id}': by('byId', 'id', { type: 'string', format: 'uuid' }),
      '/files/{number}': by('byNumber', 'number', { type: 'integer' }),
      '/files/{name}': by('byName', 'name', { type: 'string', minLength: 4 }),
    },
  });

  test.each([
    ['3e4f6a0c-98f7-4f43-8a3b-0123456789ab', 'byId'],
    ['17', 'byNumber'],
    ['read%20me', 'byName'],
    ['x', 'byId'],
  ])('are told apart by what fits: %s is %s', async (text, operation) => {
    const mock = createMock(await ambiguous, { seed: 1 });
    await mock.request(`/files/${text}`);
    expect(mock.journal.list().at(-1)?.decision.operation).toBe(operation);
  });
});

describe('a method that is not documented', () => {
  answers(odd, [
    { name: 'HEAD', request: 'HEAD /pets', status: 200, text: '' },
    { name: 'HEAD where there is no GET', request: 'HEAD /files/a:copy', status: 405, text: '' },
    {
      name: 'OPTIONS',
      request: 'OPTIONS /pets',
      status: 204,
      text: '',
      fields: { allow: 'GET, POST, HEAD, OPTIONS' },
    },
    found('OPTIONS /asked', 'options'),
    {
      name: 'DELETE',
      request: 'DELETE /pets',
      status: 405,
      problem: 'unknown-method',
      fields: { allow: 'GET, POST, HEAD' },
    },
  ]);

  test('is answered beside CORS, which answers preflights alone', async () => {
    const mock = createMock(odd, { cors: ['https://a.example'] });
    const headers = { origin: 'https://a.example' };
    const asked = await mock.request('/asked', { method: 'OPTIONS', headers });
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(await asked.text()).toBe(isOf('options'));
    const preflight = { ...headers, 'access-control-request-method': 'PUT' };
    const answer = await mock.request('/asked', { method: 'OPTIONS', headers: preflight });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    const stranger = await mock.request('/asked', {
      method: 'OPTIONS',
      headers: { origin: 'https://b.example' },
    });
    expect(stranger.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('a large API', () => {
  test('is matched as fast as a small one', async () => {
    const many = await contractOf('many', {
      paths: Object.fromEntries(
        Array.from({ length: 1000 }, (_, index) => [
          `/group${index % 40}/{id}/thing${index}`,
          { get: { responses: { 200: done } } },
        ]),
      ),
    });
    const few = await contractOf('few', {
      paths: { '/group1/{id}/thing1': { get: { responses: { 200: done } } } },
    });
    const time = (contract: Contract, path: string): number => {
      const start = performance.now();
      for (let round = 0; round < 20_000; round += 1) expectMatched(contract, path);
      return performance.now() - start;
    };
    const rounds = Array.from({ length: 5 }, () => [
      time(many, '/group39/7/thing999'),
      time(few, '/group1/7/thing1'),
    ]);
    const ratios = rounds.map(([large = 0, small = 0]) => large / small).sort((a, b) => a - b);
    expect(ratios[0]).toBeLessThan(3);
    expect(await (await createMock(many).request('/group39/7/thing999')).text()).toBe(isDone);
  });
});

function expectMatched(contract: Contract, path: string): void {
  if (contract.match(path) === undefined) throw new Error(`${path} was not found`);
}
