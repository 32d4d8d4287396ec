/** createMock(): contracts as a Hono app, with the state, clock, journal and inbox that the app works on. */

import { type Context, Hono } from 'hono';
import type { Contract } from '../openapi/contract.js';
import { type Clock, systemClock } from '../openapi/duration.js';
import type { ResponseMessage } from '../openapi/http/message.js';
import { problemDetails, problemResponse } from '../openapi/http/problem.js';
import { anySeed, type Random, seededRandom } from '../openapi/random.js';
import type { Scope } from '../openapi/rules/expression.js';
import { evaluateValue } from '../openapi/rules/value.js';
import { type Calls, createCalls, type PreparedCall } from './calls.js';
import { type MovableClock, movableClock } from './clock.js';
import { controlRoutes } from './control.js';
import { crossOriginFields, preflights, withCrossOrigin } from './cross-origin.js';
import { type Deliver, deliverOverHttp } from './deliver.js';
import type { Answer, Api, MockRequest } from './exchange.js';
import { afterAnswer, fieldLines, toMessage, toResponse, waitSeconds } from './http.js';
import {
  type BoundedLog,
  boundedLog,
  type CallEntry,
  counter,
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
  /** Whether a credential is asked for where no rule says what becomes of who has none. Default true. */
  readonly auth?: boolean;
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
  /** Whether the callbacks of an operation are delivered once it has been answered with success. Default false. */
  readonly callbacks?: boolean;
  /** The hosts besides this machine that may be called; `*` is any, `*.example.com` all below it. Default none. */
  readonly callHosts?: readonly string[];
  /** Delivers callbacks and webhooks. Default: over HTTP. */
  readonly deliver?: Deliver;
  /** Seconds to wait for the answer to one of these. Default 10. */
  readonly callTimeout?: number;
  /** Told of every callback and webhook once it has been answered, or failed. What it throws is an uncaught error, too. */
  readonly onCall?: (entry: CallEntry) => void;
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
  /** What the mock sends itself: callbacks and webhooks. */
  readonly calls: Calls;
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
  const ids = counter();
  const journal = boundedLog<JournalEntry>(limit, entrySize, ids);
  const inbox = boundedLog<InboxMessage>(limit, messageSize);
  const fixed = options.fixed ?? {};
  const contentLimit = options.contentLimit ?? 1024 * 1024;
  const auth = options.auth ?? true;
  const wait = options.wait ?? waitSeconds;
  const calls = createCalls({
    ...{ seed, secret, fixed, clock, limit, counter: ids },
    deliver: options.deliver ?? deliverOverHttp,
    hosts: options.callHosts ?? [],
    timeout: options.callTimeout ?? 10,
    onCall: (entry) => tell(options.onCall, entry),
  });
  let random = seededRandom(seed);
  let started = clock.now();

  const initialState = (contract: Contract) => (): Collections =>
    fixtures(contract, { random, now: clock.now(), secret, fixed });
  const serve = (list: readonly Contract[], before: readonly ServedApi[]): readonly ServedApi[] =>
    mountPoints(list, options.byName ?? false).map((point) => {
      const { contract } = point;
      const known = before.find((api) => api.contract.name === contract.name)?.state;
      known?.startFrom(initialState(contract));
      return { ...point, state: known ?? memoryStore(initialState(contract)) };
    });
  let apis = serve([contracts].flat(), []);

  /** Answers and remembers in one step: nothing comes between a decision and its changes. */
  const exchange = (request: MockRequest): Exchanged => {
    const now = clock.now();
    const answer = respond(
      { apis, now, random, seed, started, secret, fixed, dynamic: false, auth, contentLimit },
      request,
    );
    const { api, response, decision, changes, deliveries, finished, delay } = answer;
    apis.find((served) => served.contract === api?.contract)?.state.apply(changes);
    for (const delivery of deliveries) {
      const message = inbox.add((id) => ({ ...delivery, id, at: now, api: api?.contract.name ?? '' }));
      tell(options.onMessage, message);
    }
    const entry = journal.add((id) => ({ id, at: now, request, response, decision, changes }));
    tell(options.onExchange, entry);
    const isFollowed = options.callbacks === true && response.status < 400;
    const following = isFollowed && api && finished ? calls.callbacksOf(api, finished, entry.id) : [];
    return { response, delay, following };
  };

  const app = new Hono();
  const mock: Mock = Object.assign(app, {
    seed,
    secret,
    clock,
    journal,
    inbox,
    calls,
    control: options.control ?? true,
    apis: () => apis,
    reload(list: readonly Contract[]) {
      apis = serve(list, apis);
    },
    reset() {
      random = seededRandom(seed);
      clock.reset();
      started = clock.now();
      journal.clear();
      inbox.clear();
      calls.reset();
      for (const { state } of apis) state.reset();
    },
  });
  const origins = options.cors === undefined || options.cors === false ? undefined : options.cors;
  const responseTo = ({ req }: Context, response: ResponseMessage): Response => {
    if (origins === undefined) return toResponse(response);
    return toResponse(
      withCrossOrigin(response, crossOriginFields(origins, req.method, req.header('origin'))),
    );
  };
  const answered = (context: Context, request: MockRequest): Response | Promise<Response> => {
    const { response, delay, following } = exchange(request);
    const send = (): Response => {
      if (following.length > 0) afterAnswer(context, () => following.forEach(calls.deliver));
      return responseTo(context, response);
    };
    const seconds = delay + (options.delay ?? 0);
    return seconds > 0 ? wait(seconds, context.req.raw.signal).then(send) : send();
  };
  const lines = fieldLines();
  app.onError((error, context) => responseTo(context, internalError(error)));
  controlRoutes(mock);
  if (origins !== undefined) app.options('*', preflights(origins));
  app.all('*', (context): Response | Promise<Response> => {
    const request = toMessage(context, contentLimit, lines);
    return request instanceof Promise
      ? request.then((read) => answered(context, read))
      : answered(context, request);
  });
  return mock;
}

/** What an exchange sends, how long it waits for that, and what the mock sends itself afterwards. */
type Exchanged = Pick<Answer, 'response' | 'delay'> & { readonly following: readonly PreparedCall[] };

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
