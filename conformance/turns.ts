/** When the next request may be sent: at the rate that is allowed, and not once the run is over. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../openapi/duration.js';
import type { RunFinished } from './event.js';

type Stop = NonNullable<RunFinished['stopped']>;

export type Turns = {
  /** Waits for a turn; false when the run is over. */
  take(): Promise<boolean>;
  stop(why: Stop): void;
  /** Why the run is over; undefined while it is not. */
  stopped(): Stop | undefined;
  sleep(seconds: number): Promise<void>;
  /** Aborts when the run is over before its end. */
  readonly signal: AbortSignal;
};

export type TurnsOptions = {
  readonly rate: number | undefined;
  readonly maxRequests: number | undefined;
  readonly maxTime: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
};

/** What a timer takes; longer ones would fire at once. It is 24 days. */
const longestTimer = 2 ** 31 - 1;

export function createTurns({ rate, maxRequests, maxTime, signal, clock }: TurnsOptions): Turns {
  const controller = new AbortController();
  const start = clock();
  let taken = 0;
  let free = 0;
  let why: Stop | undefined;
  const stop = (reason: Stop): void => {
    if (why !== undefined) return;
    why = reason;
    if (reason === 'interrupted' || reason === 'time-limit') controller.abort(new Error(reason));
  };
  const timer =
    maxTime === undefined ? undefined : setTimeout(() => stop('time-limit'), Math.min(maxTime, longestTimer));
  timer?.unref();
  const interrupt = (): void => stop('interrupted');
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  const sleep = async (seconds: number): Promise<void> => {
    await delay(seconds * 1000, undefined, { signal: controller.signal }).catch(() => {});
  };
  return {
    async take() {
      if (why !== undefined) return false;
      if (maxRequests !== undefined && taken >= maxRequests) {
        stop('request-limit');
        return false;
      }
      taken += 1;
      if (rate === undefined) return true;
      const now = clock() - start;
      const turn = Math.max(free, now);
      free = turn + 1000 / rate;
      if (turn > now) await sleep((turn - now) / 1000);
      return why === undefined;
    },
    stop,
    stopped: () => why,
    sleep,
    signal: controller.signal,
  };
}
