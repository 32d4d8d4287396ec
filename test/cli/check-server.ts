/** A small server that keeps the contract of pets.yaml and writes down what it is sent; and a whole run of the check. */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { start } from './process.js';

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds of the server's own clock. */
  readonly at: number;
};

export type PetServer = { readonly url: string; readonly received: readonly Received[] };

export type PetServerOptions = {
  /** What the list of pets is; the contract wants `["Rex"]`. */
  readonly pets?: unknown;
  /** Milliseconds that each answer takes. */
  readonly delay?: number;
  /** Makes the server, of HTTP or of HTTPS. */
  readonly create?: (listener: RequestListener) => Server;
};

/** Listens on a free port until the test ends. Requests of the program for itself are not written down. */
export async function petServer(options: PetServerOptions = {}): Promise<PetServer> {
  const { pets = ['Rex'], delay = 0, create = createServer } = options;
  const received: Received[] = [];
  const server = create((request, response) => {
    const { method = '', url = '', headers } = request;
    const path = url.replace(/^http:\/\/[^/]+/, '');
    const isPets = /^\/pets(\/|\?|$)/.test(path);
    if (isPets) received.push({ method, url, headers, at: performance.now() });
    request.resume().once('end', () => setTimeout(answer, isPets ? delay : 0));
    const answer = (): void => {
      const json = { 'content-type': 'application/json' };
      if (!isPets) response.writeHead(404).end();
      else if (/^\/pets\/./.test(path))
        response
          .writeHead(method === 'DELETE' ? 204 : 405, method === 'DELETE' ? {} : { allow: 'DELETE' })
          .end();
      else if (method === 'GET' || method === 'HEAD') response.writeHead(200, json).end(JSON.stringify(pets));
      else
        response
          .writeHead(method === 'POST' ? 201 : 405, method === 'POST' ? {} : { allow: 'GET, HEAD, POST' })
          .end();
    };
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${create === createServer ? 'http' : 'https'}://127.0.0.1:${port}`, received };
}

export type CheckOutcome = {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs `counterfoil check` to its end. */
export async function runCheck(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CheckOutcome> {
  const started = start(['check', ...args], env);
  const exitCode = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}
