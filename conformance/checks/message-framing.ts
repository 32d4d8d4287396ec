/** Messages are framed, and their fields stand, as HTTP has it. */

import type { Ask, Check } from '../check.js';
import { isOfMissingContent } from './reading/response.js';

/**
 * Reports what was wrong with the HTTP that came, whether or not it could be read in spite of that. Content where there can
 * be none is for the check no-content-is-empty.
 */
export const messageFraming: Check = {
  name: 'message-framing',
  promise: 'Every response is framed, encoded and labelled as HTTP has it.',
  specification: {
    sentence: 'The length of the content is what the fields say, and a field that has one value stands once.',
    section: 'RFC 9112, section 6, and RFC 9110, sections 5.3 and 8',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = ({ outcome }) =>
  outcome.faults
    .filter((fault) => !isOfMissingContent(fault))
    .map(({ name, detail, section }) => ({
      title: `the response breaks the framing of HTTP: ${name.replaceAll('-', ' ')}`,
      expected: `a message as ${section} has it`,
      actual: detail,
    }));
