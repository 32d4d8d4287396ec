/** Plain, correct servers of node:http for the documents without rules: pets, orders and todos. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../openapi/index.js';
import { isObject } from '../../openapi/json.js';

/** What a handler answers with: a status, content that is JSON unless it is text, and fields. */
type Answer = {
  readonly status: number;
  readonly content?: Json | undefined;
  readonly text?: string;
  readonly fields?: Readonly<Record<string, string>>;
};

type Call = {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly fields: IncomingMessage['headers'];
  readonly type: string;
  readonly content: Buffer;
};

type Routes = Readonly<Record<string, Readonly<Record<string, (call: Call) => Answer>>>>;

export const credentials = {
  key: 'k-3f9a',
  basic: 'asha:correct horse',
  token: 'opaque-7c21',
  access: 'opaque-88d0',
};

const failure = (status: number, message: string): Answer => ({ status, content: { message } });
const bad = failure(400, 'not what is documented');

/** A server on a free port; `stop` ends it. */
export async function serve(routes: Routes): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server: Server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [path = '', query = ''] = url.split('?');
    const found = Object.entries(routes).flatMap(([template, methods]) => {
      const match = new RegExp(`^${template.replace('{id}', '([^/]+)')}$`).exec(path);
      return match === null ? [] : [{ methods, id: match[1] ?? '' }];
    })[0];
    const handler = found?.methods[method === 'HEAD' ? 'GET' : method];
    const call: Call = {
      id: found?.id ?? '',
      query: new URLSearchParams(query),
      fields: headers,
      type: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      content: Buffer.concat(chunks),
    };
    const allow = Object.keys(found?.methods ?? {}).join(', ');
    const answer =
      found === undefined
        ? failure(404, 'no such path')
        : (handler?.(call) ?? { ...failure(405, 'no such method'), fields: { allow } });
    const text = answer.text ?? (answer.content === undefined ? '' : JSON.stringify(answer.content));
    const type = answer.text === undefined ? 'application/json' : 'text/plain; charset=utf-8';
    response.writeHead(answer.status, {
      ...(text === '' ? {} : { 'content-type': type }),
      ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
      ...answer.fields,
    });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

function objectOf({ content }: Call): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: Json | undefined, least = 0, most = Number.POSITIVE_INFINITY): value is string =>
  typeof value === 'string' && [...value].length >= least && [...value].length <= most;
const isInteger = (value: Json | undefined, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
const isDateTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
const isUuid = (text: string): boolean => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);
const optional = (value: Json | undefined, holds: (value: Json) => boolean): boolean =>
  value === undefined || holds(value);

/** Pets behind a key, with messages for errors. */
export function petsServer(): Routes {
  const pets = new Map<string, JsonObject>();
  const locked =
    (handler: (call: Call) => Answer) =>
    (call: Call): Answer => {
      if (call.fields['x-api-key'] === credentials.key) return handler(call);
      const answer = failure(401, 'a key is needed');
      return { ...answer, fields: { 'www-authenticate': 'ApiKey realm="pets"' } };
    };
  const isPet = ({ name, kind, born, weight, tags }: JsonObject): boolean =>
    isText(name, 1, 40) &&
    (kind === 'cat' || kind === 'dog') &&
    optional(born, (value) => isText(value) && isDate(value)) &&
    optional(weight, (value) => typeof value === 'number' && value > 0) &&
    optional(
      tags,
      (value) =>
        Array.isArray(value) &&
        value.every((tag: Json) => typeof tag === 'string') &&
        new Set(value).size === value.length,
    );
  const one = (call: Call, found: (pet: JsonObject) => Answer): Answer => {
    if (!isUuid(call.id)) return bad;
    const pet = pets.get(call.id.toLowerCase());
    return pet === undefined ? failure(404, 'no such pet') : found(pet);
  };
  return {
    '/pets': {
      GET: locked(({ query }) => {
        const limit = query.get('limit') ?? '20';
        const tags = query.getAll('tags');
        const kind = query.get('filter[kind]') ?? 'cat';
        const age = query.get('filter[age]') ?? '0';
        const isValid =
          /^-?\d+$/.test(limit) &&
          Number(limit) >= 1 &&
          Number(limit) <= 100 &&
          tags.length <= 5 &&
          tags.every((tag) => tag !== '') &&
          /^(cat|dog)$/.test(kind) &&
          /^\d+$/.test(age);
        if (!isValid) return bad;
        const shown = [...pets.values()].slice(0, Number(limit));
        return { status: 200, content: shown, fields: { 'X-Total': String(pets.size) } };
      }),
      POST: locked((call) => {
        if (call.type !== 'application/json') return failure(415, 'only JSON');
        const body = objectOf(call);
        if (body === undefined || !isPet(body)) return bad;
        const pet = { ...body, id: randomUUID() };
        pets.set(pet.id, pet);
        return { status: 201, content: pet };
      }),
    },
    '/pets/{id}': {
      GET: locked((call) => one(call, (content) => ({ status: 200, content }))),
      DELETE: locked((call) =>
        one(call, () => {
          pets.delete(call.id.toLowerCase());
          return { status: 204 };
        }),
      ),
    },
    '/pets/{id}/photo': {
      PUT: locked((call) => {
        if (call.type !== 'image/png') return failure(415, 'only PNG');
        return one(call, () => (call.content.byteLength === 0 ? bad : { status: 204 }));
      }),
    },
    '/health': { GET: () => ({ status: 200, text: 'up' }) },
  };
}

/** Orders behind a password; order 7 is there from the start. */
export function ordersServer(): Routes {
  const orders = new Map<number, JsonObject>([[7, { id: 7, sku: 'ABC-123', count: 2, note: null }]]);
  let last = 100;
  const right = `Basic ${Buffer.from(credentials.basic).toString('base64')}`;
  const problem = (status: number): Answer => ({
    status,
    content: { title: 'no', status },
    fields: { 'content-type': 'application/problem+json' },
  });
  const locked =
    (handler: (call: Call) => Answer) =>
    (call: Call): Answer => {
      const sent = (call.fields.authorization ?? '').replace(/^basic +/i, 'Basic ');
      if (sent === right) return handler(call);
      return {
        ...problem(401),
        fields: { ...problem(401).fields, 'www-authenticate': 'Basic realm="orders"' },
      };
    };
  const isOrder = ({ sku, count, note, ...more }: JsonObject): boolean =>
    isText(sku) &&
    /^[A-Z]{3}-[0-9]{3}$/.test(sku) &&
    isInteger(count, 1, 1000) &&
    optional(note, (value) => value === null || typeof value === 'string') &&
    Object.keys(more).length === 0;
  const read = (call: Call): JsonObject | Answer => {
    if (call.type !== 'application/json') return problem(415);
    const body = objectOf(call);
    return body === undefined || !isOrder(body) ? problem(400) : body;
  };
  const isAnswer = (value: JsonObject | Answer): value is Answer => 'status' in value;
  const one = (call: Call, found: (id: number) => Answer): Answer => {
    if (!/^-?\d+(\.\d+)?$/.test(call.id) || Number(call.id) < 1) return problem(400);
    return orders.has(Number(call.id)) ? found(Number(call.id)) : { status: 404 };
  };
  return {
    '/orders': {
      GET: locked(({ query }) => {
        const status = (query.get('status') ?? 'open').split(',');
        const since = query.get('since') ?? '2026-01-01T00:00:00Z';
        const isValid = status.every((each) => /^(open|paid|sent)$/.test(each)) && isDateTime(since);
        return isValid ? { status: 200, content: { items: [...orders.values()].slice(0, 3) } } : problem(400);
      }),
      POST: locked((call) => {
        const body = read(call);
        if (isAnswer(body)) return body;
        last += 1;
        const order = { id: last, ...body };
        orders.set(order.id, order);
        return { status: 201, content: order, fields: { location: `/orders/${order.id}` } };
      }),
    },
    '/orders/{id}': {
      GET: locked((call) => one(call, (id) => ({ status: 200, content: orders.get(id) }))),
      PUT: locked((call) => {
        const body = read(call);
        if (isAnswer(body)) return body;
        return one(call, (id) => {
          orders.set(id, { id, ...body });
          return { status: 200, content: orders.get(id) };
        });
      }),
      DELETE: locked((call) =>
        one(call, (id) => {
          orders.delete(id);
          return { status: 204 };
        }),
      ),
    },
  };
}

/** Todos behind tokens, as JSON and as forms; notes and files for anybody. */
export function todosServer(): Routes {
  const todos = new Map<string, JsonObject>();
  const bearer = (call: Call): string => /^bearer +(.+)$/i.exec(call.fields.authorization ?? '')?.[1] ?? '';
  const locked =
    (good: readonly string[], handler: (call: Call) => Answer) =>
    (call: Call): Answer =>
      good.includes(bearer(call)) ? handler(call) : { status: 401, fields: { 'www-authenticate': 'Bearer' } };
  const both = [credentials.token, credentials.access];
  const isTodo = ({ text, done, due }: JsonObject): boolean =>
    optional(text, isText) &&
    optional(done, (value) => typeof value === 'boolean') &&
    optional(due, (value) => isText(value) && isDateTime(value));
  return {
    '/todos': {
      GET: locked(both, ({ query, fields }) => {
        const trace = fields['x-trace'] ?? '00000000';
        const isValid =
          /^(true|false)$/.test(query.get('done') ?? 'true') && /^[a-f0-9]{8}$/.test(String(trace));
        return isValid ? { status: 200, content: [...todos.values()] } : { status: 400 };
      }),
      POST: locked([credentials.access], (call) => {
        const isForm = call.type === 'application/x-www-form-urlencoded';
        if (!isForm && call.type !== 'application/json') return { status: 415 };
        const body = isForm
          ? Object.fromEntries(new URLSearchParams(call.content.toString()))
          : objectOf(call);
        if (body === undefined || body.text === undefined || !isTodo(body)) return { status: 422 };
        const todo = { done: false, ...body, id: randomUUID() };
        todos.set(todo.id, todo);
        return { status: 201, content: todo };
      }),
    },
    '/todos/{id}': {
      GET: ({ id }) => (todos.has(id) ? { status: 200, content: todos.get(id) } : { status: 404 }),
      PATCH: locked([credentials.token], (call) => {
        const todo = todos.get(call.id) ?? { id: 'sample', text: 'water the plants', done: false };
        if (call.content.byteLength === 0) return { status: 200, content: todo };
        if (call.type !== 'application/merge-patch+json') return { status: 415 };
        const body = objectOf(call);
        const isPatch = body !== undefined && isTodo({ text: body.text ?? '', done: body.done ?? false });
        const isNull = body !== undefined && (body.text === null || body.done === null);
        if (!isPatch || isNull) return { status: 400 };
        const changed = { ...todo, ...body };
        if (todos.has(call.id)) todos.set(call.id, changed);
        return { status: 200, content: changed };
      }),
    },
    '/notes': {
      POST: ({ type, content }) =>
        type !== 'text/plain' ? { status: 415 } : { status: content.byteLength === 0 ? 400 : 202 },
    },
    '/upload': {
      POST: ({ type, content }) => {
        if (type !== 'multipart/form-data') return { status: 415 };
        return content.includes('name="file"')
          ? { status: 200, content: { size: content.byteLength } }
          : { status: 400 };
      },
    },
  };
}

/** Tickets, each in an envelope; `forgetful` loses what is written over them. */
export function ticketsServer(isForgetful = false): Routes {
  const tickets = new Map<string, JsonObject>();
  let last = 0;
  const shown = (ticket: Json | undefined, status = 200): Answer => ({
    status,
    content: { success: true, data: ticket ?? null },
  });
  const sentTicket = (call: Call): JsonObject | undefined => {
    const ticket = call.type === 'application/json' ? objectOf(call)?.ticket : undefined;
    if (!isObject(ticket) || !isText(ticket.subject, 1, 80)) return undefined;
    return optional(ticket.state, (state) => state === 'open' || state === 'closed') ? ticket : undefined;
  };
  const known =
    (handler: (call: Call) => Answer) =>
    (call: Call): Answer => {
      if (!/^[1-9]\d*$/.test(call.id)) return bad;
      return tickets.has(call.id) ? handler(call) : { status: 404 };
    };
  const stored = (id: number, ticket: JsonObject): JsonObject => {
    const { subject = '', state = 'open' } = ticket;
    const made = { id, subject, state };
    tickets.set(String(id), made);
    return made;
  };
  return {
    '/tickets': {
      GET: ({ query }) => {
        const [size, page] = ['per_page', 'page'].map((name) => query.get(name) ?? '10');
        if (![size, page].every((each) => /^[1-9]\d*$/.test(String(each)))) return bad;
        const state = query.get('state');
        const found = [...tickets.values()].filter((each) => state === null || each.state === state);
        const data = found.slice(0, Number(size));
        return { status: 200, content: { data, meta: { total: found.length } } };
      },
      POST: (call) => {
        const ticket = sentTicket(call);
        if (ticket === undefined) return bad;
        last += 1;
        return shown(stored(last, ticket), 201);
      },
    },
    '/tickets/{id}': {
      GET: known(({ id }) => shown(tickets.get(id))),
      PUT: known((call) => {
        const ticket = sentTicket(call);
        if (ticket === undefined) return bad;
        const before = tickets.get(call.id) ?? {};
        const made = stored(Number(call.id), ticket);
        if (isForgetful) tickets.set(call.id, before);
        return shown(made);
      }),
      DELETE: known(({ id }) => {
        tickets.delete(id);
        return { status: 204 };
      }),
    },
  };
}
