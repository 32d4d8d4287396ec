/** What a value looks like: an identifier that a machine has made, an instant, or a word. */

import type { Json } from '../../openapi/json.js';

/** Forms that nobody writes by hand: UUID, long hexadecimal, JSON Web Tokens. */
const machineMade: readonly RegExp[] = [
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
  /^(?=.*\d)(?=.*[a-f])[\da-f]{16,}$/i,
  /^[\w-]{10,}\.[\w-]{10,}\.[\w-]*$/,
];

/** Base64, base64url and their like; a path begins with a slash. */
const longText = /^(?!\/)(?:[\w=~-]|[+/](?=.*[A-Z])(?=.*\d)){20,}$/;

/** Whether a text is one that only a machine makes: two servers do not make the same. */
export function isMachineMade(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  return machineMade.some((form) => form.test(value)) || (longText.test(value) && isMixed(value));
}

/** Whether letters, digits and cases alternate as in no words of people: `my-first-post-2024` has one number only. */
function isMixed(text: string): boolean {
  const numbers = text.match(/\d+/g)?.length ?? 0;
  const turns = text.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return /[A-Za-z]/.test(text) && (numbers >= 2 || turns >= 8);
}

const idWords: ReadonlySet<string> = new Set(
  ['id', 'uid', 'uuid', 'guid', 'oid', 'token', 'nonce', 'signature', 'cursor', 'hash', 'jti', 'sid'].flatMap(
    (word) => [word, `${word}s`],
  ),
);

/** Whether a member of this name holds an identifier: `_id`, `user_id`, `orderId`, `refresh_token`. */
export function isIdName(name: string): boolean {
  const last = name.split(/[_-]|(?<=[a-z\d])(?=[A-Z])/).at(-1) ?? '';
  return idWords.has(last.toLowerCase());
}

/** The formats of schemas whose values a server makes by itself. */
export const madeFormats: ReadonlySet<string> = new Set([
  'uuid',
  'jwt',
  'byte',
  'binary',
  'otp',
  'password',
  'ulid',
  'objectid',
  'nanoid',
]);

const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;

/** The instant that a value is, in milliseconds since 1970-01-01T00:00:00Z; undefined when it looks like none. */
export function instantOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string') {
    const isInstant = dateTime.test(value) || httpDate.test(value);
    const instant = isInstant ? Date.parse(value) : Number.NaN;
    return Number.isNaN(instant) ? undefined : instant;
  }
  if (typeof value !== 'number') return undefined;
  // From 2001 to 2286, in seconds, and in milliseconds.
  if (value >= 1e9 && value < 1e10) return value * 1000;
  return value >= 1e12 && value < 1e13 ? value : undefined;
}

/** Whether a member of this name counts down while nobody looks: `expires_in`, `ttl`. */
export function isRemainder(name: string): boolean {
  return /^(?:expires?_?in|ttl|max_?age|retry_?after|remaining_?seconds|uptime)$/i.test(name);
}
