/** The rounds of the check and its floors, as numbers and as tables to read. */

import type { CheckRound } from './check.js';
import { type circumstances, ratio, type Spread, spread, whole } from './results.js';

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

export type CheckRun = Omit<ReturnType<typeof circumstances>, 'connections'> & {
  readonly pinned: boolean;
  readonly seconds: number;
  readonly rounds: number;
  readonly results: readonly CheckResult[];
  readonly planning: readonly { readonly api: string; readonly milliseconds: Spread }[];
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
    const pairs = rounds.undici.flatMap((floor, index) => {
      const round = own[index];
      return round === undefined ? [] : [{ floor, round }];
    });
    return {
      requestsPerSecond: spread(own.map((round) => round.requestsPerSecond)),
      processor: spread(own.map(({ processor }) => processor)),
      ratio: spread(pairs.map(({ floor, round }) => round.requestsPerSecond / floor.requestsPerSecond)),
      processorRatio: spread(pairs.map(({ floor, round }) => floor.processor / round.processor)),
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

/** The run in Markdown. */
export function checkMarkdown(run: CheckRun): string {
  const columns = ['Case', 'At once', 'Sent by', 'Requests/s', 'CPU, µs/request', 'Speed / undici', 'by CPU'];
  const rules = columns.map((_, index) => (index === 0 || index === 2 ? '---' : '--:'));
  const rows = run.results.flatMap(({ title, concurrency, by }) =>
    contenders.map((contender) => {
      const { requestsPerSecond, processor, ratio: speed, processorRatio } = by[contender];
      const ratios = contender === 'undici' ? ['', ''] : [ratio(speed), ratio(processorRatio)];
      return [
        title,
        String(concurrency),
        names[contender],
        whole(requestsPerSecond.median),
        processor.median.toFixed(1),
        ...ratios,
      ];
    }),
  );
  const stages = run.results.map(({ title, concurrency, requests, findings, by }) => {
    const [floor, target, check] = contenders.map((name) => by[name].processor.median);
    const judging = (check ?? 0) - (target ?? 0);
    const seeing = (target ?? 0) - (floor ?? 0);
    return `${title}, ${concurrency} at once: of ${check?.toFixed(1)} µs undici's sending takes ${floor?.toFixed(1)}, seeing every byte ${seeing.toFixed(1)}, steps, rules, checks and events ${judging.toFixed(1)}. ${whole(requests)} requests a run, ${findings} errors found.`;
  });
  return [
    ...[columns, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...stages,
    ...run.planning.map(
      ({ api, milliseconds: { median, min, max } }) =>
        `Planning ${api}: ${whole(median)} ms (${whole(min)}–${whole(max)}); it is not in the figures above.`,
    ),
    `Medians of ${run.rounds} rounds of at least ${run.seconds} s, in turns; all send the same requests, those of a run. Ratios are of rounds side by side: median (least–most).`,
    run.pinned
      ? 'Sender and server had a core each.'
      : 'Sender and server were not pinned to cores of their own.',
    `${run.cpu}, ${run.cores} cores, Node ${run.node}.`,
  ].join('\n');
}
