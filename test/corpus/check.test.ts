/** The check of each small document against the mock of the same document finds nothing, walks included. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Finding, RunFinished } from '../../conformance/event.js';
import { mockInputs } from '../../conformance/input/mock-inputs.js';
import { mockAbilities } from '../../conformance/mock-target.js';
import { check } from '../../conformance/run.js';
import { appTarget } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { seededRandom } from '../../openapi/random.js';
import { documentsIn } from './documents.js';
import { notYet } from './not-yet.js';

const folder = fileURLToPath(new URL('documents', import.meta.url));
const documents = documentsIn(folder).documents.map(({ file }) => file);

/** So many requests show what is wrong with any of these documents. */
const mostRequests = 120;

async function finishedRun(contract: Contract): Promise<RunFinished> {
  const target = appTarget(createMock(contract, { seed: 1 }));
  const abilities = await mockAbilities(target);
  const inputs = abilities && mockInputs(abilities, contract, seededRandom(1));
  const options = {
    seed: 1,
    harmless: true,
    walks: { count: 2 },
    maxRequests: mostRequests,
    ...(inputs && { inputs }),
  };
  for await (const event of check(contract, target, options)) if (event.type === 'run-finished') return event;
  throw new Error('the run has no end');
}

const told = ({ severity, check: by, endpoint, title, expected, actual, exchanges }: Finding): string => {
  const sent = exchanges.at(-1)?.request;
  return `${severity} ${by} ${endpoint}: ${title} (expected ${expected}; ${actual}) by ${sent?.method} ${sent?.path}?${sent?.query}`;
};

it('there are documents', () => {
  expect(documents.length).toBe(readdirSync(folder).length);
});

for (const file of documents) {
  const name = file.slice(folder.length + 1);
  const test = notYet.check.includes(name) ? it.fails : it;
  test(`nothing is found with ${name}`, async () => {
    const run = await finishedRun(await loadContract(file));
    const all = run.findings.map(told).join('\n');
    expect(all, all).toBe('');
  });
}
