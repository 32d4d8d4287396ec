/** What can be loaded: by which name, from which text, over how many files; and what is not read unless asked for. */

import { symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Contract } from '../../openapi/contract.js';
import { type LoadOptions, loadContract } from '../../openapi/load.js';
import { shippedApis } from '../../openapi/shipped.js';
import { complaintsOf, contractOf, type Files, folderOf, head, head30 } from './folders.js';

const empty = `${head}paths: {}\n`;
const named = (title: string): string => empty.replace('title: T', `title: ${title}`);

/** A document whose one response has the schema that is referred to. */
const referring = (reference: string): string => `${head}paths:
  /a:
    get:
      responses:
        '200':
          description: done
          content:
            application/json:
              schema:
                $ref: '${reference}'
`;

/** What is wrong with a value as the content of the response 200 of the first operation. */
function wrongWith(contract: Contract, value: string | number | object | null): readonly string[] {
  const schema = contract.operations[0]?.responses[0]?.content[0]?.schema;
  if (schema === undefined) throw new TypeError('there is no schema');
  return contract.schemas
    .violations(schema, JSON.parse(JSON.stringify(value)), 'response')
    .map(({ pointer, keyword }) => `${pointer} ${keyword}`);
}

describe('a contract is loaded from', () => {
  test.each<[what: string, files: Files, at: string, title: string]>([
    ['a file of any name', { 'my api.yaml': named('Mine') }, 'my api.yaml', 'Mine'],
    ['a folder with an openapi.yaml', { 'openapi.yaml': named('Yaml') }, '', 'Yaml'],
    ['a folder with an openapi.yml', { 'openapi.yml': named('Yml') }, '', 'Yml'],
    ['a folder with an openapi.json', { 'openapi.json': named('Json') }, '', 'Json'],
    [
      'the YAML where there is JSON as well',
      { 'openapi.json': named('Json'), 'openapi.yaml': named('Yaml') },
      '',
      'Yaml',
    ],
    [
      'JSON',
      { 'api.json': '{"openapi":"3.1.0","info":{"title":"J","version":"1"},"paths":{}}' },
      'api.json',
      'J',
    ],
    ['text with a byte order mark', { 'api.yaml': `\uFEFF${named('Marked')}` }, 'api.yaml', 'Marked'],
    ['text with CRLF', { 'api.yaml': named('Lines').replaceAll('\n', '\r\n') }, 'api.yaml', 'Lines'],
    ['a path with an escape in it', { 'a%20b#c?d.yaml': named('Odd') }, 'a%20b#c?d.yaml', 'Odd'],
    ['OpenAPI 3.0.4', { 'api.yaml': named('Old').replace('3.1.1', '3.0.4') }, 'api.yaml', 'Old'],
    [
      'OpenAPI 3.1.9, which is yet to come',
      { 'api.yaml': named('New').replace('3.1.1', '3.1.9') },
      'api.yaml',
      'New',
    ],
    ['3.1 with components alone', { 'api.yaml': `${head}components: {}\n` }, 'api.yaml', 'T'],
    ['3.1 with webhooks alone', { 'api.yaml': `${head}webhooks: {}\n` }, 'api.yaml', 'T'],
  ])('%s', async (_, files, at, title) => {
    const folder = await folderOf(files);
    const contract = await loadContract(path.join(folder, at));
    expect(contract.title).toBe(title);
  });

  test.each(shippedApis())('the name of the shipped %s', async (name) => {
    const contract = await loadContract(name);
    expect([contract.name, contract.files]).toEqual([name, [path.resolve('openapi', name, 'openapi.yaml')]]);
  });

  test.each<[at: string, name: string]>([
    ['pets.yaml', 'pets'],
    ['shop/openapi.yaml', 'shop'],
    ['shop/v1.api.json', 'v1.api'],
  ])('%s, and called %s', async (at, name) => {
    expect((await contractOf({ [at]: empty })).name).toBe(name);
  });
});

describe('what is no contract', () => {
  test('is named with the ones that ship', async () => {
    const missing = path.resolve('no-such-api.yaml');
    await expect(loadContract('no-such-api.yaml')).rejects.toThrow(
      'no-such-api.yaml:1:1: there is no no-such-api.yaml. Name a file, a folder, or one of: matar, xerial.',
    );
    await expect(loadContract(missing)).rejects.toMatchObject({
      problems: [{ code: 'not-found', file: missing }],
    });
  });

  test('is a folder without a document', async () => {
    const folder = await folderOf({ 'other.yaml': empty });
    await expect(loadContract(folder)).rejects.toThrow(
      `${folder}:1:1: the folder holds none of openapi.yaml, openapi.yml, openapi.json, swagger.yaml, swagger.yml, swagger.json. Name the document itself.`,
    );
  });

  test('is told by its path from where we are, when it lies below', async () => {
    await expect(loadContract(path.resolve('test/setup/build.ts'))).rejects.toThrow(
      /^test\/setup\/build\.ts:\d+:\d+: /,
    );
  });
});

describe('a contract of several files', () => {
  const files: Files = {
    'openapi.yaml': `${head}paths:\n  /pets/{id}:\n    $ref: paths/pet.yaml#/pet\n`,
    'paths/pet.yaml': `pet:
  parameters:
    - $ref: ../parameters.json#/id
  get:
    responses:
      '200':
        description: done
        content:
          application/json:
            schema: { $ref: '../schemas/pet.yaml' }
            examples:
              tom: { $ref: '../examples/tom.json' }
      default: { $ref: '#/broken' }
broken: { description: broken }
`,
    'parameters.json':
      '{ "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } } }',
    'schemas/pet.yaml': 'type: object\nrequired: [name]\nproperties:\n  name: { $ref: name.yaml }\n',
    'schemas/name.yaml': 'type: string\nminLength: 2\n',
    'examples/tom.json': '{ "summary": "Tom", "value": { "name": "Tom" } }',
  };

  test('is one contract', async () => {
    const contract = await contractOf(files);
    const [operation] = contract.operations;
    expect(operation).toMatchObject({
      id: 'GET /pets/{id}',
      parameters: [{ name: 'id', in: 'path', required: true }],
      responses: [
        { status: '200', content: [{ examples: [{ name: 'tom', summary: 'Tom', value: { name: 'Tom' } }] }] },
        { status: 'default', description: 'broken' },
      ],
    });
    expect(wrongWith(contract, { name: 'T' })).toEqual(['/name minLength']);
  });

  test('names its files, the document first', async () => {
    const contract = await contractOf(files);
    expect(contract.files.map((file) => path.basename(file))).toEqual(
      ['openapi.yaml', 'pet.yaml', 'parameters.json', 'tom.json', 'name.yaml'].flatMap((name) =>
        name === 'tom.json' ? ['pet.yaml', name] : [name],
      ),
    );
  });

  test('tells the file and line of each part', async () => {
    const contract = await contractOf(files);
    const schema = contract.operations[0]?.responses[0]?.content[0]?.schema;
    if (schema === undefined) throw new TypeError('there is no schema');
    const [violation] = contract.schemas.violations(schema, { name: 'T' }, 'response');
    const place = violation && contract.locate(violation.schema);
    expect(place).toMatchObject({ file: expect.stringMatching(/schemas\/name\.yaml$/), line: 2, column: 1 });
  });

  test.each<[what: string, reference: string, file: string]>([
    ['a space, escaped', 'a%20b.yaml', 'a b.yaml'],
    ['a space as it is', 'a b.yaml', 'a b.yaml'],
    ['a percent sign', '100%25.yaml', '100%.yaml'],
    ['a number sign', 'a%23b.yaml', 'a#b.yaml'],
    ['dots that stay inside', 'x/../y.yaml', 'y.yaml'],
    ['two dots at its beginning', '..y.yaml', '..y.yaml'],
    ['no slash of its own', './y.yaml#', 'y.yaml'],
  ])('may have a name with %s', async (_, reference, file) => {
    const contract = await contractOf({ 'openapi.yaml': referring(reference), [file]: 'type: string\n' });
    expect(wrongWith(contract, 5)).toEqual([' type']);
  });

  test('may refer to itself by its own name', async () => {
    const text = `${referring('openapi.yaml#/components/schemas/A')}components: { schemas: { A: { type: string } } }\n`;
    expect(wrongWith(await contractOf({ 'openapi.yaml': text }), 5)).toEqual([' type']);
  });

  test('may keep whole maps and lists in other files', async () => {
    const contract = await contractOf({
      'openapi.yaml': `${head}paths: { $ref: paths.yaml }\ncomponents: { schemas: { $ref: schemas.yaml } }\n`,
      'paths.yaml': `/a:\n  get:\n    parameters: { $ref: parameters.yaml }\n    responses: { '200': { description: done } }\n`,
      'parameters.yaml': '- { name: q, in: query, schema: { type: string } }\n',
      'schemas.yaml': 'A: { type: string }\n',
    });
    expect(contract.operations).toMatchObject([{ path: '/a', parameters: [{ name: 'q' }] }]);
  });

  test('may keep its rules in other files', async () => {
    const contract = await contractOf({
      'openapi.yaml': `${head}x-state: { $ref: state.yaml }\npaths:\n  /a:\n    get:\n      responses: { '200': { description: done } }\n      x-transitions: { $ref: rules.yaml }\n`,
      'state.yaml': 'users: { a: { name: Tom } }\n',
      'rules.yaml': "- { name: shown, guard: [{ in: users, key: a }], response: '200' }\n",
    });
    expect(contract.operations).toMatchObject([{ transitions: [{ name: 'shown' }] }]);
    expect([...contract.initialState.keys()]).toEqual(['users']);
  });
});

describe('references in a circle', () => {
  test.each<[what: string, files: Files]>([
    [
      'a schema within itself',
      {
        'openapi.yaml': `${referring('#/components/schemas/A')}components:\n  schemas:\n    A: { type: object, properties: { next: { $ref: '#/components/schemas/A' } } }\n`,
      },
    ],
    [
      'two files',
      {
        'openapi.yaml': referring('a.yaml'),
        'a.yaml': 'type: object\nproperties: { next: { $ref: b.yaml } }\n',
        'b.yaml': 'type: object\nproperties: { next: { $ref: a.yaml } }\n',
      },
    ],
    [
      'a file and the document',
      {
        'openapi.yaml': `${referring('a.yaml')}components:\n  schemas:\n    A: { type: object, properties: { next: { $ref: a.yaml } } }\n`,
        'a.yaml': "type: object\nproperties: { next: { $ref: 'openapi.yaml#/components/schemas/A' } }\n",
      },
    ],
  ])('are followed as far as a value goes: %s', async (_, files) => {
    const contract = await contractOf(files);
    expect(wrongWith(contract, { next: { next: { next: {} } } })).toEqual([]);
    expect(wrongWith(contract, { next: { next: { next: 5 } } })).toEqual(['/next/next/next type']);
  });

  test('are checked where they stand', async () => {
    const files = {
      'openapi.yaml': referring('a.yaml').replace('3.1.1', '3.0.3'),
      'a.yaml': 'type: object\nproperties: { next: { $ref: b.yaml } }\n',
      'b.yaml': 'type: objekt\nproperties: { next: { $ref: a.yaml } }\n',
    };
    expect(await complaintsOf(files)).toEqual([
      'b.yaml:1:1: "type" must be one of "array", "boolean", "integer", "number", "object", "string". Correct it.',
    ]);
  });

  test('lead through a callback back to its own path', async () => {
    const contract = await contractOf({
      'openapi.yaml': `${head}paths:\n  /a: { $ref: a.yaml }\n`,
      'a.yaml':
        "post:\n  responses: { '200': { description: done } }\n  callbacks: { done: { '{$url}': { $ref: a.yaml } } }\n",
    });
    expect(contract.operations.map(({ id }) => id)).toEqual(['POST /a']);
  });

  test('may be as many as a large API has', async () => {
    const schemas = Array.from({ length: 1000 }, (_, index) => {
      return `    S${index}: { type: object, properties: { next: { $ref: '#/components/schemas/S${index + 1}' } } }\n`;
    });
    const text = `${referring('#/components/schemas/S0')}components:\n  schemas:\n${schemas.join('')}    S1000: { type: string }\n`;
    expect((await contractOf({ 'openapi.yaml': text })).operations).toHaveLength(1);
  });
});

describe('data', () => {
  const data = `{ $ref: '#/nowhere', other: { $ref: no-such-file.yaml } }`;

  test.each<[where: string, text: string]>([
    [
      'an example',
      `${head}paths:\n  /a:\n    get:\n      responses:\n        '200': { description: done, content: { a/b: { example: ${data} } } }\n`,
    ],
    [
      'a named example',
      `${head}paths:\n  /a:\n    get:\n      responses:\n        '200': { description: done, content: { a/b: { examples: { a: { value: ${data} } } } } }\n`,
    ],
    [
      'defaults, constants and examples of a schema',
      `${head}paths: {}\ncomponents: { schemas: { A: { default: ${data}, const: ${data}, enum: [${data}], examples: [${data}] } } }\n`,
    ],
    ['the state', `${head}paths: {}\nx-state: { a: { b: ${data} } }\n`],
    ['an extension', `${head}paths: {}\nx-other: ${data}\n`],
  ])('in %s refers to nothing, and hides no error', async (_, text) => {
    expect(await complaintsOf({ 'openapi.yaml': text })).toEqual([]);
    expect(await complaintsOf({ 'openapi.yaml': `${text}wrong: 1\n` })).toEqual([
      expect.stringMatching(/^openapi\.yaml:\d+:1: the document has an unknown field "wrong"\./),
    ]);
  });

  test('is not what stands under a name that is elsewhere one for data', async () => {
    const text = `${head}paths:\n  /a:\n    get:\n      responses: { default: { $ref: '#/components/responses/value' } }\ncomponents:\n  responses: { value: { $ref: nowhere.yaml } }\n  schemas: { example: { properties: { default: { $ref: '#/nowhere' } } } }\n`;
    expect(await complaintsOf({ 'openapi.yaml': text })).toEqual([
      'openapi.yaml:8:25: there is no file nowhere.yaml. Check its path.',
      'openapi.yaml:9:50: the reference "#/nowhere" leads nowhere. Check its spelling, or add what it names.',
    ]);
  });
});

test.each(['Bearer', 'bearer', 'BEARER'])('a scheme %s is a bearer scheme', async (scheme) => {
  const text = `${head}paths: {}\ncomponents: { securitySchemes: { a: { type: http, scheme: ${scheme}, bearerFormat: JWT } } }\n`;
  const { securitySchemes, problems } = await contractOf({ 'openapi.yaml': text });
  expect(problems).toEqual([]);
  expect(securitySchemes[0]?.carrier).toEqual({ kind: 'http', scheme: 'bearer' });
});

describe('a reference out of the folder', () => {
  const outside = async (reference: (outer: string) => string): Promise<readonly [string, string]> => {
    const outer = await folderOf({ 'secret.yaml': 'type: string\n', 'api/.keep': '' });
    await writeFile(path.join(outer, 'api', 'openapi.yaml'), referring(reference(outer)));
    return [path.join(outer, 'api', 'openapi.yaml'), path.join(outer, 'secret.yaml')];
  };

  test.each<[how: string, reference: (outer: string) => string]>([
    ['by two dots', () => '../secret.yaml'],
    ['by dots behind a folder', () => 'a/../../secret.yaml'],
    ['by escaped dots', () => '%2e%2e/secret.yaml'],
    ['by an escaped slash', () => '..%2fsecret.yaml'],
    ['by its whole path', (outer) => `${outer}/secret.yaml`],
    ['by its whole path, escaped', (outer) => `${outer.replaceAll('/', '%2f')}%2Fsecret.yaml`],
  ])('%s is refused, and read when that is asked for', async (_, reference) => {
    const [file, secret] = await outside(reference);
    await expect(loadContract(file, { strict: true })).rejects.toThrow(
      `${file}:12:17: the reference reads ${secret}, outside the folder of the document. Move the file below the document, or allow it with --allow-outside.`,
    );
    const contract = await loadContract(file, { outside: true });
    expect(wrongWith(contract, 5)).toEqual([' type']);
  });

  test('by a symbolic link is refused, and read when that is asked for', async () => {
    const [file, secret] = await outside(() => 'link.yaml');
    await symlink(secret, path.join(path.dirname(file), 'link.yaml'));
    await expect(loadContract(file, { strict: true })).rejects.toThrow(
      `the reference reads ${secret}, outside the folder of the document`,
    );
    expect(wrongWith(await loadContract(file, { outside: true }), 5)).toEqual([' type']);
  });

  test('by a symbolic link to a folder is refused', async () => {
    const [file, secret] = await outside(() => 'link/secret.yaml');
    await symlink(path.dirname(secret), path.join(path.dirname(file), 'link'));
    await expect(loadContract(file, { strict: true })).rejects.toMatchObject({
      problems: [{ code: 'outside-reference' }],
    });
  });

  test('of a file that is not there is refused for where it would be', async () => {
    expect(await complaintsOf({ 'api/openapi.yaml': referring('../nothing.yaml') })).toEqual([
      'api/openapi.yaml:12:17: the reference reads nothing.yaml, outside the folder of the document. Move the file below the document, or allow it with --allow-outside.',
    ]);
  });

  test('is none where the folder itself is reached by a link', async () => {
    const outer = await folderOf({
      'real/openapi.yaml': referring('s.yaml'),
      'real/s.yaml': 'type: string\n',
    });
    await symlink(path.join(outer, 'real'), path.join(outer, 'link'));
    expect(wrongWith(await loadContract(path.join(outer, 'link')), 5)).toEqual([' type']);
    await writeFile(path.join(outer, 'real', 'openapi.yaml'), referring('gone.yaml'));
    await expect(loadContract(path.join(outer, 'link'), { strict: true })).rejects.toThrow(
      'there is no file',
    );
  });
});

/** A server of files, and the paths that it was asked for. */
async function serverOf(files: Files): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const text = files[request.url ?? ''];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('a reference to another machine', () => {
  const files = {
    '/a/s.yaml': 'properties: { name: { $ref: ../name.json } }\n',
    '/name.json': '{"type":"string"}',
  };

  test('is refused, and nothing is asked of the network', async () => {
    const { url, asked } = await serverOf(files);
    expect(await complaintsOf({ 'openapi.yaml': referring(`${url}/a/s.yaml`) })).toEqual([
      `openapi.yaml:12:17: the reference reads ${url}/a/s.yaml, which is not on this machine. Save it beside the document, or allow it with --allow-remote.`,
    ]);
    expect(asked).toEqual([]);
  });

  test('is fetched when that is asked for, with what it refers to', async () => {
    const { url, asked } = await serverOf(files);
    const contract = await contractOf({ 'openapi.yaml': referring(`${url}/a/s.yaml`) }, { remote: true });
    expect(wrongWith(contract, { name: 5 })).toEqual(['/name type']);
    expect(asked).toEqual(['/a/s.yaml', '/name.json']);
    expect(contract.files.slice(1)).toEqual([`${url}/a/s.yaml`, `${url}/name.json`]);
  });

  test.each<[what: string, reference: (url: string) => string, complaint: (url: string) => string]>([
    ['a status', (url) => `${url}/none`, (url) => `${url}/none answers with status 404. Check the address.`],
    [
      'a server that is not there',
      () => 'http://127.0.0.1:9/',
      () => 'http://127.0.0.1:9/ cannot be read (Error: bad port). Check the address.',
    ],
    [
      'a scheme that is not fetched',
      () => 'ftp://127.0.0.1/s.yaml',
      () =>
        'the reference reads ftp://127.0.0.1/s.yaml, which is neither a file path nor an http address. Save it beside the document, and refer to it by its path.',
    ],
    [
      'a file by address',
      () => 'file:///etc/hosts',
      () =>
        'the reference reads file:///etc/hosts, which is neither a file path nor an http address. Save it beside the document, and refer to it by its path.',
    ],
  ])('fails by %s', async (_, reference, complaint) => {
    const { url } = await serverOf({});
    const options: LoadOptions = { remote: true, outside: true };
    expect(await complaintsOf({ 'openapi.yaml': referring(reference(url)) }, options)).toEqual([
      `openapi.yaml:12:17: ${complaint(url)}`,
    ]);
  });

  test('cannot come back to this one', async () => {
    const { url } = await serverOf({ '/s.yaml': '$ref: file:///etc/hosts\n' });
    expect(await complaintsOf({ 'openapi.yaml': referring(`${url}/s.yaml`) }, { remote: true })).toEqual([
      `${url}/s.yaml:1:1: the reference reads file:///etc/hosts, which is neither a file path nor an http address. Save it beside the document, and refer to it by its path.`,
    ]);
  });
});

describe('OpenAPI 3.0', () => {
  const holding = (schema: string): Files => ({
    'openapi.yaml': `${referring('#/components/schemas/A').replace(head, head30)}components:\n  schemas:\n    A: ${schema}\n    B: { type: string, maxLength: 1 }\n`,
  });

  test.each<[schema: string, good: readonly unknown[], bad: readonly unknown[]]>([
    ['{ type: string, nullable: true }', ['a', null], [5]],
    ['{ type: string, nullable: false }', ['a'], [5, null]],
    ['{ type: string, nullable: true, enum: [a] }', ['a', null], ['b', 5]],
    ['{ type: string, nullable: true, enum: [a, null] }', ['a', null], ['b']],
    ['{ nullable: true }', [null, 'a', 5], []],
    ['{ type: integer, minimum: 3, exclusiveMinimum: true }', [4], [3, 2]],
    ['{ type: integer, minimum: 3, exclusiveMinimum: false }', [3], [2]],
    ['{ type: integer, maximum: 3, exclusiveMaximum: true }', [2], [3]],
    ['{ type: integer, exclusiveMinimum: true }', [-5], []],
    ["{ $ref: '#/components/schemas/B', minLength: 5 }", ['a', ''], ['ab']],
    ["{ type: array, items: { $ref: '#/components/schemas/B', nullable: true } }", [['a']], [[null], ['ab']]],
  ])('means by %s what its specification says', async (schema, good, bad) => {
    const contract = await contractOf(holding(schema));
    for (const value of good) expect([value, wrongWith(contract, value as null)]).toEqual([value, []]);
    for (const value of bad) expect([value, wrongWith(contract, value as null)]).not.toEqual([value, []]);
  });
});

describe.each(['3.0.3', '3.1.1'])('a member for one direction, in OpenAPI %s', (version) => {
  const text = `openapi: ${version}
info: { title: T, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
      responses: { '200': { description: done, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } }
components:
  schemas:
    A:
      type: object
      required: [id, secret, name, made]
      properties:
        id: { type: string, readOnly: true }
        secret: { type: string, writeOnly: true }
        name: { type: string }
        made: { $ref: '#/components/schemas/Made' }
    Made: { type: string, readOnly: true }
`;

  test('is required in that direction alone', async () => {
    const contract = await contractOf({ 'openapi.yaml': text });
    const [operation] = contract.operations;
    const request = operation?.requestBody?.content[0]?.schema;
    const response = operation?.responses[0]?.content[0]?.schema;
    if (request === undefined || response === undefined) throw new TypeError('there are no schemas');
    const missing = (schema: typeof request, direction: 'request' | 'response') =>
      contract.schemas.violations(schema, {}, direction).map(({ pointer }) => pointer);
    expect(missing(request, 'request')).toEqual(['/secret', '/name']);
    expect(missing(response, 'response')).toEqual(['/id', '/name', '/made']);
  });
});

test('a member for one direction may say so beside a reference, in OpenAPI 3.1', async () => {
  const text = `${referring('#/components/schemas/A')}components:
  schemas:
    A: { required: [a], properties: { a: { $ref: '#/components/schemas/B', writeOnly: true } } }
    B: { type: string }
`;
  expect(wrongWith(await contractOf({ 'openapi.yaml': text }), {})).toEqual([]);
  const old = text.replace('3.1.1', '3.0.3');
  expect(wrongWith(await contractOf({ 'openapi.yaml': old }), {})).toEqual(['/a required']);
});
