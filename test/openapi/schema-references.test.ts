/** Schemas that are referred to by the names that they give themselves (JSON Schema 2020-12 core, 8.2). */

import { describe, expect, test } from 'vitest';
import {
  type Documents,
  followReferences,
  nodeAt,
  referenceTarget,
} from '../../openapi/document/documents.js';
import { parseSource } from '../../openapi/document/locate.js';
import { walkThrough } from '../../openapi/document/objects.js';
import { referenceProblems } from '../../openapi/document/references.js';
import type { Json } from '../../openapi/json.js';
import { createSchemas } from '../../openapi/schema/schema.js';
import { contractOf, head } from './folders.js';

const root = '/contract/openapi.yaml';

/** Documents of files by their paths; the first one is the OpenAPI document. */
function documentsOf(files: Readonly<Record<string, string>>): Documents {
  const sources = Object.entries(files).map(([name, text]) => parseSource(name, text));
  return { root, sources: new Map(sources.map((source) => [source.file, source])) };
}

const component = (name: string) => ({ file: root, pointer: `/components/schemas/${name}` });

function refusals(documents: Documents, name: string, value: Json): readonly string[] {
  const found = createSchemas(documents, '3.1').violations(component(name), value, 'response');
  return found.map(({ pointer, keyword }) => `${pointer} ${keyword}`);
}

/** What loading would say of the references. */
function problems(documents: Documents): readonly string[] {
  const walk = walkThrough(documents);
  walk.goOn();
  return referenceProblems({ documents, failures: new Map(), walk }).map(({ what }) => what);
}

const schemas = (text: string): string => `components:\n  schemas:\n${text.replace(/^/gm, '    ')}\n`;

type Row = readonly [what: string, files: Readonly<Record<string, string>>, good: Json, bad: Json];

const rows: readonly Row[] = [
  ['an anchor', { [root]: schemas("A: { $ref: '#text' }\nB: { $anchor: text, type: string }") }, 'a', 5],
  [
    'an address, its own name relative to the file',
    { [root]: schemas('A: { $ref: b.json }\nB: { $id: b.json, type: string }') },
    'a',
    5,
  ],
  [
    'an absolute address',
    {
      [root]: schemas("A: { $ref: 'https://a.example/b' }\nB: { $id: 'https://a.example/b', type: string }"),
    },
    'a',
    5,
  ],
  [
    'an anchor of an address',
    {
      [root]: schemas(
        "A: { $ref: 'https://a.example/b#c' }\nB: { $id: 'https://a.example/b', $defs: { C: { $anchor: c, type: string } } }",
      ),
    },
    'a',
    5,
  ],
  [
    'a pointer from an address',
    {
      [root]: schemas(
        "A: { $ref: 'https://a.example/b#/$defs/C' }\nB: { $id: 'https://a.example/b', $defs: { C: { type: string } } }",
      ),
    },
    'a',
    5,
  ],
  [
    'a pointer within a schema that has an address',
    {
      [root]: schemas("A: { $id: 'https://a.example/a', $ref: '#/$defs/C', $defs: { C: { type: string } } }"),
    },
    'a',
    5,
  ],
  [
    'a pointer from the document, though the schema has an address',
    {
      [root]: schemas(
        "A: { $id: 'https://a.example/a', $ref: '#/components/schemas/B' }\nB: { type: string }",
      ),
    },
    'a',
    5,
  ],
  [
    'a file, though the schema has an address',
    {
      [root]: schemas("A: { $id: 'https://a.example/a', $ref: b.yaml }"),
      '/contract/b.yaml': 'type: string',
    },
    'a',
    5,
  ],
  [
    'an anchor of a file',
    {
      [root]: schemas('A: { $ref: b.yaml#text }'),
      '/contract/b.yaml': '$defs: { text: { $anchor: text, type: string } }',
    },
    'a',
    5,
  ],
  [
    'an address that a file gives itself',
    {
      [root]: schemas("A: { allOf: [{ $ref: b.yaml }, { $ref: 'https://a.example/b' }] }"),
      '/contract/b.yaml': "$id: 'https://a.example/b'\ntype: string",
    },
    'a',
    5,
  ],
  [
    'a chain of names',
    { [root]: schemas("A: { $ref: '#b' }\nB: { $anchor: b, $ref: '#c' }\nC: { $anchor: c, type: string }") },
    'a',
    5,
  ],
  [
    'escapes of pointers and of addresses',
    {
      [root]: schemas(
        "A: { $ref: '#/components/schemas/A/$defs/b~1c%25d', $defs: { b/c%d: { type: string } } }",
      ),
    },
    'a',
    5,
  ],
  [
    'the meta-schema itself',
    { [root]: schemas("A: { $ref: 'https://json-schema.org/draft/2020-12/schema' }") },
    { type: 'string', properties: { a: { minLength: 1 } } },
    { properties: { a: { type: 5 } } },
  ],
];

describe('a reference leads to', () => {
  test.each(rows)('%s', (_, files, good, bad) => {
    const documents = documentsOf(files);
    expect(problems(documents)).toEqual([]);
    expect(refusals(documents, 'A', good)).toEqual([]);
    expect(refusals(documents, 'A', bad)).not.toEqual([]);
    const start = nodeAt(documents, component('A'));
    const end = start && followReferences(documents, start);
    expect(end).toBeDefined();
    expect(end?.at.pointer === '' || end?.at.pointer.startsWith('/')).toBe(true);
  });
});

describe('no name is', () => {
  test.each([
    ['an $anchor among the values of an enum', "A: { $ref: '#b' }\nB: { enum: [{ $anchor: b }] }"],
    ['an $anchor in an example', "A: { $ref: '#b' }\nB: { example: { $anchor: b }, const: { $anchor: b } }"],
    ['an $anchor under a keyword that nobody knows', "A: { $ref: '#b' }\nB: { other: { $anchor: b } }"],
    ['a property called $anchor', "A: { $ref: '#b' }\nB: { properties: { $anchor: { type: string } } }"],
    ['an anchor of another resource', "A: { $ref: '#b' }\nB: { $id: 'https://a.example/', $anchor: b }"],
  ])('%s', (_, text) => {
    const documents = documentsOf({ [root]: schemas(text) });
    expect(problems(documents)).toEqual(['the reference "#b" names an anchor that no schema has']);
    expect(refusals(documents, 'A', 5)).toEqual([]);
  });
});

describe('a dynamic reference', () => {
  const text = `
Tree: { $id: 'https://a.example/tree', $dynamicAnchor: node, properties: { data: true, children: { items: { $dynamicRef: '#node' } } } }
Strict: { $id: 'https://a.example/strict', $dynamicAnchor: node, $ref: tree, unevaluatedProperties: false }
`.trim();
  const documents = documentsOf({ [root]: schemas(text) });

  test('leads to the outermost of the anchors on the way', () => {
    const misspelled = { children: [{ daat: 1 }] };
    expect(refusals(documents, 'Tree', misspelled)).toEqual([]);
    expect(refusals(documents, 'Strict', misspelled)).toEqual(['/children/0/daat unevaluatedProperties']);
    expect(refusals(documents, 'Strict', { children: [{ data: 1 }] })).toEqual([]);
    expect(refusals(documents, 'Tree', misspelled)).toEqual([]);
  });

  test('is placed where the schema stands', () => {
    const [found] = createSchemas(documents, '3.1').violations(
      component('Strict'),
      { children: [{ daat: 1 }] },
      'response',
    );
    expect(found?.schema.pointer).toBe('/components/schemas/Strict/unevaluatedProperties');
  });
});

describe('a contract', () => {
  const paths =
    "paths: { /a: { get: { responses: { '200': { description: A, content: { application/json: { schema: { $ref: '#a' } } } } } } } }\n";

  test('may refer to a schema by its anchor', async () => {
    const text = `${head}${paths}components: { schemas: { A: { $anchor: a, type: string } } }\n`;
    const contract = await contractOf({ 'openapi.yaml': text });
    const [content] = contract.operations[0]?.responses.flatMap(({ content }) => content) ?? [];
    const schema = content?.schema;
    expect(schema).toBeDefined();
    if (schema === undefined) return;
    expect(contract.schemas.violations(schema, 5, 'response')).toHaveLength(1);
    expect(contract.schemas.violations(schema, 'a', 'response')).toEqual([]);
  });
});

describe('the meta-schema', () => {
  test('is there without being fetched', async () => {
    const meta = 'https://json-schema.org/draft/2020-12/schema';
    const text = `${head}paths: {}\ncomponents: { schemas: { A: { $ref: '${meta}' } } }\n`;
    const contract = await contractOf({ 'openapi.yaml': text });
    const at = { file: contract.documents.root, pointer: '/components/schemas/A' };
    expect(contract.schemas.violations(at, { type: 'string' }, 'request')).toEqual([]);
    expect(contract.schemas.violations(at, { type: 'text' }, 'request')).not.toEqual([]);
  });
});

describe('documents without names', () => {
  test('are not gone through for them', () => {
    const source = parseSource(root, schemas("A: { $ref: '#/components/schemas/B' }\nB: { type: string }"));
    let reads = 0;
    const value = new Proxy(Object(source.value), {
      get: (target, name, receiver) => {
        reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const documents: Documents = { root, sources: new Map([[root, { ...source, value }]]) };
    const target = referenceTarget(documents, component('A'), '#/components/schemas/B');
    expect(target).toEqual(component('B'));
    expect(reads).toBe(0);
  });
});
