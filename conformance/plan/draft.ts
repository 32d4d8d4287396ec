/** A workflow in the making: steps and inputs in order, with names that nobody else has. */

import type { Step, Template, Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Operation } from '../../openapi/contract.js';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import { remembered } from '../../openapi/remembered.js';

/** Nothing in it is ever changed: each addition gives another draft. */
export type Draft = { readonly steps: readonly Step[]; readonly inputs: readonly WorkflowInput[] };

export const emptyDraft: Draft = { steps: [], inputs: [] };

/** A step that calls an operation and asks nothing of the response beyond the contract. */
export function callStep(id: string, operation: Operation, more: Partial<Step> = {}): Step {
  return { ...plainStep, id, call: { kind: 'operation', operation }, ...more };
}

const plainStep = {
  description: undefined,
  parameters: [],
  requestBody: undefined,
  successCriteria: [],
  onSuccess: [],
  onFailure: [],
  outputs: [],
  alteration: undefined,
  wait: undefined,
  times: { count: 1, atOnce: false },
  at: undefined,
} as const;

/** A step that calls another workflow; with `shared`, outputs that it has given before and that still hold will do. */
export function workflowStep(id: string, workflowId: string, shared: boolean): Step {
  return { ...plainStep, id, call: { kind: 'workflow', workflowId, shared } };
}

/** The draft with a step; its id is made unlike all others. */
export function withStep(draft: Draft, step: Step): { readonly draft: Draft; readonly step: Step } {
  const taken = { has: (name: string): boolean => draft.steps.some(({ id }) => id === name) };
  const named = { ...step, id: unlike(taken, slug(step.id)) };
  return { draft: { ...draft, steps: [...draft.steps, named] }, step: named };
}

/** The draft with an input; one that asks for the same with the same name is there already. */
export function withInput(draft: Draft, input: WorkflowInput): Draft {
  const isThere = draft.inputs.some(({ name }) => name === input.name);
  return isThere ? draft : { ...draft, inputs: [...draft.inputs, input] };
}

/** The draft with an output of a step that takes a value from its response, and the name of that output. */
export function withOutput(
  draft: Draft,
  stepId: string,
  expression: string,
): { readonly draft: Draft; readonly name: string } {
  const name = outputName(expression);
  const steps = draft.steps.map((step): Step => {
    if (step.id !== stepId || step.outputs.some(([known]) => known === name)) return step;
    return { ...step, outputs: [...step.outputs, [name, expression]] };
  });
  return { draft: { ...draft, steps }, name };
}

/** The name of an output: `refresh_token` of `$response.body#/refresh/token`. */
export function outputName(expression: string): string {
  return expression
    .replace(/^\$(?:response|request)\.(body#\/|header\.|path\.|query\.)?/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_');
}

/** An input that a workflow needs. */
export function input(
  name: string,
  asks: string,
  given: JsonObject = {},
  schema: JsonObject = {},
): WorkflowInput {
  return { name, asks, for: given, schema: { type: 'string', ...schema }, required: true };
}

/** The name of an input of one of several users. */
export function castName(name: string, cast: number): string {
  const prefix = ['', 'other_', 'third_'][cast] ?? `user_${cast + 1}_`;
  return `${prefix}${name}`;
}

/** The workflow of a draft. */
export function workflowOf(
  id: string,
  summary: string,
  draft: Draft,
  more: Partial<Workflow> = {},
): Workflow {
  return {
    id: slug(id),
    summary,
    description: undefined,
    inputs: withParameterInputs(draft).inputs,
    dependsOn: [],
    steps: draft.steps,
    successActions: [],
    failureActions: [],
    outputs: [],
    parameters: [],
    provenance: { kind: 'documented', source: undefined },
    at: undefined,
    ...more,
  };
}

/** Inputs that parameters name and nobody has declared are declared. */
export function withParameterInputs(draft: Draft): Draft {
  const names = draft.steps.flatMap(({ parameters }) =>
    parameters.flatMap(({ value }) =>
      typeof value === 'string'
        ? [...value.matchAll(/\$inputs\.([A-Za-z0-9_-]+)/g)].map(([, name]) => name ?? '')
        : [],
    ),
  );
  return names.reduce((current, name) => withInput(current, input(name, name)), draft);
}

/** Letters, digits and hyphens of a text. */
export const slug: (text: string) => string = remembered((text) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, ''),
);

/** A name like the wanted one, that is not taken. */
export function unlike(taken: { has(name: string): boolean }, wanted: string, sign: '-' | '_' = '-'): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${sign}${number}`)) number += 1;
  return `${wanted}${sign}${number}`;
}

/** The template with every text in it replaced by what a function gives for it. */
export function mapTexts(template: Template, replace: (text: string) => Json): Template {
  if (typeof template === 'string') return replace(template);
  if (Array.isArray(template)) return template.map((item) => mapTexts(item, replace));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, member]) => [name, mapTexts(member, replace)]),
  );
}
