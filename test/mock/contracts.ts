/** Contracts for the tests: the shipped ones, and small documents that are written to a folder and read like any other. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { Mock } from '../../mock/index.js';
import { type Contract, type JsonObject, loadContract } from '../../openapi/index.js';

const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

export const matar: Contract = await loadContract('matar');
export const xerial: Contract = await loadContract('xerial');

/** The contract of a document: what is left out is made up, and the name is that of its folder. */
export async function contractOf(name: string, document: JsonObject): Promise<Contract> {
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  const file = path.join(own, 'openapi.json');
  const whole = { openapi: '3.1.1', info: { title: name, version: '1' }, paths: {}, ...document };
  await writeFile(file, JSON.stringify(whole, null, 2));
  return loadContract(file);
}

/** Everything that the mock remembers of its APIs, as a value. */
export function stateOf(mock: Mock): unknown {
  return mock.apis().map(({ contract, state }) => ({
    api: contract.name,
    collections: [...state.list()].map(([name, entries]) => [name, [...entries]]),
  }));
}

/** A successful response with one JSON example. */
export const done: JsonObject = {
  description: 'Done.',
  content: { 'application/json': { example: { done: true } } },
};
export const isDone: string = '{"done":true}';
