/** A request message as undici takes it: method, path, fields and content as they are, and nothing else. */

import { type Field, fieldValue, type RequestMessage } from '../../openapi/http/message.js';

export type Sendable = {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Uint8Array | null;
  /** False keeps the connection open where undici would close it. */
  readonly reset?: false;
};

/** What is handed over for a message. `prefix` stands before its path; `more` are fields for the names that it lacks. */
export function messageAsSent(message: RequestMessage, prefix: string, more: readonly Field[]): Sendable {
  const { method, path, query, fields, content } = message;
  const own = new Set(more.length === 0 ? [] : fields.map(([name]) => name.toLowerCase()));
  const added = more.filter(([name]) => !own.has(name.toLowerCase()));
  return {
    method,
    path: query === '' ? `${prefix}${path}` : `${prefix}${path}?${query}`,
    headers: [...fields, ...added].flat(),
    body: content ?? null,
    ...(method === 'HEAD' || closes(fields) ? {} : { reset: false }), // undici closes after GET with content
  };
}

function closes(fields: readonly Field[]): boolean {
  return /\bclose\b/i.test(fieldValue(fields, 'connection') ?? '');
}

/** Why undici must not be asked to send a message; what else it does not send it refuses by itself. */
export function whyUnsendable({ fields, content }: RequestMessage): string | undefined {
  const length = fieldValue(fields, 'content-length');
  const actual = content?.byteLength ?? 0;
  if (length === undefined || length === String(actual)) return undefined;
  return `Content-Length is ${length}, and the content has ${actual} bytes: such a request is not sent`;
}
