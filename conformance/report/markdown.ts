/** Markdown in which text from outside is nothing but text. */

import { visible } from './text.js';

/** Text within a line or a cell of a table: no markup of Markdown or HTML, no mention and no link comes of it. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[&<>|`*_[\]\\~#@!:${}"]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\bwww\./gi, (start) => start.replace('.', '&#46;'));
}

/** The same in the type of code. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/** Lines in the type of code, in a block of their own: HTML, as no fence is safe from what it holds. */
export function markdownBlock(lines: readonly string[]): string {
  return `<pre>${lines.map((line) => markdownText(line)).join('<br>')}</pre>`;
}

/** A table: a head, and rows of cells that are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
