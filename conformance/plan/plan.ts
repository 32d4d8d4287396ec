/** The plan of a run: everything that is tried, as workflows, the most telling first. Contract and seed decide all of it. */

import { createHash } from 'node:crypto';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { type Phase, phases } from '../event.js';
import { type Plan, type Planned, restsOn, type Unplanned } from '../planned.js';
import { unlike } from './draft.js';
import { createGiving } from './given.js';
import { isDeleting } from './needs.js';
import { phasePlanner } from './phases.js';
import { mostThorough } from './thoroughness.js';
import { drawnWalks, type WalkBudget } from './walks/walks.js';

/** What a user leaves out of a plan. */
export type Choosing = {
  readonly phases: (phase: Phase) => boolean;
  readonly operations: (id: string, endpoint: string, tags: readonly string[]) => boolean;
  /** Only safe methods are called (RFC 9110, section 9.2.1). */
  readonly safe: boolean;
  /** Whether the server writes to nobody, so that the addresses of the documentation may be used. */
  readonly harmless: boolean;
  readonly walks: WalkBudget;
  /** The longest that can be made to pass at the server, in milliseconds. */
  readonly longestWait: number;
  /** Whether there are few values for an input. */
  readonly isDear: (asks: string) => boolean;
};

/**
 * Makes the plan of a contract. `authored` are its own workflows. Where there are many operations, the workflows are made
 * when they are asked for.
 */
export function makePlan(
  contract: Contract,
  authored: readonly Workflow[],
  seed: number,
  choosing: Choosing,
): Plan {
  const operations = contract.operations.filter(({ id, method, path, tags }) =>
    choosing.operations(id, `${method} ${path}`, tags),
  );
  const setups = new Map<string, Workflow>(authored.map((workflow) => [workflow.id, workflow]));
  const giving = createGiving(contract, setups, choosing.safe);
  const unplanned = new Map<string, Unplanned>();
  const phaseOf = phasePlanner({
    contract,
    operations,
    seed,
    choosing,
    needs: (setup) => void (setups.has(setup.id) || setups.set(setup.id, giving.weaveSetup(setup))),
    misses: (gap) => void unplanned.set(gap.what, gap),
  });
  const ids = new Set<string>();
  const making = function* (): Generator<Planned> {
    const isNew = distinction();
    const named = naming(ids);
    const late: Planned[] = [];
    for (const phase of phases.filter(choosing.phases)) {
      const found =
        phase === 'workflows'
          ? afterOthers(authored).map((each) => authoredOf(each, setups))
          : each(phaseOf(phase), giving.weave);
      const last: Planned[] = [];
      for (const planned of found) {
        if ((choosing.safe && !isSafe(planned, setups)) || !isNew(planned)) continue;
        if (planned.takesTime) late.push(planned);
        else if (isLast(planned)) last.push(planned);
        else yield named(planned);
      }
      yield* last.map(named);
    }
    yield* inOrder(late).map(named);
  };
  const isSmall = operations.length <= mostThorough;
  const whole = once(() => [...making()]);
  if (isSmall) whole();
  const walked = operations.filter(
    ({ method }) => choosing.phases('walks') && (!choosing.safe || isSafeMethod(method)),
  );
  const taken = { has: (id: string) => setups.has(id) || ids.has(id) };
  const walks = drawnWalks(contract, walked, { ...choosing, seed, taken });
  return {
    get workflows() {
      return whole();
    },
    get unplanned() {
      return [...unplanned.values()];
    },
    ...(!isSmall && { gradually: making }),
    setups,
    walks: { ...walks, draw: (takesTime) => each(walks.draw(takesTime), giving.weave) },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Each after those that it depends on; else in the order of the document. */
function afterOthers(authored: readonly Workflow[]): readonly Workflow[] {
  const placed = new Set<Workflow>();
  const place = (workflow: Workflow): void => {
    if (placed.has(workflow)) return;
    for (const id of workflow.dependsOn) {
      const needed = authored.find((each) => each.id === id);
      if (needed !== undefined) place(needed);
    }
    placed.add(workflow);
  };
  authored.forEach(place);
  return [...placed];
}

/** An authored workflow is about several operations. */
function authoredOf(workflow: Workflow, all: ReadonlyMap<string, Workflow>): Planned {
  const steps = [workflow, ...restsOn(workflow, all)].flatMap((each) => each.steps);
  const takesTime = steps.some(({ wait }) => wait !== undefined);
  return { workflow, phase: 'workflows', operation: undefined, takesTime };
}

/** Made as they are asked for. */
function* each<Item>(items: Iterable<Item>, change: (item: Item) => Item): Generator<Item> {
  for (const item of items) yield change(item);
}

/** Where rules say what an operation does, they say what comes after it as well; else what deletes comes after what needs it. */
function isLast({ operation }: Planned): boolean {
  return (
    operation?.transitions.every(({ resource }) => resource !== undefined) === true && isDeleting(operation)
  );
}

/** Of one phase after the other, what deletes at the end of each. */
function inOrder(planned: readonly Planned[]): readonly Planned[] {
  const rank = (one: Planned): number => phases.indexOf(one.phase) + (isLast(one) ? 0.5 : 0);
  return planned.toSorted((a, b) => rank(a) - rank(b));
}

/** Tells which workflows are new: two that send the same are one. */
function distinction(): (planned: Planned) => boolean {
  const seen = new Set<string>();
  return ({ workflow, phase }) => {
    const key = JSON.stringify([
      phase === 'workflows' ? workflow.id : '',
      workflow.steps.map(({ call, parameters, requestBody, alteration, times, wait }) => [
        call.kind === 'operation' ? call.operation.id : call.workflowId,
        parameters,
        requestBody ?? null,
        alteration ?? null,
        times,
        wait ?? null,
      ]),
    ]);
    const digest = createHash('sha256').update(key).digest('base64'); // the texts of all would be hundreds of megabytes
    if (seen.has(digest)) return false;
    seen.add(digest);
    return true;
  };
}

/** Names workflows, so that no two of a plan have one id. All ids are added to `ids`. */
function naming(ids: Set<string>): (planned: Planned) => Planned {
  const taken = new Set<string>();
  return (planned) => {
    const id = unlike(taken, planned.workflow.id);
    taken.add(id);
    ids.add(id);
    return id === planned.workflow.id ? planned : { ...planned, workflow: { ...planned.workflow, id } };
  };
}

function isSafe({ workflow }: Planned, setups: ReadonlyMap<string, Workflow>): boolean {
  const steps = [workflow, ...restsOn(workflow, setups)].flatMap((each) => each.steps);
  return steps.every(
    ({ call, alteration }) =>
      call.kind === 'workflow' || isSafeMethod(alteration?.method ?? call.operation.method),
  );
}

/** Whether a method is one of those that are sent where nothing may be changed. */
export function isSafeMethod(method: string): boolean {
  return /^(GET|HEAD|OPTIONS)$/.test(method);
}
