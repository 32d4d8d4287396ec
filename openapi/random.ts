/** Seeded randomness: the same seed gives the same sequence, on every machine. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of random values. Each call moves it on. */
export type Random = {
  /** An integer between two bounds, both included. */
  integer(from: number, to: number): number;
  /** Bytes, in hexadecimal: two digits each. */
  hex(bytes: number): string;
  /** A UUID of version 4 (RFC 9562, section 5.4). */
  uuid(): string;
};

const twoDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Makes a source of random values from a 32-bit integer. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const integer = (from: number, to: number): number => uniformInt(generator, from, to);
  const hex = (bytes: number): string => {
    let digits = '';
    for (let index = 0; index < bytes; index += 1) digits += twoDigits[integer(0, 255)];
    return digits;
  };
  const uuid = (): string => {
    const digits = hex(16);
    const variant = '89ab'.charAt(integer(0, 3));
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  };
  return { integer, hex, uuid };
}

/** A seed that nobody has chosen. */
export function anySeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

/** A seed for what goes by a text: the same for the same seed and text, hardly ever for another. */
export function seedOf(seed: number, text: string): number {
  let mixed = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return mixed;
}
