/** No request makes the server fail. */

import type { Ask, Check } from '../check.js';
import { documentedResponse, documentsNoSuccess } from './reading/standing.js';
import { outline } from './reading/words.js';

/**
 * Reports every answer of the class 5xx. That a contract documents 500 makes the failure known, not right; only a state
 * rule that leads there does, or that nothing but failures is documented: then it is all that a valid request can be answered
 * with. 501 is what a method that the server has never heard of gets.
 */
export const notAServerError: Check = {
  name: 'not-a-server-error',
  promise: 'No request makes the server fail.',
  specification: {
    sentence:
      'A status of the class 5xx says that the server knows that it has erred, or cannot do what was asked.',
    section: 'RFC 9110, section 15.6',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { response, situation, judgement, operation } = exchange;
  if (response === undefined || response.status < 500 || judgement.kind === 'explained') return [];
  if (response.status === 501 && situation.kind === 'undocumented-method') return [];
  const documented = documentedResponse(exchange);
  const isOnlyFailing = operation !== undefined && documented !== undefined && documentsNoSuccess(operation);
  if (isOnlyFailing && situation.kind === 'valid') return [];
  return [
    {
      at: documented?.at,
      title: `answered ${response.status}${occasions[situation.kind]}`,
      expected: 'an answer that is no failure of the server',
      actual: outline(response),
    },
  ];
};

const occasions = {
  'unknown-path': ' for a path that it does not have',
  'undocumented-method': ' for a method that the path does not have',
  'unsupported-content': ' to content of another media type',
  invalid: ' to a request that breaks the contract',
  valid: ' to a valid request',
} as const;
