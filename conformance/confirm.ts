/** Findings tried again, with everything fresh: how often they show, and in how few calls. */

import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { Contract } from '../openapi/contract.js';
import type { Kept, Shown } from './findings.js';
import type { Planned } from './planned.js';
import { foreteller, lifetimesOf, slicesOf } from './shrink/foretold.js';
import { substituting } from './shrink/substituting.js';
import { type Budget, shrink, upTo, usualBudget } from './shrink.js';

/** What came of a workflow that was run again. */
type Again = {
  /** The finding as it showed; undefined when it did not. */
  readonly shown: Shown | undefined;
  /** Whether the workflow could be run until it would have shown. */
  readonly isSure: boolean;
  readonly requests: number;
  /** Whether the run is over. */
  readonly isOver: boolean;
};

/** Runs a workflow alone, for one finding, by its id. */
export type TryAgain = (planned: Planned, id: string) => Promise<Again>;

/**
 * Tries a finding again, once when it shows, and so many times when it does not: it is unstable then. One that is not is made
 * shorter, and what is left of it tried once more.
 */
export type Confirm = (kept: Kept, times: number, tryAgain: TryAgain) => Promise<void>;

/** How long the findings of a run are made shorter, in milliseconds. */
const longestShrinking = 120_000;

/** Tries the findings of a run. `left`: how many requests may still be sent; of these shortening takes no more than half. */
export function createConfirm(
  contract: Contract,
  left: () => number,
  now: () => number = () => performance.now(),
): Confirm {
  let spent = 0;
  return async (kept, times, tryAgain) => {
    // Two workflows at the same time may have found it.
    if (kept.isTried) return;
    kept.isTried = times > 0;
    const cut = cutAfter(kept.shown);
    const confirmed = await triedAgain(kept, cut, times, tryAgain);
    kept.confirmed = confirmed;
    kept.isTried = confirmed !== undefined;
    if (confirmed === undefined || confirmed.shown < confirmed.of) return;
    const start = now();
    const budget: Budget = {
      tries: usualBudget.tries,
      requests: Math.min(usualBudget.requests, left() / 2),
      milliseconds: Math.min(usualBudget.milliseconds, longestShrinking - spent),
    };
    const shortest = await shorter(kept, cut, { contract, tryAgain, budget, now });
    spent += now() - start;
    if (shortest === undefined) return;
    const last = await tryAgain(shortest.planned, kept.id);
    if (last.isSure && last.shown === undefined)
      kept.confirmed = { shown: confirmed.shown, of: confirmed.of + 1 };
  };
}

/** How often a finding showed, the first time among them; undefined when it was not tried again. */
async function triedAgain(
  kept: Kept,
  cut: Planned,
  times: number,
  tryAgain: TryAgain,
): Promise<Kept['confirmed']> {
  let shown = 1;
  let of = 1;
  for (let time = 0; time < times; time += 1) {
    const again = await tryAgain(cut, kept.id);
    if (!again.isSure) break;
    of += 1;
    if (again.shown !== undefined) shown += 1;
    if (again.shown !== undefined && time === 0) break;
  }
  return of === 1 ? undefined : { shown, of };
}

type Confirming = {
  readonly contract: Contract;
  readonly tryAgain: TryAgain;
  readonly budget: Budget;
  readonly now: () => number;
};

/** The finding in fewer calls, or in simpler ones; undefined when there is no such thing. */
async function shorter(
  kept: Kept,
  cut: Planned,
  { contract, tryAgain, budget, now }: Confirming,
): Promise<Shown | undefined> {
  let latest: Shown | undefined;
  const isWalk = cut.phase === 'walks';
  const shows = async (workflow: Workflow) => {
    const { shown, requests, isOver } = await tryAgain({ ...cut, workflow }, kept.id);
    latest = shown ?? latest;
    return { showed: shown !== undefined, step: shown?.step, requests, isOver };
  };
  await shrink(cut.workflow, shows, {
    mayShow: foreteller(contract, cut.workflow, kept.shown),
    slices: slicesOf(contract, cut.workflow),
    substituting: (workflow) => substituting(contract, workflow, !isWalk),
    lifetimes: lifetimesOf(contract),
    // What other workflows were made for is their last step, and their summary says so.
    keepsLast: !isWalk,
    budget,
    now,
  });
  if (latest === undefined) return undefined;
  const shortest = { ...latest, planned: retitled(cutAfter(latest)) };
  if (shortest.exchanges.length <= kept.shown.exchanges.length) kept.shown = shortest;
  return shortest;
}

/** The summary of a walk says how long it is. */
function retitled(planned: Planned): Planned {
  const { workflow, phase } = planned;
  if (phase !== 'walks') return planned;
  const name = workflow.summary?.split(/:|, made/)[0] ?? workflow.id;
  const count = workflow.steps.reduce((sum, { times }) => sum + times.count, 0);
  const calls = count === 1 ? 'one call' : `${count} calls`;
  return { ...planned, workflow: { ...workflow, summary: `${name}, made shorter: ${calls}` } };
}

/** The workflow in which something showed, up to where it did. */
function cutAfter({ planned, step, exchanges }: Shown): Planned {
  const workflow = upTo(planned.workflow, step);
  const last = workflow.steps.at(-1);
  if (last?.id !== step) return { ...planned, workflow };
  const sent = exchanges.length - 1 - exchanges.findLastIndex((each) => each.step !== step);
  const { count, atOnce } = last.times;
  const times = { count: atOnce ? count : Math.min(count, Math.max(1, sent)), atOnce };
  return {
    ...planned,
    workflow: { ...workflow, steps: [...workflow.steps.slice(0, -1), { ...last, times }] },
  };
}
