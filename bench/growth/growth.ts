/** The part that measures growth: answers, starts, the check and its reports, each at sizes from 1 to 1,000. */

import { currentUser } from '../mock/requests.js';
import { benchmarkMade, benchmarkSessions, type MadeKind } from '../mock/sizes.js';
import type { Options, Report } from '../part.js';
import type { ContestResult } from '../results/contest.js';
import { type Growth, growthText, sizes } from '../results/growth.js';
import { machine, machineText } from '../results/machine.js';
import { type Spread, spread } from '../results/spread.js';
import { documentOfOperations, lastThings, type MadeFile, written } from '../server/made-contract.js';
import { pin } from '../server/pin.js';
import { mockStart } from '../start/contenders.js';
import { type Started, startTime } from '../start/spawn.js';
import { benchmarkFindings, type FindingsResult } from './findings.js';
import { byDepth, nestedPath } from './nested.js';

/** Lists, which a document of a single operation has too. */
const listing: MadeKind = {
  counts: 'operations',
  document: documentOfOperations,
  requests: async (_, operations) => [
    { title: 'listing things', method: 'GET', path: lastThings(operations), headers: {}, status: 200 },
  ],
};

/** The mock refuses content that is nested deeper than the last of these. */
const nestedSizes = [1, 10, 100, 500] as const;

/** Measures growth. */
export async function benchmarkGrowth({ rounds, seconds }: Options): Promise<Report> {
  const pinned = pin([]);
  const length = { rounds, seconds };
  const [sessions] = await benchmarkSessions(sizes, [currentUser], length);
  const [operations] = await benchmarkMade(sizes, listing, length);
  const [depth] = await benchmarkMade(nestedSizes, byDepth, length);
  const starts = [
    { what: 'start, by operations', times: await startTimes(listing, (size) => lastThings(size), rounds) },
    { what: 'start, by depth of schemas', times: await startTimes(byDepth, () => nestedPath, rounds) },
  ];
  const findings: FindingsResult[] = [];
  for (const size of sizes) findings.push(await benchmarkFindings(size, rounds));
  const growths: readonly Growth[] = [
    answers('mock: get_current_user, by live sessions', sessions),
    answers('mock: a list, by operations', operations),
    { ...answers('mock: nested content, by depth of schemas', depth), at: nestedSizes },
    ...starts.map((each) => ({ ...each, unit: 'ms' })),
    {
      what: 'check, by findings',
      unit: 'ms',
      times: findings.map(({ milliseconds }) => milliseconds),
    },
    ...reportGrowths(findings),
  ];
  const on = machine(pinned);
  const text = [
    '## Growth',
    growthText(growths),
    `Answers and the check by processor time, starts from spawn to first answer. Medians of ${rounds} rounds; × is over the size before. The shape is that of the last step, for what is constant hides the others. Findings that there were: ${findings.map((each) => each.findings).join(', ')}.`,
    machineText(on),
  ].join('\n\n');
  return { text, data: { ...on, ...length, sizes, growths, findings } };
}

/** Microseconds of processor time for a request. */
function answers(what: string, contest: ContestResult | undefined): Growth {
  return { what, unit: 'µs', times: contest?.standings.map(({ figures }) => figures.processor) ?? [] };
}

/** Times of starts, the sizes in turns, after one of each that does not count. */
async function startTimes(
  { counts, document }: MadeKind,
  path: (size: number) => string,
  rounds: number,
): Promise<readonly Spread[]> {
  const files: MadeFile[] = [];
  try {
    const all = sizes.map((size): { readonly started: Started; readonly times: number[] } => {
      const made = written(document(size));
      files.push(made);
      return { started: mockStart(`a mock of ${size} ${counts}`, [made.file], path(size)), times: [] };
    });
    for (const { started } of all) await startTime(started);
    for (let round = 0; round < rounds; round += 1)
      for (const { started, times } of all) times.push(await startTime(started));
    return all.map(({ times }) => spread(times));
  } finally {
    for (const made of files) made.remove();
  }
}

/** Milliseconds of processor time that each report takes for all events. */
function reportGrowths(findings: readonly FindingsResult[]): readonly Growth[] {
  const names = findings[0]?.reports.reports.map(({ name }) => name) ?? [];
  return names.map((name) => ({
    what: `report, by findings: ${name}`,
    unit: 'ms',
    times: findings.map(({ reports: { events, reports } }) => {
      const found = reports.find((report) => report.name === name)?.eventsPerSecond;
      return found && timesOf(events, found);
    }),
  }));
}

function timesOf(events: number, { median, min, max }: Spread): Spread {
  const milliseconds = (perSecond: number): number => (events / perSecond) * 1000;
  return { median: milliseconds(median), min: milliseconds(max), max: milliseconds(min) };
}
