/** Every response is one that the state rules permit now. */

import type { Check, Deviation, Exchange } from '../check.js';
import {
  documentedResponse,
  isBeyondContract,
  isInferredRule,
  isMissingHead,
  standingOf,
} from './reading/standing.js';
import { createTries } from './reading/tries.js';
import { isUnusualRefused } from './reading/unusual.js';
import { either, outline, shortened } from './reading/words.js';

/**
 * Reports responses that no permitted transition gives: another status, or values that the state does not have. Where only
 * the wording of a documented payload differs, that is for the check documented-example. Texts that were only tidied up,
 * data out of the ordinary that is refused, and refusals of who has guessed too often are notes.
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
  begin: () => {
    const tries = createTries();
    return (exchange) => deviationsOf(exchange, tries.isLockedOut(exchange));
  },
};

function deviationsOf(exchange: Exchange, isLockedOut: boolean): readonly Deviation[] {
  const { judgement, response, request } = exchange;
  if (judgement.kind !== 'unexplained' || response === undefined) return [];
  if (isBeyondContract(exchange) || isMissingHead(exchange)) return [];
  const { nearest, permitted, resembles } = judgement;
  const differences = judgement.differences.filter(
    ({ of }) => of === 'status' || (of === 'value' && request.method !== 'HEAD'),
  );
  const [first] = differences;
  if (first === undefined) return [];
  const names = either(permitted.map(({ choice }) => choice.transition.name));
  const answered = `answered ${resembles === undefined ? response.status : `as ${resembles.choice.transition.name}`}`;
  const isNearest = resembles === undefined || resembles.choice.transition === nearest.choice.transition;
  const isOnlyValue = first.of === 'value' && isNearest;
  const isTidied =
    isOnlyValue && differences.every(({ expected, actual }) => tidied(expected) === tidied(actual));
  const isLoose = isInferredRule(exchange) || isTidied || isLockedOut || isUnusualRefused(exchange);
  if (isTidied && nearest.choice.transition.resource !== undefined) return [];
  // A status that nobody documents is told by the check status-code-conformance.
  if (isLoose && documentedResponse(exchange) === undefined) return [];
  const title = isOnlyValue
    ? `${nearest.choice.transition.name} is answered with ${first.pointer === undefined ? 'another value' : `another ${first.pointer}`} than the state has`
    : `${answered}, though the rules permit only ${names}`;
  return [
    {
      ...standingOf(isLoose),
      at: nearest.choice.transition.at,
      title,
      pointer: first.pointer,
      expected: isOnlyValue ? shortened(first.expected) : either(permitted.map(described)),
      actual: isOnlyValue ? shortened(first.actual) : outline(response),
      wanted: isOnlyValue
        ? { statuses: [nearest.response.status], differences }
        : { statuses: permitted.map((possible) => possible.response.status) },
    },
  ];
}

/** A text without what servers take away from texts: control characters, spaces around them, forms of the same letter. */
function tidied(text: string): string {
  const plain = text.replace(/\\u00[01][\da-f]|\\[bfnrt]|\p{Cc}/giu, '').normalize('NFKC');
  return plain.replace(/\s+/g, ' ').replace(/^" | "$/g, '"');
}

type Possible = Extract<Exchange['judgement'], { kind: 'unexplained' }>['nearest'];

function described({ choice, example }: Possible): string {
  const { name, response } = choice.transition;
  return `${response.status}${example === undefined ? '' : `#${example}`} (${name})`;
}
