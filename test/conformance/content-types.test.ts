/** The check with content of every media type: nothing found where all is right, and each mistake by its check. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpTarget, type Target } from '../../conformance/target.js';
import { fieldValue } from '../../openapi/http/message.js';
import { contractOf } from './contracts.js';
import { onMock, told } from './runs.js';

const item = '{ type: object, required: [id], properties: { id: { type: integer } } }';
const answer = (mediaType: string, description: string, headers = '{}'): string =>
  `responses: { '200': { description: Done., headers: ${headers}, content: { '${mediaType}': ${description} } } }`;
const get = (path: string, mediaType: string, description: string, headers?: string): string =>
  `  /${path}: { get: { operationId: ${path}, ${answer(mediaType, description, headers)} } }\n`;
const post = (path: string, mediaType: string, description: string): string =>
  `  /${path}: { post: { operationId: ${path}, requestBody: { required: true, content: { '${mediaType}': ${description} } }, responses: { '200': { description: Taken. }, '400': { description: Wrong. } } } }\n`;

const pet = `{ type: object, xml: { name: pet }, required: [id, secret, made], properties: { id: { type: integer, minimum: 1, xml: { attribute: true } }, name: { type: string, maxLength: 9 }, secret: { type: string, writeOnly: true }, made: { type: string, readOnly: true }, tags: { type: array, items: { type: string } }, box: { type: object, properties: { a: { type: integer } } } } }`;

const contract = await contractOf(`openapi: 3.2.0
info: { title: Types, version: '1' }
paths:
${get('xml', 'application/xml', `{ schema: ${pet} }`)}${get('png', 'image/png', '{ schema: { type: string, format: binary } }')}${get('lines', 'application/jsonl', `{ itemSchema: ${item} }`)}${get('events', 'text/event-stream', `{ schema: ${item} }`)}${get('text', 'text/plain', '{ schema: { type: integer } }')}${get('bare', 'application/json', '{}')}${get(
  'headed',
  'application/json',
  '{ schema: { type: integer } }',
  `{ X-Spread: { required: true, explode: true, schema: { type: object, required: [a], properties: { a: { type: integer } } } }, X-Flat: { required: true, schema: { type: object, required: [a], properties: { a: { type: integer } } } }, X-Json: { required: true, content: { application/json: { schema: ${item} } } } }`,
)}${post('sendXml', 'application/xml', `{ schema: ${pet} }`)}${post('sendForm', 'application/x-www-form-urlencoded', `{ schema: ${pet}, encoding: { box: { style: deepObject } } }`)}${post('sendParts', 'multipart/form-data', `{ schema: { type: object, required: [file, about], properties: { file: { type: string, format: binary }, about: ${pet} } }, encoding: { file: { contentType: image/png } } }`)}${post('sendPng', 'image/png', '{ schema: { type: string, format: binary } }')}${post('sendLines', 'application/x-ndjson', `{ itemSchema: ${item} }`)}  /asked/{at}:
    get:
      operationId: asked
      parameters:
        - { name: at, in: path, required: true, content: { application/json: { schema: ${item} } } }
        - { name: filter, in: query, required: true, content: { application/json: { schema: ${item} } } }
        - { name: deep, in: query, required: true, style: deepObject, schema: { type: object, required: [rows], properties: { rows: { type: array, minItems: 1, maxItems: 2, items: ${item} } } } }
        - { name: raw, in: cookie, required: true, style: cookie, schema: { type: string, enum: ['a%20b'] } }
        - { name: Authorization, in: header, required: true, schema: { type: string } }
      responses: { '200': { description: Done., content: { application/json: { schema: { type: integer } } } }, '400': { description: Wrong. } }
  /whole:
    get:
      operationId: whole
      parameters: [{ name: q, in: querystring, required: true, content: { application/x-www-form-urlencoded: { schema: { type: object, required: [a], properties: { a: { type: array, items: { type: integer } } } } } } }]
      responses: { '200': { description: Done., content: { application/json: { schema: { type: integer } } } }, '400': { description: Wrong. } }
`);

describe('on our own mock', () => {
  test('nothing at all is found, and what is sent is of its media type, without what only answers have', async () => {
    const { target, options } = await onMock(contract);
    const sent = new Map<string, string>();
    const watched: Target = async (message, signal) => {
      const { path, fields, content = new Uint8Array() } = message;
      const outcome = await target(message, signal);
      const type = (fieldValue(fields, 'content-type') ?? '').replace(/;.*/, '');
      const text = `${type} ${Buffer.from(content).toString('latin1')}`;
      const name = path.split('/')[1] ?? '';
      const isTaken = outcome.kind === 'response' && outcome.response.status === 200;
      if (isTaken && !sent.has(name)) sent.set(name, text);
      return outcome;
    };
    const { titles } = await told(contract, watched, { ...options, walks: { count: 1 } });
    expect(titles).toEqual([]);
    expect(contract.operations.map(({ id }) => id).filter((id) => !sent.has(id))).toEqual([]);
    const sentTo = (path: string): string => sent.get(path) ?? '';
    expect(sentTo('sendXml')).toMatch(/^application\/xml <\?xml [^>]*>\n<pet id="\d+">.*<secret>.*<\/pet>$/s);
    expect(sentTo('sendForm')).toMatch(/^application\/x-www-form-urlencoded .*secret=/);
    expect(sentTo('sendForm')).toMatch(/box%5Ba%5D=\d+/);
    expect(sentTo('sendParts')).toMatch(/filename="file"\r\nContent-Type: image\/png\r\n\r\n\u0089PNG/);
    expect(sentTo('sendParts')).toMatch(/name="about"\r\nContent-Type: application\/json\r\n\r\n\{/);
    expect(sentTo('sendPng')).toMatch(/^image\/png \u0089PNG/);
    expect(sentTo('sendLines')).toMatch(/^application\/x-ndjson \{"id":-?\d+\}\n/);
    expect([...sent.values()].filter((text) => /\bmade\b/.test(text))).toEqual([]);
  });
});

const aboutContent = [
  'response-schema-conformance',
  'response-headers-conformance',
  'content-type-conformance',
];

/** What the check finds in the content of one operation on a server of this test. */
async function foundOn(
  operation: string,
  listener: RequestListener,
  timeout = 2000,
): Promise<readonly string[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const target = httpTarget(`http://127.0.0.1:${port}`, { timeout });
  onTestFinished(async () => {
    await target.close();
    server.closeAllConnections();
    server.close();
  });
  const { findings } = await told(contract, target, { only: [operation], walks: { count: 0 } });
  return findings
    .filter(({ severity, check: by }) => severity === 'error' && aboutContent.includes(by))
    .map(({ check: by, title }) => `${by}: ${title}`);
}

const answering =
  (type: string, content: string | Uint8Array, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': type, ...headers }).end(content);
const schema = 'response-schema-conformance';

describe('on a server', () => {
  test.each<[operation: string, type: string, content: string, found: readonly string[]]>([
    ['xml', 'application/xml', '<pet id="1"><made>x</made><tags>a</tags></pet>', []],
    [
      'xml',
      'application/xml;charset=UTF-8',
      '<pet id="x"><made>x</made></pet>',
      [`${schema}: /id must be of type integer`],
    ],
    ['xml', 'application/xml', '<pet id="1"/>', [`${schema}: /made is required`]],
    ['lines', 'application/jsonl', '{"id":1}\n{"id":2}\n', []],
    ['lines', 'application/jsonl', '{"id":1}\n{"id":"x"}\n', [`${schema}: /1/id must be of type integer`]],
    ['events', 'text/event-stream', 'data: {"id":1}\n\ndata: [DONE]\n\n', []],
    ['events', 'text/event-stream', 'data: {"id":1}\n\ndata: {}\n\n', [`${schema}: /1/id is required`]],
    ['text', 'text/plain; charset=utf-8', '42', []],
    ['text', 'text/plain', 'many', [`${schema}: the content must be of type integer`]],
    ['png', 'image/png', '\u0089PNG', []],
    [
      'png',
      'text/html',
      '<p>',
      ['content-type-conformance: the content is of a media type that is not documented'],
    ],
  ])('%s as %s: %s', async (operation, type, content, found) => {
    expect(await foundOn(operation, answering(type, content))).toEqual(found);
  });

  test('what is malformed is told as such', async () => {
    expect(await foundOn('xml', answering('application/xml', '<pet id="1">'))).toEqual([
      `${schema}: the content is not well-formed XML: unclosed tag 'pet' (line 1)`,
    ]);
    expect(await foundOn('lines', answering('application/jsonl', '{"id":1}\n{'))).toEqual([
      expect.stringMatching(`^${schema}: /1 is not valid JSON`),
    ]);
  });

  test('headers are read as they are described', async () => {
    const right = { 'x-spread': 'a=1,b=2', 'x-flat': 'a,1', 'x-json': '{"id":1}' };
    expect(await foundOn('headed', answering('application/json', '1', right))).toEqual([]);
    const wrong = { 'x-spread': 'a=x', 'x-flat': 'a,x', 'x-json': '{}' };
    const found = await foundOn('headed', answering('application/json', '1', wrong));
    expect(found.toSorted()).toEqual(
      ['X-Flat', 'X-Json', 'X-Spread'].map(
        (name) => `response-headers-conformance: the value of the header ${name} breaks its schema`,
      ),
    );
  });

  test('a stream that does not end is judged by what came of it', async () => {
    const streaming =
      (text: string): RequestListener =>
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
    expect(await foundOn('events', streaming('data: {"id":1}\n\ndata: {"i'), 150)).toEqual([]);
    expect(await foundOn('events', streaming('data: {"id":"x"}\n\n'), 150)).toEqual([
      `${schema}: /0/id must be of type integer`,
    ]);
  });
});
