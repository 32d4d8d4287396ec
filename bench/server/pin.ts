/** Processes pinned to a core each, where the machine can do that. */

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import type { ServerProcess } from './process.js';

/** Puts the load on one core and these servers on another; false where that cannot be done. Servers that are started later are put there by another call. */
export function pin(servers: readonly Pick<ServerProcess, 'pid'>[]): boolean {
  if (cpus().length < 2) return false; // `availableParallelism` is 1 once this process is pinned
  try {
    pinProcess(process.pid, 0);
    for (const { pid } of servers) pinProcess(pid, 1);
    return true;
  } catch {
    return false;
  }
}

/** A thread that ends while it is being pinned makes one try fail. */
const tries = 5;

function pinProcess(pid: number | undefined, core: number): void {
  for (let tried = 1; ; tried += 1) {
    try {
      const args = ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)];
      execFileSync('taskset', args, { stdio: 'pipe' });
      return;
    } catch (error) {
      if (tried === tries) throw error;
    }
  }
}
