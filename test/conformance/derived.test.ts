/** Values that are nearly right: each named, each another than the one that it is made from. */

import { describe, expect, test } from 'vitest';
import {
  derived,
  forgedName,
  nearCodes,
  nearKeys,
  nearReferences,
  nearTokens,
} from '../../conformance/input/derived.js';
import type { Json } from '../../openapi/json.js';
import { forgedTokens } from '../../openapi/token.js';

const part = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'A', iat: 1, exp: 2 })}.c2lnbmF0dXJl`;

describe('what is derived', () => {
  test.for<[name: string, from: Json, made: string | undefined]>([
    ['wrong', '48793', '71026'],
    ['wrong', 'abcxyz', 'defabc'],
    ['wrong', 'ABCXYZ', 'DEFABC'],
    ['wrong', 'a-B 7é', 'd-E 0é'],
    ['wrong', '--', undefined],
    ['wrong', '', undefined],
    ['prefix', '48793', '4879'],
    ['prefix', '4', ''],
    ['prefix', '', undefined],
    ['empty', '48793', ''],
    ['empty', '', undefined],
    ['longer', '48793', '487930'],
    ['longer', '', '0'],
    ['zero-before', '48793', '048793'],
    ['plus-before', '48793', '+48793'],
    ['decimal', '48793', '48793.0'],
    ['half', '48793', '487'],
    ['half', '4879', '48'],
    ['half', '4', undefined],
    ['last-other', '48793', '48796'],
    ['last-other', '', undefined],
    ['first-other', '48793', '78793'],
    ['rest-other', '48793', '41026'],
    ['repeated', 'ab', 'abab'],
    ['repeated', '', undefined],
    ['space-before', 'ab', ' ab'],
    ['space-after', 'ab', 'ab '],
    ['space-inside', '48793', '48 793'],
    ['hyphen-inside', '4879', '48-79'],
    ['line-break-after', 'ab', 'ab\n'],
    ['zero-byte-after', 'ab', 'ab\0'],
    ['full-width', 'a1~', '\uff41\uff11\uff5e'],
    ['arabic-digits', 'a09', 'a\u0660\u0669'],
    ['arabic-digits', 'ab', undefined],
    ['quoted', 'ab', '"ab"'],
    ['percent-encoded', 'a.b é😀', 'a%2Eb%20%C3%A9%F0%9F%98%80'],
    ['percent-encoded', 'ab', undefined],
    ['bearer-before', 'ab', 'Bearer ab'],
    ['other-case', 'ab', 'AB'],
    ['other-case', 'aB', 'ab'],
    ['other-case', '1', undefined],
    ['zeros', '48793', '00000'],
    ['zeros', '00', undefined],
    ['ones', '48', '11'],
    ['counting', 'abcdefghijk', '12345678901'],
    ['wildcard', '48', '%'],
    ['any-characters', '48', '__'],
    ['pattern', '48', '.*'],
    ['none', '48793', undefined],
    ['constructor', '48793', undefined],
    ['toString', '48793', undefined],
    ['', '48793', undefined],
    ['wrong', 48793, undefined],
    ['wrong', null, undefined],
    ['wrong', ['48793'], undefined],
    ['forged:none', token, undefined],
  ])('as %s of %j is %j', ([name, from, made]) => {
    expect(derived(name, from)).toBe(made);
  });

  test.each([...new Set([...nearCodes, ...nearKeys, ...nearReferences, ...nearTokens])])(
    'as %s is a text, and another one',
    (name) => {
      for (const text of ['48793', 'Secret-1', '0', '+0.0', 'a.b', ' ', '😀', '\ud800']) {
        const made = derived(name, text);
        expect(made).not.toBe(text);
        expect(made === undefined || typeof made === 'string').toBe(true);
      }
      expect(typeof derived(name, 'aB.48793')).toBe('string');
    },
  );

  test.each(forgedTokens(token).map(({ title, token: forged }) => [title, forged] as const))(
    'as a token of which is said "%s" is that one',
    (title, forged) => {
      expect(derived(`forged:${forgedName(title)}`, token)).toBe(forged);
    },
  );

  test('from what is no token is no token without a signature', () => {
    expect(derived(`forged:${forgedName('the signature is removed')}`, 'text')).toBeUndefined();
  });
});

describe('the names', () => {
  test('of forged tokens are words with hyphens, no two of them alike', () => {
    const names = forgedTokens(token).map(({ title }) => forgedName(title));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
    expect(forgedName('alg is RS256, (none)')).toBe('alg-is-rs256-none-');
  });
});
