/** Walks in rounds: some in which no time passes, then one in which it does. */

import type { Drawn, Planned } from './planned.js';

/** As often as one walk in which time passes there are so many in which none does. */
const timelessShare = 2;

/** The rounds of all walks, drawn as they are asked for. */
export function* roundsOf(walks: Drawn): Generator<readonly Planned[]> {
  const timeless = walks.draw(false)[Symbol.iterator]();
  const timed = walks.draw(true)[Symbol.iterator]();
  for (;;) {
    const some = taken(timeless, timelessShare);
    if (some.length > 0) yield some;
    const others = taken(timed, 1);
    if (others.length > 0) yield others;
    if (some.length === 0 && others.length === 0) return;
  }
}

function taken(walks: Iterator<Planned>, count: number): readonly Planned[] {
  const some: Planned[] = [];
  while (some.length < count) {
    const next = walks.next();
    if (next.done === true) break;
    some.push(next.value);
  }
  return some;
}
