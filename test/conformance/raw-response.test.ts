/** Bytes in, a response and its faults out: whatever pieces the bytes come in. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReaderState, type ResponseReader, readResponse } from '../../conformance/http/raw-response.js';

const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');

/** What was read: its state, status, content and the names of its faults. */
type Seen = {
  readonly state: ReaderState;
  readonly status?: number | undefined;
  readonly content?: string;
  readonly faults: readonly string[];
};

function seen(reader: ResponseReader): Seen {
  return {
    state: reader.state,
    status: reader.head?.status,
    content: Buffer.from(reader.content()).toString('latin1'),
    faults: reader.faults().map(({ name }) => name),
  };
}

/** Reads bytes in pieces of a size; the connection is closed after them where `ends` says so. */
function read(bytes: Buffer, size: number, { method = 'GET', ends = false } = {}): ResponseReader {
  const reader = readResponse(method);
  for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size));
  if (ends) reader.close(true);
  return reader;
}

type Case = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly method?: string;
  /** Whether the connection is closed after the bytes. */
  readonly ends?: boolean;
  readonly seen: Seen;
};

const ok = 'HTTP/1.1 200 OK\n';
const whole = (content: string, ...faults: string[]): Seen => ({
  state: 'whole',
  status: 200,
  content,
  faults,
});

const plain: readonly Case[] = [
  { name: 'with a length', bytes: bytesOf(`${ok}Content-Length: 3\n\nabc`), seen: whole('abc') },
  { name: 'with the length 0', bytes: bytesOf(`${ok}Content-Length: 0\n\n`), seen: whole('') },
  { name: 'until the end', bytes: bytesOf(`${ok}\nabc`), ends: true, seen: whole('abc') },
  {
    name: 'in chunks, with extensions and a trailer',
    bytes: bytesOf(`${ok}Transfer-Encoding: Chunked\n\n3;a=b\nabc\n00A\n0123456789\n0\nX-Sum: 1\n\n`),
    seen: whole('abc0123456789'),
  },
  {
    name: 'after interim responses',
    bytes: bytesOf(
      `HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\n${ok}Content-Length: 1\n\na`,
    ),
    seen: whole('a'),
  },
  {
    name: 'to HEAD, with the length that GET has',
    bytes: bytesOf(`${ok}Content-Length: 3\n\n`),
    method: 'HEAD',
    seen: whole(''),
  },
  {
    name: 'of 304, with the length that 200 has',
    bytes: bytesOf('HTTP/1.1 304 Not Modified\nContent-Length: 3\nETag: "a"\n\n'),
    seen: { state: 'whole', status: 304, content: '', faults: [] },
  },
  { name: 'of 204', bytes: bytesOf('HTTP/1.1 204 \n\n'), seen: { ...whole(''), status: 204 } },
  {
    name: 'with a tunnel',
    bytes: bytesOf('HTTP/1.1 200 OK\n\n'),
    method: 'CONNECT',
    seen: whole(''),
  },
  {
    name: 'with several lines of a field that is a list, and two cookies',
    bytes: bytesOf(
      `${ok}Vary: A\nVary: B\nSet-Cookie: a=1\nSet-Cookie: b=2\nX-Empty:\nX-Latin: \xe9\t\nContent-Length: 0\n\n`,
    ),
    seen: whole(''),
  },
  { name: 'of HTTP/1.0', bytes: bytesOf('HTTP/1.0 200 OK\n\nabc'), ends: true, seen: whole('abc') },
];

const broken: readonly Case[] = [
  {
    name: 'content-too-short',
    bytes: bytesOf(`${ok}Content-Length: 10\n\nabc`),
    ends: true,
    seen: { ...whole('abc', 'content-too-short'), state: 'cut-short' },
  },
  {
    name: 'content-too-long',
    bytes: bytesOf(`${ok}Content-Length: 3\n\nabcde`),
    seen: whole('abc', 'content-too-long'),
  },
  {
    name: 'bytes-after-response: a second response',
    bytes: bytesOf(`${ok}Content-Length: 3\n\nabc${ok}`),
    seen: whole('abc', 'bytes-after-response'),
  },
  {
    name: 'bytes-after-response: after the last chunk',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n1\na\n0\n\nxyz`),
    seen: whole('a', 'bytes-after-response'),
  },
  {
    name: 'content-length-repeated',
    bytes: bytesOf(`${ok}Content-Length: 3\nContent-Length: 3\n\nabc`),
    seen: whole('abc', 'content-length-repeated'),
  },
  {
    name: 'content-length-repeated: in one line',
    bytes: bytesOf(`${ok}Content-Length: 3, 3\n\nabc`),
    seen: whole('abc', 'content-length-repeated'),
  },
  {
    name: 'content-length-conflict: the larger is right',
    bytes: bytesOf(`${ok}Content-Length: 3\nContent-Length: 5\n\nabcde`),
    seen: whole('abcde', 'content-length-conflict'),
  },
  {
    name: 'content-length-conflict: the smaller is right',
    bytes: bytesOf(`${ok}Content-Length: 5\nContent-Length: 3\n\nabc`),
    ends: true,
    seen: whole('abc', 'content-length-conflict'),
  },
  ...['-1', '+3', '3.0', '0x3', '', '99999999999999999999'].map((length) => ({
    name: `content-length-invalid: "${length}"`,
    bytes: bytesOf(`${ok}Content-Length: ${length}\n\nabc`),
    ends: true,
    seen: whole('abc', 'content-length-invalid'),
  })),
  {
    name: 'content-length-with-transfer-encoding',
    bytes: bytesOf(`${ok}Content-Length: 3\nTransfer-Encoding: chunked\n\n1\na\n0\n\n`),
    seen: whole('a', 'content-length-with-transfer-encoding'),
  },
  {
    name: 'chunks-cut-short: in a chunk',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n5\nabc`),
    ends: true,
    seen: { ...whole('abc', 'chunks-cut-short'), state: 'cut-short' },
  },
  {
    name: 'chunks-cut-short: before the last chunk',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n3\nabc\n`),
    ends: true,
    seen: { ...whole('abc', 'chunks-cut-short'), state: 'cut-short' },
  },
  {
    name: 'chunks-cut-short: in the trailer',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n3\nabc\n0\n`),
    ends: true,
    seen: { ...whole('abc', 'chunks-cut-short'), state: 'cut-short' },
  },
  ...['g', '-1', ' 3', '3 3', '0x3', '{"a":1}'].map((size) => ({
    name: `chunk-malformed: the size "${size}"`,
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n${size}\nabc\n0\n\n`),
    seen: { ...whole('', 'chunk-malformed'), state: 'malformed' as const },
  })),
  {
    name: 'chunk-malformed: more data than its size says',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked\n\n3\nabcd\n0\n\n`),
    seen: { ...whole('abc', 'chunk-malformed'), state: 'malformed' },
  },
  {
    name: 'chunk-malformed: a bare line feed',
    bytes: Buffer.from(`${bytesOf(`${ok}Transfer-Encoding: chunked\n\n`)}3\nabc\r\n0\r\n\r\n`),
    seen: { ...whole('', 'chunk-malformed'), state: 'malformed' },
  },
  {
    name: 'transfer-encoding-unknown',
    bytes: bytesOf(`${ok}Transfer-Encoding: identity\n\nabc`),
    ends: true,
    seen: whole('abc', 'transfer-encoding-unknown'),
  },
  {
    name: 'transfer-encoding-unasked',
    bytes: bytesOf(`${ok}Transfer-Encoding: gzip, chunked\n\n1\na\n0\n\n`),
    seen: whole('a', 'transfer-encoding-unasked'),
  },
  {
    name: 'chunked-not-last',
    bytes: bytesOf(`${ok}Transfer-Encoding: chunked, chunked\n\n1\na\n0\n\n`),
    seen: whole('a', 'chunked-not-last'),
  },
  {
    name: 'transfer-encoding-in-http-1.0',
    bytes: bytesOf('HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n1\na\n0\n\n'),
    seen: whole('a', 'transfer-encoding-in-http-1.0'),
  },
  {
    name: 'content-on-204',
    bytes: bytesOf('HTTP/1.1 204 No Content\n\nabc'),
    seen: { ...whole('', 'content-on-204'), status: 204 },
  },
  {
    name: 'content-on-304',
    bytes: bytesOf('HTTP/1.1 304 Not Modified\nContent-Length: 3\n\nabc'),
    seen: { ...whole('', 'content-on-304'), status: 304 },
  },
  {
    name: 'content-on-head',
    bytes: bytesOf(`${ok}Content-Length: 3\n\nabc`),
    method: 'HEAD',
    seen: whole('', 'content-on-head'),
  },
  {
    name: 'content-on-205',
    bytes: bytesOf('HTTP/1.1 205 Reset Content\nContent-Length: 3\n\nabc'),
    seen: { ...whole('abc', 'content-on-205'), status: 205 },
  },
  {
    name: 'content-length-on-204',
    bytes: bytesOf('HTTP/1.1 204 No Content\nContent-Length: 0\n\n'),
    seen: { ...whole('', 'content-length-on-204'), status: 204 },
  },
  {
    name: 'transfer-encoding-on-204',
    bytes: bytesOf('HTTP/1.1 204 No Content\nTransfer-Encoding: chunked\n\n'),
    seen: { ...whole('', 'transfer-encoding-on-204'), status: 204 },
  },
  {
    name: 'content-length-on-1xx',
    bytes: bytesOf(`HTTP/1.1 100 Continue\nContent-Length: 0\n\n${ok}Content-Length: 0\n\n`),
    seen: whole('', 'content-length-on-1xx'),
  },
  {
    name: 'content-length-on-connect',
    bytes: bytesOf(`${ok}Content-Length: 0\n\n`),
    method: 'CONNECT',
    seen: whole('', 'content-length-on-connect'),
  },
  {
    name: 'switch-unasked',
    bytes: bytesOf('HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\n'),
    seen: { ...whole('', 'switch-unasked'), status: 101 },
  },
  ...['Content-Type', 'Date', 'Location', 'ETag', 'Retry-After', 'Last-Modified'].map((field) => ({
    name: `field-repeated: ${field}`,
    bytes: bytesOf(`${ok}${field}: a\nContent-Length: 0\n${field.toLowerCase()}: b\n\n`),
    seen: whole('', 'field-repeated'),
  })),
  {
    name: 'field-name-invalid',
    bytes: bytesOf(`${ok}Content Length: 3\nContent-Length: 0\n\n`),
    seen: whole('', 'field-name-invalid'),
  },
  {
    name: 'field-name-invalid: no name',
    bytes: bytesOf(`${ok}: 3\nContent-Length: 0\n\n`),
    seen: whole('', 'field-name-invalid'),
  },
  ...['\0', '\x07', '\x7f', 'a\rb'].map((value) => ({
    name: `field-value-invalid: ${JSON.stringify(value)}`,
    bytes: bytesOf(`${ok}X: a${value}b\nContent-Length: 0\n\n`),
    seen: whole('', 'field-value-invalid'),
  })),
  {
    name: 'space-before-colon',
    bytes: bytesOf(`${ok}Content-Length : 0\n\n`),
    seen: whole('', 'space-before-colon'),
  },
  {
    name: 'field-line-folded',
    bytes: bytesOf(`${ok}X: a\n b\nContent-Length: 0\n\n`),
    seen: whole('', 'field-line-folded'),
  },
  {
    name: 'field-line-malformed',
    bytes: bytesOf(`${ok}Traceback\nContent-Length: 0\n\n`),
    seen: whole('', 'field-line-malformed'),
  },
  {
    name: 'bare-line-feed',
    bytes: Buffer.from('HTTP/1.1 200 OK\nContent-Length: 1\n\na'),
    seen: whole('a', 'bare-line-feed'),
  },
  {
    name: 'bare-line-feed: only the status line, and nothing else',
    bytes: Buffer.from('HTTP/1.1 204 OK\n\n'),
    seen: { ...whole('', 'bare-line-feed'), status: 204 },
  },
  {
    name: 'status-line-malformed: lower case',
    bytes: bytesOf('http/1.1 200 OK\nContent-Length: 0\n\n'),
    seen: whole('', 'status-line-malformed'),
  },
  {
    name: 'status-line-malformed: another version',
    bytes: bytesOf('HTTP/2 200 OK\nContent-Length: 0\n\n'),
    seen: { state: 'malformed', status: undefined, content: '', faults: ['status-line-malformed'] },
  },
  {
    name: 'status-line-malformed: no bytes of HTTP',
    bytes: Buffer.from([255, 254, 253, 13, 10, 13, 10]),
    ends: true,
    seen: { state: 'malformed', status: undefined, content: '', faults: ['status-line-malformed'] },
  },
  {
    name: 'status-line-without-space',
    bytes: bytesOf('HTTP/1.1 200\nContent-Length: 0\n\n'),
    seen: whole('', 'status-line-without-space'),
  },
  {
    name: 'status-code-invalid',
    bytes: bytesOf('HTTP/1.1 777 Lucky\nContent-Length: 0\n\n'),
    seen: { ...whole('', 'status-code-invalid'), status: 777 },
  },
  {
    name: 'head-cut-short',
    bytes: bytesOf('HTTP/1.1 200 OK\nContent-'),
    ends: true,
    seen: { state: 'cut-short', status: undefined, content: '', faults: ['head-cut-short'] },
  },
];

/** In one piece, in pieces that break every token somewhere, byte by byte. */
const sizes = [Number.MAX_SAFE_INTEGER, 7, 3, 1];

describe('a response', () => {
  test.each(plain)('$name is read whole and without a fault', ({ bytes, seen: expected, ...how }) => {
    for (const size of sizes) expect(seen(read(bytes, size, how)), `in pieces of ${size}`).toEqual(expected);
  });

  test.each(broken)('has the fault $name', ({ bytes, seen: expected, ...how }) => {
    for (const size of sizes) expect(seen(read(bytes, size, how)), `in pieces of ${size}`).toEqual(expected);
  });

  test('has all field lines as sent: in order, in their letter case, with repeats, without the space around', () => {
    const reader = read(bytesOf(`${ok}X-B:  2 \nx-a: \xa0é\nX-B: 1\nContent-Length:0\n\n`), 5);
    expect(reader.head?.fields).toEqual([
      ['X-B', '2'],
      ['x-a', '\xa0é'],
      ['X-B', '1'],
      ['Content-Length', '0'],
    ]);
  });

  test('that is incomplete is not whole, whatever byte is the last', () => {
    for (const { name, bytes, seen: expected, method = 'GET' } of plain) {
      if (expected.content === '' || name.includes('until') || name.includes('1.0')) continue;
      const reader = readResponse(method);
      for (const byte of bytes.subarray(0, -1)) reader.take(Buffer.of(byte));
      expect(reader.state, name).not.toBe('whole');
    }
  });

  test('whose head has no end is endless', () => {
    const reader = readResponse('GET');
    reader.take(bytesOf(ok));
    for (let count = 0; count < 300; count += 1) reader.take(bytesOf(`X-${count}: ${'x'.repeat(1_000)}\n`));
    expect(reader.state).toBe('endless');
  });

  test('that breaks off, not closed, is no whole one even where closing is its end', () => {
    const reader = read(bytesOf(`${ok}\nabc`), 100);
    reader.close(false);
    expect(reader.state).toBe('cut-short');
  });
});

describe('what is in doubt', () => {
  test('is content between two lengths, until nothing more comes', () => {
    const reader = read(bytesOf(`${ok}Content-Length: 5\nContent-Length: 3\n\nabc`), 100);
    expect([reader.state, reader.inDoubt]).toEqual(['content', true]);
    reader.settle();
    expect(seen(reader)).toEqual(whole('abc', 'content-length-conflict'));
  });

  test('is what precedes a status line, until one comes', () => {
    const reader = read(Buffer.from('}}\n'), 1);
    expect([reader.state, reader.inDoubt]).toEqual(['head', true]);
    reader.take(bytesOf(`${ok}Content-Length: 1\n\na`));
    expect([seen(reader), reader.stray]).toEqual([whole('a'), String.raw`"}}\n"`]);
  });

  test('is what precedes a status line, until nothing more comes', () => {
    const reader = read(Buffer.from('}}\n'), 1);
    reader.settle();
    expect(seen(reader)).toMatchObject({ state: 'malformed', faults: ['status-line-malformed'] });
  });
});

describe('a fault', () => {
  test.each([
    [
      `${ok}Content-Length: 3\n\nabc\x01de`,
      'Content-Length is 3, and 6 bytes came, the last of them "\\u0001de"',
    ],
    [`${ok}Content-Length: 3\nContent-Length: 5\n\nabcde`, 'Content-Length is 3 and 5'],
    ['HTTP/1.1 204 No Content\n\nabc', 'After the head of 204 came 3 bytes: "abc"'],
    [`${ok}Date: a\ndate: b\nContent-Length: 0\n\n`, 'date stands 2 times: a and b'],
    [`${ok}X: \x00\nContent-Length: 0\n\n`, 'X has a control character: "\\u0000"'],
  ])('says what came: %j', (text, detail) => {
    expect(
      read(bytesOf(text), 1_000)
        .faults()
        .map((fault) => fault.detail),
    ).toEqual([detail]);
  });

  test('names the sentence of a standard', () => {
    for (const { bytes, ...how } of broken) {
      for (const { section } of read(bytes, 1_000, how).faults())
        expect(section).toMatch(/^RFC \d+, section \d/);
    }
  });
});

describe('any bytes', () => {
  const corpus = [...plain, ...broken];
  const edit = fc.record({ at: fc.nat(), drop: fc.nat(6), add: fc.uint8Array({ maxLength: 4 }) });

  const edited = (bytes: Buffer, edits: readonly { at: number; drop: number; add: Uint8Array }[]): Buffer =>
    edits.reduce((all, { at, drop, add }) => {
      const start = at % (all.length + 1);
      return Buffer.concat([all.subarray(0, start), add, all.subarray(start + drop)]);
    }, bytes);

  test('are read alike in whatever pieces they come, and to an end', () => {
    const property = fc.property(
      fc.nat(corpus.length - 1),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 9 }),
      (index, edits, size) => {
        const { bytes = Buffer.alloc(0), method = 'GET' } = corpus[index] ?? {};
        const changed = edited(bytes, edits);
        const [once, pieces] = [changed.length + 1, size].map((each) => {
          const reader = read(changed, each, { method, ends: true });
          return { ...seen(reader), fields: reader.head?.fields, stray: reader.stray };
        });
        expect(pieces).toEqual(once);
        expect(['whole', 'malformed', 'cut-short']).toContain(once?.state);
      },
    );
    fc.assert(property, { seed: 1, numRuns: 5_000 });
  });
});
