/** Data that breaks the contract is refused. */

import type { RequestMessage } from '../../openapi/http/message.js';
import type { Violation } from '../../openapi/http/validate.js';
import { pointerTokens } from '../../openapi/json.js';
import type { Ask, Check, Exchange } from '../check.js';
import { sentTexts } from './reading/request.js';
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

const ask: Ask = (exchange) => {
  const { response, situation, request } = exchange;
  if (situation.kind !== 'invalid' || response === undefined || !isSuccess(response.status)) return [];
  const violations = situation.violations.filter(
    (violation) => !isOurLimit(violation, request) && !isUnwritable(exchange, violation),
  );
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

/**
 * JSON that is nested deeper than we read is JSON all the same (RFC 8259, section 9), and a whole number of a parameter that is
 * larger than we can hold is one.
 */
function isOurLimit({ in: where, keyword, message }: Violation, request: RequestMessage): boolean {
  if (where !== 'body' && keyword === 'type' && /integer|number/.test(message))
    return sentTexts({ ...request, content: undefined }).some((text) =>
      /(?<![\d.])\d{16,}(?![\d.])/.test(text),
    );
  return keyword === 'json' && message.startsWith('is nested');
}

/**
 * What the style deepObject has no way to write, so that a server that reads it sees no parameter at all: other values than
 * objects, and in them other members than plain ones (OpenAPI 3.1, section 4.8.12.3).
 */
function isUnwritable({ operation, request }: Exchange, violation: Violation): boolean {
  if (violation.in !== 'query') return false;
  const [name = '', member, ...deeper] = pointerTokens(violation.pointer);
  const parameter = operation?.parameters.find((each) => each.in === 'query' && each.name === name);
  if (parameter?.form.style !== 'deepObject' || violation.keyword === 'required') return false;
  if (member === undefined || deeper.length > 0) return violation.keyword === 'type' || deeper.length > 0;
  return new URLSearchParams(request.query).getAll(`${name}[${member}]`).length !== 1;
}

function isLeftOpen({ keyword }: Violation): boolean {
  return keyword === 'format' || keyword === 'charset';
}
