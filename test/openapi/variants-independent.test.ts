/** Values next to a valid one, by the verdict of another validator: each invalid one breaks the keyword that it names, where it says. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Contract } from '../../openapi/contract.js';
import type { Documents, Place } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { asObject, type Json, type JsonObject } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { seededRandom } from '../../openapi/random.js';
import type { Dialect } from '../../openapi/schema/dialect.js';
import { createSchemas } from '../../openapi/schema/schema.js';
import { shippedApis } from '../../openapi/shipped.js';
import { createVariants, type MakeVariants, type Variant } from '../../openapi/variants/variants.js';
import { formatTexts } from './format-texts.js';
import { agrees, independentResources, independentVerdicts, type Verdict } from './independent.js';
import { suiteCases, suiteNeeds } from './json-schema-suite.js';

/** What the other validator does not agree to, in words; and the keywords that it agrees to be broken. */
type Compared = { readonly complaints: readonly string[]; readonly broken: ReadonlySet<string> };

/** The variants of a value held against the verdict of the other validator, which sees the schema as it is written. */
function compared(make: MakeVariants, at: Place, base: Json, verdict: Verdict, budget = 60): Compared {
  const { valid, invalid, hostile } = make(at, base, {
    direction: 'request',
    random: seededRandom(1),
    budget,
  });
  const broken = new Set<string>();
  const told = ({ title, keyword, value }: Variant, what: string): string =>
    `${title} (${keyword}) ${what}: ${JSON.stringify(value).slice(0, 300)}`;
  const complaints = [
    ...(verdict(base) === undefined ? [] : [`the base is invalid: ${JSON.stringify(base)}`]),
    ...[...valid, ...hostile].flatMap((each) =>
      verdict(each.value) === undefined ? [] : [told(each, 'is invalid')],
    ),
    ...invalid.flatMap((each) => {
      const found = verdict(each.value);
      if (found === undefined) return [told(each, 'is valid')];
      if (!agrees(found, each)) return [told(each, `breaks ${JSON.stringify(found)}`)];
      broken.add(each.keyword ?? '');
      return [];
    }),
  ];
  return { complaints, broken };
}

/** One document of schemas by name, and what makes variants by them. */
function schemasOf(document: JsonObject, dialect: Dialect) {
  const file = 'schemas.json';
  const source = parseSource(file, JSON.stringify(document));
  const documents: Documents = { root: file, sources: new Map([[file, source]]) };
  const schemas = createSchemas(documents, dialect);
  const make = createVariants(documents, dialect, schemas);
  return { make, verdicts: independentVerdicts(document, dialect), at: { file, pointer: '/A' } };
}

type Case = readonly [
  keyword: string,
  schema: Json,
  base: Json,
  broken: readonly string[],
  others?: JsonObject,
];

const text: Json = { type: 'string' };

/** A schema for each keyword, a value, and the keywords that have to be broken. */
const cases: readonly Case[] = [
  ['type', { type: ['integer', 'null'] }, 1, ['type']],
  ['enum', { enum: ['a', 1, null, { b: 2 }] }, 'a', ['enum']],
  ['const', { const: { a: [1] } }, { a: [1] }, ['const']],
  ['required', { type: 'object', required: ['a'], properties: { a: text } }, { a: 'x' }, ['required']],
  [
    'additionalProperties',
    { type: 'object', properties: { a: text }, additionalProperties: false },
    {},
    ['additionalProperties'],
  ],
  [
    'additionalProperties beside properties',
    { type: 'object', properties: { a: text }, additionalProperties: { type: 'integer', maximum: 7 } },
    { a: 'x' },
    ['maximum'],
  ],
  [
    'unevaluatedProperties',
    { allOf: [{ properties: { a: text } }], properties: { b: text }, unevaluatedProperties: false },
    { a: 'x', b: 'y' },
    ['unevaluatedProperties'],
  ],
  [
    'unevaluatedProperties as a schema',
    { allOf: [{ properties: { a: text } }], unevaluatedProperties: { type: 'string', maxLength: 3 } },
    { a: 'long enough' },
    ['maxLength'],
  ],
  [
    'propertyNames',
    { type: 'object', propertyNames: { pattern: '^[a-z]+$', maxLength: 4 } },
    { a: 1 },
    ['pattern'],
  ],
  [
    'patternProperties',
    { type: 'object', patternProperties: { '^x-[a-z]+$': { type: 'integer', minimum: 5 } } },
    {},
    ['minimum'],
  ],
  [
    'patternProperties that are forbidden',
    { type: 'object', patternProperties: { '^x-[a-z]+$': false } },
    {},
    ['not'],
  ],
  ['minProperties', { type: 'object', minProperties: 2 }, { a: 1, b: 2 }, ['minProperties']],
  ['maxProperties', { type: 'object', maxProperties: 2 }, { a: 1 }, ['maxProperties']],
  ['minItems', { type: 'array', minItems: 2 }, [1, 2], ['minItems']],
  ['maxItems', { type: 'array', maxItems: 2 }, [1], ['maxItems']],
  ['uniqueItems', { type: 'array', uniqueItems: true }, [1, { a: 1 }], ['uniqueItems']],
  ['contains', { type: 'array', contains: { const: 1 } }, [1, 2], ['contains']],
  ['minContains', { type: 'array', contains: { const: 1 }, minContains: 2 }, [1, 1], ['contains']],
  ['maxContains', { type: 'array', contains: { const: 1 }, maxContains: 2 }, [1], ['contains']],
  [
    'prefixItems',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer', maximum: 3 }] },
    ['a'],
    ['maximum'],
  ],
  ['prefixItems that are forbidden', { type: 'array', prefixItems: [true, false] }, [1], ['not']],
  ['items', { type: 'array', items: { type: 'integer', minimum: 3 } }, [], ['minimum']],
  ['items that are forbidden', { type: 'array', items: false }, [], ['false schema']],
  ['items after others', { type: 'array', prefixItems: [true], items: false }, [1], ['items']],
  ['unevaluatedItems', { prefixItems: [true], unevaluatedItems: false }, [1], ['unevaluatedItems']],
  ['minimum', { type: 'integer', minimum: 3 }, 5, ['minimum']],
  ['maximum', { type: 'number', maximum: 3.5 }, 1, ['maximum']],
  ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 0 }, 5, ['exclusiveMinimum']],
  ['exclusiveMaximum', { type: 'integer', exclusiveMaximum: 7 }, 5, ['exclusiveMaximum']],
  ['multipleOf', { type: 'number', multipleOf: 0.25 }, 1.5, ['multipleOf']],
  ['minLength', { type: 'string', minLength: 2 }, '😀😀', ['minLength']],
  ['maxLength', { type: 'string', maxLength: 2 }, '😀😀', ['maxLength']],
  ['pattern', { type: 'string', pattern: '^\\p{Lu}' }, 'Äa', ['pattern']],
  ...Object.entries(formatTexts).map(
    ([format, text]): Case => [`format ${format}`, { type: 'string', format }, text, ['format']],
  ),
  ['format int32', { type: 'integer', format: 'int32' }, 5, ['format']],
  ['format int64', { type: 'integer', format: 'int64' }, 5, ['type']],
  ['not', { type: 'string', not: { enum: ['root', 'admin'] } }, 'a', ['not']],
  [
    'oneOf',
    {
      oneOf: [
        { type: 'object', required: ['iban'], properties: { iban: { type: 'string', maxLength: 22 } } },
        { type: 'object', required: ['card'], properties: { card: { type: 'integer', minimum: 1 } } },
      ],
    },
    { iban: 'DE' },
    ['oneOf'],
  ],
  [
    'oneOf, by another alternative than that of the value',
    { oneOf: [{ type: 'integer' }, { type: 'array', minItems: 2 }, { type: 'string', maxLength: 3 }] },
    1,
    ['minItems', 'maxLength', 'type'],
  ],
  ['anyOf', { anyOf: [{ type: 'integer', minimum: 5 }, { type: 'string' }] }, 'a', ['type', 'minimum']],
  [
    'allOf',
    { allOf: [{ type: 'string', minLength: 2 }, { maxLength: 4 }] },
    'abc',
    ['minLength', 'maxLength'],
  ],
  [
    'if, then and else',
    {
      type: 'object',
      required: ['country'],
      properties: { country: { enum: ['de', 'in'] } },
      if: { properties: { country: { const: 'in' } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { required: ['pin'], properties: { pin: { type: 'string', pattern: '^[0-9]{6}$' } } },
      else: { required: ['zip'], properties: { zip: { type: 'string', minLength: 5 } } },
    },
    { country: 'de', zip: '10115' },
    ['pattern', 'minLength', 'required'],
  ],
  ['dependentRequired', { type: 'object', dependentRequired: { card: ['code'] } }, {}, ['dependentRequired']],
  [
    'dependentSchemas',
    {
      type: 'object',
      properties: { a: text },
      dependentSchemas: { a: { required: ['b'], properties: { b: { type: 'integer', minimum: 3 } } } },
    },
    {},
    ['required', 'minimum'],
  ],
  ['dependentSchemas that are false', { type: 'object', dependentSchemas: { a: false } }, {}, ['not']],
  [
    'discriminator',
    { oneOf: [{ $ref: '#/Cat' }, { $ref: '#/Dog' }], discriminator: { propertyName: 'kind' } },
    { kind: 'cat', lives: 9 },
    ['enum', 'maximum', 'minLength', 'required'],
    {
      Cat: {
        type: 'object',
        required: ['kind', 'lives'],
        properties: { kind: { const: 'cat' }, lives: { type: 'integer', maximum: 9 } },
      },
      Dog: {
        type: 'object',
        required: ['kind', 'name'],
        properties: { kind: { const: 'dog' }, name: { type: 'string', minLength: 2 } },
      },
    },
  ],
  [
    'what is only read',
    {
      type: 'object',
      required: ['id', 'name'],
      properties: { id: { type: 'string', readOnly: true }, name: { type: 'string', maxLength: 9 } },
    },
    { name: 'a' },
    ['required', 'maxLength'],
  ],
  [
    'what is only written',
    { type: 'object', required: ['key'], properties: { key: { type: 'string', writeOnly: true } } },
    { key: 'a' },
    ['required', 'type'],
  ],
];

/** What OpenAPI 3.0 writes otherwise. */
const cases30: readonly Case[] = [
  ['nullable', { type: 'string', nullable: true, maxLength: 3 }, 'a', ['type', 'maxLength']],
  ['nullable beside enum', { type: 'string', nullable: true, enum: ['a', 'b'] }, 'a', ['enum']],
  ['nullable with null in enum', { type: 'string', nullable: true, enum: ['a', null] }, 'a', ['enum']],
  [
    'bounds that are excluded',
    { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true },
    5,
    ['exclusiveMinimum', 'exclusiveMaximum'],
  ],
  [
    'bounds that are not',
    { type: 'integer', minimum: 0, exclusiveMinimum: false, maximum: 9 },
    5,
    ['minimum', 'maximum'],
  ],
  ['a format', { type: 'string', format: 'date' }, '2024-01-01', ['format']],
  [
    'what is only read',
    {
      type: 'object',
      required: ['id', 'a'],
      properties: { id: { type: 'string', readOnly: true }, a: text },
    },
    { a: 'x' },
    ['required', 'type'],
  ],
];

describe.each([
  ['3.1', cases],
  ['3.0', cases30],
] as const)('by the schemas of OpenAPI %s', (dialect, table) => {
  for (const [what, schema, base, expected, others = {}] of table)
    test(what, async () => {
      const { make, verdicts, at } = schemasOf({ A: schema, ...others }, dialect);
      const { complaints, broken } = compared(make, at, base, await verdicts(at.pointer), 1000);
      expect(complaints).toEqual([]);
      expect([...broken]).toEqual(expect.arrayContaining([...expected]));
    });
});

test('a keyword that is named in the wrong place, or wrongly, is noticed', async () => {
  const { verdicts } = schemasOf({ A: { type: 'object', properties: { a: { maxLength: 1 } } } }, '3.1');
  const verdict = await verdicts('/A');
  const found = verdict({ a: 'xx' }) ?? [];
  const variant = {
    value: null,
    title: '',
    pointer: '/a',
    keyword: 'maxLength',
    place: { file: '', pointer: '' },
  };
  expect(agrees(found, variant)).toBe(true);
  expect(agrees(found, { ...variant, pointer: '' })).toBe(false);
  expect(agrees(found, { ...variant, keyword: 'minLength' })).toBe(false);
  expect(verdict({ a: 'x' })).toBeUndefined();
});

const documents = path.join(import.meta.dirname, '..', 'conformance', 'documents');
const contracts = [...shippedApis(), ...readdirSync(documents).map((name) => path.join(documents, name))];

describe.each(contracts)('by the requests of %s', (name) => {
  test('every variant is what it says', async () => {
    const contract = await loadContract(name);
    const verdicts = verdictsOf(contract);
    let count = 0;
    for (const { schema, base } of requestValues(contract)) {
      const { complaints, broken } = compared(
        contract.variants,
        schema,
        base,
        await verdicts(schema.pointer),
        60,
      );
      expect(complaints).toEqual([]);
      count += broken.size;
    }
    expect(count).toBeGreaterThan(2);
  });
});

function verdictsOf({ documents: { root, sources } }: Contract): ReturnType<typeof independentVerdicts> {
  const document = asObject(sources.get(root)?.value);
  return independentVerdicts(document, String(document.openapi).startsWith('3.0') ? '3.0' : '3.1');
}

/** The schemas of the contents and parameters of requests, each with a value. */
function requestValues(contract: Contract): readonly { readonly schema: Place; readonly base: Json }[] {
  const random = seededRandom(1);
  const context = {
    random,
    now: 0,
    secret: 'secret',
    fixed: {},
    dynamic: false,
    direction: 'request',
  } as const;
  const schemas = contract.operations.flatMap(({ parameters, requestBody }) => [
    ...parameters.flatMap(({ schema }) => schema ?? []),
    ...(requestBody?.content ?? []).flatMap(({ schema }) => schema ?? []),
  ]);
  return schemas
    .map((schema) => ({ schema, base: contract.generate(schema, context) }))
    .filter(({ schema, base }) => contract.schemas.isValid(schema, base, 'request'));
}

describe(`by the schemas of the JSON Schema Test Suite${suiteNeeds}`, () => {
  test.skipIf(suiteNeeds !== '')('every variant of their objects and lists is what it says', async () => {
    const told: string[] = [];
    const brokenOnes = new Set<string>();
    for (const { file, title, schema, documents: sources, at, tests } of suiteCases()) {
      // Otherwise each would be held against its own copy of the meta-schema.
      if (/"\$ref":"https:\/\/json-schema.org|metaschema/.test(JSON.stringify(schema))) continue;
      independentResources(sources);
      const bases = tests.filter(
        ({ isValid, value }) => isValid && typeof value === 'object' && value !== null,
      );
      if (bases.length === 0) continue;
      const schemas = createSchemas(sources, '3.1');
      const make = createVariants(sources, '3.1', schemas);
      const verdict = await independentVerdicts(schema, '2020-12')('');
      for (const { value } of bases) {
        if (verdict(value) !== undefined) continue;
        const { complaints, broken } = compared(make, at, value, verdict);
        told.push(...complaints.map((each) => `${file}, ${title}: ${each}`));
        for (const each of broken) brokenOnes.add(each);
      }
    }
    expect(told).toEqual([]);
    expect(brokenOnes.size).toBeGreaterThan(20);
  });
});
