/** Between the app and what the mock answers from: requests as messages, messages as responses, and waiting. */

import { EventEmitter } from 'node:events';
import type { Context } from 'hono';
import { basePath } from 'hono/route';
import type { Field, RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import { contentOf } from './content.js';
import type { MockRequest } from './exchange.js';

/** The request as a message; its path without the path that the app is mounted below. */
export async function toMessage(context: Context, contentLimit: number): Promise<MockRequest> {
  const { raw } = context.req;
  const url = context.req.url;
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const queryStart = url.indexOf('?', pathStart);
  const fields: Field[] = [...raw.headers];
  const content = raw.bodyUsed
    ? new Uint8Array(await context.req.arrayBuffer()) // by the app that this one is mounted in
    : await contentOf(raw, contentLimit, isFromSocket(context));
  const message: RequestMessage = {
    method: context.req.method,
    path: withoutBase(
      queryStart === -1 ? url.slice(pathStart) : url.slice(pathStart, queryStart),
      basePath(context),
    ),
    query: queryStart === -1 ? '' : url.slice(queryStart + 1),
    fields,
    content: content === 'too-large' ? undefined : content,
  };
  return content === 'too-large' ? { ...message, contentTooLarge: true } : message;
}

/** Whether the request was read by node-server, which hands its message on in the environment. */
function isFromSocket({ env }: Context): boolean {
  return typeof env === 'object' && env !== null && 'incoming' in env;
}

/** Does something once the answer has gone to the client; in process, once the caller has it. */
export function afterAnswer({ env }: Context, act: () => void): void {
  const outgoing: unknown =
    typeof env === 'object' && env !== null && 'outgoing' in env ? env.outgoing : null;
  if (outgoing instanceof EventEmitter) outgoing.once('close', act);
  else setImmediate(act);
}

function withoutBase(path: string, route: string): string {
  const base = route.replace(/\/?\*?$/, '');
  return path.startsWith(base) ? path.slice(base.length) || '/' : path;
}

/** Hono leaves out the content of a response to HEAD. */
export function toResponse({ status, fields, content }: ResponseMessage): Response {
  const init = { status, headers: fields.map(([name, value]): [string, string] => [name, value]) };
  return new Response(content === undefined ? null : content.slice(), init);
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
