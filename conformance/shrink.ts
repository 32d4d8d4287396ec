/** A sequence made shorter and simpler, as long as what it showed still shows: the likely ways first, each tried once. */

import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { Duration } from '../openapi/duration.js';
import { leaving, type Move, resewing } from './shrink/leaving-out.js';
import { merging } from './shrink/merging.js';
import { contentOf, neededIn, tidied } from './shrink/references.js';
import { simplifying } from './shrink/simpler.js';

/** Runs a workflow: whether it still shows what it is about. */
export type Shows = (candidate: Workflow) => Promise<boolean | Attempt>;

/** What came of a workflow that was run. */
export type Attempt = {
  readonly showed: boolean;
  /** The step at which it showed; undefined when that is in a workflow which is called. */
  readonly step: string | undefined;
  /** How many requests were sent. */
  readonly requests: number;
  /** Whether nothing more can be tried: the run is over. */
  readonly isOver: boolean;
};

/** How much may be spent on one workflow. */
export type Budget = {
  readonly tries: number;
  readonly requests: number;
  readonly milliseconds: number;
};

/** At 50 milliseconds an answer the requests take as long as there is time. */
export const usualBudget: Budget = { tries: 100, requests: 400, milliseconds: 20_000 };

/** What is known beforehand; all of it may be left out. */
export type Shrinking = {
  /** False of what need not be tried, for it cannot show it. */
  readonly mayShow?: (candidate: Workflow) => boolean;
  /** Parts of the workflow that are likely to show it, the smallest first. */
  readonly slices?: readonly Workflow[];
  /** One value in the place of another where the rules say that it comes to the same, the boldest first. */
  readonly substituting?: (workflow: Workflow) => readonly Move[];
  /** How long things live by the contract, the shortest first. */
  readonly lifetimes?: readonly Duration[];
  /** Whether the values of the last step stay as they are. */
  readonly keepsLast?: boolean;
  readonly budget?: Budget;
  /** Milliseconds since whenever. */
  readonly now?: () => number;
};

/**
 * The workflow without steps, users and values that are not needed: the same workflow, or one that has shown it. The last step
 * stays. A step whose outputs others use goes with these, or they take them from another one.
 */
export async function shrink(workflow: Workflow, shows: Shows, shrinking: Shrinking = {}): Promise<Workflow> {
  const { slices = [], lifetimes = [], keepsLast = false, substituting = () => [] } = shrinking;
  const search = createSearch(workflow, shows, shrinking);
  for (const slice of slices) if (await search.take(slice)) break;
  // What is wrong in any case need not come from anywhere: then more can be left out.
  await search.pass(substituting(search.best()).slice(0, 1));
  for (let size = half(search.best().steps.length - 1); size > 1; size = half(size))
    await search.pass(stretches(search.best(), size));
  for (let needed = -1; needed !== neededIn(search.best()).size && !search.isOver(); ) {
    for (let before: Workflow | undefined; before !== search.best() && !search.isOver(); ) {
      before = search.best();
      await search.pass(stretches(before, 1));
      const left = search.best();
      await search.pass(substituting(left));
      if (search.best() !== left) continue;
      await search.pass(merging(left));
      await search.pass(resewing(search.best()));
    }
    // Other values alone make no step less needed, unless they are taken from nowhere.
    needed = neededIn(search.best()).size;
    await search.pass(simplifying(search.best(), { lifetimes, keepsLast }));
  }
  return search.best() === workflow ? workflow : tidied(search.best());
}

function half(size: number): number {
  return size <= 2 ? Math.max(0, size - 1) : Math.ceil(size / 2);
}

/** The ways to leave out so many steps at once, the later ones first. */
function stretches({ steps }: Workflow, size: number): readonly Move[] {
  const ids = steps.slice(0, -1).map(({ id }) => id);
  const starts = Array.from(
    { length: Math.ceil(ids.length / size) },
    (_, index) => index * size,
  ).toReversed();
  return starts.flatMap((start) => leaving(ids.slice(start, start + size)));
}

type Search = {
  /** The shortest workflow so far. */
  best(): Workflow;
  /** Tries a workflow; when it shows, it is the shortest from then on. */
  take(candidate: Workflow): Promise<boolean>;
  /** Tries moves one after the other on the shortest so far, each as often as it leads on. */
  pass(moves: readonly Move[]): Promise<void>;
  isOver(): boolean;
};

function createSearch(
  workflow: Workflow,
  shows: Shows,
  { mayShow = () => true, budget = usualBudget, now = () => performance.now() }: Shrinking,
): Search {
  const start = now();
  const seen = new Set([contentOf(workflow)]);
  let best = workflow;
  let tries = 0;
  let requests = 0;
  let isStopped = false;
  const isOver = (): boolean =>
    isStopped || tries >= budget.tries || requests >= budget.requests || now() - start > budget.milliseconds;
  const take: Search['take'] = async (candidate) => {
    if (isOver()) return false;
    const content = contentOf(candidate);
    if (seen.has(content)) return false;
    seen.add(content);
    const whole = tidied(candidate);
    if (!mayShow(whole)) return false;
    tries += 1;
    const told = await shows(whole);
    const attempt = typeof told === 'boolean' ? plainAttempt(told, whole) : told;
    requests += attempt.requests;
    isStopped ||= attempt.isOver;
    if (attempt.showed) best = upTo(candidate, attempt.step);
    return attempt.showed;
  };
  return {
    best: () => best,
    take,
    isOver,
    async pass(moves) {
      for (const move of moves) {
        for (let made = move(best); made !== undefined; made = move(best)) if (!(await take(made))) break;
      }
    },
  };
}

function plainAttempt(showed: boolean, { steps }: Workflow): Attempt {
  const requests = steps.reduce((sum, { times }) => sum + times.count, 0);
  return { showed, step: steps.at(-1)?.id, requests, isOver: false };
}

/** The workflow up to where it showed: that may be earlier than before. */
export function upTo(workflow: Workflow, step: string | undefined): Workflow {
  const index = workflow.steps.findIndex(({ id }) => id === step);
  if (index === -1 || index === workflow.steps.length - 1) return workflow;
  return { ...workflow, steps: workflow.steps.slice(0, index + 1), outputs: [] };
}
