/** What a baseline makes of a check: known findings pass, those that are gone are told, and the file is written anew when asked. */

import { existsSync } from 'node:fs';
import { applyBaseline, type Baseline, baselineText, readBaseline } from '../conformance/baseline.js';
import type { Config } from '../conformance/config.js';
import type { Finding, Mask, RunFinished } from '../conformance/event.js';
import { writeWhole } from './check-reports.js';
import { exitCodes, Failure } from './failure.js';
import { readText } from './read-text.js';

/** The baseline of a run. */
export type RunBaseline = {
  /** Whether a finding is known, and so is not told. */
  isAccepted(finding: Finding): boolean;
  /** The end of the run with what the baseline makes of it; the file is written when it is to be, and the run was complete. */
  applied(event: RunFinished): RunFinished;
};

export type BaselineOptions = {
  readonly config: Config;
  readonly isUpdated: boolean;
  /** Whether less than everything is tried: what did not show may not have been looked for. */
  readonly isPartial: boolean;
  readonly mask: Mask;
  /** Told why the file is not written. */
  readonly warn: (text: string) => void;
};

/** @throws Failure or ContractError when there is no baseline to read, or it is none. */
export function baselineFor({ config, isUpdated, isPartial, mask, warn }: BaselineOptions): RunBaseline {
  const { baseline: file } = config;
  if (file === undefined) {
    if (isUpdated)
      throw new Failure(
        'Which baseline? Give --baseline <file> beside --update-baseline.',
        exitCodes.wrongInput,
      );
    return { isAccepted: () => false, applied: (event) => event };
  }
  const known = knownIn(file, isUpdated);
  const ids = new Set(known.findings.map(({ id }) => id));
  return {
    isAccepted: ({ id }) => !isUpdated && ids.has(id),
    applied(event) {
      const { fresh, accepted, vanished } = applyBaseline(event.findings, known);
      const gone = isPartial || !event.complete ? [] : vanished;
      if (isUpdated && !event.complete) warn(`${file} is not written, for the run did not come to its end.`);
      if (!isUpdated || !event.complete)
        return { ...event, findings: fresh, accepted: accepted.length, vanished: gone };
      const shown = new Set(event.findings.map(({ id }) => id));
      const kept = isPartial ? known.findings.filter(({ id }) => !shown.has(id)) : [];
      writeWhole(file, baselineText([...event.findings, ...kept], mask, known));
      return { ...event, findings: [], accepted: event.findings.length, vanished: gone };
    },
  };
}

function knownIn(file: string, isUpdated: boolean): Baseline {
  if (isUpdated && !existsSync(file)) return { findings: [] };
  return readBaseline(
    readText(file, 'Write a baseline with --update-baseline, or name another with --baseline'),
    file,
  );
}
