/** The compiled program as a process: started, read line by line, signalled, ended with the test that started it. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const main = path.resolve('dist/cli/main.js');

/** A small contract, without state. */
export const pets = 'test/cli/pets.yaml';

/** A running program. */
export type Started = {
  /** What has been printed so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until what is printed, in sum, matches; fails when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  /** The exit code; the name of the signal when one ended it. */
  readonly ended: Promise<number | string>;
};

/** Starts `counterfoil` with these arguments, in an environment that says nothing to it. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said.stdout) ?? pattern.exec(said.stderr);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      ended.then((end) =>
        reject(new Error(`ended with ${end} before it printed ${pattern}:\n${said.stdout}${said.stderr}`)),
      );
    });
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    printed,
    signal: (signal) => child.kill(signal),
    ended,
  };
}

/** A mock on a free port, and its base URL once it listens. */
export async function startMock(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Started & { readonly url: string }> {
  const started = start(['mock', '--port', '0', ...args], env);
  const [, url = ''] = await started.printed(/^Base URL {2,}(\S+)$[\s\S]*Ctrl-C stops it\.\n\n/m);
  return { ...started, url };
}

/** A folder with these files that is gone after the test. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
}

/** Posts JSON. */
export function post(
  url: string,
  value: unknown,
  fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...fields };
  return fetch(url, {
    method: 'POST',
    headers,
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
}
