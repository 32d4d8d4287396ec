/** Exchanges that are over, judged again by themselves: which transition each step of a workflow has made. */

import type { Step } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { plusDuration } from '../../openapi/duration.js';
import { isObject, type Json } from '../../openapi/json.js';
import { credentialOf } from '../../openapi/rules/credential.js';
import type { ExchangeRecord } from '../event.js';
import { createBeliefs } from '../judge/beliefs.js';
import { bodyOf } from '../judge/exchange.js';
import type { Judgement, Possible } from '../judge/judge.js';
import { judge } from '../judge/judgement.js';
import { situationOf } from '../judge/situation.js';

/** A step, what was exchanged in it, and the transition that explains each answer, where one does. */
export type Told = {
  readonly step: Step;
  readonly records: readonly ExchangeRecord[];
  readonly by: readonly (Possible | undefined)[];
};

/** Hands the exchanges to the steps that they belong to, in order; `origins` are the ids that the steps had when they were run. */
export function retold(
  contract: Contract,
  steps: readonly Step[],
  origins: readonly string[],
  exchanges: readonly ExchangeRecord[],
): readonly Told[] {
  const explained = explain(contract, steps, origins, exchanges);
  const hasTwins = new Set(origins).size < origins.length;
  let next = 0;
  return steps.map((step, index) => {
    const origin = origins[index];
    const own: ExchangeRecord[] = [];
    if (!hasTwins) own.push(...exchanges.filter((record) => record.step === origin));
    else {
      while (exchanges[next]?.step === origin && own.length < step.times.count) {
        const record = exchanges[next];
        if (record !== undefined) own.push(record);
        next += 1;
      }
    }
    return { step, records: own, by: own.map((record) => explained.get(record)) };
  });
}

/** How far the server's clock may be from ours, in milliseconds: what is near the end of its time may be over. */
const tolerance = 30_000;

function explain(
  contract: Contract,
  steps: readonly Step[],
  origins: readonly string[],
  exchanges: readonly ExchangeRecord[],
): ReadonlyMap<ExchangeRecord, Possible> {
  let now = 0;
  let before: ExchangeRecord | undefined;
  const beliefs = createBeliefs(contract, () => now, tolerance);
  const seen = new Set<string>();
  const explained = new Map<ExchangeRecord, Possible>();
  for (const record of exchanges) {
    now = record.startedAt;
    const wait = record.step === before?.step ? undefined : steps[origins.indexOf(record.step)]?.wait;
    const waited = wait === undefined ? 0 : plusDuration(now, wait) - now;
    // What was waited for in earnest has gone by on our own clock as well.
    beliefs.moved(Math.max(0, waited - (before === undefined ? 0 : now - before.startedAt)));
    before = record;
    // Whatever the server has not given out itself may be known to it already.
    for (const text of textsSent(contract, record)) if (!seen.has(text)) beliefs.given(text);
    const by = transitionOf(contract, record, beliefs);
    if (by.kind === 'explained') explained.set(record, by.by);
    for (const text of textsAnswered(record)) seen.add(text);
  }
  return explained;
}

function transitionOf(
  contract: Contract,
  { request, outcome }: ExchangeRecord,
  beliefs: ReturnType<typeof createBeliefs>,
): Judgement {
  if (outcome.kind !== 'response') return { kind: 'silent' };
  const view = { state: beliefs, now: beliefs.now(), credentials: { has: () => true } };
  const { situation, scope } = situationOf(contract, request, view);
  const body = bodyOf(outcome.response, situation.operation);
  return judge(situation, scope, outcome.response, body, beliefs);
}

function textsSent(contract: Contract, { request }: ExchangeRecord): readonly string[] {
  const credentials = contract.securitySchemes.flatMap((scheme) => credentialOf(scheme, request) ?? []);
  return [...credentials, ...textsIn(sentBody(request.content))];
}

function textsAnswered({ outcome }: ExchangeRecord): readonly string[] {
  return outcome.kind === 'response' ? textsIn(bodyOf(outcome.response)) : [];
}

/** The content of a request as JSON; undefined when it is something else. */
export function sentBody(content: Uint8Array | undefined): Json | undefined {
  if (content === undefined) return undefined;
  try {
    const value: Json = JSON.parse(new TextDecoder().decode(content));
    return value;
  } catch {
    return undefined;
  }
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
