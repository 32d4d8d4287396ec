/** Values that are nearly right: made from one that is, by name, so that a workflow can ask for them. */

import { percentEncoded } from '../../openapi/http/path.js';
import type { Json } from '../../openapi/json.js';
import { forgedTokens } from '../../openapi/token.js';

/** What a code, a password or another text may be mistaken for. */
const nearMisses: Readonly<Record<string, (text: string) => string>> = {
  wrong: otherText,
  prefix: (text) => text.slice(0, -1),
  empty: () => '',
  longer: (text) => `${text}0`,
  'zero-before': (text) => `0${text}`,
  'plus-before': (text) => `+${text}`,
  decimal: (text) => `${text}.0`,
  half: (text) => text.slice(0, Math.ceil(text.length / 2)),
  'last-other': (text) => text.slice(0, -1) + otherText(text.slice(-1)),
  'first-other': (text) => otherText(text.slice(0, 1)) + text.slice(1),
  'rest-other': (text) => text.slice(0, 1) + otherText(text.slice(1)),
  repeated: (text) => text + text,
  'space-before': (text) => ` ${text}`,
  'space-after': (text) => `${text} `,
  'space-inside': (text) => inTheMiddle(text, ' '),
  'hyphen-inside': (text) => inTheMiddle(text, '-'),
  'line-break-after': (text) => `${text}\n`,
  'zero-byte-after': (text) => `${text}\0`,
  'full-width': (text) => text.replace(/[!-~]/g, (character) => shifted(character, 0xff01 - 0x21)),
  'arabic-digits': (text) => text.replace(/[0-9]/g, (digit) => shifted(digit, 0x660 - 0x30)),
  quoted: (text) => `"${text}"`,
  'percent-encoded': (text) =>
    text.replace(/[^A-Za-z0-9]/gu, (character) => percentEncoded(character).replace(/^[^%]$/, asPercent)),
  'bearer-before': (text) => `Bearer ${text}`,
  'other-case': (text) => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()),
  zeros: (text) => text.replace(/./gs, '0'),
  ones: (text) => text.replace(/./gs, '1'),
  counting: (text) => Array.from(text, (_, index) => (index + 1) % 10).join(''),
  wildcard: () => '%',
  'any-characters': (text) => text.replace(/./gs, '_'),
  pattern: () => '.*',
};

/** What a code is mistaken for by a careless comparison, or by one that was left in from a test. */
export const nearCodes: readonly string[] = [
  ...['wrong', 'prefix', 'empty', 'longer', 'zero-before', 'plus-before', 'decimal', 'half', 'last-other'],
  ...[
    'first-other',
    'rest-other',
    'repeated',
    'space-before',
    'space-after',
    'space-inside',
    'hyphen-inside',
  ],
  ...['line-break-after', 'zero-byte-after', 'full-width', 'arabic-digits', 'zeros', 'ones', 'counting'],
  ...['wildcard', 'any-characters', 'pattern'],
];

/** What a token in the content of a request is mistaken for. */
export const nearTokens: readonly string[] = [
  ...['empty', 'prefix', 'half', 'space-before', 'space-after', 'line-break-after', 'zero-byte-after'],
  ...['quoted', 'percent-encoded', 'bearer-before', 'other-case', 'wildcard', 'pattern'],
];

/** What a key that clients choose, a phone number or a name, is mistaken for. */
export const nearKeys: readonly string[] = [
  ...['prefix', 'longer', 'zero-before', 'plus-before', 'last-other', 'first-other', 'rest-other'],
  ...['space-before', 'space-after', 'full-width'],
];

/** What a key of reference data is mistaken for. */
export const nearReferences: readonly string[] = [
  ...['prefix', 'longer', 'last-other', 'space-before', 'space-after', 'other-case', 'wildcard'],
];

/** What is derived from a value; undefined when nothing of this name can be, or when it would be the value itself. */
export function derived(name: string, value: Json): Json | undefined {
  if (typeof value !== 'string') return undefined;
  const made = name.startsWith('forged:')
    ? forgedTokens(value).find(({ title }) => forgedName(title) === name.slice('forged:'.length))?.token
    : Object.hasOwn(nearMisses, name)
      ? nearMisses[name]?.(value)
      : undefined;
  return made === value ? undefined : made;
}

/** The name under which a forged token can be asked for. */
export function forgedName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function inTheMiddle(text: string, between: string): string {
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, middle)}${between}${text.slice(middle)}`;
}

function shifted(character: string, by: number): string {
  return String.fromCharCode(character.charCodeAt(0) + by);
}

function asPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Another text of the same form: each digit another digit, each letter another letter. */
function otherText(text: string): string {
  return text.replace(/[0-9]|[a-z]|[A-Z]/g, (character) => {
    if (/\d/.test(character)) return String((Number(character) + 3) % 10);
    const base = character >= 'a' ? 97 : 65;
    return String.fromCharCode(base + ((character.charCodeAt(0) - base + 3) % 26));
  });
}
