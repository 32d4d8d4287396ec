/** The server processes: started, pinned to a core where the machine can do that, asked, and stopped. */

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Usage } from './server.js';

/** The servers, in the order in which they take turns. */
export const serverNames = ['bare', 'validating', 'mock'] as const;
export type ServerName = (typeof serverNames)[number];

export type ServerProcess<Name extends string = ServerName> = {
  readonly name: Name;
  readonly url: string;
  readonly pid: number | undefined;
  usage(): Promise<Usage>;
  stop(): void;
};

/** Starts a server and waits until it listens. */
export async function startServer<Name extends ServerName | 'trivial'>(
  name: Name,
): Promise<ServerProcess<Name>> {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [name]);
  const { port } = await nextUsage(child);
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    usage() {
      child.send('usage');
      return nextUsage(child);
    },
    stop: () => child.disconnect(),
  };
}

/** Puts the load on one core and the servers on another; false where that cannot be done. */
export function pin(servers: readonly Pick<ServerProcess, 'pid'>[]): boolean {
  if (availableParallelism() < 2) return false;
  try {
    pinProcess(process.pid, 0);
    for (const { pid } of servers) pinProcess(pid, 1);
    return true;
  } catch {
    return false;
  }
}

function pinProcess(pid: number | undefined, core: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'pipe',
  });
}

async function nextUsage(child: ChildProcess): Promise<Usage> {
  const [usage]: Usage[] = await once(child, 'message');
  if (usage === undefined) throw new TypeError('A server reported nothing.');
  return usage;
}
