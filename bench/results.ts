/** The rounds of a whole run, as the numbers that are compared over time and as a table to read. */

import { cpus } from 'node:os';
import { connections, type Round } from './measure.js';
import { type ServerName, serverNames } from './processes.js';

/** The middle of some numbers and their bounds. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** What one server did with one request. */
export type Result = {
  readonly request: string;
  readonly server: ServerName;
  readonly requestsPerSecond: Spread;
  readonly p99: Spread;
  readonly processor: Spread;
  readonly busy: Spread;
  /** The mock's speed over this server's, round by round. */
  readonly ratio: Spread;
  /** The same by the processor time of a request: it is not bent by other work of the machine, nor by a slow load. */
  readonly processorRatio: Spread;
};

export type Memory = { readonly before: number; readonly after: number };

export type Run = {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly pinned: boolean;
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
  /** Resident bytes of the mock, before and after the load. */
  readonly memory: Memory;
  readonly results: readonly Result[];
};

/** How a run was made. */
export function circumstances(): Pick<Run, 'date' | 'node' | 'cpu' | 'cores' | 'connections'> {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    connections,
  };
}

/** The results of one request. */
export function resultsOf(request: string, rounds: Readonly<Record<ServerName, readonly Round[]>>): Result[] {
  return serverNames.map((server) => {
    const spreadOf = (value: (round: Round) => number): Spread => spread(rounds[server].map(value));
    const pairs = rounds.mock.flatMap((mock, index) => {
      const other = rounds[server][index];
      return other === undefined ? [] : [{ mock, other }];
    });
    return {
      request,
      server,
      requestsPerSecond: spreadOf((round) => round.requestsPerSecond),
      p99: spreadOf((round) => round.p99),
      processor: spreadOf((round) => round.processor),
      busy: spreadOf((round) => round.busy),
      ratio: spread(pairs.map(({ mock, other }) => mock.requestsPerSecond / other.requestsPerSecond)),
      processorRatio: spread(pairs.map(({ mock, other }) => other.processor / mock.processor)),
    };
  });
}

const serverTitles: Readonly<Record<ServerName, string>> = {
  bare: 'floor A: bare Hono',
  validating: 'floor B: A and a compiled validator',
  mock: 'mock',
};

/** The run in Markdown. */
export function markdown(run: Run): string {
  const rows = run.results.map((result) => [
    result.request,
    serverTitles[result.server],
    whole(result.requestsPerSecond.median),
    result.p99.median.toFixed(1),
    result.processor.median.toFixed(1),
    `${whole(result.busy.median * 100)} %`,
    ...(result.server === 'mock' ? ['', ''] : [ratio(result.ratio), ratio(result.processorRatio)]),
  ]);
  const columns = [
    'Request',
    'Server',
    'Requests/s',
    'p99, ms',
    'CPU, µs/request',
    'CPU busy',
    'Mock / floor',
    'the same by CPU',
  ];
  const rules = columns.map((_, index) => (index < 2 ? '---' : '--:'));
  const { memory } = run;
  return [
    ...[columns, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Medians of ${run.rounds} rounds of ${run.seconds} s, the servers taking turns; ${run.connections} connections. Ratios are of rounds side by side: median (least–most).`,
    'Floor B validates the content of login. The other two requests have none, so what sets B apart from A there is noise.',
    run.pinned
      ? 'Load and servers had a core each.'
      : 'Load and servers were not pinned to cores of their own.',
    `Memory of the mock (RSS): ${mebibytes(memory.before)} MiB before the load, ${mebibytes(memory.after)} MiB after it.`,
    `${run.cpu}, ${run.cores} cores, Node ${run.node}.`,
  ].join('\n');
}

/** The median of some numbers, the least and the greatest. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** A ratio for a table: its median, and its bounds. */
export function ratio({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** A number without its fraction. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function mebibytes(bytes: number): string {
  return whole(bytes / 2 ** 20);
}
