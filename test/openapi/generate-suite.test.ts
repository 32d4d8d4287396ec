/** Values generated from the schemas of the JSON Schema Test Suite are valid, by Ajv and by a validator that shares nothing with it. */

import { hasSchema, registerSchema, type SchemaObject, validate } from '@hyperjump/json-schema/draft-2020-12';
import { beforeAll, describe, expect, test } from 'vitest';
import { createGenerator } from '../../openapi/generate/generate.js';
import { isObject, type Json } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import { createSchemas } from '../../openapi/schema/schema.js';
import { type SuiteCase, suiteCases, suiteNeeds } from './json-schema-suite.js';

const now = Date.parse('2024-02-28T12:00:00Z');
const dialect = 'https://json-schema.org/draft/2020-12/schema';
const seeds = Array.from({ length: 6 }, (_, index) => index);

/** Schemas that some object or list is valid against: what a message can be. */
const groups = suiteCases().filter(({ tests }) =>
  tests.some(({ value, isValid }) => isValid && typeof value === 'object' && value !== null),
);

/** Where the other validator is not asked, and why: it takes names in the values of an `enum` for those of schemas. */
const notAsked = [
  '$anchor inside an enum is not a real identifier',
  '$id inside an enum is not a real identifier',
];

const addressOf = ({ file, title }: SuiteCase): string =>
  `https://suite.example/${file}/${encodeURIComponent(title)}`;

/** A schema as JSON.parse makes it, which is what the other validator takes. */
const asSchema = (schema: Json): SchemaObject | boolean => JSON.parse(JSON.stringify(schema));

/** What does not come out valid: `file: schema: value`. */
async function invalid(own: readonly SuiteCase[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const group of own) {
    const { file, title, documents, at } = group;
    const generate = createGenerator(documents, '3.1');
    const schemas = createSchemas(documents, '3.1');
    for (const seed of seeds) {
      const context = { random: seededRandom(seed), now, secret: '', fixed: {}, dynamic: seed % 2 === 1 };
      const value = generate(at, context);
      const isValid = schemas.violations(at, value, 'response').length === 0;
      const sent = JSON.parse(JSON.stringify(value));
      const other = notAsked.includes(title) || (await validate(addressOf(group), sent)).valid;
      if (!isValid || !other) found.push(`${file}: ${title}: ${JSON.stringify(value)} ${isValid} ${other}`);
    }
  }
  return found;
}

describe.skipIf(suiteNeeds !== '')(`what the suite describes${suiteNeeds}`, () => {
  beforeAll(() => {
    // The other validator is one for all test files of a worker.
    const register = (name: string, schema: Json): void => {
      if (!hasSchema(name)) registerSchema(asSchema(schema), name, dialect);
    };
    for (const [name, { value }] of groups[0]?.documents.sources ?? [])
      if (name.startsWith('http://localhost:1234/draft2020-12/')) register(name, value);
    for (const group of groups) register(addressOf(group), group.schema);
  });

  test('is schemas enough', () => {
    expect(groups.length).toBeGreaterThan(200);
    expect(groups.filter(({ schema }) => isObject(schema)).length).toBeGreaterThan(190);
  });

  test.each([...new Set(groups.map(({ file }) => file))])('%s', async (name) => {
    expect(await invalid(groups.filter(({ file }) => file === name))).toEqual([]);
  });
});
