/** Workflows with other texts wherever an expression may stand. */

import type { Action, Criterion, Step, Workflow, WorkflowInput } from '../openapi/arazzo/workflow.js';
import { mapTexts } from './plan/draft.js';

/** Another text in the place of one that may hold expressions. */
export type Rewrite = (text: string) => string;

/** The step with every text of it rewritten that may hold expressions. */
export function rewriteStep(step: Step, rewrite: Rewrite): Step {
  const { parameters, requestBody, alteration, outputs, successCriteria, onSuccess, onFailure } = step;
  const criterion = (each: Criterion): Criterion => rewriteCriterion(each, rewrite);
  const action = (each: Action): Action => ({ ...each, criteria: each.criteria.map(criterion) });
  return {
    ...step,
    parameters: parameters.map((each) => ({ ...each, value: mapTexts(each.value, rewrite) })),
    requestBody: requestBody && {
      ...requestBody,
      payload: mapTexts(requestBody.payload, rewrite),
      replacements: requestBody.replacements.map((each) => ({
        ...each,
        value: mapTexts(each.value, rewrite),
      })),
    },
    alteration: alteration && {
      ...alteration,
      fields: alteration.fields.map(([name, value]) => [name, mapTexts(value, rewrite)] as const),
      content: typeof alteration.content === 'string' ? rewrite(alteration.content) : alteration.content,
    },
    outputs: outputs.map(([name, expression]) => [name, rewrite(expression)] as const),
    successCriteria: successCriteria.map(criterion),
    onSuccess: onSuccess.map(action),
    onFailure: onFailure.map(action),
  };
}

function rewriteCriterion(criterion: Criterion, rewrite: Rewrite): Criterion {
  const { condition, context } = criterion;
  return { ...criterion, condition: rewrite(condition), context: context && rewrite(context) };
}

/** The input with every text rewritten in what it depends on. */
export function rewriteInput(input: WorkflowInput, rewrite: Rewrite): WorkflowInput {
  const given = Object.entries(input.for).map(([name, value]) => [name, mapTexts(value, rewrite)] as const);
  return { ...input, for: Object.fromEntries(given) };
}

/** The workflow with the texts of its steps and inputs rewritten. */
export function rewriteWorkflow(workflow: Workflow, rewrite: Rewrite): Workflow {
  return {
    ...workflow,
    steps: workflow.steps.map((step) => rewriteStep(step, rewrite)),
    inputs: workflow.inputs.map((input) => rewriteInput(input, rewrite)),
    outputs: workflow.outputs.map(([name, expression]) => [name, rewrite(expression)] as const),
  };
}
