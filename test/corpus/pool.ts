/** Processes that try documents: each document in time, and whatever becomes of one, the next is tried. */

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tried, Trying } from './tried.js';
import type { Ask, Said } from './worker.js';

export type Outcome =
  | { readonly kind: 'done'; readonly tried: Tried }
  /** What there was when it was given up, and what was being done then. */
  | {
      readonly kind: 'given-up';
      readonly why: string;
      readonly at: string;
      readonly tried: Tried | undefined;
    };

const jiti = path.join(
  path.dirname(createRequire(import.meta.url).resolve('jiti/package.json')),
  'lib/jiti-cli.mjs',
);
const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** One process after the other; each tries documents until one is given up. */
export type Trier = { take(file: string, trying: Trying, limit: number): Promise<Outcome>; stop(): void };

export function createTrier(): Trier {
  let process: ChildProcess | undefined;
  let count = 0;
  const stop = (): void => {
    endGroup(process);
    process = undefined;
  };
  return {
    async take(file, trying, limit) {
      // What a process has compiled for many documents is not carried on for ever.
      if (count % 25 === 24) stop();
      count += 1;
      // Its processes are a group, so that with it the mock that it has started ends.
      process ??= fork(jiti, [worker], {
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: ['--max-old-space-size=4096'],
      });
      const outcome = await outcomeOf(process, { file, trying }, limit);
      if (outcome.kind === 'given-up') stop();
      return outcome;
    },
    stop,
  };
}

function outcomeOf(process: ChildProcess, ask: Ask, limit: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let tried: Tried | undefined;
    let at = 'starting';
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      process.removeAllListeners();
      resolve(outcome);
    };
    const giveUp = (why: string): void => end({ kind: 'given-up', why, at, tried });
    const timer = setTimeout(() => giveUp(`not finished within ${limit / 1000} s`), limit);
    process.on('message', (said: Said) => {
      if (said.kind === 'at') at = said.what;
      else if (said.kind === 'failed') giveUp(said.why);
      else if (said.kind === 'done') end({ kind: 'done', tried: said.tried });
      else tried = said.tried;
    });
    process.on('exit', (code, signal) => giveUp(`the process that tries it ended with ${code ?? signal}`));
    process.on('error', (error) => giveUp(error.message));
    process.send(ask);
  });
}

function endGroup(process: ChildProcess | undefined): void {
  if (process?.pid === undefined) return;
  try {
    globalThis.process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill('SIGKILL');
  }
}
