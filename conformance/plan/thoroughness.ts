/** How much of what could be tried is tried of each operation: of hundreds some are tried fairly, the others briefly. */

import type { Operation } from '../../openapi/contract.js';

/**
 * `brief`: only what tells most, so that a plan of a thousand operations can be run in minutes. `fair`: everything, but of
 * one kind of value only some; this is how those few are tried that stand for the many.
 */
export type Thoroughness = 'thorough' | 'fair' | 'brief';

/** So many operations are tried thoroughly; when there are more than these, so many fairly. */
export const mostThorough = 40;

/** How each operation is tried. Those that are tried fairly lie evenly among the others, and are others with another seed. */
export function thoroughnessOf(
  operations: readonly Operation[],
  seed: number,
): (operation: Operation) => Thoroughness {
  const step = Math.ceil(operations.length / mostThorough);
  const thorough = new Set(operations.filter((_, index) => (index + seed) % Math.max(1, step) === 0));
  const most = operations.length > mostThorough ? 'fair' : 'thorough';
  return (operation) => (thorough.has(operation) ? most : 'brief');
}

/** The first of each list, then the second of each, until there are so many. */
export function inTurns<Item>(lists: readonly (readonly Item[])[], most: number): readonly Item[] {
  const taken: Item[] = [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1)
    for (const list of lists) {
      const item = list[index];
      if (item !== undefined && taken.length < most) taken.push(item);
    }
  return taken;
}
