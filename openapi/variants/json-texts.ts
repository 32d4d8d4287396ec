/** JSON as bytes: such as no parser may take, such as parsers disagree about, and unusual forms of what all must take. */

import { isObject, type Json } from '../json.js';

/** What a content of JSON may look like. `text` is bytes where it is no UTF-8. */
export type JsonText = { readonly title: string; readonly text: string | Uint8Array };

const encoder = new TextEncoder();

/** Texts that are no JSON (RFC 8259), the most likely to slip through last. */
export function malformedJson(base: Json): readonly JsonText[] {
  const text = JSON.stringify(base);
  const open = textWithRoom(base);
  const closing = text.slice(-1);
  const isList = isObject(base) || Array.isArray(base);
  const texts: readonly JsonText[] = [
    { title: 'is cut short', text: text.slice(0, -1) },
    { title: 'is cut short in the middle', text: text.slice(0, Math.ceil(text.length / 2)) },
    { title: 'is empty', text: '' },
    { title: 'is no JSON but words', text: 'this is not JSON' },
    { title: 'has single quotes', text: text.includes('"') ? text.replaceAll('"', "'") : "'a'" },
    {
      title: 'has a comma too many at its end',
      text: isList && text.length > 2 ? `${text.slice(0, -1)},${closing}` : `${text},`,
    },
    { title: 'has names without quotes', text: open('unquoted: 1') },
    { title: 'has a comment', text: `${text} // comment` },
    { title: 'has a comment inside', text: `/* comment */ ${text}` },
    { title: 'has NaN', text: open('"number": NaN') },
    { title: 'has Infinity', text: open('"number": -Infinity') },
    { title: 'has undefined', text: open('"member": undefined') },
    { title: 'has a number with a zero before it', text: open('"number": 012') },
    { title: 'has a hexadecimal number', text: open('"number": 0x1F') },
    { title: 'has a number with a plus before it', text: open('"number": +1') },
    { title: 'has a number that ends with its point', text: open('"number": 1.') },
    { title: 'has a word in capitals', text: open('"member": TRUE') },
    { title: 'has a colon too few', text: open('"member" 1') },
    { title: 'has a line break in a string', text: open('"text": "a\nb"') },
    { title: 'has a tab in a string', text: open('"text": "a\tb"') },
    { title: 'has an unescaped null character in a string', text: open('"text": "a\u0000b"') },
    { title: 'has an unknown escape in a string', text: open('"text": "\\x41"') },
    { title: 'has an escape that is cut short', text: open('"text": "\\u00"') },
    { title: 'has a closing bracket too many', text: `${text}${closing === ']' ? ']' : '}'}` },
    { title: 'holds two documents', text: `${text}${text}` },
    { title: 'has a null character at its end', text: `${text}\u0000` },
    { title: 'is not UTF-8', text: bytesOf(open('"text": "?"'), [0xc3, 0x28]) },
    { title: 'has a surrogate encoded as UTF-8', text: bytesOf(open('"text": "?"'), [0xed, 0xa0, 0x80]) },
    { title: 'has an overlong encoding', text: bytesOf(open('"text": "?"'), [0xc0, 0xaf]) },
    { title: 'is in UTF-16', text: utf16(text) },
    { title: 'is nested 10,000 deep, and never closed', text: '['.repeat(10_000) },
  ];
  // Half of a number is one as well.
  return texts.filter((each) => typeof each.text !== 'string' || !isJsonText(each.text));
}

/** Texts with a name twice, of which a parser may take either (RFC 8259, section 4): each member of the base, once each. */
export function duplicateKeys(base: Json): readonly JsonText[] {
  if (!isObject(base)) return [];
  const members = Object.entries(base).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return Object.entries(base).flatMap(([name, value]) => {
    const key = JSON.stringify(name);
    const same = `${key}:${JSON.stringify(value)}`;
    return [
      { title: `has ${name} twice, alike`, text: `{${[...members, same].join(',')}}` },
      { title: `has ${name} twice, the second null`, text: `{${[...members, `${key}:null`].join(',')}}` },
      { title: `has ${name} twice, the first null`, text: `{${[`${key}:null`, ...members].join(',')}}` },
    ];
  });
}

/** Texts of which the standard leaves open what becomes of them: a server may refuse them, and may not fail. */
export function uncertainJson(base: Json): readonly JsonText[] {
  const text = JSON.stringify(base);
  const open = textWithRoom(base);
  return [
    { title: 'has a byte-order mark', text: `\ufeff${text}` },
    { title: 'has half of a surrogate pair, escaped', text: open('"text": "\\ud83d"') },
    { title: 'has a surrogate pair the wrong way round', text: open('"text": "\\ude00\\ud83d"') },
    { title: 'has a number that is too large', text: open('"number": 1e400') },
    { title: 'has a number that is too small', text: open('"number": 1e-400') },
    { title: 'has a whole number of 400 digits', text: open(`"number": ${'9'.repeat(400)}`) },
    { title: 'is nested 10,000 deep', text: open(`"list": ${'['.repeat(10_000)}${']'.repeat(10_000)}`) },
  ];
}

/** Other texts for the same value (RFC 8259, sections 2 and 7): each must be read as it. */
export function unusualJson(base: Json): readonly JsonText[] {
  const text = JSON.stringify(base);
  const texts: readonly JsonText[] = [
    { title: 'has white space around everything', text: ` \r\n\t${JSON.stringify(base, null, '\t')}\r\n ` },
    { title: 'has its strings escaped', text: escaped(text) },
    { title: 'has a line break at its end', text: `${text}\n` },
    { title: 'has its numbers with exponents', text: withExponents(base) },
  ];
  return texts.filter((each) => each.text !== text);
}

/** The text of a value with one member more, as it is given. */
function textWithRoom(base: Json): (member: string) => string {
  const text = JSON.stringify(base);
  if (!isObject(base)) return (member) => `{${member}}`;
  return (member) => `${text.slice(0, -1)}${text === '{}' ? '' : ','}${member}}`;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The text with its last question mark replaced by bytes. */
function bytesOf(text: string, bytes: readonly number[]): Uint8Array {
  const at = text.lastIndexOf('?');
  return Uint8Array.from([
    ...encoder.encode(text.slice(0, at)),
    ...bytes,
    ...encoder.encode(text.slice(at + 1)),
  ]);
}

/** In big-endian order, with its byte-order mark: RFC 8259, section 8.1, allows UTF-8 alone. */
function utf16(text: string): Uint8Array {
  const units = [0xfeff, ...Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))];
  return Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff]));
}

/** Every letter and digit within quotes as `\u0041`. */
function escaped(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
    quoted.replace(/\\.|[A-Za-z0-9]/g, (part) =>
      part.length > 1 ? part : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

function withExponents(value: Json): string {
  if (typeof value === 'number') return value.toExponential();
  if (Array.isArray(value)) return `[${value.map(withExponents).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}:${withExponents(each)}`,
  );
  return `{${members.join(',')}}`;
}
