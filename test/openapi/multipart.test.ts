/** Forms of parts: as browsers send them, as they are written here, and as nobody should send them. */

import { describe, expect, test } from 'vitest';
import { parseContent } from '../../openapi/content/content.js';
import { type MediaType, parseMediaType } from '../../openapi/content/media-type.js';
import { type FormPart, parseMultipart, writeMultipart } from '../../openapi/content/multipart.js';
import type { Json } from '../../openapi/json.js';
import type { ParameterShape } from '../../openapi/schema/shape.js';

const typed = (boundary: string): MediaType =>
  parseMediaType(`multipart/form-data; boundary="${boundary}"`) ?? { type: '', subtype: '', parameters: [] };

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const form = (...parts: readonly string[]): string =>
  `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
const field = 'Content-Disposition: form-data; name="a"';

/** What a browser sends (the same code as in Node). */
async function fromBrowser(values: FormData): Promise<readonly FormPart[] | string> {
  const response = new Response(values);
  const mediaType = parseMediaType(response.headers.get('content-type') ?? '');
  if (mediaType === undefined) throw new TypeError('it has no media type');
  return parseMultipart(new Uint8Array(await response.arrayBuffer()), mediaType);
}

describe('a form', () => {
  test('of a browser is read: texts as UTF-8, files as their octets', async () => {
    const values = new FormData();
    values.append('नाम "x"\r\n', 'हमें');
    values.append(
      'file',
      new Blob([new Uint8Array([0, 255, 13, 10])], { type: 'audio/flac' }),
      'Sehat "1" é.flac',
    );
    values.append('empty', '');
    expect(await fromBrowser(values)).toEqual([
      { name: 'नाम "x"\r\n', fileName: undefined, mediaType: undefined, text: 'हमें' },
      { name: 'file', fileName: 'Sehat "1" é.flac', mediaType: 'audio/flac', text: '\u0000\u00ff\r\n' },
      { name: 'empty', fileName: undefined, mediaType: undefined, text: '' },
    ]);
  });

  test('that is written is read as it was', () => {
    const parts: FormPart[] = [
      { name: 'a"b', fileName: undefined, mediaType: undefined, text: 'ü\r\n--counterfoil-form' },
      { name: 'é', fileName: 'ü "1".bin', mediaType: 'application/octet-stream', text: '\u0000\u0080\u00ff' },
      { name: '', fileName: undefined, mediaType: undefined, text: 'no name' },
      { name: 'json', fileName: undefined, mediaType: 'application/json', text: '{"ü":1}' },
    ];
    const { content, boundary } = writeMultipart(parts);
    expect(parseMultipart(content, typed(boundary))).toEqual(parts);
  });

  test('without parts is read and written', () => {
    const { content, boundary } = writeMultipart([]);
    expect(parseMultipart(content, typed(boundary))).toEqual([]);
  });

  test.each<[what: string, content: string]>([
    ['a preamble and an epilogue', `before\r\n${form(`${field}\r\n\r\n1`)}after`],
    ['padding behind its boundary', form(`${field}\r\n\r\n1`).replace('--b\r\n', '--b \t\r\n')],
    ['names of fields in any case', form(`CONTENT-disposition:form-data;NAME=a\r\n\r\n1`)],
  ])('may have %s', (_, content) => {
    expect(parseMultipart(bytes(content), typed('b'))).toEqual([
      { name: 'a', fileName: undefined, mediaType: undefined, text: '1' },
    ]);
  });

  test('has the other fields of its parts', () => {
    const parts: FormPart[] = [
      { name: 'a', fileName: undefined, mediaType: undefined, text: '1', fields: [['X-Other', 'b: c']] },
    ];
    const { content, boundary } = writeMultipart(parts);
    expect(Buffer.from(content).toString()).toContain('\r\nX-Other: b: c\r\n\r\n1\r\n');
    expect(parseMultipart(content, typed(boundary))).toEqual(parts);
  });

  test.each<[why: string, content: string, boundary?: string]>([
    ['has no boundary', form(`${field}\r\n\r\n1`), ''],
    ['does not end with its boundary', '', 'b'],
    ['does not end with its boundary', form(`${field}\r\n\r\n1`).replace('--b--', '--c--')],
    [
      'has a part that does not begin on a line of its own',
      form(`${field}\r\n\r\n1`).replace('--b\r\n', '--bb\r\n'),
    ],
    ['has a part without an end of its header', form(field)],
    ['has a part without a name', form('\r\n1')],
    ['has a part without a name', form('Content-Disposition: form-data\r\n\r\n1')],
    ['has a part a that is not valid UTF-8', form(`${field}\r\n\r\n\u00ff`)],
  ])('that %s is none', (why, content, boundary = 'b') => {
    expect(parseMultipart(bytes(content), typed(boundary))).toBe(why);
  });
});

describe('the value of a form', () => {
  const text: ParameterShape = { types: new Set(['string']) };
  const shape: ParameterShape = {
    types: new Set(['object']),
    properties: new Map<string, ParameterShape>([
      ['count', { types: new Set(['integer']) }],
      ['tags', { types: new Set(['array']), items: text }],
      ['file', { ...text, file: 'audio/flac' }],
      ['name', text],
    ]),
  };
  const valueIn = (...parts: readonly (readonly [head: string, text: string])[]): Json | string => {
    const content = form(
      ...parts.map(([head, held]) => `Content-Disposition: form-data; ${head}\r\n\r\n${held}`),
    );
    const parsed = parseContent(bytes(content), typed('b'), { shape });
    return parsed.kind === 'value'
      ? parsed.value
      : parsed.kind === 'malformed'
        ? parsed.message
        : parsed.kind;
  };

  test('has numbers where its schema has them, lists of one, and texts', () => {
    expect(
      valueIn(['name="count"', '5'], ['name="tags"', 'x'], ['name="name"', '5 %'], ['name="other"', '5']),
    ).toEqual({
      count: 5,
      tags: ['x'],
      name: '5 %',
      other: '5',
    });
  });

  test('has a list of what comes twice', () => {
    expect(
      valueIn(['name="tags"', 'x'], ['name="tags"', 'y'], ['name="name"', 'a'], ['name="name"', 'b']),
    ).toEqual({
      tags: ['x', 'y'],
      name: ['a', 'b'],
    });
  });

  test('has a file as its octets, and JSON as what it says', () => {
    expect(
      valueIn(
        ['name="file"; filename="a.flac"', 'fLaC\u00ff'],
        ['name="other"\r\nContent-Type: application/json', '{"a":[1]}'],
      ),
    ).toEqual({ file: 'fLaC\u00ff', other: { a: [1] } });
  });

  test('is none where JSON in it is none, or where it is no form', () => {
    expect(valueIn(['name="other"\r\nContent-Type: application/json', '{'])).toMatch(/^is not valid JSON/);
    expect(parseContent(bytes('x'), typed('b'))).toEqual({
      kind: 'malformed',
      keyword: 'multipart',
      message: 'does not end with its boundary',
    });
  });
});
