/** Who must authenticate is told how. */

import { responseFor } from '../../openapi/contract.js';
import { fieldValue } from '../../openapi/message.js';
import type { Check, Exchange } from '../check.js';
import { outline } from './reading/words.js';

/**
 * Notes a 401 without a challenge, once in a run: much of the world leaves it out. Where the contract itself documents this
 * 401 and no such header, it has said what the whole response is, and a server that does so does as it is told.
 */
export const challengePresent: Check = {
  name: 'challenge-present',
  promise: 'A 401 says how to authenticate, unless the contract describes it without.',
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
  if (response?.status !== 401) return false;
  const challenge = fieldValue(response.fields, 'www-authenticate');
  if (challenge !== undefined && challenge.trim() !== '') return false;
  const documented = operation && responseFor(operation, 401);
  const isDescribed = documented?.status === '401' && documented.content.length > 0;
  return !isDescribed || documented.headers.some(({ name }) => /^www-authenticate$/i.test(name));
}
