/** The mock's own API, below one reserved path: state, clock, journal, inbox, and what is served. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { instantFrom } from '../openapi/duration.js';
import { problemDetails } from '../openapi/http/problem.js';
import { isObject, type Json } from '../openapi/json.js';
import type { Mock, ServedApi } from './app.js';
import { jsonContent, problemJson, refuse } from './control-answer.js';
import { callsJson, deliverByHand } from './control-calls.js';
import { controlDocument } from './control-document.js';
import { otherOrigin } from './control-document-parts.js';
import { readStateChanges, stateJson } from './control-state.js';
import { callJson, journalJson } from './journal.js';
import { controlPrefix, servedPath } from './mount.js';
import { exampleNames } from './select.js';

type Query = Readonly<Record<string, string>>;

type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** What follows the reserved path. */
  readonly path: string;
  /** The query parameters that it knows. */
  readonly query: readonly string[];
  readonly answer: (query: Query, request: Request, params: Query) => Response | Promise<Response>;
};

/** Adds the control routes to a mock, unless it is to have none. */
export function controlRoutes(mock: Mock): void {
  if (mock.control === false) return;
  const below = `${controlPrefix}/*`; // Hono takes the reserved path itself for one of these
  if (mock.control !== true) mock.use(below, bearer(mock.control.token));
  mock.use(below, sameOrigin);
  const routes = routesOf(mock);
  for (const route of routes) {
    mock.on(route.method, `${controlPrefix}${route.path}`, ({ req }) =>
      answered(route, req.raw, req.param()),
    );
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).flatMap(allowedMethods);
    mock.all(`${controlPrefix}${path}`, ({ req }) => wrongMethod(req.method, path, allowed));
  }
  mock.all(below, ({ req }) => unknownPath(req.path, routes));
}

function routesOf(mock: Mock): readonly Route[] {
  return [
    { method: 'GET', path: '', query: [], answer: () => Response.json(served(mock)) },
    { method: 'GET', path: '/openapi.json', query: [], answer: () => Response.json(controlDocument) },
    { method: 'POST', path: '/reset', query: [], answer: done(() => mock.reset()) },
    { method: 'GET', path: '/state', query: ['api'], answer: (query) => readState(mock, query) },
    { method: 'PATCH', path: '/state', query: [], answer: (_, request) => changeState(mock, request) },
    { method: 'DELETE', path: '/state', query: ['api'], answer: (query) => resetState(mock, query) },
    { method: 'GET', path: '/clock', query: [], answer: () => Response.json(clockJson(mock)) },
    { method: 'POST', path: '/clock', query: [], answer: (_, request) => moveClock(mock, request) },
    { method: 'DELETE', path: '/clock', query: [], answer: () => resetClock(mock) },
    {
      method: 'GET',
      path: '/journal',
      query: ['after', 'limit'],
      answer: (query) => readJournal(mock, query),
    },
    { method: 'DELETE', path: '/journal', query: [], answer: done(() => clearJournal(mock)) },
    {
      method: 'GET',
      path: '/inbox',
      query: ['to'],
      answer: (query) => Response.json(inboxJson(mock, query)),
    },
    { method: 'DELETE', path: '/inbox', query: [], answer: done(() => mock.inbox.clear()) },
    ...callRoutes(mock, 'webhook'),
    ...callRoutes(mock, 'callback'),
  ];
}

function callRoutes(mock: Mock, kind: 'webhook' | 'callback'): readonly Route[] {
  const path = `/${kind}s`;
  return [
    { method: 'GET', path, query: [], answer: () => Response.json(callsJson(mock, kind)) },
    {
      method: 'POST',
      path: `${path}/:name`,
      query: [],
      answer: (_, request, { name = '' }) => deliverByHand(mock, kind, name, request),
    },
  ];
}

function answered(route: Route, request: Request, params: Query): Response | Promise<Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const unknown = Object.keys(query).find((name) => !route.query.includes(name));
  if (unknown === undefined) return route.answer(query, request, params);
  const known = route.query.length === 0 ? 'none at all' : `only ${route.query.join(' and ')}`;
  return refuse('invalid-request', `There is no query parameter "${unknown}" here, ${known}.`);
}

/** Does something and has nothing to tell. */
function done(act: () => void): () => Response {
  return () => {
    act();
    return new Response(null, { status: 204 });
  };
}

const linked = ['openapi.json', 'state', 'clock', 'journal', 'inbox', 'webhooks', 'callbacks'];

function served({ seed, apis }: Mock): Json {
  const below = controlPrefix.slice(1); // relative, so that it holds below whatever path the mock is mounted
  return {
    seed,
    apis: apis().map(apiJson),
    links: linked.map((name) => `${below}/${name}`),
  };
}

function apiJson(api: ServedApi): Json {
  const { contract } = api;
  return {
    name: contract.name,
    title: contract.title,
    version: contract.version,
    operations: contract.operations.map((operation) => ({
      id: operation.id,
      method: operation.method,
      path: servedPath(api, operation),
      summary: operation.summary ?? '',
      responses: operation.responses.map((response) => {
        return { status: response.status, examples: exampleNames(response) };
      }),
    })),
  };
}

function readState(mock: Mock, query: Query): Response {
  const chosen = chosenApis(mock, query);
  if (chosen === 'unknown') return unknownApi(mock, query);
  const now = mock.clock.now();
  return Response.json(
    Object.fromEntries(chosen.map(({ contract, state }) => [contract.name, stateJson(state.list(), now)])),
  );
}

/** All changes are made at once, or none. */
async function changeState(mock: Mock, request: Request): Promise<Response> {
  const content = await jsonContent(request, largestState, '{"matar": {"otps": {"919743256789": null}}}');
  if (content instanceof Response) return content;
  const read = readStateChanges(mock.apis(), content.value ?? null, mock.clock.now());
  if (read.kind === 'wrong') return refuse('invalid-request', read.detail);
  for (const [{ state }, changes] of read.changes) state.apply(changes);
  return readState(mock, {});
}

function resetState(mock: Mock, query: Query): Response {
  const chosen = chosenApis(mock, query);
  if (chosen === 'unknown') return unknownApi(mock, query);
  for (const { state } of chosen) state.reset();
  return new Response(null, { status: 204 });
}

function chosenApis(mock: Mock, { api }: Query): readonly ServedApi[] | 'unknown' {
  if (api === undefined) return mock.apis();
  const chosen = mock.apis().filter(({ contract }) => contract.name === api);
  return chosen.length === 0 ? 'unknown' : chosen;
}

function unknownApi(mock: Mock, { api }: Query): Response {
  const names = mock.apis().map(({ contract }) => contract.name);
  return refuse('invalid-request', `No API "${api}" is served, only ${names.join(' and ')}.`);
}

function clockJson({ clock }: Mock): Json {
  return { now: instantText(clock.now()), offset_seconds: clock.offset() / 1000 };
}

const largestMove = 4096;
const largestState = 1024 * 1024;
const moves = 'a duration (PT10M, P10D, -P1D) or an instant (2026-01-31T12:00:00Z)';

async function moveClock(mock: Mock, request: Request): Promise<Response> {
  const content = await jsonContent(request, largestMove, '{"move": "PT10M"}');
  if (content instanceof Response) return content;
  const body = isObject(content.value) ? content.value : {};
  if (typeof body.move !== 'string' || Object.keys(body).length > 1) {
    return refuse('invalid-request', `The content must be {"move": "PT10M"} and nothing else: ${moves}.`);
  }
  const instant = instantFrom(body.move, mock.clock.now());
  if (instant === undefined || !/^\d{4}-/.test(instantText(instant))) {
    return refuse('invalid-request', `"${body.move}" does not move the clock. Send ${moves}.`);
  }
  mock.clock.move(body.move);
  return Response.json(clockJson(mock));
}

function resetClock(mock: Mock): Response {
  mock.clock.reset();
  return Response.json(clockJson(mock));
}

function readJournal(mock: Mock, { after = '0', limit = '100' }: Query): Response {
  if (!/^\d+$/.test(after) || !/^\d*[1-9]\d*$/.test(limit)) {
    return refuse('invalid-request', 'Send a whole number for after, and one from 1 on for limit.');
  }
  const entries = mock.journal.list().filter(({ id }) => id > Number(after));
  const calls = mock.calls.log.list().filter(({ id }) => id > Number(after));
  return Response.json({
    entries: entries.slice(-Number(limit)).map(journalJson),
    calls: calls.slice(-Number(limit)).map(callJson),
  });
}

function clearJournal({ journal, calls }: Mock): void {
  journal.clear();
  calls.log.clear();
}

function inboxJson({ inbox }: Mock, { to }: Query): Json {
  const messages = inbox.list().filter((message) => to === undefined || message.to === to);
  return { messages: messages.map((message) => ({ ...message, at: instantText(message.at) })) };
}

function instantText(instant: number): string {
  return new Date(instant).toISOString();
}

/** Lets through who sends the token (RFC 6750, section 2.1). What it takes to compare tells nothing of the token. */
function bearer(token: string): MiddlewareHandler {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return async function controlToken({ req }, next) {
    const [, sent] = /^Bearer +(.+)$/i.exec(req.header('authorization') ?? '') ?? [];
    if (sent !== undefined && timingSafeEqual(digest(sent), expected)) return next();
    const detail = sent === undefined ? 'The request has no token.' : 'The token of the request is another.';
    const error = sent === undefined ? '' : ', error="invalid_token"';
    return refuse(
      'missing-credential',
      `${detail} Send the one that the mock was started with, as Authorization: Bearer …`,
      {
        'www-authenticate': `Bearer realm="counterfoil"${error}`,
      },
    );
  };
}

/** Keeps out the pages of other origins. A person who follows a link from one is let in. */
const sameOrigin: MiddlewareHandler = async function sameOrigin({ req }, next) {
  const isLink = req.method === 'GET' && req.header('sec-fetch-mode') === 'navigate';
  if (isLink || !isOfAnotherOrigin(req.raw)) return next();
  return problemJson(otherOrigin(req.header('origin') ?? 'another origin'));
};

/** By what browsers say of the page (Fetch Metadata, section 2.4), and those that do not, by Origin (RFC 6454, section 7). */
function isOfAnotherOrigin({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  return origin !== null && !(URL.canParse(origin) && new URL(origin).host === new URL(url).host);
}

function allowedMethods({ method }: Route): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

function wrongMethod(method: string, path: string, allowed: readonly string[]): Response {
  const allow = allowed.join(', ');
  const detail = `${controlPrefix}${written(path)} has no ${method}, only ${allow}.`;
  return problemJson(problemDetails('unknown-method', detail, { allowed }), { allow });
}

/** A path as its document has it. */
function written(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function unknownPath(path: string, routes: readonly Route[]): Response {
  const unknown = path.slice(path.indexOf(controlPrefix));
  const known = [...new Set(routes.map(({ path: each }) => `${controlPrefix}${written(each)}`))];
  return refuse('unknown-path', `The mock has no ${unknown} of its own, only ${known.join(', ')}.`);
}
