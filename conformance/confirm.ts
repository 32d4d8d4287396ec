/** Findings tried again, with everything fresh: how often they show, and in how few calls. */

import type { Workflow } from '../openapi/workflow.js';
import type { Kept } from './findings.js';
import type { Planned } from './planned.js';
import { shrink } from './shrink.js';

/** Runs a workflow alone: whether the finding showed; undefined when it could not be run to its end. */
export type TryAgain = (planned: Planned, id: string) => Promise<boolean | undefined>;

/** How long one finding is made shorter, in milliseconds. */
const longestShrinking = 3000;

/** Tries a finding again as often as is wanted, and looks for a shorter sequence when it shows every time. */
export async function confirm(
  kept: Kept,
  planned: Planned,
  times: number,
  tryAgain: TryAgain,
): Promise<void> {
  const cut = cutAfter(planned, kept.shown.step);
  let shown = 1;
  let of = 1;
  for (let time = 0; time < times; time += 1) {
    const showed = await tryAgain(cut, kept.id);
    if (showed === undefined) break;
    of += 1;
    if (showed) shown += 1;
    if (showed && time === 0) break;
  }
  if (of === 1) return;
  kept.confirmed = { shown, of };
  if (shown < of || planned.takesTime || cut.workflow.steps.length < 2) return;
  const start = performance.now();
  await shrink(cut.workflow, async (workflow: Workflow) => {
    if (performance.now() - start > longestShrinking) return false;
    return (await tryAgain({ ...cut, workflow }, kept.id)) === true;
  });
}

/** The workflow up to the step at which something showed. */
function cutAfter(planned: Planned, step: string): Planned {
  const { workflow } = planned;
  const index = workflow.steps.findIndex(({ id }) => id === step);
  if (index === -1) return planned;
  return { ...planned, workflow: { ...workflow, steps: workflow.steps.slice(0, index + 1), outputs: [] } };
}
