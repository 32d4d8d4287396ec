/** A comparison as JSON, for programs; and its partings as one Arazzo document, to be run again. */

import type { CompareFinished, Parting, PartingStep } from '../conformance/compare/event.js';
import type { SideName } from '../conformance/compare/meeting.js';
import type { ExchangeRecord } from '../conformance/event.js';
import { arazzoDocument } from '../openapi/arazzo/arazzo-write.js';
import type { Contract } from '../openapi/contract.js';
import { asObject, isObject, type Json, type JsonObject, jsonEquals } from '../openapi/json.js';

/** What a comparison was of. */
export type About = {
  readonly contract: Pick<Contract, 'name' | 'title' | 'version'>;
  readonly seed: number;
  readonly bases: Readonly<Record<SideName, string | undefined>>;
};

/** The whole comparison. What is not known is null. */
export function comparisonJson(finished: CompareFinished, { contract, seed, bases }: About): JsonObject {
  const { complete, stopped, unreachable, requests, compared, workflows, milliseconds } = finished;
  return {
    api: { name: contract.name, title: contract.title, version: contract.version },
    a: bases.A ?? 'mock',
    b: bases.B ?? 'mock',
    seed,
    equal: finished.partings.length === 0 && unreachable === undefined,
    complete,
    stopped: stopped ?? null,
    unreachable: unreachable === undefined ? null : { ...unreachable },
    milliseconds: Math.round(milliseconds),
    requests: { a: requests.A, b: requests.B },
    answersCompared: compared,
    workflows: { ...workflows, planned: workflows.planned ?? null },
    partings: finished.partings.map(partingJson),
    unstable: finished.unstable.map(partingJson),
    notCompared: finished.notCompared.map((gap) => ({ ...gap })),
  };
}

function partingJson(parting: Parting): JsonObject {
  const {
    id,
    kind,
    operation,
    endpoint,
    location,
    at,
    title,
    besides,
    when,
    a,
    b,
    standing,
    count,
    confirmed,
  } = parting;
  return {
    id,
    kind,
    operation: operation ?? null,
    endpoint: endpoint ?? null,
    location: location === undefined ? null : { ...location },
    at,
    title,
    besides,
    when: when ?? null,
    a,
    b,
    contract: { a: standing.A, b: standing.B },
    count,
    confirmed: { ...confirmed },
    calls: parting.steps.map(stepJson),
    workflow: parting.workflow,
  };
}

function stepJson({ user, call, sent, wait, exchanges }: PartingStep): JsonObject {
  return {
    user: user ?? null,
    call,
    sent,
    wait: wait ?? null,
    a: exchanges.A.map(answerJson),
    b: exchanges.B.map(answerJson),
  };
}

function answerJson({ outcome }: ExchangeRecord): JsonObject {
  if (outcome.kind === 'failure') return { failure: outcome.failure, why: outcome.why };
  const { status, fields, content } = outcome.response;
  return {
    status,
    fields: fields.map(([name, value]) => [name, value]),
    content: content === undefined ? null : new TextDecoder().decode(content),
  };
}

/** The workflows of all partings in one document, each under a name of its own. */
export function savedDocument(contract: Contract, { partings }: CompareFinished): JsonObject {
  const empty = arazzoDocument(contract, [], `Where two servers of ${contract.title} part`);
  const workflows: JsonObject[] = [];
  for (const { workflow, id } of partings) {
    const own = asObject(workflow).workflows;
    for (const each of Array.isArray(own) ? own.filter(isObject) : []) {
      if (workflows.some((other) => jsonEquals(other, each))) continue;
      const isTaken = workflows.some(({ workflowId }) => workflowId === each.workflowId);
      workflows.push(isTaken ? { ...each, workflowId: `${textOf(each.workflowId)}-${id}` } : each);
    }
  }
  return { ...empty, workflows };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
