/** How plans grow: with their operations, and of hundreds of these some are tried thoroughly. */

import { describe, expect, test } from 'vitest';
import { inTurns, mostThorough, thoroughnessOf } from '../../../conformance/plan/thoroughness.js';
import { planOf } from '../../../conformance/run.js';
import type { Contract } from '../../../openapi/index.js';
import { head } from '../../openapi/folders.js';
import { contractOf } from '../contracts.js';

/** A document with so many operations that have to do with each other by the names of their ids. */
function documentOf(count: number): Promise<Contract> {
  const paths = Array.from({ length: count / 2 }, (_, index) => {
    const schema = `{ type: object, required: [name], properties: { name: { type: string, maxLength: 9 }, thing${index}_id: { type: string } } }`;
    const answer = `{ description: OK, content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } } }`;
    return `  /things${index}:
    post: { requestBody: { required: true, content: { application/json: { schema: ${schema} } } }, responses: { '201': ${answer} } }
  /things${index}/{thingId}/parts:
    get: { parameters: [{ name: thingId, in: path, required: true, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }], responses: { '200': ${answer} } }
`;
  });
  return contractOf(`${head}paths:\n${paths.join('')}`);
}

const sizeOf = (contract: Contract): number =>
  planOf(contract, { seed: 1, phases: ['schema', 'protocol'] }).workflows.reduce(
    (sum, { workflow }) => sum + workflow.steps.reduce((own, { times }) => own + times.count, 0),
    0,
  );

describe('a plan', () => {
  test('of many operations has no more requests for each of them than one of few', async () => {
    const [few, many, more] = [await documentOf(20), await documentOf(120), await documentOf(240)].map(
      sizeOf,
    );
    if (few === undefined || many === undefined || more === undefined) throw new Error('three were planned');
    expect(many / 120).toBeLessThan((few / 20) * 0.8);
    expect(more).toBeLessThan(2 * many);
  });

  test('calls every operation, whatever their number', async () => {
    const contract = await documentOf(100);
    const { workflows } = planOf(contract, { seed: 1, phases: ['schema'] });
    expect(new Set(workflows.map(({ operation }) => operation?.id)).size).toBe(100);
  });
});

describe('operations are tried', () => {
  test('all of them thoroughly, when there are few', async () => {
    const { operations } = await documentOf(mostThorough);
    const how = thoroughnessOf(operations, 7);
    expect(new Set(operations.map(how))).toEqual(new Set(['thorough']));
  });

  test('some of them fairly, when there are many, and others with another seed', async () => {
    const { operations } = await documentOf(mostThorough * 4);
    const fair = (seed: number): readonly string[] => {
      const how = thoroughnessOf(operations, seed);
      return operations.filter((each) => how(each) === 'fair').map(({ id }) => id);
    };
    expect(fair(1)).toHaveLength(mostThorough);
    expect(fair(2).filter((id) => fair(1).includes(id))).toEqual([]);
    expect(new Set([0, 1, 2, 3].flatMap(fair)).size).toBe(operations.length);
  });
});

test('lists take turns', () => {
  expect(inTurns([[1, 2, 3], [], [4], [5, 6]], 5)).toEqual([1, 4, 5, 2, 6]);
});
