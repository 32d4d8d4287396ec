/** The journeys that ship with the contracts: each of them comes true on the mock, and none on a server that errs. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/app.js';
import { loadAuthoredWorkflows } from '../../openapi/arazzo/arazzo.js';
import { criterionHolds } from '../../openapi/arazzo/criterion.js';
import type { Step, Workflow } from '../../openapi/arazzo/workflow.js';
import {
  evaluateTemplate,
  mentionedInputs,
  type WorkflowScope,
} from '../../openapi/arazzo/workflow-expression.js';
import { plusDuration } from '../../openapi/duration.js';
import { asObject, type Json, type JsonObject } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';

type Values = Record<string, Json>;
type Server = (path: string, init: RequestInit) => Response | Promise<Response>;

const contracts = { matar: await loadContract('matar'), xerial: await loadContract('xerial') };
const journeys = await Promise.all(
  Object.values(contracts).map(async (contract) =>
    (await loadAuthoredWorkflows(contract)).map((workflow) => ({ contract, workflow, id: workflow.id })),
  ),
);

const sampleToken = [...(contracts.xerial.initialState.get('refresh_tokens')?.keys() ?? [])][0] ?? '';
const person: Values = {
  phone_number: '919000000001',
  name: 'Asha',
  audio: 'fLaC',
  refreshToken: sampleToken,
  token: 'a-token-of-google',
  clientId: 'a-client',
  address: '0x2222222222222222222222222222222222222222',
  signature: '0x00',
  marketplace: '6564b4f3fa203b9Klsa2Ju7d0',
  projectDomain: 'xerial.io',
};

function inputFrom(mock: Mock, asks: string): Json {
  if (person[asks] !== undefined) return person[asks];
  const content = mock.inbox.list().findLast(({ to }) => to === person.phone_number)?.content;
  return typeof content === 'object' && content !== null && asks in content
    ? (Object.entries(content).find(([name]) => name === asks)?.[1] ?? null)
    : null;
}

function served(mock: Mock): Server {
  return (path, init) => mock.request(path, init);
}

/** The criteria that do not hold, each with its reason, up to the first step that has one. */
async function unmet(mock: Mock, workflow: Workflow, server: Server = served(mock)): Promise<string[]> {
  const inputs: Values = {};
  const steps: Record<string, Values> = {};
  for (const step of workflow.steps) {
    const mentioned = [step.requestBody?.payload ?? null, ...step.parameters.map(({ value }) => value)];
    for (const name of mentionedInputs(mentioned)) {
      const input = workflow.inputs.find((each) => each.name === name);
      // Who is somebody else has another token.
      if (input !== undefined)
        inputs[name] ??= name === 'other_token' ? 'another-token' : inputFrom(mock, input.asks);
    }
    const scope = { inputs, steps, workflows: {}, outputs: {}, exchange: undefined };
    const finished = await taken(mock, step, scope, server);
    const failed = step.successCriteria.map((each) => criterionHolds(each, finished));
    const reasons = failed.filter(({ holds }) => !holds).map(({ why }) => `${step.id}: ${why}`);
    if (reasons.length > 0) return reasons;
    steps[step.id] = Object.fromEntries(
      step.outputs.map(([name, expression]) => [name, evaluateTemplate(expression, finished) ?? null]),
    );
  }
  return [];
}

async function taken(mock: Mock, step: Step, scope: WorkflowScope, server: Server): Promise<WorkflowScope> {
  if (step.call.kind !== 'operation') throw new Error('a step that calls no operation');
  if (step.wait !== undefined)
    mock.clock.move(new Date(plusDuration(mock.clock.now(), step.wait)).toISOString());
  const { method, path: template } = step.call.operation;
  const payload = step.requestBody && evaluateTemplate(step.requestBody.payload, scope);
  const values = step.parameters.map((each): [string | undefined, string, string] => [
    each.in,
    each.name,
    String(evaluateTemplate(each.value, scope)),
  ]);
  const path = values.reduce(
    (filled, [where, name, value]) =>
      where === 'path' ? filled.replace(`{${name}}`, encodeURIComponent(value)) : filled,
    template,
  );
  const pairs = (isWanted: (where: string | undefined) => boolean): [string, string][] =>
    values.flatMap(([where, name, value]) => (isWanted(where) ? [[name, value]] : []));
  const query = new URLSearchParams(pairs((where) => where === 'query')).toString();
  const headers = pairs((where) => where !== 'query' && where !== 'path');
  const isForm = step.requestBody?.contentType === 'multipart/form-data';
  const isJson = payload !== undefined && !isForm;
  const response = await server(query === '' ? path : `${path}?${query}`, {
    method,
    headers: [...headers, ...(isJson ? [['content-type', 'application/json']] : [])],
    body: payload === undefined ? null : isForm ? formOf(asObject(payload)) : JSON.stringify(payload),
  } as RequestInit);
  const text = await response.text();
  const none = (): undefined => undefined;
  const message = { header: none, query: none, path: none };
  const exchange = {
    url: path,
    method,
    request: { ...message, body: payload },
    response: {
      ...message,
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
    },
    credential: undefined,
    state: {},
  };
  return { ...scope, exchange };
}

/** A form as browsers send it: what an input calls audio is a file. */
function formOf(payload: JsonObject): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(payload)) {
    if (name === 'file')
      form.append(name, new Blob([String(value)], { type: 'audio/flac' }), 'question.flac');
    else form.append(name, String(value));
  }
  return form;
}

describe.each(journeys.flat())('$id', ({ contract, workflow }) => {
  test('comes true on the mock', async () => {
    expect(await unmet(createMock(contract, { seed: 1 }), workflow)).toEqual([]);
  });

  test('does not when the server answers everything with an error', async () => {
    const server: Server = () => new Response('{"message":"oops"}', { status: 500 });
    expect(await unmet(createMock(contract), workflow, server)).not.toEqual([]);
  });
});

describe('a text in other letter case is noticed by', () => {
  const shouting =
    (mock: Mock): Server =>
    async (path, init) => {
      const response = await mock.request(path, init);
      const text = await response.text();
      const { status } = response;
      if (text === '') return new Response(null, { status });
      const other = (letter: string): string =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
      const shouted = text.replace(
        /("(?:error|message)":\s*")(.)/g,
        (_, before: string, letter: string) => `${before}${other(letter)}`,
      );
      return new Response(shouted, { status });
    };

  test.each(
    journeys
      .flat()
      .filter(({ workflow }) =>
        JSON.stringify(workflow.steps.map((step) => step.successCriteria)).includes('regex'),
      ),
  )('$id', async ({ contract, workflow }) => {
    const mock = createMock(contract, { seed: 1 });
    expect(await unmet(mock, workflow, shouting(mock))).not.toEqual([]);
  });
});
