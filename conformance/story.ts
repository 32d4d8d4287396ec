/** The sequence of calls in which something showed, as an Arazzo document that shows it again. */

import { arazzoDocument } from '../openapi/arazzo-write.js';
import type { Contract } from '../openapi/contract.js';
import type { JsonObject } from '../openapi/json.js';
import type { Workflow } from '../openapi/workflow.js';
import type { Shown } from './findings.js';
import { actionsOf, type Plan, restsOn } from './planned.js';

/** The sequence in which something showed, up to where it showed, as an Arazzo document. */
export function storyOf(contract: Contract, plan: Plan, { planned, step, deviation }: Shown): JsonObject {
  const shown = upTo(planned.workflow, step);
  return arazzoDocument(contract, [...restsOn(shown, plan.setups), shown], deviation.title);
}

/** The workflow without what comes after a step; the whole of it where the step may be reached again, or is in another. */
function upTo(workflow: Workflow, step: string): Workflow {
  const index = workflow.steps.findIndex(({ id }) => id === step);
  const jumps = actionsOf(workflow).some(({ stepId }) => stepId !== undefined);
  if (index === -1 || index === workflow.steps.length - 1 || jumps) return workflow;
  return { ...workflow, steps: workflow.steps.slice(0, index + 1), outputs: [] };
}
