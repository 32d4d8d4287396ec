/** What a document has wrong and is read in spite of: told once, and not at length. */

import { visible } from '../conformance/report/text.js';
import type { Contract } from '../openapi/contract.js';
import { locationText } from '../openapi/contract-error.js';

/** As many mistakes are told; --strict tells them all. */
const mostTold = 10;

/** The mistakes of a contract, one a line as `file:line:column: what. fix.`; undefined when it has none. */
export function mistakesText({ title, problems }: Contract): string | undefined {
  const { length: count } = problems;
  if (count === 0) return undefined;
  const told = problems
    .slice(0, mostTold)
    .map(({ location, what, fix }) => `  ${locationText(location)}: ${visible(`${what}. ${fix}.`)}`);
  const more = count > mostTold ? [`  and ${count - mostTold} more: --strict lists them all`] : [];
  const many = count === 1 ? 'a mistake; what it concerns' : `${count} mistakes; what they concern`;
  const name = visible(title === '' ? 'The document' : title);
  return [`${name} has ${many} is passed over (--strict refuses it):`, ...told, ...more].join('\n');
}
