/** The workflows of an Arazzo document in which nothing is wrong, as the model has them. */

import { parseDuration } from '../duration.js';
import { asObject, isObject, type Json } from '../json.js';
import { provenanceOf } from '../provenance.js';
import {
  type ArazzoDocument,
  type ArazzoNode,
  itemsOf,
  nodesOf,
  operationOf,
  textIn,
  textsIn,
} from './arazzo-document.js';
import { inputsOf } from './arazzo-inputs.js';
import type {
  Action,
  Alteration,
  Criterion,
  Step,
  StepParameter,
  StepRequestBody,
  Workflow,
} from './workflow.js';

/** Reads the workflows of a document. Names that lead nowhere are left out: they have been told before. */
export function readWorkflows(document: ArazzoDocument): readonly Workflow[] {
  return nodesOf(document.root, 'workflows').map((node) => ({
    id: textIn(node, 'workflowId') ?? '',
    summary: textIn(node, 'summary'),
    description: textIn(node, 'description'),
    inputs: inputsOf(document, node),
    dependsOn: textList(node.value.dependsOn),
    steps: nodesOf(node, 'steps').flatMap((step) => readStep(document, step)),
    successActions: readActions(document, node, 'successActions', 'successActions'),
    failureActions: readActions(document, node, 'failureActions', 'failureActions'),
    outputs: textsIn(node, 'outputs'),
    parameters: readParameters(document, node),
    provenance: provenanceOf(node.value),
    at: node.at,
  }));
}

function readStep(document: ArazzoDocument, node: ArazzoNode): Step[] {
  const call = readCall(document, node);
  if (call === undefined) return [];
  const wait = textIn(node, 'x-wait');
  return [
    {
      id: textIn(node, 'stepId') ?? '',
      description: textIn(node, 'description'),
      call,
      parameters: readParameters(document, node),
      requestBody: readRequestBody(node.value.requestBody),
      successCriteria: nodesOf(node, 'successCriteria').map(readCriterion),
      onSuccess: readActions(document, node, 'onSuccess', 'successActions'),
      onFailure: readActions(document, node, 'onFailure', 'failureActions'),
      outputs: textsIn(node, 'outputs'),
      alteration: readAlteration(node.value['x-request']),
      wait: wait === undefined ? undefined : parseDuration(wait),
      times: readTimes(node.value['x-times']),
      at: node.at,
    },
  ];
}

function readCall(document: ArazzoDocument, node: ArazzoNode): Step['call'] | undefined {
  const workflowId = textIn(node, 'workflowId');
  if (workflowId !== undefined)
    return { kind: 'workflow', workflowId, shared: node.value['x-shared'] === true };
  const found = operationOf(document, node);
  return 'operation' in found ? { kind: 'operation', operation: found.operation } : undefined;
}

function readParameters(document: ArazzoDocument, owner: ArazzoNode): StepParameter[] {
  return itemsOf(document, owner, 'parameters', 'parameters').flatMap((item) =>
    item.kind === 'found'
      ? [
          {
            name: textIn(item.node, 'name') ?? '',
            in: locationOf(item.node.value.in),
            value: item.node.value.value ?? null,
          },
        ]
      : [],
  );
}

function readRequestBody(raw: Json | undefined): StepRequestBody | undefined {
  if (!isObject(raw)) return undefined;
  return {
    contentType: typeof raw.contentType === 'string' ? raw.contentType : undefined,
    payload: raw.payload ?? null,
    replacements: objectsIn(raw.replacements).map(({ target, value }) => ({
      target: String(target),
      value: value ?? null,
    })),
  };
}

function readAlteration(raw: Json | undefined): Alteration | undefined {
  if (!isObject(raw)) return undefined;
  const { method, withoutFields, fields, content } = raw;
  return {
    method: typeof method === 'string' ? method : undefined,
    withoutFields: textList(withoutFields),
    fields: objectsIn(fields).map(({ name, value }) => [String(name), value ?? null] as const),
    content: typeof content === 'string' || content === null ? content : undefined,
  };
}

function readTimes(raw: Json | undefined): Step['times'] {
  if (typeof raw === 'number') return { count: raw, atOnce: false };
  const { count, atOnce } = asObject(raw);
  return { count: typeof count === 'number' ? count : 1, atOnce: atOnce === true };
}

/** Reads a criterion of whatever version of JSONPath: RFC 9535 it is. */
export function readCriterion({ value, at }: ArazzoNode): Criterion {
  const { type: raw, context, condition } = value;
  const type = isObject(raw) ? raw.type : raw;
  return {
    condition: String(condition),
    type: type === 'regex' || type === 'jsonpath' ? type : 'simple',
    context: typeof context === 'string' ? context : undefined,
    at,
  };
}

function readActions(
  document: ArazzoDocument,
  owner: ArazzoNode,
  list: string,
  kind: 'successActions' | 'failureActions',
): Action[] {
  return itemsOf(document, owner, list, kind).flatMap((item) =>
    item.kind === 'found' ? [readAction(item.node)] : [],
  );
}

function readAction(node: ArazzoNode): Action {
  const { type, retryAfter, retryLimit } = node.value;
  return {
    name: textIn(node, 'name') ?? '',
    type: type === 'goto' || type === 'retry' ? type : 'end',
    workflowId: textIn(node, 'workflowId'),
    stepId: textIn(node, 'stepId'),
    retryAfter: typeof retryAfter === 'number' ? retryAfter : 0,
    retryLimit: typeof retryLimit === 'number' ? retryLimit : 1,
    criteria: nodesOf(node, 'criteria').map(readCriterion),
  };
}

function locationOf(raw: Json | undefined): StepParameter['in'] {
  return raw === 'path' || raw === 'query' || raw === 'header' || raw === 'cookie' ? raw : undefined;
}

function textList(raw: Json | undefined): readonly string[] {
  return Array.isArray(raw) ? raw.filter((each) => typeof each === 'string') : [];
}

function objectsIn(raw: Json | undefined) {
  return Array.isArray(raw) ? raw.filter(isObject) : [];
}
