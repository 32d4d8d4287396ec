/** The app as a whole: several APIs in it, what its options do, and how it behaves inside another app. */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import {
  createMock,
  type InboxMessage,
  type JournalEntry,
  type Mock,
  type MockOptions,
} from '../../mock/index.js';
import { ContractError, type ContractProblem, type JsonObject } from '../../openapi/index.js';
import { contractOf, done, isDone, matar, stateOf, xerial } from './contracts.js';

const get = (responses: JsonObject = { 200: done }): JsonObject => ({ get: { responses } });

async function statusOf(app: Pick<Hono, 'request'>, path: string, init: RequestInit = {}): Promise<number> {
  return (await app.request(path, init)).status;
}

const post = (body: JsonObject): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const sampleNumber = '919743256789';
const otherNumber = '919277140178';
const sendOtp = (phone_number: string): RequestInit =>
  post({ phone_number, name: 'skb', action: 'send_otp' });
const submitOtp = (phone_number: string, otp: string): RequestInit =>
  post({ phone_number, name: 'skb', action: 'submit_otp', otp });

function problemsOf(make: () => Mock): readonly ContractProblem[] {
  try {
    make();
    return [];
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
}

const one = await contractOf('one', {
  paths: { '/x/{a}': { ...get(), parameters: [named('a')] }, '/y': get() },
});
const two = await contractOf('two', { paths: { '/x/{b}': { ...get(), parameters: [named('b')] } } });
const three = await contractOf('three', { paths: { '/y': { post: { responses: { 200: done } } } } });
const reserved = await contractOf('reserved', {
  paths: { '/__counterfoil/state': get(), '/__counterfoiled': get() },
});

function named(name: string): JsonObject {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

describe('several APIs in one mock', () => {
  test('are each answered, with a state of their own', async () => {
    const mock = createMock([matar, xerial], { seed: 1 });
    const before = JSON.stringify(stateOf(mock));
    expect(await statusOf(mock, '/api/v1/login', sendOtp(otherNumber))).toBe(200);
    expect(await statusOf(mock, '/api/auth/logout', post({ refreshToken: 'unknown' }))).toBe(404);
    expect(mock.journal.list().map(({ decision }) => decision.api)).toEqual(['matar', 'xerial']);
    const [, xerialBefore] = JSON.parse(before);
    const [matarAfter, xerialAfter] = JSON.parse(JSON.stringify(stateOf(mock)));
    expect(xerialAfter).toEqual(xerialBefore);
    expect(JSON.stringify(matarAfter)).toContain(otherNumber);
  });

  test('share a path where their methods differ, and Allow names the methods of all', async () => {
    const mock = createMock([one, three]);
    expect([await statusOf(mock, '/y'), await statusOf(mock, '/y', { method: 'POST' })]).toEqual([200, 200]);
    const response = await mock.request('/y', { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD']);
  });

  test('are refused when they describe the same operation, with the place', () => {
    const [problem, ...others] = problemsOf(() => createMock([one, two]));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'ambiguous-path', what: 'GET /x/{b} is described by one too' });
    expect(problem?.location.file).toMatch(/two[\\/]openapi\.json$/);
    expect(problem?.location.line).toBeGreaterThan(1);
  });

  test('are served below their names when that is wanted', async () => {
    const mock = createMock([one, two], { byName: true });
    expect([await statusOf(mock, '/one/x/1'), await statusOf(mock, '/two/x/1')]).toEqual([200, 200]);
    expect([await statusOf(mock, '/x/1'), await statusOf(mock, '/two/y')]).toEqual([404, 404]);
  });
});

describe('a reserved path', () => {
  test('is refused, with its place', () => {
    const [problem, ...others] = problemsOf(() => createMock(reserved));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'reserved-path' });
    expect(problem?.what).toContain('/__counterfoil/state');
    expect(problem?.location.file).toMatch(/reserved[\\/]openapi\.json$/);
  });

  test('is free below the name of its API', async () => {
    const mock = createMock(reserved, { byName: true });
    expect(await statusOf(mock, '/reserved/__counterfoil/state')).toBe(200);
    expect(await statusOf(mock, '/reserved/__counterfoiled')).toBe(200);
  });
});

describe('the path of the first server', () => {
  test.each([
    ['https://example.com', '/y'],
    ['https://example.com/', '/y'],
    ['https://example.com/v1', '/v1/y'],
    ['https://example.com:8443/v1/', '/v1/y'],
    ['//example.com/v1', '/v1/y'],
    ['/v1', '/v1/y'],
    ['/', '/y'],
    ['v1', '/v1/y'],
    ['./', '/y'],
    ['https://example.com/a b', '/a%20b/y'],
    ['https://example.com/v1?x=y', '/v1/y'],
    ['https://{region}.example.com/{version}', '/v2/y'],
  ])('%s leads to %s', async (url, path) => {
    const variables = { region: { default: 'eu' }, version: { default: 'v2' } };
    const server = url.includes('{') ? { url, variables } : { url };
    const contract = await contractOf('based', {
      servers: [server, { url: '/other' }],
      paths: { '/y': get() },
    });
    const mock = createMock(contract);
    expect(await statusOf(mock, path)).toBe(200);
    if (path !== '/y') expect(await statusOf(mock, '/y')).toBe(404);
  });
});

describe('inside another app', () => {
  const inside: readonly (readonly [string, (outer: Hono, mock: Mock) => Hono, string])[] = [
    ['app.route', (outer, mock) => outer.route('/mocked', mock), '/mocked'],
    ['app.mount', (outer, mock) => outer.mount('/mocked', mock.fetch), '/mocked'],
    ['app.route with a parameter', (outer, mock) => outer.route('/:tenant/mocked', mock), '/acme/mocked'],
    ['app.route at the root', (outer, mock) => outer.route('/', mock), ''],
  ];

  test.each(inside)('a mock is reached by %s', async (_, put, base) => {
    const mock = createMock(matar, { seed: 1 });
    const outer = put(
      new Hono().get('/own', (context) => context.text('own')),
      mock,
    );
    const response = await outer.request(`${base}/api/v1/login`, submitOtp(sampleNumber, '48793'));
    expect(response.status).toBe(200);
    const { access_token: token } = JSON.parse(await response.text());
    const headers = { authorization: `Bearer ${token}` };
    expect(await statusOf(outer, `${base}/api/v1/get_current_user?x=/y`, { headers })).toBe(200);
    expect(await statusOf(outer, `${base}/__counterfoil/state`)).toBe(200);
    expect(await statusOf(outer, '/own')).toBe(200);
    expect(mock.journal.list().map(({ request }) => request.path)).toEqual([
      '/api/v1/login',
      '/api/v1/get_current_user',
    ]);
  });

  test('a mock reads content that the outer app has read before it', async () => {
    const mock = createMock(matar, { seed: 1 });
    const outer = new Hono();
    outer.use(async (context, next) => {
      await context.req.json();
      await next();
    });
    outer.route('/mocked', mock);
    expect(await statusOf(outer, '/mocked/api/v1/login', submitOtp(sampleNumber, '48793'))).toBe(200);
  });

  test('a mock answers for its own faults', async () => {
    const mock = faulty();
    const outer = new Hono().onError((_, context) => context.text('outer', 500)).route('/mocked', mock);
    const response = await outer.request('/mocked/api/v1/get_current_user');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});

function failing(): never {
  throw new RangeError('the clock stands in flames');
}

/** A mock whose clock fails as soon as it has been made. */
function faulty(options: MockOptions = {}): Mock {
  let isMade = false;
  const mock = createMock(matar, { clock: () => (isMade ? failing() : 0), ...options });
  isMade = true;
  return mock;
}

describe('CORS', () => {
  const from = (origin: string, headers: Record<string, string> = {}): RequestInit => ({
    headers: { origin, ...headers },
  });
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, prefer',
    },
  });
  const allowed = 'access-control-allow-origin';

  test('is off unless it is asked for', async () => {
    for (const options of [{}, { cors: false }]) {
      const mock = createMock(matar, options);
      expect(
        (await mock.request('/api/v1/get_current_user', from('https://a.example'))).headers.has(allowed),
      ).toBe(false);
      const response = await mock.request('/api/v1/login', preflight('https://a.example'));
      expect([response.status, response.headers.has(allowed)]).toEqual([204, false]);
    }
  });

  test('lets any origin in, with any field, and shows them what the mock says in fields', async () => {
    const mock = createMock(matar, { cors: true });
    const asked = await mock.request('/api/v1/login', preflight('https://a.example'));
    expect([asked.status, asked.headers.get(allowed), await asked.text()]).toEqual([204, '*', '']);
    expect(asked.headers.get('access-control-allow-methods')?.split(',')).toEqual(
      expect.arrayContaining(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
    );
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization,content-type,prefer');
    const got = await mock.request(
      '/api/v1/get_current_user',
      from('https://a.example', { prefer: 'code=401' }),
    );
    expect([got.status, got.headers.get(allowed)]).toEqual([401, '*']);
    expect(got.headers.get('access-control-expose-headers')?.split(',')).toEqual(
      expect.arrayContaining(['Preference-Applied', 'WWW-Authenticate', 'Allow', 'Location']),
    );
    expect(mock.journal.list()).toHaveLength(1);
  });

  test('lets only the given origins in', async () => {
    const mock = createMock(matar, { cors: ['https://a.example', 'https://b.example'] });
    for (const [origin, answer] of [
      ['https://a.example', 'https://a.example'],
      ['https://b.example', 'https://b.example'],
      ['https://c.example', null],
    ] as const) {
      const response = await mock.request('/api/v1/get_current_user', from(origin));
      expect([response.headers.get(allowed), response.headers.get('vary')]).toEqual([answer, 'Origin']);
      expect((await mock.request('/api/v1/login', preflight(origin))).headers.get(allowed)).toBe(answer);
    }
  });

  test('covers problems too, those of our own faults included', async () => {
    const mock = faulty({ cors: true });
    const response = await mock.request('/api/v1/get_current_user', from('https://a.example'));
    expect([response.status, response.headers.get(allowed)]).toEqual([500, '*']);
  });
});

describe('a delay', () => {
  test('is waited for before every answer, and before none of the control API', async () => {
    const waited: number[] = [];
    const mock = createMock(matar, { delay: 0.5, wait: async (seconds) => void waited.push(seconds) });
    expect(await statusOf(mock, '/api/v1/get_current_user')).toBe(401);
    expect(await statusOf(mock, '/nowhere')).toBe(404);
    expect(await statusOf(mock, '/__counterfoil/state')).toBe(200);
    expect(waited).toEqual([0.5, 0.5]);
  });
});

describe('listeners', () => {
  test('are told of every exchange and message, in order', async () => {
    const exchanges: JournalEntry[] = [];
    const messages: InboxMessage[] = [];
    const mock = createMock(matar, {
      seed: 1,
      onExchange: (entry) => exchanges.push(entry),
      onMessage: (message) => messages.push(message),
    });
    await mock.request('/api/v1/login', sendOtp(otherNumber));
    await mock.request('/nowhere');
    expect(exchanges).toEqual(mock.journal.list());
    expect(exchanges.map(({ id, decision }) => [id, decision.transition ?? decision.problem])).toEqual([
      [1, 'otp-sent'],
      [2, 'unknown-path'],
    ]);
    expect(messages).toEqual(mock.inbox.list());
    expect(messages).toMatchObject([{ id: 1, api: 'matar', channel: 'sms', to: otherNumber }]);
  });

  test('that throw change no answer and nothing that is remembered, and are told to the process', async () => {
    const script = `
      import { createMock } from 'counterfoil/mock';
      import { loadContract } from 'counterfoil/openapi';
      const uncaught = [];
      process.on('uncaughtException', (error) => uncaught.push(error.message));
      const fail = (what) => () => { throw new Error(what); };
      const mock = createMock(await loadContract('matar'), { onExchange: fail('exchange'), onMessage: fail('message') });
      const response = await mock.request('/api/v1/login', ${JSON.stringify(sendOtp(otherNumber))});
      process.on('exit', () => console.log(JSON.stringify(
        [response.status, mock.inbox.list().length, mock.journal.list().length, uncaught])));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        cwd: path.resolve(import.meta.dirname, '../..'),
      },
    );
    expect(JSON.parse(stdout)).toEqual([200, 1, 1, ['message', 'exchange']]);
  });
});

describe('a fault of the mock itself', () => {
  const faults: readonly (readonly [string, () => Mock])[] = [
    ['while it decides', () => faulty()],
    ['while it waits', () => createMock(matar, { wait: failing, delay: 1 })],
  ];

  test.each(faults)('%s is a problem without its inside', async (_, make) => {
    const response = await make().request('/api/v1/get_current_user');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json',
    ]);
    expect(await response.json()).toEqual({
      type: 'urn:counterfoil:problem:internal-error',
      title: 'This server failed',
      status: 500,
      detail: 'RangeError: the clock stands in flames. Please report this.',
    });
  });

  test('does not stop the next request', async () => {
    let isFailing = false;
    const mock = createMock(matar, { clock: () => (isFailing ? failing() : 0) });
    isFailing = true;
    expect(await statusOf(mock, '/api/v1/get_current_user')).toBe(500);
    isFailing = false;
    expect(await statusOf(mock, '/api/v1/get_current_user')).toBe(401);
  });
});

/** The code of the last message to a number. */
const otpOf = (mock: Mock, number: string): unknown => {
  const [message] = mock.inbox
    .list()
    .filter(({ to }) => to === number)
    .slice(-1);
  return JSON.parse(JSON.stringify(message?.content ?? {})).otp;
};

describe('a one-time password', () => {
  test('is fixed for every number, the documented one included', async () => {
    const mock = createMock(matar, { seed: 1, fixed: { otp: '00000' } });
    expect(await statusOf(mock, '/api/v1/login', submitOtp(sampleNumber, '48793'))).toBe(400);
    expect(await statusOf(mock, '/api/v1/login', submitOtp(sampleNumber, '00000'))).toBe(200);
    for (const number of [otherNumber, sampleNumber]) {
      expect(await statusOf(mock, '/api/v1/login', sendOtp(number))).toBe(200);
      expect(otpOf(mock, number)).toBe('00000');
      expect(await statusOf(mock, '/api/v1/login', submitOtp(number, '00000'))).toBe(200);
    }
  });

  test('of the documented number is the documented one, from the start and when it is sent anew', async () => {
    const mock = createMock(matar, { seed: 1 });
    expect(await statusOf(mock, '/api/v1/login', submitOtp(sampleNumber, '48793'))).toBe(200);
    await mock.request('/api/v1/login', sendOtp(sampleNumber));
    expect(otpOf(mock, sampleNumber)).toBe('48793');
    mock.clock.move('PT10M');
    expect(await statusOf(mock, '/api/v1/login', submitOtp(sampleNumber, '48793'))).toBe(400);
    await mock.request('/api/v1/login', sendOtp(sampleNumber));
    expect(await statusOf(mock, '/api/v1/login', submitOtp(sampleNumber, '48793'))).toBe(200);
  });

  test('of any other number is random', async () => {
    const mock = createMock(matar, { seed: 1 });
    const codes = new Set<unknown>();
    for (let index = 0; index < 20; index += 1) {
      await mock.request('/api/v1/login', sendOtp(`9100000000${index}`));
      codes.add(otpOf(mock, `9100000000${index}`));
    }
    expect(codes.size).toBeGreaterThan(15);
    for (const code of codes) expect(code).toMatch(/^\d{5}$/);
  });
});

/** A counter that says `word`, and starts with an entry of that name. */
const saying = (word: string): JsonObject => ({
  'x-state': { words: { [word]: {} } },
  paths: {
    '/words': {
      post: {
        responses: { 200: { description: word, content: { 'application/json': { example: word } } } },
        'x-transitions': [
          { name: word, response: '200', effects: [{ put: 'words', key: '$request.query.key', value: {} }] },
        ],
      },
    },
  },
});

describe('the state at the start', () => {
  test('holds what the contract says, its made-up values included', async () => {
    const schema = { type: 'string', pattern: '^[a-z]{8}$' };
    const contract = await contractOf('start', {
      'x-state': {
        things: {
          plain: { a: [1, null] },
          shown: { a: { $generate: { ...schema, examples: ['abcdefgh'] } } },
          made: { a: { $generate: schema } },
        },
      },
    });
    const things = (seed: number): unknown =>
      Object.fromEntries(createMock(contract, { seed }).apis()[0]?.state.list().get('things') ?? []);
    const expected = {
      plain: { value: { a: [1, null] } },
      shown: { value: { a: 'abcdefgh' } },
      made: { value: { a: expect.stringMatching(schema.pattern) } },
    };
    expect(things(1)).toEqual(expected);
    expect(things(1)).not.toEqual(things(2));
  });
});

describe('a reload', () => {
  const words = (mock: Mock): readonly string[] => [
    ...(mock.apis()[0]?.state.list().get('words')?.keys() ?? []),
  ];
  const say = async (mock: Mock, key: string): Promise<unknown> =>
    (await mock.request(`/words?key=${key}`, { method: 'POST' })).json();

  test('swaps the rules and keeps state, journal and clock', async () => {
    const mock = createMock(await contractOf('words', saying('old')));
    mock.clock.move('P1D');
    expect(await say(mock, 'a')).toBe('old');
    mock.reload([await contractOf('words', saying('new'))]);
    expect(await say(mock, 'b')).toBe('new');
    expect(words(mock)).toEqual(['old', 'a', 'b']);
    expect(mock.journal.list().map(({ decision }) => decision.transition)).toEqual(['old', 'new']);
    expect(mock.clock.offset()).toBe(86_400_000);
  });

  test('is what a reset then goes back to', async () => {
    const mock = createMock(await contractOf('words', saying('old')));
    mock.reload([await contractOf('words', saying('new'))]);
    mock.reset();
    expect(words(mock)).toEqual(['new']);
  });

  test('adds and removes APIs', async () => {
    const mock = createMock(one);
    mock.reload([three, one]);
    expect([await statusOf(mock, '/y'), await statusOf(mock, '/y', { method: 'POST' })]).toEqual([200, 200]);
    mock.reload([three]);
    expect([await statusOf(mock, '/y'), await statusOf(mock, '/y', { method: 'POST' })]).toEqual([405, 200]);
  });

  test('that is refused changes nothing', async () => {
    const mock = createMock(one);
    expect(
      problemsOf(() => {
        mock.reload([one, two]);
        return mock;
      }),
    ).toHaveLength(1);
    expect(mock.apis().map(({ contract }) => contract.name)).toEqual(['one']);
    expect(await (await mock.request('/x/1')).text()).toBe(isDone);
  });

  test('is refused for two APIs of the same name, by which their states are known', async () => {
    const first = await contractOf('twin', saying('first'));
    const second = { ...(await contractOf('twin', saying('second'))), basePaths: ['/second'] };
    const problems = problemsOf(() => createMock([first, second]));
    expect(problems).toMatchObject([{ code: 'ambiguous-name', what: 'another API is named "twin" too' }]);
  });
});
