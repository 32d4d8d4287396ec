/** Two answers: status, the fields that clients act on, content; and several that came at the same moment. */

import { describe, expect, it } from 'vitest';
import { type Answers, compareAnswers } from '../../conformance/compare/answers.js';
import { createRenaming } from '../../conformance/compare/renaming.js';
import type { Outcome } from '../../conformance/target.js';
import type { Field } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';

const contract = await loadContract('test/cli/pets.yaml');

function response(status: number, fields: readonly Field[], content?: Json | Uint8Array): Outcome {
  const bytes =
    content === undefined || content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(JSON.stringify(content));
  return { kind: 'response', response: { status, fields, content: bytes }, faults: [] };
}

const failure: Outcome = { kind: 'failure', failure: 'reset', why: 'closed', faults: [], partial: undefined };
const json: Field = ['content-type', 'application/json'];

function side(...outcomes: readonly Outcome[]): Answers {
  return { outcomes, expected: () => 'nothing', now: 0 };
}

function differences(a: Answers, b: Answers, atOnce = false, ignored: readonly string[] = []): string[] {
  const measure = {
    contract,
    operation: contract.operations[0],
    tolerance: 30_000,
    isIgnored: (place: string) => ignored.includes(place),
  };
  return compareAnswers(a, b, atOnce, createRenaming(), measure).differences.map(({ kind, at }) =>
    `${kind} ${at}`.trim(),
  );
}

describe('one answer beside the other', () => {
  it.each<readonly [string, Outcome, Outcome, readonly string[]]>([
    ['the same', response(200, [json], ['Rex']), response(200, [json], ['Rex']), []],
    ['another status, whatever else differs', response(200, [json], {}), response(404, [], {}), ['status']],
    ['an answer beside none', response(200, []), failure, ['outcome']],
    ['none beside none', failure, { ...failure, failure: 'timeout' }, []],
    ['content beside none', response(200, [json], {}), response(200, [json]), ['content']],
    [
      'bytes',
      response(200, [['content-type', 'image/png']], Uint8Array.of(1, 2, 255)),
      response(200, [['content-type', 'image/png']], Uint8Array.of(1, 2, 254)),
      ['content'],
    ],
    [
      'JSON that is none at one of them',
      response(200, [json], { a: 1 }),
      response(200, [json], new TextEncoder().encode('{"a":1')),
      ['content'],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(differences(side(a), side(b))).toEqual(expected);
  });
});

describe('fields', () => {
  it.each<readonly [string, readonly Field[], readonly Field[], readonly string[]]>([
    [
      'that say how a message was made',
      [
        ['date', 'x'],
        ['server', 'a'],
        ['etag', '"1"'],
      ],
      [['server', 'b']],
      [],
    ],
    ['a media type in other letters', [['Content-Type', 'Application/JSON']], [json], []],
    ['JSON that says it is UTF-8', [['content-type', 'application/json; charset=UTF-8']], [json], []],
    [
      'JSON in another encoding',
      [['content-type', 'application/json; charset=latin1']],
      [json],
      ['field content-type'],
    ],
    ['another media type', [['content-type', 'application/problem+json']], [json], ['field content-type']],
    ['no media type', [], [json], ['field content-type']],
    ['methods in another order', [['allow', 'GET, HEAD']], [['allow', 'HEAD,GET']], []],
    ['a method more', [['allow', 'GET, HEAD']], [['allow', 'GET, HEAD, POST']], ['field allow']],
    [
      'directives in another order',
      [['cache-control', 'no-store, private']],
      [['cache-control', 'private, no-store']],
      [],
    ],
    [
      'a directive less',
      [['cache-control', 'no-store']],
      [['cache-control', 'no-cache']],
      ['field cache-control'],
    ],
    [
      'a challenge with another sentence for people',
      [['www-authenticate', 'Bearer realm="a", error="invalid_token", error_description="gone"']],
      [['WWW-Authenticate', 'bearer realm="a", error="invalid_token"']],
      [],
    ],
    [
      'a challenge with another error',
      [['www-authenticate', 'Bearer realm="a"']],
      [['www-authenticate', 'Bearer realm="a", error="invalid_token"']],
      ['field www-authenticate'],
    ],
    [
      'an address with an id',
      [['location', '/pets/7f8a9b0c1d2e3f405162738495a6b7c8']],
      [['location', '/pets/0a1b2c3d4e5f60718293a4b5c6d7e8f9']],
      [],
    ],
    ['an address with a number', [['location', '/pets/7']], [['location', '/pets/41']], []],
    ['another address', [['location', '/pets/7']], [['location', '/dogs/7']], ['field location']],
    [
      'cookies of other values',
      [['set-cookie', 'sid=abc; Path=/; HttpOnly; Expires=Wed, 01 Jan 2026 00:00:00 GMT']],
      [['set-cookie', 'sid=xyz; path=/; httponly; expires=Thu, 02 Jan 2026 00:00:00 GMT']],
      [],
    ],
    [
      'a cookie that scripts can read',
      [['set-cookie', 'sid=abc; Path=/; HttpOnly']],
      [['set-cookie', 'sid=xyz; Path=/']],
      ['field set-cookie'],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(differences(side(response(200, a)), side(response(200, b)))).toEqual(expected);
  });

  it('that are ignored', () => {
    const [a, b] = [response(200, [['allow', 'GET']]), response(200, [['allow', 'PUT']])];
    expect(differences(side(a), side(b), false, ['allow'])).toEqual([]);
  });
});

describe('answers to requests that were sent at the same moment', () => {
  const [good, bad] = [response(200, [json], { done: true }), response(401, [json], { done: false })];

  it('are the same in another order', () => {
    expect(differences(side(good, bad, bad), side(bad, good, bad), true)).toEqual([]);
    expect(differences(side(good, bad), side(bad, good))).toEqual(['status', 'status']);
  });

  it('are not when one succeeds more often', () => {
    expect(differences(side(good, bad, bad), side(good, good, bad), true)).toEqual(['status']);
  });
});
