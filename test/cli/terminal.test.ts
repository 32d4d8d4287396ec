/** Text for a terminal: when it has colour, and what never reaches it. */

import { describe, expect, test } from 'vitest';
import { paintFor, visible, visibleLines } from '../../cli/terminal.js';

const red = '\u001b[31mx\u001b[39m';

test.each([
  ['a terminal', { isTTY: true }, undefined, red],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, '', red],
  ['a terminal with NO_COLOR', { isTTY: true }, '1', 'x'],
  ['a pipe', {}, undefined, 'x'],
])('paints for %s', (_, stream, noColor, text) => {
  expect(paintFor(stream, noColor)('red', 'x')).toBe(text);
});

describe('what a terminal would act on is shown instead', () => {
  test.each([
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['a\r\nb\tc\u007f', 'a\\u000d\\u000ab\\u0009c\\u007f'],
    ['\u009b2J', '\\u009b2J'],
    ['\u202ecod.exe\u2066', '\\u202ecod.exe\\u2066'],
    ['a\u2028b', 'a\\u2028b'],
    ['नमस्ते, é, 👩‍🚀', 'नमस्ते, é, 👩‍🚀'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('but for the ends of lines, where there are several', () => {
    expect(visibleLines('a\u001b\nb')).toBe('a\\u001b\nb');
  });
});
