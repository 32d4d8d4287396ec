/** Exchanges that are under way at the same time: which of them may have disturbed one, whose order nobody knows. */

import type { Contract } from '../../openapi/contract.js';
import type { RequestMessage } from '../../openapi/http/message.js';
import type { Passage, Passing } from './passage.js';
import { possibleWrites, type Touch } from './touch.js';

/** An exchange, from its beginning until nothing that overlaps with it is left. */
export type Watched = {
  readonly id: number;
  readonly passing: Passing;
  /** When it began and ended, in the order of what happened. */
  readonly began: number;
  ended: number;
  /** What came of it, with the request as it was in the end. */
  told:
    | { readonly passage: Passage; readonly request: RequestMessage; readonly isKnown: boolean }
    | undefined;
  /** What it has written, once that is judged. */
  writes: readonly Touch[] | undefined;
  /** What it may write, once the whole request has come. */
  possible: readonly Touch[] | undefined;
};

export type Overlaps = {
  begin(passing: Passing): Watched;
  end(watched: Watched): void;
  /** Those that were under way while this one was. */
  others(watched: Watched): readonly Watched[];
  /** It is judged: it is kept as long as it matters to others. */
  judged(watched: Watched, writes: readonly Touch[]): void;
};

export function createOverlaps(): Overlaps {
  const watched = new Set<Watched>();
  let now = 0;
  let count = 0;
  return {
    begin(passing) {
      now += 1;
      count += 1;
      const each: Watched = {
        id: count,
        passing,
        began: now,
        ended: Number.POSITIVE_INFINITY,
        told: undefined,
        writes: undefined,
        possible: undefined,
      };
      watched.add(each);
      return each;
    },
    end(each) {
      now += 1;
      each.ended = now;
    },
    others: (own) =>
      [...watched].filter((each) => each !== own && each.began < own.ended && each.ended > own.began),
    judged(own, writes) {
      own.writes = writes;
      const open = [...watched].filter((each) => each.writes === undefined);
      const first = Math.min(...open.map(({ began }) => began));
      for (const each of watched) if (each.writes !== undefined && each.ended < first) watched.delete(each);
    },
  };
}

/** What an exchange has written or, as long as that is not known, may write. */
export function writesOf(contract: Contract, watched: Watched): readonly Touch[] {
  const { writes, told, passing } = watched;
  if (writes !== undefined) return writes;
  if (watched.possible !== undefined) return watched.possible;
  const request = told?.request ?? passing.request();
  const isKnown = told?.isKnown ?? passing.isKnown();
  const possible = possibleWrites(contract, request, isKnown);
  if (isKnown) watched.possible = possible;
  return possible;
}
