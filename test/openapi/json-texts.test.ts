/** Texts of JSON: those that no parser may take, those that mean the same, and names that stand twice. */

import { describe, expect, test } from 'vitest';
import type { Json } from '../../openapi/json.js';
import {
  duplicateKeys,
  type JsonText,
  malformedJson,
  uncertainJson,
  unusualJson,
} from '../../openapi/variants/json-texts.js';

const bases: readonly Json[] = [
  { phone: '919743256789', name: 'Sri "S"?', n: [1, 2.5, -3e30], o: { a: null, b: '\\' } },
  {},
  [1, 'a'],
  [],
  'text',
  '',
  12,
  null,
  true,
];

/** What a strict reader makes of it: RFC 8259, and UTF-8 alone. */
function parsed({ text }: JsonText): unknown {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}

describe.each(bases.map((base) => [JSON.stringify(base), base] as const))('of %s', (_, base) => {
  test('what is malformed cannot be read', () => {
    for (const text of malformedJson(base)) expect(() => parsed(text), text.title).toThrow();
    expect(malformedJson(base).length).toBeGreaterThan(24);
  });

  test('what is unusual is read as the same', () => {
    for (const text of unusualJson(base)) expect(parsed(text), text.title).toEqual(base);
    for (const { text } of unusualJson(base)) expect(text).not.toBe(JSON.stringify(base));
  });

  test('each has a title of its own', () => {
    const all = [malformedJson(base), duplicateKeys(base), uncertainJson(base), unusualJson(base)].flat();
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });
});

describe('of an object', () => {
  const base = { a: 'x?', b: 1 };

  test.each<[title: string, text: string | Uint8Array]>([
    ['is cut short', '{"a":"x?","b":1'],
    ['has single quotes', "{'a':'x?','b':1}"],
    ['has a comma too many at its end', '{"a":"x?","b":1,}'],
    ['has a comment inside', '/* comment */ {"a":"x?","b":1}'],
    ['has NaN', '{"a":"x?","b":1,"number": NaN}'],
    ['has a tab in a string', '{"a":"x?","b":1,"text": "a\tb"}'],
    ['holds two documents', '{"a":"x?","b":1}{"a":"x?","b":1}'],
    [
      'is not UTF-8',
      Uint8Array.from([...Buffer.from('{"a":"x?","b":1,"text": "'), 0xc3, 0x28, ...Buffer.from('"}')]),
    ],
  ])('%s', (title, text) => {
    expect(malformedJson(base)).toContainEqual({ title, text });
  });

  test('each member stands twice, alike or with another value', () => {
    expect(duplicateKeys(base)).toEqual([
      { title: 'has a twice, alike', text: '{"a":"x?","b":1,"a":"x?"}' },
      { title: 'has a twice, the second null', text: '{"a":"x?","b":1,"a":null}' },
      { title: 'has a twice, the first null', text: '{"a":null,"a":"x?","b":1}' },
      { title: 'has b twice, alike', text: '{"a":"x?","b":1,"b":1}' },
      { title: 'has b twice, the second null', text: '{"a":"x?","b":1,"b":null}' },
      { title: 'has b twice, the first null', text: '{"b":null,"a":"x?","b":1}' },
    ]);
    expect(duplicateKeys([1])).toEqual([]);
  });

  test.each([
    ['has a byte-order mark', '\ufeff{"a":"x?","b":1}'],
    ['has half of a surrogate pair, escaped', '{"a":"x?","b":1,"text": "\\ud83d"}'],
    ['has a number that is too large', '{"a":"x?","b":1,"number": 1e400}'],
  ])('it is uncertain what becomes of one that %s', (title, text) => {
    expect(uncertainJson(base)).toContainEqual({ title, text });
  });
});
