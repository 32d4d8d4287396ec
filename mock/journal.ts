/** What the mock has been asked, what it answered and why: the last so many exchanges, oldest first. */

import type { RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import type { Json, JsonObject } from '../openapi/json.js';
import type { Change, Delivery } from '../openapi/rules/state.js';
import type { Decision } from './decision.js';
import type { Delivered } from './deliver.js';
import type { OutgoingMessage } from './outgoing.js';

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

/** A request that the mock made itself, or was to make, and what came of it. */
export type CallEntry = {
  /** Counts up with those of the exchanges. */
  readonly id: number;
  /** The instant at which it was sent, by the clock of the mock. */
  readonly at: number;
  readonly kind: 'callback' | 'webhook';
  readonly api: string;
  readonly name: string;
  /** The operation whose callback it is; undefined for a webhook. */
  readonly operation: string | undefined;
  /** The exchange that it follows; undefined for one that somebody had sent. */
  readonly after: number | undefined;
  readonly request: OutgoingMessage;
  readonly outcome: Delivered;
};

/** Numbers that count up from 1. */
export type Counter = () => number;

export function counter(): Counter {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

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
export function boundedLog<Item>(
  limit: number,
  sizeOf: (item: Item) => number,
  nextId: Counter = counter(),
): BoundedLog<Item> {
  let items: (Item | undefined)[] = [];
  let sizes: number[] = [];
  let first = 0;
  let total = 0;
  const count = (): number => items.length - first;
  const isFull = (): boolean => count() > limit || (total > capacity && count() > 1);
  const dropFirst = (): void => {
    total -= sizes[first] ?? 0;
    items[first] = undefined;
    first += 1;
    // What has been dropped is cut off once it is the larger part, and not each time: that would move all that is kept.
    if (first <= count() + 100) return;
    items = items.slice(first);
    sizes = sizes.slice(first);
    first = 0;
  };
  return {
    add(make) {
      const item = make(nextId());
      const size = sizeOf(item);
      items.push(item);
      sizes.push(size);
      total += size;
      while (isFull()) dropFirst();
      return item;
    },
    list: () => items.slice(first).filter((item) => item !== undefined),
    clear() {
      items = [];
      sizes = [];
      first = 0;
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

/** The bytes of a request that the mock made, roughly. */
export function callSize({ request, outcome }: CallEntry): number {
  const answer = outcome.kind === 'answered' ? outcome.response : undefined;
  const contents = (request.content?.byteLength ?? 0) + (answer?.content?.byteLength ?? 0);
  const fields = [...request.fields, ...(answer?.fields ?? [])];
  const text = fields.reduce((sum, [name, value]) => sum + name.length + value.length, request.url.length);
  return 512 + contents + text;
}

/** A request that the mock made, as JSON. */
export function callJson({ id, at, kind, api, name, operation, after, request, outcome }: CallEntry): Json {
  return {
    id,
    at: new Date(at).toISOString(),
    kind,
    api,
    name,
    operation: operation ?? null,
    after: after ?? null,
    request: { method: request.method, url: request.url, ...messageJson(request) },
    outcome:
      outcome.kind === 'failed'
        ? outcome
        : {
            kind: outcome.kind,
            response: { status: outcome.response.status, ...messageJson(outcome.response) },
          },
  };
}

function messageJson({ fields, content }: Pick<ResponseMessage, 'fields' | 'content'>): JsonObject {
  return { headers: fields.map(([name, value]) => ({ name, value })), content: contentText(content) };
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
      ...messageJson(request),
    },
    response: {
      status: response.status,
      ...messageJson(response),
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
