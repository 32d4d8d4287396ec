/** The check on a server that takes 50 ms for each answer: how near its wall time comes to what the waiting alone takes. */

import { type CheckOptions, check, type RunEvent } from '../../conformance/index.js';
import { short, whole } from '../results/spread.js';
import { table } from '../results/table.js';
import { pin } from '../server/pin.js';
import { matarCase } from './cases.js';

const answerMilliseconds = 50;

export type SlowResult = {
  readonly title: string;
  readonly concurrency: number;
  readonly requests: number;
  readonly errors: number;
  /** The most requests that one workflow sends one after the other. */
  readonly longestChain: number;
  readonly milliseconds: number;
  /** What the waiting takes at least: by the longest chain, and by what may be under way at once. */
  readonly bound: number;
  /** How many requests were under way on average. */
  readonly inFlight: number;
  /** Processor time of this process for a request, in microseconds. */
  readonly processor: number;
};

type SlowCase = Pick<SlowResult, 'title' | 'concurrency'> & Pick<CheckOptions, 'phases'>;

const cases: readonly SlowCase[] = [
  { title: 'workflows and examples', concurrency: 1, phases: ['workflows', 'examples'] },
  { title: 'workflows and examples', concurrency: 10, phases: ['workflows', 'examples'] },
  {
    title: 'the plan without walks',
    concurrency: 50,
    phases: ['workflows', 'examples', 'rules', 'security', 'schema', 'protocol', 'concurrency'],
  },
];

/** Measures each case once: what varies from run to run is little beside the waiting. */
export async function benchmarkSlow(): Promise<readonly SlowResult[]> {
  const results: SlowResult[] = [];
  for (const each of cases) results.push(await measured(each));
  return results;
}

async function measured({ title, concurrency, phases }: SlowCase): Promise<SlowResult> {
  const slow = await matarCase(title, concurrency, answerMilliseconds, phases);
  try {
    pin([slow]);
    const events = check(slow.contract, slow.target, await slow.options());
    return { title, concurrency, ...(await told(events, concurrency)) };
  } finally {
    await slow.stop();
  }
}

async function told(
  events: AsyncIterable<RunEvent>,
  concurrency: number,
): Promise<Omit<SlowResult, 'title' | 'concurrency'>> {
  const chains = new Map<string, number>();
  let start = performance.now();
  let before = process.cpuUsage();
  let waited = 0;
  let requests = 0;
  let errors = 0;
  for await (const event of events) {
    if (event.type === 'run-started') {
      start = performance.now();
      before = process.cpuUsage();
    }
    if (event.type === 'exchange') {
      const { workflow, milliseconds } = event.exchange;
      chains.set(workflow, (chains.get(workflow) ?? 0) + 1);
      waited += milliseconds;
    }
    if (event.type === 'finding' && event.finding.severity === 'error') errors += 1;
    if (event.type === 'run-finished') ({ requests } = event);
  }
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const longestChain = Math.max(...chains.values());
  const bound = Math.max(longestChain, requests / concurrency) * answerMilliseconds;
  const inFlight = waited / milliseconds;
  const processor = (user + system) / requests;
  return { requests, errors, longestChain, milliseconds, bound, inFlight, processor };
}

/** The results in Markdown. */
export function slowText(results: readonly SlowResult[]): string {
  const rows = table<SlowResult>(
    [
      { title: 'Of Matar', align: 'left', cell: ({ title }) => title },
      { title: 'At once', cell: ({ concurrency }) => String(concurrency) },
      { title: 'Requests', cell: ({ requests }) => whole(requests) },
      { title: 'Errors found', cell: ({ errors }) => whole(errors) },
      { title: 'Longest chain', cell: ({ longestChain }) => whole(longestChain) },
      { title: 'At least, s', cell: ({ bound }) => short(bound / 1000) },
      { title: 'Took, s', cell: ({ milliseconds }) => short(milliseconds / 1000) },
      { title: 'Took / at least', cell: ({ milliseconds, bound }) => short(milliseconds / bound) },
      { title: 'Under way', cell: ({ inFlight }) => short(inFlight) },
      { title: 'CPU, µs/request', cell: ({ processor }) => whole(processor) },
    ],
    results,
  );
  return `### On a server that takes ${answerMilliseconds} ms for an answer\n\n${rows}\n\nAt least: the requests of the longest workflow one after the other, or all requests, so many at once, whichever is longer. Each once.`;
}
