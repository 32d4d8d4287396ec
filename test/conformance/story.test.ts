/** The sequence in which something showed, written down so that it can be run again by itself. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Shown } from '../../conformance/findings.js';
import type { Plan, Planned } from '../../conformance/planned.js';
import { planOf } from '../../conformance/run.js';
import { storyOf } from '../../conformance/story.js';
import { loadAuthoredWorkflows, loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract, JsonObject } from '../../openapi/index.js';
import { contractOf, matar, workflowsOf, xerial } from './contracts.js';

/** What is told of a step of a planned workflow of which nothing has been run. */
function story(contract: Contract, plan: Plan, planned: Planned, step: string): JsonObject {
  const shown = {
    check: { name: 'some-check', specification: { sentence: 'It is so.', section: 'here' } },
    planned,
    step,
    severity: 'error',
    exchanges: [],
    deviation: { title: 'it differs', expected: 'this', actual: 'that' },
    exchange: {
      contract,
      operation: planned.operation,
      request: { method: 'GET', path: '/', query: '', fields: [], content: undefined },
      outcome: { kind: 'no-response' },
      response: undefined,
      situation: { kind: 'valid', authentication: 'not-needed', permitted: [] },
      judgement: { kind: 'silent' },
    },
  };
  return storyOf(contract, plan, shown as unknown as Shown);
}

/** The workflows of a story, read back. */
async function readBack(contract: Contract, document: JsonObject): Promise<readonly Workflow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-story-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'story.arazzo.json');
  await writeFile(file, JSON.stringify(document));
  return loadWorkflows(file, contract);
}

const stepIds = ({ steps }: Workflow): readonly string[] => steps.map(({ id }) => id);

const contract = await contractOf(`openapi: 3.1.1
info: { title: T, version: '1' }
paths:
  /a: { get: { operationId: a, responses: { '200': { description: Yes } } } }
`);
const call = (id: string): string => `{ stepId: ${id}, operationId: a, outputs: { x: $statusCode } }`;
const authored = await workflowsOf(
  contract,
  `
  - { workflowId: ground, steps: [${call('g1')}], outputs: { code: $steps.g1.outputs.x } }
  - { workflowId: nested, steps: [{ stepId: n1, workflowId: ground }, ${call('n2')}] }
  - { workflowId: alone, steps: [${call('l1')}] }
  - { workflowId: first, dependsOn: [alone], steps: [{ stepId: f1, workflowId: nested }, ${call('f2')}, ${call('f3')}], outputs: { x: $steps.f3.outputs.x } }
  - { workflowId: leading, steps: [{ stepId: d1, operationId: a, onFailure: [{ name: other, type: goto, workflowId: ground }] }] }
  - workflowId: taking
    inputs: { type: object, required: [given, code], properties: { given: { type: string }, code: { type: string } } }
    steps:
      - stepId: t1
        operationId: a
        parameters: [{ name: q, in: query, value: $inputs.given }, { name: r, in: query, value: 'x {$inputs.code}' }]
        outputs: { x: $statusCode }
    outputs: { y: $steps.t1.outputs.x }
  - workflowId: giving
    inputs: { type: object, required: [mine], properties: { mine: { type: string } } }
    steps:
      - { stepId: v1, workflowId: taking, parameters: [{ name: given, value: $inputs.mine }], outputs: { z: $outputs.y } }
      - { stepId: v2, operationId: a, parameters: [{ name: q, in: query, value: 'a {$steps.v1.outputs.z} b' }] }
  - { workflowId: jumping, steps: [${call('j1')}, { stepId: j2, operationId: a, onFailure: [{ name: again, type: goto, stepId: j1 }] }, ${call('j3')}] }
`,
);

describe('a story', () => {
  const plan = planOf(contract, { workflows: authored, seed: 1 });
  const told = async (
    id: string,
    step: string,
  ): Promise<readonly (readonly [string, readonly string[]])[]> => {
    const planned = plan.workflows.find(({ workflow }) => workflow.id === id);
    if (planned === undefined) throw new TypeError(`There is no ${id}.`);
    const workflows = await readBack(contract, story(contract, plan, planned, step));
    return workflows.map((workflow) => [workflow.id, stepIds(workflow)]);
  };

  test('ends with the step at which it showed', async () => {
    expect(await told('first', 'f2')).toEqual([[expect.any(String), ['l1', 'g1', 'n2', 'f2']]]);
  });

  test('is one workflow: what it rests on stands in it, each after its own', async () => {
    expect(await told('first', 'f3')).toEqual([[expect.any(String), ['l1', 'g1', 'n2', 'f2', 'f3']]]);
    expect(await told('nested', 'n2')).toEqual([[expect.any(String), ['g1', 'n2']]]);
  });

  test('ends where it showed in a workflow that is called', async () => {
    expect(await told('nested', 'g1')).toEqual([[expect.any(String), ['g1']]]);
  });

  test('is the whole workflow where steps lead to one another', async () => {
    expect(await told('jumping', 'j2')).toEqual([[expect.any(String), ['j1', 'j2', 'j3']]]);
  });

  test('is several workflows where actions lead from one to another, none of which has its old name', async () => {
    const [ground, leading] = await told('leading', 'd1');
    expect(ground?.[0]).toMatch(/-ground$/);
    expect([ground?.[1], leading?.[1]]).toEqual([['g1'], ['d1']]);
    expect([ground?.[0], leading?.[0]]).not.toContain('leading');
  });

  test('takes over what is given to a workflow, and what it puts out', () => {
    const planned = plan.workflows.find(({ workflow }) => workflow.id === 'giving');
    if (planned === undefined) throw new TypeError('There is no giving.');
    const [workflow] = (story(contract, plan, planned, 'v2') as { workflows: readonly JsonObject[] })
      .workflows;
    expect(workflow).toMatchObject({
      inputs: { required: ['code', 'mine'] },
      steps: [
        {
          stepId: 't1',
          parameters: [
            { name: 'q', value: '$inputs.mine' },
            { name: 'r', value: 'x {$inputs.code}' },
          ],
        },
        { stepId: 'v2', parameters: [{ name: 'q', value: 'a {$steps.t1.outputs.x} b' }] },
      ],
    });
  });

  test('has the title of what showed', () => {
    const [planned] = plan.workflows;
    if (planned === undefined) throw new TypeError('The plan is empty.');
    expect(story(contract, plan, planned, '').info).toEqual({
      title: 'it differs',
      description: 'Expected: this\nCame: that\nTold by the check some-check: It is so. (here)',
      version: '1',
    });
  });
});

describe.for([
  ['matar', matar],
  ['xerial', xerial],
] as const)('in the plan of %s', ([, shipped]) => {
  test('every workflow, up to each of its steps, can be told and read back', async () => {
    const plan = planOf(shipped, { workflows: await loadAuthoredWorkflows(shipped), seed: 1 });
    const kinds = new Map<string, Planned>();
    for (const each of plan.workflows) kinds.set(`${each.phase} ${stepIds(each.workflow).join()}`, each);
    expect(kinds.size).toBeGreaterThan(20);
    for (const planned of kinds.values()) {
      const ids = stepIds(planned.workflow);
      for (const step of new Set([ids[0] ?? '', ids.at(-1) ?? ''])) {
        const workflows = await readBack(shipped, story(shipped, plan, planned, step));
        expect(workflows.at(-1)?.steps.length).toBeGreaterThan(0);
      }
    }
  });
});
