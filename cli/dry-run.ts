/** The plan of a check as text: what would be sent, phase by phase. */

import { phases } from '../conformance/event.js';
import { outlineOf, type Plan } from '../conformance/planned.js';
import { visible } from './terminal.js';

/** Each workflow with its calls, and what no workflow could be made for. */
export function dryRunText({ workflows, setups, unplanned }: Plan, seed: number): string {
  const outlines = workflows.map((each) => outlineOf(each, setups));
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
