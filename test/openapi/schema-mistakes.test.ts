/** Schemas with mistakes: what means nothing is left out, what is plainly meant is read, and all else still counts. */

import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import type { Json } from '../../openapi/json.js';
import type { Dialect } from '../../openapi/schema/dialect.js';
import { createSchemas } from '../../openapi/schema/schema.js';

/** The keywords by which the schema named A refuses a value. */
function refusals(text: string, value: Json, dialect: Dialect): readonly string[] {
  const root = '/contract/openapi.yaml';
  const files = [
    parseSource(root, "components: { schemas: { A: { $ref: 'schemas.yaml#/A' } } }"),
    parseSource('/contract/schemas.yaml', `A: ${text}\n`),
  ];
  const documents: Documents = { root, sources: new Map(files.map((source) => [source.file, source])) };
  const at = { file: root, pointer: '/components/schemas/A' };
  const found = createSchemas(documents, dialect).violations(at, value, 'response');
  return found.map(({ keyword }) => keyword);
}

type Row = readonly [schema: string, taken: Json, refused: Json, by: string];

/** What stands there, a value that is taken, a value that is refused, and the keyword that refuses it. */
const rows: readonly Row[] = [
  // Types.
  ['{ type: any, minLength: 2 }', 5, 'a', 'minLength'],
  ['{ type: file, minLength: 2 }', 5, 'a', 'minLength'],
  ['{ type: date, format: date }', '2024-02-29', '2024', 'format'],
  ['{ type: null, minLength: 2 }', 5, 'a', 'minLength'],
  ['{ type: 5, minLength: 2 }', {}, 'a', 'minLength'],
  ['{ type: [], minLength: 2 }', {}, 'a', 'minLength'],
  ['{ type: [string, date], minLength: 2 }', {}, 'a', 'minLength'],
  ['{ type: String }', 'a', 5, 'type'],
  ['{ type: [string, null] }', null, 5, 'type'],
  ['{ type: [string, string] }', 'a', 5, 'type'],
  // Values.
  ['{ enum: a, type: string }', 'b', 5, 'type'],
  ['{ enum: { a: 1 }, type: string }', 'b', 5, 'type'],
  ['{ enum: [a, a] }', 'a', 'b', 'enum'],
  ['{ type: string, enum: [1, 2] }', '1', '3', 'enum'],
  ['{ type: string, enum: [true, false] }', 'true', 'yes', 'enum'],
  ['{ type: boolean, enum: ["true"] }', true, false, 'enum'],
  ['{ type: integer, enum: ["1", "2"] }', 1, 3, 'enum'],
  // Bounds.
  ['{ minLength: "3" }', 'abc', 'ab', 'minLength'],
  ['{ minLength: three, maxLength: 4 }', '', 'abcde', 'maxLength'],
  ['{ minLength: -1, maxLength: 4 }', '', 'abcde', 'maxLength'],
  ['{ maxLength: 1.5, minLength: 1 }', 'abc', '', 'minLength'],
  ['{ minimum: "3" }', 3, 2, 'minimum'],
  ['{ minimum: low, maximum: 4 }', 0, 5, 'maximum'],
  ['{ minimum: null, maximum: 4 }', 0, 5, 'maximum'],
  ['{ multipleOf: 0, maximum: 4 }', 3, 5, 'maximum'],
  ['{ multipleOf: -2, maximum: 4 }', 3, 5, 'maximum'],
  ['{ minimum: 3, exclusiveMinimum: true }', 4, 3, 'exclusiveMinimum'],
  ['{ minimum: 3, exclusiveMinimum: false }', 3, 2, 'minimum'],
  ['{ maximum: 3, exclusiveMaximum: "true" }', 2, 3, 'exclusiveMaximum'],
  ['{ exclusiveMinimum: true, maximum: 4 }', 0, 5, 'maximum'],
  ['{ exclusiveMinimum: 3 }', 4, 3, 'exclusiveMinimum'],
  ['{ uniqueItems: "true" }', [1, 2], [1, 1], 'uniqueItems'],
  ['{ uniqueItems: 1, maxItems: 2 }', [1, 1], [1, 2, 3], 'maxItems'],
  ['{ minItems: "one", maxItems: 2 }', [], [1, 2, 3], 'maxItems'],
  ['{ minProperties: [], maxProperties: 1 }', {}, { a: 1, b: 1 }, 'maxProperties'],
  // Patterns.
  ["{ pattern: '(', maxLength: 2 }", 'a', 'abc', 'maxLength'],
  ['{ pattern: 5, maxLength: 2 }', 'a', 'abc', 'maxLength'],
  ["{ pattern: '(?i)^abc$' }", 'ABC', 'abd', 'pattern'],
  ["{ pattern: '(?i:a)bc' }", 'Abc', 'abd', 'pattern'],
  ["{ pattern: '\\A[a-z]+\\z' }", 'ab', 'aB', 'pattern'],
  ["{ pattern: '\\A[a-z]+\\Z' }", 'ab', 'aB', 'pattern'],
  ["{ pattern: '^a++b*+$' }", 'aab', 'ba', 'pattern'],
  ["{ pattern: '^(?>a+)$' }", 'aa', 'b', 'pattern'],
  ["{ pattern: '^[[:alpha:]_]+$' }", 'a_b', 'a1', 'pattern'],
  ["{ pattern: '^\\p{Alnum}+$' }", 'a1', 'a-1', 'pattern'],
  ["{ pattern: '^(?P<year>\\d{4})$' }", '2024', '24', 'pattern'],
  ["{ pattern: '/^\\d+$/' }", '12', 'a', 'pattern'],
  ["{ pattern: '/^[a-z]+$/i' }", 'Ab', '1', 'pattern'],
  ["{ pattern: '^[\\p{L}\\@]+$' }", 'é@', '1', 'pattern'],
  ["{ pattern: '^\\Qa.b\\E$' }", 'a.b', 'axb', 'pattern'],
  ["{ pattern: '^(?#a year)\\d+$' }", '1', 'a', 'pattern'],
  ["{ pattern: '(?x)^ a b $', maxLength: 2 }", 'ab', 'abc', 'maxLength'],
  ["{ pattern: '^\\p{IsAlphabetic}+$', maxLength: 2 }", 'ab', 'abc', 'maxLength'],
  ["{ pattern: '^[a-z&&[^b]]+$', maxLength: 2 }", 'ab', 'abc', 'maxLength'],
  // Members.
  ['{ required: true, type: object }', {}, 5, 'type'],
  ['{ type: object, properties: { a: { type: string, required: true } } }', {}, { a: 5 }, 'type'],
  ['{ required: [a, a] }', { a: 1 }, {}, 'required'],
  ['{ required: [a, 5, null] }', { a: 1 }, {}, 'required'],
  ['{ required: a, minProperties: 1 }', { b: 1 }, {}, 'minProperties'],
  ['{ properties: [a], minProperties: 1 }', { b: 1 }, {}, 'minProperties'],
  ['{ properties: [a], additionalProperties: false, minProperties: 1 }', { b: 1 }, {}, 'minProperties'],
  ['{ properties: { a: text, b: { type: string } } }', { a: 1, b: 'x' }, { b: 1 }, 'type'],
  ['{ properties: { a: text }, additionalProperties: false }', { a: 1 }, { b: 1 }, 'additionalProperties'],
  ['{ properties: { a: null, b: [1], c: { type: string } } }', { a: 1, b: 1 }, { c: 1 }, 'type'],
  ['{ additionalProperties: "false", properties: { a: {} } }', { a: 1 }, { b: 1 }, 'additionalProperties'],
  ['{ additionalProperties: "true", maxProperties: 1 }', { b: 1 }, { a: 1, b: 1 }, 'maxProperties'],
  ['{ additionalProperties: string, maxProperties: 1 }', { b: 1 }, { a: 1, b: 1 }, 'maxProperties'],
  ['{ additionalProperties: [], maxProperties: 1 }', { b: 1 }, { a: 1, b: 1 }, 'maxProperties'],
  ["{ patternProperties: { '(': false, ^b: { type: string } } }", { a: 1 }, { b: 1 }, 'type'],
  [
    "{ patternProperties: { '(': {} }, additionalProperties: false, maxProperties: 1 }",
    { a: 1 },
    { a: 1, b: 1 },
    'maxProperties',
  ],
  ['{ dependentRequired: { a: b, c: [d] } }', { a: 1 }, { c: 1 }, 'dependentRequired'],
  ['{ propertyNames: a, maxProperties: 1 }', { b: 1 }, { a: 1, b: 1 }, 'maxProperties'],
  // Items.
  ['{ items: [], maxItems: 1 }', [5], [1, 2], 'maxItems'],
  ['{ items: text, maxItems: 1 }', [5], [1, 2], 'maxItems'],
  ['{ items: null, maxItems: 1 }', [5], [1, 2], 'maxItems'],
  ['{ prefixItems: {}, maxItems: 1 }', [5], [1, 2], 'maxItems'],
  ['{ prefixItems: [text, { type: string }] }', [1, 'a'], [1, 1], 'type'],
  ['{ contains: 5, maxItems: 1 }', [5], [1, 2], 'maxItems'],
  // Combinations.
  ['{ allOf: { type: string }, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ allOf: [], maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ allOf: [text, { type: string }] }', 'ab', 5, 'type'],
  ['{ anyOf: [], maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ anyOf: [{ type: integer }, text], maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ oneOf: {}, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ oneOf: [{ type: integer }, null], maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ not: text, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ if: text, then: false, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  // Formats, and what says nothing of values.
  ['{ format: made-up, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ format: 5, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ format: constructor, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ format: __proto__, maxLength: 2 }', 'ab', 'abc', 'maxLength'],
  ['{ nullable: true, type: string }', null, 5, 'type'],
  ['{ nullable: "true", type: string }', null, 5, 'type'],
  ['{ nullable: yes, type: string }', 'a', null, 'type'],
  ["{ nullable: true, allOf: [{ $ref: '#/B' }] }\nB: { type: string }", null, 5, 'type'],
  ['{ nullable: true, oneOf: [{ type: string, minLength: 2 }] }', null, 'a', 'minLength'],
  ['{ nullable: true, minLength: 2 }', null, 'a', 'minLength'],
  ['{ example: 5, examples: 5, default: {}, title: 5, type: string }', 'a', 5, 'type'],
  ['{ id: 5, $id: 5, $anchor: 5, $schema: 5, $defs: 5, discriminator: 5, type: string }', 'a', 5, 'type'],
  ['{ discriminator: { propertyName: 5 }, oneOf: [{ type: string }] }', 'a', 5, 'type'],
  ['{ $async: true, instanceof: Date, formatMinimum: x, $data: 1, type: string }', 'a', 5, 'type'],
  // References.
  ["{ $ref: '#/B/type' }\nB: { type: string }\n", 5, 5, ''],
  ["{ $ref: '#/nowhere' }", 5, 5, ''],
  ['{ $ref: other.yaml#/A }', 5, 5, ''],
  ['{ $ref: 5, type: string }', 'a', 5, 'type'],
  ['{ $ref: { a: 1 }, type: string }', 'a', 5, 'type'],
  ["{ properties: { a: { $ref: '#/nowhere' }, b: { type: string } } }", { a: 1 }, { b: 1 }, 'type'],
  ["{ allOf: [{ $ref: '#/nowhere' }, { type: string }] }", 'a', 5, 'type'],
  // References without end.
  ["{ $ref: '#/A' }", 5, 5, ''],
  ["{ allOf: [{ $ref: '#/A' }, { type: string }] }", 'a', 5, 'type'],
  ["{ allOf: [{ $ref: '#/B' }, { type: string }] }\nB: { allOf: [{ $ref: '#/A' }] }", 'a', 5, 'type'],
  ["{ not: { $ref: '#/A' } }", 5, 5, ''],
  ["{ anyOf: [{ $ref: '#/B' }, { type: string }] }\nB: { anyOf: [{ $ref: '#/A' }] }", 'a', 'a', ''],
];

const isRefused = ([, , , by]: Row): boolean => by !== '';

describe('a schema that cannot be meant as it stands', () => {
  test.each(rows)('takes what it may: %s: %j', (schema, taken) => {
    expect(refusals(schema, taken, '3.1')).toEqual([]);
    if (!schema.includes('$ref')) expect(refusals(schema, taken, '3.0')).toEqual([]);
  });

  test.each(rows.filter(isRefused))('still refuses: %s: not %j but %j', (schema, _, refused, by) => {
    expect(refusals(schema, refused, '3.1')).toEqual([by]);
  });
});

describe('what a version of OpenAPI says otherwise', () => {
  test.each<[what: string, dialect: Dialect, schema: string, taken: Json, refused: Json, by: string]>([
    [
      'nothing counts beside a reference',
      '3.0',
      "{ $ref: '#/B', minLength: 5 }\nB: { type: string }",
      '',
      5,
      'type',
    ],
    ['everything counts beside one', '3.1', "{ $ref: '#/B', minLength: 5 }\nB: {}", 'abcde', '', 'minLength'],
    ['nor does nullable', '3.0', "{ $ref: '#/B', nullable: true }\nB: { type: string }", 'a', null, 'type'],
    ['no list of values is one of none', '3.0', '{ enum: [], type: string }', 'a', 5, 'type'],
    [
      'a list of no values allows none',
      '3.1',
      '{ oneOf: [{ enum: [] }, { type: string }] }',
      'a',
      5,
      'oneOf',
    ],
    ['numbers as bounds', '3.0', '{ exclusiveMinimum: 3 }', 4, 3, 'exclusiveMinimum'],
  ])('%s in %s: %s', (_, dialect, schema, taken, refused, by) => {
    expect(refusals(schema, taken, dialect)).toEqual([]);
    expect(refusals(schema, refused, dialect)).toEqual([by]);
  });
});

describe('earlier drafts of JSON Schema are read as 2020-12 says the same', () => {
  test.each<Row>([
    ['{ items: [{ type: string }, { type: integer }] }', ['a', 1, null], [1], 'type'],
    ['{ items: [{}], additionalItems: false }', [1], [1, 2], 'items'],
    ['{ items: [{}], additionalItems: { type: string } }', [1, 'a'], [1, 2], 'type'],
    ['{ items: { type: string }, additionalItems: false }', ['a', 'b'], [1], 'type'],
    ['{ dependencies: { a: [b] } }', { b: 1 }, { a: 1 }, 'dependentRequired'],
    ['{ dependencies: { a: { required: [b] } } }', { b: 1 }, { a: 1 }, 'required'],
    ["{ $ref: '#/A/definitions/b', definitions: { b: { type: string } } }", 'a', 5, 'type'],
    ["{ $ref: '#b', definitions: { b: { $id: '#b', type: string } } }", 'a', 5, 'type'],
    [
      "{ $id: 'https://a.example/', $schema: 'https://json-schema.org/draft/2019-09/schema', $recursiveAnchor: true, properties: { a: { $recursiveRef: '#' } }, required: [b] }",
      { b: 1, a: { b: 1 } },
      { b: 1, a: {} },
      'required',
    ],
  ])('%s: %j and not %j', (schema, taken, refused, by) => {
    expect(refusals(schema, taken, '3.1')).toEqual([]);
    expect(refusals(schema, refused, '3.1')).toEqual([by]);
  });
});
