/** Keys for what is created: of the schema of the id, fit to stand in a path, and not in use. */

import type { Contract } from '../contract.js';
import type { Place } from '../document/documents.js';
import type { GenerateContext } from '../generate/generate.js';
import type { Json } from '../json.js';
import type { StateReader } from './entries.js';
import { deletedOf } from './inferred-rule.js';

/** How often another text is tried, before one is taken that may be in use. */
const tries = 20;

/** Whether a key is in use in a collection, or was until what it named was deleted. */
export function isUsedIn(state: StateReader, collection: string): (key: string) => boolean {
  return (key) => [collection, deletedOf({ collection })].some((each) => state.get(each, key) !== undefined);
}

/** A key that is not in use: of numbers the next one, of texts one at random. */
export function unusedKey(
  contract: Pick<Contract, 'schemas' | 'generate'>,
  schema: Place,
  context: GenerateContext,
  isUsed: (key: string) => boolean,
): Json {
  const { random } = context;
  const isGood = (key: Json): boolean =>
    /^[\w.~-]+$/.test(String(key)) &&
    !isUsed(String(key)) &&
    contract.schemas.violations(schema, key, 'response').length === 0;
  const isAllowed = (each: number): boolean =>
    contract.schemas.violations(schema, each, 'response').length === 0;
  const number = nextNumber((each) => isUsed(String(each)), isAllowed);
  if (number !== undefined && isGood(number)) return number;
  for (const make of [
    () => random.uuid(),
    () => random.hex(12),
    () => random.hex(4),
    () => String(number ?? 1),
  ]) {
    const made = make();
    if (isGood(made)) return made;
  }
  let made: Json = null;
  for (let attempt = 0; attempt < tries && !isGood(made); attempt += 1)
    made = contract.generate(schema, { ...context, dynamic: true });
  return made;
}

/** A number after those in use, found without looking at each; the first is the least that the schema allows, from 1 on. */
function nextNumber(
  isUsed: (number: number) => boolean,
  isAllowed: (number: number) => boolean,
): number | undefined {
  const first = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].find(isAllowed);
  if (first === undefined || !isUsed(first)) return first;
  let step = 1;
  while (isUsed(first + step)) step *= 2;
  let [low, high] = [first + Math.floor(step / 2), first + step];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isUsed(middle)) low = middle;
    else high = middle;
  }
  return isAllowed(high) ? high : undefined;
}
