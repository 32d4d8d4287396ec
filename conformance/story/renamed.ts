/** A workflow whose steps have other names, and each of whose requests is a step of its own. */

import type { Action, Step, Workflow } from '../../openapi/arazzo/workflow.js';
import { actionsOf } from '../planned.js';
import { rewriteInput, rewriteStep } from '../rewritten.js';
import type { Told } from './retold.js';

/** Sent more often than this, a request is told once, with its number. */
const mostAlike = 6;

/** A step that was taken several times, one after the other, as that many steps: only the last has outputs. */
export function unrolled(told: Told): readonly Told[] {
  const { step, records, by } = told;
  const isOne = records.length <= 1;
  if (step.times.count === 1 || step.times.atOnce || records.length > mostAlike) return [told];
  const once = { count: 1, atOnce: false };
  if (isOne) return [{ ...told, step: { ...step, times: once } }];
  return records.map((record, index) => {
    const isLast = index === records.length - 1;
    const again = { ...step, times: once, wait: index === 0 ? step.wait : undefined };
    return {
      step: isLast ? again : { ...again, id: `${step.id}-time-${index + 1}`, outputs: [] },
      records: [record],
      by: [by[index]],
    };
  });
}

/** The workflow with other names for its steps, wherever they are named. */
export function renamed(workflow: Workflow, names: ReadonlyMap<string, string>): Workflow {
  const nameOf = (id: string): string => names.get(id) ?? id;
  const replace = (text: string): string =>
    text.replace(/\$steps\.([\w-]+)/g, (_, id: string) => `$steps.${nameOf(id)}`);
  return {
    ...workflow,
    steps: workflow.steps.map((step) => ({ ...rewriteStep(step, replace), id: nameOf(step.id) })),
    inputs: workflow.inputs.map((each) => {
      const input = rewriteInput(each, replace);
      const after = input.schema['x-after'];
      return typeof after === 'string'
        ? { ...input, schema: { ...input.schema, 'x-after': nameOf(after) } }
        : input;
    }),
  };
}

/** The workflow, where it calls others or is called by them, with other names for all of them. */
export function underOtherNames(workflow: Workflow, names: ReadonlyMap<string, string>): Workflow {
  const nameOf = (id: string): string => names.get(id) ?? id;
  const replace = (text: string): string =>
    text.replace(/\$workflows\.([\w-]+)/g, (_, id: string) => `$workflows.${nameOf(id)}`);
  const action = (each: Action): Action =>
    each.workflowId === undefined ? each : { ...each, workflowId: nameOf(each.workflowId) };
  return {
    ...workflow,
    id: nameOf(workflow.id),
    dependsOn: workflow.dependsOn.map(nameOf),
    inputs: workflow.inputs.map((each) => rewriteInput(each, replace)),
    successActions: workflow.successActions.map(action),
    failureActions: workflow.failureActions.map(action),
    steps: workflow.steps.map((each): Step => {
      const step = rewriteStep(each, replace);
      const call =
        step.call.kind === 'workflow'
          ? { ...step.call, workflowId: nameOf(step.call.workflowId) }
          : step.call;
      return { ...step, call, onSuccess: step.onSuccess.map(action), onFailure: step.onFailure.map(action) };
    }),
  };
}

/** Whether steps lead to one another otherwise than in order. */
export function jumps(workflow: Workflow): boolean {
  return actionsOf(workflow).some(({ stepId }) => stepId !== undefined);
}
