/** JSON values and JSON Pointers (RFC 6901). */

import { describe, expect, test } from 'vitest';
import {
  asObject,
  type Json,
  jsonEquals,
  pointedTo,
  pointerTo,
  pointerTokens,
  valueAt,
} from '../../openapi/json.js';

/** The document of RFC 6901, section 5. */
const document: Json = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('a JSON Pointer', () => {
  test.each<[pointer: string, value: Json]>([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j points to %j', (pointer, value) => {
    expect(pointedTo(document, pointer)).toEqual(value);
  });

  test.each([
    '/nothing',
    '/foo/2',
    '/foo/-',
    '/foo/-1',
    '/foo/00',
    '/foo/01',
    '/foo/1e0',
    '/foo/ 1',
    '/foo/',
    '/foo/length',
    '/foo/0/0',
    '/foo/0/length',
    '//0',
    '/constructor',
    '/__proto__',
    '/foo/constructor',
    '/toString/name',
  ])('%j points to nothing', (pointer) => {
    expect(pointedTo(document, pointer)).toBeUndefined();
  });

  test('points to nothing in nothing', () => {
    expect(pointedTo(undefined, '')).toBeUndefined();
    expect(pointedTo(undefined, '/a')).toBeUndefined();
    expect(pointedTo(null, '/a')).toBeUndefined();
  });

  test('points to null where null stands', () => {
    expect(pointedTo({ a: null }, '/a')).toBeNull();
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'points to an own member named %s',
    (name) => {
      const value: Json = JSON.parse(`{ ${JSON.stringify(name)}: 1 }`);
      expect(valueAt(value, [name])).toBe(1);
    },
  );

  test.each<[pointer: string, tokens: readonly string[]]>([
    ['', []],
    ['/', ['']],
    ['//', ['', '']],
    ['/a~1b/0', ['a/b', '0']],
    ['/~01', ['~1']],
    ['/~10', ['/0']],
    ['/~0~1', ['~/']],
    ['/é/😀', ['é', '😀']],
  ])('%j has the tokens %j, and they make it again', (pointer, tokens) => {
    expect(pointerTokens(pointer)).toEqual(tokens);
    expect(tokens.reduce((parent, token) => pointerTo(parent, token), '')).toBe(pointer);
  });

  test('takes an index as a token', () => {
    expect(pointerTo('/a', 0)).toBe('/a/0');
  });
});

describe('JSON values', () => {
  test.each<[a: Json | undefined, b: Json | undefined]>([
    [null, null],
    [1, 1.0],
    [0, -0],
    ['a', 'a'],
    [[], []],
    [{}, {}],
    [undefined, undefined],
    [
      { a: 1, b: [2, { c: 3 }] },
      { b: [2, { c: 3 }], a: 1 },
    ],
  ])('%j equals %j', (a, b) => {
    expect([jsonEquals(a, b), jsonEquals(b, a)]).toEqual([true, true]);
  });

  test.each<[a: Json | undefined, b: Json | undefined]>([
    [null, undefined],
    [null, false],
    [0, false],
    [0, ''],
    [1, '1'],
    [1, 2],
    ['é', 'e\u0301'],
    [[], {}],
    [[], null],
    [{}, null],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [['a'], { 0: 'a' }],
    [{ constructor: 1 }, { other: 1 }],
  ])('%j does not equal %j', (a, b) => {
    expect([jsonEquals(a, b), jsonEquals(b, a)]).toEqual([false, false]);
  });

  test('are compared by own members only', () => {
    const own: Json = JSON.parse('{ "__proto__": {} }');
    expect(jsonEquals(own, { a: {} })).toBe(false);
    expect(jsonEquals({ a: {} }, own)).toBe(false);
    expect(jsonEquals(own, JSON.parse('{ "__proto__": {} }'))).toBe(true);
  });

  test.each<[value: Json | undefined, object: Json]>([
    [{ a: 1 }, { a: 1 }],
    [[1], {}],
    ['a', {}],
    [null, {}],
    [undefined, {}],
  ])('%j as an object is %j', (value, object) => {
    expect(asObject(value)).toEqual(object);
  });
});
