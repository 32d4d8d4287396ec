/** Our own mock as a target: in process and over a socket, it wants nothing given. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { InputAsk } from '../../conformance/input/input.js';
import { mockInputs, seedEntry } from '../../conformance/input/mock-inputs.js';
import { type Abilities, mockAbilities } from '../../conformance/mock-target.js';
import { appTarget, httpTarget, type Target } from '../../conformance/target.js';
import { createMock, listen, type Mock, type MockOptions } from '../../mock/index.js';
import { type Contract, type JsonObject, loadContract } from '../../openapi/index.js';
import { pointedTo } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';

const matar = await loadContract('matar');
const xerial = await loadContract('xerial');
const noon = Date.parse('2026-01-31T12:00:00Z');

type Way = (mock: Mock) => Promise<Target>;

const ways: readonly (readonly [name: string, way: Way])[] = [
  ['in this process', async (mock) => appTarget(mock)],
  [
    'over a socket',
    async (mock) => {
      const server = await listen(mock, { port: 0 });
      onTestFinished(() => server.close());
      return httpTarget(server.url);
    },
  ],
];

function mockOf(options: MockOptions = {}): Mock {
  return createMock([matar, xerial], { seed: 1, clock: () => noon, ...options });
}

async function abilitiesOf(target: Target, token?: string): Promise<Abilities> {
  const abilities = await mockAbilities(target, token);
  if (abilities === undefined) throw new Error('not taken for a mock');
  return abilities;
}

function ask(name: string, about: InputAsk['for'] = {}): InputAsk {
  return { name, for: about, use: 1, schema: { type: 'string' }, signal: new AbortController().signal };
}

type Sent = { readonly status: number; readonly body: JsonObject };

async function post(target: Target, at: string, body: JsonObject): Promise<Sent> {
  const content = new TextEncoder().encode(JSON.stringify(body));
  const fields = [['content-type', 'application/json']] as const;
  const outcome = await target({ method: 'POST', path: at, query: '', fields, content });
  if (outcome.kind === 'failure') throw new Error(outcome.why);
  const text = new TextDecoder().decode(outcome.response.content);
  return { status: outcome.response.status, body: text === '' ? {} : JSON.parse(text) };
}

const login = (target: Target, more: JsonObject): Promise<Sent> =>
  post(target, '/api/v1/login', { name: 'A', ...more });
const refresh = (target: Target, refreshToken: string): Promise<Sent> =>
  post(target, '/api/auth/refresh-tokens', { refreshToken });

async function given(source: Abilities['inputs'], asked: InputAsk): Promise<string> {
  const answer = await source(asked);
  if (answer.kind === 'none') throw new Error(answer.reason);
  return String(answer.value);
}

describe.each(ways)('a mock %s', (_, way) => {
  it('says what it serves', async () => {
    expect((await abilitiesOf(await way(mockOf()))).apis).toEqual(['matar', 'xerial']);
  });

  it('gives the newest OTP that it has sent to a number', async () => {
    const target = await way(mockOf());
    const { inputs } = await abilitiesOf(target);
    const otp = (phone_number: string) => inputs(ask('otp', { phone_number }));
    const send = (phone_number: string) => login(target, { phone_number, action: 'send_otp' });
    expect(await otp('919000000001')).toEqual({
      kind: 'none',
      reason: 'the mock has sent no message with otp to phone_number 919000000001',
    });
    await send('919000000001');
    const first = await given(inputs, ask('otp', { phone_number: '919000000001' }));
    await send('919000000001');
    await send('919000000002');
    const newest = await given(inputs, ask('otp', { phone_number: '919000000001' }));
    expect([first, newest]).toEqual([expect.stringMatching(/^\d{5}$/), expect.stringMatching(/^\d{5}$/)]);
    expect(newest).not.toBe(first);
    const submit = { phone_number: '919000000001', action: 'submit_otp' };
    expect((await login(target, { ...submit, otp: first })).status).toBe(400);
    expect((await login(target, { ...submit, otp: newest })).status).toBe(200);
  });

  it('moves its clock, tells it, and goes back to the start', async () => {
    const mock = mockOf();
    const abilities = await abilitiesOf(await way(mock));
    expect(await abilities.moveClock('P10D')).toEqual({ kind: 'done' });
    expect([await abilities.now(), mock.clock.offset()]).toEqual([noon + 864_000_000, 864_000_000]);
    expect(await abilities.moveClock('soon')).toEqual({
      kind: 'failed',
      why: expect.stringContaining('"soon" does not move the clock'),
    });
    expect(await abilities.reset()).toEqual({ kind: 'done' });
    expect(await abilities.now()).toBe(noon);
  });

  it('takes entries into its state, or says what is wrong with them', async () => {
    const mock = mockOf();
    const abilities = await abilitiesOf(await way(mock));
    const entry = { value: { code: '01234' }, expires: '2026-01-31T12:10:00Z' };
    expect(await abilities.putState('matar', { otps: { '91900': entry, '919743256789': null } })).toEqual({
      kind: 'done',
    });
    expect([...(mock.apis()[0]?.state.list().get('otps') ?? [])]).toEqual([
      ['91900', { value: { code: '01234' }, expiresAt: noon + 600_000 }],
    ]);
    expect(await abilities.putState('matar', { otp: {} })).toEqual({
      kind: 'failed',
      why: expect.stringContaining('Did you mean "otps"?'),
    });
  });

  it('gets phone numbers that are made up, each once, and the same for the same seed', async () => {
    const abilities = await abilitiesOf(await way(mockOf()));
    const numbers = async (seed: number): Promise<unknown[]> => {
      const inputs = mockInputs(abilities, matar, seededRandom(seed));
      return [await inputs(ask('phone_number')), await inputs(ask('phoneNumber'))];
    };
    const [first, second] = await numbers(1);
    expect(first).toEqual({ kind: 'value', value: expect.stringMatching(/^91\d{10}$/), fresh: true });
    expect(second).not.toEqual(first);
    expect(await numbers(1)).toEqual([first, second]);
    expect(await numbers(2)).not.toEqual([first, second]);
  });

  it('logs in with nothing given', async () => {
    const target = await way(mockOf());
    const inputs = mockInputs(await abilitiesOf(target), matar, seededRandom(1));
    const phone_number = await given(inputs, ask('phone_number'));
    await login(target, { phone_number, action: 'send_otp' });
    const otp = await given(inputs, ask('otp', { phone_number }));
    expect((await login(target, { phone_number, otp, action: 'submit_otp' })).status).toBe(200);
  });

  it('knows the refresh tokens that are asked for, each good for one session', async () => {
    const target = await way(mockOf());
    const inputs = mockInputs(await abilitiesOf(target), xerial, seededRandom(1));
    const one = await given(inputs, ask('refresh_token'));
    const other = await given(inputs, ask('refreshToken'));
    expect(await inputs(ask('refreshToken'))).toMatchObject({ fresh: false });
    expect(one).not.toBe(other);
    expect((await refresh(target, one)).status).toBe(200);
    expect((await refresh(target, one)).status).toBe(401);
    expect((await refresh(target, other)).status).toBe(200);
    expect((await refresh(target, `${other}x`)).status).toBe(401);
  });

  it('asks for its token, where it was started with one', async () => {
    const target = await way(mockOf({ control: { token: 's3cret' } }));
    expect(await mockAbilities(target)).toBeUndefined();
    expect(await mockAbilities(target, 'other')).toBeUndefined();
    expect((await (await abilitiesOf(target, 's3cret')).reset()).kind).toBe('done');
  });

  it('is not known as one without its control API', async () => {
    expect(await mockAbilities(await way(mockOf({ control: false })))).toBeUndefined();
  });
});

describe('what is no mock', () => {
  it.each<[what: string, status: number, contentType: string, content: string]>([
    ['a page', 200, 'text/html', '<p>Hello'],
    ['a mistaken type', 200, 'text/plain', '{"seed":1,"apis":[]}'],
    ['other JSON', 200, 'application/json', '{"apis":[]}'],
    ['a list of something else', 200, 'application/json', '{"seed":1,"apis":[1]}'],
    ['broken JSON', 200, 'application/json', '{"seed":'],
    ['nothing', 204, 'application/json', ''],
    ['a refusal', 404, 'application/json', '{"seed":1,"apis":[]}'],
  ])('has no abilities: %s', async (_, status, contentType, content) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': contentType }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await mockAbilities(httpTarget(`http://127.0.0.1:${port}`))).toBeUndefined();
  });

  it('has no abilities when it is not there', async () => {
    const server = await listen(mockOf(), { port: 0 });
    const target = httpTarget(server.url);
    const abilities = await abilitiesOf(target);
    await server.close();
    expect(await mockAbilities(target)).toBeUndefined();
    expect(await abilities.reset()).toEqual({
      kind: 'failed',
      why: expect.stringMatching(/^the mock gave no answer: /),
    });
    expect(await abilities.now()).toBeUndefined();
    expect(await abilities.inputs(ask('otp', { phone_number: '91' }))).toMatchObject({ kind: 'none' });
    const inputs = mockInputs(abilities, xerial, seededRandom(1));
    expect(await inputs(ask('refresh_token'))).toEqual({
      kind: 'none',
      reason: 'the mock does not tell the time',
    });
  });
});

describe('an entry like those that a collection starts with', () => {
  const decoded = (token: string): JsonObject =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('has a token of its own, issued now, as long as the lifetime that the rules give', () => {
    const seed = seedEntry(xerial, 'refresh_tokens', undefined, seededRandom(1), noon + 500);
    const lifetime = 1440 * 86_400;
    expect(seed?.key).toMatch(/^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.[\w-]+\.[\w-]{43}$/);
    expect(decoded(seed?.key ?? '')).toEqual({
      sub: '5ebac534954b54139806c112',
      iat: noon / 1000,
      exp: noon / 1000 + lifetime,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(seed?.entry).toEqual({
      value: { user: '5ebac534954b54139806c112', project: '6601f93s3ff2ea0348edeb6a' },
      expiresAt: noon + 500 + lifetime * 1000,
    });
    expect(seedEntry(xerial, 'refresh_tokens', undefined, seededRandom(1), noon + 500)).toEqual(seed);
  });

  it('takes the key that is given', () => {
    const seed = seedEntry(xerial, 'refresh_tokens', 'a.b.c', seededRandom(1), noon);
    expect([seed?.key, pointedTo(seed?.entry.value, '/user')]).toEqual(['a.b.c', '5ebac534954b54139806c112']);
  });

  it('has its key where the record repeats it, and makes what is to be made', () => {
    const organization = seedEntry(matar, 'organizations', undefined, seededRandom(1), noon);
    expect(organization?.key).toMatch(/^12\d{7}$/);
    expect(organization?.key).not.toBe('129487316');
    expect(organization?.entry).toMatchObject({
      value: { _id: organization?.key, language: 'hi-IN', title: 'matar' },
      expiresAt: undefined,
    });
    expect(seedEntry(matar, 'otps', '91', seededRandom(1), noon)?.entry.value).toEqual({ code: '48793' });
  });

  it.each(['sessions', 'unknown'])('is none of a collection that starts empty: %s', (collection) => {
    expect(seedEntry(matar, collection, undefined, seededRandom(1), noon)).toBeUndefined();
  });
});

describe('an input of any contract', () => {
  const noContent = { '204': { description: 'Done.' } };
  const body = (properties: JsonObject): JsonObject => ({
    required: true,
    content: { 'application/json': { schema: { type: 'object', properties } } },
  });

  async function contractOf(document: JsonObject): Promise<Contract> {
    const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'made.json');
    const info = { title: 'Made', version: '1' };
    await writeFile(file, JSON.stringify({ openapi: '3.1.1', info, ...document }));
    return loadContract(file);
  }

  const invite = (state: JsonObject): JsonObject => ({
    'x-state': state,
    paths: {
      '/join': {
        post: {
          operationId: 'join',
          requestBody: body({ invite: { type: 'string' }, handle: { type: 'string' } }),
          responses: noContent,
          'x-transitions': [
            {
              name: 'joined',
              guard: [{ in: 'invites', key: '$request.body#/invite' }],
              response: '204',
              effects: [
                { put: 'members', key: '$request.body#/handle', value: {} },
                { remove: 'invites', key: '$request.body#/invite' },
              ],
            },
            { name: 'again', guard: [{ in: 'members', key: '$request.body#/handle' }], response: '204' },
          ],
        },
      },
      '/open': {
        post: {
          operationId: 'open',
          requestBody: body({ room: { type: 'string' } }),
          responses: noContent,
          'x-transitions': [
            { name: 'open', guard: [{ in: 'rooms', key: '$request.body#/room' }], response: '204' },
            {
              name: 'opened',
              response: '204',
              effects: [{ put: 'rooms', key: '$request.body#/room', value: {} }],
            },
          ],
        },
      },
    },
  });

  it('is put into the state when no call can make it known, and made up when one can', async () => {
    const contract = await contractOf(
      invite({ invites: { 'AB-12-xyz': { by: 'AB-12-xyz' } }, members: {}, rooms: { a: {} } }),
    );
    const mock = createMock(contract, { seed: 1 });
    const inputs = mockInputs(await abilitiesOf(appTarget(mock)), contract, seededRandom(1));
    const key = await given(inputs, ask('invite'));
    expect(key).toMatch(/^AB-\d\d-[a-z]{3}$/);
    expect(mock.apis()[0]?.state.get('invites', key)).toEqual({ value: { by: key }, expiresAt: undefined });
    const room = await inputs(ask('room'));
    expect(room).toMatchObject({ kind: 'value', fresh: true });
    expect(await inputs(ask('room'))).not.toEqual(room);
  });

  it('has a key that nobody knows, however short those of the contract are', async () => {
    const contract = await contractOf(invite({ invites: { '4': {} }, members: {}, rooms: {} }));
    const mock = createMock(contract, { seed: 1 });
    const inputs = mockInputs(await abilitiesOf(appTarget(mock)), contract, seededRandom(1));
    const keys = [await given(inputs, ask('invite')), await given(inputs, ask('invite'))];
    expect(keys).toEqual([expect.stringMatching(/^4\d{4}$/), expect.stringMatching(/^4\d{4}$/)]);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(mock.apis()[0]?.state.get('invites', key)).toBeDefined();
  });

  it('is not to be had without an example', async () => {
    const contract = await contractOf(invite({ invites: {}, members: {}, rooms: {} }));
    const inputs = mockInputs(await abilitiesOf(appTarget(createMock(contract))), contract, seededRandom(1));
    for (const name of ['invite', 'other'])
      expect(await inputs(ask(name))).toEqual({ kind: 'none', reason: `no value is given for ${name}` });
    expect(await inputs(ask('mobile'))).toMatchObject({ value: expect.stringMatching(/^91\d{10}$/) });
  });
});
