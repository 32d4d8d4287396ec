/** Who asks for a strict document gets swagger-parser as its judge; anyone else hears the same of it. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ContractError, type ContractProblem } from '../../openapi/contract-error.js';
import { loadContract } from '../../openapi/load.js';
import { folderOf, head, head30 } from './folders.js';

const operation = (text: string): string => `paths:\n  /a:\n    get: ${text}\n`;
const documented = "responses: { '200': { description: done } }";

const spoiled: readonly (readonly [what: string, text: string])[] = [
  ['a member that OpenAPI does not know', head + operation(`{ sumary: x, ${documented} }`)],
  ['the same in 3.0', head30 + operation(`{ sumary: x, ${documented} }`)],
  ['an operation without responses in 3.0', head30 + operation('{ summary: x }')],
  [
    'a version that is a number',
    `${head.replace(/version: [^ ]+/, 'version: 1.5')}${operation(`{ ${documented} }`)}`,
  ],
  ['parameters that are no list', head + operation(`{ parameters: {}, ${documented} }`)],
  ['a parameter that is nowhere', head30 + operation(`{ parameters: [{ name: q }], ${documented} }`)],
  ['several mistakes', head + operation(`{ tags: x, parameters: [{ name: q, in: body }], ${documented} }`)],
  ['a title that is missing', head.replace('title: T, ', '') + operation(`{ ${documented} }`)],
];

async function refusalOf(file: string): Promise<readonly ContractProblem[]> {
  const error: unknown = await loadContract(file, { strict: true }).catch((reason: unknown) => reason);
  if (error instanceof ContractError) return error.problems;
  return [];
}

test.each(spoiled)(
  'swagger-parser and the checks that are compiled ahead say the same of %s',
  async (_, text) => {
    const file = path.join(await folderOf({}), 'api.yaml');
    await writeFile(file, text);
    const { problems } = await loadContract(file);
    const refusal = await refusalOf(file);
    expect(problems).not.toEqual([]);
    // Who refuses a document looks no further than its structure.
    expect(problems).toEqual(expect.arrayContaining([...refusal]));
    expect(refusal.filter(({ code }) => code === 'invalid-document')).toEqual(
      problems.filter(({ code }) => code === 'invalid-document'),
    );
  },
);
