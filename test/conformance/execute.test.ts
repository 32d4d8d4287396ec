/** Workflows at work: actions, outputs, replacements, inputs, and workflows that depend on others. */

import { describe, expect, test } from 'vitest';
import { givenInputs } from '../../conformance/input/input.js';
import type { CheckOptions } from '../../conformance/options.js';
import type { Target } from '../../conformance/target.js';
import { orders, workflowsOf } from './contracts.js';
import { changed, onMock, type Told, told, withStatus } from './runs.js';

/** Runs workflows of orders, and nothing else, on a mock. */
async function run(
  text: string,
  options: CheckOptions = {},
  around: (target: Target) => Target = (target) => target,
): Promise<Told> {
  const { target, options: ofMock } = await onMock(orders);
  const workflows = await workflowsOf(orders, text);
  return told(orders, around(target), { ...ofMock, phases: ['workflows'], workflows, ...options });
}

const read = (id: string, more = ''): string =>
  `{ stepId: ${id}, operationId: readOrder, parameters: [{ name: id, in: path, value: never }]${more} }`;
const create = (id: string, what: string, more = ''): string =>
  `{ stepId: ${id}, operationId: createOrder, requestBody: { contentType: application/json, payload: ${what} }${more} }`;
const tea = '{ what: tea, count: 2 }';
const outcomes = ({ events }: Told): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'workflow-finished' ? [`${event.workflow.id} ${event.outcome}`] : [],
  );
const bodies = ({ events }: Told): readonly unknown[] =>
  events.flatMap((event) =>
    event.type === 'exchange' && event.exchange.request.content !== undefined
      ? [JSON.parse(new TextDecoder().decode(event.exchange.request.content))]
      : [],
  );
const gaps = ({ finished }: Told): readonly string[] =>
  finished.notExercised.flatMap(({ kind, what, reason }) =>
    kind === 'workflow' ? [`${what}: ${reason}`] : [],
  );

describe('actions', () => {
  test('a failed step is taken again as often as the action says, and has not failed when it succeeds then', async () => {
    const again = `onFailure: [{ name: again, type: retry, retryAfter: 0, retryLimit: 3 }]`;
    let asked = 0;
    const slow = (target: Target): Target =>
      changed(target, (outcome) => {
        asked += 1;
        return asked < 3 ? withStatus(outcome, 410) : outcome;
      });
    const text = `- { workflowId: w, steps: [${read('a', `, successCriteria: [{ condition: $statusCode == 404 }], ${again}`)}] }`;
    const { lines, titles } = await run(
      text,
      { levels: { 'state-conformance': 'off' }, confirmations: 0 },
      slow,
    );
    expect(lines).toEqual(['GET /orders/never 410', 'GET /orders/never 410', 'GET /orders/never 404']);
    expect(titles.filter((title) => title.startsWith('success-criteria'))).toEqual([]);
  });

  test('a step that is taken again too often has failed, which is told once', async () => {
    const text = `- workflowId: w
  steps:
    - ${read('a', ', successCriteria: [{ condition: $statusCode == 200 }], onFailure: [{ name: again, type: retry, retryAfter: 0, retryLimit: 2 }]')}
    - ${read('b')}`;
    const { lines, findings } = await run(text, { confirmations: 0 });
    expect(lines).toHaveLength(3);
    expect(findings.map(({ check, count }) => [check, count])).toEqual([['success-criteria', 1]]);
    expect(findings[0]?.actual).toContain('$statusCode is 404');
  });

  test('a retry goes to another step in between, and comes back', async () => {
    const text = `- workflowId: w
  steps:
    - ${create('make', tea)}
    - ${read('a', ', successCriteria: [{ condition: $statusCode == 200 }], onFailure: [{ name: again, type: retry, retryAfter: 0, stepId: make }]')}`;
    const { lines } = await run(text, { confirmations: 0 });
    expect(lines).toEqual([
      'POST /orders 201',
      'GET /orders/never 404',
      'POST /orders 201',
      'GET /orders/never 404',
    ]);
  });

  test('goto leads to a step, whose actions hold in their turn', async () => {
    const text = `- workflowId: w
  steps:
    - ${read('a', ', onSuccess: [{ name: on, type: goto, stepId: c }]')}
    - ${create('b', tea)}
    - ${read('c')}`;
    const { lines } = await run(text);
    expect(lines).toEqual(['GET /orders/never 404', 'GET /orders/never 404']);
  });

  test('goto leads to another workflow, and not back', async () => {
    const text = `- workflowId: w
  steps:
    - ${read('a', ', onSuccess: [{ name: on, type: goto, workflowId: other }]')}
    - ${read('b')}
- { workflowId: other, steps: [${create('c', tea)}] }`;
    const told = await run(text);
    expect(told.lines).toEqual(['GET /orders/never 404', 'POST /orders 201', 'POST /orders 201']);
    expect(outcomes(told)).toEqual(['w conforms', 'other conforms']);
  });

  test('end leaves the rest out; after a failure the workflow has failed', async () => {
    const end = (list: string): string => `${list}: [{ name: stop, type: end }]`;
    const text = `- workflowId: ends
  steps: [${read('a', `, ${end('onSuccess')}`)}, ${create('b', tea)}]
- workflowId: fails
  steps: [${read('a', `, successCriteria: [{ condition: $statusCode == 200 }], ${end('onFailure')}`)}, ${create('b', tea)}]`;
    const told = await run(text, { confirmations: 0 });
    expect(told.lines).toEqual(['GET /orders/never 404', 'GET /orders/never 404']);
    expect(outcomes(told)).toEqual(['ends conforms', 'fails deviates']);
  });

  test('only the first action counts whose criteria hold; a step without any gets those of the workflow', async () => {
    const text = `- workflowId: w
  successActions: [{ name: all, type: goto, stepId: d }]
  steps:
    - ${read('a', ', onSuccess: [{ name: never, type: end, criteria: [{ condition: $statusCode == 200 }] }, { name: on, type: goto, stepId: c, criteria: [{ condition: $statusCode == 404 }] }]')}
    - ${create('b', tea)}
    - ${read('c', ', onSuccess: [{ name: on, type: goto, stepId: d }]')}
    - ${read('d', ', onSuccess: [{ name: stop, type: end }]')}`;
    expect((await run(text)).lines).toHaveLength(3);
  });

  test('a workflow that goes in circles comes to an end', async () => {
    const text = `- { workflowId: w, steps: [${read('a', ', onSuccess: [{ name: on, type: goto, stepId: a }]')}] }`;
    const { lines, finished } = await run(text);
    expect(lines).toHaveLength(1000);
    expect(finished.complete).toBe(true);
  });
});

describe('values', () => {
  test('of an earlier step, of the workflow that is called, and within texts', async () => {
    const text = `- workflowId: maker
  inputs: { type: object, properties: { drink: { type: string } } }
  steps: [${create('make', '{ what: $inputs.drink, count: 1 }', ', outputs: { id: $response.body#/id, what: $response.body#/what }')}]
  outputs: { id: $steps.make.outputs.id, what: $steps.make.outputs.what }
- workflowId: w
  steps:
    - { stepId: made, workflowId: maker, parameters: [{ name: drink, value: cocoa }], outputs: { id: $outputs.id, what: $outputs.what } }
    - ${create('more', "{ what: 'more {$steps.made.outputs.what}', count: 3 }")}
    - { stepId: see, operationId: readOrder, parameters: [{ name: id, in: path, value: $steps.made.outputs.id }], successCriteria: [{ condition: $response.body#/what == 'cocoa' }] }`;
    const result = await run(text, { inputs: givenInputs({ drink: 'milk' }) });
    expect(result.titles).toEqual([]);
    expect(bodies(result)).toEqual([
      { what: 'milk', count: 1 },
      { what: 'cocoa', count: 1 },
      { what: 'more cocoa', count: 3 },
    ]);
  });

  test('that replace parts of a payload', async () => {
    const text = `- workflowId: w
  steps:
    - ${create('a', tea, ', outputs: { count: $response.body#/count }')}
    - stepId: b
      operationId: createOrder
      requestBody:
        contentType: application/json
        payload: { what: tea, count: 9 }
        replacements: [{ target: /count, value: $steps.a.outputs.count }, { target: /what, value: milk }]`;
    const result = await run(text);
    expect(bodies(result)).toEqual([
      { what: 'tea', count: 2 },
      { what: 'milk', count: 2 },
    ]);
  });

  test('that only a criterion mentions are asked for', async () => {
    const text = `- workflowId: w
  inputs: { type: object, properties: { status: { type: integer }, word: { type: string } } }
  steps:
    - ${read('a', ', successCriteria: [{ condition: $statusCode == $inputs.status }, { context: $response.body#/problem, type: regex, condition: "^no {$inputs.word}" }]')}`;
    const inputs = givenInputs({ status: 404, word: 'such' });
    expect((await run(text, { inputs })).titles).toEqual([]);
    const wrong = await run(text, { inputs: givenInputs({ status: 404, word: 'more' }), confirmations: 0 });
    expect(wrong.findings.map(({ check }) => check)).toEqual(['success-criteria']);
    expect(gaps(await run(text, { inputs: givenInputs({ status: 404 }) }))).toEqual([
      'w: no value is given for word',
    ]);
  });

  test('of an input with members', async () => {
    const text = `- workflowId: w
  inputs: { type: object, properties: { drink: { type: object } } }
  steps: [${create('a', '{ what: $inputs.drink.name, count: 1 }')}]`;
    const result = await run(text, { inputs: givenInputs({ drink: { name: 'milk' } }) });
    expect(bodies(result)).toEqual([{ what: 'milk', count: 1 }]);
  });
});

describe('workflows that depend on others', () => {
  const first = `- workflowId: first
  inputs: { type: object, properties: { drink: { type: string } } }
  steps: [${create('make', '{ what: $inputs.drink, count: 1 }', ', outputs: { id: $response.body#/id }')}]
  outputs: { id: $steps.make.outputs.id }`;
  const second = `- workflowId: second
  dependsOn: [first]
  steps:
    - { stepId: see, operationId: readOrder, parameters: [{ name: id, in: path, value: $workflows.first.outputs.id }], successCriteria: [{ condition: $response.body#/what == $workflows.first.inputs.drink }] }`;
  const inputs = givenInputs({ drink: 'tea' });

  test('have the outputs and the inputs of those, which are run once', async () => {
    const third = `- { workflowId: third, dependsOn: [second, first], steps: [${read('a')}] }`;
    const result = await run(`${third}\n${second}\n${first}`, { inputs });
    expect(result.titles).toEqual([]);
    expect(result.started).toEqual(['first', 'second', 'third']);
    expect(result.lines.map((line) => line.replace(/[A-Z]{3}\d{6}/, 'ID'))).toEqual([
      'POST /orders 201',
      'GET /orders/ID 200',
      'GET /orders/never 404',
    ]);
  });

  test('wait for those when several run at the same time', async () => {
    const result = await run(`${second}\n${first}`, { inputs, concurrency: 4 });
    expect(result.titles).toEqual([]);
    expect(result.lines).toHaveLength(2);
  });

  test('are not exercised when those do not come to their end', async () => {
    const result = await run(`${second}\n${first}`, { inputs: givenInputs({}) });
    expect(result.lines).toEqual([]);
    expect(gaps(result)).toEqual([
      'first: no value is given for drink',
      'second: the workflow first, which it depends on, did not come to its end',
    ]);
  });

  test('are tried again with those run anew, and tell the whole story', async () => {
    const broken = (target: Target): Target =>
      changed(target, (outcome, { method }) => (method === 'GET' ? withStatus(outcome, 500) : outcome));
    const { findings, lines } = await run(`${second}\n${first}`, { inputs }, broken);
    const [finding] = findings;
    expect(finding?.confirmed).toEqual({ shown: 2, of: 2 });
    expect(finding?.exchanges.map(({ request }) => request.method)).toEqual(['POST', 'GET']);
    expect(lines.filter((line) => line.startsWith('POST')).length).toBeGreaterThanOrEqual(2);
    expect(finding?.workflow).toMatchObject({ workflows: [{ steps: [{}, {}] }] });
  });
});
