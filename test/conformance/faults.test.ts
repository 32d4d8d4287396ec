/** What servers do wrong over real sockets, as an outcome: which failure, which faults, and what there is of a response. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appTarget, type HttpTargetOptions, httpTarget, type Outcome } from '../../conformance/target.js';
import type { RequestMessage } from '../../openapi/http/message.js';

const request = (method = 'GET'): RequestMessage => ({
  method,
  path: '/',
  query: '',
  fields: [],
  content: undefined,
});

type Answer = (socket: Socket, turn: number) => void;

/** A server that answers each request, on whichever connection, and counts connections. */
async function serverOf(answer: Answer): Promise<{ readonly url: string; connections(): number }> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('data', () => {
        turn += 1;
        answer(socket, turn);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, connections: () => sockets.size };
}

function targetOf(url: string, options: HttpTargetOptions = {}): ReturnType<typeof httpTarget> {
  const target = httpTarget(url, options);
  onTestFinished(target.close);
  return target;
}

/** The outcome of one request to a server that answers so. */
async function outcomeOf(answer: Answer, options: HttpTargetOptions = {}, method = 'GET'): Promise<Outcome> {
  const { url } = await serverOf(answer);
  return targetOf(url, options)(request(method));
}

/** An outcome in short. */
function brief(outcome: Outcome): unknown {
  const faults = outcome.faults.map(({ name }) => name);
  const message = outcome.kind === 'response' ? outcome.response : outcome.partial;
  const content =
    message?.content === undefined ? undefined : Buffer.from(message.content).toString('latin1');
  const what = outcome.kind === 'response' ? 'response' : outcome.failure;
  return [what, message?.status, content, ...faults];
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** `after` is what the server does after the bytes: it keeps the connection, closes it, or breaks it. */
type Case = {
  readonly name: string;
  readonly bytes: string;
  readonly after?: 'keep' | 'close' | 'break';
  readonly method?: string;
  readonly brief: readonly unknown[];
};

const cases: readonly Case[] = [
  {
    name: 'content shorter than its length',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 10\n\nabc',
    after: 'close',
    brief: ['reset', 200, 'abc', 'content-too-short'],
  },
  {
    name: 'content longer than its length',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 3\n\nabcde',
    brief: ['response', 200, 'abc', 'content-too-long'],
  },
  {
    name: 'two lengths, the larger right',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 5\n\nabcde',
    brief: ['response', 200, 'abcde', 'content-length-conflict'],
  },
  {
    name: 'two lengths, the smaller right',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 5\n\nabc',
    brief: ['response', 200, 'abc', 'content-length-conflict'],
  },
  {
    name: 'no length at all',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: many\n\nabc',
    brief: ['response', 200, 'abc', 'content-length-invalid'],
  },
  {
    name: 'a length beside chunks',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 9\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n',
    brief: ['response', 200, 'abc', 'content-length-with-transfer-encoding'],
  },
  {
    name: 'chunks cut short',
    bytes: 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nabc',
    after: 'close',
    brief: ['reset', 200, 'abc', 'chunks-cut-short'],
  },
  {
    name: 'malformed chunks',
    bytes: 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\nnext\n',
    brief: ['malformed', 200, 'abc', 'chunk-malformed'],
  },
  {
    name: 'content on 204',
    bytes: 'HTTP/1.1 204 No Content\n\nabc',
    brief: ['response', 204, undefined, 'content-on-204'],
  },
  {
    name: 'content on 304',
    bytes: 'HTTP/1.1 304 Not Modified\n\nabc',
    brief: ['response', 304, undefined, 'content-on-304'],
  },
  {
    name: 'content on HEAD',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 3\n\nabc',
    after: 'close',
    method: 'HEAD',
    brief: ['response', 200, undefined, 'content-on-head'],
  },
  {
    name: 'a length on 204',
    bytes: 'HTTP/1.1 204 No Content\nContent-Length: 0\n\n',
    brief: ['response', 204, undefined, 'content-length-on-204'],
  },
  {
    name: 'a repeated field',
    bytes: 'HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Type: text/html\nContent-Length: 1\n\na',
    brief: ['response', 200, 'a', 'field-repeated'],
  },
  {
    name: 'a character that no field may have',
    bytes: 'HTTP/1.1 200 OK\nX: a\0b\nContent-Length: 1\n\na',
    brief: ['response', 200, 'a', 'field-value-invalid'],
  },
  {
    name: 'a space in a field name',
    bytes: 'HTTP/1.1 200 OK\nX Y: a\nContent-Length: 1\n\na',
    brief: ['response', 200, 'a', 'field-name-invalid'],
  },
  {
    name: 'garbage on an open connection',
    bytes: '\x00\x01\x02 garbage',
    brief: ['malformed', undefined, undefined, 'status-line-malformed'],
  },
  {
    name: 'garbage, and then the end',
    bytes: '\x00\x01\x02 garbage',
    after: 'close',
    brief: ['malformed', undefined, undefined, 'status-line-malformed'],
  },
  {
    name: 'garbage before the status line',
    bytes: 'debug\nHTTP/1.1 200 OK\nContent-Length: 1\n\na',
    brief: ['response', 200, 'a', 'bytes-before-response'],
  },
  { name: 'no answer', bytes: '', after: 'close', brief: ['reset', undefined, undefined] },
  { name: 'a broken connection', bytes: '', after: 'break', brief: ['reset', undefined, undefined] },
  {
    name: 'half a head',
    bytes: 'HTTP/1.1 200 OK\nConte',
    after: 'close',
    brief: ['reset', undefined, undefined, 'head-cut-short'],
  },
  {
    name: 'interim responses, which are no fault',
    bytes: 'HTTP/1.1 100 Continue\n\nHTTP/1.1 102 Processing\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\na',
    brief: ['response', 200, 'a'],
  },
  {
    name: 'content until the end, which is no fault',
    bytes: 'HTTP/1.0 200 OK\n\nabc',
    after: 'close',
    brief: ['response', 200, 'abc'],
  },
  {
    name: 'another protocol, unasked',
    bytes: 'HTTP/1.1 101 Switching Protocols\nUpgrade: h2c\nConnection: upgrade\n\n',
    brief: ['response', 101, undefined, 'switch-unasked'],
  },
];

test.each(cases)(
  'the answer of $name is $brief',
  async ({ bytes, after = 'keep', method, brief: expected }) => {
    const outcome = await outcomeOf(
      (socket) => {
        if (after === 'break') return void socket.resetAndDestroy();
        if (bytes !== '') socket.write(crlf(bytes), 'latin1');
        if (after === 'close') socket.end();
      },
      {},
      method,
    );
    expect(brief(outcome)).toEqual(expected);
    if (outcome.kind === 'failure') expect(outcome.why).toMatch(/\w{3}/);
  },
);

test.each(['HEAD', 'GET'])('content that comes a moment after the head is seen: %s', async (method) => {
  const head = method === 'HEAD' ? 'HTTP/1.1 200 OK\n\n' : 'HTTP/1.1 204 No Content\n\n';
  const outcome = await outcomeOf(
    (socket) => {
      socket.setNoDelay(true).write(crlf(head));
      setTimeout(() => socket.end('abc'), 1);
    },
    {},
    method,
  );
  const expected = method === 'HEAD' ? 'content-on-head' : 'content-on-204';
  await expect.poll(() => outcome.faults.map(({ name }) => name)).toEqual([expected]);
});

test.each([
  ['speaks first', (socket: Socket) => void socket.write('220 mail.example\r\n'), 'malformed'],
  ['closes the connection at once', (socket: Socket) => void socket.end(), 'reset'],
])('a server that %s is no server of HTTP', async (_, greet, failure) => {
  const server = createServer((socket) => greet(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await targetOf(`http://127.0.0.1:${port}`)(request())).toMatchObject({ kind: 'failure', failure });
});

describe('time', () => {
  test('that runs out before an answer is a failure', async () => {
    const outcome = await outcomeOf(() => {}, { timeout: 30 });
    expect(outcome).toMatchObject({ failure: 'timeout', why: 'no answer came in 30 ms', faults: [] });
  });

  test('that runs out in content which has stopped is a failure and a fault, with what came', async () => {
    const bytes = crlf('HTTP/1.1 200 OK\nContent-Length: 10\n\nabc');
    const outcome = await outcomeOf((socket) => void socket.write(bytes), { timeout: 400 });
    expect(brief(outcome)).toEqual(['timeout', 200, 'abc', 'content-too-short']);
    expect(outcome).toMatchObject({ why: 'the head and 3 of 10 bytes of content came in 400 ms' });
  });

  /** Writes the pieces one after the other, in equal intervals. */
  const drip =
    (head: string, pieces: readonly string[], interval: number): Answer =>
    (socket) => {
      socket.write(crlf(head));
      let next = 0;
      const timer = setInterval(() => {
        const piece = pieces[next];
        next += 1;
        if (piece === undefined) clearInterval(timer);
        else socket.write(piece);
      }, interval);
      onTestFinished(() => clearInterval(timer));
    };

  const letters = [...'abcdefghijkl'];
  const json = 'HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 12\n\n';

  test('that is taken by drops is the fault `dripping`, in time or not', async () => {
    const inTime = await outcomeOf(drip(json, letters, 30), { timeout: 600 });
    expect(brief(inTime)).toEqual(['response', 200, 'abcdefghijkl', 'dripping']);
    const late = await outcomeOf(drip(json, letters.slice(0, 11), 30), { timeout: 500 });
    expect(late).toMatchObject({ failure: 'timeout', faults: [{ name: 'dripping' }] });
  });

  test.each<[name: string, answer: Answer]>([
    ['a short while', drip(json, letters, 5)],
    ['few pieces', drip(json, ['abcd', 'efgh', 'ijkl'], 270)],
    [
      'pieces that are not tiny',
      drip(json.replace('12', '1200'), Array(12).fill('0123456789'.repeat(10)), 50),
    ],
    ['a stream of events', drip(json.replace('application/json', 'text/event-stream'), letters, 50)],
  ])('is no fault in %s', async (_, answer) => {
    expect(await outcomeOf(answer, { timeout: 1_000 })).toMatchObject({ kind: 'response', faults: [] });
  });
});

describe('content without end', () => {
  const gush = (head: string, piece: string) => (socket: Socket) => {
    socket.write(crlf(head));
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  };

  test.each([
    ['without a length', 'HTTP/1.1 200 OK\n\n', 'x'.repeat(10_000)],
    ['in chunks', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n', `2710\r\n${'x'.repeat(10_000)}\r\n`],
    ['of a head', 'HTTP/1.1 200 OK\n', 'X: y\r\n'.repeat(1_000)],
    ['of interim responses', '', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000)],
  ])('is a failure: %s', async (_, head, piece) => {
    const outcome = await outcomeOf(gush(head, piece), { contentLimit: 100_000, timeout: 5_000 });
    expect(outcome).toMatchObject({ kind: 'failure', failure: 'endless' });
    const { partial } = outcome as Extract<Outcome, { kind: 'failure' }>;
    expect(partial?.content?.byteLength ?? 0).toBeLessThanOrEqual(65_536);
  });

  test('is what is larger than the limit when it is decoded', async () => {
    const content = gzipSync(Buffer.alloc(1_000_000));
    const head = `HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: ${content.length}\n\n`;
    const answer: Answer = (socket) => void socket.write(Buffer.concat([Buffer.from(crlf(head)), content]));
    expect(await outcomeOf(answer, { contentLimit: 100_000 })).toMatchObject({
      failure: 'endless',
      partial: { status: 200 },
    });
    expect(await outcomeOf(answer)).toMatchObject({ kind: 'response', faults: [] });
  });
});

describe('a content coding', () => {
  const json = Buffer.from('{"a":1}');
  const codings: [label: string | undefined, content: Buffer, expected: Buffer, fault?: string][] = [
    ['gzip', gzipSync(json), json],
    ['x-gzip', gzipSync(json), json],
    ['GZIP', gzipSync(json), json],
    ['deflate', deflateSync(json), json],
    ['br', brotliCompressSync(json), json],
    ['gzip, br', brotliCompressSync(gzipSync(json)), json],
    ['identity', json, json],
    ['gzip', json, json, 'content-not-encoded'],
    ['deflate', json, json, 'content-not-encoded'],
    ['br', json, json, 'content-not-encoded'],
    ['gzip', gzipSync(json).subarray(0, -9), gzipSync(json).subarray(0, -9), 'content-not-encoded'],
    ['deflate', deflateRawSync(json), json, 'deflate-without-zlib'],
    ['utf-8', json, json, 'content-encoding-unknown'],
    [undefined, gzipSync(json), gzipSync(json), 'content-encoding-missing'],
  ];

  test.each(codings)(
    '%s is taken off, or is no coding of the content',
    async (label, content, expected, fault) => {
      const fields: [string, string][] = [
        ['Content-Type', 'application/json'],
        ...(label === undefined ? [] : [['Content-Encoding', label] satisfies [string, string]]),
      ];
      const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = `HTTP/1.1 200 OK\r\n${lines}Content-Length: ${content.length}\r\n\r\n`;
      const outcome = await outcomeOf(
        (socket) => void socket.write(Buffer.concat([Buffer.from(head), content])),
      );
      expect(brief(outcome)).toEqual([
        'response',
        200,
        expected.toString('latin1'),
        ...(fault === undefined ? [] : [fault]),
      ]);
      const app = appTarget({ fetch: () => new Response(new Uint8Array(content), { headers: fields }) });
      expect(brief(await app(request()))).toEqual(brief(outcome));
    },
  );

  test('that is registered and cannot be read here is no fault of the server', async () => {
    const head = 'HTTP/1.1 200 OK\nContent-Encoding: compress\nContent-Length: 1\n\na';
    const outcome = await outcomeOf((socket) => void socket.write(crlf(head)));
    expect(outcome).toMatchObject({ failure: 'other', faults: [], partial: { status: 200 } });
  });

  test('is nothing where there is no content, and compressed bytes are no text', async () => {
    const empty = await outcomeOf(
      (socket) => {
        socket.write(crlf('HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 20\n\n'));
      },
      {},
      'HEAD',
    );
    expect(brief(empty)).toEqual(['response', 200, undefined]);
    const zip = gzipSync(json);
    const head = `HTTP/1.1 200 OK\nContent-Type: application/gzip\nContent-Length: ${zip.length}\n\n`;
    const file = await outcomeOf(
      (socket) => void socket.write(Buffer.concat([Buffer.from(crlf(head)), zip])),
    );
    expect(file).toMatchObject({ kind: 'response', faults: [] });
  });

  test('of the transfer is taken off too, and was not asked for', async () => {
    const zip = gzipSync(json);
    const head = crlf('HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n');
    const bytes = Buffer.concat([
      Buffer.from(`${head}${zip.length.toString(16)}\r\n`),
      zip,
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const outcome = await outcomeOf((socket) => void socket.write(bytes));
    expect(brief(outcome)).toEqual(['response', 200, '{"a":1}', 'transfer-encoding-unasked']);
  });
});

describe('bytes left over', () => {
  const answer = (content: string): string =>
    crlf(`HTTP/1.1 200 OK\nContent-Length: ${content.length}\n\n${content}`);

  test('after an outcome are added to its faults, and the next request has a connection of its own', async () => {
    const spoken: Socket[] = [];
    const { url, connections } = await serverOf((socket, turn) => {
      socket.write(answer(`${turn}`));
      spoken.push(socket);
    });
    const target = targetOf(url);
    const first = await target(request());
    expect(first.faults).toEqual([]);
    spoken[0]?.write('late');
    await expect.poll(() => first.faults.map(({ name }) => name)).toEqual(['content-too-long']);
    expect(brief(await target(request()))).toEqual(['response', 200, '2']);
    expect(connections()).toBe(2);
  });

  test('before the next answer belong to the one before', async () => {
    const { url, connections } = await serverOf((socket, turn) => {
      socket.write(turn === 1 ? answer('1') : `left over${answer('2')}`);
    });
    const target = targetOf(url);
    const first = await target(request());
    expect(brief(await target(request()))).toEqual(['response', 200, '2']);
    expect(first.faults).toMatchObject([
      { name: 'bytes-after-response', detail: 'After the response came "left over"' },
    ]);
    expect(connections()).toBe(1);
  });

  test('are no fault where the server says that it waited too long', async () => {
    const spoken: Socket[] = [];
    const { url } = await serverOf((socket, turn) => {
      socket.write(answer(`${turn}`));
      spoken.push(socket);
    });
    const target = targetOf(url);
    const first = await target(request());
    spoken[0]?.end(crlf('HTTP/1.1 408 Request Timeout\n\n'));
    const second = await target(request());
    expect([first.faults, second.faults, second.kind]).toEqual([[], [], 'response']);
  });
});
