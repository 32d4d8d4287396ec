/** Who must authenticate is told how. */

import { fieldValue } from '../../openapi/http/message.js';
import type { Check, Exchange } from '../check.js';
import { outline } from './reading/words.js';

/**
 * Notes a 401 without a challenge, once in a run: much of the world leaves it out. It is asked of operations for which the
 * contract names a security scheme; for any other nobody could say which challenge is applicable.
 */
export const challengePresent: Check = {
  name: 'challenge-present',
  promise: 'A 401 says how to authenticate.',
  specification: {
    sentence: 'A server that answers 401 sends WWW-Authenticate with at least one challenge.',
    section: 'RFC 9110, section 15.5.2',
  },
  severity: 'note',
  begin: () => {
    let isTold = false;
    return (exchange) => {
      if (isTold || !lacksChallenge(exchange)) return [];
      isTold = true;
      return [
        {
          title: '401 comes without the field WWW-Authenticate',
          expected: 'WWW-Authenticate with a challenge',
          actual: exchange.response === undefined ? '' : outline(exchange.response),
        },
      ];
    };
  },
};

function lacksChallenge({ response, operation }: Exchange): boolean {
  if (response?.status !== 401 || operation === undefined) return false;
  if (!operation.security.some((requirement) => requirement.length > 0)) return false;
  return (fieldValue(response.fields, 'www-authenticate') ?? '').trim() === '';
}
