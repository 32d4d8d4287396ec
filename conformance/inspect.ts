/** Every check asked about an exchange, with the severities that users set; one cause is told once. */

import type { Ask, Check, CheckSettings, Deviation, Exchange } from './check.js';
import { type CheckLevel, type Config, levelFor } from './config.js';
import type { Severity } from './event.js';

/** What users make of deviations, and whether notes are errors. */
export type Levels = Pick<Config, 'checks' | 'operations' | 'strict'>;

export type Inspected = {
  readonly check: Check;
  readonly deviation: Deviation;
  readonly severity: Severity;
};

/** Asks all checks about an exchange, in order. */
export type Inspect = (exchange: Exchange) => readonly Inspected[];

/** The checks that tell what a more specific one has told already, when that one has found an error. */
const general = new Set([
  'response-schema-conformance',
  'positive-data-acceptance',
  'negative-data-rejection',
  'state-conformance',
  'documented-example',
  'stability',
]);

/** Begins the checks of a run. */
export function createInspect(checks: readonly Check[], levels: Levels, settings: CheckSettings): Inspect {
  const begun = checks.map((check): readonly [Check, Ask] => [check, check.begin(settings)]);
  return (exchange) => {
    const found: Inspected[] = [];
    for (const [check, ask] of begun) {
      const isTold = general.has(check.name) && found.some(({ severity }) => severity === 'error');
      const deviations = ask(exchange); // asked all the same: some remember
      if (isTold) continue;
      for (const deviation of deviations) {
        const severity = severityOf(check, deviation, exchange, levels);
        if (severity !== 'off') found.push({ check, deviation, severity });
      }
    }
    return found;
  };
}

/** What a deviation is: as the user says, else as it says itself, else as its check does. */
function severityOf(
  check: Pick<Check, 'name' | 'severity'>,
  deviation: Deviation,
  { operation }: Exchange,
  levels: Levels,
): CheckLevel {
  const level = levelFor(levels, check.name, operation);
  if (level === 'off') return 'off';
  const natural = deviation.severity ?? check.severity;
  // A note stays one where only errors are asked for by name: what is inferred does not become documented.
  const set =
    level === undefined ? natural : deviation.severity === 'note' && level === 'error' ? 'note' : level;
  return levels.strict === true ? 'error' : set;
}
