/** Requests sent, answers judged and checked: what every step of every workflow comes down to. */

import type { Step } from '../openapi/arazzo/workflow.js';
import type { Contract } from '../openapi/contract.js';
import { fieldValue, type RequestMessage } from '../openapi/http/message.js';
import type { Scope } from '../openapi/rules/expression.js';
import type { Exchange } from './check.js';
import type { ExchangeRecord } from './event.js';
import type { Inspect, Inspected } from './inspect.js';
import type { Beliefs } from './judge/beliefs.js';
import { bodyOf, type Judged, judgeExchange } from './judge/exchange.js';
import { isExplained } from './judge/judgement.js';
import { type Placed, situationOf } from './judge/situation.js';
import type { Planned } from './planned.js';
import type { Outcome, Target } from './target.js';

/** Where in which workflow a request is sent, and what was exchanged in it before: a list that goes on growing. */
export type Occasion = {
  readonly planned: Planned;
  readonly step: Step;
  readonly before: readonly ExchangeRecord[];
};

/** What came of a step. */
export type Answered = {
  readonly kind: 'answered' | 'stopped';
  readonly records: readonly ExchangeRecord[];
  /** The last exchange, as expressions read it; undefined when it has no response. */
  readonly scope: Scope | undefined;
  readonly last: Exchange | undefined;
  /** Whether something was found that ends the workflow. */
  readonly deviates: boolean;
  /** Whether anything was found, notes too. */
  readonly isTold: boolean;
  /** Whether the server takes no more requests for now, and no rule has it so (RFC 6585, section 4). */
  readonly isLimited: boolean;
};

export type Asker = {
  send(request: RequestMessage, occasion: Occasion): Promise<Answered>;
  /** A success criterion that does not hold. */
  unmet(answered: Answered, why: string, occasion: Occasion): void;
};

export type AskerOptions = {
  readonly contract: Contract;
  readonly target: Target;
  readonly beliefs: Beliefs;
  readonly inspect: Inspect;
  /** Waits for its turn; false when the run is over. */
  readonly turn: () => Promise<boolean>;
  readonly clock: () => number;
  /** Waits so many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly credentials: { has(credential: string): boolean };
  readonly secrets: () => readonly string[];
  readonly clockMoved: () => boolean;
  readonly nextId: () => number;
  /** Told of each exchange, in the order in which they were sent. */
  readonly exchanged: (record: ExchangeRecord, exchange: Exchange) => void;
  /** Told of each deviation. */
  readonly found: (
    inspected: Inspected,
    exchange: Exchange,
    occasion: Occasion,
    records: readonly ExchangeRecord[],
  ) => void;
  readonly unmet: (exchange: Exchange, why: string, occasion: Occasion) => void;
};

type Sent = { readonly record: ExchangeRecord; readonly outcome: Outcome };

export function createAsker(options: AskerOptions): Asker {
  const sendOne = async (request: RequestMessage, { planned, step }: Occasion): Promise<Sent | undefined> => {
    if (!(await options.turn())) return undefined;
    const id = options.nextId();
    const startedAt = options.clock();
    const start = performance.now();
    const outcome = await options.target(request, options.signal);
    const milliseconds = performance.now() - start;
    if (options.signal.aborted) return undefined;
    const record: ExchangeRecord = {
      id,
      workflow: planned.workflow.id,
      phase: planned.phase,
      step: step.id,
      operation: step.call.kind === 'operation' ? step.call.operation.id : undefined,
      request,
      outcome,
      startedAt,
      milliseconds,
    };
    return { record, outcome };
  };

  const send: Asker['send'] = async (request, occasion) => {
    const { count, atOnce } = occasion.step.times;
    const sent: Sent[] = [];
    if (atOnce) {
      const all = await Promise.all(Array.from({ length: count }, () => sendOne(request, occasion)));
      sent.push(...all.flatMap((each) => each ?? []));
    }
    const records: ExchangeRecord[] = [];
    let last: Judged | undefined;
    let deviates = false;
    let isTold = false;
    const take = (each: Sent): void => {
      last = judged(options, request, each);
      records.push(each.record);
      const inspected = tell(options, last.exchange, occasion, records);
      isTold ||= inspected.length > 0;
      deviates ||= inspected.some(({ severity }) => severity === 'error');
    };
    if (atOnce) for (const each of inSomeOrder(options, request, sent)) take(each);
    else
      for (let time = 0; time < count && !deviates; time += 1) {
        const each = await sendOne(request, occasion);
        if (each === undefined) break;
        sent.push(each);
        take(each);
        for (let tries = 0; tries < mostTries && isLimited(last); tries += 1) {
          const seconds = patience(last);
          if (seconds === undefined) break;
          await options.sleep(seconds);
          const again = await sendOne(request, occasion);
          if (again === undefined) break;
          take(again);
        }
      }
    const isStopped = records.length === 0;
    return {
      kind: isStopped ? 'stopped' : 'answered',
      records,
      scope: last?.scope,
      last: last?.exchange,
      deviates,
      isTold,
      isLimited: isLimited(last),
    };
  };

  return {
    send,
    unmet({ last }, why, occasion) {
      if (last !== undefined) options.unmet(last, why, occasion);
    },
  };
}

/** How often a request is sent again that came too early, and the longest that is waited for it, in seconds. */
const mostTries = 3;
const longestPatience = 5;

function isLimited(judged: Judged | undefined): boolean {
  return judged?.exchange.response?.status === 429 && judged.exchange.judgement.kind !== 'explained';
}

/** For how long the server wants to be left alone (RFC 9110, section 10.2.3); undefined when that is too long, or not said. */
function patience(judged: Judged | undefined): number | undefined {
  const field = fieldValue(judged?.exchange.response?.fields ?? [], 'retry-after');
  const seconds = field !== undefined && /^\d+$/.test(field) ? Number(field) : Number.POSITIVE_INFINITY;
  return seconds <= longestPatience ? seconds : undefined;
}

function judged(options: AskerOptions, request: RequestMessage, { record, outcome }: Sent): Judged {
  const placed = placeNow(options, request);
  return judgeExchange(placed, { ...record, request, outcome }, options);
}

function placeNow({ contract, beliefs, credentials }: AskerOptions, request: RequestMessage): Placed {
  return situationOf(contract, request, { state: beliefs, now: beliefs.now(), credentials });
}

/** What was found, notes too. */
function tell(
  options: AskerOptions,
  exchange: Exchange,
  occasion: Occasion,
  records: readonly ExchangeRecord[],
): readonly Inspected[] {
  const record = records.at(-1);
  if (record !== undefined) options.exchanged(record, exchange);
  const inspected = options.inspect(exchange);
  if (inspected.length === 0) return inspected;
  const story = [...occasion.before, ...records];
  for (const each of inspected) options.found(each, exchange, occasion, story);
  return inspected;
}

/**
 * Answers to requests that were sent at the same moment, in an order that the rules permit: the server may have taken
 * them in any. What no order explains comes last.
 */
function inSomeOrder(options: AskerOptions, request: RequestMessage, sent: readonly Sent[]): Iterable<Sent> {
  return (function* (): Generator<Sent> {
    const left = [...sent];
    while (left.length > 0) {
      const { situation, scope } = placeNow(options, request);
      const next = left.findIndex(({ outcome }) => {
        if (outcome.kind !== 'response') return false;
        return isExplained(situation, scope, outcome.response, bodyOf(outcome.response, situation.operation));
      });
      const [each] = left.splice(Math.max(next, 0), 1);
      if (each !== undefined) yield each; // judged, and so in the beliefs, before the next is looked for
    }
  })();
}
