/** What only a socket shows: limits, slow and broken connections, HEAD, and an end that cuts nobody off. */

import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { stateOf } from '../mock/contracts.js';
import { type Received, send } from './client.js';
import { served } from './served.js';

const sendOtp = { phone_number: '919277140178', name: 'skb', action: 'send_otp' };
const limit = 1024 * 1024;

/** A login whose content has exactly so many bytes. */
function loginOf(bytes: number): string {
  const empty = JSON.stringify({ ...sendOtp, name: '' });
  return JSON.stringify({ ...sendOtp, name: 'x'.repeat(bytes - empty.length) });
}

const json = { 'content-type': 'application/json' };
const chunked = { ...json, 'transfer-encoding': 'chunked' };

const login = (url: string): Promise<Received> => send(`${url}/api/v1/login`, { body: sendOtp });

describe('content', () => {
  test.each([
    ['with its length', json],
    ['in chunks', chunked],
  ])('up to the limit is taken, %s', async (_, headers) => {
    const { url } = await served();
    const { status } = await send(`${url}/api/v1/login`, { headers, body: loginOf(limit) });
    expect(status).toBe(200);
  });

  test.each([
    ['with its length', json],
    ['in chunks', chunked],
  ])('over the limit is refused, %s, and the next request is answered', async (_, headers) => {
    const { mock, url } = await served();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const refused = await send(`${url}/api/v1/login`, { headers, body: loginOf(limit + 1), agent });
    expect([refused.status, refused.headers['content-type']]).toEqual([413, 'application/problem+json']);
    expect(JSON.parse(refused.text)).toEqual({
      type: 'urn:counterfoil:problem:content-too-large',
      title: 'The content is larger than this server takes',
      status: 413,
      detail: 'The content is larger than 1048576 bytes.',
    });
    expect(mock.inbox.list()).toEqual([]);
    expect((await send(`${url}/api/v1/login`, { body: sendOtp, agent })).status).toBe(200);
    agent.destroy();
  });

  test('announced over the limit is refused before it is sent', async () => {
    const { port } = await served();
    const socket = connect(port, '127.0.0.1');
    socket.write(head({ 'Content-Length': String(limit + 1) }));
    expect(await firstLine(socket)).toBe('HTTP/1.1 413 Payload Too Large');
    socket.destroy();
  });

  test('has the limit that the options name', async () => {
    const { url } = await served({ contentLimit: 100 });
    const statusOf = async (bytes: number) =>
      (await send(`${url}/api/v1/login`, { headers: json, body: loginOf(bytes) })).status;
    expect([await statusOf(100), await statusOf(101)]).toEqual([200, 413]);
  });
});

describe('a connection', () => {
  test('that is slow keeps nobody else waiting, and is answered in the end', async () => {
    const { port, url } = await served();
    const content = JSON.stringify(sendOtp);
    const socket = connect(port, '127.0.0.1');
    socket.write(head({ 'Content-Length': String(content.length) }) + content.slice(0, 20));
    expect((await login(url)).status).toBe(200);
    socket.write(content.slice(20));
    expect(await firstLine(socket)).toBe('HTTP/1.1 200 OK');
    socket.destroy();
  });

  test.each([
    ['in the middle of its header', () => head({}).slice(0, 30)],
    ['in the middle of its content', () => `${head({ 'Content-Length': '500' })}{"action":`],
    ['in the middle of a chunk', () => `${head({ 'Transfer-Encoding': 'chunked' })}ff\r\n{"act`],
  ])('that breaks off %s leaves nothing behind', async (_, sent) => {
    const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info'), vi.spyOn(console, 'log')];
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { mock, port, url } = await served();
    const before = stateOf(mock);
    const socket = connect(port, '127.0.0.1');
    socket.write(sent());
    await once(socket, 'connect');
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await send(`${url}/api/v1/get_current_user`)).status).toBe(401);
    expect(stateOf(mock)).toEqual(before);
    expect((await login(url)).status).toBe(200);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  test('that breaks off while its answer is delayed ends the delay', async () => {
    const waiting = moment<AbortSignal>();
    const { port, url } = await served({
      wait: async (_, signal) => {
        waiting.comes(signal);
        await once(signal, 'abort');
      },
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/v1/get_current_user HTTP/1.1\r\nHost: localhost\r\nPrefer: delay=9\r\n\r\n');
    const signal = await waiting.come;
    expect(signal.aborted).toBe(false);
    socket.resetAndDestroy();
    await once(signal, 'abort');
    expect((await login(url)).status).toBe(200);
  });

  test('that speaks no HTTP is told so, and the next is answered', async () => {
    const { port, url } = await served();
    const socket = connect(port, '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    expect(await firstLine(socket)).toBe('HTTP/1.1 400 Bad Request');
    expect((await login(url)).status).toBe(200);
  });

  test.each([
    ['a target without a path', '*', 'localhost'],
    ['a backslash in its target', '/api\\v1/login', 'localhost'],
    ['a Host that is none', '/api/v1/login', 'a/b'],
  ])('with %s gets a problem', async (_, target, host) => {
    const { port } = await served();
    const socket = connect(port, '127.0.0.1');
    socket.write(`OPTIONS ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(
      /^HTTP\/1\.1 400 .*application\/problem\+json.*"type":"urn:counterfoil:problem:invalid-request"/s,
    );
  });

  test.each([
    ['in absolute form', 'http://elsewhere.example/api/v1/get_current_user'],
    ['with dot segments', '/api/x/../v1/./get_current_user'],
    ['with escapes of plain letters', '/api/v1/%67et_current_user'],
  ])('may send its target %s', async (_, target) => {
    const { port } = await served();
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(await firstLine(socket)).toBe('HTTP/1.1 401 Unauthorized');
    socket.destroy();
  });
});

describe('HEAD', () => {
  test('is GET without the content', async () => {
    const { url } = await served();
    const [got, headed] = await Promise.all(
      ['GET', 'HEAD'].map((method) => send(`${url}/api/v1/get_current_user`, { method })),
    );
    expect([headed?.status, headed?.text]).toEqual([401, '']);
    expect(headed?.headers['content-type']).toBe(got?.headers['content-type']);
    expect([undefined, got?.headers['content-length']]).toContain(headed?.headers['content-length']);
  });

  test('of a path without GET is not there', async () => {
    const { url } = await served();
    const { status, text, headers } = await send(`${url}/api/v1/login`, { method: 'HEAD' });
    expect([status, text, headers.allow]).toEqual([405, '', 'POST']);
  });
});

describe('the end', () => {
  test('waits for the answer to a request in flight, and for nothing else', { timeout: 4000 }, async () => {
    const asked = moment<number>();
    const over = moment<void>();
    const wait = (seconds: number): Promise<void> => {
      asked.comes(seconds);
      return over.come;
    };
    const { url, close } = await served({ wait });
    const agent = new Agent({ keepAlive: true });
    const answer = send(`${url}/api/v1/get_current_user`, { headers: { prefer: 'delay=60' }, agent });
    expect(await asked.come).toBe(60);
    const closed = close();
    await expect(send(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    over.comes();
    expect(await answer).toMatchObject({ status: 401, headers: { 'preference-applied': 'delay=60' } });
    await closed;
    agent.destroy();
  });
});

/** Something that a test waits for, and what makes it come. */
function moment<T>(): { readonly come: Promise<T>; readonly comes: (value: T) => void } {
  let comes: (value: T) => void = () => {};
  const come = new Promise<T>((resolve) => {
    comes = resolve;
  });
  return { come, comes: (value) => comes(value) };
}

/** The start of a login as it goes over the wire. */
function head(fields: Readonly<Record<string, string>>): string {
  const lines = { Host: 'localhost', 'Content-Type': 'application/json', ...fields };
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /api/v1/login HTTP/1.1\r\n${text.join('')}\r\n`;
}

async function firstLine(socket: Socket): Promise<string> {
  const [chunk] = await once(socket, 'data');
  return String(chunk).split('\r\n')[0] ?? '';
}
