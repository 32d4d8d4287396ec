/** The journal and the inbox: what they hold on to, and that their memory has a bound. */

import { describe, expect, test } from 'vitest';
import { createMock, type JournalEntry, type Mock } from '../../mock/index.js';
import { boundedLog } from '../../mock/journal.js';
import { matar, xerial } from './contracts.js';

const megabyte = 1024 * 1024;

describe('a bounded log', () => {
  const filled = (limit: number, items: number, size = 1): readonly number[] => {
    const log = boundedLog<number>(limit, () => size);
    for (let index = 0; index < items; index += 1) log.add((id) => id);
    return log.list();
  };

  test.each([
    [3, 2, [1, 2]],
    [3, 3, [1, 2, 3]],
    [3, 5, [3, 4, 5]],
    [3, 8, [6, 7, 8]],
    [1, 2, [2]],
    [0, 2, []],
  ])('of %i keeps, of %i items, %j', (limit, items, kept) => {
    expect(filled(limit, items)).toEqual(kept);
  });

  test('keeps fewer when they are large, and the last whatever its size', () => {
    expect(filled(100, 50, megabyte)).toHaveLength(32);
    expect(filled(100, 50, 100 * megabyte)).toEqual([50]);
  });

  test('counts on after it was cleared', () => {
    const log = boundedLog<number>(3, () => 1);
    log.add((id) => id);
    log.clear();
    expect(log.list()).toEqual([]);
    expect(log.add((id) => id)).toBe(2);
    expect(log.list()).toEqual([2]);
  });

  test('forgets the size of what it has dropped', () => {
    const sizes = [40 * megabyte, 1, 1, 1];
    const log = boundedLog<number>(100, (id) => sizes[id - 1] ?? 0);
    for (const _ of sizes) log.add((id) => id);
    expect(log.list()).toEqual([2, 3, 4]);
  });

  test('gives a list that later items do not change', () => {
    const log = boundedLog<number>(3, () => 1);
    const before = log.list();
    log.add((id) => id);
    expect(before).toEqual([]);
  });
});

const json = { 'content-type': 'application/json' };

async function ask(mock: Mock, number: string, name: string): Promise<void> {
  await mock.request('/api/v1/login', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ phone_number: number, name, action: 'send_otp' }),
  });
}

describe('the journal and the inbox', () => {
  test('hold the last exchanges and messages, as many as the options say', async () => {
    const mock = createMock(matar, { seed: 1, journalLimit: 2 });
    for (const number of ['1', '2', '3']) await ask(mock, number, 'skb');
    expect(mock.journal.list().map(({ id }) => id)).toEqual([2, 3]);
    expect(mock.inbox.list().map(({ id, to }) => [id, to])).toEqual([
      [2, '2'],
      [3, '3'],
    ]);
  });

  test('hold a thousand where the options say nothing', async () => {
    const mock = createMock(matar, { seed: 1 });
    for (let index = 0; index < 1001; index += 1) await mock.request('/nowhere');
    expect(
      mock.journal
        .list()
        .map(({ id }) => id)
        .at(0),
    ).toBe(2);
    expect(mock.journal.list()).toHaveLength(1000);
  });

  test('do not grow with the size of what they are sent', async () => {
    const mock = createMock(matar, { seed: 1 });
    const large = 'x'.repeat(megabyte - 200);
    for (let index = 0; index < 40; index += 1) await ask(mock, `${index}`, large);
    const kept = mock.journal.list();
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(33);
    for (let index = 0; index < 40; index += 1) await ask(mock, `${index}${large}`, '');
    expect(mock.inbox.list().length).toBeLessThan(33);
    expect(mock.journal.list().at(-1)?.id).toBe(80);
  });
});

describe('a decision', () => {
  type Told = Partial<JournalEntry['decision']>;
  const login = (body: object, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });
  const submitOtp = { phone_number: '1', name: '', action: 'submit_otp', otp: '0' };
  const nothing: Told = { preferred: false, violations: [], refused: [] };

  test.each<[name: string, path: string, init: RequestInit, told: Told]>([
    [
      'that found no operation',
      '/nowhere',
      {},
      {
        ...nothing,
        step: 'match',
        api: undefined,
        operation: undefined,
        response: undefined,
        problem: 'unknown-path',
      },
    ],
    [
      'by a rule of the security scheme',
      '/api/v1/get_current_user',
      {},
      {
        ...nothing,
        step: 'authenticate',
        api: 'matar',
        operation: 'getCurrentUser',
        response: '401#authorization-required',
        transition: 'missing-token',
        provenance: { kind: 'inferred', reason: expect.stringContaining('Flask-JWT-Extended') },
        problem: undefined,
      },
    ],
    [
      'by a rule of the operation',
      '/api/v1/login',
      login(submitOtp),
      {
        step: 'select',
        response: '400#invalid-otp',
        transition: 'invalid-otp',
        provenance: { kind: 'documented', source: expect.stringContaining('https://gramhal.gitbook.io/') },
        preferred: false,
        refused: expect.arrayContaining([
          {
            transition: 'logged-in',
            condition: {
              in: 'otps',
              key: '$request.body#/phone_number',
              where: { code: '$request.body#/otp' },
            },
          },
        ]),
      },
    ],
    [
      'by a preference',
      '/api/v1/login',
      login(submitOtp, { prefer: 'example=expired-otp' }),
      { ...nothing, step: 'prefer', response: '400#expired-otp', transition: undefined, preferred: true },
    ],
    [
      'about what the contract forbids',
      '/api/v1/login',
      login({ ...submitOtp, otp: 0 }),
      {
        ...nothing,
        step: 'validate',
        response: undefined,
        problem: 'invalid-request',
        violations: [
          {
            in: 'body',
            pointer: '/otp',
            keyword: 'type',
            message: 'must be of type string',
            contract: expect.stringMatching(/openapi\.yaml:\d+:\d+$/),
          },
        ],
      },
    ],
    [
      'about a media type',
      '/api/v1/login',
      { method: 'POST', body: 'x' },
      { ...nothing, step: 'negotiate', problem: 'unsupported-media-type' },
    ],
  ])('%s says what led to it', async (_, path, init, told) => {
    const mock = createMock(matar, { seed: 1 });
    await mock.request(path, init);
    expect(mock.journal.list().map(({ decision }) => decision)).toMatchObject([told]);
  });

  test('names the example only where one is meant', async () => {
    const mock = createMock(xerial, { seed: 1 });
    const [refreshToken] = xerial.initialState.get('refresh_tokens')?.keys() ?? [];
    await mock.request('/api/auth/logout', login({ refreshToken }));
    expect(mock.journal.list()[0]?.decision).toMatchObject({ response: '204', transition: 'logged-out' });
    expect(mock.journal.list()[0]?.changes).toMatchObject([
      { kind: 'remove', collection: 'refresh_tokens', key: refreshToken },
    ]);
  });
});
