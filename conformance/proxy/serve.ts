/** The forwarding server: listens, connects each client with the target, and stops when what is under way has ended. */

import { connect as connectPlain, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { ClientCertificate } from '../target.js';
import type { Witness } from './passage.js';
import { type Relay, relay } from './relay.js';
import type { Destination } from './request-head.js';

export type ProxyOptions = {
  /** The URL of the target, with the path that the paths of the contract follow. */
  readonly target: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Whether Host stays what the client says; by default it is that of the target. */
  readonly keepHost?: boolean;
  /** Certificates that are trusted besides the well-known ones, as PEM text. */
  readonly ca?: string;
  /** Whether to trust any certificate. */
  readonly insecure?: boolean;
  /** The certificate that is shown to a target that asks for one. */
  readonly certificate?: ClientCertificate;
  /** The most bytes of content that are kept of a message. */
  readonly contentLimit: number;
  readonly clock: () => number;
  readonly witness: Witness;
};

export type RunningProxy = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, waits for what is under way, at most so many milliseconds, and closes the rest. */
  close(patience: number): Promise<void>;
};

/** Begins to forward. Rejects when it cannot listen. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { host = '127.0.0.1', port = 0, contentLimit, clock, witness } = options;
  const root = new URL(options.target);
  const destination: Destination = {
    host: options.keepHost === true ? undefined : root.host,
    prefix: root.pathname.replace(/\/+$/, ''),
  };
  const relays = new Set<Relay>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const own: Relay = relay(
      client,
      {
        destination,
        connect: connectorFor(root, options),
        refusal: (method, why) => refusal(method, root.origin, why),
        contentLimit,
        clock,
        witness,
      },
      () => void relays.delete(own),
    );
    relays.add(own);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host;

  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    async close(patience) {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const each of [...relays]) each.close('idle');
      const late = new AbortController();
      await Promise.race([ended, delay(patience, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      for (const each of [...relays]) each.close('now');
      await ended;
    },
  };
}

type Connect = () => { readonly socket: Socket; readonly ready: 'connect' | 'secureConnect' };

function connectorFor(root: URL, { ca, insecure, certificate }: ProxyOptions): Connect {
  const host = root.hostname.replace(/^\[|\]$/g, '');
  const isSecure = root.protocol === 'https:';
  const port = Number(root.port === '' ? (isSecure ? 443 : 80) : root.port);
  if (!isSecure)
    return () => ({ socket: connectPlain({ host, port, allowHalfOpen: true }), ready: 'connect' });
  const trust = {
    rejectUnauthorized: insecure !== true,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...certificate,
  };
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return () => {
    const plain = connectPlain({ host, port, allowHalfOpen: true });
    const socket = connectTls({ socket: plain, ALPNProtocols: ['http/1.1'], ...name, ...trust });
    plain.once('error', (error) => socket.destroy(error));
    return { socket, ready: 'secureConnect' };
  };
}

/** A problem of the proxy's own (RFC 9457), which says so in Proxy-Status too (RFC 9209). */
function refusal(method: string, target: string, why: string): Buffer {
  const problem = {
    type: 'urn:counterfoil:problem:target-unreachable',
    title: 'The target cannot be reached',
    status: 502,
    detail: `counterfoil proxy could not connect to ${target}: ${why}. This answer is its own.`,
  };
  const content = Buffer.from(JSON.stringify(problem));
  const head = [
    'HTTP/1.1 502 Bad Gateway',
    'Content-Type: application/problem+json',
    `Content-Length: ${content.length}`,
    'Proxy-Status: counterfoil; error=destination_unavailable',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  const text = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  return method === 'HEAD' ? text : Buffer.concat([text, content]);
}
