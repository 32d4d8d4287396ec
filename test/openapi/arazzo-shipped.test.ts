/** The journeys that ship with the contracts: each of them comes true on the mock, and none on a server that errs. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/app.js';
import { loadAuthoredWorkflows } from '../../openapi/arazzo.js';
import { criterionHolds } from '../../openapi/criterion.js';
import { plusDuration } from '../../openapi/duration.js';
import type { Json } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import type { Step, Workflow } from '../../openapi/workflow.js';
import { evaluateTemplate, mentionedInputs, type WorkflowScope } from '../../openapi/workflow-expression.js';

type Values = Record<string, Json>;
type Server = (path: string, init: RequestInit) => Response | Promise<Response>;

const contracts = { matar: await loadContract('matar'), xerial: await loadContract('xerial') };
const journeys = await Promise.all(
  Object.values(contracts).map(async (contract) =>
    (await loadAuthoredWorkflows(contract)).map((workflow) => ({ contract, workflow, id: workflow.id })),
  ),
);

const sampleToken = [...(contracts.xerial.initialState.get('refresh_tokens')?.keys() ?? [])][0] ?? '';
const person: Values = { phone_number: '919000000001', name: 'Asha', refreshToken: sampleToken };

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
    for (const name of mentionedInputs([step.requestBody?.payload ?? null])) {
      const input = workflow.inputs.find((each) => each.name === name);
      if (input !== undefined) inputs[name] ??= inputFrom(mock, input.asks);
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
  const { method, path } = step.call.operation;
  const payload = step.requestBody && evaluateTemplate(step.requestBody.payload, scope);
  const headers = step.parameters.map(({ name, value }): [string, string] => [
    name,
    String(evaluateTemplate(value, scope)),
  ]);
  const response = await server(path, {
    method,
    headers: [...headers, ...(payload === undefined ? [] : [['content-type', 'application/json']])],
    body: payload === undefined ? null : JSON.stringify(payload),
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
