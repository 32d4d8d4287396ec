/** Values made from schemas: valid by a validator of their own, the same for the same seed, tokens that a JWT library takes. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { createGenerator, type GenerateContext } from '../../openapi/generate/generate.js';
import { asObject, type Json, type JsonObject } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';

const now = Date.parse('2024-02-28T12:00:00.789Z');
const secret = 'correct horse battery staple';

type Making = {
  readonly seed?: number;
  readonly bound?: Json;
  readonly example?: Json;
  readonly others?: JsonObject;
  readonly context?: Partial<GenerateContext>;
};

/** The generator for a document that holds the schema under A and others beside it. */
function generatorOf(schema: Json, others: JsonObject = {}) {
  const file = 'schemas.json';
  const source = parseSource(file, JSON.stringify({ A: schema, ...others }));
  const documents: Documents = { root: file, sources: new Map([[file, source]]) };
  const generate = createGenerator(documents, '3.1');
  return (context: GenerateContext, bound?: Json, example?: Json): Json =>
    generate({ file, pointer: '/A' }, context, bound, example);
}

const contextOf = (seed: number): GenerateContext => ({
  random: seededRandom(seed),
  now,
  secret,
  fixed: {},
  dynamic: false,
});

function make(schema: Json, { seed = 1, bound, example, others, context }: Making = {}): Json {
  return generatorOf(schema, others)({ ...contextOf(seed), ...context }, bound, example);
}

/** What another validator says of a value; it sees the schema as it is written, and the value as it is sent. */
function verdictOf(schema: Json, others: JsonObject = {}): (value: Json) => unknown {
  const ajv = new Ajv2020({ strict: false, logger: false, multipleOfPrecision: 9, ownProperties: true });
  formats.default(ajv);
  const validate = ajv.compile({ A: schema, ...others, $ref: '#/A' });
  return (value) => (validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors);
}

const tree: JsonObject = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    left: { $ref: '#/Tree' },
    right: { $ref: '#/Tree' },
    others: { type: 'array', items: { $ref: '#/Tree' } },
    byName: { type: 'object', additionalProperties: { $ref: '#/Tree' } },
  },
};

const formatNames = [
  ...['date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid', 'uri', 'url'],
  ...['uri-reference', 'uri-template', 'json-pointer', 'relative-json-pointer', 'regex', 'byte', 'int32'],
];

const schemas: readonly Json[] = [
  // Texts.
  { type: 'string' },
  { type: 'string', minLength: 30 },
  { type: 'string', maxLength: 0 },
  { type: 'string', minLength: 3, maxLength: 3 },
  { type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' },
  { type: 'string', pattern: '[0-9]' },
  { type: 'string', pattern: 'a|b', maxLength: 2 },
  { type: 'string', pattern: '^[a-z]+$', minLength: 8 },
  { type: 'string', pattern: '^[a-z]+$', minLength: 80 },
  { type: 'string', pattern: '^\\p{Lu}\\p{Ll}+$' },
  { type: 'string', pattern: '^(?=.*[A-Z])(?=.*\\d).{8,}$' },
  { type: 'string', pattern: '\\bfoo\\b' },
  ...formatNames.map((format): Json => ({ type: 'string', format })),
  { type: 'string', format: 'email', maxLength: 12 },
  { type: 'string', format: 'uuid', pattern: '^[a-f]' },
  // Numbers.
  { type: 'integer' },
  { type: 'integer', minimum: 5, maximum: 5 },
  { type: 'integer', exclusiveMinimum: 5, exclusiveMaximum: 7 },
  { type: 'integer', maximum: -5 },
  { type: 'integer', multipleOf: 7, minimum: 20 },
  { type: 'integer', multipleOf: 0.5 },
  { type: 'integer', multipleOf: 2.5 },
  { type: 'integer', minimum: 1e15 },
  { type: 'integer', format: 'int32', minimum: 2147483640 },
  { type: 'number' },
  { type: 'number', multipleOf: 0.01 },
  { type: 'number', multipleOf: 0.1, minimum: 0.3, maximum: 0.3 },
  { type: 'number', minimum: 0.1, maximum: 0.2 },
  { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.001 },
  { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1e-9 },
  { type: 'number', exclusiveMaximum: 0 },
  { type: 'number', minimum: 1e300 },
  // Arrays.
  { type: 'array' },
  { type: 'array', maxItems: 0 },
  { type: 'array', items: { type: 'integer' }, minItems: 7 },
  { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 3, uniqueItems: true },
  { type: 'array', items: { type: 'boolean' }, minItems: 2, uniqueItems: true },
  { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
  { type: 'array', prefixItems: [{ type: 'string' }], minItems: 3 },
  { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], maxItems: 1 },
  { type: 'array', items: { type: 'string' }, contains: { const: 'x' }, maxItems: 2 },
  { type: 'array', contains: { type: 'integer', minimum: 9 }, minContains: 2, maxItems: 4 },
  // Objects.
  { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a'] },
  { type: 'object', required: ['z'] },
  { type: 'object', minProperties: 3 },
  { type: 'object', maxProperties: 1, properties: { a: {}, b: {}, c: {} } },
  {
    type: 'object',
    minProperties: 2,
    properties: { a: { type: 'string' } },
    additionalProperties: { type: 'integer' },
  },
  {
    type: 'object',
    patternProperties: { '^x-': { type: 'integer' } },
    additionalProperties: false,
    minProperties: 2,
  },
  { type: 'object', propertyNames: { pattern: '^[a-z]{3}$' }, minProperties: 2 },
  { type: 'object', properties: { a: false, b: { type: 'string' } } },
  { type: 'object', properties: { a: {} }, dependentRequired: { a: ['b'], b: ['c'] } },
  {
    type: 'object',
    properties: { a: {} },
    dependentSchemas: { a: { required: ['q'], properties: { q: { type: 'integer' } } } },
  },
  JSON.parse(
    '{ "type": "object", "properties": { "__proto__": { "type": "string" } }, "required": ["__proto__", "constructor"] }',
  ),
  // Combinations.
  { allOf: [{ type: 'number', minimum: 1 }, { minimum: 5 }, { maximum: 6 }] },
  { allOf: [{ enum: [1, 2, 3] }, { enum: [3, 4] }] },
  { allOf: [{ type: ['string', 'integer'] }, { type: ['integer', 'null'] }] },
  {
    allOf: [{ items: { type: 'integer', minimum: 3 } }, { items: { maximum: 4 } }],
    type: 'array',
    minItems: 2,
  },
  { allOf: [{ multipleOf: 4 }, { multipleOf: 6 }], type: 'integer' },
  {
    type: 'object',
    allOf: [
      { oneOf: [1, 2].map((a): Json => ({ properties: { a: { const: a } }, required: ['a'] })) },
      { oneOf: [1, 2].map((b): Json => ({ properties: { b: { const: b } }, required: ['b'] })) },
    ],
  },
  {
    oneOf: [
      { type: 'integer', minimum: 0 },
      { type: 'integer', maximum: 10 },
    ],
  },
  { anyOf: [{ type: 'string' }, { type: 'null' }] },
  JSON.parse(
    '{ "type": "object", "required": ["a"], "properties": { "a": { "enum": [1, 2] } }, "if": { "properties": { "a": { "const": 1 } } }, "then": { "required": ["b"] }, "else": { "required": ["c"] } }',
  ),
  { type: ['string', 'integer'], not: { type: 'string' } },
  { type: 'integer', not: { multipleOf: 2 } },
  { type: 'string', enum: ['a', 5] },
  // Examples and defaults that break their own schema, and such as do not.
  { type: 'string', example: 5 },
  { type: 'array', items: { type: 'string' }, example: ['a', 'b'] },
  { type: 'object', required: ['n'], properties: { n: { type: 'integer', examples: ['x'] } } },
  { type: 'integer', default: null },
  // Anything.
  {},
  true,
];

describe('a value is valid', () => {
  test.each(schemas)('for %j', (schema) => {
    const verdict = verdictOf(schema);
    const generate = generatorOf(schema);
    for (let seed = 0; seed < 12; seed += 1) expect(verdict(generate(contextOf(seed)))).toEqual([]);
    for (let seed = 0; seed < 4; seed += 1)
      expect(verdict(generate({ ...contextOf(seed), dynamic: true }))).toEqual([]);
  });

  /** Schemas of modest size that have valid values. */
  const { schema: anySchema } = fc.letrec<{ schema: Json }>((tie) => {
    const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat({ max: 20 }));
    const lengths = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }));
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'constructor');
    const leaf: fc.Arbitrary<Json> = fc.oneof(
      bounds.map(([minimum, room]) => ({ type: 'integer', minimum, maximum: minimum + room })),
      bounds.map(([minimum, room]) => ({
        type: 'number',
        exclusiveMinimum: minimum,
        maximum: minimum + room + 1,
      })),
      fc.constantFrom(2, 3, 0.1, 0.25).map((multipleOf) => ({ type: 'number', multipleOf })),
      lengths.map(([minLength, room]) => ({ type: 'string', minLength, maxLength: minLength + room })),
      fc.constantFrom('^[a-c]{2}$', '\\d', '^x?y*$').map((pattern) => ({ type: 'string', pattern })),
      fc.constantFrom(...formatNames).map((format) => ({ type: 'string', format })),
      fc
        .uniqueArray(fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, {
          minLength: 1,
          maxLength: 3,
          selector: JSON.stringify,
        })
        .map((values) => ({ enum: values })),
      fc.constantFrom<Json>({ type: 'boolean' }, { type: 'null' }, {}, true, { type: ['string', 'null'] }),
    );
    const members = fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true });
    const object = fc.tuple(members, fc.subarray(['a', 'b', 'c', 'd', 'constructor']), fc.boolean()).map(
      ([properties, required, isOpen]): Json => ({
        type: 'object',
        properties,
        required: isOpen ? required : required.filter((each) => Object.hasOwn(properties, each)),
        ...(isOpen ? {} : { additionalProperties: false }),
      }),
    );
    const array = fc
      .tuple(tie('schema'), lengths)
      .map(
        ([items, [minItems, room]]): Json => ({ type: 'array', items, minItems, maxItems: minItems + room }),
      );
    const combined: fc.Arbitrary<Json> = fc.oneof(
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc.tuple(object, object).map(([a, b]) => ({ anyOf: [{ allOf: [a, { type: 'object' }] }, b] })),
      tie('schema').map((each) => ({ allOf: [each] })),
    );
    return { schema: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, object, array, combined) };
  });

  test('for any schema', () => {
    fc.assert(
      fc.property(anySchema, fc.nat(), (schema, seed) => {
        const verdict = verdictOf(schema);
        expect(verdict(make(schema, { seed }))).toEqual([]);
        expect(verdict(make(schema, { seed, context: { dynamic: true } }))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });
});

describe('what refers to itself comes to an end', () => {
  test.each<[what: string, schema: Json]>([
    ['a tree', { $ref: '#/Tree' }],
    ['a tree with more', { $ref: '#/Tree', required: ['left', 'extra'] }],
    ['a forest', { type: 'array', items: { $ref: '#/Tree' }, minItems: 2 }],
    [
      'a choice with a way out',
      { oneOf: [{ type: 'array', items: { $ref: '#/A' }, minItems: 2 }, { type: 'string' }] },
    ],
    [
      'a choice between null and itself',
      { type: ['object', 'null'], required: ['next'], properties: { next: { $ref: '#/A' } } },
    ],
  ])('%s', (_, schema) => {
    const verdict = verdictOf(schema, { Tree: tree });
    for (let seed = 0; seed < 5; seed += 1) {
      const value = make(schema, { seed, others: { Tree: tree } });
      expect(verdict(value)).toEqual([]);
      expect(JSON.stringify(value).length).toBeLessThan(50_000);
    }
  });

  test('an object of many members of its own kind', () => {
    const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const schema: Json = {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { $ref: '#/A' }])),
    };
    const value = make(schema);
    expect(Object.keys(asObject(value))).toEqual(names);
    expect(JSON.stringify(value).length).toBeLessThan(50_000);
  });

  test('and where there is no end, something is made all the same', () => {
    expect(make({ type: 'object', required: ['a'], properties: { a: { $ref: '#/A' } } })).toBeTypeOf(
      'object',
    );
  });
});

describe('what no value fits', () => {
  test.each<[schema: Json]>([
    [false],
    [{ type: 'string', pattern: '^a$', minLength: 5 }],
    [{ type: 'string', format: 'uuid', maxLength: 5 }],
    [{ type: 'integer', minimum: 5, maximum: 4 }],
    [{ type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 1 }],
    [{ enum: [1], not: { const: 1 } }],
    [{ allOf: [{ type: 'string' }, { type: 'integer' }] }],
    [{ type: 'array', minItems: 3, maxItems: 1 }],
    [{ type: 'array', items: { type: 'boolean' }, uniqueItems: true, minItems: 3 }],
    [{ type: 'object', minProperties: 2, additionalProperties: false }],
  ])('is made all the same, and ends: %j', (schema) => {
    expect(make(schema)).toBeDefined();
  });
});

describe('the same seed', () => {
  test.each(schemas)('makes the same value for %j', (schema) => {
    expect(make(schema, { seed: 7 })).toEqual(make(schema, { seed: 7 }));
  });

  test('and another one makes another', () => {
    const made = Array.from({ length: 20 }, (_, seed) => make({ type: 'string' }, { seed }));
    expect(new Set(made).size).toBe(20);
  });
});

describe('examples', () => {
  const schema: Json = {
    type: 'object',
    properties: {
      a: { type: 'string', examples: ['one', 'two'] },
      b: { type: 'string', example: 'three', default: 'four' },
      c: { type: 'integer', default: 5 },
    },
  };

  test('and defaults are taken, the first of each member', () => {
    expect(make(schema)).toEqual({ a: 'one', b: 'three', c: 5 });
  });

  test('are passed over for something new', () => {
    const value = make(schema, { context: { dynamic: true } });
    expect(Object.values(asObject(value))).not.toEqual(expect.arrayContaining(['one', 'three']));
  });

  test('of the whole come before those of its members', () => {
    expect(make({ ...asObject(schema), example: { a: 'whole' } })).toEqual({ a: 'whole' });
  });

  test('given along are taken as they are', () => {
    expect(make({ type: 'string', pattern: '^[0-9]{5}$' }, { example: '48793' })).toBe('48793');
  });
});

describe('what needs no guessing', () => {
  test.each<[what: string, schema: Json, value: Json]>([
    ['a constant', { const: { a: [1] } }, { a: [1] }],
    [
      'an instant that lies a lifetime ahead',
      { type: 'string', format: 'date-time', 'x-lifetime': 'PT140M' },
      '2024-02-28T14:20:00.789Z',
    ],
    [
      'an instant across a leap day',
      { type: 'string', format: 'date-time', 'x-lifetime': 'P2D' },
      '2024-03-01T12:00:00.789Z',
    ],
    ['the same behind a reference', { $ref: '#/B', type: 'string' }, '2024-02-28T13:00:00.789Z'],
  ])('%s', (_, schema, value) => {
    const others = { B: { type: 'string', format: 'date-time', 'x-lifetime': 'PT1H' } };
    expect(make(schema, { others })).toEqual(value);
    expect(make(schema, { others, context: { dynamic: true } })).toEqual(value);
  });

  test('is a UUID of version 4', () => {
    expect(make({ type: 'string', format: 'uuid' })).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('a format with a fixed value', () => {
  const context = { fixed: { otp: '00000' } };
  const otp: Json = { type: 'string', format: 'otp', pattern: '^[0-9]{5}$' };

  test.each<[what: string, schema: Json, value: Json]>([
    ['alone', otp, '00000'],
    ['behind a reference', { $ref: '#/Otp' }, '00000'],
    ['within an object', { type: 'object', properties: { code: { $ref: '#/Otp' } } }, { code: '00000' }],
    ['within a list', { type: 'array', items: otp, minItems: 2, maxItems: 2 }, ['00000', '00000']],
  ])('has it %s', (_, schema, value) => {
    expect(make(schema, { others: { Otp: otp }, context })).toEqual(value);
    expect(make(schema, { others: { Otp: otp }, context: { ...context, dynamic: true } })).toEqual(value);
  });

  test('has it before an example that is given along', () => {
    expect(make(otp, { context, example: '48793' })).toBe('00000');
  });

  test('leaves other formats alone', () => {
    expect(make({ type: 'string', format: 'uuid' }, { context })).not.toBe('00000');
  });
});

describe('bound values', () => {
  const schema: Json = {
    type: 'object',
    required: ['a', 'b'],
    properties: {
      a: { type: 'integer' },
      b: { type: 'object', required: ['c', 'd'], properties: { c: { const: 1 }, d: { const: 2 } } },
    },
  };

  test.each<[bound: Json, value: unknown]>([
    [{ a: 'x' }, { a: 'x', b: { c: 1, d: 2 } }],
    [{ b: { d: null } }, { a: expect.any(Number), b: { c: 1, d: null } }],
    [{ e: [1] }, { a: expect.any(Number), b: { c: 1, d: 2 }, e: [1] }],
    ['whole', 'whole'],
  ])('%j are laid over', (bound, value) => {
    expect(make(schema, { bound })).toEqual(value);
  });
});

describe('a member that is only written', () => {
  const schema: Json = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      secret: { type: 'string', writeOnly: true },
      other: { $ref: '#/Secret' },
    },
  };

  test('is not made for a response', () => {
    const others = { Secret: { type: 'string', writeOnly: true } };
    expect(Object.keys(asObject(make(schema, { others })))).toEqual(['name']);
  });
});

describe('a token', () => {
  const claims: JsonObject = {
    type: 'object',
    required: ['fresh', 'iat', 'jti', 'type', 'sub', 'nbf', 'exp'],
    properties: {
      fresh: { const: true },
      iat: { type: 'integer' },
      jti: { type: 'string', format: 'uuid' },
      type: { const: 'access' },
      sub: { type: 'string' },
      nbf: { type: 'integer' },
      exp: { type: 'integer' },
      note: { type: 'string' },
    },
  };
  const header: JsonObject = {
    type: 'object',
    required: ['typ', 'alg'],
    properties: { typ: { const: 'JWT' }, alg: { const: 'HS256' } },
  };
  const schema: JsonObject = {
    type: 'string',
    contentMediaType: 'application/jwt',
    'x-lifetime': 'P10D',
    contentSchema: { type: 'array', prefixItems: [{ $ref: '#/Header' }, { allOf: [{ $ref: '#/Claims' }] }] },
  };
  const others = { Header: header, Claims: claims };
  const token = (making: Making = {}): string => String(make(schema, { others, ...making }));
  const seconds = Math.floor(now / 1000);

  test('is one that a JWT library takes, with the secret', async () => {
    const verified = await jwtVerify(token({ bound: { sub: 'A' } }), new TextEncoder().encode(secret), {
      currentDate: new Date(now),
    });
    expect(verified.payload).toMatchObject({ fresh: true, type: 'access', sub: 'A' });
  });

  test.each<[what: string, key: string, at: number, code: string]>([
    ['with another secret', 'other', now, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['when its lifetime is over', secret, now + 10 * 86_400_000, 'ERR_JWT_EXPIRED'],
    ['before it is made', secret, now - 2000, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('is none %s', async (_, key, at, code) => {
    const options = { currentDate: new Date(at) };
    await expect(jwtVerify(token(), new TextEncoder().encode(key), options)).rejects.toMatchObject({ code });
  });

  test('lasts until the last second of its lifetime', async () => {
    const options = { currentDate: new Date((seconds + 10 * 86_400 - 1) * 1000) };
    await expect(jwtVerify(token(), new TextEncoder().encode(secret), options)).resolves.toBeDefined();
  });

  test('has header and claims in the order of their description, the required ones', () => {
    expect(JSON.stringify(decodeProtectedHeader(token()))).toBe('{"typ":"JWT","alg":"HS256"}');
    expect(Object.keys(decodeJwt(token()))).toEqual(['fresh', 'iat', 'jti', 'type', 'sub', 'nbf', 'exp']);
  });

  test('tells when it was made and how long it lives, in whole seconds', () => {
    expect(decodeJwt(token())).toMatchObject({ iat: seconds, nbf: seconds, exp: seconds + 864_000 });
  });

  test('lives by the calendar where its lifetime does', () => {
    const { iat = 0, exp = 0 } = decodeJwt(String(make({ ...schema, 'x-lifetime': 'P1M' }, { others })));
    expect(exp - iat).toBe(29 * 86_400);
  });

  test('is unlike every other', () => {
    const generate = generatorOf(schema, others);
    const context = contextOf(1);
    const ids = Array.from({ length: 50 }, () => decodeJwt(String(generate(context))).jti);
    expect(new Set(ids).size).toBe(50);
    expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[0-9a-f-]{36}$/)));
  });

  test('is the same for the same seed', () => {
    expect(token({ seed: 3 })).toBe(token({ seed: 3 }));
    expect(token({ seed: 3 })).not.toBe(token({ seed: 4 }));
  });

  test('has the claims that are bound, optional and undescribed ones too', () => {
    const bound = { sub: 'A', note: 'n', more: [1] };
    expect(decodeJwt(token({ bound }))).toMatchObject(bound);
    expect(Object.keys(decodeJwt(token({ bound })))).toEqual([
      'fresh',
      'iat',
      'jti',
      'type',
      'sub',
      'nbf',
      'exp',
      'note',
      'more',
    ]);
  });

  test('has them when its schema is referred to with others beside it', () => {
    const value = make(
      { $ref: '#/Token', type: 'string' },
      { others: { ...others, Token: schema }, bound: { sub: 'B' } },
    );
    expect(decodeJwt(String(value)).sub).toBe('B');
  });

  test('is made within other values', () => {
    const value = make(
      { type: 'object', required: ['t'], properties: { t: { $ref: '#/Token' } } },
      { others: { ...others, Token: schema } },
    );
    expect(decodeJwt(String(asObject(value).t))).toMatchObject({ type: 'access' });
  });

  test('without a lifetime has no end unless one is required', () => {
    const { 'x-lifetime': _, ...endless } = schema;
    const open = { ...claims, required: ['sub'] };
    expect(decodeJwt(String(make(endless, { others: { Header: header, Claims: open } })))).not.toHaveProperty(
      'exp',
    );
  });
});
