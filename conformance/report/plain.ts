/** A finding as plain lines, for the reports whose readers show text as it is. */

import { locationText } from '../../openapi/contract-error.js';
import type { Finding, Mask } from '../event.js';
import { compared } from './difference.js';
import { shownText } from './order.js';
import { curlOf, storyLines } from './story.js';
import { visible, visibleLines } from './text.js';

/** The longest text of what was expected, and of what came: the difference is always within it. */
const longest = 1000;

/** What was expected and what came, the calls, the curl line: everything but the title. Secrets are masked. */
export function detailLines(finding: Finding, root: string, mask: Mask): readonly string[] {
  const { sentence, section } = finding.specification;
  const [expected, actual] = compared(mask(finding.expected), mask(finding.actual), longest);
  const curl = curlOf(finding, root, mask);
  return [
    ...(finding.when === undefined ? [] : [`when      ${visible(mask(finding.when))}`]),
    `expected  ${visible(expected.text)}`,
    `actual    ${visible(actual.text)}`,
    ...(finding.pointer === undefined || finding.pointer === ''
      ? []
      : [`at        ${visible(mask(finding.pointer))}`]),
    `contract  ${visible(mask(locationText(finding.at)))}`,
    `why       ${visible(mask(`${sentence} (${section})`))}`,
    ...storyLines(finding, mask).map((line, index) => `${index === 0 ? 'calls   ' : '        '}  ${line}`),
    ...(curl === undefined ? [] : [`repeat    ${visibleLines(curl)}`]),
    `${shownText(finding).replace(/^shown /, 'shown     ')}`,
    `id        ${visible(finding.id)}`,
  ];
}

/** The title of a finding as one line, secrets masked. */
export function titleOf(finding: Finding, mask: Mask): string {
  return visible(mask(finding.title));
}
