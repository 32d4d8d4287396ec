/** Delivering a request to a URL: over HTTP by default, within a time, and never further than is allowed. */

import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Field, ResponseMessage } from '../openapi/http/message.js';
import { isLoopback } from './loopback.js';
import { controlPrefix } from './mount.js';
import type { OutgoingMessage } from './outgoing.js';

/** What became of a request that was delivered. */
export type Delivered =
  | { readonly kind: 'answered'; readonly response: ResponseMessage }
  | {
      readonly kind: 'failed';
      readonly reason: 'no-url' | 'not-allowed' | 'busy' | 'timeout' | 'stopped' | 'no-answer';
      readonly detail: string;
    };

/** Sends a request and gives what came back; it gives up when the signal aborts. */
export type Deliver = (message: OutgoingMessage, signal: AbortSignal) => Promise<Delivered>;

/** So much of an answer is kept. */
const mostContent = 256 * 1024;

/** Over HTTP or HTTPS, each request on a connection of its own. Redirections are not followed. */
export const deliverOverHttp: Deliver = (message, signal) =>
  new Promise((resolve) => {
    const fail = (error: Error) => resolve(noAnswer(error));
    try {
      const request = requestTo(message, signal);
      request.on('error', fail);
      request.on('response', (response) => {
        response.on('error', fail);
        read(response, (content) => resolve(answered(response, content)));
      });
      request.end(message.content);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });

/** Whether a mock may send requests to a URL: to this machine, and to the hosts that were named (`*` is any). */
export function isAllowed(url: string, hosts: readonly string[]): boolean {
  const { hostname, pathname } = new URL(url);
  if (pathname === controlPrefix || pathname.startsWith(`${controlPrefix}/`)) return false;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const named = hosts.some((each) => each === '*' || each.toLowerCase() === host || within(host, each));
  return named || isLoopback(host);
}

/** `*.example.com` names all hosts below that one. */
function within(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1).toLowerCase());
}

function requestTo({ method, url, fields, content }: OutgoingMessage, signal: AbortSignal): ClientRequest {
  const target = new URL(url);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(target, { method, agent: false, signal });
  for (const [name, value] of fields) request.appendHeader(name, value);
  if (!fields.some(([name]) => name.toLowerCase() === 'user-agent'))
    request.setHeader('user-agent', 'counterfoil');
  if (content !== undefined) request.setHeader('content-length', content.byteLength);
  return request;
}

function read(response: IncomingMessage, done: (content: Uint8Array) => void): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  response.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size < mostContent) return;
    done(Buffer.concat(chunks).subarray(0, mostContent));
    response.destroy();
  });
  response.on('end', () => done(Buffer.concat(chunks)));
}

function answered({ statusCode = 0, rawHeaders }: IncomingMessage, content: Uint8Array): Delivered {
  const fields = rawHeaders.flatMap((name, index): Field[] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  const response = { status: statusCode, fields, content: content.byteLength === 0 ? undefined : content };
  return { kind: 'answered', response };
}

function noAnswer(error: NodeJS.ErrnoException): Delivered {
  const detail =
    error.code === 'ECONNREFUSED' ? 'nobody listens there' : error.message || error.code || 'no answer came';
  return { kind: 'failed', reason: 'no-answer', detail };
}
