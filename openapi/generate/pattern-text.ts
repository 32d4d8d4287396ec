/** Texts that match a regular expression, of a length that is asked for: read as a tree, and written from it. */

import type { Random } from '../random.js';

/** Makes a text of about some length; `isMixed`: of all characters that may stand there, not of the plainest. */
type WriteText = (length: number, random: Random, isMixed: boolean) => string;

export type PatternText = {
  /** The least and the greatest length that a match by itself can have. */
  readonly least: number;
  readonly most: number;
  readonly write: WriteText;
};

type Part = { readonly least: number; readonly most: number; readonly write: Write };
type Writing = { readonly random: Random; readonly isMixed: boolean; readonly groups: Map<string, string> };
type Write = (length: number, writing: Writing) => string;

/** What writes matches of a regular expression; undefined for one that it cannot read. Nothing looks around: try what is written. */
export function patternText({ source, flags }: RegExp): PatternText | undefined {
  try {
    const reading: Reading = { source, flags, at: 0, groups: 0 };
    const whole = choiceOf(reading);
    if (reading.at < source.length) return undefined;
    const write: WriteText = (length, random, isMixed) =>
      whole.write(length, { random, isMixed, groups: new Map() });
    return { least: whole.least, most: whole.most, write };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Reading = { readonly source: string; readonly flags: string; at: number; groups: number };

const nothing: Part = { least: 0, most: 0, write: () => '' };

function choiceOf(reading: Reading): Part {
  const options = [sequenceOf(reading)];
  while (reading.source[reading.at] === '|') {
    reading.at += 1;
    options.push(sequenceOf(reading));
  }
  const [only] = options;
  if (only !== undefined && options.length === 1) return only;
  return {
    least: Math.min(...options.map(({ least }) => least)),
    most: Math.max(...options.map(({ most }) => most)),
    write: (length, writing) => {
      const far = options.map(({ least, most }) => Math.max(least - length, length - most, 0));
      const near = options.filter((_, index) => far[index] === Math.min(...far));
      return picked(near, writing.random)?.write(length, writing) ?? '';
    },
  };
}

function sequenceOf(reading: Reading): Part {
  const parts: Part[] = [];
  while (reading.at < reading.source.length && !/[|)]/.test(reading.source[reading.at] ?? ''))
    parts.push(quantified(reading));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : inARow(parts);
}

function inARow(parts: readonly Part[]): Part {
  const least = sum(parts.map((part) => part.least));
  const most = sum(parts.map((part) => part.most));
  return { least, most, write: (length, writing) => shared(parts, length, writing) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** The parts one after the other, what is more than the least shared among them. */
function shared(parts: readonly Part[], length: number, writing: Writing): string {
  let extra = length - sum(parts.map(({ least }) => least));
  const rooms = [0];
  for (const part of parts.toReversed()) rooms.push((rooms.at(-1) ?? 0) + (part.most - part.least));
  let text = '';
  for (const [index, part] of parts.entries()) {
    const own = part.most - part.least;
    // What those that follow cannot take has to be taken here.
    const from = Math.max(0, Math.min(own, extra - (rooms[parts.length - 1 - index] ?? 0)));
    const to = Math.max(from, Math.min(own, extra));
    const written = part.write(part.least + writing.random.integer(from, to), writing);
    extra -= [...written].length - part.least;
    text += written;
  }
  return text;
}

function quantified(reading: Reading): Part {
  const part = atom(reading);
  const rest = reading.source.slice(reading.at);
  const [text, sign, from, comma, to] = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(rest) ?? [];
  if (text === undefined) return part;
  reading.at += text.length;
  if (sign !== undefined) return repeated(part, sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity);
  const least = Number(from);
  return repeated(part, least, comma === '' ? least : to === '' ? Infinity : Number(to));
}

function repeated(part: Part, from: number, to: number): Part {
  const most = to === 0 || part.most === 0 ? 0 : part.most * to;
  return {
    least: part.least * from,
    most,
    write: (length, writing) => {
      const fewest = Math.max(from, part.most === 0 ? from : Math.ceil(length / part.most));
      const many = part.least === 0 ? Math.max(length, from) : Math.floor(length / part.least);
      const times = Math.min(writing.random.integer(fewest, Math.max(fewest, Math.min(to, many))), to);
      return shared(new Array<Part>(times).fill(part), length, writing);
    },
  };
}

function atom(reading: Reading): Part {
  const { source } = reading;
  const character = String.fromCodePoint(source.codePointAt(reading.at) ?? 0);
  if (character === '(') return group(reading);
  if (character === '[') return characters(take(reading, classEnd(reading)), reading.flags);
  if (character === '\\') return escaped(reading);
  reading.at += character.length;
  if (character === '^' || character === '$') return nothing;
  if (/[*+?]/.test(character)) throw new SyntaxError('nothing to repeat');
  return character === '.' ? characters('.', reading.flags) : literal(character);
}

function literal(text: string): Part {
  return { least: 1, most: 1, write: () => text };
}

function take(reading: Reading, end: number): string {
  const text = reading.source.slice(reading.at, end);
  reading.at = end;
  return text;
}

/** The end of a character class: with the `v` flag, others may stand in it. */
function classEnd({ source, at, flags }: Reading): number {
  let depth = 0;
  for (let index = at; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1;
    else if (source[index] === '[' && (depth === 0 || flags.includes('v'))) depth += 1;
    else if (source[index] === ']') depth -= 1;
    if (depth === 0) return index + 1;
  }
  throw new SyntaxError('a class without an end');
}

function group(reading: Reading): Part {
  const [opening = '(', kind = '', name] =
    /^\((\?(?:<([A-Za-z_$][\w$]*)>|<?[=!]|[a-z-]*:))?/.exec(reading.source.slice(reading.at)) ?? [];
  reading.at += opening.length;
  const isAround = /^\?<?[=!]$/.test(kind);
  const keys: string[] = [];
  if (kind === '' || name !== undefined) {
    reading.groups += 1;
    keys.push(String(reading.groups));
  }
  if (name !== undefined) keys.push(name);
  const inner = choiceOf(reading);
  if (reading.source[reading.at] !== ')') throw new SyntaxError('a group without an end');
  reading.at += 1;
  if (isAround) return nothing;
  if (keys.length === 0) return inner;
  return {
    ...inner,
    write: (length, writing) => {
      const text = inner.write(length, writing);
      for (const key of keys) writing.groups.set(key, text);
      return text;
    },
  };
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0' };

function escaped(reading: Reading): Part {
  const rest = reading.source.slice(reading.at);
  const [text = '\\'] =
    /^\\(?:[pP]\{[^}]*\}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|k<[^>]*>|[1-9]\d*|.)/su.exec(
      rest,
    ) ?? [];
  reading.at += text.length;
  const sign = text.slice(1);
  if (/^[bB]$/.test(sign)) return nothing;
  const key = /^k<(.*)>$/.exec(sign)?.[1] ?? (/^[1-9]/.test(sign) ? sign : undefined);
  if (key !== undefined) return { least: 0, most: 0, write: (_, { groups }) => groups.get(key) ?? '' };
  if (/^(?:[dDwWsS]$|[pP]\{)/.test(sign)) return characters(text, reading.flags);
  if (/^[ux]/.test(sign) && sign.length > 1)
    return literal(String.fromCodePoint(Number.parseInt(sign.slice(1).replace(/[{}]/g, ''), 16)));
  if (/^c[A-Za-z]$/.test(sign)) return literal(String.fromCodePoint((sign.codePointAt(1) ?? 0) % 32));
  return literal(controls[sign] ?? sign);
}

const known = new Map<string, { readonly plain: readonly string[]; readonly all: readonly string[] }>();
const mostKnown = 2000;
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** One of the characters that a class, an escape or the dot stands for; letters and digits rather than others. */
function characters(source: string, flags: string): Part {
  const key = `${flags} ${source}`;
  const found = known.get(key) ?? membersOf(source, flags);
  if (known.size < mostKnown) known.set(key, found);
  const { plain, all } = found;
  if (all.length === 0) throw new SyntaxError('a class without a character');
  const write: Write = (_, { random, isMixed }) => picked(isMixed ? all : plain, random) ?? '';
  return { least: 1, most: 1, write };
}

function membersOf(source: string, flags: string): { plain: readonly string[]; all: readonly string[] } {
  const expression = new RegExp(`^(?:${source})$`, flags.replace(/[gy]/g, ''));
  const isMember = (character: string): boolean => expression.test(character);
  const all = ascii.filter(isMember);
  if (all.length === 0) all.push(...elsewhere(isMember));
  const isOpen = all.length > 64 || all.includes(' ');
  const lower = isOpen ? all.filter((each) => /[a-z]/.test(each)) : [];
  const usual = lower.length > 0 ? lower : all.filter((each) => /[A-Za-z0-9]/.test(each));
  return { plain: usual.length > 0 ? usual : all, all };
}

/** The first few characters beyond ASCII. */
function elsewhere(isMember: (character: string) => boolean): readonly string[] {
  const found: string[] = [];
  for (let point = 0; point <= 0x1ffff && found.length < 20; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    if (isMember(character)) found.push(character);
  }
  return found;
}

function picked<T>(items: readonly T[], random: Random): T | undefined {
  return items.length === 0 ? undefined : items[random.integer(0, items.length - 1)];
}
