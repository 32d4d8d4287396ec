/** What the mock has been asked, what it answered and why: the last so many exchanges, oldest first. */

import type { Json } from '../openapi/json.js';
import type { RequestMessage, ResponseMessage } from '../openapi/message.js';
import type { Change, Delivery } from '../openapi/state.js';
import type { Decision } from './decision.js';

export type JournalEntry = {
  /** Counts up from 1 over the life of the mock. */
  readonly id: number;
  /** The instant of the answer, by the clock of the mock. */
  readonly at: number;
  readonly request: RequestMessage;
  readonly response: ResponseMessage;
  readonly decision: Decision;
  readonly changes: readonly Change[];
};

/** A message that somebody was sent outside of HTTP: an SMS with an OTP. */
export type InboxMessage = Delivery & { readonly id: number; readonly at: number; readonly api: string };

/** A list that keeps its last items only. */
export type BoundedLog<Item> = {
  add(make: (id: number) => Item): Item;
  /** The items in order, oldest first. */
  list(): readonly Item[];
  clear(): void;
};

/** How many bytes a log holds on to, roughly: large items push out older ones before their number does. */
const capacity = 32 * 1024 * 1024;

/** A log of at most `limit` items; their numbers count on when it is cleared. */
export function boundedLog<Item>(limit: number, sizeOf: (item: Item) => number): BoundedLog<Item> {
  let items: { readonly item: Item; readonly size: number }[] = [];
  let total = 0;
  let lastId = 0;
  const isFull = (): boolean => items.length > limit || (total > capacity && items.length > 1);
  return {
    add(make) {
      lastId += 1;
      const item = make(lastId);
      const size = sizeOf(item);
      items.push({ item, size });
      total += size;
      while (isFull()) total -= items.shift()?.size ?? 0;
      return item;
    },
    list: () => items.map(({ item }) => item),
    clear() {
      items = [];
      total = 0;
    },
  };
}

/** The bytes of an entry, roughly: of what a client can make large. */
export function entrySize({ request, response, decision, changes }: JournalEntry): number {
  let size = 1024 + request.path.length + request.query.length;
  for (const { fields, content } of [request, response]) {
    size += content?.byteLength ?? 0;
    for (const [name, value] of fields) size += name.length + value.length;
  }
  for (const { pointer, message } of decision.violations) size += pointer.length + message.length;
  for (const { key } of changes) size += key.length;
  return size;
}

/** The bytes of a message in the inbox, roughly. */
export function messageSize({ to, content }: InboxMessage): number {
  return 256 + to.length + JSON.stringify(content).length;
}

/** An entry as JSON: texts as text, other content by its size. */
export function journalJson({ id, at, request, response, decision, changes }: JournalEntry): Json {
  return {
    id,
    at: new Date(at).toISOString(),
    request: {
      method: request.method,
      path: request.path,
      query: request.query,
      headers: request.fields.map(([name, value]) => ({ name, value })),
      content: contentText(request.content),
    },
    response: {
      status: response.status,
      headers: response.fields.map(([name, value]) => ({ name, value })),
      content: contentText(response.content),
    },
    decision: JSON.parse(JSON.stringify(decision)),
    changes: changes.map(({ kind, collection, key }) => ({ kind, collection, key })),
  };
}

function contentText(content: Uint8Array | undefined): Json {
  if (content === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return `(${content.byteLength} bytes that are not UTF-8 text)`;
  }
}
