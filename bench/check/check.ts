/** The part that measures the check: its speed beside undici, on a slow server, its planning, and its reports. */

import type { Options, Report } from '../part.js';
import { machine, machineText } from '../results/machine.js';
import { whole } from '../results/spread.js';
import { benchmarkReports, reportsText } from './reports.js';
import { benchmarkSlow, slowText } from './slow.js';
import { benchmarkPlanning, benchmarkSpeed } from './speed.js';
import { speedText } from './speed-results.js';

/** Measures the check. */
export async function benchmarkCheck({ rounds, seconds }: Options): Promise<Report> {
  const speed = await benchmarkSpeed({ rounds, seconds });
  const planning = await benchmarkPlanning(rounds);
  const slow = await benchmarkSlow();
  const reports = await benchmarkReports(rounds);
  const on = machine(speed.pinned);
  const text = [
    '## The check',
    '### On a fast server',
    speedText(speed.results),
    `Medians of ${rounds} rounds of at least ${seconds} s after a warm-up, in turns; all send the same requests, those of a run. Ratios are of rounds side by side: median (least–most). Sender and server are the pinned processes.`,
    ...planning.map(
      ({ api, milliseconds: { median, min, max } }) =>
        `Planning ${api}: ${whole(median)} ms (${whole(min)}–${whole(max)}); it is not in the figures above.`,
    ),
    slowText(slow),
    reportsText(reports, rounds),
    machineText(on),
  ].join('\n\n');
  return { text, data: { ...on, rounds, seconds, ...speed, planning, slow, reports } };
}
