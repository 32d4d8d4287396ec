/** A layer in front of a server that breaks one thing about it: requests go on as they are but for that, and so do answers. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';

/** A request on its way to the server. */
export type Sent = {
  method: string;
  /** With the query. */
  path: string;
  readonly fields: Record<string, string>;
  content: Buffer;
};

/** An answer on its way back. */
export type Answer = { status: number; readonly fields: Record<string, string>; content: Buffer };

/** The server behind the layer: a deviation may ask it things of its own, as the client that asks just now. */
export type Behind = (sent: Partial<Sent>) => Promise<Answer>;

/**
 * What is done to an exchange. `before` may change the request, or give an answer in its place; `after` may change the
 * answer. What is to be remembered between exchanges stands in the closure that makes it.
 */
export type Deviation = {
  readonly before?: (sent: Sent, behind: Behind) => Answer | Promise<Answer | undefined> | undefined;
  readonly after?: (answer: Answer, sent: Sent, behind: Behind) => void | Promise<void>;
};

/** A server on a free port that passes everything on to another, but for the deviation. */
export async function withDeviation(
  origin: string,
  { before, after }: Deviation,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((request, response) => {
    passed(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  const passed = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent: Sent = {
      method: request.method ?? '',
      path: request.url ?? '',
      fields: plain(request.headers),
      content: Buffer.concat(chunks),
    };
    const { host, ...own } = sent.fields;
    const behind: Behind = (other) =>
      exchanged(origin, {
        method: 'GET',
        path: sent.path,
        content: Buffer.alloc(0),
        ...other,
        fields: { ...own, ...other.fields },
      });
    const early = await before?.(sent, behind);
    const answer = early ?? (await exchanged(origin, sent));
    if (early === undefined) await after?.(answer, sent, behind);
    const { 'transfer-encoding': _, connection: __, ...fields } = answer.fields;
    const isBare = answer.status === 204 || answer.status === 304;
    const length = request.method === 'HEAD' ? fields['content-length'] : String(answer.content.length);
    delete fields['content-length'];
    response.writeHead(answer.status, {
      ...fields,
      ...(isBare || length === undefined ? {} : { 'content-length': length }),
    });
    response.end(request.method === 'HEAD' || isBare ? undefined : answer.content);
  };
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

function exchanged(origin: string, { method, path, fields, content }: Sent): Promise<Answer> {
  const { connection: _, 'transfer-encoding': __, 'content-length': ___, host: ____, ...own } = fields;
  const headers = {
    ...own,
    ...(content.length > 0 || method !== 'GET' ? { 'content-length': String(content.length) } : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = send(`${origin}${path}`, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({
        status: response.statusCode ?? 0,
        fields: plain(response.headers),
        content: Buffer.concat(chunks),
      });
    });
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

function plain(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name, [value ?? ''].flat().join(', ')] as const,
  );
  return Object.fromEntries(entries);
}

/** The content as JSON; undefined when it is none. */
export function jsonOf({ content }: { readonly content: Buffer }): Json | undefined {
  try {
    const value: Json = JSON.parse(content.toString());
    return value;
  } catch {
    return undefined;
  }
}

/** The answer with other content. */
export function write(answer: Answer, value: Json): void {
  answer.content = Buffer.from(JSON.stringify(value));
}

/** The answer with its object changed; what is no object stays. */
export function change(answer: Answer, changed: (value: JsonObject) => Json): void {
  const value = jsonOf(answer);
  if (isObject(value)) write(answer, changed(value));
}

/** An answer made up. */
export function answerOf(status: number, value: Json): Answer {
  return {
    status,
    fields: { 'content-type': 'application/json; charset=utf-8' },
    content: Buffer.from(JSON.stringify(value)),
  };
}
