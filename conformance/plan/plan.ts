/** The plan of a run: everything that is tried, as workflows, the most telling first. Contract and seed decide all of it. */

import { createHash } from 'node:crypto';
import type { Contract } from '../../openapi/contract.js';
import type { Workflow } from '../../openapi/workflow.js';
import { type Phase, phases } from '../event.js';
import { type Plan, type Planned, restsOn, type Unplanned } from '../planned.js';
import { basesOf } from './base.js';
import { concurrent } from './concurrency.js';
import { crowds } from './crowd.js';
import { unlike } from './draft.js';
import { printedExamples, reachable } from './examples.js';
import { targetsOf } from './goal.js';
import { endedWhenOld, inTime, wrongWhenOld } from './in-time.js';
import { nearMisses } from './near-misses.js';
import { protocolCases } from './protocol.js';
import { groundOf } from './reach.js';
import { referenceCases } from './references.js';
import { refusalCases } from './refusals.js';
import { detailed, isMade, laterScenario, scenario } from './scenarios.js';
import { createScenes } from './scenes.js';
import { schemaCases } from './schema.js';
import { securityCases } from './security.js';
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

/** Makes the plan of a contract. `authored` are its own workflows. */
export function makePlan(
  contract: Contract,
  authored: readonly Workflow[],
  seed: number,
  choosing: Choosing,
): Plan {
  const operations = contract.operations.filter(({ id, method, path, tags }) =>
    choosing.operations(id, `${method} ${path}`, tags),
  );
  const wants = choosing.phases;
  const planned: Planned[] = [];
  const setups = new Map<string, Workflow>(authored.map((workflow) => [workflow.id, workflow]));
  const unplanned: Unplanned[] = [];
  if (wants('workflows')) planned.push(...afterOthers(authored).map((each) => authoredOf(each, setups)));
  const isVaried = (['examples', 'security', 'schema', 'protocol'] as const).some(wants);
  const ground = groundOf(contract, choosing.harmless);
  const scenes = createScenes(ground);
  if (wants('rules'))
    planned.push(...scenes.all(operations).flatMap((scene) => [...detailed(scene), ...crowds(scene)]));
  for (const operation of operations) {
    const targets = targetsOf(operation).filter(({ transition }) => isMade(transition));
    if (wants('examples')) {
      const reached = reachable(ground, operation);
      planned.push(...reached.workflows);
      unplanned.push(...reached.unplanned);
    }
    if (wants('rules')) {
      const scene = scenes.of({ operation, of: 'operation' });
      planned.push(...targets.flatMap((target) => scenario(scenes.of(target), target) ?? []));
      planned.push(
        ...nearMisses(
          scene,
          targets.filter(({ of }) => of === 'operation'),
        ),
      );
      const own = targets.filter(({ of }) => of === 'operation');
      planned.push(...refusalCases(scene, own));
      planned.push(...own.flatMap((target) => referenceCases(scene, target) ?? []));
      planned.push(...targets.flatMap((target) => laterScenario(scenes.of(target), target) ?? []));
      planned.push(...own.flatMap((target) => [...inTime(scene, target), ...wrongWhenOld(scene, target)]));
      planned.push(...targets.flatMap((target) => endedWhenOld(scenes.of(target), target)));
    }
    if (wants('concurrency'))
      planned.push(...targets.flatMap((target) => concurrent(scenes.of(target), target) ?? []));
    for (const base of isVaried ? basesOf(ground, operation) : []) {
      if (base.setup !== undefined) setups.set(base.setup.id, base.setup);
      if (wants('examples')) planned.push(...printedExamples(base, choosing.harmless));
      if (wants('security')) planned.push(...securityCases(base));
      if (wants('schema')) planned.push(...schemaCases(contract, base, seed));
      if (wants('protocol')) planned.push(...protocolCases(contract, base));
    }
  }
  const chosen = choosing.safe ? planned.filter((each) => isSafe(each, setups)) : planned;
  const workflows = named(inOrder(distinct(chosen)));
  const taken = new Set([...setups.keys(), ...workflows.map(({ workflow }) => workflow.id)]);
  const walked = operations.filter(
    ({ method }) => wants('walks') && (!choosing.safe || isSafeMethod(method)),
  );
  return { workflows, setups, unplanned, walks: drawnWalks(contract, walked, { ...choosing, seed, taken }) };
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

/** Phase by phase; in each what takes no time before what does; and what takes time at the very end. */
function inOrder(planned: readonly Planned[]): readonly Planned[] {
  const rank = ({ phase, takesTime }: Planned): number =>
    (takesTime ? phases.length : 0) + phases.indexOf(phase);
  return planned.toSorted((a, b) => rank(a) - rank(b));
}

/** Two workflows that send the same are one. */
function distinct(planned: readonly Planned[]): readonly Planned[] {
  const seen = new Set<string>();
  return planned.filter(({ workflow, phase }) => {
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
  });
}

/** No two workflows of a plan have one id. */
function named(planned: readonly Planned[]): readonly Planned[] {
  const taken = new Set<string>();
  return planned.map((each) => {
    const id = unlike(taken, each.workflow.id);
    taken.add(id);
    return id === each.workflow.id ? each : { ...each, workflow: { ...each.workflow, id } };
  });
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
