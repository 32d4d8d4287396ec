/** Steps as requests: templates evaluated, parameters written where they belong, content serialized, messages altered. */

import { describe, expect, test } from 'vitest';
import { type Built, replacedAt, requestOf } from '../../conformance/step-request.js';
import type { Step, StepParameter } from '../../openapi/arazzo/workflow.js';
import { evaluateTemplate } from '../../openapi/arazzo/workflow-expression.js';
import type { Field, RequestMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { contractFrom } from './judging.js';

const contract = await contractFrom(`
paths:
  /things/{id}/{part}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: part, in: path, required: true, style: matrix, schema: { type: array } }
    post:
      parameters:
        - { name: filter, in: query, style: deepObject, schema: { type: object } }
        - { name: list, in: query, style: pipeDelimited, explode: false, schema: { type: array } }
        - { name: X-Trace, in: header, schema: { type: array } }
        - { name: sid, in: cookie, schema: { type: string } }
      responses: { '200': { description: Yes } }
  /json: { post: { requestBody: { content: { application/merge-patch+json: {}, text/plain: {} } }, responses: { '200': { description: Yes } } } }
  /form: { post: { requestBody: { content: { application/x-www-form-urlencoded: {} } }, responses: { '200': { description: Yes } } } }
  /parts: { post: { requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { audio: { type: string, format: binary, contentMediaType: audio/flac }, photos: { type: array, items: { type: string, format: binary } } } } } } }, responses: { '200': { description: Yes } } } }
  /plain: { post: { requestBody: { content: { text/plain: {} } }, responses: { '200': { description: Yes } } } }
  /none: { get: { responses: { '200': { description: Yes } } } }
`);

type Parts = Partial<Pick<Step, 'parameters' | 'requestBody' | 'alteration'>>;

const inputs: { readonly [name: string]: Json } = {
  id: 'é/b',
  token: 'T',
  list: ['a b', 'c|d'],
  nothing: null,
};

function built(path: string, step: Parts, common: readonly StepParameter[] = []): Built {
  const operation = contract.operations.find((each) => each.path === path);
  if (operation === undefined) throw new TypeError(`There is no ${path}.`);
  const whole = { parameters: [], requestBody: undefined, alteration: undefined, ...step };
  return requestOf(operation, whole, common, (template) =>
    evaluateTemplate(template, { inputs, steps: {}, workflows: {}, outputs: {}, exchange: undefined }),
  );
}

function sent(path: string, step: Parts, common: readonly StepParameter[] = []): RequestMessage {
  const made = built(path, step, common);
  if (made.kind === 'impossible') throw new TypeError(made.why);
  return made.request;
}

const parameter = (where: StepParameter['in'], name: string, value: Json): StepParameter => ({
  in: where,
  name,
  value,
});
const text = ({ content }: RequestMessage): string | undefined =>
  content && new TextDecoder().decode(content);
const thing = '/things/{id}/{part}';
const id = parameter('path', 'id', 'a');
const part = parameter('path', 'part', [1]);
const anything: Field = ['accept', '*/*'];

describe('a parameter', () => {
  test.for<[parameters: readonly StepParameter[], target: string, fields: readonly Field[]]>([
    [[parameter('path', 'id', '$inputs.id'), part], '/things/%C3%A9%2Fb/;part=1', []],
    [[parameter('path', 'id', '{$inputs.token}-{$inputs.token}'), part], '/things/T-T/;part=1', []],
    [[parameter('path', 'id', 0), parameter('path', 'part', ['a', 'b;'])], '/things/0/;part=a,b%3B', []],
    [
      [id, part, parameter('query', 'filter', { a: 1, b: 'x y' })],
      '/things/a/;part=1?filter%5Ba%5D=1&filter%5Bb%5D=x%20y',
      [],
    ],
    [[id, part, parameter('query', 'list', '$inputs.list')], '/things/a/;part=1?list=a%20b%7Cc%7Cd', []],
    [[id, part, parameter('query', 'b', 1), parameter('query', 'a', '&')], '/things/a/;part=1?b=1&a=%26', []],
    [[id, part, parameter('query', 'a', [1, 2])], '/things/a/;part=1?a=1&a=2', []],
    [[id, part, parameter('query', 'filter', {})], '/things/a/;part=1', []],
    [[id, part, parameter('header', 'X-Trace', ['a', 'b'])], '/things/a/;part=1', [['X-Trace', 'a,b']]],
    [[id, part, parameter('header', 'x-trace', 'a')], '/things/a/;part=1', [['X-Trace', 'a']]],
    [[id, part, parameter('header', 'Other', 'a')], '/things/a/;part=1', [['Other', 'a']]],
    [
      [id, part, parameter('header', 'Authorization', 'Bearer {$inputs.token}')],
      '/things/a/;part=1',
      [['Authorization', 'Bearer T']],
    ],
    [[id, part, parameter('header', 'Other', 'a\nb')], '/things/a/;part=1', []],
    [
      [id, part, parameter('header', 'A', '1'), parameter('header', 'a', '2')],
      '/things/a/;part=1',
      [['a', '2']],
    ],
    [
      [id, part, parameter('cookie', 'sid', 'S'), parameter('cookie', 'b', 'x y')],
      '/things/a/;part=1',
      [['cookie', 'sid=S; b=x%20y']],
    ],
    [[id, part, parameter(undefined, 'x', 1)], '/things/a/;part=1', []],
  ])('of %j is sent to %s with %j', ([parameters, target, fields]) => {
    const { path, query, fields: all, method, content } = sent(thing, { parameters });
    expect(query === '' ? path : `${path}?${query}`).toBe(target);
    expect(all).toEqual([anything, ...fields]);
    expect([method, content]).toEqual(['POST', undefined]);
  });

  test('named accept takes the place of what is accepted by itself', () => {
    expect(sent('/none', { parameters: [parameter('header', 'Accept', 'image/png')] }).fields).toEqual([
      ['Accept', 'image/png'],
    ]);
  });

  test('of the workflow is that of each step, unless the step has its own in the same place', () => {
    const common = [parameter('query', 'a', 1), parameter('header', 'b', 'x')];
    expect(sent('/none', {}, common)).toMatchObject({ query: 'a=1', fields: [anything, ['b', 'x']] });
    const own = [parameter('query', 'a', 2), parameter('query', 'b', 3)];
    expect(sent('/none', { parameters: own }, common)).toMatchObject({
      query: 'a=2&b=3',
      fields: [anything, ['b', 'x']],
    });
  });

  test.for<[step: Parts, why: string]>([
    [{ parameters: [part, parameter('path', 'id', '$inputs.gone')] }, 'the path parameter id'],
    [{ parameters: [part] }, 'the path parameter id'],
    [{ parameters: [id, parameter('path', 'part', [])] }, 'the path parameter part'],
    [{ parameters: [id, part, parameter('query', 'q', '$inputs.gone')] }, 'the query parameter q'],
    [
      { requestBody: { contentType: undefined, payload: { a: '$inputs.gone' }, replacements: [] } },
      'the request body',
    ],
    [
      {
        requestBody: {
          contentType: undefined,
          payload: {},
          replacements: [{ target: '/a', value: '$inputs.gone' }],
        },
      },
      'the request body',
    ],
    [
      {
        parameters: [id, part],
        alteration: altered({ fields: [['authorization', 'Bearer {$inputs.gone}']] }),
      },
      'the field authorization',
    ],
    [
      {
        parameters: [parameter('header', 'h', '$inputs.gone')],
        requestBody: { contentType: undefined, payload: '$inputs.gone', replacements: [] },
      },
      'the header parameter h, the request body',
    ],
  ])('%j cannot be sent: there is no value for %s', ([step, why]) => {
    expect(built(thing, step)).toEqual({ kind: 'impossible', why: `there is no value for ${why}` });
  });
});

describe('content', () => {
  const body = (payload: Json, contentType?: string): Parts => ({
    requestBody: { contentType, payload, replacements: [] },
  });

  test.for<
    [path: string, payload: Json, contentType: string | undefined, mediaType: string, content: string]
  >([
    [
      '/json',
      { a: '$inputs.token', b: [null, 1.5] },
      undefined,
      'application/merge-patch+json',
      '{"a":"T","b":[null,1.5]}',
    ],
    ['/json', 'text', undefined, 'application/merge-patch+json', '"text"'],
    ['/json', null, undefined, 'application/merge-patch+json', 'null'],
    ['/json', '$inputs.nothing', undefined, 'application/merge-patch+json', 'null'],
    ['/json', 'text', 'text/plain', 'text/plain', 'text'],
    ['/json', { a: 'x' }, 'text/plain', 'text/plain', '{"a":"x"}'],
    ['/plain', 'é', undefined, 'text/plain', 'é'],
    ['/none', { a: 1 }, undefined, 'application/json', '{"a":1}'],
    [
      '/form',
      { a: 'x y&z=', é: 1 },
      undefined,
      'application/x-www-form-urlencoded',
      'a=x%20y%26z%3D&%C3%A9=1',
    ],
    [
      '/form',
      { a: [1, 'b'], c: null, d: { e: 1 } },
      undefined,
      'application/x-www-form-urlencoded',
      'a=1&a=b&c=null&d=%7B%22e%22%3A1%7D',
    ],
    ['/form', 'a=b', undefined, 'application/x-www-form-urlencoded', 'a=b'],
    ['/form', {}, undefined, 'application/x-www-form-urlencoded', ''],
    [
      '/json',
      { a: 1 },
      'application/x-www-form-urlencoded; charset=utf-8',
      'application/x-www-form-urlencoded; charset=utf-8',
      'a=1',
    ],
    ['/json', 'x', 'no media type', 'no media type', '"x"'],
  ])('of %s for %j as %s is sent as %s: %s', ([path, payload, contentType, mediaType, content]) => {
    const request = sent(path, body(payload, contentType));
    expect(text(request)).toBe(content);
    expect(request.fields).toEqual([anything, ['content-type', mediaType]]);
  });

  test('is not sent where a step has none', () => {
    expect(sent('/json', {})).toMatchObject({ content: undefined, fields: [anything] });
  });

  test('has its replacements made one after the other', () => {
    const replacements = [
      { target: '/a', value: '$inputs.token' },
      { target: '/list/1', value: null },
      { target: '/new/inner', value: { b: 1 } },
      { target: '/new/inner/b', value: 2 },
    ];
    const requestBody = {
      contentType: undefined,
      payload: { a: 1, list: [1, 2, 3], kept: true },
      replacements,
    };
    expect(JSON.parse(text(sent('/json', { requestBody })) ?? '')).toEqual({
      a: 'T',
      list: [1, null, 3],
      kept: true,
      new: { inner: { b: 2 } },
    });
  });
});

describe('a replacement', () => {
  test.for<[whole: Json, tokens: readonly string[], after: Json]>([
    [{ a: 1 }, [], 'X'],
    [{ a: 1 }, ['a'], { a: 'X' }],
    [{ a: 1 }, ['b'], { a: 1, b: 'X' }],
    [{ a: { b: 1, c: 2 } }, ['a', 'b'], { a: { b: 'X', c: 2 } }],
    [{ a: 1 }, ['a', 'b'], { a: { b: 'X' } }],
    [null, ['a'], { a: 'X' }],
    ['text', ['a'], { a: 'X' }],
    [[1, 2], ['0'], ['X', 2]],
    [[1, 2], ['2'], [1, 2, 'X']],
    [[1, 2], ['9'], [1, 2, 'X']],
    [[1, 2], ['-'], [1, 2, 'X']],
    [[{ a: 1 }], ['0', 'a'], [{ a: 'X' }]],
    [[], ['-', 'a'], [{ a: 'X' }]],
    [{ '': { '0': 1 } }, ['', '0'], { '': { '0': 'X' } }],
    [{}, ['constructor', 'name'], { constructor: { name: 'X' } }],
    [{}, ['toString'], { toString: 'X' }],
  ])('in %j at %j makes %j', ([whole, tokens, after]) => {
    const before = structuredClone(whole);
    expect(replacedAt(whole, tokens, 'X')).toEqual(after);
    expect(whole).toEqual(before);
  });

  test('of a prototype is a member like any other', () => {
    const made = replacedAt({}, ['__proto__', 'x'], 1);
    expect(JSON.stringify(made)).toBe('{"__proto__":{"x":1}}');
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

function altered(alteration: Partial<NonNullable<Step['alteration']>>): NonNullable<Step['alteration']> {
  return { method: undefined, withoutFields: [], fields: [], content: undefined, ...alteration };
}

describe('an alteration', () => {
  const step = (alteration: Partial<NonNullable<Step['alteration']>>): Parts => ({
    parameters: [parameter('header', 'A', '1')],
    requestBody: { contentType: undefined, payload: { a: 1 }, replacements: [] },
    alteration: altered(alteration),
  });
  const json: Field = ['content-type', 'application/merge-patch+json'];

  test.for<
    [
      alteration: Partial<NonNullable<Step['alteration']>>,
      method: string,
      fields: readonly Field[],
      content: string | undefined,
    ]
  >([
    [{}, 'POST', [anything, ['A', '1'], json], '{"a":1}'],
    [{ method: 'PURGE' }, 'PURGE', [anything, ['A', '1'], json], '{"a":1}'],
    [{ withoutFields: ['a', 'ACCEPT'] }, 'POST', [json], '{"a":1}'],
    [
      {
        fields: [
          ['A', '2'],
          ['a', '$inputs.token'],
        ],
      },
      'POST',
      [anything, ['A', '1'], json, ['A', '2'], ['a', 'T']],
      '{"a":1}',
    ],
    [
      { withoutFields: ['a'], fields: [['A', '{$inputs.token} x']] },
      'POST',
      [anything, json, ['A', 'T x']],
      '{"a":1}',
    ],
    [{ fields: [['n', 7]] }, 'POST', [anything, ['A', '1'], json, ['n', '7']], '{"a":1}'],
    [{ fields: [['n', '']] }, 'POST', [anything, ['A', '1'], json, ['n', '']], '{"a":1}'],
    [{ content: '{"a":' }, 'POST', [anything, ['A', '1'], json], '{"a":'],
    [{ content: '' }, 'POST', [anything, ['A', '1'], json], ''],
    [{ content: null }, 'POST', [anything, ['A', '1'], json], undefined],
  ])('by %j sends %s with %j and %j', ([alteration, method, fields, content]) => {
    const request = sent('/json', step(alteration));
    expect([request.method, request.fields, text(request)]).toEqual([method, fields, content]);
  });

  test('gives content to who has none', () => {
    expect(text(sent('/none', { alteration: altered({ content: 'x' }) }))).toBe('x');
  });
});

describe('a form of parts', () => {
  const textOf = ({ content }: RequestMessage): string => Buffer.from(content ?? []).toString('latin1');
  const partsSent = (payload: Json, contentType = 'multipart/form-data'): RequestMessage =>
    sent('/parts', { requestBody: { contentType, payload, replacements: [] } });

  test('has files with names, texts without, and says where its parts end', () => {
    const request = partsSent({ audio: 'fLaC\u0000\u00ff', name: 'é', data: { a: 1 }, photos: ['1', '2'] });
    expect(request.fields).toContainEqual(['content-type', 'multipart/form-data; boundary=counterfoil-form']);
    expect(textOf(request).split('--counterfoil-form')).toEqual([
      '',
      '\r\nContent-Disposition: form-data; name="audio"; filename="audio"\r\nContent-Type: audio/flac\r\n\r\nfLaC\u0000\u00ff\r\n',
      `\r\nContent-Disposition: form-data; name="name"\r\n\r\n${Buffer.from('é').toString('latin1')}\r\n`,
      '\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
      ...['1', '2'].map(
        (each) =>
          `\r\nContent-Disposition: form-data; name="photos"; filename="photos"\r\nContent-Type: application/octet-stream\r\n\r\n${each}\r\n`,
      ),
      '--\r\n',
    ]);
  });

  test('has a boundary that stands in none of its parts', () => {
    const request = partsSent({ name: 'counterfoil-form and counterfoil-form-2' });
    expect(request.fields).toContainEqual([
      'content-type',
      'multipart/form-data; boundary=counterfoil-form-3',
    ]);
  });

  test('that is no object is sent as it stands', () => {
    expect(textOf(partsSent('raw', 'multipart/form-data; boundary=b'))).toBe('raw');
  });
});
