/** The mock's own API: each route in process, and its document held to be exactly true. */

import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { Hono } from 'hono';
import type { OperationObject } from 'openapi3-ts/oas31';
import { describe, expect, it } from 'vitest';
import { createMock, type Mock, type MockOptions } from '../../mock/app.js';
import { controlDocument } from '../../mock/control-document.js';
import { controlPrefix } from '../../mock/mount.js';
import { asObject, isObject, type Json, pointedTo, pointerTo } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { contractOf } from './contracts.js';

const matar = await loadContract('matar');
const xerial = await loadContract('xerial');
const calling = await contractOf('calling', {
  webhooks: { 'order-shipped': { post: { responses: { '2XX': { description: 'Taken.' } } } } },
  paths: {
    '/orders': {
      post: {
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: { '201': { description: 'Ordered.' } },
        callbacks: {
          'order-shipped': {
            '{$request.body#/callbackUrl}': { post: { responses: { '2XX': { description: 'Taken.' } } } },
          },
        },
      },
    },
  },
});
const noon = Date.parse('2026-01-31T12:00:00Z');

function mockOf(options: MockOptions = {}): Mock {
  return createMock(matar, { seed: 1, clock: () => noon, ...options });
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Json | undefined };
type App = { request(path: string, init?: RequestInit): Response | Promise<Response> };

async function ask(app: App, line: string, init: RequestInit = {}): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const response = await app.request(path, { ...init, method });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function control(app: App, line: string, init?: RequestInit): Promise<Answer> {
  return ask(app, line.replace(' ', ` ${controlPrefix}`), init);
}

function json(body: Json): RequestInit {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const phone = '919743256789';
const submitOtp = json({ phone_number: phone, name: 'Sri', action: 'submit_otp', otp: '48793' });
const sendOtp = (to: string): RequestInit => json({ phone_number: to, name: 'Sri', action: 'send_otp' });
const withToken = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

async function loggedIn(app: App, base = ''): Promise<string> {
  const { body } = await ask(app, `POST ${base}/api/v1/login`, submitOtp);
  return String(pointedTo(body, '/access_token'));
}

const names = (value: Json | undefined): string[] => (isObject(value) ? Object.keys(value) : []);
const items = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function expectProblem(answer: Answer, status: number, name: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ type: `urn:counterfoil:problem:${name}`, status });
  expect(pointedTo(answer.body, '/detail')).toMatch(/\S/);
}

describe('what is served', () => {
  it('names the seed, every operation with its documented answers, and the rest of the control API', async () => {
    const { status, body } = await control(createMock([matar, xerial], { seed: 7 }), 'GET ');
    expect(status).toBe(200);
    expect(body).toMatchObject({ seed: 7, apis: [{ name: 'matar', title: 'Matar' }, { name: 'xerial' }] });
    expect(items(pointedTo(body, '/apis/0/operations'))).toContainEqual({
      id: 'logout',
      method: 'POST',
      path: '/api/v1/logout',
      summary: 'Log out',
      responses: [
        { status: '200', examples: ['logged-out'] },
        {
          status: '401',
          examples: ['authorization-required', 'token-expired', 'invalid-token', 'token-revoked'],
        },
      ],
    });
  });

  it('gives paths as they are served', async () => {
    const { body } = await control(createMock(matar, { byName: true }), 'GET ');
    expect(pointedTo(body, '/apis/0/operations/0/path')).toBe('/matar/api/v1/login');
  });
});

describe('the state', () => {
  it('shows each entry, when it expires, and whether it has', async () => {
    const mock = mockOf();
    await ask(mock, 'POST /api/v1/login', sendOtp('919000000001'));
    const code = { code: expect.stringMatching(/^\d{5}$/) };
    const before = await control(mock, 'GET /state');
    const expires = '2026-01-31T12:10:00.000Z';
    expect(pointedTo(before.body, '/matar/otps/919000000001')).toEqual({
      value: code,
      expires,
      expired: false,
    });
    expect(pointedTo(before.body, `/matar/otps/${phone}`)).toEqual({
      value: { code: '48793' },
      expires: null,
      expired: false,
    });
    await control(mock, 'POST /clock', json({ move: 'PT10M' }));
    const after = await control(mock, 'GET /state');
    expect(pointedTo(after.body, '/matar/otps/919000000001')).toEqual({
      value: code,
      expires,
      expired: true,
    });
  });

  it('is reset alone: clock, journal and inbox stay', async () => {
    const mock = mockOf();
    const token = await loggedIn(mock);
    await ask(mock, 'POST /api/v1/login', sendOtp(phone));
    await control(mock, 'POST /clock', json({ move: 'PT10M' }));
    const { status, body } = await control(mock, 'DELETE /state');
    expect([status, body]).toEqual([204, undefined]);
    const state = await control(mock, 'GET /state');
    expect(names(pointedTo(state.body, '/matar/sessions'))).toEqual([]);
    expect(names(pointedTo(state.body, '/matar/otps'))).toEqual([phone]);
    expect((await control(mock, 'GET /clock')).body).toMatchObject({ offset_seconds: 600 });
    expect(items(pointedTo((await control(mock, 'GET /journal')).body, '/entries'))).toHaveLength(2);
    expect(items(pointedTo((await control(mock, 'GET /inbox')).body, '/messages'))).toHaveLength(1);
    const { body: user } = await ask(mock, 'GET /api/v1/get_current_user', withToken(token));
    expect(user).toMatchObject({ error: 'invalid_token' });
  });

  it('is read and reset API by API', async () => {
    const mock = createMock([matar, xerial], { seed: 1 });
    await loggedIn(mock);
    expect(names((await control(mock, 'GET /state')).body)).toEqual(['matar', 'xerial']);
    expect(names((await control(mock, 'GET /state?api=xerial')).body)).toEqual(['xerial']);
    const sessions = async (): Promise<string[]> =>
      names(pointedTo((await control(mock, 'GET /state?api=matar')).body, '/matar/sessions'));
    await control(mock, 'DELETE /state?api=xerial');
    expect(await sessions()).toHaveLength(1);
    await control(mock, 'DELETE /state?api=matar');
    expect(await sessions()).toHaveLength(0);
  });

  it.each(['GET', 'DELETE'])(
    'of an API that is not served is refused to %s with the names of those that are',
    async (method) => {
      const answer = await control(createMock([matar, xerial]), `${method} /state?api=mater`);
      expectProblem(answer, 400, 'invalid-request');
      expect(answer.body).toMatchObject({ detail: 'No API "mater" is served, only matar and xerial.' });
    },
  );
});

describe('a change of the state', () => {
  const change = (mock: Mock, changes: Json): Promise<Answer> => control(mock, 'PATCH /state', json(changes));

  it('puts and removes entries, leaves the others, and answers as the state is shown', async () => {
    const mock = createMock([matar, xerial], { seed: 1, clock: () => noon });
    const token = 'a.b.c';
    const { status, body } = await change(mock, {
      matar: {
        otps: {
          [phone]: null,
          '919000000001': { value: { code: '01234' }, expires: '2026-01-31T12:10:00Z' },
        },
        users: { nobody: null },
      },
      xerial: { refresh_tokens: { [token]: { value: { user: '1' }, expires: null } } },
    });
    expect([status, body]).toEqual([200, (await control(mock, 'GET /state')).body]);
    expect(pointedTo(body, '/matar/otps')).toEqual({
      '919000000001': { value: { code: '01234' }, expires: '2026-01-31T12:10:00.000Z', expired: false },
    });
    expect(names(pointedTo(body, '/matar/users'))).toEqual([phone]);
    expect(names(pointedTo(body, '/xerial/refresh_tokens'))).toHaveLength(2);
    const refresh = json({ refreshToken: token });
    expect((await ask(mock, 'POST /api/auth/refresh-tokens', refresh)).status).toBe(200);
    expect((await ask(mock, 'POST /api/auth/refresh-tokens', refresh)).status).toBe(401);
    expect((await ask(mock, 'POST /api/v1/login', submitOtp)).status).toBe(400);
  });

  it('is gone after a reset', async () => {
    const mock = mockOf();
    const before = await control(mock, 'GET /state');
    await change(mock, { matar: { otps: { [phone]: null } } });
    await control(mock, 'DELETE /state');
    expect((await control(mock, 'GET /state')).body).toEqual(before.body);
  });

  it('takes the state as it is shown', async () => {
    const mock = mockOf();
    await ask(mock, 'POST /api/v1/login', sendOtp('919000000001'));
    const { body } = await control(mock, 'GET /state');
    await control(mock, 'DELETE /state');
    expect((await change(mock, body ?? null)).body).toEqual(body);
  });

  it.each([
    ['PT10M', '2026-01-31T13:10:00.000Z', false],
    ['-PT1S', '2026-01-31T12:59:59.000Z', true],
    ['2026-01-31T13:00:00Z', '2026-01-31T13:00:00.000Z', true],
    ['2026-01-31T18:30:01+05:30', '2026-01-31T13:00:01.000Z', false],
  ])('expires at %s by the clock of the mock', async (expires, shown, expired) => {
    const mock = mockOf();
    await control(mock, 'POST /clock', json({ move: 'PT1H' }));
    const { body } = await change(mock, { matar: { otps: { a: { value: { code: '1' }, expires } } } });
    expect(pointedTo(body, '/matar/otps/a')).toEqual({ value: { code: '1' }, expires: shown, expired });
  });

  it.each<[what: string, value: Json]>([
    ['null', null],
    ['text', 'x'],
    ['a list', [1, { a: null }]],
  ])('may put %s as a value', async (_, value) => {
    const { status, body } = await change(mockOf(), { matar: { revoked: { a: { value } } } });
    expect([status, pointedTo(body, '/matar/revoked/a/value')]).toEqual([200, value]);
  });

  it('takes any text as a key', async () => {
    const mock = mockOf();
    const changes =
      '{"matar":{"revoked":{"__proto__":{"value":1},"constructor":{"value":2},"":{"value":3}}}}';
    const answer = await control(mock, 'PATCH /state', { ...json({}), body: changes });
    expect(names(pointedTo(answer.body, '/matar/revoked'))).toEqual(['__proto__', 'constructor', '']);
  });

  const good = { [phone]: null };
  const otps = { a: { value: 1 } };
  it.each<[what: string, content: Json, detail: string]>([
    [
      'an API',
      { matar: { otps: good }, mater: {} },
      'No API "mater" is served, only matar. Did you mean "matar"?',
    ],
    [
      'a collection',
      { matar: { otps: good, otp: otps } },
      'The API "matar" has no collection "otp", only organizations, languages, activity_types, categories, unseen_posts, posts, older_posts, gpt_posts, activities, samples, otps, used_otps, users, sessions, refresh_tokens, revoked. Did you mean "otps"?',
    ],
    [
      'a collection of the prototype',
      { matar: { otps: good, toString: {} } },
      'has no collection "toString"',
    ],
    [
      'an entry without a value',
      { matar: { otps: { ...good, a: {} } } },
      'The entry "a" of "otps" must be {"value"',
    ],
    ['a bare value', { matar: { otps: { ...good, a: '1' } } }, 'The entry "a" of "otps" must be'],
    [
      'another member',
      { matar: { otps: { ...good, a: { value: 1, expiry: null } } } },
      'or null to remove it',
    ],
    [
      'a word',
      { matar: { otps: { ...good, a: { value: 1, expires: 'soon' } } } },
      '"a" of "otps" expires at an instant',
    ],
    ['a number', { matar: { otps: { ...good, a: { value: 1, expires: 5 } } } }, 'a duration from now (PT10M'],
    [
      'a year of five digits',
      { matar: { otps: { a: { value: 1, expires: 'P9000Y' } } } },
      'expires at an instant',
    ],
    ['entries that are a list', { matar: { otps: [] } }, 'The value of "otps" must be an object'],
    ['a collection that is null', { matar: { otps: null } }, 'The value of "otps" must be an object'],
    ['an API that is text', { matar: 'x' }, 'The value of "matar" must be an object'],
    ['a list', [], 'The content must be an object: {"<api>"'],
  ])('with %s is refused as a whole', async (_, content, detail) => {
    const mock = mockOf();
    const before = await control(mock, 'GET /state');
    const answer = await change(mock, content);
    expectProblem(answer, 400, 'invalid-request');
    expect(pointedTo(answer.body, '/detail')).toContain(detail);
    expect((await control(mock, 'GET /state')).body).toEqual(before.body);
  });

  it('is refused as malformed JSON, as no JSON, and beyond its limit', async () => {
    const mock = mockOf();
    const malformed = await control(mock, 'PATCH /state', { ...json({}), body: '{"matar":' });
    expectProblem(malformed, 400, 'invalid-request');
    const form = await control(mock, 'PATCH /state', { body: new URLSearchParams({ matar: '{}' }) });
    expectProblem(form, 415, 'unsupported-media-type');
    const large = await change(mock, { matar: ' '.repeat(1024 * 1024) });
    expectProblem(large, 413, 'content-too-large');
  });
});

describe('the whole reset', () => {
  it('gives the same bytes again for the same requests', async () => {
    const mock = mockOf();
    const session = async (): Promise<Answer['body'][]> => {
      const number = '919000000001';
      const sent = await ask(mock, 'POST /api/v1/login', sendOtp(number));
      await control(mock, 'POST /clock', json({ move: 'PT1M' }));
      const otp = pointedTo((await control(mock, 'GET /inbox')).body, '/messages/0/content/otp') ?? null;
      const login = json({ phone_number: number, name: 'A', action: 'submit_otp', otp });
      const tokens = await ask(mock, 'POST /api/v1/login', login);
      const user = await ask(
        mock,
        'GET /api/v1/get_current_user',
        withToken(String(pointedTo(tokens.body, '/access_token'))),
      );
      return [sent.body, otp, tokens.body, user.body];
    };
    const first = await session();
    expect((await control(mock, 'POST /reset')).status).toBe(204);
    expect(await session()).toEqual(first);
    expect(first[3]).toMatchObject({ phone_number: '919000000001' });
  });

  it('takes back state, clock, journal and inbox', async () => {
    const mock = mockOf();
    const fresh = await control(mock, 'GET /state');
    await loggedIn(mock);
    await ask(mock, 'POST /api/v1/login', sendOtp(phone));
    await control(mock, 'POST /clock', json({ move: 'P10D' }));
    await control(mock, 'POST /reset');
    expect((await control(mock, 'GET /state')).body).toEqual(fresh.body);
    expect((await control(mock, 'GET /clock')).body).toEqual({
      now: '2026-01-31T12:00:00.000Z',
      offset_seconds: 0,
    });
    expect((await control(mock, 'GET /journal')).body).toEqual({ entries: [], calls: [] });
    expect((await control(mock, 'GET /inbox')).body).toEqual({ messages: [] });
  });
});

describe('the clock', () => {
  it.each([
    ['PT10M', '2026-01-31T12:10:00.000Z', 600],
    ['P10D', '2026-02-10T12:00:00.000Z', 864000],
    ['-P1D', '2026-01-30T12:00:00.000Z', -86400],
    ['P1M', '2026-02-28T12:00:00.000Z', 2419200],
    ['2026-02-01T00:00:00+05:30', '2026-01-31T18:30:00.000Z', 23400],
  ])('moves by %s', async (move, now, offset) => {
    const mock = mockOf();
    const moved = { now, offset_seconds: offset };
    expect((await control(mock, 'POST /clock', json({ move }))).body).toEqual(moved);
    expect((await control(mock, 'GET /clock')).body).toEqual(moved);
    const back = { now: '2026-01-31T12:00:00.000Z', offset_seconds: 0 };
    expect((await control(mock, 'DELETE /clock')).body).toEqual(back);
  });

  it('adds one move to another', async () => {
    const mock = mockOf();
    await control(mock, 'POST /clock', json({ move: 'PT10M' }));
    const { body } = await control(mock, 'POST /clock', json({ move: '-PT4M' }));
    expect(body).toMatchObject({ offset_seconds: 360 });
  });

  it('decides when a token expires', async () => {
    const mock = mockOf();
    const token = await loggedIn(mock);
    const user = (): Promise<Answer> => ask(mock, 'GET /api/v1/get_current_user', withToken(token));
    await control(mock, 'POST /clock', json({ move: 'P9DT23H59M59S' }));
    expect((await user()).status).toBe(200);
    await control(mock, 'POST /clock', json({ move: 'PT1S' }));
    expect((await user()).body).toMatchObject({ error: 'token_expired' });
  });

  it.each<[what: string, init: RequestInit, detail: RegExp]>([
    ['a word', json({ move: 'tomorrow' }), /"tomorrow" does not move the clock\. Send a duration \(PT10M/],
    ['no text', json({ move: '' }), /"" does not move the clock/],
    ['a day that does not exist', json({ move: '2026-13-01T00:00:00Z' }), /does not move the clock/],
    ['a year of five digits', json({ move: 'P8000Y' }), /does not move the clock/],
    ['more time than there is', json({ move: 'P999999Y' }), /does not move the clock/],
    ['a number', json({ move: 10 }), /must be \{"move": "PT10M"\}/],
    ['something else beside it', json({ move: 'PT10M', to: 'P1D' }), /and nothing else/],
    ['an array', json([]), /must be \{"move": "PT10M"\}/],
    ['null', json(null), /must be \{"move": "PT10M"\}/],
    ['broken JSON', { ...json({}), body: '{"move":' }, /must be \{"move": "PT10M"\}/],
    ['nothing', { headers: { 'content-type': 'application/json' } }, /must be \{"move": "PT10M"\}/],
  ])('stays where it is for %s', async (_, init, detail) => {
    const mock = mockOf();
    const answer = await control(mock, 'POST /clock', init);
    expectProblem(answer, 400, 'invalid-request');
    expect(pointedTo(answer.body, '/detail')).toMatch(detail);
    expect(mock.clock.offset()).toBe(0);
  });

  it.each<[what: string, init: RequestInit]>([
    ['text', { body: '{"move":"PT10M"}' }],
    ['a form', { body: new URLSearchParams({ move: 'PT10M' }) }],
    ['no content type', { body: new TextEncoder().encode('{"move":"PT10M"}') }],
    [
      'another JSON',
      { ...json({ move: 'PT10M' }), headers: { 'content-type': 'application/merge-patch+json' } },
    ],
  ])('takes JSON by its content type only, not %s', async (_, init) => {
    const mock = mockOf();
    const answer = await control(mock, 'POST /clock', init);
    expectProblem(answer, 415, 'unsupported-media-type');
    expect(answer.headers.get('accept')).toBe('application/json');
    expect(mock.clock.offset()).toBe(0);
  });

  it('reads no content without end', async () => {
    const answer = await control(mockOf(), 'POST /clock', json({ move: ' '.repeat(5000) }));
    expectProblem(answer, 413, 'content-too-large');
  });
});

describe('the journal', () => {
  it('says which rule answered, and on which condition the others failed', async () => {
    const mock = mockOf();
    await loggedIn(mock);
    const { body } = await control(mock, 'GET /journal');
    expect(items(pointedTo(body, '/entries'))).toHaveLength(1);
    expect(pointedTo(body, '/entries/0')).toMatchObject({
      id: 1,
      at: '2026-01-31T12:00:00.000Z',
      request: {
        method: 'POST',
        path: '/api/v1/login',
        query: '',
        headers: [{ name: 'content-type', value: 'application/json' }],
        content: submitOtp.body,
      },
      response: { status: 200, headers: [{ name: 'content-type', value: 'application/json' }] },
      decision: {
        step: 'select',
        api: 'matar',
        operation: 'login',
        response: '200#tokens',
        transition: 'logged-in',
        provenance: { kind: 'documented' },
        preferred: false,
        violations: [],
        refused: [
          { transition: 'no-such-organization', condition: { present: '$request.body#/organization_id' } },
          {
            transition: 'otp-sent-to-the-sample-number',
            condition: { value: '$request.body#/action', equals: 'send_otp' },
          },
          { transition: 'otp-sent', condition: { value: '$request.body#/action', equals: 'send_otp' } },
        ],
      },
    });
    expect(items(pointedTo(body, '/entries/0/changes'))).toContainEqual({
      kind: 'put',
      collection: 'used_otps',
      key: phone,
    });
  });

  it('places each violation in the contract', async () => {
    const mock = mockOf();
    await ask(mock, 'POST /api/v1/login', json({ action: 'send_otp', name: 1 }));
    const { body } = await control(mock, 'GET /journal');
    const place = expect.stringMatching(/openapi\/matar\/openapi\.yaml:\d+:\d+$/);
    expect(pointedTo(body, '/entries/0/decision')).toMatchObject({
      step: 'validate',
      problem: 'invalid-request',
      violations: [
        {
          in: 'body',
          pointer: '/phone_number',
          keyword: 'required',
          message: 'is required',
          contract: place,
        },
        { in: 'body', pointer: '/name', keyword: 'type', message: 'must be of type string', contract: place },
      ],
    });
    expect(pointedTo(body, '/entries/0/changes')).toEqual([]);
  });

  it('says why a credential is refused, and what is only inferred', async () => {
    const mock = mockOf();
    await ask(mock, 'POST /api/v1/logout');
    const { body } = await control(mock, 'GET /journal');
    expect(pointedTo(body, '/entries/0/decision')).toMatchObject({
      step: 'authenticate',
      operation: 'logout',
      response: '401#authorization-required',
      transition: 'missing-token',
      provenance: { kind: 'inferred', reason: expect.stringContaining('Flask-JWT-Extended') },
    });
  });

  it('holds what no API was asked for, and nothing of the control API', async () => {
    const mock = mockOf();
    await control(mock, 'GET /state');
    await ask(mock, 'PUT /api/v2/login');
    const { body } = await control(mock, 'GET /journal');
    expect(items(pointedTo(body, '/entries'))).toHaveLength(1);
    expect(pointedTo(body, '/entries/0/decision')).toMatchObject({ step: 'match', problem: 'unknown-path' });
  });

  const ids = async (mock: Mock, query = ''): Promise<Json[]> =>
    items(pointedTo((await control(mock, `GET /journal${query}`)).body, '/entries')).map(
      (entry) => pointedTo(entry, '/id') ?? null,
    );

  it('keeps the last entries only, and counts on', async () => {
    const mock = mockOf({ journalLimit: 3 });
    for (let count = 0; count < 5; count += 1)
      await ask(mock, 'POST /api/v1/login', sendOtp(`91900000000${count}`));
    expect(await ids(mock)).toEqual([3, 4, 5]);
    const { body } = await control(mock, 'GET /inbox');
    expect(items(pointedTo(body, '/messages')).map((message) => pointedTo(message, '/id'))).toEqual([
      3, 4, 5,
    ]);
    expect((await control(mock, 'DELETE /journal')).status).toBe(204);
    expect(await ids(mock)).toEqual([]);
    await loggedIn(mock);
    expect(await ids(mock)).toEqual([6]);
  });

  it('is read from an entry on, and by its end', async () => {
    const mock = mockOf();
    for (let count = 0; count < 5; count += 1) await loggedIn(mock);
    expect(await ids(mock, '?after=3')).toEqual([4, 5]);
    expect(await ids(mock, '?limit=2')).toEqual([4, 5]);
    expect(await ids(mock, '?after=1&limit=3')).toEqual([3, 4, 5]);
    expect(await ids(mock, '?after=99')).toEqual([]);
  });

  it.each(['after=-1', 'after=x', 'after=', 'limit=0', 'limit=1.5', 'limit=1e3'])(
    'is not read by ?%s',
    async (query) => {
      expectProblem(await control(mockOf(), `GET /journal?${query}`), 400, 'invalid-request');
    },
  );
});

describe('the inbox', () => {
  it('holds every message, or those to one receiver', async () => {
    const mock = mockOf();
    await ask(mock, 'POST /api/v1/login', sendOtp('919000000001'));
    await ask(mock, 'POST /api/v1/login', sendOtp(phone));
    const receivers = async (query: string): Promise<Json[]> =>
      items(pointedTo((await control(mock, `GET /inbox${query}`)).body, '/messages')).map(
        (message) => pointedTo(message, '/to') ?? null,
      );
    expect(await receivers('')).toEqual(['919000000001', phone]);
    expect(await receivers('?to=919000000002')).toEqual([]);
    const { body } = await control(mock, `GET /inbox?to=${phone}`);
    expect(body).toEqual({
      messages: [
        {
          id: 2,
          at: '2026-01-31T12:00:00.000Z',
          api: 'matar',
          channel: 'sms',
          to: phone,
          content: { otp: '48793' },
        },
      ],
    });
    expect((await control(mock, 'DELETE /inbox')).status).toBe(204);
    expect(await receivers('')).toEqual([]);
  });
});

describe('what is not there', () => {
  it('is told, with what is', async () => {
    const answer = await control(mockOf(), 'GET /staet');
    expectProblem(answer, 404, 'unknown-path');
    expect(pointedTo(answer.body, '/detail')).toMatch(
      /^The mock has no \/__counterfoil\/staet of its own, only .*\/state/,
    );
  });

  it.each([
    ['POST ', 'GET, HEAD'],
    ['PUT /state', 'GET, HEAD, PATCH, DELETE'],
    ['PATCH /clock', 'GET, HEAD, POST, DELETE'],
    ['GET /reset', 'POST'],
    ['HEAD /reset', 'POST'],
    ['OPTIONS /inbox', 'GET, HEAD, DELETE'],
  ])('%s answers 405 with Allow', async (line, allow) => {
    const answer = await control(mockOf(), line);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    if (!line.startsWith('HEAD')) expectProblem(answer, 405, 'unknown-method');
  });

  it('HEAD is GET without the content', async () => {
    const { status, headers, body } = await control(mockOf(), 'HEAD /state');
    expect([status, headers.get('content-type'), body]).toEqual([200, 'application/json', undefined]);
  });

  it('counts as no query parameter', async () => {
    const answer = await control(mockOf(), 'GET /inbox?too=1');
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.body).toMatchObject({ detail: 'There is no query parameter "too" here, only to.' });
  });

  it('is the whole control API when it is switched off', async () => {
    const mock = mockOf({ control: false });
    for (const path of ['', '/state', '/reset']) {
      const answer = await control(mock, `POST ${path}`);
      expectProblem(answer, 404, 'unknown-path');
      expect(pointedTo(answer.body, '/detail')).toMatch(/^The contract has no path/);
    }
    expect(mock.journal.list()).toHaveLength(3);
  });
});

describe('a token', () => {
  const mock = mockOf({ control: { token: 's3cret' } });

  it.each([
    'GET ',
    'GET /state',
    'POST /reset',
    'GET /openapi.json',
    'GET /nothing',
    'PUT /clock',
    'GET /%73tate',
  ])('is asked for by %s', async (line) => {
    const answer = await control(mock, line);
    expectProblem(answer, 401, 'missing-credential');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="counterfoil"');
  });

  it.each([
    ['another', 'Bearer s3cre', ', error="invalid_token"'],
    ['one with more behind it', 'Bearer s3cret, Bearer s3cret', ', error="invalid_token"'],
    ['one of another scheme', 'Basic s3cret', ''],
    ['none', 'Bearer', ''],
    ['the bare token', 's3cret', ''],
  ])('is not %s', async (_, authorization, error) => {
    const answer = await control(mock, 'GET /state', { headers: { authorization } });
    expectProblem(answer, 401, 'missing-credential');
    expect(answer.headers.get('www-authenticate')).toBe(`Bearer realm="counterfoil"${error}`);
  });

  it.each(['Bearer s3cret', 'bearer s3cret'])('opens every route as %s', async (authorization) => {
    for (const line of ['GET ', 'GET /state', 'GET /openapi.json']) {
      expect((await control(mock, line, { headers: { authorization } })).status).toBe(200);
    }
    expect((await control(mock, 'POST /reset', { headers: { authorization } })).status).toBe(204);
  });

  it('is not asked for by the API', async () => {
    expect((await ask(mock, 'POST /api/v1/login', submitOtp)).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  it.each<[what: string, headers: Record<string, string>]>([
    ['of another port', { origin: 'http://localhost:3000' }],
    ['of another site', { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' }],
    ['of the same site', { 'sec-fetch-site': 'same-site' }],
    ['without an origin', { origin: 'null' }],
  ])('%s is kept out', async (_, headers) => {
    const mock = mockOf({ cors: true });
    const token = await loggedIn(mock);
    for (const line of ['POST /reset', 'DELETE /state', 'GET /inbox']) {
      const answer = await control(mock, line, { headers });
      expectProblem(answer, 403, 'other-origin');
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
    expect((await ask(mock, 'GET /api/v1/get_current_user', withToken(token))).status).toBe(200);
  });

  it('gets no permission when the browser asks first, although the API gives it', async () => {
    const mock = mockOf({ cors: true });
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
    const asked = await control(mock, 'OPTIONS /clock', { headers });
    expect(asked.headers.has('access-control-allow-origin')).toBe(false);
    const api = await ask(mock, 'OPTIONS /api/v1/login', { headers });
    expect(api.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ['a page of the mock itself', { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }],
    ['a page behind a proxy', { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-origin' }],
    ['an address typed in', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a link followed', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['an old browser', { origin: 'http://localhost' }],
  ])('is not %s', async (_, headers) => {
    expect((await control(mockOf(), 'GET /inbox', { headers })).status).toBe(200);
  });

  it('resets nothing by a form that it sends off', async () => {
    const headers = {
      origin: 'https://example.com',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    };
    expectProblem(await control(mockOf(), 'POST /reset', { headers }), 403, 'other-origin');
  });
});

describe('mounted below /x', () => {
  it.each<[how: string, mount: (outer: Hono, mock: Mock) => Hono]>([
    ['as routes', (outer, mock) => outer.route('/x', mock)],
    ['as a function', (outer, mock) => outer.mount('/x', mock.fetch)],
  ])('%s, everything moves along', async (_, mount) => {
    const mock = mockOf();
    const outer = mount(new Hono(), mock);
    const at = `/x${controlPrefix}`;
    const token = await loggedIn(outer, '/x');
    expect((await ask(outer, 'GET /x/api/v1/get_current_user', withToken(token))).status).toBe(200);
    const { body } = await ask(outer, `GET ${at}/journal`);
    expect(items(pointedTo(body, '/entries')).map((entry) => pointedTo(entry, '/request/path'))).toEqual([
      '/api/v1/login',
      '/api/v1/get_current_user',
    ]);

    const served = await ask(outer, `GET ${at}`);
    for (const link of items(pointedTo(served.body, '/links'))) {
      const { pathname } = new URL(String(link), `http://localhost${at}`);
      expect([pathname, (await ask(outer, `GET ${pathname}`)).status]).toEqual([`/x/${link}`, 200]);
    }
    const document = await ask(outer, `GET ${at}/openapi.json`);
    const server = new URL(
      String(pointedTo(document.body, '/servers/0/url')),
      `http://localhost${at}/openapi.json`,
    );
    expect(server.pathname).toBe('/x/');

    expectProblem(await ask(outer, 'PUT /x/api/v1/login'), 405, 'unknown-method');
    expectProblem(await ask(outer, `GET ${at}/nothing`), 404, 'unknown-path');
    expect((await ask(outer, `POST ${at}/clock`, json({ move: 'P10D' }))).status).toBe(200);
    expect((await ask(outer, `POST ${at}/reset`)).status).toBe(204);
    expect((await outer.request(controlPrefix)).status).toBe(404);
  });
});

const copyOfDocument = () => JSON.parse(JSON.stringify(controlDocument));
const withoutReferences: Json = JSON.parse(JSON.stringify(await SwaggerParser.dereference(copyOfDocument())));

describe('the document', () => {
  const operations = Object.entries(controlDocument.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'delete'] as const).flatMap(
      (method): { line: string; operation: OperationObject }[] => {
        const operation = item[method];
        return operation === undefined ? [] : [{ line: `${method.toUpperCase()} ${path}`, operation }];
      },
    ),
  );

  it('is valid, and served as it is', async () => {
    const { body } = await control(mockOf(), 'GET /openapi.json');
    expect(body).toEqual(JSON.parse(JSON.stringify(controlDocument)));
    await expect(SwaggerParser.validate(copyOfDocument())).resolves.toBeDefined();
  });

  it('describes every route and no other', () => {
    const routes = mockOf()
      .routes.filter(({ method, path }) => path.startsWith(controlPrefix) && method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ line }) => line).toSorted()).toEqual(routes.toSorted());
  });

  it('gives every operation an id of its own and a summary', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    expect(operations.filter(({ operation }) => !operation.summary || !operation.operationId)).toEqual([]);
  });

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);

  const contents: Readonly<Record<string, RequestInit>> = {
    [`POST ${controlPrefix}/clock`]: json({ move: 'PT10M' }),
    [`POST ${controlPrefix}/webhooks/{name}`]: json({ url: 'http://127.0.0.1/hook' }),
    [`POST ${controlPrefix}/callbacks/{name}`]: json({ url: 'http://127.0.0.1/hook' }),
    [`PATCH ${controlPrefix}/state`]: json({
      matar: { otps: { '919000000009': { value: { code: '00000' }, expires: 'PT10M' }, [phone]: null } },
    }),
  };
  const provocations: readonly [status: string, (line: string) => readonly [string, RequestInit]][] = [
    ['2XX', (line) => [line, contents[line] ?? {}]],
    ['400', (line) => [`${line}?force=1`, {}]],
    ['401', (line) => [line, { headers: { authorization: 'Bearer other' } }]],
    ['403', (line) => [line, { headers: { origin: 'https://example.com' } }]],
    ['413', (line) => [line, json({ move: ' '.repeat(line.endsWith('/clock') ? 5000 : 1024 * 1024) })]],
    ['404', (line) => [line.replace('{name}', 'unknown'), json({ url: 'http://127.0.0.1/hook' })]],
    ['415', (line) => [line, { body: 'PT10M' }]],
  ];

  it.each(operations)('is true of $line', async ({ line, operation }) => {
    const mock = createMock([matar, xerial, calling], {
      control: { token: 's3cret' },
      callbacks: true,
      deliver: async () => ({
        kind: 'answered',
        response: { status: 202, fields: [['x-a', '1']], content: new TextEncoder().encode('taken') },
      }),
    });
    await ask(mock, 'POST /orders', json({ callbackUrl: 'http://127.0.0.1/hook' }));
    await ask(mock, 'POST /orders', json({}));
    const token = await loggedIn(mock);
    await ask(mock, 'POST /api/v1/login', sendOtp(phone));
    await ask(mock, 'POST /api/v1/login', json({ action: 'send_otp' }));
    await ask(mock, 'POST /api/v1/logout', withToken(token));
    await ask(mock, 'POST /api/v1/logout', withToken('garbage'));
    await ask(mock, 'GET /nowhere', { headers: { prefer: 'code=404' } });

    const [method = '', path = ''] = line.split(' ');
    const documented = Object.keys(operation.responses ?? {});
    for (const status of documented) {
      const [, provoke] =
        provocations.find(([each]) => each === status || (status.startsWith('2') && each === '2XX')) ?? [];
      const [request, init] = provoke?.(line) ?? ['', {}];
      const headers = { authorization: 'Bearer s3cret', ...Object.fromEntries(new Headers(init.headers)) };
      const answer = await ask(mock, request.replace('{name}', 'order-shipped'), { ...init, headers });
      expect(String(answer.status)).toBe(status);

      const at = ['paths', path, method.toLowerCase(), 'responses', status];
      const response = pointedTo(withoutReferences, at.reduce(pointerTo, ''));
      for (const name of names(pointedTo(response, '/headers'))) expect(answer.headers.has(name)).toBe(true);
      const contents = pointedTo(response, '/content');
      const [[mediaType, content] = [null, undefined]] = isObject(contents) ? Object.entries(contents) : [];
      expect(answer.headers.get('content-type')).toBe(mediaType);
      if (content === undefined) continue;
      const validate = ajv.compile(asObject(pointedTo(content, '/schema')));
      expect([validate(answer.body), validate.errors]).toEqual([true, null]);
      const example = pointedTo(content, '/example');
      if (example !== undefined) expect([validate(example), validate.errors]).toEqual([true, null]);
    }
  });
});
