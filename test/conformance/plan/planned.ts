/** Planned workflows for the tests: those of one phase and operation, as short lines and as messages. */

import type { CheckOptions } from '../../../conformance/options.js';
import type { Planned } from '../../../conformance/planned.js';
import { planOf } from '../../../conformance/run.js';
import type { Contract } from '../../../openapi/index.js';

/** The workflows of a plan by the seed 1. */
export function planned(contract: Contract, options: CheckOptions): readonly Planned[] {
  return planOf(contract, { seed: 1, ...options }).workflows;
}

/** The workflow of this id. */
export function workflow(list: readonly Planned[], id: string): Planned['workflow'] {
  const found = list.find((each) => each.workflow.id === id);
  if (found === undefined)
    throw new Error(`there is no ${id}, only ${list.map((each) => each.workflow.id).join(', ')}`);
  return found.workflow;
}

/** The ids of its steps, and how often each is sent: `made x3`. */
export function stepsOf({ steps }: Planned['workflow']): readonly string[] {
  return steps.map(({ id, times }) =>
    times.count === 1 ? id : `${id} x${times.count}${times.atOnce ? ' at once' : ''}`,
  );
}
