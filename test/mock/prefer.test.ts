/** The Prefer field (RFC 7240): how it is read, what is done for it, and what is said of it. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMock, type Mock, type MockOptions } from '../../mock/index.js';
import { readPreferences } from '../../mock/prefer.js';
import type { Field, Json, JsonObject } from '../../openapi/index.js';
import { contractOf, matar, stateOf } from './contracts.js';

const read = (...lines: readonly string[]): unknown => {
  const fields = lines.map((line): Field => ['Prefer', line]);
  const result = readPreferences({ method: 'GET', path: '/', query: '', fields, content: undefined });
  if (result.kind === 'impossible') return result.why;
  return Object.fromEntries(Object.entries(result.preferences).filter(([, value]) => value !== undefined));
};

describe('the Prefer field', () => {
  test.each<[field: string, preferences: JsonObject]>([
    ['', {}],
    [' , ,', {}],
    ['code=404', { code: '404' }],
    ['CODE=404', { code: '404' }],
    ['code = 404', { code: '404' }],
    ['code="404"', { code: '404' }],
    ['example=a-b.c_d', { example: 'a-b.c_d' }],
    ['example="a b"', { example: 'a b' }],
    ['example="a, b; c=d"', { example: 'a, b; c=d' }],
    ['example="say \\"a\\\\b\\""', { example: 'say "a\\b"' }],
    ['example=Größe', { example: 'Größe' }],
    ['code=404, example=a', { code: '404', example: 'a' }],
    ['code=404,example=a,delay=1', { code: '404', example: 'a', delay: 1 }],
    ['respond-async, code=404, wait=10, handling=lenient', { code: '404' }],
    ['code=404, code=500', { code: '404' }],
    ['code=404, Code=500', { code: '404' }],
    ['code=404; example=a', { code: '404' }],
    ['return=minimal; code=404', {}],
    ['return="a, code=404"', {}],
    ['code=404 500', {}],
    ['dynamic', { dynamic: true }],
    ['dynamic=true', { dynamic: true }],
    ['dynamic=""', { dynamic: true }],
    ['dynamic=false', { dynamic: false }],
    ['delay=0', { delay: 0 }],
    ['delay=2', { delay: 2 }],
    ['delay="0.25"', { delay: 0.25 }],
    ['delay=3600', { delay: 3600 }],
  ])('%j asks for %j', (field, preferences) => {
    expect(read(field)).toEqual(preferences);
  });

  test('may stand in several lines, the first of which counts', () => {
    expect(read('code=404', 'example=a, code=500', 'delay=1')).toEqual({
      code: '404',
      example: 'a',
      delay: 1,
    });
  });

  test.each([
    ['code', 'code= is not the status code of a final response, 200 to 599, 2XX to 5XX or default'],
    ['code=abc', 'code=abc is not the status code of a final response, 200 to 599, 2XX to 5XX or default'],
    ['code=4040', 'code=4040 is not the status code of a final response, 200 to 599, 2XX to 5XX or default'],
    ['code=101', 'code=101 is not the status code of a final response, 200 to 599, 2XX to 5XX or default'],
    ['code=600', 'code=600 is not the status code of a final response, 200 to 599, 2XX to 5XX or default'],
    ['dynamic=maybe', 'dynamic=maybe is neither true nor false'],
    ...['', '-1', '1e3', '0x10', '3601', 'soon', 'Infinity'].map((delay) => [
      `delay=${delay}`,
      `delay=${delay} is not a number of seconds between 0 and 3600`,
    ]),
  ])('%j cannot be honoured', (field, why) => {
    expect(read(field)).toBe(why);
  });
});

const example = (value: Json): JsonObject => ({ value });
const body = (examples: JsonObject, schema: JsonObject = {}): JsonObject => ({
  description: 'An answer.',
  content: { 'application/json': { schema, examples } },
});

/** Leaves the number and the name open, and nothing else. */
const person = {
  type: 'object',
  required: ['kind', 'number', 'name'],
  additionalProperties: false,
  properties: {
    kind: { const: 'person' },
    number: { type: 'integer' },
    name: { type: 'string', minLength: 1 },
  },
};
const printed = { kind: 'person', number: 7, name: 'printed' };
const company = { ...person, properties: { ...person.properties, kind: { const: 'company' } } };

const contract = await contractOf('orders', {
  'x-state': { orders: {}, queue: {}, conflicts: {} },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/orders': {
      post: {
        operationId: 'order',
        security: [{ bearer: [] }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['item'], properties: { item: { type: 'string' } } },
            },
          },
        },
        responses: {
          201: body({ created: example('created'), again: example('again') }),
          202: body({ queued: example('queued') }),
          204: { description: 'Nothing.' },
          409: body({ 'sold out': example('sold out'), conflict: example('conflict') }),
        },
        'x-transitions': [
          {
            name: 'ordered',
            response: '201#created',
            effects: [{ put: 'orders', key: '$request.body#/item', value: {} }],
          },
          {
            name: 'queued',
            alternative: true,
            response: '202#queued',
            effects: [{ put: 'queue', key: '$request.body#/item', value: {} }],
          },
          {
            name: 'conflicting',
            alternative: true,
            response: '409#conflict',
            effects: [{ put: 'conflicts', key: 'any', value: {} }],
          },
        ],
      },
    },
    '/people': {
      get: { operationId: 'person', responses: { 200: body({ printed: example(printed) }, person) } },
    },
    '/bound': {
      get: {
        responses: { 200: body({ printed: example(printed) }, person) },
        'x-transitions': [
          {
            name: 'bound',
            response: '200#printed',
            content: { name: { $generate: { type: 'string', examples: ['bound'] } } },
          },
        ],
      },
    },
    '/either': {
      get: { responses: { 200: body({ printed: example(printed) }, { oneOf: [company, person] }) } },
    },
    '/unsaid': {
      get: {
        operationId: 'unsaid',
        responses: {
          200: { description: 'No schema.', content: { 'application/json': { example: 1 } } },
          404: { description: 'None.' },
        },
      },
    },
    '/range': {
      get: {
        responses: { '2XX': body({ ranged: example('ranged') }), default: body({ other: example('other') }) },
        'x-transitions': [{ name: 'ranged', response: '2XX#ranged' }],
      },
    },
    '/media': {
      get: {
        responses: {
          200: {
            description: 'In two media types.',
            content: {
              'application/json': { examples: { plain: example('json'), first: example('only json') } },
              'text/plain': { examples: { plain: example('text'), second: example('only text') } },
            },
          },
        },
      },
    },
    '/interim': {
      get: {
        operationId: 'interim',
        responses: { 101: body({ upgrade: example('upgrade') }), 200: body({ fine: example('fine') }) },
      },
    },
  },
});

const served = (options: MockOptions = {}): Mock => createMock(contract, { seed: 1, ...options });

type Init = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string };

const complete: Init = {
  method: 'POST',
  headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
  body: '{"item":"tea"}',
};

type Asked = { readonly status: number; readonly text: string; readonly applied: string | null };

async function ask(mock: Mock, path: string, prefer: string, init: Init = {}): Promise<Asked> {
  const response = await mock.request(path, { ...init, headers: { ...init.headers, prefer } });
  const text = await response.text();
  return { status: response.status, text, applied: response.headers.get('preference-applied') };
}

const entries = (mock: Mock): JsonObject =>
  Object.fromEntries(
    [...(mock.apis()[0]?.state.list() ?? [])].map(([name, records]) => [name, [...records.keys()]]),
  );
const untouched = { orders: [], queue: [], conflicts: [] };

describe('a preferred error', () => {
  test.each([
    ['code=409', 409, '"sold out"'],
    ['code=409, example=conflict', 409, '"conflict"'],
    ['example=conflict', 409, '"conflict"'],
    ['example="sold out"', 409, '"sold out"'],
  ])(
    '%s is given to a request with neither token nor content, and changes nothing',
    async (prefer, status, text) => {
      const mock = served();
      expect(await ask(mock, '/orders', prefer, { method: 'POST' })).toEqual({
        status,
        text,
        applied: prefer,
      });
      expect(entries(mock)).toEqual(untouched);
    },
  );

  test('is given to a request that a rule would permit too', async () => {
    const mock = served();
    expect(await ask(mock, '/orders', 'code=409', complete)).toMatchObject({ status: 409 });
    expect(entries(mock)).toEqual(untouched);
  });

  test('is given for the default response', async () => {
    const answer = { status: 418, text: '"other"', applied: 'code=418' };
    expect(await ask(served(), '/range', 'code=418')).toEqual(answer);
  });
});

describe('a preferred success', () => {
  test('makes its transition where a rule permits it', async () => {
    const mock = served();
    const answer = { status: 201, text: '"created"', applied: 'code=201' };
    expect(await ask(mock, '/orders', 'code=201', complete)).toEqual(answer);
    expect(entries(mock)).toEqual({ ...untouched, orders: ['tea'] });
  });

  test.each([
    ['code=201, example=again', 201, '"again"'],
    ['code=204', 204, ''],
  ])('that no rule permits is given as documented, and changes nothing: %s', async (prefer, status, text) => {
    const mock = served();
    expect(await ask(mock, '/orders', prefer, complete)).toEqual({ status, text, applied: prefer });
    expect(entries(mock)).toEqual(untouched);
  });

  test.each([
    ['no token', { ...complete, headers: { 'content-type': 'application/json' } }, 401],
    ['no content', { ...complete, body: '' }, 400],
    [
      'another media type',
      { ...complete, headers: { ...complete.headers, 'content-type': 'text/plain' } },
      415,
    ],
    ['wrong content', { ...complete, body: '{}' }, 400],
  ])('is not given to a request with %s, nor said to be', async (_, init, status) => {
    const mock = served();
    const answer = await ask(mock, '/orders', 'code=201, delay=0', init);
    expect(answer).toMatchObject({ status, applied: 'delay=0' });
    expect(entries(mock)).toEqual(untouched);
  });

  test('is not said to be given where a documented refusal is', async () => {
    const mock = createMock(matar, { seed: 1 });
    const answer = await ask(mock, '/api/v1/get_current_user', 'code=200, example=user');
    expect(answer).toMatchObject({ status: 401, applied: null });
  });

  test('has the status that was asked for, within the documented range', async () => {
    const answer = { status: 207, text: '"ranged"', applied: 'code=207' };
    expect(await ask(served(), '/range', 'code=207')).toEqual(answer);
  });
});

describe('a preferred example', () => {
  test.each([
    ['plain', '*/*', 'application/json', '"json"'],
    ['plain', 'text/plain', 'text/plain', 'text'],
    ['first', 'text/plain', 'application/json', '"only json"'],
    ['second', '*/*', 'text/plain', 'only text'],
    ['second', 'application/json', 'text/plain', 'only text'],
  ])('%s, accepting %s, comes as %s', async (name, accept, type, text) => {
    const headers = { prefer: `example=${name}`, accept };
    const response = await served().request('/media', { headers });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      type,
      text,
    ]);
  });
});

describe('an alternative', () => {
  test('is not made by itself', async () => {
    const mock = served();
    expect((await mock.request('/orders', complete)).status).toBe(201);
    expect(entries(mock)).toEqual({ ...untouched, orders: ['tea'] });
  });

  test.each(['code=202', 'example=queued', 'code=202, example=queued'])(
    'is made when asked for: %s',
    async (prefer) => {
      const mock = served();
      const answer = { status: 202, text: '"queued"', applied: prefer };
      expect(await ask(mock, '/orders', prefer, complete)).toEqual(answer);
      expect(entries(mock)).toEqual({ ...untouched, queue: ['tea'] });
    },
  );

  test('of Matar leaves the waiting OTP alone', async () => {
    const mock = createMock(matar, { seed: 1 });
    const before = stateOf(mock);
    const init = { method: 'POST', headers: { prefer: 'code=400' }, body: '' };
    expect(await (await mock.request('/api/v1/login', init)).json()).toMatchObject({ is_expired_otp: true });
    expect(stateOf(mock)).toEqual(before);
  });
});

describe('dynamic content', () => {
  const validate = new Ajv2020().compile(person);

  test('conforms to the schema, and is another each time where the schema leaves room', async () => {
    const mock = served();
    const texts = new Set<string>([JSON.stringify(printed)]);
    for (let round = 0; round < 20; round += 1) {
      const { status, text, applied } = await ask(mock, '/people', 'dynamic=true');
      texts.add(text);
      expect([status, applied, validate(JSON.parse(text)), text]).toEqual([200, 'dynamic=true', true, text]);
    }
    expect(texts.size).toBeGreaterThan(10);
  });

  test('keeps what a rule binds', async () => {
    const { text } = await ask(served(), '/bound', 'dynamic=true');
    const value = JSON.parse(text);
    expect([value.name, validate(value)]).toEqual(['bound', true]);
    expect(value.number).not.toBe(printed.number);
  });

  test('is of the alternative that the example shows', async () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { text } = await ask(served({ seed }), '/either', 'dynamic');
      expect(JSON.parse(text)).toMatchObject({ kind: 'person' });
    }
  });

  test.each([
    ['/people', 'dynamic=false', JSON.stringify(printed), 'dynamic=false'],
    ['/unsaid', 'dynamic=true', '1', null],
  ])('is not made where it is not wanted, or there is no schema: %s', async (path, prefer, text, applied) => {
    expect(await ask(served(), path, prefer)).toEqual({ status: 200, text, applied });
  });
});

describe('a preferred delay', () => {
  const clock = (): void => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
  };

  test('is waited for, on top of that of the options', async () => {
    const waited: number[] = [];
    const wait = async (seconds: number): Promise<void> => void waited.push(seconds);
    expect(await ask(served({ wait }), '/people', 'delay=2.5')).toMatchObject({
      status: 200,
      applied: 'delay=2.5',
    });
    await ask(served({ wait, delay: 1 }), '/people', 'delay=2');
    await ask(served({ wait, delay: 1 }), '/people', 'code=200');
    await ask(served({ wait }), '/people', 'delay=0');
    expect(waited).toEqual([2.5, 3, 1]);
  });

  test('is waited for before a problem too', async () => {
    const waited: number[] = [];
    const wait = async (seconds: number): Promise<void> => void waited.push(seconds);
    const { status, applied } = await ask(served({ wait }), '/people', 'code=404, delay=4');
    expect([status, applied, waited]).toEqual([400, 'delay=4', [4]]);
  });

  test('takes as long as it says', async () => {
    clock();
    let answered = false;
    const answer = ask(served(), '/people', 'delay=2').finally(() => {
      answered = true;
    });
    await vi.advanceTimersByTimeAsync(1999);
    expect(answered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await answer).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not begun when the client is gone already', async () => {
    clock();
    const init = { headers: { prefer: 'delay=3600' }, signal: AbortSignal.abort() };
    expect((await served().request('/people', init)).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends when the client is gone', async () => {
    clock();
    const client = new AbortController();
    const init = { headers: { prefer: 'delay=3600' }, signal: client.signal };
    const answer = served().request('/people', init);
    await vi.advanceTimersByTimeAsync(1000);
    client.abort();
    expect((await answer).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the journal', () => {
  test.each([
    ['code=409', true],
    ['code=201', true],
    ['example=queued', true],
    ['dynamic=true', false],
    ['delay=0', false],
  ])('tells of %s whether it led to the answer: %s', async (prefer, preferred) => {
    const mock = served();
    await ask(mock, '/orders', prefer, complete);
    expect(mock.journal.list().map(({ decision }) => decision.preferred)).toEqual([preferred]);
  });
});

describe('Preference-Applied', () => {
  test.each([
    ['code=200', 'code=200'],
    ['example="printed", code="200"', 'code=200, example=printed'],
    ['respond-async, delay=0, dynamic, code=200', 'code=200, dynamic=true, delay=0'],
    ['respond-async', null],
  ])('of %s is %s', async (prefer, applied) => {
    expect(await ask(served(), '/people', prefer)).toMatchObject({ status: 200, applied });
  });

  test('quotes what is no token', async () => {
    const prefer = 'code=409, example="sold out"';
    expect((await ask(served(), '/orders', prefer, { method: 'POST' })).applied).toBe(prefer);
  });
});

describe('an impossible preference', () => {
  test.each([
    ['/people', 'code=404', 'person documents no response 404, only 200.'],
    ['/people', 'example=other', 'no response of person has an example "other"; there are printed.'],
    [
      '/people',
      'code=200, example=other',
      'no response 200 of person has an example "other"; there are printed.',
    ],
    ['/people', 'example', 'no response of person has an example ""; there are printed.'],
    [
      '/unsaid',
      'code=404, example=other',
      'no response 404 of unsaid has an example "other"; there are none.',
    ],
    ['/interim', 'example=upgrade', 'no response of interim has an example "upgrade"; there are fine.'],
    ['/people', 'delay=soon', 'delay=soon is not a number of seconds between 0 and 3600.'],
  ])('of %s, %s, says why and what there is', async (path, prefer, detail) => {
    const mock = served();
    const { status, text, applied } = await ask(mock, path, prefer);
    expect([status, applied]).toEqual([400, null]);
    expect(JSON.parse(text)).toEqual({
      type: 'urn:counterfoil:problem:impossible-preference',
      title: 'The preference cannot be honoured',
      status: 400,
      detail,
    });
    expect(mock.journal.list()[0]?.decision).toMatchObject({
      problem: 'impossible-preference',
      preferred: false,
    });
    expect(entries(mock)).toEqual(untouched);
  });
});

describe('a status by its range', () => {
  const body = (name: string, type = 'application/json'): JsonObject => ({
    description: name,
    content: { [type]: { examples: { [name]: { value: type === 'text/csv' ? name : { name } } } } },
  });

  test.each<[prefer: string, path: string, status: number, text: string]>([
    ['code=4XX', '/ranged', 400, '{"name":"ranged"}'],
    ['code=4xx', '/single', 404, '{"name":"missing"}'],
    ['code=404', '/ranged', 404, '{"name":"ranged"}'],
    ['code=404', '/rest', 404, '{"name":"rest"}'],
    ['code=default', '/rest', 500, '{"name":"rest"}'],
    ['code=5XX', '/single', 503, 'down'],
    ['code=2XX', '/single', 200, '{"name":"fine"}'],
    ['code=2XX, example=second', '/single', 201, '{"name":"second"}'],
    ['example=down', '/single', 503, 'down'],
  ])('%s of %s', async (prefer, path, status, text) => {
    const contract = await contractOf('ranges', {
      paths: {
        '/ranged': { get: { responses: { 200: body('fine'), '4XX': body('ranged') } } },
        '/rest': { get: { responses: { 200: body('fine'), default: body('rest') } } },
        '/single': {
          get: {
            responses: {
              200: body('fine'),
              201: body('second'),
              404: body('missing'),
              410: body('gone'),
              503: body('down', 'text/csv'),
            },
          },
        },
      },
    });
    const response = await createMock(contract, { seed: 1 }).request(path, { headers: { prefer } });
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('preference-applied')).toBe(prefer);
  });

  test('that is not documented is told with what there is', async () => {
    const contract = await contractOf('ranges', {
      paths: {
        '/rest': { get: { operationId: 'rest', responses: { 200: body('fine'), 404: body('gone') } } },
      },
    });
    for (const [prefer, detail] of [
      ['code=5XX', 'rest documents no response 5XX, only 200, 404.'],
      ['code=default', 'rest documents no response default, only 200, 404.'],
      ['code=4XX, example=other', 'no response 4XX of rest has an example "other"; there are gone.'],
    ] as const) {
      const response = await createMock(contract, { seed: 1 }).request('/rest', { headers: { prefer } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ detail });
    }
  });
});
