/** An app in this process as a target: requests and responses are those of Fetch, and no byte is sent. */

import { setImmediate as turn } from 'node:timers/promises';
import type { RequestMessage } from '../openapi/http/message.js';
import { onAbort } from './http/abort.js';
import { failureOutcome, reasonOf, responseOutcome, stoppedBy } from './http/outcome.js';
import { valuesOf } from './http/response-head.js';
import type { Outcome, Target } from './target.js';

/** Of content that was encoded, at most so much is decoded. */
const contentLimit = 10_485_760;

/** Fetch has no requests with these (Fetch, section 2.2.1). */
const forbiddenMethods = ['CONNECT', 'TRACE', 'TRACK'];

/**
 * Before one request in so many everything else in this process has its turn: timers, interrupts, and what was kept until
 * then. Not after: an answer that is held back would be judged by what others have done since.
 */
const often = 10;

/** An app in this process: anything with a `fetch` of its own, as a Hono app has. */
export function appTarget(app: { fetch(request: Request): Response | Promise<Response> }): Target {
  let requests = 0;
  return async (message, signal) => {
    if (forbiddenMethods.includes(message.method.toUpperCase()))
      return failureOutcome(
        'other',
        `an app in this process cannot be sent ${message.method}: Fetch forbids it`,
      );
    // A signal of its own for each request: what listens to it is gone with it.
    const own = new AbortController();
    const abort = (): void => own.abort(signal?.reason);
    const listenNoMore = onAbort(signal, abort);
    try {
      requests += 1;
      if (requests % often === 0) await turn();
      signal?.throwIfAborted();
      return await untilAborted(answerOf(app, message, own.signal), signal);
    } catch (error) {
      return failureOutcome(signal?.aborted ? stoppedBy(signal.reason) : 'other', reasonOf(error));
    } finally {
      listenNoMore();
    }
  };
}

async function answerOf(
  app: Parameters<typeof appTarget>[0],
  message: RequestMessage,
  signal: AbortSignal,
): Promise<Outcome> {
  const { method, path, query, fields, content } = message;
  const hasContent = content !== undefined && method !== 'GET' && method !== 'HEAD'; // Fetch has none for these two
  const request = new Request(`http://localhost${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: fields.map(([name, value]): [string, string] => [name, value]),
    body: hasContent ? Buffer.from(content) : null,
    signal,
  });
  const response = await app.fetch(request);
  const received = new Uint8Array(await response.arrayBuffer());
  const own = [...response.headers];
  const head = { status: response.status, fields: own, values: valuesOf(own) };
  return responseOutcome(head, { kind: 'decoded', content: received }, contentLimit, []);
}

/** The outcome of some work, or a rejection as soon as the signal aborts. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const listenNoMore = onAbort(signal, abort);
    if (signal.aborted) abort(); // by the app itself, before it gave the work out of its hands
    work.then(resolve, reject).finally(listenNoMore);
  });
}
