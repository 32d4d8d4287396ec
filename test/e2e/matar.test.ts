/** Matar over a socket: the documented calls with their documented payloads, byte by byte, and the life of a token. */

import { execFile, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { stateOf } from '../mock/contracts.js';
import { type Received, type Sent, send } from './client.js';
import { noon, served } from './served.js';

const sampleNumber = '919743256789';
const otherNumber = '919277140178';

/** The sample of the page Submit OTP, as printed. */
const submitOtpSample = `curl --location 'https://matar.in.ngrok.io/api/v1/login' \\
--header 'Content-Type: application/json' \\
--data '{
    "phone_number": "919743256789",
    "name": "Sri",
    "action": "submit_otp",
    "otp": "48793"
}'`;

/** The sample of the page Login, as printed. */
const sendOtpSample = `curl --location 'https://matar.app/api/v1/login' \\
--header 'Content-Type: application/json' \\
--data '{
    "phone_number": "919277140178",
    "name": "skb",
    "action": "send_otp"
}'`;

/** The documented error bodies, and those inferred from the same set of handlers. */
const bodies = {
  sent: '{"message":"sent otp"}',
  invalidOtp: '{"message":"Invalid OTP"}',
  expiredOtp: '{"is_expired_otp":true,"message":"expired otp please try again"}',
  loggedOut: '{"message":"Successfully logged out"}',
  user: '{"_id":"39501T","image_url":null,"language":"hi-IN","name":"Sri","phone_number":"917254326789","roles":{"default":["129487316"]}}',
  revoked: '{"description":"The token has been revoked.","error":"token_revoked"}',
  expired: '{"description":"The token has expired.","error":"token_expired"}',
  missing: '{"description":"Request does not contain an access token.","error":"authorization_required"}',
  invalid: '{"description":"Signature verification failed.","error":"invalid_token"}',
} as const;

const curlIsMissing = spawnSync('curl', ['--version']).error !== undefined;
const installCurl = 'curl is not installed; apt-get install curl (or the like) to run this test';

/** Runs a documented sample in a shell, with only its host changed, and gives what curl prints. */
async function pasted(sample: string, url: string): Promise<string> {
  const line = sample.replace(/https:\/\/[^/']+/, url);
  const { stdout } = await promisify(execFile)('sh', ['-c', line], {
    env: { ...process.env, NO_PROXY: '*' },
  });
  return stdout;
}

type Tokens = { readonly access: string; readonly refresh: string };

const submit = (url: string, otp: string, number = sampleNumber): Promise<Received> =>
  send(`${url}/api/v1/login`, { body: { phone_number: number, name: 'Sri', action: 'submit_otp', otp } });

const ask = (url: string, number: string): Promise<Received> =>
  send(`${url}/api/v1/login`, { body: { phone_number: number, name: 'Sri', action: 'send_otp' } });

const logout = (url: string, authorization?: string): Promise<Received> =>
  send(`${url}/api/v1/logout`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
  });

const currentUser = (url: string, authorization?: string): Promise<Received> =>
  send(`${url}/api/v1/get_current_user`, { headers: authorization === undefined ? {} : { authorization } });

const move = (url: string, by: string): Promise<Received> =>
  send(`${url}/__counterfoil/clock`, { body: { move: by } });

function tokensOf(text: string): Tokens {
  const { access_token: access, refresh_token: refresh } = JSON.parse(text);
  return { access, refresh };
}

async function login(url: string): Promise<Tokens> {
  return tokensOf((await submit(url, '48793')).text);
}

async function otpFor(url: string, number: string): Promise<string> {
  const { messages } = JSON.parse((await send(`${url}/__counterfoil/inbox?to=${number}`)).text);
  return messages.at(-1).content.otp;
}

const answer = ({ status, text }: Received): [number, string] => [status, text];

const decoded = (token: string): string[] =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => Buffer.from(part, 'base64url').toString());

describe('the documented login', () => {
  test('pasted from its page, answers with two documented JWTs', async (context) => {
    if (curlIsMissing) context.skip(installCurl);
    const { mock, url } = await served();
    const text = await pasted(submitOtpSample, url);
    expect(text).toMatch(/^\{"access_token":"[\w.-]+","refresh_token":"[\w.-]+"\}$/);
    expect(mock.journal.list().map(({ response }) => response.status)).toEqual([200]);
    await expectDocumented(tokensOf(text), mock.secret);
  });

  test('of the page Login, pasted, sends a code', async (context) => {
    if (curlIsMissing) context.skip(installCurl);
    const { mock, url } = await served();
    expect(await pasted(sendOtpSample, url)).toBe(bodies.sent);
    expect(mock.journal.list().map(({ response }) => response.status)).toEqual([200]);
    expect(await otpFor(url, otherNumber)).toMatch(/^\d{5}$/);
  });

  test('answers the same to a client without a shell', async () => {
    const { mock, url } = await served();
    const response = await fetch(`${url}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"phone_number":"919743256789","name":"Sri","action":"submit_otp","otp":"48793"}',
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    await expectDocumented(tokensOf(await response.text()), mock.secret);
  });

  test('gives every token an id of its own, in the same second too', async () => {
    const { url } = await served();
    const all = [await login(url), await login(url)].flatMap(({ access, refresh }) => [access, refresh]);
    const ids = all.map((token) => JSON.parse(decoded(token)[1] ?? '').jti);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

/** Header and claims in the documented order, the signature that of the mock's secret. */
async function expectDocumented({ access, refresh }: Tokens, secret: string): Promise<void> {
  const iat = noon / 1000;
  const days = 86_400;
  for (const [token, fresh, type, lifetime] of [
    [access, true, 'access', 10 * days],
    [refresh, false, 'refresh', 60 * days],
  ] as const) {
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      currentDate: new Date(noon),
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload.exp).toBe(iat + lifetime);
    expect(decoded(token)).toEqual([
      '{"alg":"HS256","typ":"JWT"}',
      `{"fresh":${fresh},"iat":${iat},"jti":"${payload.jti}","type":"${type}","sub":"39501T","nbf":${iat},"exp":${iat + lifetime}}`,
    ]);
  }
}

describe('an OTP', () => {
  test('that is wrong gets the documented refusal', async () => {
    const { url } = await served();
    expect(answer(await submit(url, '00000'))).toEqual([400, bodies.invalidOtp]);
    expect(answer(await submit(url, '48793', otherNumber))).toEqual([400, bodies.invalidOtp]);
  });

  test('is sent, and logs its number in', async () => {
    const { url } = await served();
    expect(answer(await ask(url, otherNumber))).toEqual([200, bodies.sent]);
    const { status, text } = await submit(url, await otpFor(url, otherNumber), otherNumber);
    expect(status).toBe(200);
    const { text: user } = await currentUser(url, `Bearer ${tokensOf(text).access}`);
    expect(JSON.parse(user)).toMatchObject({ name: 'Sri', phone_number: otherNumber });
  });

  test.each([
    ['PT9M59S', 200],
    ['PT10M', 400],
    ['PT11M', 400],
  ])('sent %s ago is answered %i', async (age, status) => {
    const { url } = await served();
    await ask(url, otherNumber);
    const otp = await otpFor(url, otherNumber);
    await move(url, age);
    const received = await submit(url, otp, otherNumber);
    expect(received.status).toBe(status);
    if (status === 400) expect(received.text).toBe(bodies.expiredOtp);
  });
});

describe('an access token', () => {
  test('shows its user, and is ended by the logout, for every call', async () => {
    const { url } = await served();
    const { access } = await login(url);
    expect(answer(await currentUser(url, `Bearer ${access}`))).toEqual([200, bodies.user]);
    expect(answer(await logout(url, `Bearer ${access}`))).toEqual([200, bodies.loggedOut]);
    expect(answer(await logout(url, `Bearer ${access}`))).toEqual([401, bodies.revoked]);
    expect(answer(await currentUser(url, `Bearer ${access}`))).toEqual([401, bodies.revoked]);
  });

  test('goes on when another session of its user is logged out', async () => {
    const { url } = await served();
    const [one, other] = [await login(url), await login(url)];
    await logout(url, `Bearer ${one.access}`);
    expect(answer(await currentUser(url, `Bearer ${one.access}`))).toEqual([401, bodies.revoked]);
    expect(answer(await currentUser(url, `Bearer ${other.access}`))).toEqual([200, bodies.user]);
    expect(answer(await logout(url, `Bearer ${other.access}`))).toEqual([200, bodies.loggedOut]);
  });

  test.each([
    ['P9DT23H59M59S', [200, bodies.user]],
    ['P10D', [401, bodies.expired]],
    ['P11D', [401, bodies.expired]],
  ])('that is %s old is answered %j', async (age, expected) => {
    const { url } = await served();
    const { access } = await login(url);
    expect((await move(url, age)).status).toBe(200);
    expect(answer(await currentUser(url, `Bearer ${access}`))).toEqual(expected);
  });

  test('that is both expired and revoked counts as expired', async () => {
    const { url } = await served();
    const { access } = await login(url);
    await logout(url, `Bearer ${access}`);
    await move(url, 'P10D');
    expect(answer(await logout(url, `Bearer ${access}`))).toEqual([401, bodies.expired]);
  });

  test('is one of 200 concurrent logouts: exactly one succeeds', async () => {
    const { url } = await served();
    const { access } = await login(url);
    const answers = await Promise.all(Array.from({ length: 200 }, () => logout(url, `Bearer ${access}`)));
    expect(answers.filter(({ status }) => status === 200).map(({ text }) => text)).toEqual([
      bodies.loggedOut,
    ]);
    const rest = answers.filter(({ status }) => status !== 200).map(answer);
    expect(rest).toEqual(Array.from({ length: 199 }, () => [401, bodies.revoked]));
  });
});

/** What a live session makes of a credential. */
type Credential = (tokens: Tokens, secret: string) => string | undefined;

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (header: object, claims: string, secret: string): string => {
  const input = `${encoded(header)}.${claims}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const claimsOf = (token: string): string => token.split('.')[1] ?? '';

const refused: readonly (readonly [name: string, credential: Credential, body: string])[] = [
  ['no Authorization at all', () => undefined, bodies.missing],
  ['an empty Authorization', () => '', bodies.missing],
  ['another scheme', () => 'Basic dXNlcjpwYXNz', bodies.missing],
  ['a token without a scheme', ({ access }) => access, bodies.missing],
  ['Bearer alone', () => 'Bearer', bodies.invalid],
  ['garbage', () => 'Bearer garbage', bodies.invalid],
  ['the refresh token', ({ refresh }) => `Bearer ${refresh}`, bodies.invalid],
  ['two tokens', ({ access }) => `Bearer ${access} ${access}`, bodies.invalid],
  ['two credentials', ({ access }) => `Bearer ${access}, Bearer ${access}`, bodies.invalid],
  ['a token cut short', ({ access }) => `Bearer ${access.slice(0, -1)}`, bodies.invalid],
  [
    'a signature by another secret',
    ({ access }) => `Bearer ${signed({ alg: 'HS256', typ: 'JWT' }, claimsOf(access), 'another secret')}`,
    bodies.invalid,
  ],
  [
    'alg none',
    ({ access }) => `Bearer ${encoded({ alg: 'none', typ: 'JWT' })}.${claimsOf(access)}.`,
    bodies.invalid,
  ],
  [
    'a well-signed token that no login gave out',
    (_, secret) =>
      `Bearer ${signed({ alg: 'HS256', typ: 'JWT' }, encoded({ sub: '39501T', type: 'access' }), secret)}`,
    bodies.invalid,
  ],
];

describe('a credential', () => {
  test.each(refused)('that is %s is refused', async (_, credential, body) => {
    const { mock, url } = await served();
    const authorization = credential(await login(url), mock.secret);
    for (const call of [currentUser, logout]) {
      const received = await call(url, authorization);
      expect(answer(received)).toEqual([401, body]);
      expect(received.headers['content-type']).toBe('application/json');
    }
  });

  test('sent in two fields is refused', async () => {
    const { url } = await served();
    const { access } = await login(url);
    const twice = [`Bearer ${access}`, `Bearer ${access}`];
    const received = await send(`${url}/api/v1/get_current_user`, { headers: { authorization: twice } });
    expect(answer(received)).toEqual([401, bodies.invalid]);
  });

  test.each(['bearer', 'BEARER', 'bEaReR'])(
    'of the scheme spelled %s is taken (RFC 9110, section 11.1)',
    async (scheme) => {
      const { url } = await served();
      const { access } = await login(url);
      expect(answer(await currentUser(url, `${scheme} ${access}`))).toEqual([200, bodies.user]);
    },
  );
});

describe('preferences', () => {
  test.each([
    ['code=400', 400, bodies.expiredOtp, 'code=400'],
    ['code=400, example=invalid-otp', 400, bodies.invalidOtp, 'code=400, example=invalid-otp'],
    ['example="invalid-otp"', 400, bodies.invalidOtp, 'example=invalid-otp'],
  ])('%s is given, without a body', async (prefer, status, body, applied) => {
    const { url } = await served();
    const received = await send(`${url}/api/v1/login`, { method: 'POST', headers: { prefer } });
    expect(answer(received)).toEqual([status, body]);
    expect(received.headers['preference-applied']).toBe(applied);
  });

  test('code=401 and example give each documented refusal, without a token', async () => {
    const { url } = await served();
    for (const [example, body] of [
      ['token-revoked', bodies.revoked],
      ['token-expired', bodies.expired],
      ['invalid-token', bodies.invalid],
      ['authorization-required', bodies.missing],
    ]) {
      const prefer = `code=401, example=${example}`;
      const received = await send(`${url}/api/v1/get_current_user`, { headers: { prefer } });
      expect(answer(received)).toEqual([401, body]);
      expect(received.headers['preference-applied']).toBe(prefer);
    }
  });

  test('delay=2 waits two seconds', async () => {
    const waited: number[] = [];
    const { url } = await served({ wait: async (seconds) => void waited.push(seconds) });
    const headers = { prefer: 'delay=2' };
    const { status, headers: fields } = await send(`${url}/api/v1/get_current_user`, { headers });
    expect([status, fields['preference-applied'], waited]).toEqual([401, 'delay=2', [2]]);
  });

  test('dynamic=true makes new tokens in the place of the printed ones', async () => {
    const { mock, url } = await served();
    const headers = { prefer: 'code=200, example=tokens, dynamic=true' };
    const body = { phone_number: '1', name: '', action: 'send_otp' };
    const { status, text, headers: fields } = await send(`${url}/api/v1/login`, { headers, body });
    expect([status, fields['preference-applied']]).toEqual([200, headers.prefer]);
    const { payload } = await jwtVerify(tokensOf(text).access, new TextEncoder().encode(mock.secret), {
      currentDate: new Date(noon),
    });
    expect(payload).toMatchObject({ fresh: true, type: 'access', iat: noon / 1000 });
  });

  test('that are impossible say why, and what there is', async () => {
    const { url } = await served();
    const headers = { prefer: 'code=418' };
    const { status, text, headers: fields } = await send(`${url}/api/v1/get_current_user`, { headers });
    expect([status, fields['content-type']]).toEqual([400, 'application/problem+json']);
    expect(JSON.parse(text)).toEqual({
      type: 'urn:counterfoil:problem:impossible-preference',
      title: 'The preference cannot be honoured',
      status: 400,
      detail: 'getCurrentUser documents no response 418, only 200, 401.',
    });
  });
});

type BrokenRequest = {
  readonly name: string;
  readonly path?: string;
  readonly sent: Sent;
  readonly status: number;
  readonly problem: string;
  readonly pointers?: readonly string[];
};

const brokenRequests: readonly BrokenRequest[] = [
  {
    name: 'lacks two required members',
    sent: { body: { action: 'submit_otp', phone_number: '1' } },
    status: 400,
    problem: 'invalid-request',
    pointers: ['#/name', '#/otp'],
  },
  {
    name: 'has members of another type',
    sent: { body: { action: 'send_otp', phone_number: 919, name: null } },
    status: 400,
    problem: 'invalid-request',
    pointers: ['#/phone_number', '#/name'],
  },
  {
    name: 'has malformed JSON',
    sent: { body: '{"action":', headers: { 'content-type': 'application/json' } },
    status: 400,
    problem: 'invalid-request',
    pointers: ['#'],
  },
  {
    name: 'has no content',
    sent: { method: 'POST' },
    status: 400,
    problem: 'invalid-request',
    pointers: ['#'],
  },
  {
    name: 'has content of another media type',
    sent: { body: 'action=send_otp' },
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    name: 'accepts nothing that there is',
    sent: { body: { action: 'send_otp', phone_number: '1', name: '' }, headers: { accept: 'text/html' } },
    status: 406,
    problem: 'not-acceptable',
  },
  {
    name: 'goes to an unknown path',
    path: '/api/v1/log_out',
    sent: { method: 'POST' },
    status: 404,
    problem: 'unknown-path',
  },
  { name: 'has the wrong method', sent: { method: 'PUT' }, status: 405, problem: 'unknown-method' },
];

describe('a request that breaks the contract', () => {
  test.each(brokenRequests)(
    'and $name gets a problem, and changes nothing',
    async ({ path = '/api/v1/login', sent, status, problem, pointers }) => {
      const { mock, url } = await served();
      const before = stateOf(mock);
      const received = await send(`${url}${path}`, sent);
      expect([received.status, received.headers['content-type']]).toEqual([
        status,
        'application/problem+json',
      ]);
      const details = JSON.parse(received.text);
      expect(details).toMatchObject({ type: `urn:counterfoil:problem:${problem}`, status });
      expect(details.errors?.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
      expect(stateOf(mock)).toEqual(before);
    },
  );

  test('names the nearest path, and the methods that there are', async () => {
    const { url } = await served();
    const unknown = await send(`${url}/api/v1/log_out`, { method: 'POST' });
    expect(JSON.parse(unknown.text)).toMatchObject({ nearest: '/api/v1/logout' });
    const wrong = await send(`${url}/api/v1/login`, { method: 'DELETE' });
    expect(wrong.headers.allow).toBe('POST');
  });
});
