/** Requests that are refused before any rule is asked: by the documented response where there is one, else by a problem. */

import { type Content, responseFor } from '../openapi/contract.js';
import { locationText } from '../openapi/contract-error.js';
import { type Field, fieldValue } from '../openapi/http/message.js';
import type { ProblemName } from '../openapi/http/problem.js';
import type { Violation } from '../openapi/http/validate.js';
import type { JsonObject } from '../openapi/json.js';
import { answer, problem } from './answer.js';
import type { Decision } from './decision.js';
import { type Answer, type Exchange, rawScope } from './exchange.js';
import { negotiateMediaType } from './negotiate.js';
import type { Selection } from './select.js';

export function challenge(exchange: Exchange, challenges: readonly string[]): Answer {
  const fields = challenges.map((each): Field => ['www-authenticate', each]);
  const detail = `${exchange.matched.operation.id} needs a credential: ${challenges.join(' or ')}.`;
  return documentedOr(exchange, 'authenticate', 'missing-credential', detail, {}, fields, [401, 403]);
}

export function contentTooLarge(exchange: Exchange): Answer {
  const detail = `The content is larger than ${exchange.context.contentLimit} bytes.`;
  return documentedOr(exchange, 'negotiate', 'content-too-large', detail, {}, [], [413]);
}

export function unsupportedMediaType(exchange: Exchange): Answer {
  const { request, matched } = exchange;
  const taken = mediaTypes(matched.operation.requestBody?.content ?? []);
  const sent = fieldValue(request.fields, 'content-type');
  const what = sent === undefined ? 'The content has no Content-Type' : `The content is ${sent}`;
  const detail = `${what}; ${matched.operation.id} takes ${taken.join(', ')}.`;
  return documentedOr(
    exchange,
    'negotiate',
    'unsupported-media-type',
    detail,
    {},
    [['accept', taken.join(', ')]],
    [415],
  );
}

/** Whether some success can be sent in a media type that the client accepts (RFC 9110, section 12.5.1). */
export function notAcceptable(exchange: Exchange): Answer | undefined {
  const { request, matched } = exchange;
  const accept = fieldValue(request.fields, 'accept');
  if (accept === undefined || accept === '*/*') return undefined;
  const successes = matched.operation.responses.filter(({ status }) => status.startsWith('2'));
  const offered = [...new Set(successes.flatMap(({ content }) => mediaTypes(content)))];
  if (offered.length === 0 || negotiateMediaType(accept, offered) !== undefined) return undefined;
  const detail = `The client accepts ${accept}; ${matched.operation.id} answers with ${offered.join(', ')}.`;
  return documentedOr(exchange, 'negotiate', 'not-acceptable', detail, { offered }, [], [406]);
}

/** Nobody reads on after so many, and a client must not make us write a thousand times of what it sends. */
const mostTold = 100;

export function invalid(exchange: Exchange, violations: readonly Violation[]): Answer {
  const told = violations.slice(0, mostTold);
  const untold = violations.length - told.length;
  const sentences = told.map(({ in: where, pointer, message }) =>
    `${where} ${pointer} ${message}`.replace('  ', ' '),
  );
  const errors = told.map(({ in: where, pointer, keyword, message }) => ({
    in: where,
    pointer: `#${pointer}`,
    keyword,
    detail: message,
  }));
  const more = untold === 0 ? '' : `; and ${untold} more`;
  const detail = `The request breaks ${exchange.matched.operation.id}: ${sentences.join('; ')}${more}.`;
  return documentedOr(exchange, 'validate', 'invalid-request', detail, { errors }, [], [422, 400], told);
}

/**
 * The documented response for a situation, else the problem. A response that a rule of the operation speaks of has a
 * meaning of its own, and is none for this situation.
 */
function documentedOr(
  exchange: Exchange,
  step: Decision['step'],
  name: ProblemName,
  detail: string,
  extensions: JsonObject,
  fields: readonly Field[],
  statuses: readonly number[],
  violations: readonly Violation[] = [],
): Answer {
  const { operation } = exchange.matched;
  const claimed = new Set(operation.transitions.map(({ response }) => response.status));
  for (const status of statuses) {
    const response = responseFor(operation, status);
    if (response === undefined || response.status === 'default' || claimed.has(response.status)) continue;
    const selection: Selection = { response, status, example: undefined, choice: undefined, detail };
    const found = answer(exchange, step, selection, rawScope(exchange), [], fields);
    return { ...found, decision: { ...found.decision, violations: located(exchange, violations) } };
  }
  const found = problem(exchange, step, name, detail, extensions, fields);
  return { ...found, decision: { ...found.decision, violations: located(exchange, violations) } };
}

function located(exchange: Exchange, violations: readonly Violation[]): Decision['violations'] {
  const { contract } = exchange.matched.api;
  return violations.map(({ in: where, pointer, keyword, message, place }) => {
    return { in: where, pointer, keyword, message, contract: locationText(contract.locate(place)) };
  });
}

function mediaTypes(content: readonly Content[]): string[] {
  return content.map(({ mediaType }) => mediaType);
}
