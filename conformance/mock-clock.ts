/** The clock of a mock during a check: how far ahead it is, moved as the check needs it, and set back afterwards. */

import type { Clock } from '../openapi/duration.js';
import type { Abilities } from './mock-target.js';

export type MockClock = {
  /** How far it is ahead of this machine's, in milliseconds. */
  readonly clockAhead: number;
  /** Rejects with the reason when the mock does not let it be moved. */
  readonly moveClock: (seconds: number) => Promise<void>;
  /** Sets it back to where it would be: others may be using the mock. */
  readonly restore: () => Promise<void>;
};

/** Asks a mock for its clock. */
export async function mockClock(abilities: Abilities, clock: Clock): Promise<MockClock> {
  const now = await abilities.now();
  let moved = 0;
  const move = async (seconds: number): Promise<void> => {
    const done = await abilities.moveClock(`${seconds < 0 ? '-' : ''}PT${Math.abs(seconds)}S`);
    if (done.kind === 'failed') throw new Error(`the clock of the mock cannot be moved: ${done.why}`);
    moved += seconds;
  };
  return {
    clockAhead: now === undefined ? 0 : now - clock(),
    moveClock: move,
    restore: async () => {
      if (moved !== 0) await move(-moved).catch(() => {}); // a mock that is gone needs no clock
    },
  };
}
