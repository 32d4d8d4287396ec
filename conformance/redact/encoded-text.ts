/** Text with one layer of its escapes undone, and the way back from a place in it to the place in the text. */

/** Half-open: from `start` up to, not including, `end`. */
export type Range = { readonly start: number; readonly end: number };

export type DecodedText = {
  readonly text: string;
  /** The part of the original text that a part of the decoded text stands for. */
  origin(range: Range): Range;
};

export type EscapeKind = 'backslash' | 'shell' | 'percent' | 'reference';

// What JSON, JavaScript, URLs, HTML, XML and quoted words of a shell write in the place of a character.
const patterns: { readonly [kind in EscapeKind]: readonly RegExp[] } = {
  backslash: [/\\u[\da-fA-F]{4}/, /\\x[\da-fA-F]{2}/, /\\["'\\/bfnrt]/],
  shell: [/'\\''/, /'"'"'/],
  percent: [/%[0-7][\da-fA-F]/, /%[c-fC-F][\da-fA-F](?:%[89abAB][\da-fA-F]){1,3}/],
  reference: [/&#\d{1,7};/, /&#[xX][\da-fA-F]{1,6};/, /&(?:amp|lt|gt|quot|apos);/],
};

export const escapeKinds: readonly EscapeKind[] = ['backslash', 'shell', 'percent', 'reference'];

const anyOf = (each: readonly RegExp[]): RegExp =>
  new RegExp(each.map(({ source }) => source).join('|'), 'g');
const ofKind = new Map(escapeKinds.map((kind) => [kind, anyOf(patterns[kind])]));
// The shell's own first: a backslash stands within it.
const ofAnyKind = anyOf([
  ...patterns.shell,
  ...patterns.backslash,
  ...patterns.percent,
  ...patterns.reference,
]);

const named: { readonly [written: string]: string } = {
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** The text with its escapes undone once, of one kind or of any; undefined when it has none. */
export function decodedOnce(text: string, kind?: EscapeKind): DecodedText | undefined {
  // Pieces in turn: where each begins in the decoded text and in the original, and how long it is in the original.
  const starts: number[] = [];
  const origins: number[] = [];
  const lengths: number[] = [];
  const parts: string[] = [];
  let length = 0;
  const put = (part: string, origin: number, originalLength: number): void => {
    if (part === '') return;
    starts.push(length);
    origins.push(origin);
    lengths.push(originalLength);
    parts.push(part);
    length += part.length;
  };
  let end = 0;
  for (const match of text.matchAll((kind && ofKind.get(kind)) ?? ofAnyKind)) {
    put(text.slice(end, match.index), end, match.index - end);
    put(characterOf(match[0]), match.index, match[0].length);
    end = match.index + match[0].length;
  }
  if (end === 0) return undefined;
  put(text.slice(end), end, text.length - end);

  const pieceAt = (index: number): { readonly first: number; readonly last: number } => {
    const piece = lastNotAfter(starts, index);
    const origin = origins[piece] ?? 0;
    const original = lengths[piece] ?? 0;
    const isPlain = parts[piece]?.length === original;
    const first = isPlain ? origin + index - (starts[piece] ?? 0) : origin;
    return { first, last: isPlain ? first : origin + original - 1 };
  };
  return {
    text: parts.join(''),
    origin: (range) => ({ start: pieceAt(range.start).first, end: pieceAt(range.end - 1).last + 1 }),
  };
}

function characterOf(written: string): string {
  const known = named[written];
  if (known !== undefined) return known;
  if (written.startsWith("'")) return "'";
  if (written.startsWith('%')) return Buffer.from(written.replaceAll('%', ''), 'hex').toString('utf8');
  if (written.startsWith('&#')) {
    const code = /^&#x/i.test(written)
      ? Number.parseInt(written.slice(3), 16)
      : Number.parseInt(written.slice(2), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : written;
  }
  return /^\\[ux]/.test(written)
    ? String.fromCharCode(Number.parseInt(written.slice(2), 16))
    : written.slice(1);
}

/** The index of the last number that is not above the wanted one. The numbers ascend from 0. */
function lastNotAfter(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
