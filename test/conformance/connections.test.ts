/** How a target connects: again on the same connection, over TLS, through a proxy, once more, and no longer. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createSocketServer,
  connect as dial,
  type Server,
  type Socket,
} from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appTarget, type HttpTargetOptions, httpTarget, type Outcome } from '../../conformance/target.js';
import type { Field, RequestMessage } from '../../openapi/http/message.js';
import { certificate, key } from './certificate.js';

const request = (rest: Partial<RequestMessage> = {}): RequestMessage => ({
  method: 'GET',
  path: '/',
  query: '',
  fields: [],
  content: undefined,
  ...rest,
});

function targetOf(url: string, options: HttpTargetOptions = {}): ReturnType<typeof httpTarget> {
  const target = httpTarget(url, options);
  onTestFinished(target.close);
  return target;
}

async function listening(
  server: Server,
  port = 0,
): Promise<{ readonly port: number; readonly sockets: ReadonlySet<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

const statusOf = (outcome: Outcome): unknown =>
  outcome.kind === 'response' ? [outcome.response.status, ...outcome.faults] : [outcome.failure, outcome.why];

const hello: RequestListener = (incoming, response) => {
  incoming.resume();
  response.end('hello');
};

describe('a connection', () => {
  test('is used again: by methods with and without content, after 204, and not after HEAD', async () => {
    const server = createServer((incoming, response) => {
      incoming.resume();
      if (incoming.method === 'DELETE') response.writeHead(204);
      response.end(incoming.method === 'DELETE' ? undefined : 'hello');
    });
    const { port, sockets } = await listening(server);
    const target = targetOf(`http://127.0.0.1:${port}`);
    const content = new TextEncoder().encode('{}');
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'QUERY', 'OPTIONS', 'TRACE']) {
      for (const message of [request({ method }), request({ method, content })]) await target(message);
    }
    expect(sockets.size).toBe(1);
    expect(statusOf(await target(request({ method: 'HEAD' })))).toEqual([200]);
    expect(statusOf(await target(request()))).toEqual([200]);
    expect(sockets.size).toBe(2);
  });

  test('is its own for each of the requests that are under way at once', async () => {
    const { port, sockets } = await listening(createServer(hello));
    const target = targetOf(`http://127.0.0.1:${port}`);
    const at = { once: 8, times: 5 };
    for (let turn = 0; turn < at.times; turn += 1) {
      const outcomes = await Promise.all(Array.from({ length: at.once }, () => target(request())));
      expect(outcomes.map(statusOf)).toEqual(Array(at.once).fill([200]));
    }
    expect(sockets.size).toBe(at.once);
  });

  test('is not used again where the server says so, or is HTTP/1.0, or closes it', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ];
    let turn = 0;
    const server = createSocketServer((socket) => {
      socket.on('data', () => {
        const answer = answers[turn] ?? '';
        turn += 1;
        socket.write(answer);
        if (answer === 'HTTP/1.1 200 OK\r\n\r\n') socket.end();
      });
    });
    const { port, sockets } = await listening(server);
    const target = targetOf(`http://127.0.0.1:${port}`);
    const connections: number[] = [];
    for (const _ of answers) {
      expect(statusOf(await target(request()))).toEqual([200]);
      connections.push(sockets.size);
    }
    expect(connections).toEqual([1, 2, 3, 4, 5, 5, 5]);
  });

  test('that the server closes between two requests is replaced', async () => {
    const { port, sockets } = await listening(createServer(hello));
    const target = targetOf(`http://127.0.0.1:${port}`);
    await target(request());
    const [first] = sockets;
    first?.end();
    await once(first as Socket, 'close');
    expect(statusOf(await target(request()))).toEqual([200]);
    expect(sockets.size).toBe(2);
  });

  test('ends when the target is closed, and what is under way is aborted', async () => {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/') response.end();
    });
    const { port, sockets } = await listening(server);
    const target = httpTarget(`http://127.0.0.1:${port}`);
    const busy = target(request({ path: '/hangs' }));
    await once(server, 'request');
    await target(request());
    await target.close();
    expect(statusOf(await busy)).toEqual(['aborted', 'the target was closed']);
    expect(sockets.size).toBe(2);
    await expect.poll(() => [...sockets].every((socket) => socket.destroyed)).toBe(true);
    expect(statusOf(await target(request()))).toEqual(['aborted', 'the target was closed']);
    expect(sockets.size).toBe(2);
  });
});

describe('TLS', () => {
  const secure = async (): Promise<number> =>
    (await listening(createSecureServer({ cert: certificate, key }, hello))).port;

  test('refuses a certificate that nobody vouches for, and says so', async () => {
    const outcome = await targetOf(`https://localhost:${await secure()}`)(request());
    expect(outcome).toMatchObject({
      failure: 'refused',
      why: expect.stringContaining('self-signed certificate'),
    });
  });

  test('trusts the certificates that it is given, and uses the connection again', async () => {
    const { port, sockets } = await listening(createSecureServer({ cert: certificate, key }, hello));
    for (const host of ['localhost', '127.0.0.1']) {
      const target = targetOf(`https://${host}:${port}`, { ca: certificate });
      for (const _ of [1, 2]) expect(statusOf(await target(request()))).toEqual([200]);
    }
    expect(sockets.size).toBe(2);
  });

  test('trusts any certificate when told to be insecure', async () => {
    const outcome = await targetOf(`https://127.0.0.1:${await secure()}`, { insecure: true })(request());
    expect(statusOf(outcome)).toEqual([200]);
  });

  test('asks for the name of the URL, whatever Host says', async () => {
    const fields: Field[] = [['Host', 'elsewhere.example']];
    const target = targetOf(`https://localhost:${await secure()}`, { ca: certificate });
    expect(statusOf(await target(request({ fields })))).toEqual([200]);
  });

  test('is a failure where the server speaks none', async () => {
    const { port } = await listening(createServer(hello));
    expect(await targetOf(`https://127.0.0.1:${port}`, { insecure: true })(request())).toMatchObject({
      failure: 'refused',
      why: expect.stringMatching(/SSL|TLS|EPROTO/i),
    });
  });
});

describe('a proxy', () => {
  /** A proxy that makes tunnels, and what it was asked for. */
  async function proxyOf(status = 200) {
    const asked: (readonly [string | undefined, string | undefined])[] = [];
    const server = createServer((_, response) => response.writeHead(500).end());
    server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
      asked.push([url, headers['proxy-authorization']]);
      if (status === 0) return; // it never answers
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const [host, port] = url.split(':');
      const onward = dial(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    const { port } = await listening(server);
    return { port, asked };
  }

  test('makes a tunnel to a server, which is used again, and fields keep their order and repeats', async () => {
    const seen: string[][] = [];
    const { port } = await listening(
      createServer((incoming, response) => {
        seen.push(incoming.rawHeaders.slice(-6));
        response.end();
      }),
    );
    const proxy = await proxyOf();
    const target = targetOf(`http://127.0.0.1:${port}`, { proxy: `http://a%40b:c@127.0.0.1:${proxy.port}` });
    const fields: Field[] = [
      ['X-B', '1'],
      ['x-a', '2'],
      ['X-B', '3'],
    ];
    for (const _ of [1, 2]) expect(statusOf(await target(request({ fields })))).toEqual([200]);
    expect(proxy.asked).toEqual([[`127.0.0.1:${port}`, `Basic ${Buffer.from('a@b:c').toString('base64')}`]]);
    expect(seen).toEqual([fields.flat(), fields.flat()]);
  });

  test('carries TLS', async () => {
    const { port } = await listening(createSecureServer({ cert: certificate, key }, hello));
    const proxy = await proxyOf();
    const options = { proxy: `http://127.0.0.1:${proxy.port}`, ca: certificate };
    expect(statusOf(await targetOf(`https://localhost:${port}`, options)(request()))).toEqual([200]);
    expect(proxy.asked).toEqual([[`localhost:${port}`, undefined]]);
  });

  test('does not hide what is wrong with the bytes of the server', async () => {
    const server = createSocketServer((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')),
    );
    const { port } = await listening(server);
    const { port: proxy } = await proxyOf();
    const outcome = await targetOf(`http://127.0.0.1:${port}`, { proxy: `http://127.0.0.1:${proxy}` })(
      request(),
    );
    expect(outcome).toMatchObject({ failure: 'reset', faults: [{ name: 'content-too-short' }] });
  });

  test('that refuses is asked again as often as said', async () => {
    const proxy = await proxyOf(503);
    const options = { proxy: `http://127.0.0.1:${proxy.port}`, retries: 2 };
    expect(await targetOf('http://127.0.0.1:9', options)(request())).toMatchObject({ failure: 'refused' });
    expect(proxy.asked).toHaveLength(3);
  });

  test('that never answers is no connection in time, which is tried again', async () => {
    const proxy = await proxyOf(0);
    const options = { proxy: `http://127.0.0.1:${proxy.port}`, retries: 1, timeout: 60 };
    const outcome = await targetOf('http://127.0.0.1:9', options)(request());
    expect(statusOf(outcome)).toEqual(['timeout', 'no connection was made in 60 ms']);
    await expect.poll(() => proxy.asked.length).toBe(2);
  });

  test('that refuses, or is not there, is a failure that names it', async () => {
    const { port } = await proxyOf(407);
    const refused = await targetOf('http://127.0.0.1:9', { proxy: `http://127.0.0.1:${port}` })(request());
    expect(statusOf(refused)).toEqual(['refused', 'the proxy answers 407 to CONNECT 127.0.0.1:9']);
    const absent = await targetOf('http://127.0.0.1:9', { proxy: 'http://127.0.0.1:1' })(request());
    expect(absent).toMatchObject({ failure: 'refused', why: expect.stringContaining('http://127.0.0.1:1') });
  });
});

describe('a retry', () => {
  /** A port where nobody listens. */
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  test('finds a server that listens a little later', async () => {
    const port = await freePort();
    const answer = targetOf(`http://127.0.0.1:${port}`, { retries: 10 })(request());
    await targetOf(`http://127.0.0.1:${port}`)(request()); // refused: by now the first try was refused too
    await listening(createServer(hello), port);
    expect(statusOf(await answer)).toEqual([200]);
  });

  test('is given up when the request is aborted', async () => {
    const stop = new AbortController();
    const target = targetOf(`http://127.0.0.1:${await freePort()}`, { retries: 1_000 });
    const answer = target(request(), stop.signal);
    setTimeout(() => stop.abort(), 20);
    expect(await answer).toMatchObject({ failure: 'aborted' });
  });

  test.each([
    ['closes', 'reset'],
    ['hangs', 'timeout'],
  ])('is never made after something was sent: the server %s', async (how, failure) => {
    let requests = 0;
    const server = createSocketServer((socket) => {
      socket.on('data', () => {
        requests += 1;
        if (how === 'closes') socket.destroy();
      });
    });
    const { port } = await listening(server);
    const outcome = await targetOf(`http://127.0.0.1:${port}`, { retries: 3, timeout: 60 })(request());
    expect([statusOf(outcome), requests]).toEqual([[failure, expect.stringMatching(/./)], 1]);
  });
});

describe('what is sent', () => {
  /** The bytes that a server gets of one request. */
  async function sent(message: RequestMessage, options: HttpTargetOptions = {}): Promise<string> {
    const chunks: Buffer[] = [];
    const server = createSocketServer((socket) =>
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        const text = Buffer.concat(chunks).toString('latin1');
        const length = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1] ?? 0);
        const end = text.indexOf('\r\n\r\n');
        if (end !== -1 && text.length >= end + 4 + length) socket.end('HTTP/1.1 204 \r\n\r\n');
      }),
    );
    const { port } = await listening(server);
    const outcome = await targetOf(`http://127.0.0.1:${port}/base/`, options)(message);
    expect(statusOf(outcome)).toEqual([204]);
    return Buffer.concat(chunks).toString('latin1').replaceAll(`127.0.0.1:${port}`, 'HOST');
  }

  const added = 'host: HOST\r\nconnection: keep-alive\r\n';
  const content = new TextEncoder().encode('{"a":1}');

  test('is the message, and only what is needed besides', async () => {
    expect(await sent(request())).toBe(`GET /base/ HTTP/1.1\r\n${added}\r\n`);
    expect(await sent(request({ method: 'query', path: "/a%2fB'", query: 'x=%20&&x={}', content }))).toBe(
      `query /base/a%2fB'?x=%20&&x={} HTTP/1.1\r\n${added}content-length: 7\r\n\r\n{"a":1}`,
    );
  });

  test.each(['GET', 'DELETE', 'OPTIONS', 'TRACE', 'post', 'QUERY', 'M-SEARCH', '!#$'])(
    'is any method, with content: %s',
    async (method) => {
      expect(await sent(request({ method, content }))).toBe(
        `${method} /base/ HTTP/1.1\r\n${added}content-length: 7\r\n\r\n{"a":1}`,
      );
    },
  );

  test('is HEAD with content, on a connection that ends with it', async () => {
    expect(await sent(request({ method: 'HEAD', content }))).toBe(
      'HEAD /base/ HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\ncontent-length: 7\r\n\r\n{"a":1}',
    );
  });

  test('is every field in its order, letter case and number, with unusual characters', async () => {
    const fields: Field[] = [
      ['X-B', ' two  spaces '],
      ['x-a', 'tab\there'],
      ['X-B', ''],
      ['X-Latin', 'é\xff'],
      ["x!#$%&'*+.^_`|~", '"(),/:;<=>?@[\\]{}'],
      ['Content-Type', 'text/plain'],
      ['content-type', 'text/html'],
    ];
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    expect(await sent(request({ fields }))).toBe(`GET /base/ HTTP/1.1\r\n${added}${lines}\r\n`);
  });

  test('is a field of the options where the message has none of that name', async () => {
    const headers: Field[] = [
      ['X-Team', 'a'],
      ['Authorization', 'Bearer default'],
      ['X-Team', 'b'],
    ];
    const fields: Field[] = [['authorization', 'Bearer own']];
    expect(await sent(request({ fields }), { headers })).toBe(
      `GET /base/ HTTP/1.1\r\n${added}authorization: Bearer own\r\nX-Team: a\r\nX-Team: b\r\n\r\n`,
    );
  });

  test.each<[name: string, message: Partial<RequestMessage>]>([
    ['a line break', { fields: [['x', 'a\r\nb: c']] }],
    ['a character beyond Latin-1', { fields: [['x', 'Ω']] }],
    ['a name that is none', { fields: [['a b', 'c']] }],
    ['an empty name', { fields: [['', 'c']] }],
    ['Transfer-Encoding', { fields: [['Transfer-Encoding', 'chunked']] }],
    ['Expect', { fields: [['Expect', '100-continue']] }],
    ['a length that is wrong', { fields: [['Content-Length', '3']], method: 'POST' }],
    ['a length that is none', { fields: [['Content-Length', 'x']], content }],
    ['a method that is none', { method: 'G T' }],
    ['a path with a space', { path: '/a b' }],
    ['a path beyond Latin-1', { path: '/Ω' }],
  ])('is nothing where it could not be sent as it is: %s', async (_, message) => {
    const { port, sockets } = await listening(createServer(hello));
    const target = targetOf(`http://127.0.0.1:${port}`);
    const outcome = await target(request(message));
    expect(outcome).toMatchObject({ kind: 'failure', failure: 'other', why: expect.stringMatching(/\w{4}/) });
    expect(sockets.size).toBe(0);
    expect(statusOf(await target(request()))).toEqual([200]);
  });

  test('is CONNECT too, whose response has no content', async () => {
    const server = createServer();
    server.on('connect', (_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    const { port } = await listening(server);
    const outcome = await targetOf(`http://127.0.0.1:${port}`)(request({ method: 'CONNECT', path: '/' }));
    expect(statusOf(outcome)).toEqual([200]);
  });

  test('cannot be CONNECT or TRACE to an app', async () => {
    const target = appTarget({ fetch: () => new Response() });
    for (const method of ['CONNECT', 'TRACE', 'track']) {
      expect(await target(request({ method }))).toMatchObject({
        failure: 'other',
        why: expect.stringContaining(method),
      });
    }
  });
});

test.each(['ftp://127.0.0.1', 'localhost:80', '/', 'http://a:b@localhost', 'http://localhost/?a'])(
  '%s is no base',
  (base) => {
    expect(() => httpTarget(base)).toThrow(TypeError);
  },
);
