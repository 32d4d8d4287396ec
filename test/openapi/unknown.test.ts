/** Values that nobody has seen yet: what is known of them, before and after they are seen. */

import { describe, expect, test } from 'vitest';
import type { Json } from '../../openapi/json.js';
import {
  hintsOf,
  isKnownThroughout,
  isUnknown,
  known,
  knownAt,
  knownThroughout,
  see,
  type Unknown,
  unknown,
} from '../../openapi/rules/unknown.js';

/** An unknown value that has been seen. */
function seen(value: Json): Unknown {
  const was = unknown();
  see(was, value);
  return was;
}

describe('an unknown value', () => {
  test.each<[value: Json | undefined]>([
    [undefined],
    [null],
    [0],
    [''],
    ['text'],
    [[]],
    [{}],
    [{ seen: 1, members: [] }],
  ])('is not what %j is', (value) => {
    expect(isUnknown(value)).toBe(false);
  });

  test('is one even when it has been seen, and is then known as what was seen', () => {
    const value = unknown();
    expect([isUnknown(value), known(value) === value]).toEqual([true, true]);
    see(value, 'T1');
    expect([isUnknown(value), known(value)]).toEqual([true, 'T1']);
  });

  test.each<[value: Json]>([[null], [''], [0], [false], [[]], [{}]])('may turn out to be %j', (value) => {
    expect(known(seen(value))).toEqual(value);
  });

  test('is an object without members to who does not ask', () => {
    expect(JSON.stringify({ a: unknown({ file: 'f', pointer: '' }, { sub: 1 }) })).toBe('{"a":{}}');
  });

  test('keeps what it is to be made from', () => {
    const schema = { file: 'f', pointer: '/s' };
    expect(hintsOf(unknown(schema, { sub: 'A' }))).toMatchObject({ schema, bound: { sub: 'A' } });
    expect(hintsOf(unknown())).toMatchObject({ schema: undefined, bound: undefined });
  });

  test('that is seen to be another is known when that one is', () => {
    const [first, second] = [unknown(), unknown()];
    see(first, second);
    expect(known(first)).toBe(second);
    see(second, 7);
    expect(known(first)).toBe(7);
  });

  test('that is seen to be itself stays unknown', () => {
    const [value, other] = [unknown(), unknown()];
    see(value, value);
    expect(known(value)).toBe(value);
    see(value, other);
    see(other, value);
    expect(known(value)).toBe(other);
  });
});

describe('a value with unknown parts', () => {
  test('is known throughout when all of them are', () => {
    const part = unknown();
    const value = { a: [1, { b: part }], c: null };
    expect(isKnownThroughout(value)).toBe(false);
    expect(knownThroughout(value)).toEqual({ a: [1, { b: part }], c: null });
    see(part, { d: seen('x') });
    expect(isKnownThroughout(value)).toBe(true);
    expect(knownThroughout(value)).toStrictEqual({ a: [1, { b: { d: 'x' } }], c: null });
  });

  test.each<[value: Json]>([[null], ['text'], [0], [[]], [{}], [[{ a: [null] }]]])(
    'is known throughout, as is %j, when it has none',
    (value) => {
      expect(isKnownThroughout(value)).toBe(true);
      expect(knownThroughout(value)).toEqual(value);
    },
  );
});

describe('a part of a value', () => {
  test.for<[value: Json | undefined, tokens: readonly string[], part: Json | undefined]>([
    [{ a: 1 }, [], { a: 1 }],
    [{ a: { b: 2 } }, ['a', 'b'], 2],
    [{ a: null }, ['a'], null],
    [{ a: null }, ['a', 'b'], undefined],
    [['x', 'y'], ['1'], 'y'],
    [['x', 'y'], ['2'], undefined],
    [['x', 'y'], ['01'], undefined],
    [['x', 'y'], ['length'], undefined],
    [{}, ['constructor'], undefined],
    ['text', ['0'], undefined],
    [undefined, [], undefined],
    [undefined, ['a'], undefined],
    [seen({ a: [seen(3)] }), ['a', '0'], 3],
    [seen({ a: 1 }), ['b'], undefined],
    [unknown(undefined, { sub: 'A' }), ['sub'], 'A'],
    [unknown(undefined, { sub: seen('B') }), ['sub'], 'B'],
    [unknown(undefined, { sub: null }), ['sub'], null],
  ])('of %j at %j is %j', ([value, tokens, part]) => {
    expect(knownAt(value, tokens)).toEqual(part);
  });

  test('of what is unknown is unknown, and the same each time', () => {
    const value = unknown(undefined, { sub: 'A' });
    const part = knownAt(value, ['user']);
    expect(isUnknown(part)).toBe(true);
    expect(knownAt(value, ['user'])).toBe(part);
    expect(knownAt(value, ['other'])).not.toBe(part);
    expect(isUnknown(knownAt(value, ['constructor']))).toBe(true);
    expect(isUnknown(knownAt(value, ['user', 'name']))).toBe(true);
  });

  test('becomes known with the whole', () => {
    const whole = unknown();
    const [id, name, gone] = [
      knownAt(whole, ['id']),
      knownAt(whole, ['user', 'name']),
      knownAt(whole, ['gone']),
    ];
    see(whole, { id: 7, user: { name: 'Sri' } });
    expect([known(id ?? null), known(name ?? null)]).toEqual([7, 'Sri']);
    expect(isUnknown(known(gone ?? null))).toBe(true);
    expect(knownAt(whole, ['gone'])).toBeUndefined();
  });

  test('that was seen before is not what the whole says of it', () => {
    const whole = unknown();
    const part = knownAt(whole, ['id']);
    if (!isUnknown(part)) throw new TypeError('The part is known.');
    see(part, 1);
    see(whole, { id: 2 });
    expect(known(part)).toBe(1);
  });

  test('stays unknown when the whole turns out to be no object', () => {
    const whole = unknown();
    const part = knownAt(whole, ['id']);
    see(whole, 'text');
    expect(isUnknown(known(part ?? null))).toBe(true);
  });
});
