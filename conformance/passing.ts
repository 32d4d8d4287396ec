/** Time that passes at the server: its clock moved, or waited for where that is short. */

import { type Duration, millisecondsOf } from '../openapi/duration.js';
import type { Beliefs } from './judge/beliefs.js';
import { type CheckOptions, usualWait } from './options.js';

export type Passing = {
  /** Lets time pass; why it cannot, when it cannot. */
  pass(duration: Duration): Promise<string | undefined>;
  /** Whether the clock of the server has been moved. */
  wasMoved(): boolean;
};

/** What is less than this, in milliseconds, is no clock that was moved, only one that is not quite right. */
const nearEnough = 5000;

export function createPassing(
  beliefs: Beliefs,
  { moveClock, longestWait = usualWait, clockAhead = 0 }: CheckOptions,
  sleep: (seconds: number) => Promise<void>,
): Passing {
  let moved = Math.abs(clockAhead) > nearEnough;
  if (moved) beliefs.moved(clockAhead);
  return {
    wasMoved: () => moved,
    async pass(duration) {
      const milliseconds = millisecondsOf(duration, beliefs.now());
      const seconds = Math.ceil(milliseconds / 1000);
      if (moveClock !== undefined) {
        const failed = await moveClock(seconds).catch((error: unknown) => error);
        if (failed !== undefined) return failed instanceof Error ? failed.message : String(failed);
        moved = true;
        beliefs.moved(seconds * 1000);
        return undefined;
      }
      if (milliseconds > longestWait)
        return `${lengthText(seconds)} would have to pass, and the clock of the server cannot be moved`;
      await sleep(milliseconds / 1000);
      return undefined;
    },
  };
}

function lengthText(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
