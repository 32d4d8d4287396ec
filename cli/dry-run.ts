/** The plan of a check as text: what would be sent, phase by phase. */

import { phases } from '../conformance/event.js';
import { outlineOf, type Plan, type Planned } from '../conformance/planned.js';
import { visible } from '../conformance/report/text.js';

/** Each workflow with its calls, and what no workflow could be made for. */
export function dryRunText({ workflows, setups, walks, unplanned }: Plan, seed: number): string {
  const all = [...workflows, ...some(walks.draw(false)), ...some(walks.draw(true))];
  const outlines = all.map((each) => outlineOf(each, setups));
  const calls = outlines.reduce((sum, { steps }) => sum + steps.length, 0);
  const sections = phases.flatMap((phase) => {
    const own = outlines.filter((outline) => outline.phase === phase);
    if (own.length === 0) return [];
    const lines = own.flatMap(({ summary, steps }) => [
      `  ${summary}`,
      ...steps.map((step) => `    ${step}`),
    ]);
    return [`${phase}: ${own.length} workflows`, ...lines, ''];
  });
  const gaps = unplanned.map(({ what, reason }) => `  ${what}: ${reason}`);
  const left = gaps.length === 0 ? [] : ['Not planned:', ...gaps, ''];
  const sum = `${outlines.length} workflows, about ${calls} requests, seed ${seed}. Nothing was sent.`;
  return `${[...sections, ...left, sum].map(visible).join('\n')}\n`;
}

/** More walks than these nobody reads. */
const mostWalks = 100;

function some(walks: Iterable<Planned>): readonly Planned[] {
  const drawn: Planned[] = [];
  for (const walk of walks) {
    if (drawn.length === mostWalks) break;
    drawn.push(walk);
  }
  return drawn;
}
