/** Where a rule answers with a documented example, the payload is that example. */

import type { DocumentedResponse, Example } from '../../openapi/contract.js';
import type { Ask, Check } from '../check.js';
import { isInferredRule, standingOf } from './reading/standing.js';
import { shortened } from './reading/words.js';

/** Reports payloads that differ from the documented one only in what the example says: its words, its members. */
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
  const { judgement, request } = exchange;
  if (judgement.kind !== 'unexplained' || request.method === 'HEAD') return [];
  const { nearest, differences } = judgement;
  if (!differences.every(({ of }) => of === 'example')) return [];
  const example = exampleOf(nearest.response, nearest.example);
  const name = `${nearest.response.status}${nearest.example === undefined ? '' : `#${nearest.example}`}`;
  return differences.map(({ pointer, expected, actual }) => ({
    ...standingOf(isInferredRule(exchange) || example?.provenance.kind === 'inferred'),
    at: example?.at ?? nearest.choice.transition.at,
    pointer,
    title: `the payload is not that of ${name}${pointer === undefined || pointer === '' ? '' : `, at ${pointer}`}`,
    expected: shortened(expected),
    actual: shortened(actual),
  }));
};

function exampleOf({ content }: DocumentedResponse, name: string | undefined): Example | undefined {
  return content.flatMap(({ examples }) => examples).find((example) => example.name === name);
}
