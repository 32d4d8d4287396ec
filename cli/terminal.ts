/** Text on its way to a terminal: colour where somebody looks at it, and nothing from outside that could steer it. */

import { styleText } from 'node:util';

/** A colour or a weight, as Node names them. */
export type Format = Parameters<typeof styleText>[0];

/** Gives a text a colour or a weight, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** Prints one line or several. */
export type Print = (text: string) => void;

/** Paints for a terminal, unless NO_COLOR is set (https://no-color.org); for anything else it does not. */
export function paintFor(stream: { readonly isTTY?: boolean }, noColor: string | undefined): Paint {
  const isPainted = stream.isTTY === true && (noColor ?? '') === '';
  return (format, text) => (isPainted ? styleText(format, text, { validateStream: false }) : text);
}

/** Text in which every character that a terminal would act on instead of showing it is written as `\u001b`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, escaped);
}

/** Like `visible`, of several lines: their ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
