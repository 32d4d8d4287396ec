/** Contracts of any size, made: the same size makes the same document. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Json, JsonObject } from '../../openapi/index.js';

/** A document in a file of its own, and its removal. */
export type MadeFile = { readonly file: string; remove(): void };

/** Writes a document to a temporary file. */
export function written(document: JsonObject): MadeFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-bench-'));
  const file = path.join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** The operations that one resource has. */
const operationsEach = 5;

/**
 * A document of so many operations, five a resource: list, create, read, replace and remove, the latter three on a templated
 * path, and content with a schema of its own.
 */
export function documentOfOperations(operations: number): JsonObject {
  return documentOf(`${operations} operations`, operations, thing);
}

/** A document of at least so many bytes, whose schemas have many members with descriptions. */
export function largeDocument(bytes: number): JsonObject {
  const schema = { ...thing, properties: { ...thing.properties, ...described } };
  const one = JSON.stringify(documentOf('', operationsEach, schema)).length;
  return documentOf('A large document', Math.ceil(bytes / one) * operationsEach, schema);
}

function documentOf(title: string, operations: number, schema: JsonObject): JsonObject {
  const resources = Math.ceil(operations / operationsEach);
  const indexes = Array.from({ length: resources }, (_, index) => index + 1);
  const kept = indexes.flatMap((index) => operationsOf(index)).slice(0, operations);
  const paths: Record<string, Record<string, Json>> = {};
  for (const { path, method, operation } of kept) paths[path] = { ...paths[path], [method]: operation };
  const schemas = Object.fromEntries(indexes.map((index): [string, Json] => [`Thing${index}`, schema]));
  return { openapi: '3.1.0', info: { title, version: '1.0.0' }, paths, components: { schemas } };
}

/** The path of the resource that stands last among so many operations. */
export function lastThings(operations: number): string {
  return `/things${Math.ceil(operations / operationsEach)}`;
}

/** A thing as the schema wants it. */
export const aThing: JsonObject = {
  name: 'a thing',
  color: 'red',
  sizes: [1, 2, 3],
  maker: { name: 'somebody', since: '2020-02-29' },
};

const thing = {
  type: 'object',
  required: ['name', 'color'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 1 },
    name: { type: 'string', maxLength: 40 },
    color: { enum: ['red', 'green', 'blue'] },
    sizes: { type: 'array', maxItems: 10, items: { type: 'integer', minimum: 0 } },
    maker: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, since: { type: 'string', format: 'date' } },
    },
  },
} satisfies JsonObject;

/** Twenty members, as real documents have them. */
const described: JsonObject = Object.fromEntries(
  Array.from({ length: 20 }, (_, index): [string, Json] => [
    `member_${index}`,
    {
      description: `The member ${index} of a thing: what it means, where it comes from, and when it may be missing.`,
      type: ['string', 'null'],
      maxLength: 100,
      examples: [`the value of member ${index}`],
    },
  ]),
);

type MadeOperation = { readonly path: string; readonly method: string; readonly operation: Json };

function operationsOf(index: number): readonly MadeOperation[] {
  const schema = { $ref: `#/components/schemas/Thing${index}` };
  const content = { 'application/json': { schema } };
  const many = { 'application/json': { schema: { type: 'array', items: schema } } };
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const requestBody = { required: true, content };
  const missing = { '404': { description: 'There is none.' } };
  const shown = { '200': { description: 'The thing.', content }, ...missing };
  const things = `/things${index}`;
  const one = `${things}/{id}`;
  const made = (path: string, method: string, verb: string, rest: JsonObject): MadeOperation => {
    return { path, method, operation: { operationId: `${verb}Thing${index}`, ...rest } };
  };
  return [
    made(things, 'get', 'list', { responses: { '200': { description: 'All.', content: many } } }),
    made(things, 'post', 'create', { requestBody, responses: { '201': { description: 'Made.', content } } }),
    made(one, 'get', 'read', { parameters, responses: shown }),
    made(one, 'put', 'replace', { parameters, requestBody, responses: shown }),
    made(one, 'delete', 'remove', { parameters, responses: { '204': { description: 'Gone.' }, ...missing } }),
  ];
}
