/** A proxy between a client and a server of a test, and what it has observed. */

import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import type { Finding, RunEvent, RunFinished } from '../../conformance/event.js';
import { createObserver, type Observed, type ObserverOptions } from '../../conformance/proxy/observer.js';
import { type ProxyOptions, startProxy } from '../../conformance/proxy/serve.js';
import type { Contract } from '../../openapi/contract.js';
import { systemClock } from '../../openapi/duration.js';
import { loadContract } from '../../openapi/load.js';

export type Proxied = {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Observed[];
  readonly events: readonly RunEvent[];
  /** Stops, and gives the end of the run. */
  stop(patience?: number): Promise<RunFinished>;
};

let pets: Promise<Contract> | undefined;

/** A contract of which most tests here need no more than that there is one. */
function anyContract(): Promise<Contract> {
  pets ??= loadContract('matar');
  return pets;
}

/** Starts a proxy before a server. */
export async function proxied(
  target: string,
  options: Partial<ProxyOptions & ObserverOptions> = {},
): Promise<Proxied> {
  const contract = options.contract ?? (await anyContract());
  const seen: Observed[] = [];
  const events: RunEvent[] = [];
  const observer = createObserver({
    contract,
    base: target,
    clock: systemClock,
    tell: (event) => void events.push(event),
    seen: (observed) => void seen.push(observed),
    ...options,
  });
  const proxy = await startProxy({
    target,
    contentLimit: 1_048_576,
    clock: systemClock,
    witness: observer,
    ...options,
  });
  return {
    url: proxy.url,
    port: proxy.port,
    seen,
    events,
    async stop(patience = 2000) {
      await proxy.close(patience);
      observer.finish();
      const finished = events.find((event) => event.type === 'run-finished');
      if (finished?.type !== 'run-finished') throw new TypeError('the run has no end');
      return finished;
    },
  };
}

/** The findings that fail a run. */
export function errorsOf({ findings }: RunFinished): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** Something that listens, and its URL. */
export type Listening<Kind> = { readonly server: Kind; readonly url: string; readonly port: number };

/** A server over HTTP on a free port. */
export async function serving(handle: Parameters<typeof createServer>[1]): Promise<Listening<Server>> {
  const server = createServer({ requestTimeout: 0 }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** A server that is told of bytes and answers bytes. */
export async function servingBytes(
  handle: (socket: Socket) => void,
): Promise<Listening<ReturnType<typeof createTcpServer>>> {
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** A connection that keeps what comes. */
export type Line = {
  readonly socket: Socket;
  readonly text: () => string;
  /** Waits until what has come holds a text. */
  until(text: string): Promise<string>;
  readonly closed: Promise<void>;
};

export function dial(port: number): Line {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let all = '';
  const waiting = new Set<() => void>();
  socket.on('data', (bytes) => {
    all += bytes.toString('latin1');
    for (const look of waiting) look();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    text: () => all,
    closed,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!all.includes(text)) return;
          waiting.delete(look);
          resolve(all);
        };
        waiting.add(look);
        look();
        void closed.then(() => {
          if (waiting.has(look)) reject(new Error(`the connection was closed after ${JSON.stringify(all)}`));
        });
      }),
  };
}
