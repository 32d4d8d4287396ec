/** What coverage tells of what was not exercised: the reason, in words that need no explanation. */

import { describe, expect, test } from 'vitest';
import type { CheckOptions } from '../../conformance/options.js';
import { noAnswers, whyNotAnswered, whyNotCalled } from '../../conformance/why-not.js';
import { head } from '../openapi/folders.js';
import { contractOf } from './contracts.js';
import { served, told } from './runs.js';

const answers = "{ '200': { description: OK }, '404': { description: None } }";
const path = (name: string): string =>
  `{ name: ${name}, in: path, required: true, schema: { type: string } }`;
const listed =
  '{ description: OK, content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: string } } } } } } }';

const contract = await contractOf(
  `${head}
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
paths:
  /gadgets/{gadgetId}: { get: { parameters: [${path('gadgetId')}], responses: ${answers} } }
  /broken: { get: { responses: ${answers} } }
  /closed: { get: { responses: ${answers} } }
  /fussy: { get: { responses: ${answers} } }
  /made: { post: { responses: ${answers} } }
  /guarded: { get: { security: [{ key: [] }], responses: ${answers} } }
  /notes: { get: { responses: { '200': ${listed} } } }
  /notes/{noteId}: { delete: { parameters: [${path('noteId')}], responses: ${answers} } }
  /files: { post: { requestBody: { content: { application/octet-stream: {} } }, responses: ${answers} } }
  /fine: { get: { responses: ${answers} } }
`,
  { inferredRules: false },
);

const statuses: Readonly<Record<string, number>> = {
  gadgets: 404,
  broken: 500,
  closed: 403,
  fussy: 400,
  made: 200,
  guarded: 200,
  files: 422,
  fine: 200,
};

/** The reason why the success of an operation was not exercised, after a run. */
async function reasonFor(endpoint: string, options: CheckOptions = {}): Promise<string | undefined> {
  const target = await served((request, response) => {
    request.resume();
    const [, kind = '', key] = (request.url ?? '').split(/[/?]/);
    const isList = kind === 'notes' && key === undefined && request.method === 'GET';
    const status = isList ? 200 : (statuses[kind] ?? 404);
    response.writeHead(status, isList ? { 'content-type': 'application/json' } : {});
    response.end(isList ? '[{"id":"n-1"}]' : undefined);
  });
  const { finished } = await told(contract, target, { phases: ['examples'], ...options });
  return finished.notExercised.find(({ kind, what }) => kind === 'response' && what === `${endpoint} 200`)
    ?.reason;
}

describe('a success that never came', () => {
  test.each([
    [
      'GET /gadgets/{gadgetId}',
      'the server refused every valid request (404): no operation gives a value for gadgetId; give one with --input gadgetId=…',
    ],
    ['GET /broken', 'the server failed at every valid request (500)'],
    [
      'GET /closed',
      'the server refused every valid request (403): the credential that was sent does not let it in',
    ],
    ['GET /fussy', 'the server refused every valid request (400)'],
    [
      'DELETE /notes/{noteId}',
      'the server refused every valid request (404): the run has made nothing that it could be called for, and leaves alone what was there before; give one with --input noteId=…',
    ],
    [
      'POST /files',
      'the server refused every valid request (422): it takes a file, and one that was made up will not do',
    ],
  ])('%s: %s', async (endpoint, reason) => {
    expect(await reasonFor(endpoint)).toBe(reason);
  });

  test('for want of a credential names the scheme and the flag', async () => {
    const reason = await reasonFor('GET /guarded');
    expect(reason).toContain('there is no credential for the security scheme key');
    expect(reason).toContain("--credential 'key=");
  });

  test('because only safe methods are called says so', async () => {
    expect(await reasonFor('POST /made', { safe: true })).toBe(
      'it is no safe method, and only these are called (--safe)',
    );
  });

  test('is not told of what succeeded', async () => {
    expect(await reasonFor('GET /fine')).toBe(undefined);
    expect(await reasonFor('POST /made')).toBe(undefined);
  });
});

const [operation] = contract.operations;
if (operation === undefined) throw new Error('the contract has operations');

test('nothing is said of valid requests where none was sent', () => {
  const own = { ...noAnswers(), sent: 1 };
  expect(whyNotCalled(operation, own, {})).toBe('no valid request was sent to it');
  expect(whyNotAnswered(operation, '200', own, { missed: new Map([[operation.id, 'why']]) })).toBe('why');
});
