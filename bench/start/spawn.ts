/** A program from its spawn to its end, or to its first answer over a socket. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../server/process.js';
import { fileOf } from '../server/root.js';

/** What is started: a program that ends by itself, or one that listens on a port and answers a request. */
export type Started =
  | { readonly kind: 'ends'; readonly name: string; readonly args: readonly string[] }
  | {
      readonly kind: 'answers';
      readonly name: string;
      readonly args: (port: number) => readonly string[];
      /** What is asked first: `GET` of this path. */
      readonly path: string;
      readonly folder?: string;
    };

const host = '127.0.0.1';
const longest = 120_000;

/**
 * Milliseconds from the spawn of Node to the end of the program or its first answer.
 * @throws Error when it ends without an answer, or fails.
 */
export async function startTime(started: Started): Promise<number> {
  if (started.kind === 'ends') {
    const start = performance.now();
    const child = spawned(started.args);
    const [code]: (number | null)[] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${started.name} ended with ${code}`);
    return performance.now() - start;
  }
  const port = await freePort();
  const start = performance.now();
  const child = spawned(started.args(port), started.folder);
  try {
    await firstAnswer(child, port, started);
    return performance.now() - start;
  } finally {
    await ended(child);
  }
}

/** On the core of the servers, where there is one. */
function spawned(args: readonly string[], folder?: string): ChildProcess {
  const [command, before] = hasTaskset()
    ? ['taskset', ['--cpu-list', '1', process.execPath]]
    : [process.execPath, []];
  return spawn(command, [...before, ...args], {
    stdio: 'ignore',
    cwd: folder ?? fileOf('.'),
  });
}

let taskset: boolean | undefined;

function hasTaskset(): boolean {
  if (taskset !== undefined) return taskset;
  try {
    execFileSync('taskset', ['--cpu-list', '1', process.execPath, '--version'], { stdio: 'pipe' });
    taskset = true;
  } catch {
    taskset = false;
  }
  return taskset;
}

async function firstAnswer(
  child: ChildProcess,
  port: number,
  { name, path }: Started & { kind: 'answers' },
): Promise<void> {
  const end = performance.now() + longest;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (await isAnswered(port, path)) return;
    await pause(1);
  }
  throw new Error(`${name} gave no answer in time.`);
}

/** Whether somebody listens, and answers. */
function isAnswered(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n`,
      );
    });
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').startsWith('HTTP/1.1 '));
      socket.destroy();
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
