/** OpenAPI 3.2: what it has added is no mistake, and what is wrong within it is told. */

import { expect, test } from 'vitest';
import { complaintsOf, contractOf } from './folders.js';

const text = `openapi: 3.2.0
$self: https://example.com/openapi.yaml
info: { title: T, version: '1', summary: Short }
tags:
  - { name: a, summary: A, kind: nav }
  - { name: b, parent: a }
servers: [{ url: /v1, name: main }]
paths:
  /a:
    query:
      operationId: ask
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { summary: Found } }
    additionalOperations:
      COPY:
        operationId: copy
        responses: { '201': { description: Copied } }
    get:
      operationId: search
      parameters:
        - { in: querystring, name: q, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }
        - { in: cookie, name: c, style: cookie, schema: { type: string } }
      responses:
        '200':
          description: Events
          content:
            text/event-stream: { itemSchema: { type: object } }
            application/json:
              schema: { type: object, discriminator: { propertyName: kind, defaultMapping: Other } }
              examples: { one: { dataValue: { a: 1 }, serializedValue: '{"a":1}' } }
components:
  mediaTypes: { Plain: { schema: { type: string } } }
  schemas: { Other: { type: object } }
  securitySchemes:
    device:
      type: oauth2
      deprecated: true
      oauth2MetadataUrl: https://example.com/meta
      flows: { deviceAuthorization: { deviceAuthorizationUrl: 'https://example.com/d', tokenUrl: 'https://example.com/t', scopes: {} } }
`;

test('has methods of its own and of anybody', async () => {
  const { operations, problems } = await contractOf({ 'openapi.yaml': text }, { strict: true });
  expect(problems).toEqual([]);
  expect(operations.map(({ id, method }) => [id, method])).toEqual([
    ['search', 'GET'],
    ['ask', 'QUERY'],
    ['copy', 'COPY'],
  ]);
});

test.each([
  [
    'a query operation',
    'operationId: ask',
    'operationId: 5',
    '11:7: "operationId" must be a string. Put it in quotes.',
  ],
  [
    'an operation of another method',
    'operationId: copy',
    'operationId: 5',
    '16:9: "operationId" must be a string. Put it in quotes.',
  ],
])('tells what is wrong in %s', async (_, right, wrong, complaint) => {
  expect(await complaintsOf({ 'openapi.yaml': text.replace(right, wrong) })).toEqual([
    `openapi.yaml:${complaint}`,
  ]);
});

test('has fields that 3.1 does not have', async () => {
  const told = await complaintsOf({ 'openapi.yaml': text.replace('3.2.0', '3.1.1') });
  expect(told.join('\n')).toContain('unknown field "query"');
  expect(told.join('\n')).toContain('unknown field "$self"');
});
