/** Between the app and what the mock answers from: requests as messages, messages as responses, and waiting. */

import { EventEmitter } from 'node:events';
import { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { basePath, baseRoutePath } from 'hono/route';
import type { Field, RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import { contentOf, type RequestContent } from './content.js';
import type { MockRequest } from './exchange.js';

/** What our own server hands on with a request: the message that it came in, and the request that was made of it. */
export type SocketEnvironment = { readonly incoming: unknown; readonly received: Request };

/**
 * The request as a message; its path without the path that the app is mounted below. At once where there is no content to
 * wait for.
 */
export function toMessage(
  context: Context,
  contentLimit: number,
  lines: FieldLines,
): MockRequest | Promise<MockRequest> {
  const { raw } = context.req;
  const incoming = incomingOf(context);
  const content = raw.bodyUsed
    ? context.req.arrayBuffer().then((read) => new Uint8Array(read)) // by the app that this one is mounted in
    : contentOf(raw, contentLimit, incoming);
  const fields = incoming === undefined ? [...raw.headers] : lines.of(incoming.rawHeaders);
  return content instanceof Promise
    ? content.then((read) => messageOf(context, fields, read))
    : messageOf(context, fields, content);
}

function messageOf(context: Context, fields: readonly Field[], content: RequestContent): MockRequest {
  const { method, url } = context.req;
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const queryStart = url.indexOf('?', pathStart);
  const path = queryStart === -1 ? url.slice(pathStart) : url.slice(pathStart, queryStart);
  const message: RequestMessage = {
    method,
    path: withoutBase(path, context),
    query: queryStart === -1 ? '' : url.slice(queryStart + 1),
    fields,
    content: content === 'too-large' ? undefined : content,
  };
  return content === 'too-large' ? { ...message, contentTooLarge: true } : message;
}

/** The message that a request came in over a socket; undefined when it was made, or made anew, in this process. */
function incomingOf({ env, req }: Context): IncomingMessage | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env && 'received' in env)) return undefined;
  return env.received === req.raw && env.incoming instanceof IncomingMessage ? env.incoming : undefined;
}

/** Field lines as they were sent, each after its name, as node:http has them. */
export type FieldLines = { of(rawHeaders: readonly string[]): readonly Field[] };

/**
 * Reads field lines. A client sends nearly the same ones with every request: what is as it was before is not made again,
 * so that who keeps many requests keeps it once.
 */
export function fieldLines(): FieldLines {
  let before: readonly Field[] = [];
  return {
    of(rawHeaders) {
      const fields: Field[] = [];
      let isSame = before.length * 2 === rawHeaders.length;
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
        const known = before[index / 2];
        const isKnown = known !== undefined && known[0] === name && known[1] === value;
        isSame &&= isKnown;
        fields.push(isKnown ? known : [name, value]);
      }
      if (!isSame) before = fields;
      return before;
    },
  };
}

/** Does something once the answer has gone to the client; in process, once the caller has it. */
export function afterAnswer({ env }: Context, act: () => void): void {
  const outgoing: unknown =
    typeof env === 'object' && env !== null && 'outgoing' in env ? env.outgoing : null;
  if (outgoing instanceof EventEmitter) outgoing.once('close', act);
  else setImmediate(act);
}

function withoutBase(path: string, context: Context): string {
  if (baseRoutePath(context) === '/') return path;
  const base = basePath(context).replace(/\/?\*?$/, '');
  return path.startsWith(base) ? path.slice(base.length) || '/' : path;
}

/** Hono leaves out the content of a response to HEAD. */
export function toResponse({ status, fields, content }: ResponseMessage): Response {
  return new Response(content === undefined ? null : unshared(content), {
    status,
    headers: headersOf(fields),
  });
}

/** The bytes as a response takes them: not in memory that another thread could write to. */
function unshared(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(content) ? content : content.slice();
}

function isUnshared(content: Uint8Array): content is Uint8Array<ArrayBuffer> {
  return content.buffer instanceof ArrayBuffer;
}

const legalValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** As a record, which is written as it stands; as pairs, which are looked at and joined first, where a name stands twice. */
function headersOf(fields: readonly Field[]): Record<string, string> | [string, string][] {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (Object.hasOwn(headers, lower) || !legalValue.test(value)) return fields.map(([...field]) => field);
    headers[lower] = value;
  }
  return headers;
}

/** Waits some seconds, or until the signal aborts. */
export function waitSeconds(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done);
  });
}
