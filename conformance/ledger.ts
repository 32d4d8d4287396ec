/** What a run has come to so far: findings, what was exercised, what could not be, and which secrets are known. */

import type { Contract } from '../openapi/contract.js';
import type { Json } from '../openapi/json.js';
import type { Occasion } from './ask.js';
import type { Check, Exchange } from './check.js';
import { createTally } from './coverage.js';
import type { NotExercised, PlannedWorkflow, RunEvent, RunFinished } from './event.js';
import { createFindings, findingOf, idOf, type Kept, type Shown } from './findings.js';
import { isOfParameter } from './input/made-inputs.js';
import { inapplicable } from './input/resolve-input.js';
import { type CheckOptions, choosing } from './options.js';
import { ungivenOf } from './plan/given.js';
import type { Plan, Planned } from './planned.js';
import { storyOf } from './story.js';

export type Ledger = {
  exchanged(exchange: Exchange): void;
  found(shown: Shown): void;
  /** The findings that are errors and were not there at a mark. */
  newErrors(mark: number): readonly Kept[];
  /** How many findings there are: none ever goes away. */
  mark(): number;
  /** From now on what shows in a workflow is collected: the ids of its findings. */
  collect(planned: Planned): ReadonlySet<string>;
  /** What shows in a workflow that is tried again, by id, as long as that takes: it makes no new finding. */
  attempt<Result>(
    planned: Planned,
    run: () => Promise<Result>,
  ): Promise<{ readonly shown: ReadonlyMap<string, Shown>; readonly result: Result }>;
  /** A workflow could not be run to its end. */
  missed(planned: Planned, outline: PlannedWorkflow, reason: string): void;
  /** A value that came from outside. */
  learnt(name: string, value: Json): void;
  secrets(): readonly string[];
  result(): Pick<RunFinished, 'findings' | 'notExercised' | 'coverage'>;
};

/** Inputs whose values no answer may tell. */
const secretNames = /otp|pass|pin|secret|token|code/i;

/** Opens the books of a run. `isVoid`: nobody is there to deviate. */
export function createLedger(
  contract: Contract,
  plan: Plan,
  options: CheckOptions,
  tell: (event: RunEvent) => void,
  isVoid: () => boolean,
): Ledger {
  const chosen = choosing(options);
  const tally = createTally(
    contract,
    contract.operations.filter(({ id, method, path, tags }) =>
      chosen.operations(id, `${method} ${path}`, tags),
    ),
  );
  const findings = createFindings();
  const collected = new Map<string, Set<string>>();
  const attempts = new Map<Planned, Map<string, Shown>>();
  const known = new Set<string>();
  const secrets: string[] = [];
  const reasons = new Map<string, string>();
  const missed = new Map<string, string>();
  const gaps: NotExercised[] = [];
  const tellable = (kept: Kept) => findingOf(contract, kept, (shown) => storyOf(contract, plan, shown));
  return {
    exchanged: tally.take,
    found(shown) {
      if (isVoid()) return;
      const id = idOf(shown);
      const attempt = attempts.get(shown.planned);
      if (attempt !== undefined) {
        if (!attempt.has(id)) attempt.set(id, shown);
        findings.again(shown);
        return;
      }
      const { kept, isNew } = findings.add(shown);
      collected.get(shown.planned.workflow.id)?.add(id);
      if (isNew) tell({ type: 'finding', finding: tellable(kept) });
    },
    mark: findings.count,
    newErrors: (mark) =>
      findings.count() === mark
        ? []
        : findings
            .list()
            .slice(mark)
            .filter(({ shown }) => shown.severity === 'error'),
    collect({ workflow }) {
      const ids = new Set<string>();
      collected.set(workflow.id, ids);
      return ids;
    },
    async attempt(planned, run) {
      const shown = new Map<string, Shown>();
      attempts.set(planned, shown);
      const result = await run();
      attempts.delete(planned);
      return { shown, result };
    },
    missed(planned, outline, reason) {
      if (reason.startsWith(inapplicable)) return;
      const { summary, operation } = outline;
      const gap = { kind: 'workflow', what: summary, operation, reason } as const;
      gaps.push(gap);
      for (const rule of rulesAbout(planned)) reasons.set(rule, reason);
      if (operation !== undefined && !missed.has(operation)) missed.set(operation, reason);
      tell({ type: 'not-exercised', gap });
    },
    learnt(name, value) {
      const isSecret = secretNames.test(name) && !isOfParameter(contract, name);
      if (typeof value !== 'string' || value.length < 4 || !isSecret || known.has(value)) return;
      known.add(value);
      secrets.push(value);
    },
    secrets: () => secrets,
    result() {
      for (const { what, reason } of plan.unplanned) reasons.set(`rule ${what}`, reason);
      const { coverage, notExercised } = tally.result(reasons, {
        safe: chosen.safe,
        missed,
        ungiven: (operation) => ungivenOf(contract, operation, chosen.safe),
      });
      return {
        findings: findings.list().map(tellable),
        notExercised: [...notExercised, ...gaps],
        coverage,
      };
    },
  };
}

/** The rules that a workflow was to lead to. */
function rulesAbout({ workflow, operation }: Planned): string[] {
  if (operation === undefined) return [];
  const last = workflow.steps.at(-1);
  return operation.transitions
    .filter(({ name }) => last?.id.startsWith(name))
    .map(({ name }) => `rule ${operation.method} ${operation.path}: ${name}`);
}

/** The finding of a success criterion that does not hold; undefined when that is not checked. */
export function unmetCriterion(
  checks: readonly Check[],
  exchange: Exchange,
  why: string,
  { planned, step, before }: Occasion,
): Shown | undefined {
  const check = checks.find(({ name }) => name === 'success-criteria');
  if (check === undefined) return undefined;
  const { workflow } = planned;
  const deviation = {
    at: step.successCriteria[0]?.at ?? workflow.at,
    title: `step ${step.id} of the workflow ${workflow.id} does not succeed`,
    expected: step.successCriteria.map(({ condition }) => condition).join(' and '),
    actual: why,
  };
  const severity = workflow.provenance.kind === 'inferred' ? 'note' : check.severity;
  return { check, deviation, severity, exchange, planned, exchanges: before, step: step.id };
}
