/** Habits of correct servers that a contract says nothing of, and a server in front of another that has them. */

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { httpTarget } from '../../conformance/target.js';
import { type Field, fieldValue, type RequestMessage } from '../../openapi/http/message.js';
import { isObject, type Json } from '../../openapi/json.js';

/** An answer on its way back; each habit gives another. */
export type Reply = { readonly status: number; readonly fields: readonly Field[]; readonly text: string };

/** What a server does that the contract leaves open. */
export type Habit = {
  /** What it answers by itself, before the request gets any further. */
  readonly own?: (request: RequestMessage, body: Json | undefined) => Reply | undefined;
  readonly request?: (request: RequestMessage, body: Json | undefined) => RequestMessage;
  readonly reply?: (reply: Reply, request: RequestMessage, body: Json | undefined) => Reply;
  readonly write?: (response: ServerResponse, reply: Reply, isHead: boolean) => void;
};

export function bodyOf({ content }: RequestMessage): Json | undefined {
  try {
    return content === undefined ? undefined : JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
}

export function memberOf(body: Json | undefined, name: string): Json | undefined {
  return isObject(body) && Object.hasOwn(body, name) ? body[name] : undefined;
}

/** The reply with a JSON text in the place of its content, and that length. */
export function withText(reply: Reply, text: string, type = 'application/json'): Reply {
  const fields = reply.fields.filter(([name]) => !/^content-(?:type|length)$/i.test(name));
  return { ...reply, text, fields: text === '' ? fields : [...fields, ['content-type', type]] };
}

export function replyOf(status: number, text = '', type?: string, fields: readonly Field[] = []): Reply {
  return withText({ status, fields, text: '' }, text, type);
}

const ofConnection = /^(?:connection|keep-alive|transfer-encoding|content-length|date)$/i;

/** Whatever comes goes on to the server at `url` and back, as the habits have it; the first is the outermost. */
export async function inFront(
  url: string,
  habits: readonly Habit[],
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const target = httpTarget(url, { timeout: 5000 });
  const front = createServer({ maxHeaderSize: 65_536 }, async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const [path = '', query = ''] = (incoming.url ?? '').split('?');
    const names = incoming.rawHeaders.filter((_, index) => index % 2 === 0);
    const fields = names
      .map((name, index): Field => [name, incoming.rawHeaders[index * 2 + 1] ?? ''])
      .filter(([name]) => !/^(?:host|connection|content-length)$/i.test(name));
    const content = chunks.length === 0 ? undefined : Buffer.concat(chunks);
    const request: RequestMessage = { method: incoming.method ?? '', path, query, fields, content };
    const body = bodyOf(request);
    const own = habits.map((habit) => habit.own?.(request, body)).find((reply) => reply !== undefined);
    const passed = habits.reduce((message, habit) => habit.request?.(message, body) ?? message, request);
    const outcome = own === undefined ? await target(passed) : undefined;
    if (outcome?.kind === 'failure') return void response.destroy();
    const came = outcome?.response;
    const answered: Reply = own ?? {
      status: came?.status ?? 500,
      fields: (came?.fields ?? []).filter(([name]) => !ofConnection.test(name)),
      text: Buffer.from(came?.content ?? new Uint8Array()).toString(),
    };
    const reply = habits
      .toReversed()
      .reduce((last, habit) => habit.reply?.(last, request, body) ?? last, answered);
    const write = habits.find((habit) => habit.write !== undefined)?.write ?? plainly;
    write(response, reply, request.method === 'HEAD');
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      front.closeAllConnections();
      front.close();
      await target.close();
    },
  };
}

function plainly(response: ServerResponse, { status, fields, text }: Reply, isHead: boolean): void {
  const length: Field[] =
    status === 204 || isHead ? [] : [['content-length', String(Buffer.byteLength(text))]];
  response.writeHead(status, [...fields, ...length].flat());
  response.end(isHead ? undefined : text);
}

/** In chunks, with a trailer, the names of its fields in capitals. */
export function inChunks(response: ServerResponse, { status, fields, text }: Reply, isHead: boolean): void {
  response.writeHead(
    status,
    fields.flatMap(([name, value]) => [name.toUpperCase(), value]),
  );
  if (isHead || status === 204) return void response.end();
  response.write(text.slice(0, 3));
  if (text.length > 3) response.write(text.slice(3));
  response.addTrailers([['x-checksum', 'none']]);
  response.end();
}

/** By HTTP/1.0, compressed, and without a Date: the end of the connection is the end of the content. */
export function byOldHttp(response: ServerResponse, { status, fields, text }: Reply, isHead: boolean): void {
  const isEmpty = isHead || status === 204 || text === '';
  const coded: Field[] = isEmpty ? [] : [['Content-Encoding', 'gzip']];
  const lines = [...fields, ...coded].map((field) => field.join(': '));
  response.socket?.write(`${[`HTTP/1.0 ${status} `, ...lines].join('\r\n')}\r\n\r\n`);
  response.socket?.end(isEmpty ? '' : gzipSync(text));
}

/** A habit only where the request carries this field. */
export function carries(request: RequestMessage, name: string): boolean {
  return fieldValue(request.fields, name) !== undefined;
}
