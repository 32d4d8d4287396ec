/** The requests that a mock makes itself: the callbacks of what it has answered, and webhooks; and what came of them. */

import type { Callback, Operation, Webhook } from '../openapi/contract.js';
import type { GenerateContext } from '../openapi/generate/generate.js';
import { type Random, seededRandom } from '../openapi/random.js';
import type { Scope } from '../openapi/rules/expression.js';
import { callbackUrl } from './callback-url.js';
import type { MovableClock } from './clock.js';
import { type Deliver, type Delivered, isAllowed } from './deliver.js';
import type { Api } from './exchange.js';
import { type BoundedLog, boundedLog, type CallEntry, type Counter, callSize } from './journal.js';
import { type OutgoingMessage, outgoingMessage, type Wanted } from './outgoing.js';

/** What a request of the mock's own is, and what it belongs to. */
type CallOf = {
  readonly kind: 'callback' | 'webhook';
  readonly api: string;
  readonly name: string;
  /** Of a callback: the operation that it belongs to, and the exchange that it follows, if it follows one. */
  readonly operation: string | undefined;
  readonly after: number | undefined;
};

/** A request that is to be delivered; or why it cannot be. */
export type PreparedCall = CallOf & {
  readonly request: OutgoingMessage;
  readonly failure: Delivered | undefined;
};

/** What was asked of a mock and answered, as callbacks see it. */
export type Finished = { readonly operation: Operation; readonly scope: Scope };

export type Calls = {
  /** What has been delivered, or could not be. */
  readonly log: BoundedLog<CallEntry>;
  /** The callbacks of an operation that has been answered. */
  callbacksOf(api: Api, finished: Finished, exchange: number): readonly PreparedCall[];
  /** One callback or webhook, to a URL; or why there is no such request. */
  prepare(api: Api, of: CallbackOf | WebhookOf, url: string, wanted: Wanted): PreparedCall | string;
  /** Delivers a request; gives what came of it. Never throws. */
  deliver(call: PreparedCall): Promise<CallEntry>;
  /** Gives up what is under way. */
  stop(): void;
  /** Back to the start. */
  reset(): void;
};

export type CallbackOf = {
  readonly kind: 'callback';
  readonly operation: Operation;
  readonly callback: Callback;
};
export type WebhookOf = { readonly kind: 'webhook'; readonly webhook: Webhook };

export type CallSettings = {
  readonly seed: number;
  readonly secret: string;
  readonly fixed: Readonly<Record<string, string>>;
  readonly clock: MovableClock;
  readonly limit: number;
  readonly counter: Counter;
  readonly deliver: Deliver;
  /** The hosts besides this machine that may be called. */
  readonly hosts: readonly string[];
  /** Seconds to wait for an answer. */
  readonly timeout: number;
  readonly onCall: (entry: CallEntry) => void;
};

/** So many at once: who answers a callback with what leads to the next must not bring a mock down. */
const mostAtOnce = 64;

/** Makes what sends requests for a mock. */
export function createCalls(settings: CallSettings): Calls {
  const log = boundedLog<CallEntry>(settings.limit, callSize, settings.counter);
  let random = firstRandom(settings);
  let stopping = new AbortController();
  let underWay = 0;

  const made = (api: Api, of: CallOf, operation: Operation, url: string, wanted: Wanted) => {
    try {
      const outgoing = outgoingMessage(api.contract, operation, url, wanted, context(settings, random));
      if (outgoing.kind === 'impossible') return outgoing.why;
      return { ...of, request: outgoing.message, failure: refusalOf(url, settings.hosts) };
    } catch (error) {
      return `it cannot be made: ${messageOf(error)}`; // the answer that it follows is good all the same
    }
  };

  const outcomeOf = async (message: OutgoingMessage): Promise<Delivered> => {
    if (underWay >= mostAtOnce) return failed('busy', `${mostAtOnce} others are under way`);
    const timeout = AbortSignal.timeout(settings.timeout * 1000);
    const signal = AbortSignal.any([stopping.signal, timeout]);
    underWay += 1;
    const outcome = await Promise.race([sent(settings.deliver, message, signal), aborted(signal)]);
    underWay -= 1;
    if (!signal.aborted || outcome.kind === 'answered') return outcome;
    return timeout.aborted
      ? failed('timeout', `no answer came within ${settings.timeout} s`)
      : failed('stopped', 'the mock was stopped');
  };

  return {
    log,
    callbacksOf(api, { operation, scope }, exchange) {
      return operation.callbacks.flatMap((callback): readonly PreparedCall[] => {
        const of = callOf(api, { kind: 'callback', operation, callback }, exchange);
        const target = callbackUrl(callback.url, scope);
        if (target.kind === 'none') return [unsent(of, callback, target.why)];
        const call = made(api, of, callback.operation, target.url, {});
        return typeof call === 'string' ? [unsent(of, callback, call)] : [call];
      });
    },
    prepare(api, of, url, wanted) {
      const { operation } = of.kind === 'callback' ? of.callback : of.webhook;
      return made(api, callOf(api, of, undefined), operation, url, wanted);
    },
    async deliver({ failure, ...call }) {
      const at = settings.clock.now();
      const outcome = failure ?? (await outcomeOf(call.request));
      const entry = log.add((id) => ({ id, at, ...call, outcome }));
      settings.onCall(entry);
      return entry;
    },
    stop() {
      stopping.abort();
      stopping = new AbortController();
    },
    reset() {
      random = firstRandom(settings);
      log.clear();
    },
  };
}

/** Its own random numbers: what is delivered changes nothing of what is answered. */
function firstRandom({ seed }: CallSettings): Random {
  return seededRandom(seed ^ 0xca11);
}

function context({ clock, secret, fixed }: CallSettings, random: Random): GenerateContext {
  return { random, now: clock.now(), secret, fixed, dynamic: false };
}

function callOf({ contract }: Api, of: CallbackOf | WebhookOf, after: number | undefined): CallOf {
  const { kind } = of;
  if (of.kind === 'webhook')
    return { kind, api: contract.name, name: of.webhook.name, operation: undefined, after };
  return { kind, api: contract.name, name: of.callback.name, operation: of.operation.id, after };
}

function refusalOf(url: string, hosts: readonly string[]): Delivered | undefined {
  if (isAllowed(url, hosts)) return undefined;
  return failed('not-allowed', `${new URL(url).host} is not this machine, and not among the hosts to call`);
}

/** A callback that is not sent, with its URL as it is written. */
function unsent(of: CallOf, { url, operation }: Callback, why: string): PreparedCall {
  const request = { method: operation.method, url, fields: [], content: undefined };
  return { ...of, request, failure: failed('no-url', why) };
}

type Reason = Extract<Delivered, { readonly kind: 'failed' }>['reason'];

function failed(reason: Reason, detail: string): Delivered {
  return { kind: 'failed', reason, detail };
}

async function sent(deliver: Deliver, message: OutgoingMessage, signal: AbortSignal): Promise<Delivered> {
  try {
    return await deliver(message, signal);
  } catch (error) {
    return failed('no-answer', messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function aborted(signal: AbortSignal): Promise<Delivered> {
  return new Promise((resolve) => {
    const done = () => resolve(failed('stopped', 'the mock was stopped'));
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
