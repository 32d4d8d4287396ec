/** Small documents, each about one difficulty: all are served, answer as they say, and are checked without a finding. */

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpTarget } from '../../conformance/target.js';
import { createMock, listen } from '../../mock/index.js';
import { loadContract } from '../../openapi/index.js';
import { asObject } from '../../openapi/json.js';
import { callOperations } from './calls.js';
import { documentsIn } from './documents.js';
import { independentSchemas } from './independent-schemas.js';
import { notYet } from './not-yet.js';
import { readDescription, readValue } from './reading.js';

const folder = fileURLToPath(new URL('documents', import.meta.url));
const names = readdirSync(folder).toSorted();
const fileOf = (name: string): string => {
  const place = path.join(folder, name);
  return statSync(place).isDirectory() ? path.join(place, 'openapi.yaml') : place;
};

it('there is a document for each of many difficulties, and each says which', () => {
  const { documents } = documentsIn(folder);
  expect(documents.map(({ file }) => file)).toEqual(names.map(fileOf).toSorted());
  expect(documents.length).toBeGreaterThan(45);
  const said = documents.map(({ file }) => {
    const { info } = asObject(readValue(file));
    return asObject(info).description;
  });
  expect(said.filter((text) => typeof text !== 'string' || text.length < 20)).toEqual([]);
  expect(new Set(said).size).toBe(documents.length);
});

describe.each(names)('%s', (name) => {
  const test = notYet.answers.includes(name) ? it.fails : it;
  test('is served, and each operation is answered as it is documented', async () => {
    const file = fileOf(name);
    const description = readDescription(file);
    const contract = await loadContract(file);
    const listening = await listen(createMock(contract, { seed: 1 }), { port: 0 });
    const target = httpTarget(listening.url, { timeout: 5000 });
    const schemas = independentSchemas(description);
    onTestFinished(async () => {
      await target.close();
      await listening.close();
      schemas.close();
    });
    const plain = await loadContract(file, { inferredRules: false });
    const called = await callOperations({
      description,
      contract: plain,
      schemas,
      target,
      ended: () => undefined,
      next: () => {},
    });
    const wrong = called.failing.map(({ operation, what }) => `${operation}: ${what}`);
    const told = [...wrong, ...called.unchecked].join('\n');
    expect(told, told).toBe('');
    expect(called.valid).toBe(description.operations.length);
  });
});
