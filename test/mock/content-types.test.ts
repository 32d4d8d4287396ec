/** What the mock takes and gives of every media type, over Fetch as any client has it. */

import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import type { Json, JsonObject } from '../../openapi/index.js';
import { pointedTo } from '../../openapi/json.js';
import { contractOf } from './contracts.js';

const pet: JsonObject = {
  type: 'object',
  xml: { name: 'pet' },
  required: ['id', 'password', 'made'],
  properties: {
    id: { type: 'integer', xml: { attribute: true }, example: 7 },
    name: { type: 'string', example: 'Rex' },
    password: { type: 'string', writeOnly: true, minLength: 3 },
    made: { type: 'string', readOnly: true, example: 'today' },
  },
};
const binary: JsonObject = { type: 'string', format: 'binary' };
const answer = (content: JsonObject, headers: JsonObject = {}): JsonObject => ({
  responses: { 200: { description: 'Done.', headers, content } },
});
const taking = (content: JsonObject): JsonObject => ({
  requestBody: { required: true, content },
  responses: { 204: { description: 'Taken.' } },
});

const contract = await contractOf('content-types', {
  openapi: '3.2.0',
  paths: {
    '/pet': {
      get: answer({ 'application/xml': { schema: pet }, 'application/json': { schema: pet } }),
      post: taking({
        'application/xml': { schema: pet },
        'application/json; charset=utf-8': { schema: pet },
      }),
    },
    '/shown': {
      get: answer({
        'application/json': { schema: pet, example: { id: 1, name: 'A', password: 'secret', made: 'x' } },
      }),
    },
    '/png': { get: answer({ 'image/png': { schema: binary } }) },
    '/image': { get: answer({ 'image/*': {} }) },
    '/pdf': {
      get: answer(
        { 'application/pdf': { schema: binary } },
        { 'Content-Disposition': { schema: { type: 'string' } } },
      ),
    },
    '/octets': { get: answer({ 'application/octet-stream': { schema: binary } }) },
    '/any': { get: answer({ '*/*': { schema: pet } }) },
    '/text': { get: answer({ 'text/plain': { schema: pet }, 'application/json': { schema: pet } }) },
    '/vendor': { get: answer({ 'application/vnd.x+json; version=1': { schema: { const: 1 } } }) },
    '/empty-text': { get: answer({ 'text/html': {} }) },
    '/lines': { get: answer({ 'application/x-ndjson': { itemSchema: pet } }) },
    '/list-lines': {
      get: answer({
        'application/jsonl': { schema: { type: 'array', minItems: 2, maxItems: 2, items: { const: 1 } } },
      }),
    },
    '/events': {
      get: answer({
        'text/event-stream': {
          itemSchema: {
            type: 'object',
            required: ['data', 'event'],
            properties: { data: { type: 'string', const: 'x' }, event: { enum: ['add'] } },
          },
        },
      }),
    },
    '/deltas': {
      get: answer({
        'text/event-stream': {
          schema: { type: 'object', required: ['delta'], properties: { delta: { const: 'x' } } },
        },
      }),
    },
    '/written': {
      get: answer({ 'text/event-stream': { schema: { type: 'string' }, example: 'data: 1\n\ndata: 2\n\n' } }),
    },
    '/headers': {
      get: {
        deprecated: true,
        ...answer(
          { 'application/json': { schema: { const: 1 } } },
          {
            'X-Spread': { explode: true, schema: { type: 'object' }, example: { a: 1, b: 2 } },
            'X-Json': {
              content: { 'application/json': { schema: { type: 'object' }, example: { a: [1] } } },
            },
            'X-Needed': {
              required: true,
              schema: { type: 'array', items: { const: 5 }, minItems: 2, maxItems: 2 },
            },
            'Set-Cookie': { schema: { type: 'array' }, example: ['a=1; Path=/', 'b=2, 3'] },
          },
        ),
      },
    },
    '/form': {
      post: taking({
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            required: ['card'],
            properties: {
              card: {
                type: 'object',
                required: ['number'],
                properties: { number: { type: 'string' }, month: { type: 'integer' } },
              },
              expand: { type: 'array', items: { type: 'string' } },
            },
          },
          encoding: { card: { style: 'deepObject', explode: true } },
        },
      }),
    },
    '/parts': {
      post: taking({
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            properties: {
              file: binary,
              about: { type: 'object', required: ['a'] },
              more: { type: 'array', items: binary },
            },
          },
          encoding: { file: { contentType: 'image/png, image/jpeg' } },
        },
      }),
    },
    '/query': {
      get: {
        parameters: [
          {
            name: 'q',
            in: 'querystring',
            required: true,
            content: { 'application/json': { schema: { type: 'object', required: ['a'] } } },
          },
        ],
        responses: { 204: { description: 'Taken.' } },
      },
    },
    '/parameters/{point}': {
      get: {
        parameters: [
          {
            name: 'point',
            in: 'path',
            required: true,
            content: { 'application/json': { schema: { type: 'object', required: ['x'] } } },
          },
          {
            name: 'filter',
            in: 'query',
            content: {
              'application/json': {
                schema: { type: 'object', required: ['x'], properties: { x: { type: 'integer' } } },
              },
            },
          },
          { name: 'x', in: 'query', schema: { type: 'string' } },
          { name: 'flag', in: 'query', allowEmptyValue: true, schema: { type: 'boolean' } },
          {
            name: 'X-Meta',
            in: 'header',
            content: { 'application/json': { schema: { type: 'array', items: { type: 'integer' } } } },
          },
          { name: 'raw', in: 'cookie', style: 'cookie', schema: { type: 'string', const: 'a%20b' } },
          { name: 'Authorization', in: 'header', required: true, schema: { const: 'never' } },
        ],
        responses: { 204: { description: 'Taken.' } },
      },
    },
  },
});

const mock = createMock(contract, { seed: 1 });
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(mock.request(path, { headers }));
const octets = async (response: Response): Promise<string> =>
  Buffer.from(await response.arrayBuffer()).toString('latin1');

describe('an answer', () => {
  test.each<[path: string, accept: string | undefined, type: string, body: string | RegExp]>([
    [
      '/pet',
      undefined,
      'application/xml',
      /^<\?xml[^>]*>\n<pet id="7"><name>Rex<\/name><made>today<\/made><\/pet>$/,
    ],
    ['/pet', 'application/json', 'application/json', '{"id":7,"name":"Rex","made":"today"}'],
    ['/shown', undefined, 'application/json', '{"id":1,"name":"A","made":"x"}'],
    ['/png', undefined, 'image/png', /^\u0089PNG\r\n/],
    ['/image', undefined, 'image/png', /^\u0089PNG/],
    ['/pdf', undefined, 'application/pdf', /^%PDF-1\.4\n[\s\S]*%%EOF\n$/],
    ['/octets', undefined, 'application/octet-stream', /^[\s\S]+$/],
    ['/any', undefined, 'application/json', /^\{"id":7/],
    ['/text', undefined, 'application/json', /^\{"id":7/],
    ['/text', 'text/plain', 'text/plain', /^\{"id":7/],
    ['/vendor', undefined, 'application/vnd.x+json; version=1', '1'],
    ['/empty-text', undefined, 'text/html', 'text'],
    ['/lines', undefined, 'application/x-ndjson', /^(?:\{"id":7,"name":"Rex","made":"today"\}\n){3}$/],
    ['/list-lines', undefined, 'application/jsonl', '1\n1\n'],
    ['/events', undefined, 'text/event-stream', 'event: add\ndata: x\n\n'.repeat(3)],
    ['/deltas', undefined, 'text/event-stream', 'data: {"delta":"x"}\n\n'.repeat(3)],
    ['/written', undefined, 'text/event-stream', 'data: 1\n\ndata: 2\n\n'],
  ])('of %s to who accepts %s is %s', async (path, accept, type, body) => {
    const response = await get(path, accept === undefined ? {} : { accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    const text = await octets(response);
    if (typeof body === 'string') expect(text).toBe(body);
    else expect(text).toMatch(body);
  });

  test('of a file says what it is called, where that is described', async () => {
    const response = await get('/pdf');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="file.pdf"');
    expect((await get('/png')).headers.has('content-disposition')).toBe(false);
  });

  test('has its headers as they are described, each cookie by itself, and none that says since when it is deprecated', async () => {
    const { headers } = await get('/headers');
    expect([headers.get('x-spread'), headers.get('x-json'), headers.get('x-needed')]).toEqual([
      'a=1,b=2',
      '{"a":[1]}',
      '5,5',
    ]);
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2, 3']);
    expect(headers.has('deprecation')).toBe(false);
  });
});

/** The violations that a request is told, or that it was taken. */
async function told(path: string, init: RequestInit): Promise<Json> {
  const response = await mock.request(path, init);
  if (response.status === 204) return 'taken';
  const details: Json = JSON.parse(await response.text());
  const errors = pointedTo(details, '/errors');
  if (!Array.isArray(errors)) return details;
  return errors.map((each: Json) =>
    ['in', 'pointer', 'keyword'].map((name) => String(pointedTo(each, `/${name}`))).join(' '),
  );
}

describe('a request', () => {
  const xml = 'application/xml';
  const form = 'application/x-www-form-urlencoded';

  test.each<[path: string, type: string, body: string, told: Json]>([
    ['/pet', xml, '<pet id="1"><password>abc</password></pet>', 'taken'],
    [
      '/pet',
      xml,
      '<pet id="x"><password>a</password></pet>',
      ['body #/id type', 'body #/password minLength'],
    ],
    ['/pet', xml, '<pet id="1">', ['body # xml']],
    ['/pet', 'application/json', '{"id":1,"password":"abc"}', 'taken'],
    ['/form', form, 'card[number]=42&card[month]=5&expand[]=a', 'taken'],
    ['/form', form, 'card[month]=x', ['body #/card/number required', 'body #/card/month type']],
  ])('to %s of %s, %s, is told %j', async (path, type, body, expected) => {
    const found = await told(path, { method: 'POST', headers: { 'content-type': type }, body });
    expect(Array.isArray(found) ? found.toSorted() : found).toEqual(
      Array.isArray(expected) ? expected.toSorted() : expected,
    );
  });

  const parts = (members: Record<string, (string | Blob)[]>): RequestInit => {
    const body = new FormData();
    for (const [name, values] of Object.entries(members))
      for (const value of values) body.append(name, value);
    return { method: 'POST', body };
  };
  const png = new Blob([new Uint8Array([0x89, 0xff, 0])], { type: 'image/png' });

  test.each<[what: string, init: RequestInit, told: Json]>([
    ['with files and an object', parts({ file: [png], about: ['{"a":1}'], more: [png, png] }), 'taken'],
    [
      'with a JSON part',
      parts({ file: [png], about: [new Blob(['{"b":1}'], { type: 'application/json' })] }),
      ['body #/about/a required'],
    ],
    ['without a file', parts({ about: ['{"a":1}'] }), ['body #/file required']],
    [
      'with a file of another type',
      parts({ file: [new Blob(['x'], { type: 'text/html' })] }),
      ['body #/file contentType'],
    ],
  ])('of parts %s is told %j', async (_, init, expected) => {
    expect(await told('/parts', init)).toEqual(expected);
  });

  const point = encodeURIComponent('{"x":1}');
  test.each<[target: string, headers: Record<string, string>, told: Json]>([
    [`/query?${encodeURIComponent('{"a":1}')}`, {}, 'taken'],
    [`/query?${encodeURIComponent('{"b":1}')}`, {}, ['query #/q/a required']],
    ['/query', {}, ['query #/q required']],
    [`/parameters/${point}`, {}, 'taken'],
    ['/parameters/5', {}, ['path #/point type']],
    [`/parameters/${point}?x=a&filter=${point}&flag`, { 'x-meta': '[1, 2]', cookie: 'raw=a%20b' }, 'taken'],
    [
      `/parameters/${point}?filter={"y":1}&flag=no`,
      { 'x-meta': '["a"]', cookie: 'raw=a b' },
      ['query #/filter/x required', 'query #/flag type', 'header #/X-Meta/0 type', 'cookie #/raw const'],
    ],
  ])('to %s with %j is told %j', async (target, headers, expected) => {
    expect(await told(target, { headers })).toEqual(expected);
  });
});
