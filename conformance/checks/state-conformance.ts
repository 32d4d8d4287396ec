/** Every response is one that the state rules permit now. */

import type { Ask, Check, Exchange } from '../check.js';
import { isBeyondContract, isInferredRule, standingOf } from './reading/standing.js';
import { either, outline, shortened } from './reading/words.js';

/**
 * Reports responses that no permitted transition gives: another status, or values that the state does not have. Where only
 * the wording of a documented payload differs, that is for the check documented-example.
 */
export const stateConformance: Check = {
  name: 'state-conformance',
  promise: 'Every response is one that the state rules permit after all that went before.',
  specification: {
    sentence:
      'Of the transitions of an operation, the first whose guard holds is made, and alternatives besides.',
    section: 'State rules, x-transitions',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { judgement, response, request } = exchange;
  if (judgement.kind !== 'unexplained' || response === undefined || isBeyondContract(exchange)) return [];
  const { nearest, permitted, resembles } = judgement;
  const differences = judgement.differences.filter(
    ({ of }) => of === 'status' || (of === 'value' && request.method !== 'HEAD'),
  );
  const [first] = differences;
  if (first === undefined) return [];
  const names = either(permitted.map(({ choice }) => choice.transition.name));
  const answered = `answered ${resembles === undefined ? response.status : `as ${resembles.choice.transition.name}`}`;
  const isOnlyValue = first.of === 'value' && resembles === undefined;
  const title = isOnlyValue
    ? `${nearest.choice.transition.name} is answered with ${first.pointer === undefined ? 'another value' : `another ${first.pointer}`} than the state has`
    : `${answered}, though the rules permit only ${names}`;
  return [
    {
      ...standingOf(isInferredRule(exchange)),
      at: nearest.choice.transition.at,
      title,
      pointer: first.pointer,
      expected: isOnlyValue ? shortened(first.expected) : either(permitted.map(described)),
      actual: isOnlyValue ? shortened(first.actual) : outline(response),
    },
  ];
};

type Possible = Extract<Exchange['judgement'], { kind: 'unexplained' }>['nearest'];

function described({ choice, response, example }: Possible): string {
  return `${response.status}${example === undefined ? '' : `#${example}`} (${choice.transition.name})`;
}
