/** An expected value held against the one that came: how they differ, and what becomes known of what was not. */

import { describe, expect, test } from 'vitest';
import type { Difference } from '../../conformance/judge/judge.js';
import { type Sightings, unify } from '../../conformance/judge/unify.js';
import type { Json } from '../../openapi/json.js';
import { see, unknown } from '../../openapi/rules/unknown.js';

const compare = (expected: Json, actual: Json | undefined, sightings: Sightings = new Map()): Difference[] =>
  unify(expected, actual, (pointer) => (pointer.startsWith('/state') ? 'value' : 'example'), sightings);

const inShort = (differences: readonly Difference[]): readonly string[] =>
  differences.map(({ pointer, expected, actual, of }) => `${of} at ${pointer}: ${expected}, not ${actual}`);

describe('values', () => {
  test.for<[expected: Json, actual: Json | undefined, differences: readonly string[]]>([
    ['a', 'a', []],
    [null, null, []],
    [0, 0, []],
    [[], [], []],
    [{}, {}, []],
    [{ a: 1, b: [null, { c: 'x' }] }, { b: [null, { c: 'x' }], a: 1 }, []],
    ['a', 'b', ['example at : "a", not "b"']],
    ['1', 1, ['example at : "1", not 1']],
    [0, false, ['example at : 0, not false']],
    [null, undefined, ['example at : null, not nothing']],
    [null, {}, ['example at : null, not {}']],
    [{}, null, ['example at : {}, not null']],
    [{}, [], ['example at : {}, not []']],
    [[], {}, ['example at : [], not {}']],
    [[1], [1, 2], ['example at : [1], not [1,2]']],
    [
      [1, 2],
      [2, 1],
      ['example at /0: 1, not 2', 'example at /1: 2, not 1'],
    ],
    [{ a: 1 }, { b: 1 }, ['example at /a: 1, not nothing', 'example at /b: no such member, not 1']],
    [{ state: 1, b: 1 }, { state: 2, b: 2 }, ['value at /state: 1, not 2', 'example at /b: 1, not 2']],
    [{ state: {} }, { state: { x: 1 } }, ['example at /state/x: no such member, not 1']],
    [{ 'a/b~c': [1] }, { 'a/b~c': [2] }, ['example at /a~1b~0c/0: 1, not 2']],
    [{ constructor: 1 }, {}, ['example at /constructor: 1, not nothing']],
    [{}, { constructor: 1 }, ['example at /constructor: no such member, not 1']],
  ])('%j and %j differ so: %j', ([expected, actual, differences]) => {
    expect(inShort(compare(expected, actual))).toEqual(differences);
  });
});

describe('an unknown part', () => {
  test.each<[value: Json]>([['x'], [null], [0], [''], [[1]], [{ a: 1 }]])(
    'may be %j, and is seen',
    (value) => {
      const [part, sightings]: [ReturnType<typeof unknown>, Sightings] = [unknown(), new Map()];
      expect(compare({ state: [part] }, { state: [value] }, sightings)).toEqual([]);
      expect([...sightings]).toEqual([[part, value]]);
    },
  );

  test('must be there', () => {
    const sightings: Sightings = new Map();
    expect(inShort(compare({ state: unknown() }, {}, sightings))).toEqual([
      'value at /state: a value, not nothing',
    ]);
    expect(sightings.size).toBe(0);
  });

  test('is the same wherever it stands', () => {
    const part = unknown();
    expect(compare([part, part], [{ a: 1 }, { a: 1 }])).toEqual([]);
    expect(inShort(compare([part, part], ['x', 'y']))).toEqual(['example at /1: "x", not "y"']);
  });

  test('and another may be alike or not', () => {
    expect(compare([unknown(), unknown()], ['x', 'y'])).toEqual([]);
    expect(compare([unknown(), unknown()], ['x', 'x'])).toEqual([]);
  });

  test('that has been seen is what was seen', () => {
    const part = unknown();
    see(part, 'x');
    expect(compare([part], ['x'])).toEqual([]);
    expect(inShort(compare([part], ['y']))).toEqual(['example at /0: "x", not "y"']);
  });
});

/** A token with these claims. */
function token(claims: Json | string): string {
  const part = (value: Json): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
}

describe('an unknown part of which members are known', () => {
  test.for<[name: string, actual: Json, differences: readonly string[]]>([
    ['a token that has them', token({ sub: 'A', exp: 1 }), []],
    ['a token without a signature that has them', token({ sub: 'A' }).replace(/[^.]*$/, ''), []],
    ['a token of another', token({ sub: 'B' }), ['value at /state: sub "A", not sub "B"']],
    ['a token that has them not', token({ exp: 1 }), []],
    ['a token whose claims are no object', token([1]), []],
    ['a token whose claims are no JSON', token('{'), []],
    ['no token', 'sub.A', []],
    ['an object that has them', { sub: 'A', exp: 1 }, []],
    ['an object of another', { sub: 'B' }, ['value at /state/sub: "A", not "B"']],
    ['a number', 7, []],
    ['null', null, []],
  ])('is held against %s', ([, actual, differences]) => {
    expect(inShort(compare({ state: unknown(undefined, { sub: 'A' }) }, { state: actual }))).toEqual(
      differences,
    );
  });

  test('tells of one unknown claim by another', () => {
    const id = unknown();
    const pair = [unknown(undefined, { sub: id }), unknown(undefined, { sub: id })];
    const sightings: Sightings = new Map();
    expect(compare(pair, [token({ sub: 'A' }), token({ sub: 'A' })], sightings)).toEqual([]);
    expect(sightings.get(id)).toBe('A');
    expect(inShort(compare(pair, [token({ sub: 'A' }), token({ sub: 'B' })]))).toEqual([
      'value at /1: sub "A", not sub "B"',
    ]);
  });

  test('is held against each of them', () => {
    const bound = unknown(undefined, { sub: 'A', roles: ['x'], org: null });
    expect(inShort(compare([bound], [token({ sub: 'B', roles: ['y'], org: 1 })]))).toEqual([
      'value at /0: sub "A", not sub "B"',
      'value at /0: roles "x", not roles "y"',
      'value at /0: org null, not org 1',
    ]);
  });
});
