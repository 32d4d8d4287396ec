/** Workflows written down as an Arazzo 1.0.1 document, which reads back as the same workflows. */

import type { Contract, Provenance } from '../contract.js';
import { displayName } from '../document/locate.js';
import type { Duration } from '../duration.js';
import type { Json, JsonObject } from '../json.js';
import { hasOperationId, operationPointer } from './arazzo-document.js';
import type {
  Action,
  Alteration,
  Criterion,
  Step,
  StepParameter,
  StepRequestBody,
  Workflow,
  WorkflowInput,
} from './workflow.js';

/** An Arazzo document of workflows whose steps call the operations of a contract. */
export function arazzoDocument(
  contract: Contract,
  workflows: readonly Workflow[],
  title: string,
  description?: string,
): JsonObject {
  const name = contract.name.replace(/[^A-Za-z0-9_-]/g, '-') || 'api';
  const [file] = contract.files;
  return {
    arazzo: '1.0.1',
    info: object({ title, description, version: contract.version }),
    sourceDescriptions: [{ name, url: file === undefined ? name : displayName(file), type: 'openapi' }],
    workflows: workflows.map((workflow) => writeWorkflow(workflow, name)),
  };
}

function writeWorkflow(workflow: Workflow, source: string): JsonObject {
  return object({
    workflowId: workflow.id,
    summary: workflow.summary,
    description: workflow.description,
    ...writeProvenance(workflow.provenance),
    inputs: writeInputs(workflow.inputs),
    'x-inputs': writeInputExtensions(workflow.inputs),
    dependsOn: filled(workflow.dependsOn),
    parameters: filled(workflow.parameters.map(writeParameter)),
    steps: workflow.steps.map((step) => writeStep(step, source)),
    successActions: filled(workflow.successActions.map(writeAction)),
    failureActions: filled(workflow.failureActions.map(writeAction)),
    outputs: writeOutputs(workflow.outputs),
  });
}

function writeProvenance(provenance: Provenance): Members {
  return provenance.kind === 'inferred'
    ? { 'x-provenance': 'inferred', 'x-reason': provenance.reason }
    : { 'x-source': provenance.source };
}

function writeInputs(inputs: readonly WorkflowInput[]): JsonObject | undefined {
  if (inputs.length === 0) return undefined;
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return object({
    type: 'object',
    required: filled(required),
    properties: Object.fromEntries(inputs.map(({ name, schema }) => [name, membersOf(schema, false)])),
  });
}

/** Our extensions of inputs. A strict tool refuses schemas with keywords that it does not know: they stand beside them. */
function writeInputExtensions(inputs: readonly WorkflowInput[]): JsonObject | undefined {
  const written = inputs.flatMap(({ name, schema, asks, for: subject }) => {
    const extensions = object({
      'x-input': asks === name ? undefined : asks,
      'x-for': Object.keys(subject).length === 0 ? undefined : subject,
      ...membersOf(schema, true),
    });
    return Object.keys(extensions).length === 0 ? [] : [[name, extensions] as const];
  });
  return written.length === 0 ? undefined : Object.fromEntries(written);
}

/** The members of a schema that are extensions, or those that are not. */
function membersOf(schema: JsonObject, isExtension: boolean): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name.startsWith('x-') === isExtension));
}

function writeStep(step: Step, source: string): JsonObject {
  return object({
    stepId: step.id,
    description: step.description,
    ...writeCall(step.call, source),
    'x-wait': step.wait && durationText(step.wait),
    'x-times': writeTimes(step.times),
    parameters: filled(step.parameters.map(writeParameter)),
    requestBody: step.requestBody && writeRequestBody(step.requestBody),
    'x-request': step.alteration && writeAlteration(step.alteration),
    successCriteria: filled(step.successCriteria.map(writeCriterion)),
    onSuccess: filled(step.onSuccess.map(writeAction)),
    onFailure: filled(step.onFailure.map(writeAction)),
    outputs: writeOutputs(step.outputs),
  });
}

function writeCall(call: Step['call'], source: string): Members {
  if (call.kind === 'workflow')
    return { workflowId: call.workflowId, 'x-shared': call.shared ? true : undefined };
  const { operation } = call;
  if (hasOperationId(operation)) return { operationId: operation.id };
  return { operationPath: `{$sourceDescriptions.${source}.url}#${operationPointer(operation)}` };
}

function writeTimes({ count, atOnce }: Step['times']): Json | undefined {
  if (atOnce) return { count, atOnce };
  return count === 1 ? undefined : count;
}

function writeParameter(parameter: StepParameter): JsonObject {
  return object({ name: parameter.name, in: parameter.in, value: parameter.value });
}

function writeRequestBody({ contentType, payload, replacements }: StepRequestBody): JsonObject {
  return object({
    contentType,
    payload,
    replacements: filled(replacements.map(({ target, value }) => ({ target, value }))),
  });
}

function writeAlteration({ method, withoutFields, fields, content }: Alteration): JsonObject {
  return object({
    method,
    withoutFields: filled(withoutFields),
    fields: filled(fields.map(([name, value]) => ({ name, value }))),
    content,
  });
}

/** What is applied to something is, when nothing is named, applied to the content of the response. */
function writeCriterion({ context, condition, type }: Criterion): JsonObject {
  if (type === 'simple') return object({ context, condition });
  return { context: context ?? '$response.body', condition, type };
}

function writeAction(action: Action): JsonObject {
  const isRetry = action.type === 'retry';
  return object({
    name: action.name,
    type: action.type,
    workflowId: action.workflowId,
    stepId: action.stepId,
    retryAfter: isRetry || action.retryAfter !== 0 ? action.retryAfter : undefined,
    retryLimit: isRetry || action.retryLimit !== 1 ? action.retryLimit : undefined,
    criteria: filled(action.criteria.map(writeCriterion)),
  });
}

function writeOutputs(outputs: Workflow['outputs']): JsonObject | undefined {
  return outputs.length === 0 ? undefined : Object.fromEntries(outputs);
}

/** A duration in ISO 8601. */
export function durationText(duration: Duration): string {
  const amount = (value: number | undefined, unit: string): string =>
    value === undefined ? '' : `${value}${unit}`;
  const { years, months, weeks, days, hours, minutes, seconds } = duration;
  const date = [amount(years, 'Y'), amount(months, 'M'), amount(weeks, 'W'), amount(days, 'D')].join('');
  const time = [amount(hours, 'H'), amount(minutes, 'M'), amount(seconds, 'S')].join('');
  if (date === '' && time === '') return 'PT0S';
  return `${duration.negative ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`;
}

type Members = { readonly [member: string]: Json | undefined };

/** An object without the members that are undefined. */
function object(members: Members): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** A list; undefined when it is empty. */
function filled<T extends Json>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
