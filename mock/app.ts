/** createMock(): contracts as a Hono app, with the state, clock, journal and inbox that the app works on. */

import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { basePath } from 'hono/route';
import type { Contract } from '../openapi/contract.js';
import { type Clock, systemClock } from '../openapi/duration.js';
import type { Scope } from '../openapi/expression.js';
import type { Field, RequestMessage, ResponseMessage } from '../openapi/message.js';
import { problemDetails, problemResponse } from '../openapi/problem.js';
import { anySeed, type Random, seededRandom } from '../openapi/random.js';
import { evaluateValue } from '../openapi/value.js';
import { type MovableClock, movableClock } from './clock.js';
import { contentOf } from './content.js';
import { controlRoutes } from './control.js';
import type { Answer, Api, MockRequest } from './exchange.js';
import {
  type BoundedLog,
  boundedLog,
  entrySize,
  type InboxMessage,
  type JournalEntry,
  messageSize,
} from './journal.js';
import { mountPoints } from './mount.js';
import { respond } from './respond.js';
import { type Collections, memoryStore, type Store } from './store.js';

export type MockOptions = {
  /** A 32-bit integer: the same seed, clock and requests give the same bytes. Default: a random one. */
  readonly seed?: number;
  /** The clock that the mock's own clock runs on. Default: the clock of this machine. */
  readonly clock?: Clock;
  /** The key that tokens are signed with (HS256). Default: made from the seed. */
  readonly secret?: string;
  /** Fixed values for generated texts, by format: `{ otp: '00000' }` makes every one-time password 00000. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Seconds to wait before every answer. Default 0. */
  readonly delay?: number;
  /** The origins that browsers may call from: any (`true`), none (`false`, the default), or these. */
  readonly cors?: boolean | readonly string[];
  /** Whether the control API is served; with `token`, only to who sends it as a bearer token. Default true. */
  readonly control?: boolean | { readonly token: string };
  /** Whether each API is served below `/` and its name, instead of where its contract says. Default false. */
  readonly byName?: boolean;
  /** The largest content of a request, in bytes. Default 1 MiB. */
  readonly contentLimit?: number;
  /** How many exchanges the journal keeps, and how many messages the inbox. Default 1000. */
  readonly journalLimit?: number;
  /** Waits some seconds; stops waiting when the signal aborts. Default: a timer. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Told of every exchange once its answer is decided. What it throws changes no answer: it is an uncaught error. */
  readonly onExchange?: (entry: JournalEntry) => void;
  /** Told of every message that is delivered outside of HTTP. What it throws is an uncaught error, too. */
  readonly onMessage?: (message: InboxMessage) => void;
};

/** A served API: its contract, the path that it is served below, and its state. */
export type ServedApi = Api & { readonly state: Store };

/** A mock: a Hono app, and what it works on. */
export type Mock = Hono & {
  readonly seed: number;
  readonly secret: string;
  readonly clock: MovableClock;
  readonly journal: BoundedLog<JournalEntry>;
  readonly inbox: BoundedLog<InboxMessage>;
  /** How the control API is guarded. */
  readonly control: NonNullable<MockOptions['control']>;
  /** The APIs that are served now. */
  apis(): readonly ServedApi[];
  /** Serves these contracts from now on. An API that was served before by the same name keeps its state. */
  reload(contracts: readonly Contract[]): void;
  /** Back to the start: state, clock, randomness, journal and inbox. */
  reset(): void;
};

/**
 * Makes a mock of one contract or of several.
 * @throws ContractError when a path of a contract is reserved, or two contracts describe the same operation.
 */
export function createMock(contracts: Contract | readonly Contract[], options: MockOptions = {}): Mock {
  const seed = options.seed ?? anySeed();
  const secret = options.secret ?? seededRandom(seed ^ 0x5ec7e7).hex(32);
  const clock = movableClock(options.clock ?? systemClock);
  const limit = options.journalLimit ?? 1000;
  const journal = boundedLog<JournalEntry>(limit, entrySize);
  const inbox = boundedLog<InboxMessage>(limit, messageSize);
  const fixed = options.fixed ?? {};
  const contentLimit = options.contentLimit ?? 1024 * 1024;
  const wait = options.wait ?? waitSeconds;
  let random = seededRandom(seed);

  const initialState = (contract: Contract) => (): Collections =>
    fixtures(contract, { random, now: clock.now(), secret, fixed });
  const serve = (list: readonly Contract[], before: readonly ServedApi[]): readonly ServedApi[] =>
    mountPoints(list, options.byName ?? false).map(({ contract, prefix }) => {
      const known = before.find((api) => api.contract.name === contract.name)?.state;
      known?.startFrom(initialState(contract));
      return { contract, prefix, state: known ?? memoryStore(initialState(contract)) };
    });
  let apis = serve([contracts].flat(), []);

  /** Answers and remembers in one step: nothing comes between a decision and its changes. */
  const exchange = (request: MockRequest): Answer => {
    const now = clock.now();
    const answer = respond({ apis, now, random, secret, fixed, contentLimit }, request);
    const { api, response, decision, changes, deliveries } = answer;
    apis.find((served) => served.contract === api?.contract)?.state.apply(changes);
    for (const delivery of deliveries) {
      const message = inbox.add((id) => ({ ...delivery, id, at: now, api: api?.contract.name ?? '' }));
      tell(options.onMessage, message);
    }
    const entry = journal.add((id) => ({ id, at: now, request, response, decision, changes }));
    tell(options.onExchange, entry);
    return answer;
  };

  const app = new Hono();
  const mock: Mock = Object.assign(app, {
    seed,
    secret,
    clock,
    journal,
    inbox,
    control: options.control ?? true,
    apis: () => apis,
    reload(list: readonly Contract[]) {
      apis = serve(list, apis);
    },
    reset() {
      random = seededRandom(seed);
      clock.reset();
      journal.clear();
      inbox.clear();
      for (const { state } of apis) state.reset();
    },
  });
  app.onError((error) => toResponse(internalError(error)));
  controlRoutes(mock);
  if (options.cors !== undefined && options.cors !== false) app.use('*', corsFor(options.cors));
  app.all('*', async (context) => {
    const { response, delay } = exchange(await toMessage(context, contentLimit));
    const seconds = delay + (options.delay ?? 0);
    if (seconds > 0) await wait(seconds, context.req.raw.signal);
    return toResponse(response);
  });
  return mock;
}

type FixtureContext = {
  readonly random: Random;
  readonly now: number;
  readonly secret: string;
  readonly fixed: Readonly<Record<string, string>>;
};

/** The entries that a contract's collections start with. */
function fixtures(contract: Contract, context: FixtureContext): Collections {
  const absent = () => undefined;
  const values = { header: absent, query: absent, path: absent, body: undefined };
  const scope: Scope = {
    url: '',
    method: '',
    request: values,
    response: undefined,
    credential: undefined,
    state: {},
  };
  return new Map(
    [...contract.initialState].map(([collection, records]) => {
      const entries = [...records].map(([key, record]) => {
        const value = evaluateValue(record, scope, (schema, bound, example) =>
          contract.generate(schema, { ...context, dynamic: false }, bound, example),
        );
        return [key, { value: value ?? null, expiresAt: undefined }] as const;
      });
      return [collection, new Map(entries)];
    }),
  );
}

function corsFor(origins: true | readonly string[]): ReturnType<typeof cors> {
  const exposeHeaders = [
    'Preference-Applied',
    'WWW-Authenticate',
    'Location',
    'Link',
    'Allow',
    'Retry-After',
  ];
  return cors({ origin: origins === true ? '*' : [...origins], exposeHeaders });
}

/** The request as a message; its path without the path that the app is mounted below. */
async function toMessage(context: Context, contentLimit: number): Promise<MockRequest> {
  const { raw } = context.req;
  const url = context.req.url;
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const queryStart = url.indexOf('?', pathStart);
  const fields: Field[] = [...raw.headers];
  const content = raw.bodyUsed
    ? new Uint8Array(await context.req.arrayBuffer()) // by the app that this one is mounted in
    : await contentOf(raw, contentLimit, isFromSocket(context));
  const message: RequestMessage = {
    method: context.req.method,
    path: withoutBase(
      queryStart === -1 ? url.slice(pathStart) : url.slice(pathStart, queryStart),
      basePath(context),
    ),
    query: queryStart === -1 ? '' : url.slice(queryStart + 1),
    fields,
    content: content === 'too-large' ? undefined : content,
  };
  return content === 'too-large' ? { ...message, contentTooLarge: true } : message;
}

/** Whether the request was read by node-server, which hands its message on in the environment. */
function isFromSocket({ env }: Context): boolean {
  return typeof env === 'object' && env !== null && 'incoming' in env;
}

function withoutBase(path: string, route: string): string {
  const base = route.replace(/\/?\*?$/, '');
  return path.startsWith(base) ? path.slice(base.length) || '/' : path;
}

/** Hono leaves out the content of a response to HEAD. */
function toResponse({ status, fields, content }: ResponseMessage): Response {
  const init = { status, headers: fields.map(([name, value]): [string, string] => [name, value]) };
  return new Response(content === undefined ? null : content.slice(), init);
}

/** A fault of ours, told without its inside: an answer must never carry a stack trace. */
function internalError(error: Error): ResponseMessage {
  return problemResponse(
    problemDetails('internal-error', `${error.name}: ${error.message}. Please report this.`),
  );
}

/** What a listener throws is its own fault: neither client nor state shall feel it (as in DOM, section 2.10). */
function tell<Item>(listener: ((item: Item) => void) | undefined, item: Item): void {
  try {
    listener?.(item);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function waitSeconds(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done);
  });
}
