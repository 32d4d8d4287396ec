/** Seeded randomness. */

import { describe, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../openapi/random.js';

const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

const sequence = (random: Random): readonly unknown[] =>
  times(50, () => [random.integer(0, 1_000_000), random.hex(4), random.uuid()]);

describe('a seed', () => {
  test.each([0, 1, -1, 42, 2 ** 31 - 1, -(2 ** 31)])('%d gives the same sequence each time', (seed) => {
    expect(sequence(seededRandom(seed))).toEqual(sequence(seededRandom(seed)));
  });

  test('gives another sequence than any other', () => {
    const sequences = [0, 1, 2, 3, -1, 1000].map((seed) => JSON.stringify(sequence(seededRandom(seed))));
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  test('gives a sequence of its own, whatever is drawn from another beside it', () => {
    const alone = seededRandom(7);
    const beside = seededRandom(7);
    const other = seededRandom(8);
    const drawn = times(20, () => {
      other.uuid();
      return beside.integer(0, 99);
    });
    expect(drawn).toEqual(times(20, () => alone.integer(0, 99)));
  });

  test('counts by its low 32 bits, fractions cut off', () => {
    expect(sequence(seededRandom(2 ** 32 + 5))).toEqual(sequence(seededRandom(5)));
    expect(sequence(seededRandom(5.9))).toEqual(sequence(seededRandom(5)));
  });
});

describe('an integer', () => {
  test.each([
    [0, 1],
    [1, 6],
    [-3, 3],
    [10, 10],
    [-2, -1],
  ])('between %d and %d reaches both and every other, and no more', (from, to) => {
    const random = seededRandom(1);
    const drawn = new Set(times(500, () => random.integer(from, to)));
    const all = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect([...drawn].sort((a, b) => a - b)).toEqual(all);
  });

  test('stays exact in a wide range', () => {
    const random = seededRandom(1);
    for (const drawn of times(200, () => random.integer(0, Number.MAX_SAFE_INTEGER))) {
      expect(Number.isSafeInteger(drawn) && drawn >= 0).toBe(true);
    }
  });
});

describe('bytes', () => {
  test.each([0, 1, 2, 16, 33])('in hexadecimal, %d of them, are two digits each', (bytes) => {
    const random = seededRandom(3);
    const pattern = new RegExp(`^[0-9a-f]{${2 * bytes}}$`);
    for (const digits of times(100, () => random.hex(bytes))) expect(digits).toMatch(pattern);
  });

  test('take every value', () => {
    const random = seededRandom(3);
    expect(new Set(times(5000, () => random.hex(1))).size).toBe(256);
  });
});

describe('a UUID', () => {
  const random = seededRandom(9);
  const drawn = times(500, () => random.uuid());

  test('has version 4 and the variant of RFC 9562', () => {
    for (const uuid of drawn) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test('takes each of the four digits of that variant', () => {
    expect(new Set(drawn.map((uuid) => uuid.charAt(19)))).toEqual(new Set(['8', '9', 'a', 'b']));
  });

  test('is not drawn twice', () => {
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
