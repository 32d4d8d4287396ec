/** One exchange that has passed, judged: by schema and state where both are certain, by less where they are not. */

import type { Contract } from '../../openapi/contract.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import type { Exchange, Judgement } from '../check.js';
import type { ExchangeRecord } from '../event.js';
import type { Inspect, Inspected } from '../inspect.js';
import { type Bench, bodyOf, exchangeOf, judgeExchange } from '../judge/exchange.js';
import type { Situation } from '../judge/judge.js';
import { type Placed, situationOf } from '../judge/situation.js';
import { targetsOf } from '../plan/goal.js';
import type { Onlooker } from './onlooker.js';
import type { Passage } from './passage.js';
import type { ServerClock } from './server-clock.js';
import { any, possibleWrites, remembering, shared, type Touch, touchesOf } from './touch.js';

/** What was made of an exchange. */
export type Verdict = {
  readonly exchange: Exchange | undefined;
  readonly inspected: readonly Inspected[];
  /** Why it was judged by less than everything, or by nothing. */
  readonly reservation: string | undefined;
  readonly reads: readonly Touch[];
  readonly writes: readonly Touch[];
};

export type Judge = (record: ExchangeRecord, passage: Passage, isKnown: boolean, others: Others) => Verdict;

/** What was under way at the same time. */
export type Others = { readonly writes: readonly Touch[]; readonly areSafe: boolean };

export type JudgeOptions = {
  readonly contract: Contract;
  readonly beliefs: Onlooker;
  readonly serverClock: ServerClock;
  readonly inspect: Inspect;
};

/** The checks that need no content of the response; and those that need none of the request either. */
const byHead = [
  'message-framing',
  'no-response',
  'not-a-server-error',
  'response-headers-conformance',
  'response-time',
  'status-code-conformance',
  'unsupported-method',
];
const byStatus = byHead.slice(0, 4);

/** The checks that compare an answer with those before it, or with what the state must be. */
const inOrder = ['head-mirrors-get', 'stability'];
const byState = [
  ...inOrder,
  'challenge-present',
  'documented-example',
  'ignored-authentication',
  'state-conformance',
];

const stranger = { has: () => 'unknown' as const };

export function createJudge({ contract, beliefs, serverClock, inspect }: JudgeOptions): Judge {
  const bench: Bench = { contract, beliefs, secrets: () => [], clockMoved: serverClock.isMoved };

  const doubt = (touches: readonly Touch[]): void => {
    for (const { collection, key } of touches)
      if (key === any) beliefs.doubtAll(collection);
      else beliefs.doubt(collection, key);
  };

  /** An exchange of which nobody knows what it did. */
  const doubtful = (
    placed: Placed,
    record: ExchangeRecord,
    writes: readonly Touch[],
    reads: readonly Touch[],
    checks: { readonly without?: readonly string[]; readonly only?: readonly string[] },
    reservation: string,
  ): Verdict => {
    doubt(writes);
    const { operation } = placed.situation;
    const body = record.outcome.kind === 'response' ? bodyOf(record.outcome.response, operation) : undefined;
    const judgement: Judgement = { kind: 'silent' };
    const exchange = exchangeOf(
      { ...placed, situation: openSituation(placed) },
      record,
      judgement,
      bench,
      body,
    );
    const inspected = inspect(exchange).filter(
      ({ check: { name } }) =>
        checks.without?.includes(name) !== true && (checks.only?.includes(name) ?? true),
    );
    return { exchange, inspected, reservation, reads, writes };
  };

  return (record, { unkept, isHandedOver, isOwn }, isKnown, others) => {
    const unjudged = (reservation: string): Verdict => {
      return { exchange: undefined, inspected: [], reservation, reads: [], writes: [] };
    };
    const { request, outcome } = record;
    if (matchRequest(contract, request) === undefined) return unjudged('not in the contract');
    if (isOwn) return unjudged('the target cannot be reached');
    if (isHandedOver) return unjudged('another protocol from here on');
    const response = outcome.kind === 'response' ? outcome.response : undefined;
    if (response !== undefined)
      serverClock.take(response, bodyOf(response), record.startedAt + record.milliseconds);

    const { reader, reads } = remembering(beliefs);
    const placed = situationOf(contract, request, {
      state: reader,
      now: beliefs.now(),
      credentials: stranger,
    });
    const possible = (): readonly Touch[] => possibleWrites(contract, request, isKnown);
    if (outcome.kind === 'failure') {
      const isAborted = outcome.failure === 'aborted';
      return doubtful(placed, record, possible(), reads, {}, isAborted ? 'broken off' : 'no whole answer');
    }
    if (unkept.request !== undefined)
      return doubtful(
        asValid(placed),
        record,
        possible(),
        reads,
        { only: byStatus },
        'request content not kept',
      );
    if (unkept.response !== undefined)
      return doubtful(placed, record, possible(), reads, { only: byHead }, 'response content not kept');
    const disturbed = others.writes.length === 0 ? [] : shared([...reads, ...possible()], others.writes);
    if (disturbed.length > 0) {
      doubt(disturbed);
      const reservation = 'state uncertain, others were under way';
      return doubtful(placed, record, possible(), reads, { without: byState }, reservation);
    }
    if (isRefusedStranger(placed.situation, outcome.response.status))
      return doubtful(placed, record, possible(), reads, { without: byState }, 'credential unknown');

    const { exchange } = judgeExchange(placed, record, bench);
    if (isSurprisedByTime(exchange)) {
      beliefs.loseClock();
      const reservation = 'the server’s clock is unknown';
      return doubtful(placed, record, possible(), reads, { without: byState }, reservation);
    }
    const inspected = inspect(exchange).filter(
      ({ check }) => others.areSafe || !inOrder.includes(check.name),
    );
    const writes =
      exchange.judgement.kind === 'explained' ? touchesOf(exchange.judgement.changes) : possible();
    return { exchange, inspected, reservation: undefined, reads, writes };
  };
}

/** The situation when nobody knows what the credential is worth, and which transitions are permitted. */
function openSituation({ situation }: Placed): Situation {
  const { authentication } = situation;
  const isOpen = authentication === 'accepted' || authentication === 'refused';
  return { ...situation, permitted: [], authentication: isOpen ? 'uncertain' : authentication };
}

/** Content that was not kept breaks nothing that anybody knows of. */
function asValid(placed: Placed): Placed {
  const { situation } = placed;
  return situation.kind === 'invalid' || situation.kind === 'unsupported-content'
    ? { ...placed, situation: { ...situation, kind: 'valid', violations: [], inferred: false } }
    : placed;
}

/** Where no rule says which credentials are good, a refusal may be right. */
function isRefusedStranger({ authentication, permitted }: Situation, status: number): boolean {
  if (authentication !== 'uncertain' || (status !== 401 && status !== 403)) return false;
  return !permitted.some(({ of }) => of === 'security');
}

/** Whether the answer is that of a rule about what is over, which by our clock it is not. */
function isSurprisedByTime({ judgement, operation }: Exchange): boolean {
  if (judgement.kind !== 'unexplained' || operation === undefined) return false;
  const like = judgement.resembles?.choice.transition.response;
  return targetsOf(operation).some(
    ({ transition: { response, guard } }) =>
      response.status === like?.status &&
      response.example === like.example &&
      guard.some((condition) => condition.kind === 'in' && condition.expired),
  );
}
