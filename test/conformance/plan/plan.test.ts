/** Plans as a whole: made from contract and seed alone, in order, and without what a user leaves out. */

import { describe, expect, test } from 'vitest';
import { phases } from '../../../conformance/event.js';
import type { CheckOptions } from '../../../conformance/options.js';
import type { Plan } from '../../../conformance/planned.js';
import { planOf } from '../../../conformance/run.js';
import type { Contract } from '../../../openapi/index.js';
import { authored, club, matar, orders, plain, shop, workflowsOf, xerial } from '../contracts.js';

const all: readonly (readonly [string, Contract])[] = [
  ['orders', orders],
  ['shop', shop],
  ['plain', plain],
  ['club', club],
  ['matar', matar],
  ['xerial', xerial],
];

/** The plan of a contract with its own workflows, by the seed 1. */
function plan(contract: Contract, options: CheckOptions = {}): Plan {
  return planOf(contract, { seed: 1, workflows: authored.get(contract) ?? [], ...options });
}

const wholePlans = new Map<Contract, Plan>();

/** The plan of all there is, made once for all who only look at it. */
function wholePlan(contract: Contract): Plan {
  const made = wholePlans.get(contract) ?? plan(contract);
  wholePlans.set(contract, made);
  return made;
}

function ids({ workflows }: Plan): readonly string[] {
  return workflows.map(({ workflow }) => workflow.id);
}

describe.each(all)('a plan of %s', (_, contract) => {
  test('is the same by the same seed', () => {
    const data = ({ workflows, setups, unplanned, walks }: Plan) => [
      [...workflows, ...walks.draw(false), ...walks.draw(true)],
      setups,
      unplanned,
    ];
    expect(data(plan(contract))).toEqual(data(wholePlan(contract)));
  });

  test('names each workflow, and each step in it, once', () => {
    const { workflows } = wholePlan(contract);
    expect(new Set(workflows.map(({ workflow }) => workflow.id)).size).toBe(workflows.length);
    for (const { workflow } of workflows)
      expect(new Set(workflow.steps.map(({ id }) => id)).size).toBe(workflow.steps.length);
  });

  test('names everything as Arazzo allows', () => {
    for (const { workflow } of wholePlan(contract).workflows)
      for (const name of [workflow.id, ...workflow.steps.map(({ id }) => id)])
        expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test('goes phase by phase, and what takes time comes last', () => {
    const { workflows } = wholePlan(contract);
    const ranks = workflows.map(
      ({ phase, takesTime }) => phases.indexOf(phase) + (takesTime ? phases.length : 0),
    );
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test('has a step that waits only in what takes time', () => {
    for (const { workflow, takesTime, phase } of wholePlan(contract).workflows)
      if (phase !== 'workflows')
        expect(takesTime).toBe(workflow.steps.some(({ wait }) => wait !== undefined));
  });

  test('has every setup that a step calls', () => {
    const { workflows, setups } = wholePlan(contract);
    const called = workflows.flatMap(({ workflow }) =>
      workflow.steps.flatMap(({ call }) => (call.kind === 'workflow' ? [call.workflowId] : [])),
    );
    expect(called.filter((id) => !setups.has(id))).toEqual([]);
  });
});

test('another seed tries other values', () => {
  const texts = (seed: number): string => JSON.stringify(ids(planOf(matar, { seed, phases: ['schema'] })));
  const payloads = (seed: number): string =>
    JSON.stringify(
      planOf(matar, { seed, phases: ['schema'] }).workflows.map(({ workflow }) =>
        workflow.steps.map(({ requestBody }) => requestBody?.payload ?? null),
      ),
    );
  expect(texts(1)).toBe(texts(1));
  expect(payloads(1)).not.toBe(payloads(2));
});

describe('what a user leaves out', () => {
  test.each(phases)('only the phase %s is planned when only it is asked for', (phase) => {
    const { workflows, walks } = plan(matar, { phases: [phase] });
    const chosen = [...workflows, ...walks.draw(false)];
    expect(new Set(chosen.map((each) => each.phase))).toEqual(new Set([phase]));
  });

  test.each([['readOrder'], ['GET /orders/{id}'], ['Reading']])('only %s', (name) => {
    const { workflows } = plan(orders, { only: [name], phases: ['examples', 'schema', 'protocol'] });
    expect(new Set(workflows.map(({ operation }) => operation?.id))).toEqual(new Set(['readOrder']));
  });

  test.each([['createOrder'], ['POST /orders']])('all but %s', (name) => {
    const { workflows } = plan(orders, { skip: [name], phases: ['examples', 'schema', 'protocol'] });
    expect(new Set(workflows.map(({ operation }) => operation?.id))).toEqual(
      new Set(['readOrder', 'cancelOrder']),
    );
  });

  test('what is skipped is left out of what is chosen', () => {
    expect(
      plan(orders, { only: ['Writing'], skip: ['createOrder'], phases: ['examples'] }).workflows.map(
        ({ operation }) => operation?.id,
      ),
    ).toEqual(['cancelOrder', 'cancelOrder', 'cancelOrder']);
  });

  test('nothing but safe methods is sent when only these are allowed', () => {
    for (const [, contract] of all) {
      const { workflows, setups } = plan(contract, { safe: true });
      const methods = workflows.flatMap(({ workflow }) =>
        workflow.steps.flatMap(({ call, alteration }) =>
          call.kind === 'operation'
            ? [alteration?.method ?? call.operation.method]
            : (setups.get(call.workflowId)?.steps ?? []).flatMap((step) =>
                step.call.kind === 'operation' ? [step.call.operation.method] : [],
              ),
        ),
      );
      expect(methods.filter((method) => !/^(GET|HEAD|OPTIONS)$/.test(method))).toEqual([]);
    }
    expect(ids(plan(orders, { safe: true }))).toContain('read-order-unknown');
  });
});

describe('workflows of the API itself', () => {
  const step = (id: string): string =>
    `{ stepId: ${id}, operationId: readOrder, parameters: [{ name: id, in: path, value: x }] }`;

  test('come first, each after those that it depends on, else in the order of the document', async () => {
    const workflows = await workflowsOf(
      orders,
      `- { workflowId: last, dependsOn: [second, first], steps: [${step('a')}] }
- { workflowId: second, dependsOn: [first], steps: [${step('a')}] }
- { workflowId: alone, steps: [${step('a')}] }
- { workflowId: first, steps: [${step('a')}] }`,
    );
    expect(ids(plan(orders, { workflows })).slice(0, 5)).toEqual([
      'first',
      'second',
      'last',
      'alone',
      'create-order-made',
    ]);
  });

  test('take time when what they depend on does', async () => {
    const workflows = await workflowsOf(
      orders,
      `- { workflowId: slow, steps: [{ stepId: a, operationId: readOrder, x-wait: PT1M, parameters: [{ name: id, in: path, value: x }] }] }
- { workflowId: after, dependsOn: [slow], steps: [${step('a')}] }
- { workflowId: caller, steps: [{ stepId: a, workflowId: slow }] }
- { workflowId: quick, steps: [${step('a')}] }`,
    );
    const takesTime = plan(orders, { workflows, phases: ['workflows'] }).workflows.map((each) => [
      each.workflow.id,
      each.takesTime,
    ]);
    expect(takesTime).toEqual([
      ['quick', false],
      ['slow', true],
      ['after', true],
      ['caller', true],
    ]);
  });

  test('that depend on what is not safe are not safe', async () => {
    const workflows = await workflowsOf(
      orders,
      `- { workflowId: writes, steps: [{ stepId: a, operationId: cancelOrder, parameters: [{ name: id, in: path, value: x }] }] }
- { workflowId: after, dependsOn: [writes], steps: [${step('a')}] }
- { workflowId: reads, steps: [${step('a')}] }`,
    );
    expect(ids(plan(orders, { workflows, safe: true, phases: ['workflows'] }))).toEqual(['reads']);
  });
});

test('what no sequence reaches is told with its reason', () => {
  expect(wholePlan(matar).unplanned).toContainEqual({
    what: 'POST /api/v1/login: otp expired at send',
    operation: 'login',
    reason: 'whether it is made is the server’s choice',
  });
  for (const contract of [orders, shop, club, xerial]) expect(wholePlan(contract).unplanned).toEqual([]);
});
