/** Whatever a client sends: a documented response or a problem, never a fault, and the state as it was unless a rule says otherwise. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/index.js';
import { responseFor } from '../../openapi/index.js';
import { contractOf, matar, stateOf, xerial } from './contracts.js';

/** Takes anything, keeps it under any key, and gives it back. */
const echo = await contractOf('echo', {
  'x-state': { kept: {} },
  components: {
    schemas: {
      tree: {
        type: 'object',
        properties: { child: { $ref: '#/components/schemas/tree' } },
        additionalProperties: { type: 'string' },
      },
    },
  },
  paths: {
    '/echo/{key}': {
      parameters: [
        { name: 'key', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'list', in: 'query', schema: { type: 'array', items: { type: 'integer' } } },
        { name: 'deep', in: 'query', style: 'deepObject', schema: { type: 'object' } },
        { name: 'free', in: 'query', schema: { type: 'object', additionalProperties: true } },
        { name: 'X-Object', in: 'header', schema: { type: 'object' } },
        { name: 'crumb', in: 'cookie', schema: { type: 'object' } },
      ],
      put: {
        requestBody: { content: { 'application/json': { schema: {} }, 'text/*': {} } },
        responses: {
          200: { description: 'The same.', content: { 'application/json': { example: { a: 1 } } } },
        },
        'x-transitions': [
          {
            name: 'echoed',
            response: '200',
            content: '$request.body',
            effects: [{ put: 'kept', key: '$request.path.key', value: '$request.body' }],
          },
        ],
      },
    },
    '/tree': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/tree' } },
            'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/tree' } },
          },
        },
        responses: { 204: { description: 'Looked at.' } },
      },
    },
  },
});

const apis = [matar, xerial, echo];

const awkward = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  '\u0000',
  '\ud800',
  'é',
  '😀',
];
const word = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 12 }));

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD') },
  { weight: 2, arbitrary: fc.constantFrom('OPTIONS', 'DELETE', 'PATCH', 'PURGE', 'get', 'X-!#$') },
);

const paths = [
  '/api/v1/login',
  '/api/v1/logout',
  '/api/v1/get_current_user',
  '/api/auth/logout',
  '/api/auth/refresh-tokens',
  '/echo/key',
  '/tree',
];
const segment = fc.oneof(
  word.map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))),
  fc.constantFrom('%', '%zz', '%ff', '%2F', '%2e%2e', '..', '.', ';a=b', 'api', 'v1', '{key}', ':', '//'),
);
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...paths) },
  { weight: 2, arbitrary: segment.map((text) => `/echo/${text}`) },
  { weight: 2, arbitrary: fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`) },
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    '?list=1&list=x',
    '?deep[__proto__][a]=1',
    '?deep[a][b]=1&deep[a]=2',
    '?__proto__=1&free=1',
    '?%',
    '?&&=&',
  ),
  fc
    .array(fc.tuple(segment, segment), { maxLength: 4 })
    .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`),
);

const preference = fc.constantFrom(
  'code=200',
  'code=404',
  'code=500',
  'code=1',
  'example=tokens',
  'example="',
  'dynamic',
  'dynamic=true',
  '"',
  'code="20\\0"',
  ';;,,=',
);
const fieldText = fc
  .string({ unit: fc.constantFrom(...'aB0 "\\,;=/*+-.é\t'), maxLength: 16 })
  .map((text) => text.trim());
const headers = fc.record(
  {
    'content-type': fc.oneof(
      { weight: 4, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'application/json;charset="',
        ),
      },
      { weight: 1, arbitrary: fieldText },
    ),
    'content-length': fc.constantFrom('0', '3', '9999999', '-1', 'x'),
    accept: fc.oneof(fc.constantFrom('*/*', 'text/*', 'application/json;q=0', ',;q=,'), fieldText),
    authorization: fc.oneof(
      fc.constantFrom('Bearer', 'Bearer  ', 'Bearer a b', 'Basic x', 'Bearer __proto__'),
      fieldText,
    ),
    prefer: fc.oneof(preference, fieldText),
    cookie: fc.oneof(fc.constantFrom('crumb=a,1', 'crumb', '=;=;', 'crumb="'), fieldText),
    'x-object': fieldText,
    'transfer-encoding': fc.constant('chunked'),
  },
  { requiredKeys: [] },
);

const jsonText = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc
    .record(
      {
        phone_number: word,
        name: word,
        action: fc.constantFrom('send_otp', 'submit_otp', 'none'),
        otp: word,
        organization_id: word,
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  word.map((text) => JSON.stringify({ refreshToken: text })),
  word.map(
    (text) =>
      `{"__proto__":${JSON.stringify(text)},"constructor":{"prototype":1},"child":{"__proto__":{"child":{}}}}`,
  ),
  fc.constantFrom(
    '',
    'null',
    '1e999',
    '-0',
    '123456789012345678901234567890',
    '{"a":1,"a":2}',
    '"\\ud800"',
    '\ufeff{}',
    '{"child":[]}',
  ),
  fc.nat({ max: 3000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.nat({ max: 3000 }).map((depth) => `${'{"child":'.repeat(depth)}{}${'}'.repeat(depth)}`),
);
const content = fc.oneof(
  { weight: 5, arbitrary: jsonText.map((text) => new TextEncoder().encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)) },
);

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array<ArrayBuffer>;
};

const anything: fc.Arbitrary<Sent> = fc.record({ method, path, query, headers, content });

/** Requests that rules permit, if their words are the right ones. */
const plausible: fc.Arbitrary<Sent> = fc
  .record({
    phone_number: fc.constantFrom('919743256789', ...awkward),
    name: word,
    action: fc.constantFrom('send_otp', 'submit_otp'),
    otp: fc.constantFrom('48793', '00000'),
    refreshToken: word,
  })
  .chain((value) =>
    fc.constantFrom('/api/v1/login', '/api/auth/logout', '/tree').map((path) => ({
      method: 'POST',
      path,
      query: '',
      headers: { 'content-type': 'application/json' },
      content: new TextEncoder().encode(JSON.stringify(value)),
    })),
  );

async function send(mock: Mock, { method, path, query, headers, content }: Sent): Promise<Response> {
  const hasContent = method !== 'GET' && method !== 'get' && method !== 'HEAD';
  return mock.request(`${path}${query}`, { method, headers, body: hasContent ? content : null });
}

describe('any request', () => {
  test('gets a documented response or a problem, and changes the state by a rule only', async () => {
    const mock = createMock(apis, { seed: 1, clock: () => 0, wait: async () => {} });
    const decided = new Set<string | undefined>();
    const property = fc.asyncProperty(fc.oneof(anything, anything, plausible), async (sent) => {
      const before = stateOf(mock);
      const response = await send(mock, sent);
      const text = await response.text();
      const [entry] = mock.journal.list().slice(-1);
      if (entry === undefined) throw new Error('nothing was kept of the exchange');
      decided.add(entry.decision.problem ?? entry.decision.transition);
      const isHead = sent.method === 'HEAD';
      expect(isHead ? text : '').toBe('');
      if (entry.decision.problem !== undefined) {
        expect(entry.decision.problem).not.toBe('internal-error');
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        if (!isHead) expect(JSON.parse(text)).toMatchObject({ status: response.status });
      } else if (entry.decision.step === 'match') {
        // OPTIONS, of which the contracts say nothing.
        expect([sent.method, response.status]).toEqual(['OPTIONS', 204]);
        expect(response.headers.get('allow')).toMatch(/OPTIONS$/);
      } else expectDocumented(response.status, entry.decision.api, entry.decision.operation);
      const isSuccess = response.status >= 200 && response.status < 300;
      if (!isSuccess || entry.decision.transition === undefined) expect(stateOf(mock)).toEqual(before);
    });
    await fc.assert(property, { numRuns: 2500, seed: 20260131, verbose: 0 });
    for (const outcome of reached) expect([...decided]).toContain(outcome);
  });
});

/** What the requests are good for. */
const reached = [
  'unknown-path',
  'unknown-method',
  'invalid-request',
  'unsupported-media-type',
  'not-acceptable',
  'content-too-large',
  'impossible-preference',
  'missing-token',
  'invalid-token',
  'otp-sent',
  'logged-in',
  'invalid-otp',
  'unknown-refresh-token',
  'echoed',
];

function expectDocumented(status: number, api: string | undefined, id: string | undefined): void {
  const contract = apis.find(({ name }) => name === api);
  const operation = contract?.operations.find((candidate) => candidate.id === id);
  expect(operation && responseFor(operation, status)).toBeDefined();
}

describe('a key that is special to JavaScript', () => {
  const post = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  test.each(awkward)('is a phone number like any other: %j', async (phone_number) => {
    const mock = createMock(matar, { seed: 1 });
    const name = phone_number;
    const wrong = await mock.request(
      '/api/v1/login',
      post({ phone_number, name, action: 'submit_otp', otp: '0' }),
    );
    expect(wrong.status).toBe(400);
    await mock.request('/api/v1/login', post({ phone_number, name, action: 'send_otp' }));
    const [message] = mock.inbox.list();
    const { otp } = JSON.parse(JSON.stringify(message?.content));
    const body = post({ phone_number, name, action: 'submit_otp', otp });
    const right = await mock.request('/api/v1/login', body);
    expect([message?.to, right.status]).toEqual([phone_number, 200]);
    const { access_token: token } = JSON.parse(await right.text());
    const headers = { authorization: `Bearer ${token}` };
    const user = await mock.request('/api/v1/get_current_user', { headers });
    expect(JSON.parse(await user.text())).toMatchObject({ phone_number, name });
  });

  test.each(awkward)('is no refresh token, and no organization: %j', async (key) => {
    const mock = createMock(apis, { seed: 1 });
    expect((await mock.request('/api/auth/logout', post({ refreshToken: key }))).status).toBe(404);
    const body = { phone_number: '1', name: '', action: 'send_otp', organization_id: key };
    expect((await mock.request('/api/v1/login', post(body))).status).toBe(key === '' ? 200 : 400);
  });

  test('is a member of content like any other', async () => {
    const mock = createMock(echo, { seed: 1 });
    const text = '{"a":{"__proto__":{"x":1}},"__proto__":{"y":2},"constructor":3}';
    const sent = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: text };
    expect(await (await mock.request('/echo/__proto__', sent)).text()).toBe(text);
    expect(JSON.stringify(stateOf(mock))).toContain(`["__proto__",{"value":${text}}]`);
    expect(Object.hasOwn(Object.prototype, 'y')).toBe(false);
  });
});

describe('content that is too much to look at', () => {
  const put = (body: string): RequestInit => ({
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body,
  });

  test.each([
    [500, 200],
    [501, 400],
    [200_000, 400],
  ])('nested %i deep is answered %i', async (depth, status) => {
    const mock = createMock(echo, { seed: 1 });
    const response = await mock.request('/echo/a', put('['.repeat(depth) + ']'.repeat(depth)));
    expect(response.status).toBe(status);
    if (status === 400) expect(await response.text()).toContain('is nested more than 500 levels deep');
  });

  test('is not nested by what stands in its strings', async () => {
    const text = JSON.stringify(`\\"${'['.repeat(1000)}`);
    expect(await (await createMock(echo).request('/echo/a', put(text))).text()).toBe(text);
  });

  test('with fifty thousand violations has a hundred of them told', async () => {
    const members = Array.from({ length: 50_000 }, (_, index) => `"m${index}":${index}`);
    const init = { ...put(`{${members.join(',')}}`), method: 'POST' };
    const mock = createMock(echo, { seed: 1 });
    const response = await mock.request('/tree', init);
    const { detail, errors } = JSON.parse(await response.text());
    expect([response.status, errors.length]).toEqual([400, 100]);
    expect(detail).toMatch(/; and 49900 more\.$/);
    expect(mock.journal.list()[0]?.decision.violations).toHaveLength(100);
  });
});
