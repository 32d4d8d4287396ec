/** Walks in rounds: some side by side in which no time passes, then some in which it does. */

import type { Drawn, Planned } from './planned.js';

/** What is run side by side, or one after the other. */
export type Round = { readonly workflows: readonly Planned[]; readonly takesTime: boolean };

/** As often as one walk in which time passes there are so many in which none does. */
const timelessShare = 2;

/** The rounds of all walks, drawn as they are asked for; `atOnce` is how many can run at the same time. */
export function* roundsOf(walks: Drawn, atOnce: number): Generator<Round> {
  const timeless = walks.draw(false)[Symbol.iterator]();
  const timed = walks.draw(true)[Symbol.iterator]();
  for (;;) {
    const some = taken(timeless, timelessShare * atOnce);
    if (some.length > 0) yield { workflows: some, takesTime: false };
    const others = taken(timed, atOnce);
    if (others.length > 0) yield { workflows: others, takesTime: true };
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
