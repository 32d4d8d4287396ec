/** Text for a terminal: when it has colour. */

import { expect, test } from 'vitest';
import { paintFor } from '../../cli/terminal.js';

const red = '\u001b[31mx\u001b[39m';

test.each([
  ['a terminal', { isTTY: true }, undefined, red],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, '', red],
  ['a terminal with NO_COLOR', { isTTY: true }, '1', 'x'],
  ['a pipe', {}, undefined, 'x'],
])('paints for %s', (_, stream, noColor, text) => {
  expect(paintFor(stream, noColor)('red', 'x')).toBe(text);
});
