/** Workflows without some of their steps: whoever uses what these have given goes with them. */

import type { Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Duration } from '../../openapi/duration.js';
import { rewriteWorkflow } from '../rewritten.js';
import { neededIn, needsOf, renameOutputs, tidied, usesOf } from './references.js';

/** The workflow with a simplification made; undefined when there is nothing to make. */
export type Move = (workflow: Workflow) => Workflow | undefined;

/**
 * The workflow without these steps and without those that need them. With `waiting`, the time that passed before a step that is
 * gone passes before the next one. Undefined when the last step would go, or nothing does.
 */
export function withoutSteps(
  workflow: Workflow,
  ids: Iterable<string>,
  waiting = false,
): Workflow | undefined {
  const gone = withUsers(workflow, ids);
  const last = workflow.steps.at(-1);
  if (gone.size === 0 || last === undefined || gone.has(last.id)) return undefined;
  const steps: Step[] = [];
  let passed: Duration | undefined;
  for (const step of workflow.steps) {
    if (gone.has(step.id)) {
      passed = waiting ? sum(passed, step.wait) : undefined;
      continue;
    }
    steps.push(passed === undefined ? step : { ...step, wait: sum(passed, step.wait) });
    passed = undefined;
  }
  const outputs = workflow.outputs.filter(
    ([, expression]) => ![...gone].some((id) => expression.startsWith(`$steps.${id}.`)),
  );
  return { ...workflow, steps, outputs };
}

/** These steps, and those that need them, one by way of the other. */
function withUsers(workflow: Workflow, ids: Iterable<string>): ReadonlySet<string> {
  const wanted = new Set(ids);
  const gone = new Set(workflow.steps.flatMap(({ id }) => (wanted.has(id) ? [id] : [])));
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const step of workflow.steps)
      if ([...needsOf(step, workflow)].some((id) => gone.has(id))) gone.add(step.id);
  }
  return gone;
}

/** Of these steps those that nobody else needs. */
function unneeded(workflow: Workflow, ids: readonly string[]): readonly string[] {
  let left = ids;
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const others = workflow.steps.filter(({ id }) => !left.includes(id));
    const needed = new Set(others.flatMap((step) => [...needsOf(step, workflow)]));
    left = left.filter((id) => !needed.has(id));
  }
  return left;
}

/** The ways to leave out a stretch: with whoever uses it; what of it nobody uses; and both with the time that passed. */
export function leaving(ids: readonly string[]): readonly Move[] {
  const waits = ({ steps }: Workflow): boolean =>
    steps.some(({ id, wait }) => wait !== undefined && ids.includes(id));
  return [
    (workflow) => withoutSteps(workflow, ids),
    (workflow) => withoutSteps(workflow, unneeded(workflow, ids)),
    (workflow) => (waits(workflow) ? withoutSteps(workflow, ids, true) : undefined),
    (workflow) => (waits(workflow) ? withoutSteps(workflow, unneeded(workflow, ids), true) : undefined),
  ];
}

/** The workflow without the steps that were needed in another one and that nobody needs now. */
export function withoutOrphans(before: Workflow, now: Workflow): Workflow | undefined {
  const needed = neededIn(now);
  const last = now.steps.at(-1);
  const orphans = [...neededIn(before)].filter((id) => !needed.has(id) && id !== last?.id);
  return withoutSteps(now, orphans);
}

/**
 * For each step whose outputs are used, and each other one that gives the same: that one's are used, and the step goes, first
 * together with what only it needed.
 */
export function resewing(workflow: Workflow): readonly Move[] {
  const used = new Set([...workflow.steps, ...workflow.inputs].flatMap((each) => [...usesOf(each).steps]));
  return workflow.steps
    .filter(({ id }) => used.has(id))
    .flatMap((step) => {
      const others = workflow.steps.filter((each) => each !== step && isSame(each, step));
      return others.slice(0, mostOthers).flatMap((other): readonly Move[] => {
        const resewn: Move = (current) => resew(current, step.id, other.id);
        return [
          (current) => {
            const made = resewn(current);
            const without = made && withoutSteps(made, [step.id]);
            return without && withoutOrphans(current, without);
          },
          (current) => {
            const made = resewn(current);
            return made && withoutSteps(made, [step.id]);
          },
        ];
      });
    });
}

/** Of many steps that would do for another some are tried. */
const mostOthers = 3;

function isSame(a: Step, b: Step): boolean {
  if (a.call.kind !== 'operation' || b.call.kind !== 'operation') return false;
  return a.call.operation === b.call.operation;
}

/** The workflow in which the outputs of one step are taken from another; undefined when that does not have them in time. */
function resew(workflow: Workflow, from: string, to: string): Workflow | undefined {
  const giver = workflow.steps.find(({ id }) => id === from);
  const place = workflow.steps.findIndex(({ id }) => id === to);
  const other = workflow.steps[place];
  if (giver === undefined || other === undefined) return undefined;
  const users = workflow.steps.findIndex((step) => needsOf(step, workflow).has(from));
  if (users !== -1 && users <= place) return undefined;
  const names = new Map<string, string>();
  for (const [name, expression] of giver.outputs) {
    const same = other.outputs.find(([known, each]) =>
      expression.startsWith('$inputs.') ? known === name : each === expression,
    );
    if (same !== undefined) names.set(name, same[0]);
  }
  const uses = [...workflow.steps, ...tidied(workflow).inputs].flatMap((each) => [...usesOf(each).outputs]);
  const wanted = uses.flatMap((use) => (use.startsWith(`${from} `) ? [use.slice(from.length + 1)] : []));
  if (wanted.length === 0 || !wanted.every((name) => names.has(name))) return undefined;
  return rewriteWorkflow(workflow, (text) =>
    renameOutputs(text, (step, output) =>
      step === from ? `$steps.${to}.outputs.${names.get(output) ?? output}` : undefined,
    ),
  );
}

function sum(a: Duration | undefined, b: Duration | undefined): Duration | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;
  const both = units.map((unit) => [unit, (a[unit] ?? 0) + (b[unit] ?? 0)] as const);
  return Object.fromEntries(both.filter(([, value]) => value !== 0));
}
