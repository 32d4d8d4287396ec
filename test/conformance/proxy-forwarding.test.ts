/** The proxy on the wire: every byte of both directions arrives as it was sent, as soon as it was. */

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { certificate as cert, key } from './certificate.js';
import { dial, type Listening, type Proxied, proxied, serving, servingBytes } from './proxied.js';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

type Closing = { close(): unknown; closeAllConnections?(): void };

function kept<Kind extends Closing>(listening: Listening<Kind>): Listening<Kind> {
  ends.push(() => {
    listening.server.closeAllConnections?.();
    listening.server.close();
  });
  return listening;
}

async function through(target: string, options: Parameters<typeof proxied>[1] = {}): Promise<Proxied> {
  const proxy = await proxied(target, options);
  ends.push(() => proxy.stop(0));
  return proxy;
}

/** A server that keeps the bytes of each connection, and answers each request head with the same bytes. */
async function echo(
  answer: string,
): Promise<{ readonly url: string; readonly came: () => string; readonly sockets: Socket[] }> {
  const sockets: Socket[] = [];
  let came = '';
  const { url } = kept(
    await servingBytes((socket) => {
      sockets.push(socket);
      let unread = '';
      socket.on('data', (bytes) => {
        came += bytes.toString('latin1');
        unread += bytes.toString('latin1');
        for (let end = unread.indexOf('\r\n\r\n'); end !== -1; end = unread.indexOf('\r\n\r\n')) {
          unread = unread.slice(end + 4);
          socket.write(answer, 'latin1');
        }
      });
      socket.on('end', () => socket.end());
    }),
  );
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { url, came: () => came, sockets };
}

const noContent = 'HTTP/1.1 204 No Content\r\n\r\n';

/** Waits until a number stays what it is. */
async function settled(number: () => number): Promise<void> {
  let before = -1;
  while (before !== number()) {
    before = number();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a request', () => {
  test('arrives byte for byte but for Host: order, case, repeats, spaces and odd escapes', async () => {
    const server = await echo(noContent);
    const { port } = await through(server.url);
    const line = dial(port);
    const head = (host: string): string =>
      `PROPFIND /a%2fb%zz/%C3/;x=1//..?q=%20+&q[]=\xe9#&& HTTP/1.1\r\nhOsT:  ${host}\r\nX-B: 2\r\nx-a:1 \r\nX-B:   3\r\nX-Empty:\r\nTE: trailers\r\nConnection: x-a, keep-alive\r\n\r\n`;
    line.socket.write(head('proxy.test'), 'latin1');
    await line.until('\r\n\r\n');
    expect(server.came()).toBe(head(new URL(server.url).host));
    expect(line.text()).toBe(noContent);
    line.socket.destroy();
  });

  test('goes below the path of the target, with Host as it is when that is wanted', async () => {
    const server = await echo(noContent);
    const { port } = await through(`${server.url}/staging/v2/`, { keepHost: true });
    const line = dial(port);
    line.socket.write('GET /things?a=/x HTTP/1.1\r\nHost: proxy.test\r\n\r\n');
    await line.until('\r\n\r\n');
    line.socket.write('OPTIONS * HTTP/1.1\r\nHost: proxy.test\r\n\r\n');
    await line.until(`${noContent}${noContent}`);
    line.socket.write('GET http://elsewhere.test?a HTTP/1.1\r\nHost: proxy.test\r\n\r\n');
    await line.until(`${noContent}${noContent}${noContent}`);
    expect(server.came()).toBe(
      'GET /staging/v2/things?a=/x HTTP/1.1\r\nHost: proxy.test\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: proxy.test\r\n\r\nGET /staging/v2/?a HTTP/1.1\r\nHost: proxy.test\r\n\r\n',
    );
    line.socket.destroy();
  });

  test('has its chunks, extensions and trailers as they were, in whatever pieces they come', async () => {
    const server = await echo('');
    const { port } = await through(server.url);
    const line = dial(port);
    const host = new URL(server.url).host;
    const text = `POST /x HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;a=b\r\nhello\r\n003\r\n\r\n!\r\n0\r\nX-Sum: 1\r\n\r\nGET /y HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    for (const character of text) {
      line.socket.write(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => server.came()).toBe(text);
    line.socket.destroy();
  });

  test('that two readers could read in two ways passes as it is and is not judged', async () => {
    const server = await echo('');
    const proxy = await through(server.url);
    const text = `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n`;
    const line = dial(proxy.port);
    line.socket.write(text);
    await expect.poll(() => server.came()).toBe(text);
    line.socket.destroy();
    const { requests } = await proxy.stop(0);
    expect(requests).toBe(0);
  });

  test('of another protocol passes as it is', async () => {
    const server = await echo('');
    const { port } = await through(server.url);
    const line = dial(port);
    line.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await expect.poll(() => server.came()).toBe('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    line.socket.destroy();
  });

  test('of fifty megabytes arrives whole, and waits for a slow server', async () => {
    let read: (() => void) | undefined;
    const { url } = kept(
      await serving((message, response) => {
        read = () => {
          const own = createHash('sha256');
          message
            .on('data', (bytes: Buffer) => own.update(bytes))
            .on('end', () => response.end(own.digest('hex')));
        };
      }),
    );
    const proxy = await through(url);
    const piece = randomBytes(1_048_576);
    const sum = createHash('sha256');
    for (let count = 0; count < 50; count += 1) sum.update(piece);
    const headers = { 'content-length': 50 * piece.length };
    const sending = request(`${proxy.url}/upload`, { method: 'PUT', headers });
    const answer = once(sending, 'response');
    let written = 0;
    const all = (async () => {
      for (let count = 0; count < 50; count += 1) {
        const goes = sending.write(piece);
        written += piece.length;
        if (!goes) await once(sending, 'drain');
      }
      sending.end();
    })();
    await settled(() => written);
    expect(written).toBeLessThan(25_000_000);
    read?.();
    await all;
    const [response] = await answer;
    let text = '';
    for await (const bytes of response) text += bytes;
    expect(text).toBe(sum.digest('hex'));
    await proxy.stop();
    expect(proxy.seen[0]?.record.unkept).toEqual({ request: 50 * piece.length, response: undefined });
  });

  test('waits for 100 Continue from the target, and early hints pass too', async () => {
    const { url } = kept(
      await servingBytes((socket) => {
        socket.on('data', (bytes) => {
          const text = bytes.toString();
          if (text.startsWith('POST'))
            socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n');
          else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
        });
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write('POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
    await line.until('100 Continue\r\n\r\n');
    line.socket.write('hello');
    expect(await line.until('hello')).toBe(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    );
    line.socket.destroy();
    await proxy.stop();
    expect(proxy.seen[0]?.record.outcome).toMatchObject({ kind: 'response', response: { status: 200 } });
  });

  test('uses the connection again that the one before it used', async () => {
    const ports: (number | undefined)[] = [];
    const { url } = kept(
      await serving((message, response) => {
        ports.push(message.socket.remotePort);
        response.end('ok');
      }),
    );
    const proxy = await through(url);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    ends.push(() => agent.destroy());
    for (let count = 0; count < 3; count += 1) {
      const [response] = await once(request(`${proxy.url}/x`, { agent }).end(), 'response');
      for await (const _ of response);
    }
    expect(ports).toHaveLength(3);
    expect(new Set(ports).size).toBe(1);
  });

  test('that follows before the answer to the one before has its own answer', async () => {
    const server = await echo(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    );
    const proxy = await through(server.url);
    const line = dial(proxy.port);
    line.socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n');
    await line.until('404 Not Found');
    line.socket.destroy();
    await proxy.stop();
    expect(
      proxy.seen.map(
        ({
          record: {
            request: { path },
            outcome,
          },
        }) => [path, outcome.kind === 'response' && outcome.response.status],
      ),
    ).toEqual([
      ['/a', 200],
      ['/b', 404],
    ]);
  });
});

describe('a response', () => {
  test.each([
    [
      'with chunks and trailers',
      'HTTP/1.1 200 Fine  thanks\r\nset-cookie: a=1\r\nSet-Cookie: b=2; Domain=x\r\nX-Y:  z \r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
    ],
    [
      'to another place',
      'HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/\r\nContent-Length: 0\r\n\r\n',
    ],
    ['that is not modified', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nETag: "x"\r\n\r\n'],
    ['that is no good HTTP', 'HTTP/1.1 200\r\nContent-Length: 3\r\nContent-Length: 4\r\n x\r\n\r\nabc'],
    ['of two digits', 'HTTP/1.1 20 OK\r\n\r\nabc'],
  ])('%s arrives byte for byte', async (_, text) => {
    const server = await echo(text);
    const { port } = await through(server.url);
    const line = dial(port);
    line.socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => line.text()).toBe(text);
    line.socket.destroy();
  });

  test('to HEAD has no content, and the next on the connection is another', async () => {
    const server = await echo('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n');
    const proxy = await through(server.url);
    const line = dial(proxy.port);
    line.socket.write('HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await line.until('\r\n\r\n');
    line.socket.write('HEAD /y HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => line.text()).toBe('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'.repeat(2));
    line.socket.destroy();
    await proxy.stop();
    expect(proxy.seen).toHaveLength(2);
  });

  test.each([
    ['sent otp', 'otp-sent-to-the-sample-number'],
    ['sent  otp', undefined],
  ])('in gzip arrives in gzip, and is judged by what it says: %s', async (message, transition) => {
    const zipped = gzipSync(JSON.stringify({ message }));
    const { url } = kept(
      await serving((_, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(zipped);
      }),
    );
    const proxy = await through(url);
    const headers = { 'content-type': 'application/json' };
    const sending = request(`${proxy.url}/api/v1/login`, { method: 'POST', headers });
    sending.end(JSON.stringify({ phone_number: '919277140178', name: 'skb', action: 'send_otp' }));
    const [response] = await once(sending, 'response');
    const pieces: Buffer[] = [];
    for await (const bytes of response) pieces.push(bytes);
    expect(Buffer.concat(pieces)).toEqual(zipped);
    const { findings } = await proxy.stop();
    expect(proxy.seen[0]?.transition).toBe(transition);
    expect(findings.length > 0).toBe(transition === undefined);
  });

  test('in a coding that nobody here can read is not judged by its content', async () => {
    const { url } = kept(
      await serving((_, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'zstd' })
          .end('(\xb5/\xfd');
      }),
    );
    const proxy = await through(url);
    const [response] = await once(
      request(`${proxy.url}/api/v1/get_current_user`, { headers: { authorization: 'Bearer x' } }).end(),
      'response',
    );
    for await (const _ of response);
    const { findings } = await proxy.stop();
    expect(findings).toEqual([]);
    expect(proxy.seen[0]?.reservation).toBe('response content not kept');
  });

  test('of fifty megabytes arrives whole, and waits for a slow reader', async () => {
    const piece = randomBytes(1_048_576);
    let written = 0;
    const { url } = kept(
      await serving(async (_, response) => {
        for (let count = 0; count < 50; count += 1) {
          const goes = response.write(piece);
          written += piece.length;
          if (!goes) await once(response, 'drain');
        }
        response.end();
      }),
    );
    const proxy = await through(url);
    const [response] = await once(request(`${proxy.url}/download`).end(), 'response');
    const sum = createHash('sha256');
    const expected = createHash('sha256');
    for (let count = 0; count < 50; count += 1) expected.update(piece);
    response.pause();
    // Nobody reads: what is under way is what sockets hold, not fifty megabytes.
    await settled(() => written);
    expect(written).toBeLessThan(25_000_000);
    for await (const bytes of response) sum.update(bytes);
    expect(sum.digest('hex')).toBe(expected.digest('hex'));
    await proxy.stop();
    expect(proxy.seen[0]?.record.unkept?.response).toBe(50 * piece.length);
  });

  test('as server-sent events comes event by event, before its end', async () => {
    const next: (() => void)[] = [];
    const { url } = kept(
      await serving((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 0\n\n');
        let count = 0;
        next.push(() => {
          count += 1;
          response.write(`data: ${count}\n\n`);
        });
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    await line.until('data: 0\n\n');
    for (let count = 1; count < 4; count += 1) {
      next[0]?.();
      await line.until(`data: ${count}\n\n`);
      expect(line.text()).not.toContain(`data: ${count + 1}`);
    }
    expect(proxy.seen).toEqual([]);
    line.socket.destroy();
  });
});

describe('another protocol', () => {
  test.each([
    [
      '101',
      'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['CONNECT', 'CONNECT db.test:5432 HTTP/1.1\r\nHost: db.test:5432\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('after %s passes in both directions, whatever the bytes', async (_, asked, answered) => {
    const { url } = kept(
      await servingBytes((socket) => {
        let isSwitched = false;
        socket.on('data', (bytes) => {
          if (isSwitched) socket.write(bytes);
          else socket.write(answered);
          isSwitched = true;
        });
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write(asked);
    await line.until('\r\n\r\n');
    const frames = 'GET / HTTP/1.1\r\n\r\n\x81\x05hello\x00\xff';
    line.socket.write(frames, 'latin1');
    await expect.poll(() => line.text()).toBe(answered + frames);
    line.socket.write('HTTP/1.1 500 Oh\r\n\r\n');
    await expect.poll(() => line.text()).toContain('500 Oh');
    line.socket.destroy();
    const { findings, requests } = await proxy.stop();
    expect([requests, findings]).toEqual([1, []]);
  });
});

describe('an end', () => {
  test('of the client is one for the server', async () => {
    const gone: Promise<unknown>[] = [];
    const { url } = kept(
      await serving((message, response) => {
        gone.push(new Promise<void>((resolve) => message.once('close', () => resolve())));
        message.on('error', () => {});
        response.write('begun');
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await line.until('begun');
    line.socket.resetAndDestroy();
    await expect.poll(() => gone.length).toBe(1);
    await gone[0];
    const { findings } = await proxy.stop();
    expect(findings).toEqual([]);
  });

  test('of the server is one for the client, in the same place', async () => {
    const { url } = kept(
      await servingBytes((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => socket.destroy());
        });
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write('GET /api/v1/get_current_user HTTP/1.1\r\nHost: a\r\n\r\n');
    await line.closed;
    expect(line.text()).toBe('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    const { findings } = await proxy.stop();
    expect(findings.map(({ check }) => check)).toEqual(['message-framing']);
  });

  test('of one side of the connection leaves the other open', async () => {
    const { url } = kept(
      await servingBytes((socket) => {
        let came = '';
        socket.on('data', (bytes) => {
          came += bytes.toString();
        });
        socket.on('end', () => socket.end(`HTTP/1.1 200 OK\r\n\r\n${came.length} bytes`));
      }),
    );
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.end('GET /x HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n\r\n');
    await line.closed;
    expect(line.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n\r\n\d+ bytes$/);
    await proxy.stop();
    expect(proxy.seen[0]?.record.outcome.kind).toBe('response');
  });

  test('before the server was there is a problem of the proxy, and no answer of the server', async () => {
    const { url, server } = await serving(() => {});
    server.close();
    const proxy = await through(url);
    const response = await fetch(`${proxy.url}/api/v1/get_current_user`);
    expect(response.status).toBe(502);
    expect(response.headers.get('proxy-status')).toContain('counterfoil; error=');
    expect(await response.json()).toMatchObject({
      type: 'urn:counterfoil:problem:target-unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    const { findings, coverage } = await proxy.stop();
    expect(findings).toEqual([]);
    expect(coverage.find(({ kind }) => kind === 'operation')?.exercised).toBe(0);
    expect(proxy.seen[0]?.reservation).toBe('the target cannot be reached');
  });

  test('of the proxy waits for what is under way', async () => {
    let answer: (() => void) | undefined;
    const { url } = kept(
      await serving((_, response) => {
        answer = () => response.end('late');
      }),
    );
    const proxy = await through(url);
    const pending = fetch(`${proxy.url}/x`);
    await expect.poll(() => answer).toBeDefined();
    const stopped = proxy.stop(10_000);
    await expect(fetch(`${proxy.url}/y`)).rejects.toThrow();
    answer?.();
    expect(await (await pending).text()).toBe('late');
    expect((await stopped).requests).toBe(1);
  });

  test('of the proxy does not wait for ever', async () => {
    const { url } = kept(await serving(() => {}));
    const proxy = await through(url);
    const line = dial(proxy.port);
    line.socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    const begun = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await proxy.stop(100);
    await line.closed;
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('a target over TLS', () => {
  test('is spoken to when its certificate is trusted, and otherwise is out of reach', async () => {
    const server = createTlsServer({ key, cert }, (message, response) => response.end(message.headers.host));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const target = `https://localhost:${port}`;
    const trusting = await through(target, { ca: cert });
    expect(await (await fetch(`${trusting.url}/x`)).text()).toBe(`localhost:${port}`);
    const careless = await through(target, { insecure: true });
    expect((await fetch(`${careless.url}/x`)).status).toBe(200);
    const careful = await through(target);
    expect((await fetch(`${careful.url}/x`)).status).toBe(502);
  });
});
