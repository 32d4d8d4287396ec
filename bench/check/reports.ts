/** The events of a recorded run through each report, beside writing every event down as JSON and nothing else. */

import { check, createRedactor, type Report, type RunEvent, reports } from '../../conformance/index.js';
import { openMembers, secretMembers } from '../../conformance/redact/redact.js';
import type { Contract } from '../../openapi/index.js';
import { mebibytes, ratios, ratioText, type Spread, spread, whole } from '../results/spread.js';
import { table } from '../results/table.js';
import { matarCase } from './cases.js';

export type ReportsResult = {
  readonly events: number;
  readonly findings: number;
  readonly reports: readonly ReportResult[];
};

type ReportResult = {
  readonly name: string;
  readonly eventsPerSecond: Spread;
  /** Its speed over that of the floor, round by round. */
  readonly ratio: Spread;
  /** Characters written. */
  readonly written: number;
};

const floor = 'floor: JSON alone';
const options = { color: true, progress: true, width: 100, verbose: false };

/** Feeds every report in turns with the events of the whole plan of Matar. */
export async function benchmarkReports(rounds: number): Promise<ReportsResult> {
  const each = await matarCase('', 1, 0);
  try {
    const events: RunEvent[] = [];
    for await (const event of check(each.contract, each.target, await each.options())) events.push(event);
    return reportsOf(each.contract, events, rounds);
  } finally {
    await each.stop();
  }
}

/** Feeds every report in turns with these events. */
export function reportsOf(contract: Contract, events: readonly RunEvent[], rounds: number): ReportsResult {
  const names = [floor, ...Object.keys(reports)];
  const found = new Map<string, number[]>(names.map((name) => [name, []]));
  const written = new Map<string, number>();
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const { seconds, characters } = fed(contract, name, events);
      written.set(name, characters);
      if (round >= 0) found.get(name)?.push(events.length / seconds); // the first warms up
    }
  }
  const finished = events.find((event) => event.type === 'run-finished');
  return {
    events: events.length,
    findings: finished?.findings.length ?? 0,
    reports: names.map((name) => ({
      name,
      eventsPerSecond: spread(found.get(name) ?? []),
      ratio: ratios(found.get(name) ?? [], found.get(floor) ?? []),
      written: written.get(name) ?? 0,
    })),
  };
}

/** Processor time of one report for all events, its redactor learning as that of a run does. */
function fed(
  contract: Contract,
  name: string,
  events: readonly RunEvent[],
): { readonly seconds: number; readonly characters: number } {
  let characters = 0;
  const write = (text: string): void => {
    characters += text.length;
  };
  const redactor = createRedactor([...secretMembers(contract)], openMembers(contract));
  const report = reports[name]?.(options)(write, redactor.mask) ?? writingDown(write);
  const before = process.cpuUsage();
  for (const event of events) {
    if (name !== floor && event.type === 'exchange') redactor.learn(event.exchange);
    report.take(event);
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, characters };
}

function writingDown(write: (text: string) => void): Report {
  return { take: (event) => write(JSON.stringify(event)) };
}

/** The results in Markdown. */
export function reportsText({ events, findings, reports: results }: ReportsResult, rounds: number): string {
  const rows = table<ReportResult>(
    [
      { title: 'Report', align: 'left', cell: ({ name }) => name },
      { title: 'Events per second of CPU', cell: ({ eventsPerSecond }) => whole(eventsPerSecond.median) },
      { title: 'this / floor', cell: ({ name, ratio }) => (name === floor ? '' : ratioText(ratio)) },
      { title: 'Written, MiB', cell: ({ written }) => mebibytes(written) },
    ],
    results,
  );
  return `### Through the reports\n\n${rows}\n\nThe ${whole(events)} events of a whole run with ${findings} findings, medians of ${rounds} rounds in turns.`;
}
