/** Tokens: read, forged so that a JWT library refuses them, and held against their description and RFC 7519. */

import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Contract } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import { asObject, type Json, type JsonObject } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { seededRandom } from '../../openapi/random.js';
import { decodeToken, forgedTokens, signedToken } from '../../openapi/token.js';
import {
  instantViolation,
  responseInstants,
  responseTokens,
  type TokenViolation,
  tokenViolations,
} from '../../openapi/token-violations.js';

const secret = 'correct horse battery staple';
const iat = 1_692_786_685;
const header = { alg: 'HS256', typ: 'JWT' };
const claims: JsonObject = {
  fresh: true,
  iat,
  jti: 'b26f596d-d960-46ec-baf6-c7930d935120',
  type: 'access',
  sub: '39501T',
  nbf: iat,
  exp: iat + 864_000,
};

const tokenOf = (changes: JsonObject = {}): string => signedToken(header, { ...claims, ...changes }, secret);

/** A token whose parts are these, unsigned. */
const partsOf = (...parts: readonly (Json | Uint8Array)[]): string =>
  `${parts.map((part) => Buffer.from(part instanceof Uint8Array ? part : JSON.stringify(part)).toString('base64url')).join('.')}.`;

describe('a token is read', () => {
  test('into header and claims', () => {
    expect(decodeToken(tokenOf())).toEqual({ header, claims, signed: true });
  });

  test('without a signature', () => {
    expect(decodeToken(partsOf({ alg: 'none' }, { sub: 'ä' }))).toEqual({
      header: { alg: 'none' },
      claims: { sub: 'ä' },
      signed: false,
    });
  });

  test.each<[what: string, text: string]>([
    ['an empty text', ''],
    ['words', 'not a token'],
    ['two parts', partsOf(header, claims).slice(0, -1)],
    ['four parts', `${tokenOf()}.a`],
    ['claims that are a list', partsOf(header, [1])],
    ['claims that are a text', partsOf(header, 'a')],
    ['a header that is no JSON', partsOf(Uint8Array.from([123]), claims)],
    ['claims that are not UTF-8', partsOf(header, Uint8Array.from([0x22, 0xff, 0x22]))],
    ['base64 that is not that of URLs', tokenOf().replace(/\.[^.]*$/, '.a+/b')],
    ['padding', `${tokenOf()}=`],
    ['a space', ` ${tokenOf()}`],
    ['a signature of no whole bytes', `${partsOf(header, claims)}abcde`],
    ['a token cut off with dots', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...'],
  ])('and %s is none', (_, text) => {
    expect(decodeToken(text)).toBeUndefined();
  });
});

describe('a forged token', () => {
  const forged = forgedTokens(tokenOf());

  test.each(forged.map(({ title, token }) => [title, token] as const))(
    'is refused by a JWT library: %s',
    async (_, token) => {
      const options = { currentDate: new Date((iat + 10) * 1000) };
      await expect(jwtVerify(tokenOf(), new TextEncoder().encode(secret), options)).resolves.toBeDefined();
      await expect(jwtVerify(token, new TextEncoder().encode(secret), options)).rejects.toThrow();
    },
  );

  test('has a name of its own, and is unlike every other and the token', () => {
    const names = forged.map(({ title }) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
    expect(new Set(names).size).toBe(forged.length);
    expect(new Set([tokenOf(), ...forged.map(({ token }) => token)]).size).toBe(forged.length + 1);
  });

  test.each<[title: string, expected: object]>([
    ['the signature is removed', { header, claims, signed: false }],
    ['alg is none without a signature', { header: { alg: 'none', typ: 'JWT' }, claims, signed: false }],
    ['alg is none in capitals with the old signature', { header: { alg: 'NONE' }, claims, signed: true }],
    ['alg is another', { header: { alg: 'HS512' }, claims, signed: true }],
    ['the subject is another', { header, claims: { sub: '39501T1' }, signed: true }],
    ['it ends later', { header, claims: { exp: iat + 950_400 }, signed: true }],
    ['it is signed with a made up key', { header, claims, signed: true }],
  ])('%s', (title, expected) => {
    const { token = '' } = forged.find((each) => each.title === title) ?? {};
    expect(decodeToken(token)).toMatchObject(expected);
  });

  test('differs in what the last character of the signature stands for', () => {
    const { token = '' } = forged.find(({ title }) => title.startsWith('the last character')) ?? {};
    const bytes = (text: string) => Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url');
    expect(token.slice(0, -1)).toBe(tokenOf().slice(0, -1));
    expect(bytes(token).equals(bytes(tokenOf()))).toBe(false);
  });

  test('is made of what is no token too, as far as that makes sense', () => {
    expect(forgedTokens('opaque').map(({ token }) => token)).toEqual(['opaqu', 'paque', 'opa que', 'OPAQUE']);
    expect(forgedTokens('')).toEqual([{ title: 'it has a space inside', token: ' ' }]);
  });
});

const matar = await loadContract('matar');
const xerial = await loadContract('xerial');

const schemaIn = (contract: Contract, name: string): Place => ({
  file: contract.files[0] ?? '',
  pointer: `/components/schemas/${name}`,
});

const access = schemaIn(matar, 'AccessToken');

const found = (token: string): readonly TokenViolation[] =>
  tokenViolations(matar, access, token, '/access_token');
const told = (violations: readonly TokenViolation[]): readonly string[] =>
  violations.map(({ keyword, message }) => `${keyword}: ${message}`);
const without = (name: string): string =>
  signedToken(header, Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name)), secret);

describe('a token as described', () => {
  test('breaks nothing', () => {
    expect(found(tokenOf())).toEqual([]);
  });

  test('may live a second more or less', () => {
    expect(found(tokenOf({ exp: iat + 864_001 }))).toEqual([]);
    expect(found(tokenOf({ exp: iat + 863_999 }))).toEqual([]);
  });

  test.each(['AccessToken', 'RefreshToken'])('is what is generated for %s', (name) => {
    for (const contract of [matar, xerial]) {
      const context = { random: seededRandom(1), now: iat * 1000, secret, fixed: {}, dynamic: false };
      const schema = schemaIn(contract, name);
      expect(tokenViolations(contract, schema, String(contract.generate(schema, context)))).toEqual([]);
    }
  });
});

describe('a token breaks', () => {
  test.each<[what: string, token: string, violations: readonly string[]]>([
    [
      'its form',
      'opaque',
      [
        'contentMediaType: is not a JSON Web Token: three parts in base64url, of which the first two are JSON objects',
      ],
    ],
    ['a claim that is required', without('jti'), ['required: claim jti is required']],
    ['a claim that is fixed', tokenOf({ type: 'refresh' }), ['const: claim type must be "access"']],
    [
      'its header',
      signedToken({ alg: 'HS256', typ: 'at+jwt' }, claims, secret),
      ['const: header typ must be "JWT"'],
    ],
    ['a format', tokenOf({ jti: 'x' }), ['format: claim jti must match format "uuid"']],
    ['its lifetime', tokenOf({ exp: iat + 900 }), ['x-lifetime: lives 15 minutes, not 10 days']],
    [
      'its lifetime by an odd span',
      tokenOf({ exp: iat + 90_061 }),
      ['x-lifetime: lives 1 day 1 hour 1 minute 1 second, not 10 days'],
    ],
    ['its lifetime by seconds', tokenOf({ exp: iat + 5 }), ['x-lifetime: lives 5 seconds, not 10 days']],
    [
      'the unit of seconds',
      tokenOf({ exp: (iat + 864_000) * 1000 }),
      ['contentMediaType: claim exp is not in seconds but in milliseconds'],
    ],
    [
      'time',
      tokenOf({ exp: iat - 5 }),
      ['contentMediaType: claim exp is before iat: it is expired as it is made'],
    ],
    [
      'its own beginning',
      tokenOf({ nbf: iat + 3600 }),
      ['contentMediaType: claim nbf is 1 hour after iat: it cannot be used yet'],
    ],
    ['the era', tokenOf({ nbf: -5 }), ['contentMediaType: claim nbf is negative, which is before 1970']],
    [
      'a type that RFC 7519 fixes',
      tokenOf({ sub: 39501 }),
      ['type: claim sub must be of type string', 'contentMediaType: claim sub must be a string'],
    ],
    [
      'the type of an instant',
      tokenOf({ exp: '2024-01-01' }),
      [
        'type: claim exp must be of type integer',
        'contentMediaType: claim exp must be a number, the seconds since 1970',
      ],
    ],
    [
      'the form of a subject',
      tokenOf({ sub: 'a b:c' }),
      ['contentMediaType: claim sub has a ":" and is no URI'],
    ],
    [
      'the type of an audience',
      tokenOf({ aud: ['a', 5] }),
      ['contentMediaType: claim aud must be a string, or a list of them'],
    ],
  ])('%s', (_, token, violations) => {
    expect(told(found(token))).toEqual(violations);
    expect(found(token).every(({ pointer }) => pointer === '/access_token')).toBe(true);
  });

  test('nothing by what is allowed: a clock that is a minute off, a subject that is a URI, several audiences', () => {
    expect(found(tokenOf({ nbf: iat + 60 }))).toEqual([]);
    expect(found(tokenOf({ sub: 'urn:user:1', aud: ['a', 'b'], iss: 'https://example.com' }))).toEqual([]);
  });

  test('what the contract says at its place, and RFC 7519 with its section', () => {
    const [contract, standard] = found(tokenOf({ sub: 5 }));
    expect(contract).toMatchObject({
      schema: { pointer: '/components/schemas/AccessToken/contentSchema/prefixItems/1/properties/sub/type' },
      section: undefined,
      byStandard: false,
    });
    expect(standard).toMatchObject({ section: 'RFC 7519, section 4.1.2', byStandard: true });
    expect(found(tokenOf({ exp: iat + 900 }))).toMatchObject([
      { schema: { pointer: '/components/schemas/AccessToken/x-lifetime' }, byStandard: false },
    ]);
  });
});

describe('a lifetime', () => {
  const described = (members: JsonObject): Contract => ({
    ...matar,
    describe: (at, value) => [
      { pointer: '', value, schemas: [{ at, schema: { contentMediaType: 'application/jwt', ...members } }] },
    ],
  });

  test.each<[what: string, lifetime: string, claims: JsonObject, violations: readonly string[]]>([
    ['runs from nbf where there is no iat', 'PT1H', { nbf: 1000, exp: 4600 }, []],
    [
      'runs from nbf where there is no iat',
      'PT1H',
      { nbf: 1000, exp: 4700 },
      ['lives 1 hour 1 minute 40 seconds, not 1 hour'],
    ],
    ['is not known of a token without instants', 'PT1H', { exp: 4600 }, []],
    ['has an end', 'PT1H', { iat: 1000 }, ['never ends, and not after 1 hour']],
    ['follows the calendar', 'P1M', { iat: 1_706_745_600, exp: 1_709_251_200 }, []],
    [
      'is told in days, hours and minutes',
      'P1440D',
      { iat: 0, exp: 8400 },
      ['lives 2 hours 20 minutes, not 1,440 days'],
    ],
  ])('%s: %s', (_, lifetime, given, violations) => {
    const token = signedToken(header, given, secret);
    const messages = tokenViolations(described({ 'x-lifetime': lifetime }), access, token).map(
      ({ message }) => message,
    );
    expect(messages).toEqual(violations);
  });
});

/** The schema of a documented response. */
function responseSchema(contract: Contract, id: string, status: string): Place {
  const operation = contract.operations.find((each) => each.id === id);
  const schema = operation?.responses.find((each) => each.status === status)?.content[0]?.schema;
  if (schema === undefined) throw new TypeError(`${id} has no schema for ${status}`);
  return schema;
}

describe('the tokens of a response', () => {
  const login = responseSchema(matar, 'login', '200');
  const refresh = responseSchema(xerial, 'refreshTokens', '200');
  const names = (contract: Contract, schema: Place, value: Json): readonly string[] =>
    responseTokens(contract, schema, value).map(
      ({ pointer, schema: { pointer: at }, token }) => `${pointer} ${at.split('/').at(-1)} ${token}`,
    );

  test('are found among alternatives', () => {
    expect(names(matar, login, { access_token: 'a', refresh_token: 'r' })).toEqual([
      '/access_token AccessToken a',
      '/refresh_token RefreshToken r',
    ]);
    expect(names(matar, login, { message: 'sent otp' })).toEqual([]);
  });

  test('are found where the response is not as described otherwise', () => {
    expect(names(matar, login, { access_token: 'a', refresh_token: 5 })).toEqual([
      '/access_token AccessToken a',
    ]);
    expect(names(matar, login, { access_token: 'a' })).toEqual(['/access_token AccessToken a']);
  });

  const pair: Json = {
    access: { token: 'a', expires: '2024-01-01T02:20:00Z' },
    refresh: { token: 'r', expires: '2024-01-01T02:20:00Z' },
  };

  test('are found within members', () => {
    expect(names(xerial, refresh, pair)).toEqual([
      '/access/token AccessToken a',
      '/refresh/token RefreshToken r',
    ]);
  });

  test('come with instants of which the contract says how far ahead they lie', () => {
    const [ofAccess, ofRefresh, ...others] = responseInstants(xerial, refresh, pair);
    expect(others).toEqual([]);
    expect(ofAccess).toMatchObject({
      pointer: '/access/expires',
      schema: { pointer: '/components/schemas/AccessExpires' },
      instant: Date.parse('2024-01-01T02:20:00Z'),
      lifetime: 'PT140M',
    });
    if (ofAccess === undefined || ofRefresh === undefined) throw new TypeError('there are two');
    const now = Date.parse('2024-01-01T00:00:00Z');
    expect(instantViolation(ofAccess, now, 2)).toBeUndefined();
    expect(instantViolation(ofAccess, now + 2000, 2)).toBeUndefined();
    expect(instantViolation(ofAccess, now + 3000, 2)?.message).toBe(
      'lies 2 hours 19 minutes 57 seconds ahead, not 2 hours 20 minutes',
    );
    expect(instantViolation(ofRefresh, now, 2)).toMatchObject({
      pointer: '/refresh/expires',
      keyword: 'x-lifetime',
      message: 'lies 2 hours 20 minutes ahead, not 1,440 days',
    });
    const past = { ...ofAccess, instant: now - 60_000 };
    expect(instantViolation(past, now, 2)?.message).toBe('lies 1 minute back, not 2 hours 20 minutes ahead');
    expect(instantViolation({ ...ofAccess, instant: undefined }, now, 2)).toBeUndefined();
  });

  test('of the documented samples are tokens or are cut off, and live as documented', () => {
    const samples = matar.operations
      .flatMap(({ responses }) => responses.flatMap(({ content }) => content))
      .flatMap(({ schema, examples }) =>
        schema === undefined
          ? []
          : examples.flatMap(({ value = null }) => responseTokens(matar, schema, value)),
      );
    expect(samples).toHaveLength(2);
    expect(samples.flatMap(({ schema, token }) => tokenViolations(matar, schema, token))).toEqual([]);
    expect(asObject(decodeToken(samples[0]?.token ?? '')?.claims).sub).toBe('39501T');
  });
});
