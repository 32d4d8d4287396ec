/** Values next to a valid one: whether each is what it says, by a validator of its own; which constraints have one. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { type Json, type JsonObject, pointedTo, pointerTokens } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { seededRandom } from '../../openapi/random.js';
import type { Dialect, Direction } from '../../openapi/schema/dialect.js';
import { createSchemas } from '../../openapi/schema/schema.js';
import { shippedApis } from '../../openapi/shipped.js';
import { createVariants, type Variant, type Variants } from '../../openapi/variants/variants.js';
import { formatTexts } from './format-texts.js';

const file = 'schemas.json';

type Making = {
  readonly others?: JsonObject;
  readonly seed?: number;
  readonly dialect?: Dialect;
  readonly direction?: Direction;
  readonly budget?: number;
};

/** The variants of a value by the schema under A, with others beside it. */
function variantsOf(schema: Json, base: Json, making: Making = {}): Variants {
  const { others = {}, seed = 1, dialect = '3.1', direction = 'request', budget = 1000 } = making;
  const source = parseSource(file, JSON.stringify({ A: schema, ...others }));
  const documents: Documents = { root: file, sources: new Map([[file, source]]) };
  const make = createVariants(documents, dialect, createSchemas(documents, dialect));
  return make({ file, pointer: '/A' }, base, { direction, random: seededRandom(seed), budget });
}

const titles = (variants: readonly Variant[]): readonly string[] => variants.map(({ title }) => title);
const valuesOf = (variants: readonly Variant[]): readonly Json[] => variants.map(({ value }) => value);

/** Whether a value is valid for another validator, which sees the schema as it is written. */
function verdictOf(schema: Json, others: JsonObject = {}): (value: Json) => boolean {
  const ajv = new Ajv2020({ strict: false, logger: false, multipleOfPrecision: 9, ownProperties: true });
  formats.default(ajv);
  const validate = ajv.compile({ A: schema, ...others, $ref: '#/A' });
  return (value) => validate(JSON.parse(JSON.stringify(value)));
}

type Case = readonly [what: string, schema: Json, base: Json, broken: readonly string[], others?: JsonObject];

const address: JsonObject = {
  type: 'object',
  required: ['street'],
  properties: { street: { type: 'string', minLength: 2 }, zip: { type: 'string', pattern: '^[0-9]{5}$' } },
  additionalProperties: false,
};

const pet = (kind: string, members: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  required: ['kind', ...required],
  properties: { kind: { const: kind }, ...members },
});

/** A schema, a value, and the keywords that variants have to break: all that the schema has. */
const cases: readonly Case[] = [
  ['a length', { type: 'string', minLength: 3, maxLength: 5 }, 'abcd', ['type', 'minLength', 'maxLength']],
  ['a length of characters, not of units', { type: 'string', maxLength: 2 }, '😀😀', ['type', 'maxLength']],
  [
    'a pattern with a length',
    { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 4 },
    'abc',
    ['type', 'pattern', 'minLength', 'maxLength'],
  ],
  ['a pattern of digits', { type: 'string', pattern: '^[0-9]{5}$' }, '48793', ['type', 'pattern']],
  ...Object.entries(formatTexts).map(
    ([format, text]): Case => [`the format ${format}`, { type: 'string', format }, text, ['type', 'format']],
  ),
  ['bounds', { type: 'integer', minimum: 1, maximum: 9 }, 5, ['type', 'minimum', 'maximum']],
  [
    'exclusive bounds',
    { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    0.5,
    ['type', 'exclusiveMinimum', 'exclusiveMaximum'],
  ],
  [
    'multiples',
    { type: 'number', multipleOf: 0.25, minimum: 0, maximum: 10 },
    1.5,
    ['type', 'multipleOf', 'minimum', 'maximum'],
  ],
  ['an int32', { type: 'integer', format: 'int32' }, 5, ['type', 'format']],
  ['a boolean', { type: 'boolean' }, true, ['type']],
  ['several types', { type: ['string', 'null', 'integer'] }, 'a', ['type']],
  ['an enum', { type: 'string', enum: ['red', 'green'] }, 'red', ['type', 'enum']],
  ['a constant', { const: 5 }, 5, ['const']],
  [
    'items',
    { type: 'array', items: { type: 'integer', maximum: 9 }, minItems: 2, maxItems: 3, uniqueItems: true },
    [1, 2],
    ['type', 'maximum', 'minItems', 'maxItems', 'uniqueItems'],
  ],
  [
    'leading items',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'boolean' }], items: false, minItems: 2 },
    ['a', true],
    ['type', 'items', 'minItems'],
  ],
  ['an item to contain', { type: 'array', contains: { const: 'x' } }, ['x', 1], ['type', 'contains']],
  [
    'an item to contain, but not too often',
    { type: 'array', contains: { const: 'x' }, maxContains: 2 },
    ['x'],
    ['type', 'contains'],
  ],
  [
    'members',
    address,
    { street: 'ab' },
    ['type', 'required', 'minLength', 'pattern', 'additionalProperties'],
  ],
  [
    'members within members',
    {
      type: 'object',
      required: ['home'],
      properties: { home: { $ref: '#/Address' }, others: { type: 'array', items: { $ref: '#/Address' } } },
    },
    { home: { street: 'ab' } },
    ['type', 'required', 'minLength', 'pattern', 'additionalProperties'],
    { Address: address },
  ],
  [
    'members of several schemas',
    {
      allOf: [
        { $ref: '#/Base' },
        { type: 'object', properties: { b: { type: 'integer' } }, required: ['b'] },
      ],
      unevaluatedProperties: false,
    },
    { a: 'x', b: 1 },
    ['type', 'required', 'unevaluatedProperties'],
    { Base: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } } },
  ],
  [
    'a map',
    { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1, maxProperties: 2 },
    { a: 1 },
    ['type', 'minProperties', 'maxProperties'],
  ],
  [
    'names',
    { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: { type: 'integer' } },
    { a: 1 },
    ['type', 'pattern'],
  ],
  [
    'names by pattern',
    { type: 'object', patternProperties: { '^x-': { type: 'integer' } }, additionalProperties: false },
    { 'x-a': 1 },
    ['type', 'additionalProperties'],
  ],
  [
    'a member that may not be there',
    { type: 'object', properties: { a: false, b: {} } },
    { b: 1 },
    ['type', 'not'],
  ],
  [
    'members that go together',
    {
      type: 'object',
      properties: { card: { type: 'string' }, code: { type: 'string' } },
      dependentRequired: { card: ['code'] },
    },
    {},
    ['type', 'dependentRequired'],
  ],
  [
    'members that change others',
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      dependentSchemas: { a: { required: ['b'], properties: { b: { type: 'integer', minimum: 3 } } } },
    },
    { a: 'x', b: 3 },
    ['type', 'required', 'minimum'],
  ],
  [
    'a condition',
    {
      type: 'object',
      required: ['country'],
      properties: { country: { enum: ['de', 'in'] } },
      if: { properties: { country: { const: 'in' } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { required: ['pin'], properties: { pin: { type: 'string', pattern: '^[0-9]{6}$' } } },
    },
    { country: 'in', pin: '560001' },
    ['type', 'required', 'enum', 'pattern'],
  ],
  ['what is ruled out', { type: 'string', not: { enum: ['root'] } }, 'a', ['type', 'not']],
  [
    'alternatives',
    {
      oneOf: [
        { type: 'string', maxLength: 3 },
        { type: 'integer', minimum: 0 },
      ],
    },
    'abc',
    ['type', 'maxLength'],
  ],
  [
    'alternatives that overlap',
    {
      oneOf: [
        { type: 'integer', multipleOf: 2 },
        { type: 'integer', multipleOf: 3 },
      ],
    },
    4,
    ['oneOf', 'type'],
  ],
  [
    'kinds told apart by a member',
    { oneOf: [{ $ref: '#/Cat' }, { $ref: '#/Dog' }], discriminator: { propertyName: 'kind' } },
    { kind: 'cat', lives: 9 },
    ['type', 'required', 'enum', 'maximum'],
    {
      Cat: pet('cat', { lives: { type: 'integer', maximum: 9 } }, ['lives']),
      Dog: pet('dog', { bark: { type: 'boolean' } }, ['bark']),
    },
  ],
  [
    'what refers to itself',
    { $ref: '#/Tree' },
    { name: 'a' },
    ['type', 'required', 'minLength'],
    {
      Tree: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1 },
          left: { $ref: '#/Tree' },
          others: { type: 'array', items: { $ref: '#/Tree' } },
        },
      },
    },
  ],
  ['anything', {}, { a: 1 }, []],
];

for (const [what, schema, base, broken, others] of cases) {
  describe(`next to ${what}`, () => {
    const { valid, invalid, hostile } = variantsOf(schema, base, { ...(others && { others }) });
    const isValid = verdictOf(schema, others);

    test('what is called valid is valid', () => {
      expect(isValid(base)).toBe(true);
      expect([...valid, ...hostile].filter(({ value }) => !isValid(value))).toEqual([]);
    });

    test('what is called invalid is invalid', () => {
      expect(invalid.filter(({ value }) => isValid(value))).toEqual([]);
    });

    test('every constraint is broken', () => {
      expect([...new Set(invalid.map(({ keyword }) => keyword))].sort()).toEqual(
        expect.arrayContaining([...broken]),
      );
    });

    test('none is there twice, nor the base itself', () => {
      for (const kind of [valid, invalid, hostile]) {
        const texts = [base, ...valuesOf(kind)].map((value) => JSON.stringify(value));
        expect(new Set(texts).size).toBe(texts.length);
        expect(new Set(titles(kind)).size).toBe(kind.length);
      }
    });

    test('the same seed makes the same', () => {
      const again = variantsOf(schema, base, { ...(others && { others }) });
      expect(again).toEqual({ valid, invalid, hostile });
    });
  });
}

/** Schemas of modest size, each with a value. */
const described: fc.Arbitrary<readonly [Json, Json]> = fc.letrec<{ pair: readonly [Json, Json] }>((tie) => {
  const leaf = fc.oneof(
    fc
      .tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }))
      .map(([minLength, room]): readonly [Json, Json] => [
        { type: 'string', minLength, maxLength: minLength + room },
        'x'.repeat(minLength),
      ]),
    fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.nat({ max: 5 }))
      .map(([minimum, room]): readonly [Json, Json] => [
        { type: 'number', minimum, exclusiveMaximum: minimum + room + 1 },
        minimum,
      ]),
    fc.constantFrom<readonly [Json, Json]>(
      [{ type: ['integer', 'null'], multipleOf: 3 }, 6],
      [{ enum: ['a', 1, null] }, 1],
      [{ type: 'string', pattern: '^[A-C]{2}' }, 'AB'],
      [{ type: 'boolean' }, false],
      [{}, 'x'],
    ),
  );
  const list = fc
    .tuple(tie('pair'), fc.boolean())
    .map(([[items, item], uniqueItems]): readonly [Json, Json] => [
      { type: 'array', items, uniqueItems, minItems: 1, maxItems: 3 },
      [item],
    ]);
  const object = fc
    .tuple(tie('pair'), tie('pair'), fc.boolean())
    .map(([[a, inA], [b, inB], additionalProperties]): readonly [Json, Json] => [
      { type: 'object', required: ['a'], properties: { a, b }, additionalProperties },
      additionalProperties ? { a: inA } : { a: inA, b: inB },
    ]);
  const combined = tie('pair').chain(([schema, value]) =>
    fc.constantFrom<readonly [Json, Json]>(
      [{ allOf: [schema, {}] }, value],
      [{ anyOf: [schema, { type: 'object', required: ['z'] }] }, value],
    ),
  );
  return { pair: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, list, object, combined) };
}).pair;

test('any schema and value have variants that are what they say', () => {
  fc.assert(
    fc.property(described, fc.nat(), ([schema, base], seed) => {
      const isValid = verdictOf(schema);
      const { valid, invalid, hostile } = variantsOf(schema, base, { seed, budget: 60 });
      expect([...valid, ...hostile].filter(({ value }) => !isValid(value))).toEqual([]);
      expect(invalid.filter(({ value }) => isValid(value))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('what is broken', () => {
  const { invalid } = variantsOf(
    {
      type: 'object',
      required: ['phone', 'otp'],
      properties: {
        phone: { type: 'string' },
        otp: { type: 'string', pattern: '^[0-9]{5}$', minLength: 5 },
        age: { type: 'integer', minimum: 18 },
      },
    },
    { phone: '919743256789', otp: '48793' },
  );
  const named = (title: string): Variant | undefined => invalid.find((variant) => variant.title === title);

  test.each<[title: string, value: Json, pointer: string, keyword: string, place: string]>([
    ['otp is missing', { phone: '919743256789' }, '/otp', 'required', '/A/required'],
    ['phone is missing', { otp: '48793' }, '/phone', 'required', '/A/required'],
    [
      'phone is a number',
      { phone: 919743256789, otp: '48793' },
      '/phone',
      'type',
      '/A/properties/phone/type',
    ],
    ['otp is null', { phone: '919743256789', otp: null }, '/otp', 'type', '/A/properties/otp/type'],
    [
      'otp does not match the pattern',
      { phone: '919743256789', otp: '4879!' },
      '/otp',
      'pattern',
      '/A/properties/otp/pattern',
    ],
    [
      'age is less than 18',
      { phone: '919743256789', otp: '48793', age: 17 },
      '/age',
      'minimum',
      '/A/properties/age/minimum',
    ],
    [
      'age is not whole',
      { phone: '919743256789', otp: '48793', age: 18.5 },
      '/age',
      'type',
      '/A/properties/age/type',
    ],
    ['the value is null', null, '', 'type', '/A/type'],
  ])('%s', (title, value, pointer, keyword, at) => {
    const variant = named(title);
    expect(variant).toMatchObject({ pointer, keyword, place: { file, pointer: at } });
    if (title !== 'age is not whole') expect(variant?.value).toEqual(value);
    else expect(pointedTo(variant?.value, '/age')).not.toSatisfy(Number.isInteger);
  });

  test('comes first when it is a member that is missing, then one of another type', () => {
    expect(titles(invalid).slice(0, 2)).toEqual(['phone is missing', 'otp is missing']);
    expect(titles(invalid).indexOf('phone is null')).toBeLessThan(
      titles(invalid).indexOf('phone is a number'),
    );
    expect(titles(invalid).indexOf('phone is a number')).toBeLessThan(
      titles(invalid).indexOf('otp does not match the pattern'),
    );
    expect(titles(invalid).indexOf('otp is null')).toBeLessThan(titles(invalid).indexOf('age is null'));
  });

  test('is one constraint alone where it can be', () => {
    const source = parseSource(file, JSON.stringify({ A: { type: 'string', pattern: '^a', minLength: 3 } }));
    const documents: Documents = { root: file, sources: new Map([[file, source]]) };
    const schemas = createSchemas(documents, '3.1');
    const at = { file, pointer: '/A' };
    const make = createVariants(documents, '3.1', schemas);
    const made = make(at, 'abc', { direction: 'request', random: seededRandom(1) }).invalid;
    const keywords = made.map(({ value }) =>
      schemas.violations(at, value, 'request').map((each) => each.keyword),
    );
    expect(keywords).toEqual(made.map(({ keyword }) => [keyword]));
  });
});

describe('what is just allowed', () => {
  test.each<[what: string, schema: Json, base: Json, values: readonly Json[]]>([
    ['lengths', { type: 'string', minLength: 2, maxLength: 4 }, 'abc', ['ab', 'abca']],
    ['bounds', { type: 'integer', minimum: -3, maximum: 7 }, 1, [-3, 7, 0]],
    ['next to exclusive bounds', { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 }, 5, [1, 9]],
    ['multiples', { type: 'integer', multipleOf: 5 }, 10, [15, 0]],
    ['every member of an enum', { enum: ['a', 'b', null, 3] }, 'a', ['b', null, 3]],
    ['null', { type: ['string', 'null'] }, 'a', [null, '']],
    ['booleans', { type: 'boolean' }, true, [false]],
    [
      'numbers of items',
      { type: 'array', items: { const: 1 }, minItems: 1, maxItems: 3 },
      [1, 1],
      [[1], [1, 1, 1]],
    ],
    ['nothing', { type: 'array', items: {} }, [1], [[]]],
    [
      'only what is required',
      { type: 'object', required: ['a'], properties: { a: { const: 1 }, b: { const: 2 } } },
      { a: 1, b: 2 },
      [{ a: 1 }, { a: 1, b: 2, unexpected: 'x' }],
    ],
    [
      'all that is optional',
      { type: 'object', required: ['a'], properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } } },
      { a: 1 },
      [{ a: 1, b: 2, c: 3 }],
    ],
    ['each alternative', { oneOf: [{ const: 'a' }, { const: 5 }, { const: true }] }, 'a', [5, true]],
    ['days that only leap years have', { type: 'string', format: 'date' }, '2024-01-01', ['2024-02-29']],
  ])('%s', (_, schema, base, values) => {
    const made = valuesOf(variantsOf(schema, base).valid);
    for (const value of values) expect(made).toContainEqual(value);
  });

  test('is told with its keyword and place', () => {
    const { valid } = variantsOf(
      { type: 'object', properties: { a: { type: 'string', maxLength: 3 } } },
      { a: 'x' },
    );
    expect(valid).toContainEqual({
      value: { a: 'xxx' },
      pointer: '/a',
      keyword: 'maxLength',
      place: { file, pointer: '/A/properties/a/maxLength' },
      title: 'a has 3 characters, the most',
    });
  });
});

describe('what is hard to take', () => {
  const { hostile } = variantsOf(
    { type: 'object', properties: { name: { type: 'string' }, count: { type: 'number' } } },
    { name: 'a', count: 1 },
  );

  test.each([
    'name has quotes and apostrophes',
    'name has characters beyond the basic plane',
    'name has the null character',
    'name has 20,000 characters',
    'name is like SQL',
    'name is like markup',
    'name is empty',
    'count is past 32 bits',
    'the value has 1,000 unknown members',
    'the value has an unknown member that is nested deeply',
    'the value has an unknown member "__proto__"',
  ])('%s', (title) => {
    expect(titles(hostile)).toContain(title);
  });

  test('is as long as it says', () => {
    const long = hostile.find(({ title }) => title === 'name has 20,000 characters');
    expect(String(pointedTo(long?.value, '/name'))).toHaveLength(20_000);
  });

  test('has a member called __proto__ as a member, also in its text', () => {
    const value = hostile.find(({ title }) => title.includes('__proto__'))?.value;
    expect(JSON.stringify(value)).toContain('"__proto__":{"admin":true}');
  });

  test('stays within what the schema allows', () => {
    const short = variantsOf({ type: 'string', maxLength: 10 }, 'a').hostile;
    expect(short.length).toBeGreaterThan(10);
    expect(short.every(({ value }) => [...String(value)].length <= 10)).toBe(true);
    expect(titles(short)).toContain('the value has 10 characters');
    expect(variantsOf({ enum: ['a', 'b'] }, 'a').hostile).toEqual([]);
    const closed = variantsOf({ type: 'object', additionalProperties: false }, {}).hostile;
    expect(closed).toEqual([]);
  });
});

describe('a budget', () => {
  const schema: Json = {
    type: 'object',
    required: ['a', 'b'],
    properties: { a: { type: 'string', maxLength: 9 }, b: { type: 'integer' } },
  };
  const base = { a: 'x', b: 1 };

  test('bounds each kind, and keeps the most telling', () => {
    const few = variantsOf(schema, base, { budget: 3 });
    const all = variantsOf(schema, base);
    expect(few.invalid).toEqual(all.invalid.slice(0, 3));
    expect([few.valid, few.hostile].map(({ length }) => length)).toEqual([3, 3]);
  });
});

test('a wide schema that stands within itself has variants of modest size', () => {
  const names = Array.from({ length: 40 }, (_, index) => `m${index}`);
  const schema: Json = {
    type: 'object',
    properties: Object.fromEntries(
      names.map((name, index): [string, Json] => [
        name,
        index % 2 === 0 ? { $ref: '#/A' } : { type: 'array', items: { $ref: '#/A' } },
      ]),
    ),
  };
  const { valid, invalid } = variantsOf(schema, {}, { budget: 100 });
  expect(titles(invalid)).toEqual(expect.arrayContaining(['m0 is null', 'm39 is null']));
  for (const { value } of [...valid, ...invalid]) expect(JSON.stringify(value).length).toBeLessThan(20_000);
});

describe('OpenAPI 3.0', () => {
  const schema: Json = {
    type: 'object',
    required: ['a'],
    properties: {
      a: { type: 'string', nullable: true, maxLength: 2 },
      b: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    },
  };
  const { valid, invalid } = variantsOf(schema, { a: 'x', b: 1 }, { dialect: '3.0' });

  test('what is nullable may be null', () => {
    expect(valuesOf(valid)).toContainEqual({ a: null, b: 1 });
    expect(titles(invalid)).not.toContain('a is null');
  });

  test('a bound may be excluded by a boolean', () => {
    expect(valuesOf(invalid)).toContainEqual({ a: 'x', b: 0 });
  });
});

describe('a direction', () => {
  const schema: Json = {
    type: 'object',
    required: ['id', 'password'],
    properties: {
      id: { type: 'string', readOnly: true },
      created: { type: 'string', readOnly: true },
      password: { type: 'string', writeOnly: true },
      hint: { type: 'string', writeOnly: true },
    },
  };
  const membersOf = (variants: Variants): readonly string[] => [
    ...new Set(variants.invalid.flatMap(({ pointer }) => pointerTokens(pointer))),
  ];

  test('requests have no members that are only read', () => {
    expect(membersOf(variantsOf(schema, { password: 'x' }))).toEqual(['password', 'hint']);
  });

  test('responses have no members that are only written', () => {
    expect(membersOf(variantsOf(schema, { id: 'x' }, { direction: 'response' }))).toEqual(['id', 'created']);
  });
});

describe.each(shippedApis())('the requests of %s', (name) => {
  test('have variants that are what they say', async () => {
    const contract = await loadContract(name);
    let count = 0;
    let missing = 0;
    for (const { requestBody } of contract.operations) {
      for (const { schema, examples } of requestBody?.content ?? []) {
        for (const { value } of examples) {
          if (schema === undefined || value === undefined) continue;
          const context = { direction: 'request', random: seededRandom(1) } as const;
          const { valid, invalid, hostile } = contract.variants(schema, value, context);
          const violations = (variant: Variant) =>
            contract.schemas.violations(schema, variant.value, 'request');
          expect([...valid, ...hostile].flatMap(violations)).toEqual([]);
          for (const variant of invalid) {
            const broken = violations(variant).map(({ keyword }) => keyword);
            // A value of another type is none of the listed ones either.
            const isListed = variant.keyword === 'type' && broken.includes('enum');
            expect(broken).toEqual(isListed ? expect.arrayContaining(['type', 'enum']) : [variant.keyword]);
            expect(broken.length).toBeLessThanOrEqual(isListed ? 2 : 1);
          }
          missing += titles(invalid).filter((title) => title.endsWith('is missing')).length;
          count += valid.length + invalid.length + hostile.length;
        }
      }
    }
    expect(count).toBeGreaterThan(50);
    expect(missing).toBeGreaterThan(0);
  });
});
