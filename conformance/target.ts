/** Everything that answers requests, as one plain function: a server behind undici, or an app in this process. */

import { request } from 'undici';
import type { Field, RequestMessage, ResponseMessage } from '../openapi/message.js';

/** Sends one request and waits for its response. Nothing is thrown for what a server or a network does. */
export type Target = (message: RequestMessage, signal?: AbortSignal) => Promise<Outcome>;

/** What came of a request: a response, or why there is none. */
export type Outcome =
  | { readonly kind: 'response'; readonly response: ResponseMessage }
  | {
      readonly kind: 'failure';
      readonly failure: 'refused' | 'reset' | 'timeout' | 'aborted' | 'other';
      readonly why: string;
    };

const failures: { readonly [code: string]: 'refused' | 'reset' | 'timeout' | 'aborted' } = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'aborted',
  ABORT_ERR: 'aborted',
};

/** A server over HTTP. `base` is the URL that the paths of messages are appended to. Redirects are not followed. */
export function httpTarget(base: string): Target {
  const root = base.replace(/\/+$/, '');
  return async (message, signal) => {
    try {
      const { statusCode, headers, body } = await request(`${root}${target(message)}`, {
        method: message.method,
        headers: message.fields.flat(),
        body: message.content === undefined ? null : Buffer.from(message.content),
        signal: signal ?? null,
      });
      const content = new Uint8Array(await body.arrayBuffer());
      return responseOutcome(statusCode, fieldsOf(headers), content);
    } catch (error) {
      return failureOutcome(error, signal);
    }
  };
}

/** An app in this process: anything with a `fetch` of its own, as a Hono app has. */
export function appTarget(app: { fetch(request: Request): Response | Promise<Response> }): Target {
  return async (message, signal) => {
    try {
      signal?.throwIfAborted();
      return await untilAborted(answerOf(app, message, signal), signal);
    } catch (error) {
      return failureOutcome(error, signal);
    }
  };
}

async function answerOf(
  app: Parameters<typeof appTarget>[0],
  message: RequestMessage,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { method, fields, content } = message;
  const hasContent = content !== undefined && method !== 'GET' && method !== 'HEAD'; // Fetch has none for these two
  const request = new Request(`http://localhost${target(message)}`, {
    method,
    headers: fields.map(([name, value]): [string, string] => [name, value]),
    body: hasContent ? Buffer.from(content) : null,
    signal: signal ?? null,
  });
  const response = await app.fetch(request);
  const received = new Uint8Array(await response.arrayBuffer());
  return responseOutcome(response.status, [...response.headers], received);
}

/** The outcome of some work, or a rejection as soon as the signal aborts. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort(); // by the app itself, before it gave the work out of its hands
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function target({ path, query }: RequestMessage): string {
  return query === '' ? path : `${path}?${query}`;
}

function responseOutcome(status: number, fields: readonly Field[], content: Uint8Array): Outcome {
  return {
    kind: 'response',
    response: { status, fields, content: content.byteLength === 0 ? undefined : content },
  };
}

function fieldsOf(headers: { readonly [name: string]: string | string[] | undefined }): Field[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value): Field => [name, value]),
  );
}

/** What the signal says comes first: undici rejects with its reason, which may be anything. */
function failureOutcome(error: unknown, signal: AbortSignal | undefined): Outcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = error instanceof Error ? error.message : String(error);
  const failure = signal?.aborted ? stoppedBy(signal.reason) : (failures[code] ?? 'other');
  return { kind: 'failure', failure, why: why === '' ? code : why };
}

/** `AbortSignal.timeout` gives a TimeoutError (DOM, section 3.1). */
function stoppedBy(reason: unknown): 'timeout' | 'aborted' {
  return reason instanceof Error && reason.name === 'TimeoutError' ? 'timeout' : 'aborted';
}
