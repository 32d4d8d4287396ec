/** The one user of faker, loaded on first use: an instance of our own over our own randomness, in English. */

import { createRequire } from 'node:module';
import { type Random, seededRandom } from '../random.js';

export type Faker = typeof import('@faker-js/faker/locale/en')['faker'];

let random: Random = seededRandom(0);
let made: Faker | undefined;

/** Made-up data, drawn from a source of random values: whoever asks next draws from his own. */
export function fakerOver(source: Random): Faker {
  random = source;
  made ??= createFaker();
  return made;
}

/** An instance that shares nothing with the one that others may have seeded. */
function createFaker(): Faker {
  const { faker }: { readonly faker: Faker } = createRequire(import.meta.url)('@faker-js/faker/locale/en');
  const randomizer = {
    next: (): number => random.integer(0, 0xffffffff) / 0x1_0000_0000,
    seed: (): void => {},
  };
  return Reflect.construct(faker.constructor, [{ locale: faker.rawDefinitions, randomizer }]);
}

/** One of several, by chance. */
export function oneOf<T>(random: Random, first: T, ...others: readonly T[]): T {
  return [first, ...others][random.integer(0, others.length)] ?? first;
}
