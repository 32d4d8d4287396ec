/** An exchange with everything that is known of it: placed in the contract, judged by the state rules, ready for the checks. */

import { contentOfType, parseContent } from '../../openapi/content/content.js';
import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import { type Contract, type Operation, responseFor } from '../../openapi/contract.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { responseValues, scopeWith } from '../../openapi/rules/scope.js';
import type { Exchange, Judgement } from '../check.js';
import type { Beliefs } from './beliefs.js';
import { judge } from './judgement.js';
import type { Placed } from './situation.js';

/** What an exchange is judged with. */
export type Bench = {
  readonly contract: Contract;
  readonly beliefs: Beliefs;
  readonly secrets: () => readonly string[];
  readonly clockMoved: () => boolean;
};

/** What was sent and what came of it. */
export type Happened = Pick<Exchange, 'request' | 'outcome' | 'startedAt' | 'milliseconds'>;

/** An exchange, and what the expressions of its rules and criteria are evaluated over; undefined where there is no response. */
export type Judged = { readonly exchange: Exchange; readonly scope: Scope | undefined };

/** The exchange as the state rules see it; the beliefs are brought up to date. */
export function judgeExchange(placed: Placed, happened: Happened, bench: Bench): Judged {
  const { outcome } = happened;
  const response = outcome.kind === 'response' ? outcome.response : undefined;
  const body = response === undefined ? undefined : bodyOf(response, placed.situation.operation);
  const judgement: Judgement =
    response === undefined
      ? { kind: 'silent' }
      : judge(placed.situation, placed.scope, response, body, bench.beliefs);
  const exchange = exchangeOf(placed, happened, judgement, bench, body);
  const scope =
    response === undefined
      ? undefined
      : scopeWith(placed.scope, { response: responseValues(response, body) });
  return { exchange, scope };
}

/** The exchange with a judgement that is there already. */
export function exchangeOf(
  { situation }: Placed,
  { request, outcome, startedAt, milliseconds }: Happened,
  judgement: Judgement,
  { contract, secrets, clockMoved }: Bench,
  body: Json | undefined,
): Exchange {
  return {
    contract,
    operation: situation.operation,
    request,
    outcome,
    response: outcome.kind === 'response' ? outcome.response : undefined,
    body,
    startedAt,
    milliseconds,
    situation,
    judgement,
    secrets: secrets(),
    clockMoved: clockMoved(),
  };
}

/**
 * The content of a response as a value, read as the operation documents it; undefined when there is none, or when it is
 * not what its media type says.
 */
export function bodyOf(
  { status, fields, content }: ResponseMessage,
  operation?: Operation,
): Json | undefined {
  if (content === undefined) return undefined;
  const mediaType = parseMediaType(fieldValue(fields, 'content-type') ?? 'application/json');
  if (mediaType === undefined) return undefined;
  const documented = operation && responseFor(operation, status);
  const described = documented && contentOfType(documented.content, mediaType);
  const read = isJson(mediaType) ? { ...mediaType, parameters: [] } : mediaType;
  const parsed = parseContent(content, read, described);
  return parsed.kind === 'value' ? parsed.value : undefined;
}
