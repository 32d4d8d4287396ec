/** What a finding says should have happened: the success criteria and the words of each of its steps. */

import { describe, expect, test } from 'vitest';
import type { Finding } from '../../conformance/event.js';
import type { Outcome } from '../../conformance/target.js';
import type { JsonObject, RequestMessage } from '../../openapi/index.js';
import { orders } from './contracts.js';
import { changed, onMock, told, withStatus } from './runs.js';

type Criterion = { readonly condition: string; readonly context?: string; readonly type?: string };
type Step = {
  readonly stepId: string;
  readonly description: string;
  readonly outputs?: JsonObject;
  readonly successCriteria: readonly Criterion[];
};
type Told = { readonly finding: Finding; readonly steps: readonly Step[] };

type Change = (outcome: Outcome, request: RequestMessage) => Outcome;

/** The finding about an operation, at a server that changes its answers so. */
async function findingOf(operation: string, check: string, change: Change): Promise<Told> {
  const { target, options } = await onMock(orders);
  const { findings, titles } = await told(orders, changed(target, change), {
    ...options,
    phases: ['rules', 'examples'],
  });
  const finding = findings.find((each) => each.operation === operation && each.check === check);
  if (finding === undefined) throw new Error(`Only: ${titles.join('; ')}`);
  const [workflow] = finding.workflow.workflows as unknown as readonly { readonly steps: readonly Step[] }[];
  return { finding, steps: workflow?.steps ?? [] };
}

/** The answer with other content. */
function withBody(outcome: Outcome, change: (body: JsonObject) => JsonObject): Outcome {
  if (outcome.kind !== 'response' || outcome.response.content === undefined) return outcome;
  const body = JSON.parse(new TextDecoder().decode(outcome.response.content)) as JsonObject;
  const content = new TextEncoder().encode(JSON.stringify(change(body)));
  const fields = outcome.response.fields.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...outcome, response: { ...outcome.response, content, fields } };
}

const isStatus = (outcome: Outcome, status: number): boolean =>
  outcome.kind === 'response' && outcome.response.status === status;

describe('the last step', () => {
  test('states the status that the rules permit', async () => {
    const { steps, finding } = await findingOf('cancelOrder', 'state-conformance', (outcome, { method }) =>
      method === 'DELETE' && isStatus(outcome, 409) ? withStatus(outcome, 404) : outcome,
    );
    expect(steps.at(-1)?.successCriteria).toEqual([{ condition: '$statusCode == 409' }]);
    expect(steps.at(-1)?.description).toContain('Expected: 409#already (cancelled-already)');
    expect(finding.workflow).not.toHaveProperty('x-counterfoil-only');
  });

  test('states the word of the documented payload, by a regular expression: letter case counts', async () => {
    const { steps } = await findingOf('readOrder', 'documented-example', (outcome, { method }) =>
      method === 'GET' && isStatus(outcome, 410)
        ? withBody(outcome, () => ({ problem: 'Cancelled' }))
        : outcome,
    );
    expect(steps.at(-1)?.successCriteria).toEqual([
      { condition: '$statusCode == 410' },
      { context: '$response.body#/problem', condition: '^cancelled$', type: 'regex' },
    ]);
  });

  test('states that a member may not be there', async () => {
    const { steps } = await findingOf('readOrder', 'documented-example', (outcome, { method }) =>
      method === 'GET' && isStatus(outcome, 410)
        ? withBody(outcome, (body) => ({ ...body, 'a b': 1 }))
        : outcome,
    );
    expect(steps.at(-1)?.successCriteria.at(-1)).toEqual({
      context: '$response.body',
      condition: "$[?!$['a b'] && !$[0]['a b']]",
      type: 'jsonpath',
    });
  });

  test('names a value by the step that has answered with it, and not by what it happened to be', async () => {
    const { steps } = await findingOf('readOrder', 'state-conformance', (outcome, { method }) =>
      method === 'GET' && isStatus(outcome, 200)
        ? withBody(outcome, (body) => ({ ...body, id: 'XYZ999999' }))
        : outcome,
    );
    const [before, last] = [steps.at(0), steps.at(-1)];
    expect(last?.successCriteria).toContainEqual({
      condition: `$response.body#/id == $steps.${before?.stepId}.outputs.id`,
    });
    expect(before?.outputs).toEqual({ id: '$response.body#/id' });
  });

  test('says in words what no criterion can say, and that only this tool tells it', async () => {
    const { finding, steps } = await findingOf(
      'readOrder',
      'content-type-conformance',
      (outcome, { method }) => {
        if (method !== 'GET' || !isStatus(outcome, 200) || outcome.kind !== 'response') return outcome;
        const fields = outcome.response.fields.map(([name, value]): [string, string] =>
          name.toLowerCase() === 'content-type' ? [name, 'application/vnd.orders+json'] : [name, value],
        );
        return { ...outcome, response: { ...outcome.response, fields } };
      },
    );
    expect(steps.at(-1)?.successCriteria).toEqual([{ condition: '$statusCode == 200' }]);
    const remark = `No success criterion can state what is wrong at the step ${steps.at(-1)?.stepId}: the check content-type-conformance tells it.`;
    expect(finding.workflow['x-counterfoil-only']).toEqual([remark]);
    const [workflow] = finding.workflow.workflows as unknown as readonly { readonly description: string }[];
    expect(workflow?.description).toContain(remark);
  });
});

describe('the steps before', () => {
  test('state what the contract has them answered with, and are called as a person would call them', async () => {
    const { steps } = await findingOf('cancelOrder', 'state-conformance', (outcome, { method }) =>
      method === 'DELETE' && isStatus(outcome, 409) ? withStatus(outcome, 404) : outcome,
    );
    expect(steps.map(({ stepId }) => stepId)).toEqual(['create-order', 'cancel-order', 'cancel-order-again']);
    expect(steps.map(({ successCriteria }) => successCriteria[0]?.condition)).toEqual([
      '$statusCode == 201',
      '$statusCode == 204',
      '$statusCode == 409',
    ]);
    expect(steps[1]?.description).toBe('cancel order, with the id of create-order: 204.');
  });

  test('say by its words which refusal it was', async () => {
    let cancelled = false;
    const { steps } = await findingOf('readOrder', 'state-conformance', (outcome, { method }) => {
      // After a second try to cancel it, an order is said to have never been.
      cancelled = method === 'DELETE' ? isStatus(outcome, 409) : method === 'POST' ? false : cancelled;
      return method === 'GET' && cancelled ? withStatus(outcome, 404) : outcome;
    });
    const refused = steps.find(
      ({ successCriteria }) => successCriteria[0]?.condition === '$statusCode == 409',
    );
    expect(refused?.successCriteria.at(-1)).toEqual({
      context: '$response.body#/problem',
      condition: '^cancelled already$',
      type: 'regex',
    });
    expect(refused?.description).toMatch(/: 409, cancelled already\.$/);
  });
});
