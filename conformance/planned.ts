/** What a plan consists of: workflows, each with the phase that it belongs to and what it is about. */

import type { Action, Workflow } from '../openapi/arazzo/workflow.js';
import type { Operation } from '../openapi/contract.js';
import type { Phase, PlannedWorkflow } from './event.js';

/** A workflow of a plan. */
export type Planned = {
  readonly workflow: Workflow;
  readonly phase: Phase;
  /** The operation that it is about; undefined when it is about several. */
  readonly operation: Operation | undefined;
  /** Whether time must pass in it: such workflows are run last, one after the other. */
  readonly takesTime: boolean;
};

/** Workflows that are drawn as the run goes on. */
export type Drawn = {
  /** How many there are; undefined for as many as there is time for. */
  readonly count: number | undefined;
  /** The longest that drawing goes on, in milliseconds; undefined when they are all drawn. */
  readonly time: number | undefined;
  /** From the first one on, the same each time. Those in which time passes are apart. */
  draw(takesTime: boolean): Iterable<Planned>;
};

/** A plan: its workflows in the order in which they are run, and those that they call. */
export type Plan = {
  readonly workflows: readonly Planned[];
  /** The same, each made when it is asked for, where making all of them takes long: `setups` and `unplanned` grow with them. */
  readonly gradually?: () => Iterable<Planned>;
  readonly setups: ReadonlyMap<string, Workflow>;
  readonly walks: Drawn;
  /** What the plan could not make a workflow for, and why. */
  readonly unplanned: readonly Unplanned[];
};

/** What a plan makes no workflow for, and why. */
export type Unplanned = { readonly what: string; readonly operation: string; readonly reason: string };

/** A planned workflow in outline, for events and reports. */
export function outlineOf({ workflow, phase, operation }: Planned, setups: Plan['setups']): PlannedWorkflow {
  return {
    id: workflow.id,
    phase,
    summary: workflow.summary ?? workflow.id,
    operation: operation?.id,
    steps: linesOf(workflow, setups),
  };
}

/** The workflows that one cannot run without, by its steps, its actions or what it depends on: each after its own. */
export function restsOn(workflow: Workflow, all: Plan['setups']): readonly Workflow[] {
  const needed = new Set<Workflow>();
  const seen = new Set([workflow]);
  const follow = (each: Workflow): void => {
    for (const id of needsOf(each)) {
      const found = all.get(id);
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      follow(found);
      needed.add(found);
    }
  };
  follow(workflow);
  return [...needed];
}

function needsOf(workflow: Workflow): readonly string[] {
  return [
    ...workflow.dependsOn,
    ...workflow.steps.flatMap(({ call }) => (call.kind === 'workflow' ? [call.workflowId] : [])),
    ...actionsOf(workflow).flatMap(({ workflowId }) => workflowId ?? []),
  ];
}

/** Every action of a workflow and of its steps. */
export function actionsOf({ steps, successActions, failureActions }: Workflow): readonly Action[] {
  const own = steps.flatMap(({ onSuccess, onFailure }) => [...onSuccess, ...onFailure]);
  return [...own, ...successActions, ...failureActions];
}

function linesOf(workflow: Workflow, setups: Plan['setups']): string[] {
  return workflow.steps.flatMap(({ call, alteration, times }) => {
    if (call.kind === 'workflow') {
      if (call.shared && call.mayFail === true) return []; // asked once, for all that need it
      const setup = setups.get(call.workflowId);
      return setup === undefined ? [] : linesOf(setup, setups);
    }
    const { method, path } = call.operation;
    const often = times.count === 1 ? '' : ` (${times.count} times${times.atOnce ? ' at once' : ''})`;
    return [`${alteration?.method ?? method} ${path}${often}`];
  });
}
