/** A measured server in a process of its own: it serves on a free port, and reports its use of memory and processor when asked. */

import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createMock, listen } from '../mock/index.js';
import { loadContract } from '../openapi/index.js';
import { floor, loginCheck } from './floors.js';
import { serveTrivial } from './trivial.js';

/** What a server process tells of itself. */
export type Usage = {
  readonly port: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** Processor time so far, in microseconds. */
  readonly processor: number;
};

const host = '127.0.0.1';

async function start(name: string | undefined): Promise<number> {
  if (name === 'trivial') return serveTrivial(host);
  const matar = await loadContract('matar');
  if (name === 'mock') {
    const { port } = await listen(createMock([matar, await loadContract('xerial')]), { host, port: 0 });
    return port;
  }
  const app = floor(name === 'validating' ? loginCheck(matar) : () => true);
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

const port = await start(process.argv[2]);

function tell(): void {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { port, memory: process.memoryUsage.rss(), processor: user + system };
  process.send?.(usage);
}

process.on('message', tell);
process.on('disconnect', () => process.exit());
tell();
