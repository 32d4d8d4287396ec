/** Documents whose schemas stand in each other, and content that reaches the last of them. */

import type { Json, JsonObject } from '../../openapi/index.js';
import type { MadeKind } from '../mock/sizes.js';

/** A document with schemas so many deep: each is a member of the one before. */
function documentOfDepth(depth: number): JsonObject {
  const levels = Array.from({ length: depth }, (_, index): [string, Json] => {
    const next = index + 1 < depth ? { next: { $ref: `#/components/schemas/Level${index + 2}` } } : {};
    return [
      `Level${index + 1}`,
      {
        type: 'object',
        required: ['name', ...Object.keys(next)],
        properties: { name: { type: 'string' }, ...next },
      },
    ];
  });
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Level1' } } };
  return {
    openapi: '3.1.0',
    info: { title: `${depth} deep`, version: '1.0.0' },
    paths: {
      '/nested': {
        get: { operationId: 'look', responses: { '204': { description: 'Nothing.' } } },
        post: {
          operationId: 'take',
          requestBody: { required: true, content },
          responses: { '204': { description: 'Taken.' } },
        },
      },
    },
    components: { schemas: Object.fromEntries(levels) },
  };
}

function contentOfDepth(depth: number): string {
  return `${'{"name":"x","next":'.repeat(depth - 1)}{"name":"x"}${'}'.repeat(depth - 1)}`;
}

/** Documents with schemas so many deep, and content that reaches the last. */
export const byDepth: MadeKind = {
  counts: 'levels of schemas',
  document: documentOfDepth,
  requests: async (_, depth) => [
    {
      title: 'taking nested content',
      method: 'POST',
      path: '/nested',
      headers: { 'content-type': 'application/json' },
      body: contentOfDepth(depth),
      status: 204,
    },
  ],
};

/** The same document, asked for nothing nested: for starts. */
export const nestedPath = '/nested';
