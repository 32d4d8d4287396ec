/** Time that passes at the server: its clock moved, for all who wait at once, or waited for where that is short. */

import { type Duration, millisecondsOf } from '../openapi/duration.js';
import type { Beliefs } from './judge/beliefs.js';
import { type CheckOptions, usualWait } from './options.js';
import type { Turns } from './turns.js';

export type Passing = {
  /** Waits until time has passed; why it cannot, when it cannot. A clock that can be moved stands until `proceed`. */
  pass(duration: Duration): Promise<string | undefined>;
  /** Moves the clock to when the first of those who wait go on. Nobody else may be at work then: to them no time has passed. */
  proceed(): Promise<void>;
  /** Whether the clock of the server has been moved. */
  wasMoved(): boolean;
};

/** Somebody who goes on when the clock of the server shows `due`, and may go on until it shows `late`. */
type Waiting = {
  readonly due: number;
  readonly late: number;
  readonly wake: (failure: string | undefined) => void;
};

/** What is less than this, in milliseconds, is no clock that was moved, only one that is not quite right. */
const nearEnough = 5000;

/** How much longer than asked for a wait may be, as a part of it and in milliseconds, so that those go on together who can. */
const [slackPart, mostSlack] = [0.02, 10_000];

export function createPassing(
  beliefs: Beliefs,
  { moveClock, longestWait = usualWait, clockAhead = 0 }: CheckOptions,
  { sleep, stopped }: Pick<Turns, 'sleep' | 'stopped'>,
): Passing {
  let moved = Math.abs(clockAhead) > nearEnough;
  if (moved) beliefs.moved(clockAhead);
  let waiting: readonly Waiting[] = [];

  /** Why the clock could not be moved. */
  const moveTo = async (instant: number): Promise<string | undefined> => {
    const seconds = Math.ceil((instant - beliefs.now()) / 1000);
    if (moveClock === undefined || seconds <= 0 || stopped() !== undefined) return undefined;
    const failed = await moveClock(seconds).catch((error: unknown) => error);
    if (failed !== undefined) return failed instanceof Error ? failed.message : String(failed);
    moved = true;
    beliefs.moved(seconds * 1000);
    return undefined;
  };

  return {
    wasMoved: () => moved,
    async pass(duration) {
      const milliseconds = millisecondsOf(duration, beliefs.now());
      if (moveClock !== undefined)
        return new Promise((wake) => {
          const due = beliefs.now() + milliseconds;
          const late = due + Math.min(mostSlack, slackPart * milliseconds);
          waiting = [...waiting, { due, late, wake }];
        });
      if (milliseconds > longestWait)
        return `${lengthText(Math.ceil(milliseconds / 1000))} would have to pass, and the clock of the server cannot be moved`;
      await sleep(milliseconds / 1000);
      return undefined;
    },
    async proceed() {
      const latest = Math.min(...waiting.map(({ late }) => late));
      const first = waiting.filter(({ due }) => due <= latest);
      waiting = waiting.filter((each) => !first.includes(each));
      const failure = await moveTo(Math.max(...first.map(({ due }) => due)));
      for (const { wake } of first) wake(failure);
    },
  };
}

function lengthText(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
