/** The server processes: started, asked, given sessions, and stopped. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerOrder, ServerSpec } from './spec.js';
import type { Usage } from './usage.js';

const host = '127.0.0.1';

export type ServerProcess = {
  readonly name: string;
  readonly url: string;
  readonly pid: number | undefined;
  usage(): Promise<Usage>;
  /** Has the server do something, and waits until it is done. */
  order(order: ServerOrder): Promise<void>;
  stop(): void;
};

/** A program that is served by: its script, and its arguments when it is to listen on a port. */
export type Program = {
  readonly script: string;
  readonly args: (port: number) => readonly string[];
  readonly folder?: string;
};

/** Starts a server of the benchmark's own and waits until it listens. */
export function startServer(name: string, spec: ServerSpec): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('server.js', import.meta.url));
  return startProgram(name, { script, args: (port) => [String(port), JSON.stringify(spec)] });
}

/**
 * Starts a server and waits until it listens. What it prints goes nowhere, but for what it says on its way out.
 * @throws Error when it ends before, or takes longer than a minute.
 */
export async function startProgram(name: string, { script, args, folder }: Program): Promise<ServerProcess> {
  const port = await freePort();
  const usage = new URL('usage.js', import.meta.url).href;
  const child = fork(script, args(port), {
    execArgv: ['--import', usage],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  for (let waited = 0; !(await listens(port)); waited += 25) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${complaint.trim()}`);
    if (waited > 60_000) throw new Error(`${name} does not listen after a minute.`);
    await pause(25);
  }
  return {
    name,
    url: `http://${host}:${port}`,
    pid: child.pid,
    usage: () => usageOf(child),
    async order(order) {
      const done = answered(child, isDone);
      child.send(order);
      await done;
    },
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const usage = answered(child, isUsage);
  child.send('usage');
  return usage;
}

/** The next message of the wanted kind: some servers have messages of their own. */
function answered<Wanted>(
  child: ChildProcess,
  isWanted: (message: unknown) => message is Wanted,
): Promise<Wanted> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      child.off('message', take).off('exit', fail);
    };
    const take = (message: unknown): void => {
      if (!isWanted(message)) return;
      end();
      resolve(message);
    };
    const fail = (): void => {
      end();
      reject(new Error('A server has ended.'));
    };
    child.on('message', take).on('exit', fail);
  });
}

function isUsage(message: unknown): message is Usage {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'usage';
}

function isDone(message: unknown): message is 'done' {
  return message === 'done';
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('A socket has a port.');
}

async function listens(port: number): Promise<boolean> {
  try {
    await fetch(`http://${host}:${port}/`);
    return true;
  } catch {
    return false;
  }
}
