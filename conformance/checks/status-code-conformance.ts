/** Every status that is answered is documented. */

import type { Operation } from '../../openapi/contract.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import type { Ask, Check, Exchange } from '../check.js';
import { isProblem, isSuccess } from './reading/response.js';
import {
  documentedResponse,
  isBeyondContract,
  isMissingHead,
  isOnlyInferred,
  loose,
  type Standing,
  standingOf,
} from './reading/standing.js';
import { isUnusualRefused } from './reading/unusual.js';
import { either, outline } from './reading/words.js';

/**
 * Reports a status that the operation does not document. That a contract says nothing of how broken requests are refused
 * is common, and no fault of the server; problem details (RFC 9457) even explain themselves. 5xx is for the check
 * not-a-server-error, and a success for a broken request for negative-data-rejection. That a server limits how often it is
 * asked is told once in a run.
 */
export const statusCodeConformance: Check = {
  name: 'status-code-conformance',
  promise: 'Every status that is answered is one that the operation documents.',
  specification: {
    sentence: 'The responses of an operation are listed by status, with their range, or as the default.',
    section: 'OpenAPI 3.1, section 4.8.16',
  },
  severity: 'error',
  begin: () => {
    let isLimited = false;
    return (exchange) => {
      const isLimit = exchange.response?.status === 429;
      const deviations = isLimit && isLimited ? [] : ask(exchange);
      isLimited ||= isLimit && deviations.length > 0;
      return deviations;
    };
  },
};

const ask: Ask = (exchange) => {
  const { operation, response, situation } = exchange;
  if (response === undefined || response.status >= 500) return [];
  if (operation === undefined) return situation.kind === 'unknown-path' ? unknownPath(response) : [];
  if (documentedResponse(exchange) !== undefined || isMissingHead(exchange)) return [];
  const standing = standingOfStatus(exchange, operation, response);
  if (standing === undefined) return [];
  return [
    {
      ...standing,
      title: `answered ${response.status}, which is not documented${occasion(exchange)}`,
      expected: either(operation.responses.map(({ status }) => status)),
      actual: `${outline(response)}${leadingTo(response)}`,
      wanted: { statuses: wantedStatuses(exchange, operation) },
    },
  ];
};

/** Of the documented statuses those that the rules permit now, where they have an opinion. */
function wantedStatuses({ situation }: Exchange, { responses }: Operation): readonly string[] {
  const permitted = situation.permitted.map(({ response }) => response.status);
  return permitted.length > 0 ? permitted : responses.map(({ status }) => status);
}

/** What stands on a path that the contract does not have is not its affair; that there is something may be news. */
function unknownPath(response: ResponseMessage): ReturnType<Ask> {
  if (!isSuccess(response.status)) return [];
  return [
    {
      ...loose,
      title: `a path that the contract does not have is answered ${response.status}`,
      expected: '404',
      actual: outline(response),
      wanted: { statuses: ['404'] },
    },
  ];
}

/** Undefined where there is nothing to say. */
function standingOfStatus(
  exchange: Exchange,
  operation: Operation,
  response: ResponseMessage,
): Standing | undefined {
  const { status } = response;
  const { situation } = exchange;
  const isRefusal = status >= 400;
  const silence = isProblem(response) ? undefined : loose;
  if (isBeyondContract(exchange) || isUnusualRefused(exchange)) return silence;
  if (situation.kind !== 'valid') {
    if (isRefusal) return silence;
    return isSuccess(status) ? undefined : standingOf(isOnlyInferred(exchange));
  }
  const isRefusedCredential = status === 401 || status === 403;
  const isUnauthenticated = situation.authentication === 'missing' || situation.authentication === 'refused';
  if (isRefusedCredential && isUnauthenticated && !documentsRefusal(operation)) return silence;
  const isFreeToRefuse = isRefusal && operation.transitions.length === 0 && situation.permitted.length === 0;
  return isFreeToRefuse ? silence : standingOf(isOnlyInferred(exchange));
}

function documentsRefusal({ responses }: Operation): boolean {
  return responses.some(({ status }) => ['401', '403', '4XX', 'DEFAULT'].includes(status.toUpperCase()));
}

function occasion({ situation }: Exchange): string {
  if (situation.kind === 'invalid') return ', to a request that breaks the contract';
  return situation.kind === 'unsupported-content' ? ', to content of another media type' : '';
}

/** Where a redirect leads: to another host is worth knowing. */
function leadingTo({ status, fields }: ResponseMessage): string {
  const location = fieldValue(fields, 'location');
  if (status < 300 || status >= 400 || location === undefined) return '';
  const isElsewhere = URL.canParse(location) || location.startsWith('//');
  return isElsewhere ? `; to ${location}, which was not followed` : `; to ${location}`;
}
