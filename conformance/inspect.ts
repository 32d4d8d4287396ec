/** Every check asked about an exchange, with the severities that users set; one cause is told once. */

import type { Ask, Check, CheckSettings, Deviation, Exchange } from './check.js';
import type { Severity } from './event.js';

/** What a user makes of the deviations of a check. */
export type Level = Severity | 'off';

export type Levels = {
  /** By the name of a check. */
  readonly checks: Readonly<Record<string, Level>>;
  /** The same for one operation: by its id, or by method and path. */
  readonly operations: Readonly<Record<string, { readonly checks: Readonly<Record<string, Level>> }>>;
  /** Whether notes are errors. */
  readonly strict: boolean;
};

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
  { checks, operations, strict }: Levels,
): Level {
  const keys = operation === undefined ? [] : [operation.id, `${operation.method} ${operation.path}`];
  const own = keys
    .flatMap((key) => (Object.hasOwn(operations, key) ? (operations[key]?.checks[check.name] ?? []) : []))
    .at(0);
  const level = own ?? checks[check.name];
  if (level === 'off') return 'off';
  const natural = deviation.severity ?? check.severity;
  // A note stays one where only errors are asked for by name: what is inferred does not become documented.
  const set =
    level === undefined ? natural : deviation.severity === 'note' && level === 'error' ? 'note' : level;
  return strict ? 'error' : set;
}
