/** Violations of a schema: where in the value, which keyword, in what words, and where the schema says so. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { locate, parseSource } from '../../openapi/document/locate.js';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import type { Dialect, Direction } from '../../openapi/schema/dialect.js';
import { createSchemas, type Schemas, type SchemaViolation } from '../../openapi/schema/schema.js';

const file = 'schemas.yaml';

type Open = { readonly documents: Documents; readonly schemas: Schemas };

/** The schemas of a YAML text, or of a value; nothing has looked at them before. */
function open(text: string | JsonObject, dialect: Dialect = '3.1'): Open {
  const source = parseSource(file, typeof text === 'string' ? text : JSON.stringify(text));
  const documents: Documents = { root: file, sources: new Map([[file, source]]) };
  return { documents, schemas: createSchemas(documents, dialect) };
}

const place = (pointer: string) => ({ file, pointer });

/** What is wrong with a value by the schema named A: `pointer keyword: message`. */
function found(
  text: string | JsonObject,
  value: Json,
  dialect?: Dialect,
  direction: Direction = 'request',
): readonly string[] {
  return open(text, dialect)
    .schemas.violations(place('/A'), value, direction)
    .map(({ pointer, keyword, message }) => `${pointer} ${keyword}: ${message}`);
}

type Case = readonly [schema: string, value: Json, violations: readonly string[]];

const keywords: readonly Case[] = [
  ['{ type: integer }', 'x', [' type: must be of type integer']],
  ['{ type: integer }', 1.5, [' type: must be of type integer']],
  ['{ type: [string, "null"] }', 5, [' type: must be of type string or null']],
  ['{ const: a }', 'b', [' const: must be "a"']],
  ['{ const: { a: [1] } }', { a: [2] }, [' const: must be {"a":[1]}']],
  ['{ enum: [a, 1, null] }', 'b', [' enum: must be one of "a", 1, null']],
  ['{ minLength: 2 }', 'a', [' minLength: must not have fewer than 2 characters']],
  ['{ maxLength: 1 }', 'ab', [' maxLength: must not have more than 1 characters']],
  ['{ pattern: "^a" }', 'b', [' pattern: must match pattern "^a"']],
  ['{ format: date-time }', 'today', [' format: must match format "date-time"']],
  ['{ minimum: 3 }', 2, [' minimum: must be >= 3']],
  ['{ maximum: 3 }', 4, [' maximum: must be <= 3']],
  ['{ exclusiveMinimum: 3 }', 3, [' exclusiveMinimum: must be > 3']],
  ['{ exclusiveMaximum: 3 }', 3, [' exclusiveMaximum: must be < 3']],
  ['{ multipleOf: 0.01 }', 1.005, [' multipleOf: must be multiple of 0.01']],
  ['{ required: [a, b/c] }', {}, ['/a required: is required', '/b~1c required: is required']],
  ['{ properties: { a~b: { type: string } } }', { 'a~b': 1 }, ['/a~0b type: must be of type string']],
  ['{ properties: { a: false } }', { a: 1 }, ['/a not: is not allowed']],
  [
    '{ properties: { a: {} }, additionalProperties: false }',
    { a: 1, b: 1, c: 1 },
    ['/b additionalProperties: is not a known member', '/c additionalProperties: is not a known member'],
  ],
  ['{ additionalProperties: { type: string } }', { a: 1 }, ['/a type: must be of type string']],
  ['{ patternProperties: { ^x: { type: string } } }', { x1: 1 }, ['/x1 type: must be of type string']],
  [
    '{ allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }',
    { a: 1, b: 1 },
    ['/b unevaluatedProperties: is not a known member'],
  ],
  [
    '{ propertyNames: { pattern: "^a" } }',
    { b: 1, a: 1 },
    ['/b pattern: has a name that must match pattern "^a"'],
  ],
  ['{ minProperties: 1 }', {}, [' minProperties: must not have fewer than 1 properties']],
  ['{ maxProperties: 0 }', { a: 1 }, [' maxProperties: must not have more than 0 properties']],
  [
    '{ dependentRequired: { a: [b] } }',
    { a: 1 },
    ['/b dependentRequired: must have property b when property a is present'],
  ],
  ['{ dependentSchemas: { a: { required: [b] } } }', { a: 1 }, ['/b required: is required']],
  ['{ items: { type: string } }', ['a', 1], ['/1 type: must be of type string']],
  [
    '{ prefixItems: [{ type: string }], items: false }',
    [1, 2],
    ['/0 type: must be of type string', ' items: must not have more than 1 items'],
  ],
  ['{ minItems: 2 }', [1], [' minItems: must not have fewer than 2 items']],
  ['{ maxItems: 1 }', [1, 2], [' maxItems: must not have more than 1 items']],
  ['{ uniqueItems: true }', [{ a: 1 }, { a: 1 }], [' uniqueItems: has the same item twice']],
  [
    '{ contains: { type: string, minLength: 2 } }',
    [1, 'a'],
    [' contains: must contain at least 1 valid item(s)'],
  ],
  ['{ not: { type: string } }', 'a', [' not: fits what is ruled out']],
  [
    '{ if: { required: [a] }, then: { required: [b] }, else: { required: [c] } }',
    { a: 1 },
    ['/b required: is required'],
  ],
  [
    '{ if: { required: [a] }, then: { required: [b] }, else: { required: [c] } }',
    {},
    ['/c required: is required'],
  ],
  ['false', 1, [' false schema: is not allowed']],
  [
    '{ type: object, required: [a], properties: { b: { type: string, minLength: 3 } } }',
    { b: '' },
    ['/a required: is required', '/b minLength: must not have fewer than 3 characters'],
  ],
];

describe('a value breaks', () => {
  test.each(keywords)('%s: %j', (schema, value, violations) => {
    expect(found(`A: ${schema}\n`, value)).toEqual(violations);
  });
});

describe('every violation tells the line of its keyword', () => {
  const text = `A:
  type: object
  required: [id]
  properties:
    id:
      type: integer
      minimum: 1
    name:
      $ref: '#/Name'
    kind:
      oneOf:
        - type: string
        - type: integer
          maximum: 3
  additionalProperties: false
Name:
  type: string
  pattern: ^[a-z]+$
`;
  const { documents, schemas } = open(text);
  const lineOf = ({ schema }: SchemaViolation): number => {
    const source = documents.sources.get(schema.file);
    return source === undefined ? 0 : locate(source, schema.pointer).line;
  };

  test.each<[value: Json, lines: readonly number[]]>([
    [5, [2]],
    [{}, [3]],
    [{ id: 'x' }, [6]],
    [{ id: 0 }, [7]],
    [{ id: 1, name: 5 }, [17]],
    [{ id: 1, name: '5' }, [18]],
    [{ id: 1, kind: 4 }, [14]],
    [{ id: 1, kind: null }, [11]],
    [{ id: 1, other: 1 }, [15]],
    [{ name: 'A', other: 1 }, [3, 15, 18]],
  ])('%j: %j', (value, lines) => {
    const violations = schemas.violations(place('/A'), value, 'request');
    expect(violations.map(lineOf).sort((a, b) => a - b)).toEqual(lines);
  });
});

/** Alternatives: what is meant, where that can be told. */
const cat =
  '{ type: object, required: [kind], properties: { kind: { const: cat }, lives: { type: integer } } }';
const dog =
  '{ type: object, required: [kind], properties: { kind: { const: dog }, name: { type: string } } }';
const pets = `{ oneOf: [${cat}, ${dog}] }`;
const discriminated = `{ oneOf: [{ $ref: '#/Cat' }, { $ref: '#/Dog' }], discriminator: { propertyName: kind } }\nCat: ${cat}\nDog: ${dog}`;
const maybe = `{ anyOf: [{ $ref: '#/Cat' }, { type: 'null' }] }\nCat: ${cat}`;
const none = ' oneOf: fits none of the alternatives';

const choices: readonly Case[] = [
  [pets, { kind: 'cat', lives: 'x' }, ['/lives type: must be of type integer']],
  [pets, { kind: 'dog', name: 5, lives: 'x' }, ['/name type: must be of type string']],
  [pets, { kind: 'cow' }, [none]],
  [pets, {}, [none]],
  [pets, 'cat', [' type: must be of type object']],
  [discriminated, { kind: 'cat', lives: 'x' }, ['/lives type: must be of type integer']],
  [discriminated, { kind: 'dog', lives: 'x' }, []],
  [discriminated, { kind: 'cow', lives: 'x' }, ['/kind enum: must be one of "cat", "dog"']],
  [discriminated, {}, ['/kind required: is required']],
  [discriminated, 'cat', [' type: must be of type object']],
  [maybe, null, []],
  [maybe, { kind: 'cat', lives: 'x' }, ['/lives type: must be of type integer']],
  [maybe, {}, ['/kind required: is required']],
  [maybe, 5, [' type: must be of type object or null']],
  ['{ anyOf: [{ type: string }, { type: "null" }] }', 5, [' type: must be of type string or null']],
  [
    '{ anyOf: [{ type: string, minLength: 3 }, { type: integer, minimum: 3 }] }',
    'a',
    [' minLength: must not have fewer than 3 characters'],
  ],
  ['{ anyOf: [{ minLength: 3 }, { pattern: x }] }', 'a', [' anyOf: fits none of the alternatives']],
  ['{ oneOf: [{ type: string }, { minLength: 1 }] }', 'ab', [' oneOf: fits more than one alternative']],
  ['{ oneOf: [{ enum: [a] }, { enum: [b] }] }', 'c', [none]],
  ['{ oneOf: [{ required: [a] }, { required: [b] }] }', {}, [none]],
  // Within alternatives.
  [
    '{ properties: { p: { anyOf: [{ type: object, properties: { q: { oneOf: [{ type: integer, minimum: 3 }, { type: "null" }] } } }, { type: string }] } } }',
    { p: { q: 1 } },
    ['/p/q minimum: must be >= 3'],
  ],
  [
    '{ properties: { p: { anyOf: [{ type: object, properties: { q: { oneOf: [{ type: integer, minimum: 3 }, { type: "null" }] } } }, { type: string }] } } }',
    { p: { q: 'x' } },
    ['/p/q type: must be of type integer or null'],
  ],
  [
    '{ anyOf: [{ oneOf: [{ minimum: 5 }, { minimum: 6 }] }, { minimum: 7 }] }',
    1,
    [' anyOf: fits none of the alternatives'],
  ],
  [
    '{ items: { anyOf: [{ type: string }, { type: "null" }] } }',
    ['a', 1, null, {}],
    ['/1 type: must be of type string or null', '/3 type: must be of type string or null'],
  ],
  [
    '{ contains: { anyOf: [{ type: string }, { type: "null" }] } }',
    [1, 2],
    [' contains: must contain at least 1 valid item(s)'],
  ],
  // Beside a choice.
  [
    `{ required: [id], oneOf: [${cat}, ${dog}] }`,
    { kind: 'cat', lives: 'x' },
    ['/lives type: must be of type integer', '/id required: is required'],
  ],
  [
    `{ allOf: [{ $ref: '#/Base' }], oneOf: [{ $ref: '#/Cat' }, { type: array }] }\nBase: { required: [id] }\nCat: ${cat}`,
    { kind: 'cow' },
    [none, '/id required: is required'],
  ],
  [
    `{ allOf: [{ $ref: '#/Cat' }], oneOf: [{ $ref: '#/Cat' }, { type: array }] }\nCat: ${cat}`,
    { kind: 'cat', lives: 'x' },
    ['/lives type: must be of type integer'],
  ],
  [
    '{ properties: { a: { type: string } }, anyOf: [{ required: [b] }, { required: [c] }] }',
    { a: 1 },
    [' anyOf: fits none of the alternatives', '/a type: must be of type string'],
  ],
  [
    '{ anyOf: [{ required: [a] }, { required: [b] }], oneOf: [{ type: array }, { type: object, required: [z] }] }',
    {},
    [' anyOf: fits none of the alternatives', '/z required: is required'],
  ],
  // What is known follows from a choice that nothing fits.
  [
    '{ oneOf: [{ properties: { a: { type: string } }, required: [a] }, { properties: { b: {} }, required: [b] }], unevaluatedProperties: false }',
    { a: 1 },
    [none],
  ],
];

describe('of alternatives only the meant one is told', () => {
  test.each(choices)('%s: %j', (schema, value, violations) => {
    expect(found(`A: ${schema}\n`, value)).toEqual(violations);
  });
});

describe('the alternatives of a schema', () => {
  test.each<[schema: string, pointers: readonly string[]]>([
    ['{ oneOf: [{}, {}] }', ['/A/oneOf/0', '/A/oneOf/1']],
    ['{ anyOf: [{}] }', ['/A/anyOf/0']],
    ["{ $ref: '#/B' }\nB: { oneOf: [{}] }", ['/B/oneOf/0']],
    ['{ allOf: [{}] }', []],
    ['true', []],
  ])('%s are %j', (schema, pointers) => {
    expect(open(`A: ${schema}\n`).schemas.alternatives(place('/A'))).toEqual(pointers.map(place));
  });
});

/** Schemas with values of either verdict: held against another use of Ajv, which sees the schema as it is written. */
const verdicts: readonly (readonly [schema: Json, values: readonly Json[]])[] = [
  [{ type: 'string', minLength: 1, maxLength: 3 }, ['', 'a', 'abcd', '😀😀😀', 5]],
  [{ pattern: '^.$' }, ['a', '😀', 'ab']],
  [{ pattern: '^\\p{L}+$' }, ['é', 'ж', '1']],
  [{ multipleOf: 0.25 }, [0.5, 0.3, 7]],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, [0, 0.5, 1, 1.1]],
  [{ enum: [{ a: [1, null] }, 'x'] }, [{ a: [1, null] }, { a: [1] }, 'x', 'y']],
  [
    { required: ['__proto__', 'toString'] },
    [{}, { toString: 1 }, JSON.parse('{"__proto__":1,"toString":2}')],
  ],
  [{ properties: { constructor: { type: 'string' } } }, [{}, { constructor: 1 }, { constructor: 'x' }]],
  [
    { additionalProperties: { type: 'integer' }, patternProperties: { '^s': { type: 'string' } } },
    [{ a: 1, s: 'x' }, { s: 1 }, { a: 'x' }],
  ],
  [
    { prefixItems: [{ type: 'string' }, { type: 'integer' }], items: { type: 'boolean' } },
    [['a', 1, true], ['a'], [1], ['a', 1, 1]],
  ],
  [{ contains: { const: 1 }, minContains: 2, maxContains: 3 }, [[1], [1, 1], [1, 1, 1, 1], []]],
  [
    { uniqueItems: true },
    [
      [1, '1'],
      [[1], [1]],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  [{ oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, [2, 3, 6, 1, 'x']],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/A' } }] }, ['a', [['a'], []], [[1]], 5]],
  [{ not: { required: ['a'], properties: { a: { const: 1 } } } }, [{ a: 1 }, { a: 2 }, {}]],
  [
    JSON.parse('{ "if": { "type": "string" }, "then": { "minLength": 2 }, "else": { "minimum": 2 } }'),
    ['a', 'ab', 1, 2, null],
  ],
  [
    { dependentSchemas: { a: { required: ['b'] } }, dependentRequired: { b: ['c'] } },
    [{ a: 1 }, { a: 1, b: 1 }, { a: 1, b: 1, c: 1 }],
  ],
  [
    {
      allOf: [{ properties: { a: true } }, { anyOf: [{ properties: { b: true }, required: ['b'] }, true] }],
      unevaluatedProperties: false,
    },
    [{ a: 1 }, { a: 1, b: 1 }, { c: 1 }],
  ],
  [{ prefixItems: [true], unevaluatedItems: false }, [[1], [1, 2]]],
  [{ propertyNames: { enum: ['a', 'b'] } }, [{ a: 1 }, { c: 1 }]],
  [
    {
      type: 'object',
      properties: { next: { $ref: '#/A' }, value: { type: 'integer' } },
      required: ['value'],
    },
    [
      { value: 1, next: { value: 2 } },
      { value: 1, next: {} },
    ],
  ],
  [
    {
      discriminator: { propertyName: 't' },
      oneOf: [
        { type: 'object', required: ['t'], properties: { t: { const: 'a' }, x: { type: 'string' } } },
        { type: 'object', required: ['t'], properties: { t: { enum: ['b', 'c'] } } },
      ],
    },
    [{ t: 'a' }, { t: 'a', x: 1 }, { t: 'b', x: 1 }, { t: 'd' }, {}, 'a', null],
  ],
  [
    {
      discriminator: { propertyName: 't' },
      oneOf: [
        { required: ['t'], properties: { t: { const: 'a' } } },
        { required: ['t', 'u'], properties: { t: { const: 'a' } } },
      ],
    },
    [{ t: 'a' }, { t: 'a', u: 1 }, { t: 'b' }],
  ],
  ...[
    'date-time',
    'date',
    'time',
    'duration',
    'email',
    'hostname',
    'ipv4',
    'ipv6',
    'uri',
    'uuid',
    'regex',
    'json-pointer',
    'byte',
    'int32',
    'otp',
  ].map((format): readonly [Json, readonly Json[]] => [
    { format },
    [
      '2024-02-29T10:00:00Z',
      '2023-02-29',
      '2024-02-29',
      '10:00:00Z',
      'PT10M',
      'a@b.example',
      'a.example',
      '1.2.3.4',
      '::1',
      'https://a.example/',
      'b26f596d-d960-46ec-baf6-c7930d935120',
      '(',
      '/a~0',
      'YQ==',
      2147483648,
      5,
      '',
      ' ',
    ],
  ]),
];

describe('a verdict is that of a plain validator', () => {
  test.each(verdicts)('for %j', (schema, values) => {
    const ajv = new Ajv2020({ strict: false, logger: false, ownProperties: true });
    formats.default(ajv);
    const document: JsonObject = { A: schema };
    const plain = ajv.compile({ ...document, $ref: '#/A' });
    const verdictsOf = (isValid: (value: Json) => boolean) => values.map((value) => [value, isValid(value)]);
    expect(verdictsOf((value) => found(document, value).length === 0)).toEqual(
      verdictsOf((value) => plain(value) === true),
    );
  });

  test('of both kinds for each of them', () => {
    const oneSided = verdicts.filter(([schema, values]) => {
      const isValid = values.map((value) => found({ A: schema }, value).length === 0);
      return !isValid.includes(true) || !isValid.includes(false);
    });
    expect(oneSided.map(([schema]) => schema)).toEqual([{ format: 'otp' }]);
  });
});

describe('more than a plain validator', () => {
  test.each<[what: string, schema: string, good: Json, bad: Json]>([
    ['takes cents for what they are', '{ multipleOf: 0.01 }', 19.99, 19.999],
    ['reads a pattern that is no Unicode expression', "{ pattern: '^[\\w-.]+$' }", 'a-b.c', 'a b'],
    ['reads an escape that Unicode expressions do not have', "{ pattern: '^\\@\\-$' }", '@-', 'x'],
  ])('it %s', (_, schema, good, bad) => {
    expect(found(`A: ${schema}\n`, good)).toEqual([]);
    expect(found(`A: ${schema}\n`, bad)).toHaveLength(1);
  });

  test.each<[schema: string, good: Json, bad: Json]>([
    ['{ enum: [{ toString: 1 }] }', { toString: 1 }, { toString: 2 }],
    ['{ const: { valueOf: x } }', { valueOf: 'x' }, { valueOf: 'y' }],
    [
      '{ uniqueItems: true }',
      [{ toString: 1, constructor: 2 }, { toString: 1 }],
      [
        { toString: 1, valueOf: 2 },
        { valueOf: 2, toString: 1 },
      ],
    ],
  ])('it compares members that are called as those of every object are: %s', (schema, good, bad) => {
    expect(found(`A: ${schema}\n`, good)).toEqual([]);
    expect(found(`A: ${schema}\n`, bad)).toHaveLength(1);
  });

  test('it passes over keywords that are for others', () => {
    const text =
      'A: { $id: x, $anchor: y, $comment: z, x-own: 1, xml: {}, externalDocs: {}, deprecated: true, example: 1, default: [] }\n';
    expect(found(text, 5)).toEqual([]);
  });
});

describe('OpenAPI 3.0', () => {
  test.each<[schema: string, value: Json, violations: readonly string[]]>([
    ['{ type: integer, minimum: 3, exclusiveMinimum: true }', 3, [' exclusiveMinimum: must be > 3']],
    ['{ type: integer, maximum: 3, exclusiveMaximum: true }', 3, [' exclusiveMaximum: must be < 3']],
    ['{ type: string, nullable: true }', 5, [' type: must be of type string or null']],
    ["{ $ref: '#/B', minLength: 5 }\nB: { type: string }", '', []],
    ['{ items: { type: string, nullable: true } }', [null], []],
  ])('is brought to JSON Schema: %s', (schema, value, violations) => {
    expect(found(`A: ${schema}\n`, value, '3.0')).toEqual(violations);
  });
});

describe('a schema', () => {
  test('is compiled when a value comes to it: what is not touched costs nothing', () => {
    let looks = 0;
    const b: JsonObject = { type: 'string' };
    const watched = new Proxy(b, {
      ownKeys: (target) => {
        looks += 1;
        return Reflect.ownKeys(target);
      },
    });
    const value: JsonObject = { A: { properties: { b: { $ref: '#/B' } } }, B: watched };
    const source = { ...parseSource(file, '{}'), value };
    const schemas = createSchemas({ root: file, sources: new Map([[file, source]]) }, '3.1');
    expect(schemas.violations(place('/A'), { a: 1 }, 'request')).toEqual([]);
    expect(looks).toBe(0);
    expect(schemas.violations(place('/A'), { b: 1 }, 'request')).toHaveLength(1);
    expect(looks).toBe(1);
    expect(schemas.violations(place('/A'), { b: 'x' }, 'request')).toEqual([]);
    expect(looks).toBe(1);
  });

  test('is the same by whatever object its place is told', () => {
    const { schemas } = open('A: { type: string }\n');
    for (let count = 0; count < 3; count += 1)
      expect(schemas.violations(place('/A'), 5, 'request')).toHaveLength(1);
  });

  test('holds for each direction by itself', () => {
    const text = 'A: { required: [a, b], properties: { a: { readOnly: true }, b: { writeOnly: true } } }\n';
    expect(found(text, {}, '3.1', 'request')).toEqual(['/b required: is required']);
    expect(found(text, {}, '3.1', 'response')).toEqual(['/a required: is required']);
  });

  test('may refer onwards through many others', () => {
    const chain = Array.from({ length: 800 }, (_, index) => [`S${index}`, { $ref: `#/S${index + 1}` }]);
    const document: JsonObject = {
      A: { $ref: '#/S0' },
      ...Object.fromEntries(chain),
      S800: { type: 'string' },
    };
    expect(found(document, 5)).toEqual([' type: must be of type string']);
  });

  test('is not changed by being read', () => {
    const { documents, schemas } = open(`A: ${discriminated}\n`);
    const before = JSON.stringify([...documents.sources.values()].map(({ value }) => value));
    schemas.violations(place('/A'), { kind: 'cat', lives: 'x' }, 'request');
    const values = [...documents.sources.values()].map(({ value }) => value);
    expect(values.every(isObject)).toBe(true);
    expect(JSON.stringify(values)).toBe(before);
  });
});
