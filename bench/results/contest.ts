/** What came of the rounds of servers that took turns, each held against one of them. */

import type { Round } from '../load/load.js';
import { ratios, ratioText, type Spread, short, spread, whole } from './spread.js';
import { type Column, table } from './table.js';

/** One server at one request. */
type Figures = {
  readonly requestsPerSecond: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  /** Microseconds of processor time for a request. */
  readonly processor: Spread;
  readonly busy: Spread;
};

/** A server held against another, by rounds side by side: above 1 is in favour of the first in speed. */
type Ratios = {
  readonly speed: Spread;
  readonly p99: Spread;
  /** Speed by processor time: it is not bent by other work of the machine, nor by a slow load. */
  readonly byProcessor: Spread;
};

type Standing = { readonly server: string; readonly figures: Figures; readonly ratios: Ratios };

/**
 * What is divided by what: the subject by each other server, as where a mock is held against floors, or each
 * server by the subject, as where sizes are held against the smallest.
 */
export type Against = {
  readonly subject: string;
  readonly direction: 'subject-by-each' | 'each-by-subject';
};

export type ContestResult = {
  readonly title: string;
  readonly against: Against;
  readonly standings: readonly Standing[];
};

/** The rounds of each server, in turns: the first of one is side by side with the first of the others. */
export type RoundsOf = ReadonlyMap<string, readonly Round[]>;

/** The result of a contest. */
export function contestResult(title: string, against: Against, rounds: RoundsOf): ContestResult {
  const subject = rounds.get(against.subject) ?? [];
  const standings = [...rounds].map(([server, own]): Standing => {
    const isDivided = against.direction === 'each-by-subject';
    const [above, below] = isDivided ? [own, subject] : [subject, own];
    return { server, figures: figuresOf(own), ratios: ratiosOf(above, below) };
  });
  return { title, against, standings };
}

function figuresOf(rounds: readonly Round[]): Figures {
  const of = (value: (round: Round) => number): Spread => spread(rounds.map(value));
  return {
    requestsPerSecond: of((round) => round.requestsPerSecond),
    p50: of((round) => round.p50),
    p99: of((round) => round.p99),
    processor: of((round) => round.processor),
    busy: of((round) => round.busy),
  };
}

function ratiosOf(above: readonly Round[], below: readonly Round[]): Ratios {
  const of = (value: (round: Round) => number): Spread => ratios(above.map(value), below.map(value));
  return {
    speed: of((round) => round.requestsPerSecond),
    p99: of((round) => round.p99),
    byProcessor: of((round) => 1 / round.processor),
  };
}

/** The contest as a table. */
export function contestText({ title, against, standings }: ContestResult): string {
  const { subject, direction } = against;
  const isSubject = ({ server }: Standing): boolean => server === subject;
  const ratio = (name: string, of: (ratios: Ratios) => Spread): Column<Standing> => ({
    title: direction === 'subject-by-each' ? `${name}: ${subject} / this` : `${name}: this / ${subject}`,
    cell: (standing) => (isSubject(standing) ? '' : ratioText(of(standing.ratios))),
  });
  const columns: Column<Standing>[] = [
    { title: 'Server', align: 'left', cell: ({ server }) => server },
    { title: 'Requests/s', cell: ({ figures }) => whole(figures.requestsPerSecond.median) },
    { title: 'p50, ms', cell: ({ figures }) => short(figures.p50.median) },
    { title: 'p99, ms', cell: ({ figures }) => short(figures.p99.median) },
    { title: 'CPU, µs/request', cell: ({ figures }) => short(figures.processor.median) },
    { title: 'CPU busy', cell: ({ figures }) => `${whole(figures.busy.median * 100)} %` },
    ratio('Speed', ({ speed }) => speed),
    ratio('p99', ({ p99 }) => p99),
    ratio('by CPU', ({ byProcessor }) => byProcessor),
  ];
  return `### ${title}\n\n${table(columns, standings)}`;
}
