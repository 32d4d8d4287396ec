/** Links between operations: read, found again, and what can be wrong with them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { linkedOperation, qualified } from '../../openapi/http/links.js';
import { type Contract, loadContract } from '../../openapi/index.js';

/** A document with a link of this text on POST /users. */
const documentWith = (link: string): string => `
openapi: 3.1.0
info: { title: Users, version: '1' }
paths:
  /users:
    post:
      operationId: addUser
      responses: { '201': { description: Made, links: { next: ${link} } } }
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getUser
      parameters: [{ name: id, in: query, schema: { type: string } }]
      responses: { '200': { description: Here } }
`;

async function loaded(text: string): Promise<Contract> {
  const folder = await mkdtemp(path.join(tmpdir(), 'links-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'openapi.yaml');
  await writeFile(file, text);
  return loadContract(file);
}

const problemsOf = async (link: string): Promise<readonly string[]> =>
  (await loaded(documentWith(link))).problems.map(({ what, location }) => `${location.line}: ${what}`);

describe('a link is read', () => {
  test('with its operation, its parameters and its content', async () => {
    const contract = await loaded(
      documentWith(
        '{ operationId: getUser, parameters: { path.id: $response.body#/id, id: x }, requestBody: { a: $request.body } }',
      ),
    );
    const [link] = contract.operations[0]?.responses[0]?.links ?? [];
    expect(link?.name).toBe('next');
    expect(link?.parameters).toEqual([
      { name: 'id', in: 'path', value: '$response.body#/id' },
      { name: 'id', in: undefined, value: 'x' },
    ]);
    expect(link?.requestBody).toEqual({ a: '$request.body' });
    expect(link && linkedOperation(contract.operations, link)?.id).toBe('getUser');
  });

  test.each(["'#/paths/~1users~1{id}/get'", "'./openapi.yaml#/paths/~1users~1{id}/get'"])(
    'by the operationRef %s',
    async (reference) => {
      const contract = await loaded(documentWith(`{ operationRef: ${reference} }`));
      const [link] = contract.operations[0]?.responses[0]?.links ?? [];
      expect(link && linkedOperation(contract.operations, link)?.id).toBe('getUser');
      expect(contract.problems).toEqual([]);
    },
  );
});

test('a name says in which part of the request a parameter is, or does not', () => {
  expect(qualified('path.id')).toEqual({ name: 'id', in: 'path' });
  expect(qualified('header.X-Trace.Id')).toEqual({ name: 'X-Trace.Id', in: 'header' });
  expect(qualified('user.id')).toEqual({ name: 'user.id', in: undefined });
});

describe('what is wrong with a link is told with its place', () => {
  it.each([
    [
      '{ operationId: getUsers }',
      '8: there is no operation with the operationId "getUsers" that the link leads to',
    ],
    [
      "{ operationRef: '#/paths/~1nowhere/get' }",
      '8: the operationRef "#/paths/~1nowhere/get" leads to nothing',
    ],
    [
      '{ operationId: getUser, parameters: { path.name: a } }',
      '8: the operation that the link leads to has no parameter "path.name"',
    ],
    [
      '{ operationId: getUser, parameters: { id: $response.content#/id } }',
      '8: "$response.content#/id" is no runtime expression',
    ],
  ])('%s', async (link, problem) => {
    expect(await problemsOf(link)).toEqual([problem]);
  });

  it.each([
    '{ operationId: getUser, parameters: { query.id: $response.body#/id } }',
    '{ operationId: getUser, parameters: { id: $request.body#/user/id } }',
    "{ operationRef: 'https://elsewhere.test/api.yaml#/paths/~1x/get' }",
  ])('and nothing with %s', async (link) => {
    expect(await problemsOf(link)).toEqual([]);
  });
});
