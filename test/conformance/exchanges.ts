/** Exchanges for the tests of checks: requests sent to a target, placed and judged by the contract like those of a run. */

import type { Check, CheckSettings, Deviation, Exchange } from '../../conformance/check.js';
import { checks } from '../../conformance/checks/index.js';
import { createBeliefs } from '../../conformance/judge/beliefs.js';
import { bodyOf } from '../../conformance/judge/exchange.js';
import { judge } from '../../conformance/judge/judgement.js';
import { situationOf } from '../../conformance/judge/situation.js';
import type { Outcome, Target } from '../../conformance/target.js';
import type { Contract, Field, Json, RequestMessage, ResponseMessage } from '../../openapi/index.js';

/** A request in short. */
export type Short = {
  /** Method and target: `POST /api/v1/login`. */
  readonly call: string;
  /** Text and bytes as they are, anything else as JSON with its media type. */
  readonly body?: Json | Uint8Array;
  readonly fields?: readonly Field[];
};

/** What every test may say of an exchange that the target does not. */
export type Known = Partial<
  Pick<Exchange, 'secrets' | 'clockMoved' | 'milliseconds' | 'startedAt' | 'situation'>
>;

/** A run in small: what is sent is judged, and the beliefs follow. */
export type Run = {
  /** A text that came from outside: the server may know it already. */
  given(text: string): void;
  send(request: Short, known?: Known): Promise<Exchange>;
};

const utf8 = new TextEncoder();

export function startRun(contract: Contract, target: Target): Run {
  const beliefs = createBeliefs(contract, () => Date.now(), 2000);
  return {
    given: (text) => beliefs.given(text),
    async send(short, known = {}) {
      const request = requestOf(short);
      const view = { state: beliefs, now: beliefs.now(), credentials: new Set(['good']) };
      const placed = situationOf(contract, request, view);
      const startedAt = Date.now();
      const outcome = await target(request, AbortSignal.timeout(5000));
      const response = outcome.kind === 'response' ? outcome.response : undefined;
      const body = response && bodyOf(response);
      const judgement =
        response === undefined
          ? ({ kind: 'silent' } as const)
          : judge(placed.situation, placed.scope, response, body, beliefs);
      return {
        contract,
        operation: placed.situation.operation,
        request,
        outcome,
        response,
        body,
        startedAt,
        milliseconds: 1,
        situation: placed.situation,
        judgement,
        secrets: [],
        clockMoved: false,
        ...known,
      };
    },
  };
}

export function requestOf({ call, body, fields = [] }: Short): RequestMessage {
  const [method = '', target = ''] = call.split(' ');
  const [path = '', query = ''] = target.split('?');
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const type: readonly Field[] = isRaw ? [] : [['content-type', 'application/json']];
  return { method, path, query, fields: [...type, ...fields], content: bytesOf(body) };
}

function bytesOf(body: Short['body']): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return utf8.encode(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A response with this content: text and bytes as they are, anything else as JSON; its media type is left as it is. */
export function withContent(response: ResponseMessage, body: Json | Uint8Array | undefined): ResponseMessage {
  return { ...response, content: bytesOf(body) };
}

/** A response with these fields, in the place of those of the same names; undefined takes a field away. */
export function withFields(
  response: ResponseMessage,
  fields: Readonly<Record<string, string | undefined>>,
): ResponseMessage {
  const names = Object.keys(fields).map((name) => name.toLowerCase());
  const added = Object.entries(fields).flatMap(([name, value]): Field[] =>
    value === undefined ? [] : [[name, value]],
  );
  const kept = response.fields.filter(([name]) => !names.includes(name.toLowerCase()));
  return { ...response, fields: [...kept, ...added] };
}

export function responded(response: ResponseMessage): Outcome {
  return { kind: 'response', response, faults: [] };
}

/** What checks have to say, by their names. */
export type Said = Deviation & {
  readonly check: string;
  readonly verdict: string;
  readonly severity: string;
};

/** Begins checks, all of them when none is named; the answer to an exchange is all that they say of it. */
export function begun(
  named: readonly Check[] = checks,
  settings: CheckSettings = { responseTime: undefined },
): (exchange: Exchange) => readonly Said[] {
  const asks = named.map((check) => ({ check, ask: check.begin(settings) }));
  return (exchange) =>
    asks.flatMap(({ check, ask }) =>
      ask(exchange).map((deviation) => ({
        verdict: 'violates',
        severity: check.severity,
        ...deviation,
        check: check.name,
      })),
    );
}
