/** Whether what stands at a place of a contract is only inferred, and from what. */

import { describe, expect, test } from 'vitest';
import { loadContract } from '../../openapi/load.js';
import { contractOf, head } from './folders.js';

const document = `${head}
paths:
  /a:
    get:
      x-provenance: inferred
      x-reason: Nobody wrote it down.
      responses:
        '200':
          x-provenance: documented
          description: It is there.
          content:
            application/json:
              schema: { type: string, maxLength: 3 }
        '404':
          description: It is not.
        '410':
          x-source: https://example.com/page
          description: It was.
components:
  schemas:
    A:
      type: object
      properties:
        a~/b: { type: string, x-provenance: inferred, x-reason: A guess., minLength: 2 }
        b: { type: string }
`;

describe('the reason for a statement', () => {
  test.each<[what: string, pointer: string, reason: string | undefined]>([
    ['is that of the statement itself', '/paths/~1a/get', 'Nobody wrote it down.'],
    ['is that of what it stands in', '/paths/~1a/get/responses/404/description', 'Nobody wrote it down.'],
    ['is that of the nearest', '/components/schemas/A/properties/a~0~1b/minLength', 'A guess.'],
    ['is none where nobody says so', '/components/schemas/A/properties/b', undefined],
    [
      'is none where the nearest is documented',
      '/paths/~1a/get/responses/200/content/application~1json/schema/maxLength',
      undefined,
    ],
    ['is none where the nearest names its page', '/paths/~1a/get/responses/410', undefined],
    [
      'is found from a place that is not written',
      '/paths/~1a/get/parameters/0/schema',
      'Nobody wrote it down.',
    ],
    ['is none for the whole', '', undefined],
  ])('%s', async (_, pointer, reason) => {
    const contract = await contractOf({ 'openapi.yaml': document });
    expect(contract.reasonFor({ file: contract.files[0] ?? '', pointer })).toBe(reason);
  });

  test('is none in a file that does not belong to the contract', async () => {
    const contract = await contractOf({ 'openapi.yaml': document });
    expect(contract.reasonFor({ file: 'other.yaml', pointer: '/paths' })).toBeUndefined();
  });
});

describe('of the shipped contracts', () => {
  test.each([
    ['matar', '/components/schemas/AccessToken/contentSchema/prefixItems/1/required', /sample tokens/],
    ['matar', '/components/schemas/TokenHeader/properties/alg/const', /sample tokens/],
    ['matar', '/components/schemas/AuthorizationRequired/required', /missing-token body/],
    ['xerial', '/components/schemas/RefreshTokenBody/required', /Every sample has the field/],
    ['xerial', '/components/schemas/AccessToken/x-lifetime', /marketplace SDK/],
  ])('%s concludes %s', async (name, pointer, reason) => {
    const contract = await loadContract(name);
    expect(contract.reasonFor({ file: contract.files[0] ?? '', pointer })).toMatch(reason);
  });

  test.each([
    ['matar', '/components/schemas/AccessToken/x-lifetime'],
    ['matar', '/components/schemas/SendOtp/required'],
    ['xerial', '/components/schemas/AuthTokens/properties/access/required'],
    ['xerial', '/components/schemas/NotFound/required'],
  ])('%s documents %s', async (name, pointer) => {
    const contract = await loadContract(name);
    expect(contract.reasonFor({ file: contract.files[0] ?? '', pointer })).toBeUndefined();
  });

  test('a missing field of a request is held against what the contract concludes', async () => {
    const contract = await loadContract('xerial');
    const operation = contract.operations.find(({ id }) => id === 'logout');
    const schema = operation?.requestBody?.content[0]?.schema;
    if (schema === undefined) throw new TypeError('logout has a body');
    const [violation] = contract.schemas.violations(schema, {}, 'request');
    expect(violation && contract.reasonFor(violation.schema)).toMatch(/^Every sample has the field/);
  });
});
