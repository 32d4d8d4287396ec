/** `counterfoil mock` as a process of its own: started, measured, ended. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type MockProcess = {
  readonly url: string;
  /** Seconds from spawn to the first answer. */
  readonly seconds: number;
  /** The most memory that it has had so far, in bytes; undefined where the system does not tell. */
  peak(): number | undefined;
  /** Whether it has ended by itself, and what it said. */
  ended(): string | undefined;
  stop(): void;
};

export type Start =
  | { readonly kind: 'started'; readonly mock: MockProcess }
  | { readonly kind: 'failed'; readonly why: string };

/** Starts a mock of a document, and waits for its first answer. */
export async function startMock(main: string, file: string, milliseconds: number): Promise<Start> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [main, 'mock', file, '--port', '0', '--seed', '1', '--log', 'off', '--no-control'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    },
  );
  let said = '';
  const failed = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${milliseconds / 1000} s`), milliseconds);
    const take = (text: Buffer): void => {
      said += text.toString();
      if (addressIn(said) !== undefined) resolve(undefined);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('close', (code, signal) => resolve(`ended with ${code ?? signal}: ${said.trim()}`));
    child.on('error', (error) => resolve(error.message));
    void timer.unref();
  });
  const url = addressIn(said);
  if (failed !== undefined || url === undefined) {
    child.kill('SIGKILL');
    return { kind: 'failed', why: failed ?? said };
  }
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(milliseconds) })).arrayBuffer();
  } catch (error) {
    child.kill('SIGKILL');
    return {
      kind: 'failed',
      why: `the first answer does not come: ${error instanceof Error ? error.message : error}`,
    };
  }
  const seconds = (performance.now() - begun) / 1000;
  return { kind: 'started', mock: processOf(child, url, seconds, () => said) };
}

function addressIn(text: string): string | undefined {
  return /Base URL\s+(http:\S+)/.exec(text)?.[1];
}

function processOf(child: ChildProcess, url: string, seconds: number, said: () => string): MockProcess {
  let end: string | undefined;
  let stopped = false;
  child.on('close', (code, signal) => {
    if (!stopped) end = `ended with ${code ?? signal}: ${said().trim().slice(-2000)}`;
  });
  return {
    url,
    seconds,
    peak: () => peakOf(child.pid),
    ended: () => end,
    stop: () => {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** The high water mark of a process, as Linux tells it. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
