/** A sequence made shorter: steps are left out as long as what it showed still shows. */

import type { Step, Workflow } from '../openapi/workflow.js';

/** Whether a workflow still shows what it is about. */
export type Shows = (candidate: Workflow) => Promise<boolean>;

/** More is not tried: what is left then is short enough to be read. */
const mostTries = 40;

/**
 * The workflow without steps that are not needed. Whole stretches are left out first, then single steps; the last step
 * stays. A step whose outputs a later one uses is left out with it or not at all.
 */
export async function shrink(workflow: Workflow, shows: Shows): Promise<Workflow> {
  let shortest = workflow;
  let tries = 0;
  for (let size = Math.ceil((workflow.steps.length - 1) / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = shortest.steps.length - 1 - size; start >= 0 && tries < mostTries; start -= 1) {
      const candidate = without(shortest, start, size);
      if (candidate === undefined) continue;
      tries += 1;
      if (!(await shows(candidate))) continue;
      shortest = candidate;
      start = Math.min(start, shortest.steps.length - size);
    }
  }
  return shortest;
}

/** The workflow without a stretch of steps; undefined when what is left uses something of theirs. */
function without(workflow: Workflow, start: number, size: number): Workflow | undefined {
  const left = workflow.steps.slice(start, start + size);
  const steps = [...workflow.steps.slice(0, start), ...workflow.steps.slice(start + size)];
  const isMissed = left.some(({ id }) => steps.some((step) => uses(step, id)));
  const inputs = workflow.inputs.filter(({ schema }) => !left.some(({ id }) => schema['x-after'] === id));
  const lost = workflow.inputs.filter((input) => !inputs.includes(input));
  const isAsked = lost.some(({ name }) => steps.some((step) => mentions(step, `$inputs.${name}`)));
  return isMissed || isAsked ? undefined : { ...workflow, steps, inputs };
}

function uses(step: Step, id: string): boolean {
  return mentions(step, `$steps.${id}.`);
}

function mentions({ parameters, requestBody, alteration, outputs }: Step, text: string): boolean {
  return JSON.stringify([parameters, requestBody ?? null, alteration ?? null, outputs]).includes(text);
}
