/** Swagger 2.0 documents: read as OpenAPI 3.0, their mistakes told where they were written. */

import { describe, expect, test } from 'vitest';
import { complaintsOf, contractOf } from './folders.js';

const swagger = `swagger: '2.0'
info: { title: T, version: '1' }
host: api.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
paths:
  /pets:
    parameters:
      - { name: tenant, in: header, type: string }
    get:
      operationId: list
      produces: [application/xml]
      parameters:
        - { name: ids, in: query, type: array, items: { type: integer }, collectionFormat: pipes }
      responses:
        '200':
          description: All
          schema: { type: array, items: { $ref: '#/definitions/Pet' } }
    post:
      operationId: create
      parameters:
        - { name: pet, in: body, required: true, schema: { $ref: '#/definitions/Pet' } }
      responses:
        '201': { description: Made, examples: { application/json: { name: Rex } } }
    put:
      operationId: upload
      consumes: [multipart/form-data]
      parameters:
        - { name: photo, in: formData, type: file, required: true }
        - { name: kind, in: formData, type: string, enum: [a, b] }
      responses: { '204': { description: Kept } }
      security: [{ key: [] }]
definitions:
  Pet: { type: object, required: [name], properties: { name: { type: string } } }
securityDefinitions:
  key: { type: apiKey, in: header, name: X-Key }
`;

describe('a Swagger 2.0 document', () => {
  test('is a contract, with the base path of its host', async () => {
    const { servers, operations, problems } = await contractOf({ 'swagger.yaml': swagger });
    expect(problems).toEqual([]);
    expect(servers).toEqual(['https://api.example.com/v1']);
    expect(operations.map(({ id }) => id)).toEqual(['list', 'upload', 'create']);
  });

  test('has its body parameter as a request body, its schema that of the definitions', async () => {
    const { operations, schemas } = await contractOf({ 'swagger.yaml': swagger });
    const body = operations.find(({ id }) => id === 'create')?.requestBody;
    expect(body).toMatchObject({ required: true, content: [{ mediaType: 'application/json' }] });
    const at = body?.content[0]?.schema ?? { file: '', pointer: '' };
    expect(schemas.violations(at, {}, 'request').map(({ keyword }) => keyword)).toEqual(['required']);
  });

  test('has its form as multipart content, with what its members may be', async () => {
    const { operations, schemas } = await contractOf({ 'swagger.yaml': swagger });
    const content = operations.find(({ id }) => id === 'upload')?.requestBody?.content[0];
    expect(content?.mediaType).toBe('multipart/form-data');
    const at = content?.schema ?? { file: '', pointer: '' };
    expect(
      schemas.violations(at, { photo: 'x', kind: 'c' }, 'request').map(({ keyword }) => keyword),
    ).toEqual(['enum']);
  });

  test('has responses of what the operation produces', async () => {
    const { operations } = await contractOf({ 'swagger.yaml': swagger });
    const mediaTypes = (id: string) =>
      operations
        .find((each) => each.id === id)
        ?.responses.flatMap(({ content }) => content.map((each) => each.mediaType));
    expect(mediaTypes('list')).toEqual(['application/xml']);
    expect(mediaTypes('create')).toEqual(['application/json']);
  });

  test('has parameters in the style of their collection format, those of the path with them', async () => {
    const { operations } = await contractOf({ 'swagger.yaml': swagger });
    const list = operations.find(({ id }) => id === 'list');
    expect(list?.parameters.map(({ name, form }) => [name, form.style])).toEqual([
      ['tenant', 'simple'],
      ['ids', 'pipeDelimited'],
    ]);
  });

  test('has its security', async () => {
    const { operations } = await contractOf({ 'swagger.yaml': swagger });
    expect(operations.find(({ id }) => id === 'upload')?.security).toMatchObject([
      [{ scheme: { carrier: { kind: 'apiKey', in: 'header', parameter: 'X-Key' } } }],
    ]);
  });

  test('may have schemas, parameters and responses in other files', async () => {
    const { operations, problems, schemas } = await contractOf({
      'swagger.yaml': `swagger: '2.0'
info: { title: T, version: '1' }
paths:
  /a:
    get:
      parameters: [{ $ref: 'parts.yaml#/parameters/limit' }]
      responses:
        '200': { $ref: 'parts.yaml#/responses/found' }
`,
      'parts.yaml': `parameters:
  limit: { name: limit, in: query, type: integer }
responses:
  found: { description: Found, schema: { $ref: 'pet.json' } }
`,
      'pet.json': '{ "type": "object", "required": ["name"] }',
    });
    expect(problems).toEqual([]);
    expect(operations[0]?.parameters.map(({ name }) => name)).toEqual(['limit']);
    const at = operations[0]?.responses[0]?.content[0]?.schema ?? { file: '', pointer: '' };
    expect(schemas.violations(at, {}, 'response')).toHaveLength(1);
  });
});

test.each([
  ['a response', 'list\n      description: 5', '14:7: "description" must be a string. Put it in quotes.'],
])('a mistake in %s is told where it was written', async (_, text, complaint) => {
  const wrong = swagger.replace('operationId: list', `operationId: ${text}`);
  expect(await complaintsOf({ 'swagger.yaml': wrong })).toEqual([`swagger.yaml:${complaint}`]);
});

test('a reference that leads nowhere is told where it was written', async () => {
  const wrong = swagger.replace(
    "items: { $ref: '#/definitions/Pet' }",
    "items: { $ref: '#/definitions/Cat' }",
  );
  const told = await complaintsOf({ 'swagger.yaml': wrong });
  expect(told.join('\n')).toContain('swagger.yaml:20:');
});
