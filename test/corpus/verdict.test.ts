/** What the corpus is judged by: answers that are as the documents say, and answers that are not. */

import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type IndependentSchemas, independentSchemas } from './independent-schemas.js';
import { type Description, readDescription } from './reading.js';
import { verdictOf } from './verdict.js';

type Read = { readonly description: Description; readonly schemas: IndependentSchemas };
const known = new Map<string, Read>();

function read(name: string): Read {
  const found = known.get(name);
  if (found !== undefined) return found;
  const file = fileURLToPath(new URL(`documents/${name}`, import.meta.url));
  const description = readDescription(file);
  const made = { description, schemas: independentSchemas(description) };
  known.set(name, made);
  return made;
}
afterAll(() => {
  for (const { schemas } of known.values()) schemas.close();
});

async function wrongWith(
  [document, operation, status, type, content]: readonly [string, string, number, string, string],
  fields: readonly (readonly [string, string])[] = [],
): Promise<string | undefined> {
  const { description, schemas } = read(document);
  const described = description.operations.find(({ method, path }) => `${method} ${path}` === operation);
  if (described === undefined) throw new TypeError(`${document} has no ${operation}`);
  const { wrong, unchecked } = await verdictOf(description.files, schemas, described, {
    status,
    fields: [...(type === '' ? [] : [['content-type', type] as const]), ...fields],
    content: new TextEncoder().encode(content),
  });
  expect(unchecked).toBeUndefined();
  return wrong;
}

const json = 'application/json';
const book =
  '<book id="3"><heading>Emma</heading><authors><author>Austen</author></authors><tags><tag>old</tag></tags></book>';
const written =
  '<book id="3"><heading>Emma</heading><authors><author>Austen</author></authors><tag>old</tag><tag>long</tag><word>clever</word></book>';

describe('an answer that is right', () => {
  it.each([
    ['recursive-schemas.yaml', 'GET /tree', 200, json, '{"value":1,"children":[{"value":2,"children":[]}]}'],
    [
      'nullable.yaml',
      'POST /things',
      201,
      json,
      '{"name":null,"size":null,"colour":null,"owner":{},"tags":[null],"note":1}',
    ],
    ['reference-siblings-ignored.yaml', 'GET /things', 200, json, '{"size":9}'],
    ['many-files/openapi.yaml', 'GET /authors', 200, json, '[{"name":"A","books":[{"id":1,"title":"B"}]}]'],
    ['read-write-only.yaml', 'POST /users', 201, json, '{"id":1,"name":"A","profile":{"score":1}}'],
    ['status-ranges.yaml', 'GET /range', 206, json, '{"ok":true}'],
    ['status-ranges.yaml', 'GET /default', 418, json, '{"value":1}'],
    ['media-types.yaml', 'GET /report', 200, 'application/json;charset=utf-8', '{"id":1}'],
    ['media-types.yaml', 'POST /report', 201, 'application/cbor+json', '{"id":1}'],
    ['xml.yaml', 'GET /book', 200, 'application/xml', written],
    [
      'xml.yaml',
      'GET /shelf',
      200,
      'text/xml',
      `<s:shelf xmlns:s="https://example.com/shelf"><list>${written}</list></s:shelf>`,
    ],
    ['text.yaml', 'GET /count', 200, 'text/plain', '42'],
    ['streams.yaml', 'GET /lines', 200, 'application/jsonl', '{"at":1,"text":"a"}\n{"at":2,"text":"b"}\n'],
    ['streams.yaml', 'GET /events', 200, 'text/event-stream', 'event: news\ndata: a\ndata: b\nretry: 10\n\n'],
    ['swagger-2.yaml', 'GET /pets', 200, json, '[{"id":1,"name":"Rex","kind":"dog"}]'],
    ['no-content.yaml', 'DELETE /ping', 204, '', ''],
  ] as const)('%s: %s', async (...row) => {
    expect(await wrongWith(row)).toBeUndefined();
  });
});

describe('an answer that is wrong', () => {
  it.each([
    ['status 202 is not documented', 'recursive-schemas.yaml', 'GET /tree', 202, json, '{}'],
    ['is text/html, which is not documented', 'recursive-schemas.yaml', 'GET /tree', 200, 'text/html', 'a'],
    ['cannot be read', 'recursive-schemas.yaml', 'GET /tree', 200, json, '{"value":1'],
    ['has no content', 'recursive-schemas.yaml', 'GET /tree', 200, json, ''],
    ['has content, and none', 'no-content.yaml', 'POST /ping', 204, '', 'a'],
    [
      'type at "/children/0/value"',
      'recursive-schemas.yaml',
      'GET /tree',
      200,
      json,
      '{"value":1,"children":[{"value":"a","children":[]}]}',
    ],
    [
      'type at "/owner"',
      'nullable.yaml',
      'POST /things',
      201,
      json,
      '{"name":null,"size":null,"colour":null,"owner":3,"tags":[],"note":1}',
    ],
    [
      'enum at "/colour"',
      'nullable.yaml',
      'POST /things',
      201,
      json,
      '{"name":"","size":1,"colour":"blue","owner":{},"tags":[],"note":1}',
    ],
    ['maximum at "/size"', 'reference-siblings-ignored.yaml', 'GET /things', 200, json, '{"size":51}'],
    ['maximum at "/0/size"', 'reference-siblings.yaml', 'GET /things', 200, json, '[{"name":"a","size":5}]'],
    [
      'type at "/0/books/0/author/name"',
      'many-files/openapi.yaml',
      'GET /authors',
      200,
      json,
      '[{"name":"A","books":[{"id":1,"title":"B","author":{"name":1,"books":[]}}]}]',
    ],
    [
      'required at ""',
      'read-write-only.yaml',
      'POST /users',
      201,
      json,
      '{"name":"A","profile":{"score":1}}',
    ],
    [
      'minLength at "/password"',
      'read-write-only.yaml',
      'POST /users',
      201,
      json,
      '{"id":1,"name":"A","password":"a","profile":{"score":1}}',
    ],
    ['format at "/uuid"', 'formats.yaml', 'PUT /formats', 200, json, '{"uuid":"nearly"}'],
    ['pattern at "/ahead"', 'patterns.yaml', 'PUT /texts', 200, json, '{"ahead":"abcdefgh"}'],
    [
      'unevaluatedProperties',
      'identifiers.yaml',
      'GET /tree',
      200,
      json,
      '{"name":"a","children":[{"name":"b","size":1}]}',
    ],
    [
      'pattern at "/code"',
      'identifiers.yaml',
      'POST /things',
      201,
      json,
      '{"size":1,"colour":"red","code":"a"}',
    ],
    ['type at "/__proto__"', 'awkward-keys.yaml', 'POST /things', 201, json, '{"__proto__":5}'],
    ['the element is tome', 'xml.yaml', 'GET /book', 200, 'application/xml', '<tome/>'],
    ['type at "/tags"', 'xml.yaml', 'GET /book', 200, 'application/xml', book],
    ['type at "/id"', 'xml.yaml', 'GET /book', 200, 'application/xml', written.replace('"3"', '"x"')],
    [
      'type at ""',
      'xml.yaml',
      'GET /book',
      200,
      'application/xml',
      written.replace('</authors>', '</authors><authors/>'),
    ],
    ['cannot be read', 'xml.yaml', 'GET /book', 200, 'application/xml', '<book>'],
    ['maximum at ""', 'text.yaml', 'GET /count', 200, 'text/plain', '100'],
    [
      'type at "/at"',
      'streams.yaml',
      'GET /lines',
      200,
      'application/jsonl',
      '{"at":1,"text":"a"}\n{"at":"2","text":"b"}\n',
    ],
    [
      'pattern at "/event"',
      'streams.yaml',
      'GET /events',
      200,
      'text/event-stream',
      'event: News\ndata: a\n\n',
    ],
    ['type at "/0/id"', 'swagger-2.yaml', 'GET /pets', 200, json, '[{"id":"1","name":"Rex"}]'],
  ] as const)('%s: %s %s', async (what, document, operation, status, type, content) => {
    expect(await wrongWith([document, operation, status, type, content])).toContain(what);
  });

  it('lacks a header that must be there', async () => {
    const row = ['status-ranges.yaml', 'GET /moved', 302, '', ''] as const;
    expect(await wrongWith(row)).toContain('required header location');
    expect(await wrongWith(row, [['Location', 'https://example.com']])).toBeUndefined();
  });

  it('is that of a server that failed, even where no answer is documented', async () => {
    const { description, schemas } = read('text.yaml');
    const silent = { method: 'GET', path: '/silent', responses: [] };
    const answer = { fields: [], content: undefined };
    const verdictWith = (status: number) =>
      verdictOf(description.files, schemas, silent, { ...answer, status });
    expect((await verdictWith(500)).wrong).toBe('the server failed');
    expect((await verdictWith(200)).wrong).toBeUndefined();
  });
});
