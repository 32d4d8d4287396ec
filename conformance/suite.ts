/** The plan of a check as the tests of a test runner: one for each workflow, and the check behind them runs once. */

import type { Contract } from '../openapi/contract.js';
import { applyBaseline, type Baseline } from './baseline.js';
import type { Finding, Mask } from './event.js';
import { watchedInputs } from './input/watched-inputs.js';
import type { CheckOptions } from './options.js';
import type { Planned } from './planned.js';
import { createRedactor, openMembers, secretMembers } from './redact/redact.js';
import { groupedBy } from './report/order.js';
import { detailLines, titleOf } from './report/plain.js';
import { checkPlan, planOf } from './run.js';
import { createResults } from './suite-results.js';
import type { Target } from './target.js';

/** What a runner gives to a test: vitest and node:test let it skip itself, and say why. */
export type TestContext = { readonly skip?: (reason?: string) => unknown };

/** The functions of a test runner: those of vitest and Jest as they are, and of node:test with `after` as `afterAll`. */
export type TestRunner = {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (
    name: string,
    body: (context?: TestContext) => Promise<void>,
    milliseconds?: number,
  ) => unknown;
  readonly afterAll: (body: () => Promise<void>) => unknown;
};

export type SuiteOptions = CheckOptions & {
  /** What the tests stand under. Default: the title of the API. */
  readonly title?: string;
  /** Names of inputs, fields and members whose values no message of a test may tell, besides the usual ones. */
  readonly secrets?: readonly string[];
  /** Findings that are known: they fail nothing. */
  readonly baseline?: Baseline;
  /**
   * How long a test may wait for its workflow, in milliseconds: the workflows before it have to run first. Default: ten
   * minutes.
   */
  readonly testTimeout?: number;
};

/** A suite has the same tests each time it is run. */
const usualSeed = 1;
const usualTimeout = 600_000;

/**
 * Registers one test for each workflow of the plan, by phase and operation. The check begins with the first test that
 * runs, and ends with the suite; where a runner leaves tests out, their workflows are run all the same. A test fails with
 * the errors that its workflow has found, and is skipped with the reason when the workflow could not be tried, where the
 * runner has a way to do that; elsewhere it passes. Unlike in `check`, the default of `seed` is 1.
 */
export function registerChecks(
  { describe, it, afterAll }: TestRunner,
  contract: Contract,
  target: Target,
  options: SuiteOptions = {},
): void {
  const { title = contract.title, secrets = [], baseline, testTimeout = usualTimeout, ...rest } = options;
  const redactor = createRedactor([...secretMembers(contract), ...secrets], openMembers(contract));
  const inputs = options.inputs && watchedInputs(options.inputs, redactor, secrets);
  const checking = { ...rest, seed: options.seed ?? usualSeed, ...(inputs && { inputs }) };
  const plan = planOf(contract, checking);
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, ...(options.signal ? [options.signal] : [])]);
  const results = createResults(
    () => checkPlan(contract, target, { ...checking, signal }, plan),
    redactor,
    baseline === undefined ? undefined : (finding) => applyBaseline([finding], baseline).accepted.length > 0,
  );
  const root = (options.base ?? 'http://localhost').replace(/\/+$/, '');

  const register = (planned: Planned, name: string): void => {
    // No named parameter: Jest would take the function for one that calls back.
    const body = async (...[context]: [context?: TestContext]): Promise<void> => {
      const result = await results.of(planned.workflow.id);
      if (result.kind === 'deviates') throw failure(textOf(result.findings, root, redactor.mask));
      if (result.kind === 'broken') throw result.error;
      if (result.kind === 'unreachable') throw failure(redactor.mask(result.why));
      if (result.kind === 'not-exercised') context?.skip?.(redactor.mask(result.reason));
    };
    it(name, body, testTimeout);
  };
  describe(title, () => {
    afterAll(async () => {
      leaving.abort(new Error('the suite has ended'));
      await results.end();
    });
    for (const [phase, ofPhase] of groupedBy(plan.workflows, (each) => each.phase))
      describe(phase, () => {
        for (const [endpoint, group] of groupedBy(ofPhase, endpointOf))
          describe(endpoint, () => {
            for (const [name, planned] of named(group)) register(planned, name);
          });
      });
  });
}

function endpointOf({ operation }: Planned): string {
  return operation === undefined ? 'several operations' : `${operation.method} ${operation.path}`;
}

/** Each by its summary; by its id too, where two have the same. */
function named(group: readonly Planned[]): readonly (readonly [name: string, planned: Planned])[] {
  const nameOf = ({ workflow }: Planned): string => workflow.summary ?? workflow.id;
  return groupedBy(group, nameOf).flatMap(([name, alike]) =>
    alike.map(
      (planned) => [alike.length === 1 ? name : `${name} (${planned.workflow.id})`, planned] as const,
    ),
  );
}

/** An error that is only its message: the lines of our own code say nothing to who reads a report. */
function failure(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}

function textOf(findings: readonly Finding[], root: string, mask: Mask): string {
  return findings
    .map((finding) =>
      [
        `${titleOf(finding, mask)}  [${finding.check}]`,
        ...detailLines(finding, root, mask).map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
}
