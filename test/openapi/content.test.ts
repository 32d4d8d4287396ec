/** Values as content of every media type and back again, by what a contract says of them. */

import { describe, expect, test } from 'vitest';
import { contentViolations, parseContent, writeContent } from '../../openapi/content/content.js';
import { wholeItems } from '../../openapi/content/content-sequence.js';
import { parseMediaType } from '../../openapi/content/media-type.js';
import type { Content, Contract } from '../../openapi/contract.js';
import type { Json } from '../../openapi/json.js';
import { contractOf } from './folders.js';

const components = `
components:
  schemas:
    Pet:
      type: object
      xml: { name: pet }
      required: [id]
      properties:
        id: { type: integer, xml: { attribute: true } }
        name: { type: string }
        kind: { $ref: '#/components/schemas/Kind' }
        photos: { type: array, xml: { wrapped: true, name: photos }, items: { type: string, xml: { name: photo } } }
        scores: { type: array, items: { type: number } }
        tag: { type: string, xml: { prefix: s, namespace: 'https://example.com/s' } }
        none: { type: [string, 'null'] }
        alive: { type: boolean }
    Kind: { type: object, properties: { code: { type: integer } } }
    Pets: { type: array, items: { $ref: '#/components/schemas/Pet' } }
    Animals:
      type: array
      xml: { nodeType: element, name: animals }
      items:
        type: object
        xml: { name: animal }
        properties:
          kind: { type: string, xml: { nodeType: attribute } }
          name: { type: string, xml: { nodeType: text } }
    Documentation: { type: object, properties: { content: { type: string, xml: { nodeType: cdata } } } }
    Report:
      type: array
      xml: { nodeType: element, name: Report }
      prefixItems:
        - { type: string, xml: { nodeType: text } }
        - { type: number, xml: { name: data } }
        - { type: string, xml: { nodeType: text } }
    Tree: { type: object, xml: { name: tree }, properties: { branches: { type: array, items: { $ref: '#/components/schemas/Tree' }, xml: { wrapped: true } } } }
`;

/** The description of content whose Media Type Object is written so. */
async function described(mediaType: string, text: string): Promise<readonly [Content, Contract]> {
  const contract = await contractOf({
    'a.yaml': `openapi: 3.2.0
info: { title: T, version: '1' }
paths: { /a: { post: { requestBody: { content: { '${mediaType}': ${text} } }, responses: { '200': { description: d } } } } }
${components}`,
  });
  const content = contract.operations[0]?.requestBody?.content[0];
  if (content === undefined) throw new TypeError('there is no content');
  return [content, contract];
}

const ref = (name: string): string => `{ schema: { $ref: '#/components/schemas/${name}' } }`;
const schema = (text: string): string => `{ schema: ${text} }`;
const textOf = (content: Uint8Array): string => Buffer.from(content).toString('utf8');

function read(content: Content, text: string | Uint8Array, type = content.mediaType): Json | string {
  const mediaType = parseMediaType(type);
  if (mediaType === undefined) throw new TypeError(`${type} is no media type`);
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const parsed = parseContent(bytes, mediaType, content);
  if (parsed.kind === 'value') return parsed.value;
  return parsed.kind === 'opaque' ? 'opaque' : `${parsed.pointer ?? ''} ${parsed.keyword}: ${parsed.message}`;
}

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
const pet = {
  id: 1,
  name: 'a<b & "c"',
  kind: { code: 7 },
  photos: ['x', 'y'],
  scores: [1.5, 2],
  tag: ' t ',
  none: null,
  alive: true,
};

type Row = readonly [what: string, mediaType: string, description: string, value: Json, text: string];

describe('what is written is what the specification says, and is read again', () => {
  test.each<Row>([
    [
      'XML by the XML Object',
      'application/xml',
      ref('Pet'),
      pet,
      `${prolog}<pet id="1"><name>a&lt;b &amp; "c"</name><kind><code>7</code></kind><photos><photo>x</photo><photo>y</photo></photos><scores>1.5</scores><scores>2</scores><s:tag xmlns:s="https://example.com/s"> t </s:tag><none xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><alive>true</alive></pet>`,
    ],
    [
      'XML with empty lists',
      'text/xml',
      ref('Pet'),
      { id: 2, photos: [] },
      `${prolog}<pet id="2"><photos/></pet>`,
    ],
    [
      'a list as XML, which has one root',
      'application/a+xml',
      ref('Pets'),
      [{ id: 1 }],
      `${prolog}<Pets><pet id="1"/></Pets>`,
    ],
    [
      'attributes and text as XML',
      'application/xml',
      ref('Animals'),
      [{ kind: 'Cat', name: 'Fluffy' }],
      `${prolog}<animals><animal kind="Cat">Fluffy</animal></animals>`,
    ],
    [
      'a CDATA section, whatever is in it',
      'application/xml',
      ref('Documentation'),
      { content: '<b>]]></b>' },
      `${prolog}<Documentation><![CDATA[<b>]]]]><![CDATA[></b>]]></Documentation>`,
    ],
    [
      'nodes in order',
      'application/xml',
      ref('Report'),
      ['pre', 42, 'post'],
      `${prolog}<Report>pre<data>42</data>post</Report>`,
    ],
    [
      'a tree',
      'application/xml',
      ref('Tree'),
      { branches: [{ branches: [] }, {}] },
      `${prolog}<tree><branches><tree><branches/></tree><tree/></branches></tree>`,
    ],
    ['JSON of a suffix', 'application/vnd.x+json; version=1', ref('Pet'), { id: 1 }, '{"id":1}'],
    [
      'a form whose objects are JSON',
      'application/x-www-form-urlencoded',
      schema(
        '{ type: object, properties: { id: { type: string }, address: { type: object, properties: { zip: { type: string }, id: { type: integer } } } } }',
      ),
      { id: '5', address: { zip: '99999+1234', id: 7 } },
      'id=5&address=%7B%22zip%22%3A%2299999%2B1234%22%2C%22id%22%3A7%7D',
    ],
    [
      'a form whose objects stand in brackets',
      'application/x-www-form-urlencoded',
      '{ schema: { type: object, properties: { card: { type: object, properties: { number: { type: string }, months: { type: array, items: { type: integer } } } }, items: { type: array, items: { type: object, properties: { price: { type: integer } } } } } }, encoding: { card: { style: deepObject, explode: true }, items: { style: deepObject } } }',
      { card: { number: '42', months: [1] }, items: [{ price: 1 }, { price: 2 }] },
      'card%5Bnumber%5D=42&card%5Bmonths%5D%5B%5D=1&items%5B0%5D%5Bprice%5D=1&items%5B1%5D%5Bprice%5D=2',
    ],
    [
      'a form with a list in one text',
      'application/x-www-form-urlencoded',
      '{ schema: { type: object, properties: { tags: { type: array, items: { type: string } }, ids: { type: array, items: { type: integer } } } }, encoding: { tags: { style: pipeDelimited }, ids: { explode: false } } }',
      { tags: ['a', 'b'], ids: [1, 2] },
      'tags=a%7Cb&ids=1,2',
    ],
    [
      'a form whose object is spread',
      'application/x-www-form-urlencoded',
      '{ schema: { type: object, properties: { name: { type: string }, at: { type: object, properties: { x: { type: integer }, y: { type: integer } } } } }, encoding: { at: { style: form } } }',
      { at: { x: 1, y: 2 }, name: 'n' },
      'x=1&y=2&name=n',
    ],
    [
      'a form that keeps what is reserved',
      'application/x-www-form-urlencoded',
      '{ schema: { type: object, properties: { at: { type: string } } }, encoding: { at: { allowReserved: true } } }',
      { at: '/a:b?c' },
      'at=/a:b?c',
    ],
    [
      'a form with XML in it',
      'application/x-www-form-urlencoded',
      '{ schema: { type: object, properties: { extra: { type: object, xml: { name: info }, properties: { n: { type: integer } } } } }, encoding: { extra: { contentType: application/xml } } }',
      { extra: { n: 1 } },
      `extra=${encodeURIComponent(`${prolog}<info><n>1</n></info>`)}`,
    ],
    [
      'JSON lines',
      'application/jsonl',
      '{ itemSchema: { type: object } }',
      [{ a: 1 }, { a: 2 }],
      '{"a":1}\n{"a":2}\n',
    ],
    ['newline-delimited JSON', 'application/x-ndjson', schema('{ type: array }'), [1, 'x'], '1\n"x"\n'],
    [
      'a JSON text sequence',
      'application/json-seq',
      '{ itemSchema: {} }',
      [{ a: 1 }, 2],
      '\u001e{"a":1}\n\u001e2\n',
    ],
    [
      'events with their fields',
      'text/event-stream',
      '{ itemSchema: { type: object, required: [data], properties: { data: { type: string }, event: { type: string }, id: { type: string }, retry: { type: integer } } } }',
      [{ event: 'add', id: '1', retry: 5, data: 'two\nlines' }, { data: '{"a":1}' }],
      'event: add\nid: 1\nretry: 5\ndata: two\ndata: lines\n\ndata: {"a":1}\n\n',
    ],
    [
      'events whose data is described',
      'text/event-stream',
      schema('{ type: object, properties: { delta: { type: string } } }'),
      [{ delta: 'x' }, { delta: 'y' }],
      'data: {"delta":"x"}\n\ndata: {"delta":"y"}\n\n',
    ],
    ['events of text', 'text/event-stream', schema('{ type: string }'), ['a', 'b'], 'data: a\n\ndata: b\n\n'],
    ['a number as text', 'text/plain', schema('{ type: integer }'), 42, '42'],
    ['text', 'text/plain; charset=utf-8', schema('{ type: string }'), 'é', 'é'],
    ['an object under the name of text', 'text/plain', ref('Pet'), { id: 1 }, '{"id":1}'],
  ])('%s', async (_, mediaType, description, value, text) => {
    const [content, contract] = await described(mediaType, description);
    const written = writeContent(value, mediaType, content);
    expect(textOf(written.content)).toBe(text);
    expect(read(content, written.content, written.mediaType)).toEqual(value);
    expect(contentViolations(contract, content, value, 'request')).toEqual([]);
  });

  test('a list of parts, in the order of their encodings', async () => {
    const [content] = await described(
      'multipart/mixed',
      '{ schema: { type: array, prefixItems: [{ type: object }, {}] , items: { type: integer } }, prefixEncoding: [{}, { contentType: "image/*" }], itemEncoding: { contentType: text/plain } }',
    );
    const { content: bytes, mediaType } = writeContent(
      [{ a: 1 }, 'GIF\u00ff', 5],
      'multipart/mixed',
      content,
    );
    expect(Buffer.from(bytes).toString('latin1').split('--counterfoil-form')).toEqual([
      '',
      '\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
      '\r\nContent-Type: image/png\r\n\r\nGIF\u00ff\r\n',
      '\r\nContent-Type: text/plain\r\n\r\n5\r\n',
      '--\r\n',
    ]);
    expect(read(content, bytes, mediaType)).toEqual([{ a: 1 }, 'GIF\u00ff', 5]);
  });

  test('parts as their encodings say', async () => {
    const [content] = await described(
      'multipart/form-data',
      `{ schema: { type: object, properties: { id: { type: integer }, about: { type: object }, icon: {}, photos: { type: array, items: { type: string, format: binary } }, raw: { contentMediaType: application/octet-stream }, page: { type: object, xml: { name: page }, properties: { n: { type: integer } } }, card: { type: object, properties: { no: { type: integer } } } } },
         encoding: { icon: { contentType: 'image/png, image/jpeg', headers: { X-Size: { example: 3, schema: { type: integer } } } }, page: { contentType: application/xml }, card: { style: deepObject } } }`,
    );
    const value = {
      id: 1,
      about: { a: [1] },
      icon: '\u0089P',
      photos: ['1', '2'],
      raw: '\u0000',
      page: { n: 2 },
      card: { no: 4 },
    };
    const { content: bytes, mediaType } = writeContent(value, 'multipart/form-data', content);
    const text = Buffer.from(bytes).toString('latin1');
    for (const head of [
      'name="id"\r\n\r\n1\r\n',
      'name="about"\r\nContent-Type: application/json\r\n\r\n{"a":[1]}\r\n',
      'name="icon"; filename="icon"\r\nContent-Type: image/png\r\nX-Size: 3\r\n\r\n\u0089P\r\n',
      'name="photos"; filename="photos"\r\nContent-Type: application/octet-stream\r\n\r\n2\r\n',
      'name="page"\r\nContent-Type: application/xml\r\n\r\n<?xml',
      'name="card[no]"\r\n\r\n4\r\n',
    ])
      expect(text).toContain(head);
    expect(read(content, bytes, mediaType)).toEqual(value);
  });
});

describe('what others write is read as it is meant', () => {
  const stripe = schema(
    '{ type: object, properties: { metadata: { type: object, additionalProperties: { type: string } }, expand: { type: array, items: { type: string } }, "ids[]": { type: array, items: { type: integer } }, trial_end: { anyOf: [{ type: string, enum: [now] }, { type: integer }] }, amount: { anyOf: [{ type: integer }, { type: string, enum: [""] }] }, aliases: { anyOf: [{ type: array, items: { type: string } }, { type: string, enum: [""] }] }, gone: { type: [integer, "null"] } } }',
  );
  const form = 'application/x-www-form-urlencoded';
  const boundary = 'multipart/form-data; boundary=b';
  const part = (head: string, text: string): string =>
    `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n--b--`;

  test.each<[what: string, mediaType: string, description: string, text: string, value: Json, type?: string]>(
    [
      [
        'brackets without an encoding',
        form,
        stripe,
        'metadata[a]=1&metadata[b+c]=2&expand[]=x&expand[]=y',
        { metadata: { a: '1', 'b c': '2' }, expand: ['x', 'y'] },
      ],
      ['numbered brackets', form, stripe, 'expand[0]=x', { expand: ['x'] }],
      ['a name with brackets', form, stripe, 'ids[]=1', { 'ids[]': [1] }],
      ['a text of few, or a number', form, stripe, 'trial_end=now&amount=', { trial_end: 'now', amount: '' }],
      [
        'a number, or a text of few',
        form,
        stripe,
        'trial_end=1700000000&amount=5',
        { trial_end: 1700000000, amount: 5 },
      ],
      ['a list of one, or a text of few', form, stripe, 'aliases=x', { aliases: ['x'] }],
      ['a text of few, or a list', form, stripe, 'aliases=', { aliases: '' }],
      ['null, which a number may be', form, stripe, 'gone=null', { gone: null }],
      ['brackets of nobody', form, stripe, 'other[a]=1', { 'other[a]': '1' }],
      [
        'XML with space and comments',
        'application/xml',
        ref('Pet'),
        '<?xml version="1.0"?>\n<!-- c -->\n<pet id="1">\n  <alive> true </alive>\n  <photos>\n    <photo>x</photo>\n  </photos>\n</pet>\n',
        { id: 1, alive: true, photos: ['x'] },
      ],
      [
        'XML with other prefixes',
        'application/xml',
        ref('Pet'),
        '<p:pet xmlns:p="urn:p" id="1"><q:tag xmlns:q="https://example.com/s">t</q:tag></p:pet>',
        { id: 1, tag: 't' },
      ],
      [
        'XML with what nobody described',
        'application/xml',
        ref('Pet'),
        '<pet id="1" a="b"><c>1</c><c>2</c><d e="f">g</d></pet>',
        { id: 1, a: 'b', c: ['1', '2'], d: { e: 'f', '#text': 'g' } },
      ],
      [
        'XML of an element that comes twice',
        'application/xml',
        ref('Pet'),
        '<pet id="x"><name>a</name><name>b</name></pet>',
        { id: 'x', name: ['a', 'b'] },
      ],
      ['XML as a text', 'application/xml', schema('{ type: string }'), '<a/>', '<a/>'],
      [
        'events as a server writes them',
        'text/event-stream',
        schema('{ type: object, properties: { a: { type: integer } } }'),
        ': hello\r\nevent: x\r\ndata:{"a":1}\r\nunknown: 1\r\n\r\ndata: [DONE]\r\n\r\n',
        [{ a: 1 }],
      ],
      [
        'an event without its end',
        'text/event-stream',
        schema('{ type: string }'),
        'data: a\n\ndata: b\n',
        ['a'],
      ],
      ['blank lines between lines', 'application/x-ndjson', '{}', '\n{"a":1}\r\n\r\n2', [{ a: 1 }, 2]],
      [
        'a part of a browser',
        'multipart/form-data',
        schema('{ type: object, properties: { a: { type: object } } }'),
        part('name="a"', '{"b":1}'),
        { a: { b: 1 } },
        boundary,
      ],
      [
        'a file of JSON',
        'multipart/form-data',
        schema('{ type: object, properties: { a: { type: object } } }'),
        part('name="a"; filename="a.json"\r\nContent-Type: application/json', '{"b":"é"}'),
        { a: { b: 'é' } },
        boundary,
      ],
      [
        'parts in brackets',
        'multipart/form-data',
        schema('{ type: object, properties: { a: { type: object, properties: { b: { type: integer } } } } }'),
        part('name="a[b]"', '1'),
        { a: { b: 1 } },
        boundary,
      ],
      ['a table', 'text/csv', schema('{ type: array }'), 'a,b', 'opaque'],
      ['octets', 'application/octet-stream', schema('{ type: string, format: binary }'), '\u0000', 'opaque'],
      [
        'a file of JSON as content',
        'application/json',
        schema('{ type: string, format: binary }'),
        '{',
        'opaque',
      ],
    ],
  )('%s', async (_, mediaType, description, text, value, type) => {
    const [content] = await described(mediaType, description);
    expect(read(content, text, type)).toEqual(value);
  });

  test('a form of very many keys at once', async () => {
    const [content] = await described(form, stripe);
    const text = Array.from({ length: 50_000 }, (_, index) => `k${index}=v`).join('&');
    expect(Object.keys(Object(read(content, text)))).toHaveLength(50_000);
  });
});

describe('what is not what it says to be is told', () => {
  const icon =
    '{ schema: { type: object, properties: { icon: {} } }, encoding: { icon: { contentType: image/png, headers: { X-Size: { required: true, schema: {} } } } } }';
  const part = (head: string): string =>
    `--b\r\nContent-Disposition: form-data; name="icon"${head}\r\n\r\n1\r\n--b--`;

  test.each<
    [what: string, mediaType: string, description: string, text: string, told: RegExp, type?: string]
  >([
    [
      'XML that is not closed',
      'application/xml',
      ref('Pet'),
      '<pet id="1">',
      /^ xml: is not well-formed XML: unclosed tag 'pet'/,
    ],
    ['XML that is none', 'application/xml', ref('Pet'), '{"id":1}', /^ xml: is not well-formed XML: /],
    ['nothing', 'application/xml', ref('Pet'), '', /^ xml: is not well-formed XML: start tag expected/],
    [
      'XML of two roots',
      'application/xml',
      ref('Pet'),
      '<pet id="1"/><pet id="2"/>',
      /has more than one root element/,
    ],
    ['text behind XML', 'application/xml', ref('Pet'), '<pet id="1"/>x', /has text behind its root element/],
    [
      'XML that is too deep',
      'application/xml',
      ref('Tree'),
      `${'<tree>'.repeat(5000)}${'</tree>'.repeat(5000)}`,
      /maximum nested tags exceeded/,
    ],
    [
      'XML of another root',
      'application/xml',
      ref('Pet'),
      '<dog id="1"/>',
      /^ xml: has the root element dog, and pet is described$/,
    ],
    ['a line that is no JSON', 'application/jsonl', '{}', '{"a":1}\n{', /^\/1 json: is not valid JSON/],
    [
      'an event that is no JSON',
      'text/event-stream',
      schema('{ type: object, properties: { a: {} } }'),
      'data: {\n\n',
      /^\/0 json: /,
    ],
    [
      'a part of another type',
      'multipart/form-data',
      icon,
      part('\r\nX-Size: 1\r\nContent-Type: text/html'),
      /^\/icon contentType: must be image\/png, and is text\/html$/,
      'multipart/form-data; boundary=b',
    ],
    [
      'a part without its header',
      'multipart/form-data',
      icon,
      part('\r\nContent-Type: image/png'),
      /^\/icon required: has no header X-Size in its part$/,
      'multipart/form-data; boundary=b',
    ],
  ])('%s', async (_, mediaType, description, text, told, type) => {
    const [content] = await described(mediaType, description);
    expect(read(content, text, type)).toMatch(told);
  });

  test('an item that breaks its schema, at its place', async () => {
    const [content, contract] = await described(
      'application/jsonl',
      '{ itemSchema: { type: object, required: [a] } }',
    );
    const found = contentViolations(contract, content, [{ a: 1 }, {}], 'response');
    expect(found.map(({ pointer, keyword }) => [pointer, keyword])).toEqual([['/1/a', 'required']]);
  });
});

test.each([
  ['lines', '{"a":1}\n{"a"', '{"a":1}\n'],
  ['lines', '{"a"', ''],
  ['records', '\u001e1\n\u001e2', '\u001e1\n'],
  ['events', 'data: 1\n\nid: 5\nda', 'data: 1\n\n'],
  ['events', 'data: 1\r\n\r\ndata', 'data: 1\r\n\r\n'],
] as const)('of %s that were left at %j there is %j', (format, text, whole) => {
  expect(textOf(wholeItems(new TextEncoder().encode(text), format))).toBe(whole);
});
