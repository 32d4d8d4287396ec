/** To-dos served by json-server: its database and routes, and before them what its users put there: a token, and a look at what is sent. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import jsonServer from './json-server.js';

/** A server on a free port; `stop` ends it. */
export type Running = { readonly url: string; readonly stop: () => Promise<void> };

/** The token that it takes. */
export const token = 'todo-5f1c9a';

/** The to-dos as they are at the start. */
const beginning = (): JsonObject => ({
  lists: [
    { id: 1, name: 'Home', colour: 'green' },
    { id: 2, name: 'Work' },
  ],
  todos: [
    { id: 1, title: 'Water the plants', done: false, priority: 2 },
    { id: 2, title: 'Send the invoice', done: true, due: '2026-11-30' },
  ],
  users: [
    { id: 1, name: 'Asha', email: 'asha@example.com' },
    { id: 2, name: 'Bo', email: 'bo@example.com' },
  ],
});

type Holds = (value: Json | undefined) => boolean;

const isText =
  (most: number): Holds =>
  (value) =>
    typeof value === 'string' && value.length > 0 && [...value].length <= most;
const isPriority: Holds = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5;
const isDate: Holds = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true;

const list: Readonly<Record<string, Holds>> = {
  name: isText(60),
  colour: (value) => ['red', 'green', 'blue'].some((each) => each === value),
};
const todo: Readonly<Record<string, Holds>> = {
  title: isText(120),
  done: (value) => typeof value === 'boolean',
  priority: isPriority,
  due: isDate,
};
const changeable = Object.fromEntries(Object.entries(todo).filter(([name]) => name !== 'due'));

/** What each call takes: the members of its body, those that must be there, and how many at least. */
const routes: readonly {
  readonly path: RegExp;
  readonly methods: Readonly<
    Record<string, { readonly members: typeof todo; readonly required: readonly string[] } | undefined>
  >;
}[] = [
  { path: /^\/lists$/, methods: { GET: undefined, POST: { members: list, required: ['name'] } } },
  {
    path: /^\/lists\/[^/]+$/,
    methods: { GET: undefined, PUT: { members: list, required: ['name'] }, DELETE: undefined },
  },
  { path: /^\/todos$/, methods: { GET: undefined, POST: { members: todo, required: ['title', 'done'] } } },
  {
    path: /^\/todos\/[^/]+$/,
    methods: {
      GET: undefined,
      PUT: { members: todo, required: ['title', 'done'] },
      PATCH: { members: changeable, required: [] },
      DELETE: undefined,
    },
  },
  { path: /^\/users(?:\/[^/]+)?$/, methods: { GET: undefined } },
];

/** Whether the parameters of a list are what they should be. */
function isQuery(query: URLSearchParams): boolean {
  const isWhole = (name: string, most: number): boolean =>
    query.getAll(name).every((text) => /^[1-9]\d*$/.test(text) && Number(text) <= most);
  const isOnce = [...query.keys()].every((name) => query.getAll(name).length === 1);
  return (
    isOnce &&
    isWhole('_limit', 100) &&
    isWhole('_page', Number.MAX_SAFE_INTEGER) &&
    query.getAll('done').every((text) => text === 'true' || text === 'false')
  );
}

/** Begins to serve. */
export async function todoServer(): Promise<Running> {
  const app = jsonServer.create();
  app.use((request, response, next) => {
    const [path = '', query = ''] = request.url.split('?');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const refuse = (status: number, message: string, fields: Readonly<Record<string, string>> = {}): void =>
      void response.set(fields).status(status).json({ message });
    const route = routes.find((each) => each.path.test(path));
    if (route === undefined) return refuse(404, 'there is nothing here');
    if (!Object.hasOwn(route.methods, method))
      return refuse(405, 'not so', { allow: ['HEAD', ...Object.keys(route.methods)].join(', ') });
    const [, sent] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (sent !== token) return refuse(401, 'who are you?', { 'www-authenticate': 'Bearer realm="to-dos"' });
    if (method === 'GET' && !isQuery(new URLSearchParams(query))) return refuse(400, 'not a query');
    const taken = route.methods[method];
    if (taken === undefined) return next();
    if (!/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? ''))
      return refuse(415, 'only JSON is read');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = readBody(Buffer.concat(chunks));
      const isAsItShould =
        body !== undefined &&
        Object.keys(body).length > 0 &&
        taken.required.every((name) => Object.hasOwn(body, name)) &&
        Object.entries(body).every(([name, value]) => taken.members[name]?.(value) === true);
      if (!isAsItShould) return refuse(400, 'not what is described');
      request.body = body;
      request._body = true; // it has been read
      next();
    });
  });
  app.use(jsonServer.router(beginning()));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

function readBody(content: Buffer): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
