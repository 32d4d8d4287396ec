/** Pieces of Markdown (CommonMark, and the tables of GitHub): from texts that may hold anything to a page that holds together. */

/** Paragraphs with an empty line between; those that are undefined or empty are left out. */
export function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** Sentences in a row; those that are undefined are left out, and one that ends without a full stop gets it before another. */
export function sentences(parts: readonly (string | undefined)[]): string {
  const said = parts.flatMap((part) => (part === undefined || part.trim() === '' ? [] : [part.trim()]));
  return said
    .map((part, index) => (index < said.length - 1 && /[\p{L}\p{N})`]$/u.test(part) ? `${part}.` : part))
    .join(' ');
}

/** A heading and, below it, each of the items; nothing when there are none. */
export function section<T>(
  title: string,
  items: readonly T[],
  render: (item: T) => string,
  between = '\n\n',
): string {
  return items.length === 0 ? '' : `## ${title}\n\n${items.map(render).join(between)}`;
}

/** A table. Its cells are Markdown of one line each. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => inline(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Markdown in one line. */
export function inline(markdown: string): string {
  return markdown.trim().replace(/\s+/g, ' ');
}

/** Plain text, in which nothing means anything to Markdown. */
export function plain(text: string): string {
  return inline(text)
    .replace(/[\\`*[\]<>#]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** A link whose text is its address. */
export function link(address: string): string {
  return /^https?:\/\/[^\s<>]+$/.test(address) ? `<${address}>` : plain(address);
}

/** A link whose text is the last part of its path, for where there is little room. */
export function pageLink(address: string): string {
  const name = URL.canParse(address)
    ? new URL(address).pathname.split('/').findLast((part) => part !== '')
    : undefined;
  const isPage = /^https?:\/\/[^\s()<>]+$/.test(address);
  return name === undefined || !isPage ? link(address) : `[${plain(name)}](${address})`;
}

/** Markdown whose headings are so many levels lower. Lines within a fence stay. */
export function demoted(markdown: string, levels = 3): string {
  let fence: string | undefined;
  const lines = markdown.split('\n').map((line) => {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    else if (fence === undefined)
      return line.replace(/^ {0,3}(#{1,6})(?=\s)/, (_, marks: string) =>
        '#'.repeat(Math.min(6, marks.length + levels)),
      );
    return line;
  });
  return lines.join('\n').trim();
}

/** The anchor that GitHub gives a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
