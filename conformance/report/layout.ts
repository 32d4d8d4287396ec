/** Lines of a terminal: colour or none, text folded to a width, and what differs between two texts made to stand out. */

import stringWidth from 'string-width';
import type { Compared, Span } from './difference.js';
import { type Format, type Paint, painter } from './paint.js';

/** How lines are laid out. */
export type Layout = { readonly paint: Paint; readonly width: number; readonly color: boolean };

/** Lines narrower than this serve nobody, whatever the terminal says of itself. */
const narrowest = 40;

export function layoutFor(color: boolean, width: number): Layout {
  return {
    color,
    paint: painter(color),
    width: Math.max(narrowest, width),
  };
}

/** A part of a text that fits a line, and where in the text it starts. */
type Piece = { readonly text: string; readonly start: number };

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text folded into pieces of at most so many columns: at spaces where there are any, and at line ends. Nothing is lost. */
export function folded(text: string, columns: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    let rest = line;
    while (stringWidth(rest) > columns) {
      const end = foldAt(rest, columns);
      pieces.push({ text: rest.slice(0, end), start });
      start += end;
      rest = rest.slice(end);
    }
    pieces.push({ text: rest, start });
    start += rest.length + 1;
  }
  return pieces;
}

/** After the last space that fits, unless that leaves most of the line empty; else after the last character that does. */
function foldAt(line: string, columns: number): number {
  const end = fitting(line, columns);
  const space = line.lastIndexOf(' ', end);
  return space > end / 2 ? space + 1 : end;
}

/** How much of a text fits into so many columns: at least one character. */
function fitting(text: string, columns: number): number {
  let used = 0;
  let end = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > columns && end > 0) return end;
    end += segment.length;
  }
  return end;
}

/** A text that fits a line, with an ellipsis in the place of what does not. */
export function clipped(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  return `${text.slice(0, fitting(text, columns - 1)).trimEnd()}…`;
}

/** As many as fit a line, and how many do not. */
export function listed(whats: readonly string[], columns: number): string {
  let text = whats[0] ?? '';
  for (const [index, what] of whats.entries()) {
    if (index === 0) continue;
    const rest = whats.length - index - 1;
    const room = columns - (rest === 0 ? 0 : `, and ${rest} more`.length);
    if (stringWidth(text) + 2 + stringWidth(what) > room) return `${text}, and ${rest + 1} more`;
    text = `${text}, ${what}`;
  }
  return text;
}

/** A text and spaces up to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** The lines of a text below each other, the first after `lead` and the others below its beginning. */
export function hanging(lead: string, text: string, { width }: Layout): readonly string[] {
  const indent = stringWidth(lead);
  return folded(text, Math.max(20, width - indent)).map(
    (piece, index) => `${index === 0 ? lead : ' '.repeat(indent)}${piece.text.trimEnd()}`,
  );
}

/** A compared text after its label, folded; what differs is painted, or underlined by carets where there is no colour. */
export function comparedLines(
  lead: string,
  { text, differs }: Compared,
  format: Format,
  layout: Layout,
): readonly string[] {
  const indent = stringWidth(lead);
  const blank = ' '.repeat(indent);
  return folded(text, Math.max(20, layout.width - indent)).flatMap((piece, index) => {
    const start = index === 0 ? lead : blank;
    const parts = partsOf(piece, differs);
    if (layout.color) return [`${start}${parts.map((part) => paintedPart(part, format, layout)).join('')}`];
    const carets = parts.map((part) => (part.differs ? '^' : ' ').repeat(stringWidth(part.text))).join('');
    return carets.trim() === '' ? [`${start}${piece.text}`] : [`${start}${piece.text}`, `${blank}${carets}`];
  });
}

type Part = { readonly text: string; readonly differs: boolean };

/** A piece in parts that differ and parts that do not, in turn. */
function partsOf({ text, start }: Piece, differs: readonly Span[]): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const span of differs) {
    const from = Math.max(done, span.from - start);
    const to = Math.min(text.length, span.to - start);
    if (from >= to) continue;
    parts.push(
      { text: text.slice(done, from), differs: false },
      { text: text.slice(from, to), differs: true },
    );
    done = to;
  }
  return [...parts, { text: text.slice(done), differs: false }];
}

function paintedPart({ text, differs }: Part, format: Format, { paint }: Layout): string {
  if (text === '') return '';
  return paint(differs ? ['bold', 'underline', ...[format].flat()] : format, text);
}
