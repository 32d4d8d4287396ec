/** Plans of many operations: made as they are run, the same as made at once. */

import { expect, test } from 'vitest';
import type { RunEvent } from '../../../conformance/event.js';
import type { Planned } from '../../../conformance/planned.js';
import { check, planOf } from '../../../conformance/run.js';
import { appTarget } from '../../../conformance/target.js';
import { createMock } from '../../../mock/index.js';
import type { Contract } from '../../../openapi/index.js';
import { head } from '../../openapi/folders.js';
import { contractOf } from '../contracts.js';

const thing = `{ type: object, required: [id, name], properties: { id: { type: string, readOnly: true }, name: { type: string, maxLength: 9 } } }`;
const content = `content: { application/json: { schema: ${thing} } }`;
const paths = Array.from(
  { length: 14 },
  (_, index) => `  /things${index}:
    post: { operationId: make${index}, requestBody: { required: true, ${content} }, responses: { '201': { description: Made., ${content} } } }
  /things${index}/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { operationId: show${index}, responses: { '200': { description: It., ${content} }, '404': { description: None. } } }
    delete: { operationId: drop${index}, responses: { '204': { description: Gone. }, '404': { description: None. } } }
`,
);
const many = await contractOf(`${head}paths:\n${paths.join('')}`);
const idsOf = (workflows: Iterable<Planned>): readonly string[] =>
  Array.from(workflows, ({ workflow }) => workflow.id);

test('what is made gradually is what is made at once, each time', () => {
  const plan = planOf(many, { seed: 1 });
  if (plan.gradually === undefined) throw new Error('it is made at once');
  const ids = idsOf(plan.gradually());
  expect(ids.length).toBeGreaterThan(200);
  expect(idsOf(plan.workflows)).toEqual(ids);
  expect(idsOf(planOf(many, { seed: 1 }).gradually?.() ?? [])).toEqual(ids);
});

test('the first workflows are made without a look at what later phases need', () => {
  let varied = 0;
  const counting: Contract = {
    ...many,
    variants: (...given) => {
      varied += 1;
      return many.variants(...given);
    },
  };
  const workflows = planOf(counting, { seed: 1 }).gradually?.()[Symbol.iterator]();
  const first = workflows?.next().value;
  expect(first?.phase).toBe('examples');
  expect(varied).toBe(0);
});

test('a run tells of each workflow when its turn comes, and takes all that is given out', async () => {
  const events: RunEvent[] = [];
  const target = appTarget(createMock(many, { seed: 1 }));
  const phases = ['examples', 'rules'] as const;
  for await (const event of check(many, target, { seed: 1, phases, harmless: true })) events.push(event);
  const [started] = events;
  expect(started).toMatchObject({ type: 'run-started', workflows: [], isGradual: true });
  const begun = events.flatMap((event) => (event.type === 'workflow-started' ? [event.workflow.id] : []));
  expect(begun).toEqual(idsOf(planOf(many, { seed: 1, phases, harmless: true }).workflows));
  const finished = events.at(-1);
  if (finished?.type !== 'run-finished') throw new Error('the run has no end');
  expect(finished.findings.map(({ title }) => title)).toEqual([]);
  expect(finished.notExercised).toEqual([]);
});
