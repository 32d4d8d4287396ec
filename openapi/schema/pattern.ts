/** Patterns of schemas as regular expressions. */

/**
 * Patterns are meant as Unicode expressions (JSON Schema 2020-12 core, section 6.4); many are written for less, or in what
 * other languages add, and still mean something. Throws a SyntaxError for one that means nothing.
 */
export function regExpOf(pattern: string, flags = 'u'): RegExp {
  if (!foreignThough.test(pattern)) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // It is none as it stands.
    }
  }
  const { source, flags: meant } = translated(pattern);
  try {
    return new RegExp(source, `u${meant}`);
  } catch {
    if (unreadable.test(source)) throw new SyntaxError(`no regular expression: ${pattern}`);
    return new RegExp(source, meant);
  }
}

export function isRegExp(pattern: string): boolean {
  try {
    regExpOf(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What an expression that is no Unicode one would mean something else by: properties, and sets of sets. */
const unreadable = /\\[pP]\{|&&\[/;

/** What is an expression as it stands, but plainly another one was meant: between slashes, or with classes of POSIX. */
const foreignThough = /^\/\^.*\$\/[dgimsuy]*$|\[[^\]]*\[:\^?[a-z]+:\]/s;

/** The classes of POSIX, within brackets. */
const posix: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: ' \\t',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '\\x21-\\x7E',
  lower: 'a-z',
  print: '\\x20-\\x7E',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** One part of an expression: an escape, a class of POSIX, the beginning of a group, a quantifier, or one character. */
const part =
  /\\Q(?<quoted>.*?)(?:\\E|$)|\\[pP]\{(?<property>\w+)\}|\\x\{(?<code>[0-9A-Fa-f]+)\}|\\(?<escaped>.)|\[:(?<posix>[a-z]+):\]|\(\?#[^)]*\)|\(\?(?<on>[a-zA-Z]*)(?:-[a-zA-Z]+)?(?<end>[:)])|\(\?(?:P?<(?<name>[A-Za-z_]\w*)>|(?<atomic>>))|(?<quantifier>[*+?]|\{\d+(?:,\d*)?\})(?<mode>[+?]?)|./gsu;

/** An expression of other languages in ECMAScript: what it adds to what a text may be is kept, what it refuses more is not. */
function translated(pattern: string): { readonly source: string; readonly flags: string } {
  const between = /^\/(\^.*\$)\/([dgimsuy]*)$/s.exec(pattern);
  const flags = new Set((between?.[2] ?? '').replace(/[^ims]/g, ''));
  let inClass = false;
  const source = (between?.[1] ?? pattern).replace(part, (text, ...found) => {
    const groups: Readonly<Record<string, string | undefined>> = found.at(-1);
    const { quoted, property, code, escaped, on, end, name, quantifier, mode } = groups;
    if (quoted !== undefined) return quoted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    if (property !== undefined) return propertyOf(text, property, inClass);
    if (code !== undefined) return `\\u{${code}}`;
    if (escaped !== undefined) return escapeOf(escaped, inClass);
    if (groups.posix !== undefined) return inClass ? (posix[groups.posix] ?? text) : text;
    if (inClass) {
      inClass = text !== ']';
      return text;
    }
    if (text === '[') inClass = true;
    if (text.startsWith('(?#')) return '';
    if (on !== undefined) {
      // White space would have to be left out.
      if (on.includes('x')) return text;
      for (const flag of on) if ('ims'.includes(flag)) flags.add(flag);
      return end === ':' ? '(?:' : '';
    }
    if (name !== undefined) return `(?<${name}>`;
    if (groups.atomic !== undefined) return '(?:';
    // A possessive quantifier takes what a greedy one does, and gives nothing back.
    return quantifier !== undefined && mode === '+' ? quantifier : text;
  });
  return { source, flags: [...flags].join('') };
}

function propertyOf(text: string, name: string, inClass: boolean): string {
  const known = posix[name.replace(/^Is/, '').toLowerCase()];
  if (known === undefined) return text;
  const negated = text.startsWith('\\P');
  if (inClass) return negated ? text : known;
  return negated ? `[^${known}]` : `[${known}]`;
}

function escapeOf(escaped: string, inClass: boolean): string {
  if (!inClass) {
    if (escaped === 'A') return '^';
    if (escaped === 'Z' || escaped === 'z') return '$';
    if (escaped === 'h') return '[ \\t]';
  }
  if (escaped === 'h') return ' \\t';
  if (escaped === 'a') return '\\x07';
  if (escaped === 'e') return '\\x1B';
  // A Unicode expression escapes no character that has no meaning of its own.
  const needless = inClass ? /[^\w\s^$\\.*+?()[\]{}|/-]/ : /[^\w\s^$\\.*+?()[\]{}|/]/;
  return needless.test(escaped) ? escaped : `\\${escaped}`;
}
