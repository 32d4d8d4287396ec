/** The memory of the program after its start, and after it has answered many requests. */

import { load } from '../load/load.js';
import { pin } from '../server/pin.js';
import { startProgram } from '../server/process.js';
import { fileOf } from '../server/root.js';
import type { Started } from './spawn.js';

export type MemoryResult = {
  readonly name: string;
  /** Resident bytes. */
  readonly afterStart: number;
  readonly afterLoad: number;
};

const requests = 10_000;

/** Starts each program and loads it with the request that it was first asked. */
export async function benchmarkMemory(all: readonly Started[]): Promise<readonly MemoryResult[]> {
  const results: MemoryResult[] = [];
  for (const started of all) if (started.kind === 'answers') results.push(await measured(started));
  return results;
}

async function measured({ name, args, path }: Started & { kind: 'answers' }): Promise<MemoryResult> {
  const server = await startProgram(name, {
    script: args(0)[0] ?? '',
    args: (port) => args(port).slice(1),
    folder: fileOf('.'),
  });
  try {
    pin([server]);
    const headers = { authorization: 'Bearer x' };
    const { status } = await fetch(`${server.url}${path}`, { headers });
    const { memory: afterStart } = await server.usage();
    const request = { title: 'the first request', method: 'GET', path, headers, status } as const;
    await load(server, request, { kind: 'requests', requests });
    const { memory: afterLoad } = await server.usage();
    return { name, afterStart, afterLoad };
  } finally {
    server.stop();
  }
}
