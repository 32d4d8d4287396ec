/** Two contents: when they are the same but for the names of what each server makes, and when they are not. */

import { describe, expect, it } from 'vitest';
import { type Comparing, contentDifferences } from '../../conformance/compare/content.js';
import type { Said } from '../../conformance/compare/made.js';
import { createRenaming } from '../../conformance/compare/renaming.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import { signedToken } from '../../openapi/token.js';

const now = Date.UTC(2026, 5, 1, 12);
const seconds = now / 1000;
const later = (milliseconds: number): string => new Date(now + milliseconds).toISOString();

function comparing(more: Partial<Comparing> = {}): Comparing {
  return {
    renaming: createRenaming(),
    now: [now, now],
    tolerance: 30_000,
    said: () => 'nothing',
    breaks: () => [false, false],
    subject: 'orders',
    isIgnored: () => false,
    ...more,
  };
}

/** What differs between pairs of contents that come one after the other. */
function differences(pairs: readonly (readonly [Json, Json])[], more: Partial<Comparing> = {}): string[] {
  const shared = comparing(more);
  return pairs.flatMap(([a, b]) => contentDifferences(a, b, shared).map(({ kind, at }) => `${kind} ${at}`));
}

const token = (claims: JsonObject, secret = 'a', header: JsonObject = { typ: 'JWT' }): string =>
  signedToken(header, claims, secret);
const claims = (more: JsonObject = {}): JsonObject => ({
  sub: 'u1',
  jti: 'j1',
  iat: seconds,
  exp: seconds + 3600,
  type: 'access',
  ...more,
});

describe('what is fixed must be the same', () => {
  it.each<readonly [string, Json, Json, readonly string[]]>([
    ['the same words', { message: 'Invalid OTP' }, { message: 'Invalid OTP' }, []],
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['another word', { message: 'Invalid OTP' }, { message: 'Wrong OTP' }, ['content /message']],
    ['another letter case', { message: 'Not Found' }, { message: 'Not found' }, ['content /message']],
    ['another number', { count: 3 }, { count: 4 }, ['content /count']],
    ['another truth', { fresh: true }, { fresh: false }, ['content /fresh']],
    ['a number as a text', { code: 404 }, { code: '404' }, ['content /code']],
    ['null in the place of a text', { image: '' }, { image: null }, ['content /image']],
    ['a member too many', { a: 1 }, { a: 1, b: 2 }, ['content /b']],
    ['a member too few', { a: 1, b: null }, { a: 1 }, ['content /b']],
    ['a longer list', { items: [1] }, { items: [1, 2] }, ['content /items']],
    ['another order of a list', ['x', 'y'], ['y', 'x'], ['content /0', 'content /1']],
    ['a list in the place of an object', [], {}, ['content ']],
    ['a sentence with another number', '2 tries left', '3 tries left', ['content ']],
    ['a slug', { post: 'my-first-post-of-2024' }, { post: 'my-other-post-of-2024' }, ['content /post']],
    ['a phone number of nobody', { phone: '919000000001' }, { phone: '919000000002' }, ['content /phone']],
  ])('%s', (_, a, b, expected) => {
    expect(differences([[a, b]])).toEqual(expected);
  });
});

const uuid = (digit: number): string => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

describe('what a server makes has another name at the other, the same each time', () => {
  it.each<readonly [string, readonly (readonly [Json, Json])[], readonly string[]]>([
    ['an id once', [[{ id: uuid(1) }, { id: uuid(2) }]], []],
    [
      'an id again',
      [
        [{ id: uuid(1) }, { id: uuid(2) }],
        [{ order_id: uuid(1) }, { order_id: uuid(2) }],
      ],
      [],
    ],
    [
      'another id where A has the same',
      [
        [{ id: uuid(1) }, { id: uuid(2) }],
        [{ id: uuid(1) }, { id: uuid(3) }],
      ],
      ['identity /id'],
    ],
    [
      'the same id where A has another',
      [
        [{ id: uuid(1) }, { id: uuid(2) }],
        [{ id: uuid(3) }, { id: uuid(2) }],
      ],
      ['identity /id'],
    ],
    [
      'two ids in each other’s place',
      [
        [
          [uuid(1), uuid(2)],
          [uuid(3), uuid(4)],
        ],
        [
          [uuid(1), uuid(2)],
          [uuid(4), uuid(3)],
        ],
      ],
      ['identity /0', 'identity /1'],
    ],
    ['an id that both servers know by one name', [[{ id: uuid(1) }, { id: uuid(1) }]], []],
    [
      'an id that was the same at both, and is no longer',
      [
        [{ id: uuid(1) }, { id: uuid(1) }],
        [{ id: uuid(1) }, { id: uuid(2) }],
      ],
      ['identity /id'],
    ],
    [
      'a short number by the name of an id',
      [
        [{ id: 7 }, { id: 41 }],
        [{ id: 7 }, { id: 41 }],
      ],
      [],
    ],
    [
      'short numbers of different kinds',
      [
        [{ user_id: 7 }, { user_id: 41 }],
        [{ item_id: 7 }, { item_id: 9 }],
      ],
      [],
    ],
    [
      'a short number of another',
      [
        [{ id: 7 }, { id: 41 }],
        [{ id: 7 }, { id: 42 }],
      ],
      ['identity /id'],
    ],
    ['ids of other forms', [[{ id: uuid(1) }, { id: '01HZY3K8Q2V7W9X4B6N5M1C0DE' }]], []],
    ['an id in a sentence', [[`order ${uuid(1)} is gone`, `order ${uuid(2)} is gone`]], []],
    [
      'an id in a path, which is that of another',
      [
        [{ id: uuid(1) }, { id: uuid(2) }],
        [{ url: `/orders/${uuid(1)}` }, { url: `/orders/${uuid(3)}` }],
      ],
      ['content /url'],
    ],
  ])('%s', (_, pairs, expected) => {
    expect(differences(pairs)).toEqual(expected);
  });

  it.each<readonly [string, Said, readonly string[]]>([
    ['is another name where the rules leave it to the server', 'made', []],
    ['is another word where they say nothing', 'nothing', ['content /code']],
    ['is another word where they fix it', 'fixed', ['content /code']],
  ])('a word that looks like any other %s', (_, said, expected) => {
    expect(differences([[{ code: 'AB12CD' }, { code: 'XY98ZW' }]], { said: () => said })).toEqual(expected);
  });

  it('is not the id that the rules fix, though it looks like one', () => {
    expect(differences([[{ id: uuid(1) }, { id: uuid(2) }]], { said: () => 'fixed' })).toEqual([
      'content /id',
    ]);
  });

  it('fits the schema at both, or at neither', () => {
    const pair = [[{ id: uuid(1) }, { id: 'x' }]] as const;
    expect(differences(pair, { breaks: () => [false, true] })).toEqual(['content /id']);
    expect(differences(pair, { breaks: () => [true, true] })).toEqual([]);
  });

  it('is found again within a text when it was given', () => {
    const renaming = createRenaming();
    renaming.bind('919000000001', '918000000007');
    const sent = [['sent to +919000000001', 'sent to +918000000007']] as const;
    expect(differences(sent, { renaming })).toEqual([]);
    expect(differences([['sent to +919000000001', 'sent to +918000000008']], { renaming })).toEqual([
      'content ',
    ]);
  });

  it('need not be looked at where the user says so', () => {
    const isIgnored = (pointer: string): boolean => pointer === '/message';
    expect(
      differences(
        [
          [
            { message: 'a', code: 1 },
            { message: 'b', code: 2 },
          ],
        ],
        { isIgnored },
      ),
    ).toEqual(['content /code']);
  });
});

describe('tokens are read', () => {
  it.each<readonly [string, JsonObject, JsonObject, readonly string[]]>([
    ['of other keys and ids', claims(), claims({ sub: 'x9', jti: 'k1' }), []],
    ['of another type', claims(), claims({ type: 'refresh' }), ['content /t#/type']],
    ['without a claim', claims({ nbf: seconds }), claims(), ['content /t#/nbf']],
    ['issued some seconds later', claims(), claims({ iat: seconds + 9, exp: seconds + 3609 }), []],
    ['issued an hour ago', claims(), claims({ iat: seconds - 3600, exp: seconds }), ['content /t#/iat']],
    ['that live longer', claims(), claims({ exp: seconds + 7200 }), ['content /t#/exp']],
    ['that live a rounded second longer', claims(), claims({ exp: seconds + 3601 }), []],
    ['that end in milliseconds', claims(), claims({ exp: (seconds + 3600) * 1000 }), ['content /t#/exp']],
    ['with a number for whom they are', claims(), claims({ sub: 4 }), ['content /t#/sub']],
  ])('%s', (_, a, b, expected) => {
    expect(differences([[{ t: token(a) }, { t: token(b, 'b') }]])).toEqual(expected);
  });

  it('by their header, but for the name of the key', () => {
    const a = token(claims(), 'a', { typ: 'JWT', kid: 'one' });
    expect(differences([[{ t: a }, { t: token(claims(), 'b', { typ: 'JWT', kid: 'two' }) }]])).toEqual([]);
    expect(differences([[{ t: a }, { t: token(claims(), 'b', { typ: 'at+jwt', kid: 'three' }) }]])).toEqual([
      'content /t#header/typ',
    ]);
  });

  it('by who they are of: two users whose claims are in each other’s place part', () => {
    const users = [
      [claims({ sub: 'u1' }), claims({ sub: 'v1', jti: 'k1' })],
      [claims({ sub: 'u2', jti: 'j2' }), claims({ sub: 'v1', jti: 'k2' })],
    ] as const;
    const pairs = users.map(([a, b]) => [{ t: token(a) }, { t: token(b, 'b') }] as const);
    expect(differences(pairs)).toEqual(['identity /t#/sub']);
  });

  it('by their text: one that comes again at one server only parts', () => {
    const [first, second] = [token(claims()), token(claims({ jti: 'j2' }))];
    const old = token(claims({ jti: 'k1' }), 'b');
    expect(
      differences([
        [{ t: first }, { t: old }],
        [{ t: second }, { t: old }],
      ]),
    ).toEqual(['identity /t']);
  });

  it('and are no tokens at one server only', () => {
    expect(differences([[{ t: token(claims()) }, { t: 'a1b2c3d4e5f6a7b8c9d0e1f2' }]])).toEqual([
      'content /t',
    ]);
  });
});

describe('times are seen from the clock of each server', () => {
  const day = 86_400_000;

  it.each<readonly [string, Json, Json, readonly string[]]>([
    ['seconds apart', { at: later(0) }, { at: later(5000) }, []],
    ['minutes apart', { at: later(0) }, { at: later(300_000) }, ['content /at']],
    ['in another notation', { at: '2026-06-01T12:00:00Z' }, { at: '2026-06-01T14:00:00.500+02:00' }, []],
    ['as seconds since 1970', { at: seconds }, { at: seconds + 3 }, []],
    ['as seconds that count down', { expires_in: 3600 }, { expires_in: 3599 }, []],
    [
      'as seconds that count down from elsewhere',
      { expires_in: 3600 },
      { expires_in: 900 },
      ['content /expires_in'],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(differences([[a, b]])).toEqual(expected);
  });

  it('of which one is a day ahead', () => {
    const clocks = { now: [now, now + day] } as const;
    expect(differences([[{ at: later(0) }, { at: later(day) }]], clocks)).toEqual([]);
    expect(differences([[{ at: later(0) }, { at: later(1000) }]], clocks)).toEqual(['content /at']);
  });
});
