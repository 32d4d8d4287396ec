/** What is said about a document that cannot be read: where, what is wrong, what to do; all of it at once. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ContractError } from '../../openapi/contract-error.js';
import { loadContract } from '../../openapi/load.js';
import { complaintsOf, type Files, folderOf, head, head30 } from './folders.js';

/** A document, and the lines that are said about it. The file of a line is left out where it is that of the document. */
type Case = readonly [what: string, text: string | Files, complaints: readonly string[]];

async function complaints(text: string | Files): Promise<readonly string[]> {
  const lines = await complaintsOf(typeof text === 'string' ? { 'api.yaml': text } : text);
  return lines.map((line) => line.replace(/^api\.yaml:/, ''));
}

const indented = (text: string, spaces: number): string => text.replace(/^(?=.)/gm, ' '.repeat(spaces));

/** A document with one operation, whose members begin at line 6, column 7. */
const operation = (members: string): string =>
  `${head}paths:\n  /a:\n    get:\n${indented(members, 6)}\n      responses: { '200': { description: done } }\n`;

/** A document with one schema, whose keywords begin at line 7, column 7. */
const schema = (keywords: string): string =>
  `${head}paths: {}\ncomponents:\n  schemas:\n    A:\n${indented(keywords, 6)}\n`;

const old = (text: string): string => text.replace(head, head30);

const unreadable: readonly Case[] = [
  [
    'YAML of uneven indentation',
    'openapi: 3.1.1\ninfo:\n  title: T\n version: 1\n',
    ['4:1: not valid YAML or JSON: All mapping items must start at the same column. Mend the text there.'],
  ],
  [
    'YAML with an open bracket',
    'openapi: 3.1.1\ninfo: { title: T\npaths: {}\n',
    ['3:1: a closing } is missing here. Add it.'],
  ],
  ['YAML with an open quote', 'openapi: "3.1.1\n', ['2:1: a closing " is missing here. Add it.']],
  [
    'JSON with a comma too many',
    { 'api.json': '{\n  "openapi": "3.1.1",\n  "info": { "title": "T",, "version": "1" }\n}\n' },
    ['api.json:3:26: not valid YAML or JSON: Unexpected , in an object. Mend the text there.'],
  ],
  [
    'JSON that breaks off',
    { 'api.json': '{\n  "openapi": "3.1.1", "info": {' },
    ['api.json:2:32: a closing } is missing here. Add it.'],
  ],
  [
    'a name that stands twice',
    `${head}paths: {}\ninfo: {}\n`,
    ['4:1: this name stands here for the second time. Keep one of the two.'],
  ],
  [
    'several at once',
    'a: 1\na: 2\nb: *x\n',
    [
      '2:1: this name stands here for the second time. Keep one of the two.',
      '3:4: there is no anchor &x before this. Add it.',
    ],
  ],
  [
    'an alias within what it names',
    'a: &x { b: [*x] }\n',
    ['1:13: *x stands within what it names. Use a $ref, which may lead back to itself.'],
  ],
  [
    'aliases of aliases without measure',
    `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefg'].map((name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefg'[index]}`).join(', ')}]\n`).join('')}`,
    ['1:1: the aliases of this file stand for too much. Use a $ref instead.'],
  ],
  [
    'two documents in one file',
    `${head}paths: {}\n---\na: 1\n`,
    ['4:1: a second YAML document begins here. Keep one document in a file.'],
  ],
];

const other: readonly Case[] = [
  [
    'nothing',
    '',
    [
      '1:1: this is not an OpenAPI document: it has no "openapi" field. Name one that has, for example openapi: "3.1.1".',
    ],
  ],
  [
    'something else',
    'name: shop\n',
    [
      '1:1: this is not an OpenAPI document: it has no "openapi" field. Name one that has, for example openapi: "3.1.1".',
    ],
  ],
  [
    'a list',
    '- a\n',
    [
      '1:1: this is not an OpenAPI document: it has no "openapi" field. Name one that has, for example openapi: "3.1.1".',
    ],
  ],
  [
    'an older Swagger',
    "info: {}\nswagger: '1.2'\n",
    ['2:1: Swagger 1.2 is not supported. Write swagger: "2.0".'],
  ],
  [
    'another version',
    'info: {}\nopenapi: 3.3.0\n',
    [
      '2:1: OpenAPI 3.3.0 is not supported. Use OpenAPI 3.0, 3.1 or 3.2, with all three numbers, for example "3.1.1".',
    ],
  ],
  [
    'a version of which nothing is known',
    'openapi: 4\n',
    ['1:1: "openapi" must be a string. Write the version as text, for example openapi: "3.1.1".'],
  ],
];

const unknown = 'Check its spelling, remove it, or begin its name with x-.';

/** Each holds for OpenAPI 3.1 and 3.0, unless it is said otherwise. */
const misshapen: readonly (readonly [...Case, in30?: readonly string[]])[] = [
  [
    'no title',
    'openapi: 3.1.1\ninfo:\n  version: 1.0.0\npaths: {}\n',
    ['2:1: "info" has no "title". Add it.'],
  ],
  ['no info', 'openapi: 3.1.1\npaths: {}\n', ['1:1: the document has no "info". Add it.']],
  ['no paths', head, ['1:1: the document has no "paths". Add it.']],
  [
    'a version of the API that is a number, and more',
    'openapi: 3.1.1\ninfo: { title: T, version: 1.0 }\npaths: []\n',
    ['2:19: "version" must be a string. Put it in quotes.', '3:1: "paths" must be an object. Correct it.'],
  ],
  [
    'an unknown field of the document',
    `${head}paths: {}\nother: 1\n`,
    [`4:1: the document has an unknown field "other". ${unknown}`],
  ],
  ['an unknown field', operation('sumary: x'), [`6:7: "get" has an unknown field "sumary". ${unknown}`]],
  [
    'an unknown field beside an error further in',
    operation('sumary: x\ntags: [5]'),
    [
      `6:7: "get" has an unknown field "sumary". ${unknown}`,
      '7:14: "tags[0]" must be a string. Put it in quotes.',
    ],
  ],
  ['a string that is a list', operation('summary: [x]'), ['6:7: "summary" must be a string. Correct it.']],
  ['a list that is a string', operation('tags: x'), ['6:7: "tags" must be an array. Correct it.']],
  [
    'a parameter nowhere',
    operation('parameters:\n  - { name: x, in: qurey, schema: {} }'),
    ['7:22: "in" must be one of "query", "header", "path", "cookie". Correct it.'],
    ['7:22: "in" must be one of "path", "query", "header", "cookie". Correct it.'],
  ],
  [
    'a parameter without a schema',
    operation('parameters:\n  - { name: x, in: query }'),
    ['7:11: "parameters[0]" has neither "schema" nor "content". Add one of them.'],
  ],
  [
    'a parameter with schema and content',
    operation('parameters:\n  - { name: x, in: query, schema: {}, content: { a/b: {} } }'),
    ['7:11: "parameters[0]" has both "schema" and "content". Remove one of them.'],
  ],
  [
    'a parameter of another style',
    operation('parameters:\n  - { name: x, in: query, style: matrix, schema: {} }'),
    ['7:33: "style" must be one of "form", "spaceDelimited", "pipeDelimited", "deepObject". Correct it.'],
  ],
  [
    'a path parameter that may be missing',
    operation('parameters:\n  - { name: x, in: path, schema: {} }').replace('/a', '/{x}'),
    ['7:11: "parameters[0]" is in the path and does not say that it is required. Add required: true.'],
  ],
  [
    'a path without a slash',
    operation('tags: []').replace('/a', 'a'),
    ['4:3: the path "a" does not begin with a slash. Write "/a".'],
  ],
  [
    'a status of two digits',
    operation('tags: []').replace("'200'", "'20'"),
    ['7:20: "20" is no status. Use a status such as "200", a range such as "2XX", or default.'],
  ],
  [
    'a response without a description',
    operation('tags: []').replace('description: done', ''),
    ['7:20: "200" has no "description". Add it.'],
  ],
  [
    'a media type of unknown fields',
    operation('requestBody: { content: { a/b: { shema: {} } } }'),
    [`6:40: "a/b" has an unknown field "shema". ${unknown}`],
  ],
  [
    'security schemes',
    `${head}paths: {}\ncomponents:\n  securitySchemes:\n    a: { type: htpp }\n    b: { type: http }\n    c: { type: apiKey, in: body, name: x }\n`,
    [
      '6:10: "type" must be one of "apiKey", "http", "mutualTLS", "oauth2", "openIdConnect". Correct it.',
      '7:5: "b" has no "scheme". Add it.',
      '8:24: "in" must be one of "query", "header", "cookie". Correct it.',
    ],
    [
      '6:10: "type" must be one of "apiKey", "http", "oauth2", "openIdConnect". Correct it.',
      '7:5: "b" has no "scheme". Add it.',
      '8:24: "in" must be one of "header", "query", "cookie". Correct it.',
    ],
  ],
  [
    'an unknown component',
    `${head}paths: {}\ncomponents:\n  schema: {}\n`,
    [`5:3: "components" has an unknown field "schema". ${unknown}`],
  ],
  [
    'a component of an impossible name',
    `${head}paths: {}\ncomponents:\n  schemas: { 'a b': {} }\n`,
    ['5:14: "a b" in "schemas" is not a valid name. Use letters, digits, ".", "-" and "_" only.'],
    [],
  ],
  [
    'a server without an address',
    `${head}paths: {}\nservers:\n  - description: x\n`,
    ['5:5: "servers[0]" has no "url". Add it.'],
  ],
  [
    'a reference that is no text',
    `${head}paths:\n  /a:\n    get:\n      responses:\n        '200': { $ref: 5 }\n`,
    ['7:18: "$ref" must be a string. Put it in quotes.'],
  ],
  [
    'three in two files',
    {
      'api.yaml': `${head}paths:\n  /b: { get: { sumary: x, responses: { '200': { description: done } } } }\n  /a: { $ref: a.yaml }\nother: 1\n`,
      'a.yaml': "get:\n  responses:\n    '200':\n      descripton: x\n",
    },
    [
      `4:16: "get" has an unknown field "sumary". ${unknown}`,
      `6:1: the document has an unknown field "other". ${unknown}`,
      'a.yaml:3:5: "200" has no "description". Add it.',
      `a.yaml:4:7: "200" has an unknown field "descripton". ${unknown}`,
    ],
  ],
  [
    'what is referred to in another file, told once',
    {
      'api.yaml': `${head}paths:\n  /a: { get: { responses: { '200': { $ref: 'r.yaml#/a' }, '400': { $ref: 'r.yaml#/a' } } } }\n`,
      'r.yaml': 'a: {}\n',
    },
    ['r.yaml:1:1: "a" has no "description". Add it.'],
  ],
  [
    'a reference to something else',
    {
      'api.yaml': `${head}paths:\n  /a: { get: { responses: { '200': { $ref: 'r.txt' } } } }\n`,
      'r.txt': 'hello\n',
    },
    ['r.txt:1:1: the file must be an object. Correct it.'],
  ],
];

const nowhere = 'leads nowhere. Check its spelling, or add what it names.';
const circle = 'leads back to itself. Replace one of the references by what is meant.';

const references: readonly Case[] = [
  [
    'a reference to nothing',
    schema("$ref: '#/components/schemas/B'"),
    [`7:7: the reference "#/components/schemas/B" ${nowhere}`],
  ],
  [
    'a reference to nothing in another file',
    { 'api.yaml': schema('$ref: b.yaml#/B'), 'b.yaml': 'A: {}\n' },
    [`7:7: the reference "b.yaml#/B" ${nowhere}`],
  ],
  [
    'a reference to a file that is not there',
    schema('$ref: b.yaml#/B'),
    ['7:7: there is no file b.yaml. Check its path.'],
  ],
  [
    'a reference to a folder',
    { 'api.yaml': schema('$ref: b'), 'b/c.yaml': '' },
    ['7:7: b is a folder. Name a file in it.'],
  ],
  [
    'references to a file of wrong syntax, told once and there',
    { 'api.yaml': schema('anyOf: [{ $ref: b.yaml#/A }, { $ref: b.yaml#/B }]'), 'b.yaml': 'A: {}\nA: {}\n' },
    ['b.yaml:2:1: this name stands here for the second time. Keep one of the two.'],
  ],
  [
    'a reference that a file refers on to',
    { 'api.yaml': schema('$ref: b.yaml'), 'b.yaml': '$ref: c.yaml\n' },
    ['b.yaml:1:1: there is no file c.yaml. Check its path.'],
  ],
  [
    'a reference to itself',
    schema("$ref: '#/components/schemas/A'"),
    [`7:7: the reference "#/components/schemas/A" ${circle}`],
  ],
  [
    'references in a ring of files',
    { 'api.yaml': schema('$ref: b.yaml'), 'b.yaml': '$ref: c.yaml\n', 'c.yaml': '$ref: b.yaml\n' },
    [
      `7:7: the reference "b.yaml" ${circle}`,
      `b.yaml:1:1: the reference "c.yaml" ${circle}`,
      `c.yaml:1:1: the reference "b.yaml" ${circle}`,
    ],
  ],
  [
    'a reference to an anchor',
    schema("$ref: '#name'"),
    [
      '7:7: the reference "#name" names an anchor that no schema has. Refer by JSON Pointer, for example "#/components/schemas/Name".',
    ],
  ],
  [
    'a dynamic reference to an anchor',
    schema("$dynamicRef: '#name'"),
    [
      '7:7: the reference "#name" names an anchor that no schema has. Refer by JSON Pointer, for example "#/components/schemas/Name".',
    ],
  ],
  [
    'references of every kind, with an error of another kind',
    `${head}paths:
  /a:
    parameters: [{ $ref: '#/1' }]
    get:
      requestBody: { $ref: '#/2' }
      responses: { '200': { description: done, headers: { A: { $ref: '#/3' } }, links: { A: { $ref: '#/4' } } } }
      callbacks: { A: { $ref: '#/5' } }
  /b: { $ref: '#/6' }
components:
  responses: { A: { $ref: '#/7' } }
  examples: { A: { $ref: '#/8' } }
  securitySchemes: { A: { $ref: '#/9' } }
other: 1
`,
    [
      ...['5:20 1', '7:22 2', '8:64 3', '8:95 4', '9:25 5', '10:9 6', '12:21 7', '13:20 8', '14:27 9'].map(
        (line) => {
          const [at, number] = line.split(' ');
          return `${at}: the reference "#/${number}" ${nowhere}`;
        },
      ),
      `15:1: the document has an unknown field "other". ${unknown}`,
    ],
  ],
];

const senseless: readonly Case[] = [
  [
    'a path parameter that is not described',
    operation('tags: []').replace('/a', '/{a}/{b}'),
    [
      '5:5: the path parameter {a} of GET /{a}/{b} is not described. Add a parameter "a" with in: path.',
      '5:5: the path parameter {b} of GET /{a}/{b} is not described. Add a parameter "b" with in: path.',
    ],
  ],
  [
    'a path parameter that is not in the path, where it is used',
    `${operation("parameters: [{ $ref: '#/components/parameters/B' }]")}components: { parameters: { B: { name: b, in: path, required: true, schema: {} } } }\n`,
    ['6:20: the path /a has no {b}. Correct the name or the path.'],
  ],
  [
    'a parameter without a name',
    operation('parameters: [{ in: query, schema: {} }]'),
    ['6:20: the parameter has no "name". Add it.'],
  ],
  [
    'a parameter described twice',
    operation(
      'parameters:\n  - { name: a, in: query, schema: {} }\n  - { name: a, in: header, schema: {} }\n  - { name: a, in: query, schema: {} }',
    ),
    ['9:11: the parameter "a" in the query is described twice. Keep one of the two.'],
  ],
  [
    'two paths of one shape with one method',
    `${head}paths:\n${['a/{b}', 'c', 'a/{d}'].map((path) => `  /${path}: { get: { parameters: [${path.length > 1 ? `{ in: path, name: ${path.at(-2)}, required: true, schema: {} }` : ''}], responses: {} } }\n`).join('')}`,
    ['6:3: "/a/{d}" and "/a/{b}" match the same paths. Keep one of them.'],
  ],
  [
    'an operationId used twice',
    `${head}paths:\n  /a:\n    get: { operationId: a, responses: {} }\n    put: { operationId: b, responses: {} }\n    post: { operationId: a, responses: {} }\n`,
    ['7:13: the operationId "a" is that of GET /a already. Choose another.'],
  ],
  [
    'a security scheme that is not there',
    operation('security:\n  - {}\n  - { b: [], c: [] }'),
    [
      '8:13: there is no security scheme "b". Add it to components/securitySchemes.',
      '8:20: there is no security scheme "c". Add it to components/securitySchemes.',
    ],
  ],
  [
    'a security scheme that is not there, for all operations',
    `${operation('tags: []')}security: [{ b: [] }]\ncomponents: { securitySchemes: { a: { type: http, scheme: basic } } }\n`,
    ['8:14: there is no security scheme "b". Add it to components/securitySchemes, or use one of: a.'],
  ],
  [
    'an inferred schema without a reason',
    schema('x-provenance: inferred'),
    ['7:7: inferred, and no "x-reason" says from what. Add it.'],
  ],
  [
    'an example of unknown provenance',
    `${operation('tags: []')}components: { examples: { a: { value: 1, x-provenance: guessed } } }\n`,
    ['8:42: "x-provenance" must be "documented" or "inferred". Correct it.'],
  ],
];

const types = '"array", "boolean", "integer", "null", "number", "object", "string"';

const schemas: readonly Case[] = [
  ['an unknown type', schema('type: strin'), [`7:7: "type" must be one of ${types}. Correct it.`]],
  [
    'an unknown type among others',
    schema('type: [string, nul]'),
    [`7:22: "type[1]" must be one of ${types}. Correct it.`],
  ],
  ['no regular expression', schema("pattern: '('"), ['7:7: "(" is not a regular expression. Correct it.']],
  [
    'no regular expression as a name',
    schema("patternProperties: { '[': {} }"),
    ['7:28: "[" is not a regular expression. Correct it.'],
  ],
  [
    'several',
    schema('properties:\n  a: { minimum: "1" }\n  b: 5\nrequired: a\nanyOf: []'),
    [
      '8:14: "minimum" must be a number. Correct it.',
      '9:9: "b" must be an object or a boolean. Correct it.',
      '10:7: "required" must be an array. Correct it.',
      '11:7: "anyOf" must not be empty. Correct it.',
    ],
  ],
  [
    'a bound of OpenAPI 3.0',
    schema('exclusiveMinimum: true'),
    ['7:7: "exclusiveMinimum" must be a number. Correct it.'],
  ],
  ['a length below nothing', schema('minLength: -1'), ['7:7: "minLength" must be >= 0. Correct it.']],
  [
    'a name required twice',
    schema('required: [a, a]'),
    ['7:7: "required" has the same item twice. Correct it.'],
  ],
  [
    'a lifetime that is none',
    schema('type: string\nformat: date-time\nx-lifetime: 10 days'),
    ['9:7: "10 days" is not a duration. Write ISO 8601, for example PT10M.'],
  ],
  [
    'one that applies itself without end',
    `${schema("properties: { a: { $ref: '#/components/schemas/A' } }\nallOf: [{ anyOf: [{}, { $ref: '#/components/schemas/B' }] }]")}    B: { if: { $ref: '#/components/schemas/A' } }\n`,
    [
      '9:16: the reference applies the schema that it stands in to the same value, without end. Refer from a member or an item, or leave out one of the references.',
    ],
  ],
  [
    'one in a file that is referred to',
    { 'api.yaml': schema('items: { $ref: b.yaml#/B }'), 'b.yaml': 'A: { type: strin }\nB:\n  type: strin\n' },
    [`b.yaml:3:3: "type" must be one of ${types}. Correct it.`],
  ],
];

describe.each<[what: string, cases: readonly Case[]]>([
  ['text that cannot be read', unreadable],
  ['no OpenAPI document', other],
  ['a document of wrong form', misshapen.map(([what, text, lines]) => [what, text, lines])],
  [
    'a document of wrong form, in OpenAPI 3.0',
    misshapen.map(([what, text, lines, in30]) => [
      what,
      typeof text === 'string'
        ? text.replace('3.1.1', '3.0.3')
        : { ...text, 'api.yaml': old(text['api.yaml'] ?? '') },
      in30 ?? lines,
    ]),
  ],
  ['a reference that cannot be followed', references],
  ['a document that makes no sense', senseless],
  ['a schema that is none', schemas],
])('of %s it is said', (_, cases) => {
  test.each(cases)('%s', async (_, text, lines) => {
    expect(await complaints(text)).toEqual(lines);
  });
});

test('a regular expression that is none is found in OpenAPI 3.0, too', async () => {
  expect(await complaints(old(schema("pattern: '('")))).toEqual([
    '7:7: "(" is not a regular expression. Correct it.',
  ]);
});

describe('a ContractError', () => {
  const text = operation('sumary: x').replace('title: T, ', '');

  test('holds each problem as data, with a place that is in the text', async () => {
    const folder = await folderOf({ 'api.yaml': text });
    const file = path.join(folder, 'api.yaml');
    const error: unknown = await loadContract(file, { strict: true }).catch((reason: unknown) => reason);
    if (!(error instanceof ContractError)) throw error;
    expect(error.name).toBe('ContractError');
    expect(error.problems).toEqual([
      {
        code: 'invalid-document',
        what: '"info" has no "title"',
        fix: 'Add it',
        location: { file, line: 2, column: 1 },
      },
      {
        code: 'invalid-document',
        what: '"get" has an unknown field "sumary"',
        fix: 'Check its spelling, remove it, or begin its name with x-',
        location: { file, line: 6, column: 7 },
      },
    ]);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines[5]?.slice(6)).toBe('sumary: x');
  });

  test.each<[code: string, text: string]>([
    ['syntax', 'a: ['],
    ['not-openapi', 'a: 1'],
    ['unsupported-version', "openapi: '4.0.0'"],
    ['invalid-document', head],
    ['invalid-schema', schema('type: strin')],
    ['invalid-rule', `${head}paths: {}\nx-state: []\n`],
    ['unresolved-reference', schema("$ref: '#/x'")],
    ['unreadable', schema('$ref: x.yaml')],
    ['remote-reference', schema('$ref: http://example.com/')],
    ['outside-reference', schema('$ref: ../x.yaml')],
    [
      'ambiguous-path',
      `${head}paths: { '/a{a}': { parameters: [{ in: path, name: a, required: true, schema: {} }], get: { responses: {} } }, '/a{b}': { parameters: [{ in: path, name: b, required: true, schema: {} }], get: { responses: {} } } }\n`,
    ],
  ])('says of what kind the problem is: %s', async (code, document) => {
    const folder = await folderOf({ 'openapi.yaml': document });
    await expect(loadContract(folder, { strict: true })).rejects.toMatchObject({ problems: [{ code }] });
  });
});
