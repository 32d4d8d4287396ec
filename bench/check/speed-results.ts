/** The rounds of the check and its floors, as numbers and as a table to read. */

import { ratios, ratioText, type Spread, spread, whole } from '../results/spread.js';
import { table } from '../results/table.js';
import type { CheckRound } from './speed.js';

/** Who sends, in the order in which they take turns. */
export const contenders = ['undici', 'target', 'check'] as const;
export type Contender = (typeof contenders)[number];

/** What a contender came to. */
type Figures = {
  readonly requestsPerSecond: Spread;
  readonly processor: Spread;
  /** Its speed over that of undici, round by round. */
  readonly ratio: Spread;
  /** The same by the processor time of this process for a request: the server is not in it. */
  readonly processorRatio: Spread;
};

export type CheckResult = {
  readonly title: string;
  readonly concurrency: number;
  /** Of one run. */
  readonly requests: number;
  /** Findings that are errors: on a server that conforms there are none, and finding takes time. */
  readonly findings: number;
  readonly by: Readonly<Record<Contender, Figures>>;
};

/** The result of one case. */
export function checkResult(
  title: string,
  concurrency: number,
  requests: number,
  findings: number,
  rounds: Readonly<Record<Contender, readonly CheckRound[]>>,
): CheckResult {
  const figuresOf = (contender: Contender): Figures => {
    const own = rounds[contender];
    const speeds = (of: readonly CheckRound[]): readonly number[] =>
      of.map((round) => round.requestsPerSecond);
    const times = (of: readonly CheckRound[]): readonly number[] => of.map(({ processor }) => processor);
    return {
      requestsPerSecond: spread(speeds(own)),
      processor: spread(times(own)),
      ratio: ratios(speeds(own), speeds(rounds.undici)),
      processorRatio: ratios(times(rounds.undici), times(own)),
    };
  };
  const by = { undici: figuresOf('undici'), target: figuresOf('target'), check: figuresOf('check') };
  return { title, concurrency, requests, findings, by };
}

const names: Readonly<Record<Contender, string>> = {
  undici: 'floor: undici alone',
  target: 'our target alone',
  check: 'the whole check',
};

/** The results in Markdown. */
export function speedText(results: readonly CheckResult[]): string {
  const rows = results.flatMap((result) => contenders.map((contender) => ({ ...result, contender })));
  type Row = (typeof rows)[number];
  const own = ({ by, contender }: Row): Figures => by[contender];
  const isFloor = ({ contender }: Row): boolean => contender === 'undici';
  return [
    table<Row>(
      [
        { title: 'Case', align: 'left', cell: ({ title }) => title },
        { title: 'At once', cell: ({ concurrency }) => String(concurrency) },
        { title: 'Sent by', align: 'left', cell: ({ contender }) => names[contender] },
        { title: 'Requests/s', cell: (row) => whole(own(row).requestsPerSecond.median) },
        { title: 'CPU, µs/request', cell: (row) => own(row).processor.median.toFixed(1) },
        { title: 'Speed / undici', cell: (row) => (isFloor(row) ? '' : ratioText(own(row).ratio)) },
        { title: 'by CPU', cell: (row) => (isFloor(row) ? '' : ratioText(own(row).processorRatio)) },
      ],
      rows,
    ),
    ...results.map(stages),
  ].join('\n\n');
}

/** Where the processor time of a request goes. */
function stages({ title, concurrency, requests, findings, by }: CheckResult): string {
  const floor = by.undici.processor.median;
  const target = by.target.processor.median;
  const check = by.check.processor.median;
  const parts = `undici's sending takes ${floor.toFixed(1)}, seeing every byte ${(target - floor).toFixed(1)}, steps, rules, checks and events ${(check - target).toFixed(1)}`;
  return `${title}, ${concurrency} at once: of ${check.toFixed(1)} µs ${parts}. ${whole(requests)} requests a run, ${findings} errors found.`;
}
