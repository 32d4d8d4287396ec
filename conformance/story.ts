/** The sequence of calls in which something showed, as an Arazzo document that shows it again. */

import { arazzoDocument } from '../openapi/arazzo-write.js';
import type { Contract } from '../openapi/contract.js';
import type { JsonObject } from '../openapi/json.js';
import type { Shown } from './findings.js';
import type { Plan } from './planned.js';

/** The sequence in which something showed, up to where it showed, as an Arazzo document. */
export function storyOf(contract: Contract, plan: Plan, { planned, step, deviation }: Shown): JsonObject {
  const { workflow } = planned;
  const index = workflow.steps.findIndex(({ id }) => id === step);
  const steps = index === -1 ? workflow.steps : workflow.steps.slice(0, index + 1);
  const called = steps.flatMap(({ call }) => (call.kind === 'workflow' ? [call.workflowId] : []));
  const setups = [...new Set(called)].flatMap((id) => plan.setups.get(id) ?? []);
  return arazzoDocument(contract, [...setups, { ...workflow, steps }], deviation.title);
}
