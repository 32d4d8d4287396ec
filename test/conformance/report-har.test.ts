/** The HAR report: as HAR 1.2 has it, whole, and without a secret. */

import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../conformance/event.js';
import { createRedactor } from '../../conformance/redact/redact.js';
import { harReport } from '../../conformance/report/har.js';
import { asObject, type Json, type JsonObject } from '../../openapi/json.js';
import { schemaCheck } from '../../openapi/schema/schema.js';
import { eventsOf, exchange, secrets, spellingsOf } from './html-run.js';

const text = { type: 'string' };
const number = { type: 'number' };
const duration = { type: 'number', minimum: -1 };
const strict = (required: object, optional: object = {}): object => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional, comment: text },
  // What HAR does not know begins with an underscore.
  patternProperties: { '^_': true },
  additionalProperties: false,
});
const listOf = (items: object): object => ({ type: 'array', items });
const pair = strict({ name: text, value: text });
const instant = { type: 'string', format: 'date-time' };
const cookie = strict(
  { name: text, value: text },
  { path: text, domain: text, expires: instant, httpOnly: { type: 'boolean' }, secure: { type: 'boolean' } },
);
const message = {
  httpVersion: text,
  cookies: listOf(cookie),
  headers: listOf(pair),
  headersSize: { type: 'integer', minimum: -1 },
  bodySize: { type: 'integer', minimum: -1 },
};

/** HTTP Archive 1.2, as its specification describes each object. */
const har12 = strict({
  log: strict(
    {
      version: { const: '1.2' },
      creator: strict({ name: text, version: text }),
      entries: listOf(
        strict(
          {
            startedDateTime: instant,
            time: { type: 'number', minimum: 0 },
            request: strict(
              { ...message, method: text, url: { type: 'string', format: 'uri' }, queryString: listOf(pair) },
              {
                postData: strict({
                  mimeType: text,
                  params: listOf(strict({ name: text }, { value: text })),
                  text,
                }),
              },
            ),
            response: strict({
              ...message,
              status: { type: 'integer' },
              statusText: text,
              redirectURL: text,
              content: strict(
                { size: { type: 'integer' }, mimeType: text },
                { compression: number, text, encoding: text },
              ),
            }),
            cache: strict({}),
            timings: strict(
              { send: number, wait: number, receive: number },
              { blocked: duration, dns: duration, connect: duration, ssl: duration },
            ),
          },
          { pageref: text, serverIPAddress: text, connection: text },
        ),
      ),
    },
    {
      browser: strict({ name: text, version: text }),
      pages: listOf(
        strict({
          startedDateTime: instant,
          id: text,
          title: text,
          pageTimings: strict({}, { onContentLoad: duration, onLoad: duration }),
        }),
      ),
    },
  ),
});
const problems = schemaCheck(har12);

/** The archive of a run, as a value and as it was written. */
function archive(events: readonly RunEvent[]): { readonly written: string; readonly log: JsonObject } {
  const redactor = createRedactor();
  const parts: string[] = [];
  const report = harReport((part) => parts.push(part), redactor.mask);
  for (const event of events) {
    report.take(event);
    if (event.type === 'exchange') redactor.learn(event.exchange);
  }
  expect(parts).toHaveLength(1);
  const written = parts.join('');
  const value: Json = JSON.parse(written);
  expect(problems(value)).toEqual([]);
  return { written, log: asObject(asObject(value).log) };
}

function entriesOf(log: JsonObject): readonly JsonObject[] {
  return Array.isArray(log.entries) ? log.entries.map((entry: Json) => asObject(entry)) : [];
}

/** The only entry of a run of one exchange. */
function entryOf(...given: Parameters<typeof exchange>[1][]): {
  readonly request: JsonObject;
  readonly response: JsonObject;
  readonly entry: JsonObject;
} {
  const exchanges = given.map((each, index) => exchange(index + 1, each));
  const [entry = {}] = entriesOf(archive(eventsOf({ exchanges, findings: [] })).log);
  return { entry, request: asObject(entry.request), response: asObject(entry.response) };
}

describe('an archive of a run', () => {
  it('has every exchange once, in order, on the page of its workflow', () => {
    const { log } = archive(eventsOf());
    const entries = entriesOf(log);
    expect(entries.map(({ connection }) => connection)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(log.pages).toMatchObject([
      {
        id: 'log-out-twice',
        title: 'Log out, and use the token again',
        startedDateTime: '2026-11-22T04:56:46.010Z',
      },
      { id: 'hostile-texts' },
    ]);
    expect(entries[2]).toMatchObject({ pageref: 'log-out-twice', _findings: ['state-conformance-logout-1'] });
  });

  it('tells no secret, in no spelling', () => {
    const { written, log } = archive(eventsOf());
    for (const secret of [...Object.values(secrets), 'open-sesame-99', 'zyxwvu9876543210'])
      for (const spelling of spellingsOf(secret)) expect(written).not.toContain(spelling);
    const binary = asObject(asObject(asObject(entriesOf(log)[5]).response).content);
    const bytes = Buffer.from(String(binary.text), 'base64').toString('latin1');
    expect(bytes).toContain('masked-api-key-1');
    expect(bytes).not.toContain(secrets.apiKey);
  });

  it('is an archive when nothing was sent, too', () => {
    expect(entriesOf(archive(eventsOf({ exchanges: [], findings: [] })).log)).toEqual([]);
  });

  it('refuses an archive that is none', () => {
    expect(problems({ log: { version: '1.1', creator: { name: 'a' }, entries: [{}] } })).not.toEqual([]);
  });
});

describe('an entry', () => {
  it('has the request as it was sent, and its query and cookies taken apart', () => {
    const { request } = entryOf({
      method: 'QUERY',
      path: '/a%20b',
      query: 'x=1+2&x=%26&y',
      fields: [
        ['Cookie', 'a=1; b="crumb"'],
        ['X-Twice', 'one'],
        ['x-twice', 'two'],
        ['Content-Type', 'text/plain; charset=utf-8'],
      ],
      content: 'héllo\r\n',
    });
    expect(request).toMatchObject({
      method: 'QUERY',
      url: 'http://127.0.0.1:4010/a%20b?x=1+2&x=%26&y',
      queryString: [
        { name: 'x', value: '1 2' },
        { name: 'x', value: '&' },
        { name: 'y', value: '' },
      ],
      postData: { mimeType: 'text/plain; charset=utf-8', text: 'héllo\r\n' },
      bodySize: 8,
    });
    expect(asObject(request).headers).toContainEqual({ name: 'x-twice', value: 'two' });
  });

  it('has the answer with its content, redirection and cookies', () => {
    const { response } = entryOf({
      status: 302,
      answerFields: [
        ['Location', '/elsewhere'],
        ['Set-Cookie', 'lang=en; Path=/a; Domain=b.example; Secure; Expires=Wed, 09 Jun 2027 10:18:14 GMT'],
        ['Content-Type', 'text/html'],
      ],
      answer: '<p>moved</p>',
    });
    expect(response).toMatchObject({
      status: 302,
      statusText: 'Found',
      redirectURL: '/elsewhere',
      cookies: [
        {
          name: 'lang',
          path: '/a',
          domain: 'b.example',
          expires: '2027-06-09T10:18:14.000Z',
          httpOnly: false,
          secure: true,
        },
      ],
      content: { size: 12, mimeType: 'text/html', text: '<p>moved</p>' },
    });
  });

  it.each([
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0, 1])],
    ['text with NUL', new TextEncoder().encode('a\0b')],
  ])('has %s in base64', (_, answer) => {
    const content = asObject(entryOf({ answer }).response.content);
    expect(content).toMatchObject({ encoding: 'base64', size: answer.byteLength });
    expect(new Uint8Array(Buffer.from(String(content.text), 'base64'))).toEqual(answer);
  });

  it('of a failure has status 0, the reason, the faults, and what came', () => {
    const faults = [{ name: 'a-fault', detail: 'what came', section: 'RFC 9112, section 6.3' }];
    const partial = {
      status: 200,
      fields: [['Content-Length', '10'] as const],
      content: Buffer.from('{"a"'),
    };
    const { entry, response } = entryOf({
      outcome: { kind: 'failure', failure: 'reset', why: 'closed', faults, partial },
    });
    expect(entry).toMatchObject({ _error: 'closed', _failure: 'reset', _faults: faults });
    expect(response).toMatchObject({
      status: 0,
      statusText: '',
      _status: 200,
      headers: [{ name: 'Content-Length', value: '10' }],
      content: { text: '{"a"' },
    });
  });

  it('of a failure without any answer is as valid', () => {
    const { response } = entryOf({
      outcome: { kind: 'failure', failure: 'refused', why: 'ECONNREFUSED', faults: [], partial: undefined },
    });
    expect(response).toMatchObject({ status: 0, bodySize: -1, headers: [], content: { size: 0 } });
  });
});
