/** Generation comes to an end on any schema, soon, with a body of a sensible size. */

import { describe, expect, test } from 'vitest';
import type { Documents } from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { createGenerator } from '../../openapi/generate/generate.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import { createSchemas } from '../../openapi/schema/schema.js';

const file = 'schemas.json';

function documentsOf(schemas: JsonObject): Documents {
  return { root: file, sources: new Map([[file, parseSource(file, JSON.stringify(schemas))]]) };
}

/** The values of the schema under A, one for each seed. */
function made(schemas: JsonObject, ...seeds: readonly number[]): readonly Json[] {
  const generate = createGenerator(documentsOf(schemas), '3.1');
  return seeds.map((seed) => {
    const context = { random: seededRandom(seed), now: 0, secret: '', fixed: {}, dynamic: false };
    return generate({ file, pointer: '/A' }, context);
  });
}

const to = (name: string): JsonObject => ({ $ref: `#/${name}` });
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `m${index}`);
const members = (list: readonly string[], rule: (name: string) => Json): JsonObject =>
  Object.fromEntries(list.map((name) => [name, rule(name)]));

describe('a value is made, valid and of a sensible size', () => {
  test.each<[what: string, schemas: JsonObject]>([
    [
      'recursion that is required, with a way out by a choice',
      {
        A: { type: 'object', required: ['a', 'b'], properties: { a: to('B'), b: to('B') } },
        B: { oneOf: [to('A'), { type: 'array', items: to('A'), minItems: 1 }, { type: 'null' }] },
      },
    ],
    [
      'recursion that is required, through lists and maps that may be empty',
      {
        A: { type: 'object', required: ['list', 'map'], properties: { list: to('L'), map: to('M') } },
        L: { type: 'array', items: to('A') },
        M: { type: 'object', additionalProperties: to('A') },
      },
    ],
    [
      'forty schemas that each have all others as members',
      members(['A', ...names(40)], () => ({ type: 'object', properties: members(names(40), to) })),
    ],
    [
      'a chain of fifty required members, and a choice at each to go back',
      {
        A: to('m0'),
        ...members(names(50), (name) => ({
          type: 'object',
          required: ['next'],
          properties: {
            next: { anyOf: [to('A'), to(`m${(Number(name.slice(1)) + 1) % 50}`), { type: 'string' }] },
          },
        })),
      },
    ],
    [
      'sixty levels that all have to be there',
      {
        A: to('m0'),
        ...members(names(60), (name) => ({
          type: 'object',
          required: ['next'],
          properties: { next: name === 'm59' ? { type: 'string' } : to(`m${Number(name.slice(1)) + 1}`) },
        })),
      },
    ],
    [
      'one of twenty alternatives and none of the others, each a choice that leads further in',
      {
        A: { oneOf: names(20).map(to) },
        ...members(names(20), (name) => ({
          type: 'object',
          required: [name, 'next'],
          properties: {
            [name]: { anyOf: [to('B'), { type: 'object', required: ['a'], properties: { a: to('B') } }] },
            next: to('B'),
          },
        })),
        B: { type: 'object', required: ['c'], properties: { c: { oneOf: [{ type: 'string' }, to('D')] } } },
        D: { type: 'object', required: ['e'], properties: { e: { type: 'integer' } } },
      },
    ],
    [
      'a format and a pattern that few of its values match',
      { A: { type: 'string', format: 'date', pattern: '^20' } },
    ],
    [
      'allOf a hundred deep',
      {
        A: to('m0'),
        ...members(names(100), (name) => ({
          allOf: [
            ...(name === 'm99' ? [] : [to(`m${Number(name.slice(1)) + 1}`)]),
            { type: 'object', required: [name], properties: { [name]: { type: 'integer' } } },
          ],
        })),
      },
    ],
    [
      'a choice of sixty objects, of which only one may fit',
      {
        A: {
          oneOf: names(60).map(
            (name): Json => ({ type: 'object', properties: { [name]: { type: 'integer' } } }),
          ),
        },
      },
    ],
    [
      'a dozen choices that exclude each other but for one way',
      {
        A: {
          type: 'object',
          properties: members(names(12), () => ({ type: 'integer' })),
          allOf: names(12).map(
            (name, index): Json => ({
              oneOf: [
                { required: [name] },
                { required: [`m${(index + 1) % 12}`], properties: { [name]: false } },
              ],
            }),
          ),
        },
      },
    ],
    [
      'a member that nothing fits, and that may be left out',
      {
        A: {
          type: 'object',
          required: ['a'],
          properties: { a: { type: 'string' }, b: { allOf: [{ type: 'string' }, { type: 'integer' }] } },
        },
      },
    ],
    [
      'a list of lists of lists',
      {
        A: { type: 'array', minItems: 1, items: to('B') },
        B: { type: 'array', minItems: 2, items: to('C') },
        C: { type: 'array', items: to('A') },
      },
    ],
  ])('%s', (_, schemas) => {
    const check = createSchemas(documentsOf(schemas), '3.1');
    const start = performance.now();
    const values = made(schemas, 1, 2, 3);
    expect(performance.now() - start).toBeLessThan(5000);
    for (const value of values) {
      expect(check.violations({ file, pointer: '/A' }, value, 'response')).toEqual([]);
      expect(JSON.stringify(value).length).toBeLessThan(60_000);
    }
  });

  test('a list is of one to three items, unless more are asked for', () => {
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    const values = made({ A: { type: 'array', items: { type: 'string' } } }, ...seeds);
    const lengths = values.map((value) => (Array.isArray(value) ? value.length : undefined));
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3]));
  });
});

describe('where no value fits, there is one all the same, soon', () => {
  test.each<[what: string, schemas: JsonObject]>([
    [
      'two required members without an end',
      { A: { type: 'object', required: ['a', 'b'], properties: { a: to('A'), b: to('A') } } },
    ],
    ['a choice that leads to itself alone', { A: { oneOf: [to('A'), { allOf: [to('A')] }] } }],
    ['a reference to itself', { A: to('A') }],
    [
      'forty choices of four that never fit',
      {
        A: {
          type: 'string',
          maxLength: 2,
          allOf: names(40).map(
            (): Json => ({
              anyOf: [3, 4, 5, 6].map((minLength) => ({ type: 'string', minLength, pattern: '^a' })),
            }),
          ),
        },
      },
    ],
    [
      'an object of many members of which one is impossible in a way that shows late',
      {
        A: {
          type: 'object',
          required: ['x'],
          properties: {
            ...members(names(60), () => to('B')),
            x: { type: 'string', pattern: '^a$', minLength: 4 },
          },
        },
        B: { type: 'object', properties: members(names(20), () => ({ type: 'string' })) },
      },
    ],
  ])('%s', (_, schemas) => {
    const start = performance.now();
    expect(made(schemas, 1)).toHaveLength(1);
    expect(made(schemas, 1)[0]).toBeDefined();
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
