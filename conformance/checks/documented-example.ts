/** Where a rule answers with a documented example, the payload is that example. */

import type { DocumentedResponse, Example } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import type { Ask, Check, Difference } from '../check.js';
import { isInferredRule, loose } from './reading/standing.js';
import { isUnusualRefused } from './reading/unusual.js';
import { outline, shortened, shown } from './reading/words.js';

/**
 * Reports payloads that differ from the documented one only in what the example says: each of its words and members, or the
 * whole in one note where the example is only inferred.
 */
export const documentedExample: Check = {
  name: 'documented-example',
  promise: 'The payload is the documented one, word for word.',
  specification: {
    sentence: 'A transition answers with the documented example that it names, its own values laid over it.',
    section: 'State rules, x-transitions, response and content',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { judgement, request, response, body } = exchange;
  if (judgement.kind !== 'unexplained' || response === undefined || request.method === 'HEAD') return [];
  const { nearest, differences } = judgement;
  if (!differences.every(({ of }) => of === 'example') || isUnusualRefused(exchange)) return [];
  const example = exampleOf(nearest.response, nearest.example);
  const name = `${nearest.response.status}${nearest.example === undefined ? '' : `#${nearest.example}`}`;
  const at = example?.at ?? nearest.choice.transition.at;
  if (isInferredRule(exchange) || example?.provenance.kind === 'inferred') {
    // Content that is no value is of another media type, or none: that is told by the check content-type-conformance.
    if (body === undefined) return [];
    const title = `the payload is not that of ${name}`;
    const wanted = { statuses: [nearest.response.status], differences };
    return [{ ...loose, at, title, expected: shown(example?.value), actual: outline(response), wanted }];
  }
  return differences.map((difference) => told(difference, nearest.response, name, at));
};

function told(
  difference: Difference,
  { status }: DocumentedResponse,
  name: string,
  at: Place,
): ReturnType<Ask>[number] {
  const { pointer, expected, actual } = difference;
  return {
    at,
    pointer,
    title: `the payload is not that of ${name}${pointer === undefined || pointer === '' ? '' : `, at ${pointer}`}`,
    expected: shortened(expected),
    actual: shortened(actual),
    wanted: { statuses: [status], differences: [difference] },
  };
}

function exampleOf({ content }: DocumentedResponse, name: string | undefined): Example | undefined {
  return content.flatMap(({ examples }) => examples).find((example) => example.name === name);
}
