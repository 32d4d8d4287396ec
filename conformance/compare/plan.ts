/** What is run on two servers: the phases of a plan that tell them apart, and every operation once at least. */

import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { phases as allPhases, type Phase } from '../event.js';
import { anyScarce } from '../input/scarce.js';
import { type CheckOptions, choosing } from '../options.js';
import { basesOf } from '../plan/base.js';
import { withStep, workflowOf } from '../plan/draft.js';
import { isSafeMethod } from '../plan/plan.js';
import { groundOf } from '../plan/reach.js';
import type { Plan, Planned } from '../planned.js';
import { roundsOf } from '../rounds.js';
import { planOf } from '../run.js';
import type { SideName } from './meeting.js';
import type { Side } from './side.js';

/** The options of a comparison; every one has a default. Limits are for each of the servers. */
export type CompareOptions = Pick<
  CheckOptions,
  | 'seed'
  | 'workflows'
  | 'phases'
  | 'only'
  | 'skip'
  | 'safe'
  | 'walks'
  | 'maxRequests'
  | 'maxTime'
  | 'rate'
  | 'confirmations'
  | 'longestWait'
  | 'signal'
  | 'clock'
> & {
  /** How far the times of both may be apart, each seen from its own clock, in milliseconds. Default 30 000. */
  readonly tolerance?: number;
  /** Places that are not compared: JSON Pointers, names of members or of fields, without regard to letter case. */
  readonly ignored?: readonly string[];
};

/**
 * The phases that are compared unless others are asked for: what depends on state; and where no rule speaks of an operation,
 * what its schema says, for else nobody would call it.
 */
export function usualPhases({ operations }: Pick<Contract, 'operations'>): readonly Phase[] {
  const isSilent = operations.some(({ transitions }) => transitions.length === 0);
  const others = ['security', 'protocol', 'concurrency', ...(isSilent ? [] : ['schema'])];
  return allPhases.filter((phase) => !others.includes(phase));
}

/** The plan of a comparison, without running it. What one of the two cannot do is not planned. */
export function comparePlan(
  contract: Contract,
  sides: Readonly<Record<SideName, Pick<Side, 'harmless' | 'moveClock' | 'scarce'>>>,
  options: CompareOptions & { readonly seed: number },
): Plan {
  const { A, B } = sides;
  const moveClock = B.moveClock === undefined ? undefined : A.moveClock;
  const scarce = anyScarce([A.scarce, B.scarce].filter((each) => each !== undefined));
  const planning = {
    ...options,
    phases: options.phases ?? usualPhases(contract),
    harmless: A.harmless === true && B.harmless === true,
    ...(moveClock !== undefined && { moveClock }),
    ...(scarce !== undefined && { scarce }),
  };
  const plan = planOf(contract, planning);
  const plain = planning.phases.includes('examples') ? plainCalls(contract, planning, plan) : [];
  const setups = new Map([...plan.setups, ...plain.flatMap((each) => each.setups)]);
  return { ...plan, setups, workflows: [...plan.workflows, ...plain.map((each) => each.planned)] };
}

/** The documented request of each operation that no workflow calls as it is documented: a list that is only read. */
function plainCalls(
  contract: Contract,
  options: CheckOptions,
  { workflows }: Plan,
): readonly { readonly planned: Planned; readonly setups: readonly (readonly [string, Workflow])[] }[] {
  const { operations: isChosen, safe } = choosing(options);
  const called = new Set<Operation>(
    workflows.flatMap(({ workflow }) =>
      workflow.steps.flatMap(({ call, alteration }) =>
        call.kind === 'operation' && alteration === undefined ? [call.operation] : [],
      ),
    ),
  );
  const ground = groundOf(contract, options.harmless === true);
  return contract.operations
    .filter((operation) => !called.has(operation))
    .filter(({ id, method, path, tags }) => isChosen(id, `${method} ${path}`, tags))
    .filter(({ method }) => !safe || isSafeMethod(method))
    .flatMap((operation) => {
      const [base] = basesOf(ground, operation);
      if (base === undefined) return [];
      const { draft } = withStep(base.draft, base.step);
      const workflow = workflowOf(`${operation.id} plain`, `${operation.id}, as it is documented`, draft);
      const setups = base.setup === undefined ? [] : [[base.setup.id, base.setup] as const];
      return [{ planned: { workflow, phase: 'examples' as const, operation, takesTime: false }, setups }];
    });
}

/** How many workflows there are at most; undefined where walks are drawn for as long as there is time. */
export function plannedIn({ workflows, walks }: Plan): number | undefined {
  return walks.count === undefined ? undefined : workflows.length + walks.count;
}

/** What takes no time, then what does, and last the walks, as long as there is time for them. */
export function* inOrder({ workflows, walks }: Plan): Generator<Planned> {
  for (const takesTime of [false, true]) yield* workflows.filter((each) => each.takesTime === takesTime);
  const end = performance.now() + (walks.time ?? Number.POSITIVE_INFINITY);
  for (const round of roundsOf(walks))
    for (const walk of round) {
      if (performance.now() > end) return;
      yield walk;
    }
}
