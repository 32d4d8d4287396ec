/** The check of each whole API against its mock: nothing is found, and what is not exercised says why in the contract's own words. */

import { expect, test } from 'vitest';
import { loadAuthoredWorkflows } from '../../openapi/arazzo/arazzo.js';
import { loadContract } from '../../openapi/load.js';
import { onMock, told } from '../conformance/runs.js';

/** Why something was not exercised, where that follows from the run and not from the contract. */
const excuses = [
  'no request came to it',
  'no rule of the contract leads there',
  'no sequence of calls led there',
  'the server did not answer so',
];

test.each(['matar', 'xerial'])('the mock of the whole of %s keeps its contract', async (api) => {
  const contract = await loadContract(api);
  const { target, options } = await onMock(contract);
  const workflows = await loadAuthoredWorkflows(contract);
  const walks = { count: 0 }; // whole-walks.test.ts
  const { titles, finished } = await told(contract, target, { ...options, workflows, walks });
  expect(titles).toEqual([]);
  expect(finished).toMatchObject({ complete: true, stopped: undefined });
  const missed = finished.notExercised.filter(
    ({ kind, reason }) => kind !== 'rule' && excuses.includes(reason),
  );
  expect(missed.map(({ kind, what, reason }) => `${kind} ${what}: ${reason}`)).toEqual([]);
  const operations = finished.coverage.find(({ kind }) => kind === 'operation');
  expect(operations?.exercised).toBe(contract.operations.length);
});
