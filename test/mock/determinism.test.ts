/** The same seed, clock and requests give the same bytes; and two mocks in one process share nothing. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock, type MockOptions } from '../../mock/index.js';
import type { Json } from '../../openapi/index.js';
import { contractOf, matar, stateOf, xerial } from './contracts.js';

const noon = Date.UTC(2026, 0, 31, 12);

/** All of its content is up to the mock. */
const open = await contractOf('open', {
  paths: {
    '/open': {
      get: {
        responses: {
          200: {
            description: 'Anything.',
            headers: { 'X-Made': { required: true, schema: { type: 'string', format: 'uuid' } } },
            content: {
              'application/json': {
                schema: { type: 'array', minItems: 3, items: { type: ['string', 'number', 'boolean'] } },
              },
            },
          },
        },
      },
    },
  },
});

const shipped = [matar, xerial, open];
const mockOf = (options: MockOptions = {}): Mock =>
  createMock(shipped, { seed: 42, clock: () => noon, ...options });

type Step = readonly [path: string, body?: Json | undefined, headers?: Readonly<Record<string, string>>];

/** One whole response, but for the time that it took. */
async function given(mock: Mock, [path, body, headers]: Step): Promise<string> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await mock.request(path, {
    ...sent,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  return JSON.stringify([response.status, [...response.headers], await response.text()]);
}

const number = '919277140178';

/** Every kind of answer: by rule, generated, preferred, refused. What a step needs of another it reads from the mock. */
const steps: readonly ((mock: Mock) => Step)[] = [
  () => ['/api/v1/login', { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' }],
  () => ['/api/v1/login', { phone_number: number, name: 'skb', action: 'send_otp' }],
  (mock) => ['/api/v1/login', { phone_number: number, name: 'skb', action: 'submit_otp', otp: otpOf(mock) }],
  (mock) => ['/api/v1/get_current_user', undefined, { authorization: `Bearer ${lastSession(mock)}` }],
  (mock) => ['/api/v1/logout', {}, { authorization: `Bearer ${lastSession(mock)}` }],
  () => ['/api/auth/refresh-tokens', { refreshToken: sampleToken }],
  () => ['/api/auth/refresh-tokens', { refreshToken: 'unknown' }],
  () => ['/open'],
  () => ['/open', undefined, { prefer: 'dynamic=true' }],
  () => ['/api/v1/login', { action: 'none' }],
  () => ['/api/v1/get_current_user', undefined, { prefer: 'code=401, example=invalid-token' }],
  () => ['/nowhere'],
];

const [sampleToken = ''] = xerial.initialState.get('refresh_tokens')?.keys() ?? [];

const otpOf = (mock: Mock): Json => {
  const content = mock.inbox.list().at(-1)?.content;
  return content === undefined ? null : (JSON.parse(JSON.stringify(content)).otp ?? null);
};

const lastSession = (mock: Mock): string =>
  [...(mock.apis()[0]?.state.list().get('sessions')?.keys() ?? [])].at(-1) ?? '';

async function play(mock: Mock): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const step of steps) answers.push(await given(mock, step(mock)));
  return answers;
}

describe('the same seed, clock and requests', () => {
  test('give the same bytes, and the same memory of them', async () => {
    const [one, other] = [mockOf(), mockOf()];
    expect(await play(one)).toEqual(await play(other));
    expect(stateOf(one)).toEqual(stateOf(other));
    expect(one.journal.list()).toEqual(other.journal.list());
    expect(one.inbox.list()).toEqual(other.inbox.list());
  });

  test('reach every kind of answer', async () => {
    const mock = mockOf();
    const statuses = (await play(mock)).map((answer) => JSON.parse(answer)[0]);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 401, 200, 200, 400, 401, 404]);
  });

  test('give the same bytes again after a reset, whatever happened before it', async () => {
    const mock = mockOf();
    const first = await play(mock);
    mock.clock.move('P3D');
    await play(mock);
    mock.reset();
    expect(await play(mock)).toEqual(first);
  });

  test('start from the same state after a reset', async () => {
    const mock = mockOf();
    const start = stateOf(mock);
    await play(mock);
    expect(stateOf(mock)).not.toEqual(start);
    mock.reset();
    expect([stateOf(mock), mock.journal.list(), mock.inbox.list()]).toEqual([start, [], []]);
    expect(mock.clock.offset()).toBe(0);
  });
});

describe('what is made up', () => {
  /** Answers that nothing but their schema is said of, of every method. */
  const thing = {
    type: ['object', 'null'],
    required: ['name', 'created_at', 'price'],
    properties: {
      name: { type: 'string' },
      created_at: { type: 'string', format: 'date-time' },
      price: { type: 'number' },
    },
  };
  const answered = { 200: { description: 'A thing.', content: { 'application/json': { schema: thing } } } };
  const named = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const operations = Object.fromEntries(
    ['get', 'put', 'delete', 'post', 'patch'].map((method) => [method, { responses: answered }]),
  );

  const made = async (mock: Mock, method: string, id: string, query = '', prefer = ''): Promise<string> => {
    const headers: [string, string][] = prefer === '' ? [] : [['prefer', prefer]];
    return (await mock.request(`/things/${id}/views${query}`, { method, headers })).text();
  };
  const contract = contractOf('made-up', {
    paths: { '/things/{id}/views': { parameters: [named], ...operations } },
  });

  test.each(['GET', 'PUT', 'DELETE'])(
    'of %s is the same whenever the same is asked for, and something else for another path',
    async (method) => {
      let now = noon;
      const mock = createMock(await contract, { seed: 7, clock: () => now });
      const first = await made(mock, method, 'a');
      const other = await made(mock, method, 'b');
      now += 3_600_000;
      expect(await made(mock, method, 'a', '?page=2')).toBe(first);
      expect(other).not.toBe(first);
    },
  );

  test.each(['POST', 'PATCH'])('of %s is new each time: it may not be repeated', async (method) => {
    const mock = createMock(await contract, { seed: 7, clock: () => noon });
    expect(await made(mock, method, 'a')).not.toBe(await made(mock, method, 'a'));
  });

  test('is new where something new is asked for', async () => {
    const mock = createMock(await contract, { seed: 7, clock: () => noon });
    const answers = new Set<string>();
    for (let round = 0; round < 5; round += 1) answers.add(await made(mock, 'GET', 'a', '', 'dynamic=true'));
    expect(answers.size).toBe(5);
  });
});

describe('another seed', () => {
  /** The steps that are answered with tokens, with a new user, or with anything at all. */
  const differing = [0, 2, 3, 5, 7, 8];

  test('gives other tokens and other made-up content, and the same of all else', async () => {
    const [one, other] = [await play(mockOf()), await play(mockOf({ seed: 43 }))];
    const differ = one.flatMap((answer, index) => (answer === other[index] ? [] : [index]));
    expect(differ).toEqual(differing);
  });

  test('signs with another secret, unless one is given', () => {
    expect(mockOf().secret).toBe(mockOf().secret);
    expect(mockOf().secret).not.toBe(mockOf({ seed: 43 }).secret);
    expect(mockOf({ secret: 'given' }).secret).toBe('given');
  });

  test('is taken where none is given, and told', async () => {
    const mock = createMock(shipped, { clock: () => noon });
    expect(await play(mock)).toEqual(await play(mockOf({ seed: mock.seed })));
  });
});

describe('two mocks of the same contracts', () => {
  test('share no state, journal or inbox', async () => {
    const [used, idle] = [mockOf(), mockOf()];
    const start = stateOf(idle);
    await play(used);
    expect(stateOf(idle)).toEqual(start);
    expect([idle.journal.list(), idle.inbox.list()]).toEqual([[], []]);
  });

  test('know nothing of the tokens of each other', async () => {
    const [one, other] = [mockOf(), mockOf({ seed: 43 })];
    await play(one);
    await given(one, [
      '/api/v1/login',
      { phone_number: number, name: 'skb', action: 'submit_otp', otp: otpOf(one) },
    ]);
    const step: Step = [
      '/api/v1/get_current_user',
      undefined,
      { authorization: `Bearer ${lastSession(one)}` },
    ];
    expect(JSON.parse(await given(one, step))[0]).toBe(200);
    expect(JSON.parse(await given(other, step))[2]).toContain('invalid_token');
  });

  test('share no clock', () => {
    const [moved, still] = [mockOf(), mockOf()];
    moved.clock.move('P10D');
    expect([still.clock.now(), still.clock.offset()]).toEqual([noon, 0]);
  });

  test('share no randomness: what one draws changes nothing for the other', async () => {
    const alone = await play(mockOf());
    const [one, other] = [mockOf(), mockOf({ seed: 43 })];
    const answers: string[] = [];
    for (const step of steps) {
      await given(other, step(other));
      answers.push(await given(one, step(one)));
    }
    expect(answers).toEqual(alone);
  });

  test('are reset alone', async () => {
    const [one, other] = [mockOf(), mockOf()];
    await play(one);
    await play(other);
    const kept = stateOf(other);
    one.reset();
    expect(stateOf(other)).toEqual(kept);
    expect(other.journal.list()).toHaveLength(steps.length);
  });
});
