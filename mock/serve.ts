/** A mock on a port: listening, and stopping without cutting off who is being answered. */

import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { problemDetails } from '../openapi/http/problem.js';
import type { Mock } from './app.js';
import type { SocketEnvironment } from './http.js';
import { isLoopback } from './loopback.js';

export type ListenOptions = {
  /** 0 is any free port. Default 4010. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
};

export type Listening = {
  /** `http://127.0.0.1:4010`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Stops: requests in flight are answered, idle connections are closed, what the mock sends itself is given up. */
  close(): Promise<void>;
};

/** Why a mock could not listen. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: 'port-in-use' | 'not-permitted' | 'no-such-address' | 'unguarded' | 'failed';

  constructor(code: ListenError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Serves a mock over HTTP.
 * @throws ListenError when the address cannot be had, or when the control API would be open to other machines.
 */
export async function listen(
  mock: Mock,
  { port = 4010, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  if (mock.control === true && !isLoopback(host)) {
    throw new ListenError(
      'unguarded',
      `The control API would be open to every machine that reaches ${host}. Give it a token, or switch it off.`,
    );
  }
  const server = createServer(
    getRequestListener(
      (received, environment) => {
        const handedOn: SocketEnvironment = Object.assign(environment, { received });
        return mock.fetch(received, handedOn);
      },
      { hostname: host, errorHandler: faultResponse },
    ),
  );
  await bound(server, port, host);
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${taken}`,
    port: taken,
    close: async () => {
      mock.calls.stop();
      await closed(server);
      mock.calls.stop(); // what the last answers led to
    },
  };
}

function bound(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): ListenError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError('port-in-use', `Port ${port} of ${host} is in use.`);
    case 'EACCES':
      return new ListenError('not-permitted', `Port ${port} of ${host} may not be used by this user.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError('no-such-address', `This machine has no address ${host}.`);
    default:
      return new ListenError('failed', error.message);
  }
}

/** The answer where none came from the app: the request has a target or a Host that no URL has, or the app is at fault. */
function faultResponse(error: unknown): Response {
  const problem =
    error instanceof RequestError
      ? problemDetails('invalid-request', `The request cannot be read: ${error.message}.`)
      : problemDetails('internal-error', 'The app gave no answer. Please report this.');
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** Milliseconds after which it is looked again whether a connection has become idle. */
const lookAgain = 20;

/** A connection that is kept alive would hold up the end for seconds after its last answer. */
function closed(server: Server): Promise<void> {
  const looking = setInterval(() => server.closeIdleConnections(), lookAgain);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(looking);
      resolve();
    });
    server.closeIdleConnections();
  });
}
