/** A whole request held against its operation: what is read of it, and everything that is wrong with it. */

import { describe, expect, test } from 'vitest';
import { parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { Field, RequestMessage } from '../../openapi/http/message.js';
import { describedContent, parseContent, readRequest } from '../../openapi/http/validate.js';
import type { Json } from '../../openapi/json.js';
import { contractOf, head } from './folders.js';

const text = `${head}paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 1 } }]
    post:
      parameters:
        - { name: q, in: query, required: true, schema: { type: string, minLength: 2 } }
        - { name: tags, in: query, schema: { type: array, items: { type: string, maxLength: 3 } } }
        - { name: page, in: query, style: deepObject, explode: true, schema: { type: object, properties: { from: { type: integer } } } }
        - { name: json, in: query, content: { application/json: { schema: { type: object, required: [a] } } } }
        - { name: a/b, in: query, schema: { type: boolean } }
        - { name: X-Count, in: header, schema: { type: integer } }
        - { name: Content-Type, in: header, required: true, schema: { const: never } }
        - { name: Authorization, in: header, required: true, schema: { const: never } }
        - { name: Accept, in: header, required: true, schema: { const: never } }
        - { name: sid, in: cookie, schema: { pattern: '^[0-9]+$' } }
      requestBody:
        required: true
        content:
          application/json: { schema: { $ref: '#/components/schemas/Thing' } }
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Thing' } }
          text/plain: { schema: { type: string, maxLength: 5 } }
          image/*: {}
          application/vnd.own+json: { schema: { type: array } }
      responses: { '200': { description: done } }
    put:
      requestBody: { content: { application/json: { schema: { type: integer } } } }
      responses: { '200': { description: done } }
    get: { responses: { '200': { description: done } } }
components:
  schemas:
    Thing:
      type: object
      required: [name]
      additionalProperties: false
      properties:
        name: { type: string, minLength: 2 }
        count: { type: integer }
        tags: { type: array, items: { type: string } }
        made: { type: string, readOnly: true }
`;

let loaded: Promise<Contract> | undefined;

/** Loaded once: nothing can change it. */
async function operationOf(method: string): Promise<readonly [Contract, Operation]> {
  loaded ??= contractOf({ 'things.yaml': text });
  const contract = await loaded;
  const operation = contract.operations.find((each) => each.method === method);
  if (operation === undefined) throw new TypeError(`there is no ${method}`);
  return [contract, operation];
}

type Sent = {
  readonly method?: string;
  readonly id?: string;
  readonly query?: string;
  readonly fields?: readonly Field[];
  readonly type?: string | undefined;
  readonly content?: string | Uint8Array | undefined;
};

const good = { id: '7', query: 'q=ab', type: 'application/json', content: '{"name":"Tom"}' };

async function read(sent: Sent) {
  const { method = 'POST', id = '7', query = 'q=ab', fields = [], type, content } = { ...good, ...sent };
  const [contract, operation] = await operationOf(method);
  const request: RequestMessage = {
    method,
    path: `/things/${id}`,
    query,
    fields: [...fields, ...(type === undefined ? [] : [['Content-Type', type] as const])],
    content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  };
  const described = describedContent(operation, request);
  if (described === 'unsupported') return { described, values: undefined, violations: [], lines: [] };
  const { values, violations } = readRequest(contract, operation, request, { id }, described);
  const lines = violations.map(
    ({ in: where, pointer, keyword, message }) => `${where} ${pointer} ${keyword}: ${message}`,
  );
  return { described, values, violations, lines, contract };
}

describe('a request that fits', () => {
  test('breaks nothing', async () => {
    const fields: Field[] = [
      ['x-count', '5'],
      ['Cookie', 'sid=12; other=x'],
    ];
    const query = 'q=ab&tags=a&tags=b&page[from]=3&json=%7B%22a%22%3A1%7D&a%2Fb=true';
    expect((await read({ fields, query })).lines).toEqual([]);
  });

  test('may leave out what is optional', async () => {
    expect((await read({})).lines).toEqual([]);
    expect((await read({ method: 'PUT', type: undefined, content: undefined })).lines).toEqual([]);
    expect((await read({ method: 'GET', type: undefined, content: undefined })).lines).toEqual([]);
  });

  test('may carry content that nothing is said of', async () => {
    const { lines, values } = await read({ method: 'GET', type: 'text/plain', content: 'x' });
    expect([lines, values?.body]).toEqual([[], undefined]);
  });
});

describe('a parameter', () => {
  test.each<[what: string, sent: Sent, lines: readonly string[]]>([
    ['of the path', { id: '0' }, ['path /id minimum: must be >= 1']],
    ['of the path and another type', { id: 'x' }, ['path /id type: must be of type integer']],
    ['that is missing', { query: '' }, ['query /q required: is required']],
    ['that is empty', { query: 'q=' }, ['query /q minLength: must not have fewer than 2 characters']],
    [
      'with one wrong item',
      { query: 'q=ab&tags=a&tags=long' },
      ['query /tags/1 maxLength: must not have more than 3 characters'],
    ],
    [
      'with a wrong member',
      { query: 'q=ab&page[from]=x' },
      ['query /page/from type: must be of type integer'],
    ],
    ['of a media type', { query: 'q=ab&json={}' }, ['query /json/a required: is required']],
    [
      'of a media type that is malformed',
      { query: 'q=ab&json={' },
      ['query /json type: must be of type object'],
    ],
    ['with a slash in its name', { query: 'q=ab&a/b=maybe' }, ['query /a~1b type: must be of type boolean']],
    ['in a header', { fields: [['X-COUNT', 'many']] }, ['header /X-Count type: must be of type integer']],
    [
      'in a cookie',
      { fields: [['cookie', 'sid=x']] },
      ['cookie /sid pattern: must match pattern "^[0-9]+$"'],
    ],
    [
      'beside others',
      { id: 'x', query: '', content: '{}' },
      [
        'path /id type: must be of type integer',
        'query /q required: is required',
        'body /name required: is required',
      ],
    ],
  ])('%s is told', async (_, sent, lines) => {
    expect((await read(sent)).lines).toEqual(lines);
  });

  test('that has a header of its own in HTTP is left to that', async () => {
    expect((await read({ fields: [['Accept', 'text/html']] })).lines).toEqual([]);
  });
});

describe('content', () => {
  test.each<[what: string, sent: Sent, lines: readonly (string | RegExp)[]]>([
    ['that is missing', { content: undefined, type: undefined }, ['body  required: is required']],
    ['that is missing though its type is told', { content: undefined }, ['body  required: is required']],
    ['that is empty', { content: '' }, [/^body {2}json: is not valid JSON: /]],
    ['that is no JSON', { content: '{"name":' }, [/^body {2}json: is not valid JSON: /]],
    [
      'that is nested beyond measure',
      { content: '['.repeat(501) + ']'.repeat(501) },
      ['body  json: is nested more than 500 levels deep'],
    ],
    [
      'that is no UTF-8',
      { content: new Uint8Array([0x22, 0xff, 0x22]) },
      ['body  charset: is not valid UTF-8'],
    ],
    [
      'of another charset than it says',
      { type: 'text/plain; charset=us-what', content: 'x' },
      ['body  charset: is not valid US-WHAT'],
    ],
    ['of another type', { content: '[]' }, ['body  type: must be of type object']],
    [
      'with several faults',
      { content: '{"name":"T","count":"5","other":1}' },
      [
        'body /other additionalProperties: is not a known member',
        'body /name minLength: must not have fewer than 2 characters',
        'body /count type: must be of type integer',
      ],
    ],
    [
      'that is text',
      { type: 'text/plain', content: 'too long' },
      ['body  maxLength: must not have more than 5 characters'],
    ],
    [
      'of a type of its own',
      { type: 'application/vnd.own+json', content: '{}' },
      ['body  type: must be of type array'],
    ],
    [
      'that is a form',
      { type: 'application/x-www-form-urlencoded', content: 'name=T&count=x&other=1' },
      [
        'body /other additionalProperties: is not a known member',
        'body /name minLength: must not have fewer than 2 characters',
        'body /count type: must be of type integer',
      ],
    ],
  ])('%s is told', async (_, sent, lines) => {
    const told = await read(sent);
    expect(told.lines).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    );
  });

  test.each<[what: string, sent: Sent, body: Json | undefined]>([
    ['JSON', { content: '{"name":"Tom","tags":["a"]}' }, { name: 'Tom', tags: ['a'] }],
    ['JSON with a byte order mark', { content: '\uFEFF{"name":"Tom"}' }, { name: 'Tom' }],
    ['JSON of any spelling of its type', { type: 'Application/JSON; charset="UTF-8"' }, { name: 'Tom' }],
    [
      'a form, its texts by their schema',
      { type: 'application/x-www-form-urlencoded', content: 'name=Tom+%C3%A9&count=5&tags=a&tags=b' },
      { name: 'Tom é', count: 5, tags: ['a', 'b'] },
    ],
    [
      'a form with one item',
      { type: 'application/x-www-form-urlencoded', content: 'name=Tom&tags=a' },
      { name: 'Tom', tags: ['a'] },
    ],
    [
      'a form without values',
      { type: 'application/x-www-form-urlencoded', content: 'name&count=' },
      { name: '', count: '' },
    ],
    [
      'a form with a broken escape',
      { type: 'application/x-www-form-urlencoded', content: 'name=%zz&%ff=1' },
      { name: '%zz', '%ff': '1' },
    ],
    ['text', { type: 'text/plain', content: 'a\nb' }, 'a\nb'],
    [
      'text of another charset',
      { type: 'text/plain; charset=iso-8859-1', content: new Uint8Array([0xe9]) },
      'é',
    ],
    ['an image', { type: 'image/png', content: 'x' }, undefined],
  ])('%s is read', async (_, sent, body) => {
    expect((await read(sent)).values?.body).toEqual(body);
  });

  test.each<[what: string, sent: Sent, mediaType: string]>([
    ['by its own type', {}, 'application/json'],
    ['by the range that it is in', { type: 'image/png' }, 'image/*'],
    ['with parameters', { type: 'text/plain;charset=utf-8' }, 'text/plain'],
  ])('is described %s', async (_, sent, mediaType) => {
    expect((await read(sent)).described).toMatchObject({ mediaType });
  });

  test.each<[what: string, type: string | undefined]>([
    ['of a type that is not described', 'text/html'],
    ['of a type that is none', 'json'],
    ['without a type', undefined],
  ])('%s is not supported', async (_, type) => {
    expect((await read({ type })).described).toBe('unsupported');
  });
});

describe('the values', () => {
  test('are those of the parameters as described, and otherwise as sent', async () => {
    const { values } = await read({
      query: 'q=ab&tags=a&tags=b&more=x&more=y&page[from]=3',
      fields: [
        ['X-Own', 'a'],
        ['x-own', 'b'],
      ],
    });
    expect({
      id: values?.path('id'),
      tags: values?.query('tags'),
      page: values?.query('page'),
      more: values?.query('more'),
      own: values?.header('X-OWN'),
    }).toEqual({ id: 7, tags: ['a', 'b'], page: { from: 3 }, more: 'x', own: 'a, b' });
  });

  test('that were not sent are not there', async () => {
    const { values } = await read({});
    expect([values?.path('other'), values?.query('other'), values?.header('other')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([values?.path('constructor'), values?.query('constructor')]).toEqual([undefined, undefined]);
  });
});

test('a violation tells the line of the contract', async () => {
  const { violations, contract } = await read({ query: 'q=a', content: '{}' });
  const lines = violations.map(({ place }) => contract?.locate(place).line ?? 0);
  expect(lines.map((line) => text.split('\n')[line - 1]?.trim())).toEqual([
    '- { name: q, in: query, required: true, schema: { type: string, minLength: 2 } }',
    'required: [name]',
  ]);
});

test('content of a type that is neither text nor JSON is left alone', () => {
  const mediaType = parseMediaType('application/octet-stream');
  if (mediaType === undefined) throw new TypeError('malformed');
  expect(parseContent(new Uint8Array([1]), mediaType)).toEqual({ kind: 'opaque' });
});
