/** Texts of the formats of JSON Schema and OpenAPI, of about a size where one is asked for. */

import type { Random } from '../random.js';

type Making = {
  readonly random: Random;
  readonly now: number;
  /** About how many characters there are to be; undefined where any number will do. */
  readonly size: number | undefined;
};

const alphabet = 'abcdefghijklmnopqrstuvwxyz';
const day = 86_400_000;

/** A text of a format; undefined for one that is not known. */
export function formatText(
  format: string,
  random: Random,
  now: number,
  size: number | undefined,
): string | undefined {
  return Object.hasOwn(formats, format) ? formats[format]?.({ random, now, size }) : undefined;
}

/** Small letters, between so many. */
export function letters(random: Random, from: number, to: number): string {
  const length = random.integer(from, Math.max(from, to));
  let text = '';
  for (let index = 0; index < length; index += 1) text += alphabet.charAt(random.integer(0, 25));
  return text;
}

/** Letters around what a format needs. */
const padded =
  (before: string, after: string, short: string = after) =>
  ({ random, size }: Making): string => {
    if (size === undefined) return `${before}${letters(random, 4, 9)}${after}`;
    const end = size > before.length + after.length ? after : short;
    const length = Math.max(1, size - before.length - end.length);
    return `${before}${letters(random, length, length)}${end}`;
  };

/** An instant of the last ninety days. */
const instant = ({ random, now }: Making): string => {
  const text = new Date(now - random.integer(0, 90 * day)).toISOString();
  return `${text.slice(0, 19)}Z`;
};
const octet = ({ random }: Making): number => random.integer(1, 254);
const group = ({ random }: Making): string => random.hex(2);
const email = padded('', '@example.com', '@a.io');
const host = padded('', '.example.com', '.io');
const address = padded('https://example.com/', '');
const shortAddress = (making: Making): string =>
  making.size === undefined || making.size > 20 ? address(making) : padded('http://', '.io')(making);
const pointer = padded('/', '');
const base64 = ({ random, size }: Making): string => {
  const bytes = size === undefined ? 12 : Math.floor(size / 4) * 3;
  return Buffer.from(random.hex(bytes), 'hex').toString('base64');
};

const formats: Readonly<Record<string, (making: Making) => string>> = {
  'date-time': instant,
  'iso-date-time': instant,
  date: (making) => instant(making).slice(0, 10),
  time: (making) => instant(making).slice(11),
  'iso-time': (making) => instant(making).slice(11),
  duration: ({ random }) => `PT${random.integer(1, 90)}M`,
  email,
  'idn-email': email,
  hostname: host,
  'idn-hostname': host,
  ipv4: (making) => [203, 0, 113, octet(making)].join('.'),
  ip: (making) => [203, 0, 113, octet(making)].join('.'),
  ipv6: (making) =>
    `2001:db8:${group(making)}:${group(making)}::${group(making)}`.replace(/:0+(?=[\da-f])/g, ':'),
  uuid: ({ random }) => random.uuid(),
  uri: shortAddress,
  url: shortAddress,
  iri: shortAddress,
  'uri-reference': (making) =>
    making.size === undefined || making.size > 20 ? address(making) : pointer(making),
  'iri-reference': (making) =>
    making.size === undefined || making.size > 20 ? address(making) : pointer(making),
  'uri-template': padded('/', '/{id}', ''),
  'json-pointer': pointer,
  'json-pointer-uri-fragment': padded('#/', ''),
  'relative-json-pointer': padded('1/', ''),
  regex: padded('^', '$'),
  byte: base64,
  base64,
  base64url: (making) => base64(making).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  binary: ({ random, size }) => letters(random, size ?? 8, size ?? 16),
  password: ({ random, size = 12 }) =>
    `${letters(random, Math.max(size - 4, 1), Math.max(size - 4, 1))}A9-x`.slice(-Math.max(size, 1)),
};
