/** Data that breaks the contract is refused. */

import type { Violation } from '../../openapi/validate.js';
import type { Ask, Check } from '../check.js';
import { isSuccess } from './reading/response.js';
import { loose, standingOf } from './reading/standing.js';
import { outline, shortened } from './reading/words.js';

/**
 * Reports requests that break the contract and succeed. What is only inferred to be required is a note when it is missing;
 * so is a `format`, which is an annotation unless a server makes more of it (JSON Schema 2020-12 Validation, section 7.2.1),
 * and text in another encoding, which a server may know how to read.
 */
export const negativeDataRejection: Check = {
  name: 'negative-data-rejection',
  promise: 'Data that the contract does not allow is refused.',
  specification: {
    sentence:
      'Parameters and request bodies must fit their schemas, and those that are required must be sent.',
    section: 'OpenAPI 3.1, sections 4.8.12 and 4.8.13',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = ({ response, situation, request }) => {
  if (situation.kind !== 'invalid' || response === undefined || !isSuccess(response.status)) return [];
  const violations = situation.violations.filter((violation) => !isOurLimit(violation));
  const first = violations.find((violation) => !isLeftOpen(violation)) ?? violations[0];
  if (first === undefined) return [];
  const broken = `${first.in} ${first.pointer} ${first.message}`.replace('  ', ' ');
  return [
    {
      ...(isLeftOpen(first) ? loose : standingOf(situation.inferred)),
      at: first.place,
      title: `a request that breaks the contract is answered ${response.status}: ${shortened(broken)}`,
      expected: `a refusal, for ${shortened(broken)}`,
      actual: `${request.method} is answered ${outline(response)}`,
    },
  ];
};

/** JSON that is nested deeper than we read is JSON all the same (RFC 8259, section 9). */
function isOurLimit({ keyword, message }: Violation): boolean {
  return keyword === 'json' && message.startsWith('is nested');
}

function isLeftOpen({ keyword }: Violation): boolean {
  return keyword === 'format' || keyword === 'charset';
}
