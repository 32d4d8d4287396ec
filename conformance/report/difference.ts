/** Where two texts differ, word by word: so that what was expected and what came can be compared at a glance. */

import { wholeUpTo } from './text.js';

/** A part of a text: from a position up to another. */
export type Span = { readonly from: number; readonly to: number };

/** A text of two that are compared, and the parts of it that the other does not have. */
export type Compared = { readonly text: string; readonly differs: readonly Span[] };

/** How much of what is the same is shown before a difference that would otherwise be cut off. */
const context = 40;

/** More pairs of words than these take longer than they are worth: then all between common ends is one difference. */
const mostPairs = 250_000;

/**
 * What was expected and what came, each cut to a limit around where they part. Texts that have little in common are
 * not marked: then everything differs, and anybody sees it.
 */
export function compared(expected: string, actual: string, limit: number): readonly [Compared, Compared] {
  const before = commonStart(expected, actual);
  const isLong = Math.max(expected.length, actual.length) > limit;
  const skip = isLong && before > context * 2 ? wholeUpTo(expected, before - context) : 0;
  const windows = [windowOf(expected, skip, limit), windowOf(actual, skip, limit)] as const;
  const [here, there] = differences(windows[0], windows[1]);
  return [marked(expected, skip, windows[0], here), marked(actual, skip, windows[1], there)];
}

function windowOf(text: string, skip: number, limit: number): string {
  return text.slice(skip, wholeUpTo(text, Math.min(text.length, skip + limit)));
}

/** The window with signs of what was left out before and after it. */
function marked(whole: string, skip: number, part: string, spans: readonly Span[]): Compared {
  const lead = skip === 0 ? '' : '…';
  const left = whole.length - skip - part.length;
  const tail = left === 0 ? '' : `… (${left.toLocaleString('en')} more)`;
  return {
    text: `${lead}${part}${tail}`,
    differs: spans.map(({ from, to }) => ({ from: from + lead.length, to: to + lead.length })),
  };
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return wholeUpTo(a, length);
}

type Word = Span & { readonly text: string };

function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]/gu)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** The parts of each text that are not in the longest common sequence of words; none when that is too little. */
function differences(a: string, b: string): readonly [readonly Span[], readonly Span[]] {
  if (a === b) return [[], []];
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const common = commonWords(left, right);
  const shared = weight(left.filter((word) => common.left.has(word)));
  if (shared === 0 || shared < Math.min(weight(left), weight(right)) / 3) return [[], []];
  return [
    joined(left.filter((word) => !common.left.has(word))),
    joined(right.filter((word) => !common.right.has(word))),
  ];
}

/** Letters and digits count; spaces and punctuation are alike everywhere. */
function weight(words: readonly Word[]): number {
  return words.reduce((sum, { text }) => sum + (/[\p{L}\p{N}_]/u.test(text) ? text.length : 0), 0);
}

/** Spans that touch are one. */
function joined(words: readonly Word[]): readonly Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const { from, to } of words) {
    const last = spans.at(-1);
    if (last?.to === from) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}

type Common = { readonly left: ReadonlySet<Word>; readonly right: ReadonlySet<Word> };

/** The words of a longest common subsequence, between what both begin and end with. */
function commonWords(left: readonly Word[], right: readonly Word[]): Common {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start]?.text === right[start]?.text) start++;
  let end = 0;
  while (end < most - start && left.at(-1 - end)?.text === right.at(-1 - end)?.text) end++;
  const [inLeft, inRight] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const pairs = inLeft.length * inRight.length > mostPairs ? [] : longestCommon(inLeft, inRight);
  return {
    left: new Set([
      ...left.slice(0, start),
      ...left.slice(left.length - end),
      ...pairs.map(([word]) => word),
    ]),
    right: new Set([
      ...right.slice(0, start),
      ...right.slice(right.length - end),
      ...pairs.map(([, word]) => word),
    ]),
  };
}

function longestCommon(left: readonly Word[], right: readonly Word[]): readonly (readonly [Word, Word])[] {
  const columns = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * columns);
  const at = (row: number, column: number): number => lengths[row * columns + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const isSame = left[row]?.text === right[column]?.text;
      lengths[row * columns + column] = isSame
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: (readonly [Word, Word])[] = [];
  let row = 0;
  let column = 0;
  for (let here = left[row], there = right[column]; here && there; here = left[row], there = right[column]) {
    if (here.text === there.text) {
      pairs.push([here, there]);
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}
