/** A deviation as a row: what is broken, and the finding that tells it. */

import type { Finding, RunFinished } from '../../conformance/event.js';
import { told } from './checking.js';
import type { Answer, Deviation } from './planted.js';

export type Row = {
  readonly id: string;
  /** The layer with this one thing broken, made anew for each run. */
  readonly deviation: () => Deviation;
  /** The finding that tells it, as `severity check endpoint: title`; a text: it is not found, for this reason. */
  readonly found: RegExp | string;
  /** The most calls that the sequence of that finding makes. */
  readonly calls: number;
  /** What else the same flaw is told as. */
  readonly also?: readonly RegExp[];
};

/** Several deviations at once: one server with as many flaws. */
export function together(rows: readonly Row[]): Deviation {
  const all = rows.map(({ deviation }) => deviation());
  return {
    async before(sent, behind) {
      for (const { before } of all) {
        const early: Answer | undefined = await before?.(sent, behind);
        if (early !== undefined) return early;
      }
      return undefined;
    },
    async after(answer, sent, behind) {
      for (const { after } of all) await after?.(answer, sent, behind);
    },
  };
}

/** Each row with how it came out: the finding and the calls of its sequence. */
export function outcomes(
  rows: readonly Row[],
  { findings }: RunFinished,
): readonly (readonly [string, string])[] {
  return rows.map(({ id, found, calls }) => {
    if (typeof found === 'string') return [id, 'not found'];
    const finding = findings.find((each) => found.test(told(each)));
    if (finding === undefined) return [id, 'not found'];
    const made = callsOf(finding);
    return [id, made <= calls ? 'found' : `found in ${made} calls`];
  });
}

function callsOf({ exchanges }: Finding): number {
  return exchanges.length;
}

/** The findings that no deviation explains. */
export function unexplained(rows: readonly Row[], { findings }: RunFinished): readonly string[] {
  const known = rows.flatMap(({ found, also = [] }) => (typeof found === 'string' ? also : [found, ...also]));
  return findings.map(told).filter((each) => !known.some((pattern) => pattern.test(each)));
}
