/** The clock of a mock: another clock, moved. */

import { type Clock, instantFrom } from '../openapi/duration.js';

export type MovableClock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** How far it has been moved, in milliseconds. */
  offset(): number;
  /**
   * Moves it by an ISO 8601 duration (`PT10M`, `-P1D`), or to an RFC 3339 date-time, from where it runs on.
   * @throws TypeError when the text is neither.
   */
  move(to: string): void;
  /** Back to the clock that it runs on. */
  reset(): void;
};

/** A clock that runs on another and can be moved. */
export function movableClock(base: Clock): MovableClock {
  let offset = 0;
  return {
    now: () => base() + offset,
    offset: () => offset,
    move(to) {
      const now = base() + offset;
      const instant = instantFrom(to, now);
      if (instant === undefined) {
        throw new TypeError(
          `"${to}" is neither a duration (PT10M, P10D) nor an instant (2026-01-31T12:00:00Z)`,
        );
      }
      offset += instant - now;
    },
    reset() {
      offset = 0;
    },
  };
}
