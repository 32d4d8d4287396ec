/** Servers that do a client harm: the check tells what they do, ends in time, and gives nothing to anybody else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, type OnTestFinishedHandler, test } from 'vitest';
import { pets } from '../cli/process.js';
import { sessionCalls } from '../contracts/session-calls.js';

const matar = await sessionCalls('matar');

/** What a server does with a connection on which a request has come, and how many have come before it. */
type Behaviour = (socket: Socket, before: number) => void;

/** Registers what ends with the test; of tests that run at the same time each has its own. */
type Until = (end: OnTestFinishedHandler) => void;

type Listening = { readonly url: string; readonly server: Server; end(): void };

/** Listens until the test is over. `end` ends it at once, with every connection. */
async function listening(until: Until, behaviour: Behaviour): Promise<Listening> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', () => {
      requests += 1;
      behaviour(socket, requests - 1);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  until(end);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, end };
}

type Told = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly junit: string;
  readonly summary: {
    readonly stopped: string | null;
    readonly unreachable: string | null;
    readonly requests: number;
    readonly milliseconds: number;
  };
  /** The findings that fail the run: the check, what is wrong, and what came. */
  readonly errors: readonly string[];
};

type FindingJson = {
  readonly severity: string;
  readonly check: string;
  readonly title: string;
  readonly actual: string;
};

/** Runs the program against a server, as a pipeline would. */
async function checkOf(contract: string, url: string, more: readonly string[]): Promise<Told> {
  const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
  try {
    const json = path.join(folder, 'report.json');
    const junit = path.join(folder, 'report.xml');
    const reports = ['terminal', `json:${json}`, `junit:${junit}`].flatMap((each) => ['--report', each]);
    const given = ['--seed', '1', '--input', 'phone_number=919743256789', '--no-prompt'];
    const field = ['--header', `Authorization: Bearer ${credential}`];
    const { exitCode, stdout } = await ended([
      'check',
      contract,
      '--url',
      url,
      ...given,
      ...field,
      ...reports,
      ...more,
    ]);
    const { summary, findings } = JSON.parse(await readFile(json, 'utf8')) as {
      readonly summary: Told['summary'];
      readonly findings: readonly FindingJson[];
    };
    const errors = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ check, title, actual }) => `${check}: ${title}: ${actual}`);
    return { exitCode, stdout, junit: await readFile(junit, 'utf8'), summary, errors };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The compiled program, run to its end. Several may run at the same time. */
async function ended(args: readonly string[]): Promise<{ exitCode: number | null; stdout: string }> {
  const child = spawn(process.execPath, [path.resolve('dist/cli/main.js'), ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 25_000,
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout };
}

const credential = 'a-credential-of-staging';

const head = (status: string, ...fields: readonly string[]): string =>
  [`HTTP/1.1 ${status}`, ...fields, '', ''].join('\r\n');
const json = head('200 OK', 'content-type: application/json', 'content-length: 2');

/** Writes without an end, as fast as it is read. */
function gush(socket: Socket): void {
  const piece = Buffer.alloc(65_536, 'x');
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}

function drip(socket: Socket): void {
  socket.write(head('200 OK', 'content-type: application/json', 'content-length: 1000'));
  const timer = setInterval(() => socket.write(' '), 10);
  socket.on('close', () => clearInterval(timer));
}

describe('a server that', () => {
  test.concurrent.for<[what: string, behaviour: Behaviour, finding: RegExp]>([
    ['hangs', () => {}, /^no-response: no whole response came in time: /m],
    ['drips', drip, /^no-response: no whole response came in time: .*; 200 and \d+ bytes had come$/m],
    [
      'closes',
      (socket) => socket.destroy(),
      /^no-response: the connection was closed before the response was whole: /m,
    ],
    [
      'closes in the middle of an answer',
      (socket) => socket.end(`${head('200 OK', 'content-type: application/json', 'content-length: 20')}{"a"`),
      /^message-framing: the response breaks the framing of HTTP: content too short/m,
    ],
    [
      'answers garbage',
      (socket) => socket.end(Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 256))),
      /^message-framing: the response breaks the framing of HTTP: status line malformed/m,
    ],
    [
      'sends fields without an end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        gush(socket);
      },
      /^(?:no-response|message-framing): /m,
    ],
    [
      'sends content without an end',
      (socket) => {
        socket.write(head('200 OK', 'content-type: application/json'));
        gush(socket);
      },
      /^no-response: the content of the response had no end: /m,
    ],
  ])('%s is told so, and the run ends', async ([, behaviour, finding], { expect, onTestFinished }) => {
    const { url } = await listening(onTestFinished, behaviour);
    const told = await checkOf(pets, url, ['--timeout', '0.3', '--max-time', '10', '--max-requests', '40']);
    expect(told.errors.join('\n')).toMatch(finding);
    expect(told.exitCode).toBe(1);
    expect(told.summary.milliseconds).toBeLessThan(10_500);
    expect(told.summary.requests).toBeLessThanOrEqual(40);
    expect(told.junit).toMatch(/<failure /);
    expect(told.stdout).toMatch(/\d+ VIOLATIONS?/);
  });

  test.concurrent('redirects to another host is told so, and the other host hears of nothing', async ({
    expect,
    onTestFinished,
  }) => {
    let heard = 0;
    const elsewhere = await listening(onTestFinished, () => {});
    elsewhere.server.on('connection', () => {
      heard += 1;
    });
    const { url } = await listening(onTestFinished, (socket) =>
      socket.write(head('307 Temporary Redirect', `location: ${elsewhere.url}/a`, 'content-length: 0')),
    );
    const told = await checkOf(matar, url, ['--max-requests', '30']);
    expect(told.errors.join('\n')).toMatch(
      /^status-code-conformance: answered 307, which is not documented: .*to http:\/\/127\.0\.0\.1:\d+\/a, which was not followed/m,
    );
    expect(told.exitCode).toBe(1);
    expect(heard).toBe(0);
    expect(told.stdout + told.junit).not.toContain(credential);
  });

  test.concurrent('hangs is given up after some requests, not after all', async ({
    expect,
    onTestFinished,
  }) => {
    const { url } = await listening(onTestFinished, () => {});
    const { summary, exitCode } = await checkOf(matar, url, ['--timeout', '0.1']);
    expect(summary).toMatchObject({
      stopped: 'unreachable',
      unreachable: expect.stringMatching(/^it left the last 10 requests unanswered: /),
    });
    expect(summary.requests).toBe(10);
    expect(exitCode).toBe(1);
  });

  test.concurrent('is silent until the time limit was not reached', async ({ expect, onTestFinished }) => {
    const { url } = await listening(onTestFinished, () => {});
    const { summary, exitCode } = await checkOf(pets, url, ['--max-time', '0.2']);
    expect(summary).toMatchObject({
      stopped: 'unreachable',
      unreachable: 'nothing came of any request before the time limit',
    });
    expect(exitCode).toBe(3);
    expect(summary.milliseconds).toBeLessThan(1500);
  });

  test.concurrent('drips is left at the time limit, with what it was told until then', async ({
    expect,
    onTestFinished,
  }) => {
    const { url } = await listening(onTestFinished, (socket, before) => {
      if (before < 3) socket.write(`${json}{}`);
      else drip(socket);
    });
    const { summary, errors, exitCode } = await checkOf(pets, url, ['--max-time', '1']);
    expect(summary.stopped).toBe('time-limit');
    expect(errors.length).toBeGreaterThan(0);
    expect(exitCode).toBe(1);
    expect(summary.milliseconds).toBeLessThan(1500);
  });

  test.concurrent('is not there cannot be reached, which is no finding', async ({
    expect,
    onTestFinished,
  }) => {
    const { url, server, end } = await listening(onTestFinished, () => {});
    end();
    await once(server, 'close');
    const { exitCode, errors, stdout, summary } = await checkOf(pets, url, []);
    expect(exitCode).toBe(3);
    expect(errors).toEqual([]);
    expect(summary).toMatchObject({
      stopped: 'unreachable',
      unreachable: expect.stringContaining('ECONNREFUSED'),
    });
    expect(stdout).toContain('COULD NOT REACH THE SERVER');
  });

  test.concurrent('dies in the middle is told so, and the run ends soon', async ({
    expect,
    onTestFinished,
  }) => {
    const dying = await listening(onTestFinished, (socket, before) => {
      if (before < 3) socket.write(`${json}{}`);
      else dying.end();
    });
    const { exitCode, errors, summary } = await checkOf(matar, dying.url, []);
    expect(errors.join('\n')).toMatch(
      /^no-response: the server no longer takes connections: .*ECONNREFUSED/m,
    );
    expect(summary).toMatchObject({
      stopped: 'unreachable',
      unreachable: expect.stringMatching(/^it left the last 10 requests unanswered: .*ECONNREFUSED/),
    });
    expect(summary.requests).toBeLessThan(30);
    expect(exitCode).toBe(1);
  });
});
