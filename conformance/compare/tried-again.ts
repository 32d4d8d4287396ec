/** Partings taken down as they show: tried again on fresh values, and told in as few calls as show them. */

import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import type { Plan, Planned } from '../planned.js';
import { foreteller, lifetimesOf, slicesOf } from '../shrink/foretold.js';
import { type Attempt, shrink } from '../shrink.js';
import { flattened } from '../story/flat.js';
import type { CompareEvent } from './event.js';
import type { SideName } from './meeting.js';
import { type Kept, partingId, partingOf, standingOf } from './partings.js';
import type { Actor } from './side.js';
import { type Parted, runTogether, type TogetherOptions } from './together.js';

/** What the workflows of a comparison share. */
export type Work = {
  readonly contract: Contract;
  readonly plan: Plan;
  readonly actors: Readonly<Record<SideName, Actor>>;
  readonly together: TogetherOptions;
  /** The partings so far, by id. */
  readonly kept: Map<string, Kept>;
  /** How often a parting is tried again that does not show at once. Default 3. */
  readonly confirmations: number | undefined;
  readonly tell: (event: CompareEvent) => void;
};

const usualConfirmations = 3;

/** Whether a parting never showed again, though it was tried again. */
export function isUnstable({ shown, of }: Kept): boolean {
  return of > 1 && shown === 1;
}

/** Whether a difference is told already: as a parting that is none by chance, or beside one. */
export function isKept(kept: ReadonlyMap<string, Kept>, id: string): boolean {
  const own = kept.get(id);
  if (own !== undefined) return !isUnstable(own);
  return [...kept.values()].some((each) => !isUnstable(each) && besides(each.parted).includes(id));
}

function besides({ operation, others }: Parted): readonly string[] {
  return others.map((difference) => partingId(operation, difference));
}

/** Takes a parting down; a new one is tried again and made shorter. Whether it was new. */
export async function take(
  work: Work,
  planned: Planned,
  parted: Parted,
  { index, isTriedAgain }: { readonly index: number; readonly isTriedAgain: boolean },
): Promise<boolean> {
  const { kept, contract, plan, tell } = work;
  const id = partingId(parted.operation, parted.difference);
  const workflow = cutAfter(planned.workflow, parted, plan);
  const before = kept.get(id);
  const isFirm = before !== undefined && !isUnstable(before);
  const isShorter = before !== undefined && workflow.steps.length < before.workflow.steps.length;
  if (before !== undefined) before.count += 1;
  if (isFirm && !isShorter) return false;
  const standing = standingsOf(work, parted);
  const own: Kept = { id, planned, workflow, parted, standing, count: before?.count ?? 1, shown: 1, of: 1 };
  if (isTriedAgain) await confirm(work, own, index);
  if (before !== undefined && isUnstable(own)) {
    if (!isFirm) before.of += own.of - 1;
    return false;
  }
  kept.set(id, own);
  tell({ type: 'parting', parting: partingOf(contract, plan, own) });
  return !isFirm;
}

function standingsOf({ actors }: Work, { taken }: Parted): Kept['standing'] {
  const last = taken.at(-1)?.records;
  const standing = (side: SideName) => {
    const record = last?.[side].at(-1);
    return standingOf(record && actors[side].judged(record));
  };
  return { A: standing('A'), B: standing('B') };
}

type Again = Attempt & { readonly parted: Parted | undefined; readonly isSure: boolean };

/** Tries a parting again on fresh values; when it shows, steps are left out as long as it still does. */
async function confirm(work: Work, own: Kept, index: number): Promise<void> {
  const { contract, actors } = work;
  let tries = 0;
  const again = async (workflow: Workflow): Promise<Again> => {
    tries += 1;
    const before = actors.A.requests();
    const planned = { ...own.planned, workflow };
    const result = await runTogether(work.together, planned, `workflow ${index + 1}, attempt ${tries}`);
    const isOne = result.kind === 'parted' && partingId(result.operation, result.difference) === own.id;
    return {
      parted: isOne ? result : undefined,
      showed: isOne,
      step: isOne ? result.taken.at(-1)?.step.id : undefined,
      requests: actors.A.requests() - before,
      isOver: result.kind === 'stopped',
      isSure: result.kind === 'same' || result.kind === 'parted',
    };
  };
  for (let time = 0; time < (work.confirmations ?? usualConfirmations); time += 1) {
    const { parted, isSure } = await again(own.workflow);
    if (!isSure) break;
    own.of += 1;
    if (parted === undefined) continue;
    own.shown += 1;
    own.parted = parted;
    if (time === 0) break;
  }
  if (own.shown < own.of || own.of === 1 || own.workflow.steps.length < 2) return;
  const keep = (candidate: Workflow, parted: Parted): void => {
    own.workflow = cutAfter(candidate, parted, work.plan);
    own.parted = parted;
    own.standing = standingsOf(work, parted);
  };
  const shows = async (candidate: Workflow): Promise<Attempt> => {
    const attempt = await again(candidate);
    if (attempt.parted !== undefined) keep(candidate, attempt.parted);
    return attempt;
  };
  await shrink(own.workflow, shows, {
    mayShow: mayShow(work, own),
    slices: slicesOf(contract, own.workflow),
    lifetimes: lifetimesOf(contract),
    keepsLast: own.planned.phase !== 'walks',
  });
  const last = await again(own.workflow);
  if (last.isSure) own.of += 1;
  if (last.parted !== undefined) {
    own.shown += 1;
    keep(own.workflow, last.parted);
  }
}

/** What the rules foretell of A: a workflow that leads to another answer of it cannot show the same. */
function mayShow({ contract, actors }: Work, { workflow, parted }: Kept): (candidate: Workflow) => boolean {
  const record = parted.taken.at(-1)?.records.A.at(-1);
  const exchange = record && actors.A.judged(record);
  if (exchange === undefined) return () => true;
  return foreteller(contract, workflow, { check: { ...anyCheck, name: 'comparison' }, exchange });
}

const anyCheck = { severity: 'error', specification: { sentence: '', section: '' } } as const;

/** The workflow up to the step at which the servers parted, with what it calls in itself where that can be. */
function cutAfter(workflow: Workflow, { taken }: Parted, { setups }: Plan): Workflow {
  const last = taken.at(-1)?.step.id;
  const { workflow: flat, origins } = flattened(workflow, setups) ?? {
    workflow,
    origins: workflow.steps.map(({ id }) => id),
  };
  const index = origins.indexOf(last ?? '');
  if (index === -1) return workflow;
  return { ...flat, steps: flat.steps.slice(0, index + 1), outputs: [] };
}
