/** Source text into values, and JSON Pointers into lines and columns. */

import { describe, expect, test } from 'vitest';
import { ContractError, type ContractProblem } from '../../openapi/contract-error.js';
import { locate, parseSource } from '../../openapi/document/locate.js';
import type { Json } from '../../openapi/json.js';

type Where = readonly [line: number, column: number];

const where = (text: string, pointer: string): Where => {
  const { file, line, column } = locate(parseSource('api', text), pointer);
  expect(file).toBe('api');
  return [line, column];
};

/** The position of the first `⟨` in a text, and the text without it. */
function marked(text: string): { readonly text: string; readonly at: Where } {
  const offset = text.indexOf('⟨');
  const before = text.slice(0, offset).split('\n');
  return { text: text.replace('⟨', ''), at: [before.length, (before.at(-1)?.length ?? 0) + 1] };
}

type Case = readonly [name: string, pointer: string, text: string];

const cases: readonly Case[] = [
  ['the root of YAML', '', '⟨a: 1\n'],
  ['the root after a comment', '', '# first\n\n⟨a: 1\n'],
  ['the root after a document start', '', '---\n⟨a: 1\n'],
  ['a key', '/b', 'a: 1\n⟨b: 2\n'],
  ['a quoted key', '/b c', 'a: 1\n⟨"b c": 2\n'],
  ['a nested key', '/a/b/c', 'a:\n  b:\n    x: 1\n    ⟨c: 2\n'],
  ['an item', '/a/1', 'a:\n  - x\n  - ⟨y\n'],
  ['a key in an item', '/a/1/c', 'a:\n  - b: 1\n  - b: 2\n    ⟨c: 3\n'],
  ['an item that is a map, at its first key', '/a/1', 'a:\n  - b: 1\n  - ⟨b: 2\n'],
  ['an item of items', '/1/0', '- - 1\n- - ⟨2\n'],
  ['a key in flow style', '/a/c', 'a: { b: 1, ⟨c: 2 }\n'],
  ['an item in flow style', '/a/2', 'a: [1, 2, ⟨3]\n'],
  ['a key with a slash', '/paths/~1pets~1{id}/get', 'paths:\n  /pets/{id}:\n    ⟨get: {}\n'],
  ['a key with a tilde', '/a~0b', 'x: 1\n⟨a~b: 2\n'],
  ['a key of ~1', '/~01', 'x: 1\n⟨"~1": 2\n'],
  ['an empty key', '/', 'x: 1\n⟨"": 2\n'],
  ['a key that is a number', '/responses/200', 'responses:\n  ⟨200: {}\n'],
  ['a key that is a truth value', '/true', 'x: 1\n⟨true: 2\n'],
  ['a key with an explicit mark', '/b', 'a: 1\n? ⟨b\n: 2\n'],
  ['a key without a value', '/b', 'a: 1\n⟨b:\n'],
  ['a key whose value is a block of text', '/b', 'a: |\n  b: no\n⟨b: yes\n'],
  ['a key after multi-byte characters', '/b', '{ "é漢": 1, ⟨b: 2 }\n'],
  ['a key after a surrogate pair, in UTF-16 units', '/b', '{ "😀": 1, ⟨b: 2 }\n'],
  ['a multi-byte key', '/größe', 'é: 1\n⟨größe: 2\n'],
  ['a key after CRLF', '/b/c', 'a: 1\r\nb:\r\n  ⟨c: 2\r\n'],
  ['an anchored value, by its key', '/a', '⟨a: &x { b: 1 }\nc: *x\n'],
  ['what an alias stands for, by the alias', '/c', 'a: &x { b: 1 }\n⟨c: *x\n'],
  ['a member of what an alias stands for, where it is written', '/c/b', 'a: &x { ⟨b: 1 }\nc: *x\n'],
  ['a member beside a merge key', '/c/d', 'a: &x { b: 1 }\nc:\n  <<: *x\n  ⟨d: 2\n'],
  ['a missing member, by its parent', '/a/c', '⟨a:\n  b: 1\n'],
  ['a missing member of the root, by the root', '/c', '⟨a: 1\nb: 2\n'],
  ['a missing item, by its list', '/a/7', 'x: 1\n⟨a:\n  - 1\n'],
  ['what no index can name, by its list', '/a/b', 'x: 1\n⟨a: [1]\n'],
  ['what lies below a scalar, by the scalar', '/a/b/c/d', 'x: 1\na:\n  ⟨b: 1\n'],
  ['a prototype name, by its parent', '/a/constructor', 'x: 1\n⟨a: {}\n'],
  ['the root of JSON', '', '⟨{ "a": 1 }'],
  ['the root of JSON after blank lines', '', '\n\n  ⟨{ "a": 1 }'],
  ['a key of JSON', '/b', '{\n  "a": 1,\n  ⟨"b": 2\n}'],
  ['a key of JSON on one line', '/b/c', '{"a":1,"b":{⟨"c":2}}'],
  ['a key of JSON behind tabs', '/a/b', '{\n\t"a": {\n\t\t⟨"b": 1\n\t}\n}'],
  ['a key of JSON with CRLF', '/b', '{\r\n  "a": 1,\r\n  ⟨"b": 2\r\n}\r\n'],
  ['an item of JSON', '/a/1/b', '{"a":[1,{⟨"b":2}]}'],
  ['an escaped key of JSON', '/é"', '{"a":1,⟨"\\u00e9\\"":2}'],
  ['a key of JSON written as a surrogate pair', '/😀', '{"a":1,⟨"\\ud83d\\ude00":2}'],
  ['a missing member of JSON, by its parent', '/a/x/y', '{⟨"a":{"b":1}}'],
];

describe('a pointer leads to', () => {
  test.each(cases)('%s', (_, pointer, source) => {
    const { text, at } = marked(source);
    expect(where(text, pointer)).toEqual(at);
  });

  test.each(['', '# only a comment\n', 'null\n', 'text\n'])('a place in %j, whatever it asks for', (text) => {
    expect(where(text, '/a/b')[0]).toBe(1);
  });

  test('a line of a long file', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `key${index}: ${index}\n`).join('');
    expect(where(text, '/key4321')).toEqual([4322, 1]);
  });
});

describe('the value', () => {
  test.each<[text: string, value: Json]>([
    ['{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['a: [1, null, x]\n', { a: [1, null, 'x'] }],
    ['{ a: 1 }\n', { a: 1 }],
    ['a: &x { b: 1 }\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
    ['a: &x { b: 1, d: 0 }\nc:\n  <<: *x\n  d: 2\n', { a: { b: 1, d: 0 }, c: { b: 1, d: 2 } }],
    // YAML 1.2: no, on and dates are text.
    ['a: no\nb: on\nc: 2020-01-01\n', { a: 'no', b: 'on', c: '2020-01-01' }],
    ['200: x\n', { 200: 'x' }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['', null],
  ])('of %j is %j', (text, value) => {
    expect(parseSource('api', text).value).toEqual(value);
  });

  test('is the same by CRLF', () => {
    const text = 'a:\n  - b: 1\n    c: |\n      x\n      y\n';
    expect(parseSource('api', text.replaceAll('\n', '\r\n')).value).toEqual(parseSource('api', text).value);
  });
});

/** The problems of a text, as data. */
function problemsOf(text: string): readonly ContractProblem[] {
  try {
    parseSource('bad.yaml', text);
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
  return [];
}

describe('a syntax error', () => {
  test.each<[name: string, text: string, line: number, column: number]>([
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 1],
    ['a duplicate key further in', 'a:\n  b: 1\n  b: 2\n', 3, 3],
    ['a bracket that is not closed', 'a: [1, 2\nb: 3\n', 2, 1],
    ['a second colon', 'a: b: c\n', 1, 4],
    ['a tab for indentation', 'a:\n\tb: 1\n', 2, 1],
    ['an anchor that is not there', 'a: 1\nb: *x\n', 2, 4],
    ['a quote that is not closed', 'a: 1\nb: "x\n', 3, 1],
    ['a comma too many in JSON', '{\n  "a": 1,,\n  "b": 2\n}', 2, 10],
    ['one after CRLF', 'a: 1\r\nb: 2\r\na: 3\r\n', 3, 1],
  ])('tells the line and column of %s', (_, text, line, column) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ code: 'syntax', location: { file: 'bad.yaml', line, column } });
    expect(problem?.what).toMatch(/[^.:\s]$/);
    expect(problem?.what).not.toContain('\n');
  });

  test('does not hide the others', () => {
    const problems = problemsOf('a: 1\na: 2\nb: 1\nb: 2\nc: *x\n');
    expect(problems.map(({ location }) => location.line)).toEqual(expect.arrayContaining([2, 4]));
    expect(problems.length).toBeGreaterThanOrEqual(2);
  });

  test('is told in a message of one line each', () => {
    expect(() => parseSource('bad.yaml', 'a: 1\na: 2\n')).toThrow(/^bad\.yaml:2:1: [^\n]+\.$/);
  });
});
