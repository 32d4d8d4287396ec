/** Text on its way into a report: visible, cut, folded, compared. */

import { describe, expect, it } from 'vitest';
import { compared } from '../../conformance/report/difference.js';
import { clipped, folded } from '../../conformance/report/layout.js';
import { markdownText } from '../../conformance/report/markdown.js';
import { counted, cut, durationText, textOf, visible, visibleLines } from '../../conformance/report/text.js';

describe('what is visible', () => {
  it.each([
    ['a control character', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['a C1 control character', '\u009b', '\\u009b'],
    ['what names the window of a terminal', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['white space that moves the cursor, and DEL', 'a\r\tb\u007f', 'a\\u000d\\u0009b\\u007f'],
    ['characters that turn the direction of text', '\u202etxt\u2066', '\\u202etxt\\u2066'],
    ['a line separator', '\u2028', '\\u2028'],
    ['half of a surrogate pair', 'a\ud800', 'a\\ud800'],
    ['what is no character', '\uffff', '\\uffff'],
    ['a line end', 'a\nb', 'a\\u000ab'],
    ['everything else as it is', 'ä 日本 😀 " नमस्ते 👩‍🚀', 'ä 日本 😀 " नमस्ते 👩‍🚀'],
  ])('has %s', (_, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('has line ends where there are lines', () => {
    expect(visibleLines('a\nb\r\n')).toBe('a\nb\\u000d\n');
  });
});

describe('a text that is too long', () => {
  it('is cut, and says by how much', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 5)).toBe('abcde… (1 more character)');
    expect(cut('x'.repeat(2000), 1)).toBe('x… (1,999 more characters)');
  });

  it('is not cut through a character', () => {
    expect(cut('a😀b', 2)).toBe('a… (3 more characters)');
  });
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [125_400, '2 min 5 s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

it('one is not many', () => {
  expect([0, 1, 1214].map((number) => counted(number, 'request'))).toEqual([
    '0 requests',
    '1 request',
    '1,214 requests',
  ]);
});

it('content that is not UTF-8 is no text', () => {
  expect(textOf(new TextEncoder().encode('ä'))).toBe('ä');
  expect(textOf(new Uint8Array([0xe4]))).toBeUndefined();
});

describe('a folded text', () => {
  const lines = (text: string, columns: number): string[] => folded(text, columns).map(({ text }) => text);

  it('is parted at spaces', () => {
    expect(lines('one two three', 10)).toEqual(['one two ', 'three']);
  });

  it('is parted within a word that does not fit', () => {
    expect(lines('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  });

  it('counts wide characters as two columns', () => {
    expect(lines('日本語', 4)).toEqual(['日本', '語']);
    expect(clipped('日本語', 5)).toBe('日本…');
  });

  it('parts no character that is made of several', () => {
    expect(lines('👩‍👩‍👧x', 1)).toEqual(['👩‍👩‍👧', 'x']);
  });

  it('knows where its pieces start, over line ends too', () => {
    const text = 'one two\nthree';
    for (const piece of folded(text, 4)) expect(text.startsWith(piece.text, piece.start)).toBe(true);
  });
});

describe('a comparison', () => {
  /** The parts of both texts that differ. */
  const differing = (expected: string, actual: string, limit = 1000): readonly (readonly string[])[] =>
    compared(expected, actual, limit).map(({ text, differs }) =>
      differs.map(({ from, to }) => text.slice(from, to)),
    );

  it.each([
    ['a word', 'Invalid OTP', 'Invalid otp', ['OTP'], ['otp']],
    ['a word too many', '{"a":1}', '{"a":1,"b":2}', [], [',"b":2']],
    [
      'several words',
      '401 token revoked now',
      '200 token removed now',
      ['401', 'revoked'],
      ['200', 'removed'],
    ],
    ['letters of any script', 'größe 日本', 'größe 中国', ['日本'], ['中国']],
  ])('marks %s', (_, expected, actual, here, there) => {
    expect(differing(expected, actual)).toEqual([here, there]);
  });

  it.each([
    ['the same', 'abc', 'abc'],
    ['of nothing in common', 'an integer', '"864000"'],
    ['of nothing but punctuation in common', '{"a":"b"}', '{"c":"d"}'],
    ['empty', '', 'abc'],
  ])('marks nothing in texts that are %s', (_, expected, actual) => {
    expect(differing(expected, actual)).toEqual([[], []]);
  });

  it('starts shortly before a difference that would be cut off', () => {
    const same = 'ab '.repeat(1000);
    const [{ text }] = compared(`${same}red`, `${same}blue`, 100);
    expect(text.startsWith('…')).toBe(true);
    expect(text.endsWith('red')).toBe(true);
    expect(text.length).toBeLessThan(100);
    expect(differing(`${same}red`, `${same}blue`, 100)).toEqual([['red'], ['blue']]);
  });

  it('says how much it leaves out at the end', () => {
    const [, { text }] = compared('a', `a${'b'.repeat(1099)}`, 100);
    expect(text).toMatch(/^ab+… \(1,000 more\)$/);
  });

  it('marks all between the common ends of texts that are too long to compare word by word', () => {
    const words = (name: string): string =>
      Array.from({ length: 600 }, (_, at) => `${name} both${at}`).join(' ');
    const common = 'start '.repeat(1000);
    const [here, there] = differing(`${common}${words('a')} end`, `${common}${words('b')} end`, 100_000);
    expect([here?.length, there?.length]).toEqual([1, 1]);
  });

  it('parts no surrogate pair', () => {
    const same = '😀'.repeat(500);
    const [{ text }] = compared(`${same}a`, `${same}b`, 101);
    expect(text).not.toMatch(/\p{Cs}/u);
  });
});

it('Markdown shows text as it is', () => {
  expect(markdownText('a_b')).toBe('a&#95;b');
  expect(markdownText('| <b> [x](http://y) www.z `c` @d #1')).toBe(
    '&#124; &#60;b&#62; &#91;x&#93;(http&#58;//y) www&#46;z &#96;c&#96; &#64;d &#35;1',
  );
});
