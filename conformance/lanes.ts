/** The workflows of a plan, one after the other or several at the same time; findings are tried again as they show. */

import { type Confirm, createConfirm, type TryAgain } from './confirm.js';
import type { RunEvent } from './event.js';
import { execute, type Stage } from './execute.js';
import type { Ledger } from './ledger.js';
import type { CheckOptions } from './options.js';
import { outlineOf, type Plan, type Planned } from './planned.js';
import { costOf, gradualQueues, type Queue, queueOf, unaffordable } from './queue.js';
import { roundsOf } from './rounds.js';
import type { Ending } from './running.js';
import type { Turns } from './turns.js';

/** What the workflows of a run share. */
export type Running = {
  readonly stage: Stage;
  readonly plan: Plan;
  readonly options: CheckOptions;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly tell: (event: RunEvent) => void;
  /** How many requests have been sent. */
  readonly sent: () => number;
};

/** Runs all workflows: first, side by side, those that take no time; then, one by one, those that do. */
export async function runWorkflows(running: Running): Promise<void> {
  const { plan, options, turns, stage } = running;
  const { maxRequests = Number.POSITIVE_INFINITY } = options;
  const confirm = createConfirm(stage.contract, () => maxRequests - running.sent());
  let begun = 0;
  const lane = async (queue: Queue): Promise<void> => {
    for (let each = queue.next(); each !== undefined; each = queue.next()) {
      if (turns.stopped() !== undefined) return;
      begun += 1;
      await runWorkflow(running, confirm, each, begun - 1);
    }
  };
  const queueWhere = (takesTime: boolean): Queue => {
    const workflows = plan.workflows.filter((each) => each.takesTime === takesTime);
    return queueOf(workflows, { setups: plan.setups, scarce: options.scarce, isOpen: isOpenAt(stage) });
  };
  const atOnce = Math.max(1, options.concurrency ?? 1);
  const lanes = async (queue: Queue): Promise<void> => {
    await Promise.all(Array.from({ length: atOnce }, () => lane(queue)));
  };
  const isGradual = plan.gradually !== undefined && options.scarce === undefined;
  const [inNoTime, inTime] = isGradual
    ? gradualQueues(plan.gradually())
    : [queueWhere(false), queueWhere(true)];
  await lanes(inNoTime);
  await lane(inTime);
  if (turns.stopped() !== undefined) return; // no walk is drawn in vain

  const { walks, setups } = plan;
  const end = performance.now() + (walks.time ?? Number.POSITIVE_INFINITY);
  for (const { workflows, takesTime } of roundsOf(walks, atOnce)) {
    const queue = queueOf(workflows, { setups, scarce: undefined, isOpen: isOpenAt(stage) });
    await (takesTime ? lane(queue) : lanes(queue));
    if (turns.stopped() !== undefined || performance.now() > end) return;
    // A walk that takes more values than are left has said so; the next ones would say the same.
    const { scarce } = options;
    if (scarce && workflows.some((each) => unaffordable(each, setups, scarce, isOpenAt(stage)))) return;
  }
}

/** Whether what a setup has left to others still holds. */
function isOpenAt({ shared, now }: Stage): (workflowId: string) => boolean {
  return (workflowId) => shared.has(workflowId, now());
}

async function runWorkflow(
  running: Running,
  confirm: Confirm,
  planned: Planned,
  index: number,
): Promise<void> {
  const { stage, plan, options, ledger, tell, sent } = running;
  const { scarce } = options;
  const outline = outlineOf(planned, plan.setups);
  tell({ type: 'workflow-started', workflow: outline, index });
  const before = sent();
  const mark = ledger.mark();
  const showed = ledger.collect(planned);
  const refusal = scarce && unaffordable(planned, plan.setups, scarce, isOpenAt(stage));
  const ending: Ending =
    refusal === undefined
      ? await execute(stage, planned, `workflow ${index + 1}`, false)
      : { kind: 'not-exercised', reason: refusal, exchanges: [] };
  if (ending.kind === 'stopped') return;
  const isDear = scarce !== undefined && costOf(planned.workflow, plan.setups, scarce) > 0;
  const times = isDear ? 0 : (options.confirmations ?? usualTimes);
  const tryAgain = tryAgainIn(running, index);
  for (const kept of ledger.newErrors(mark)) await confirm(kept, times, tryAgain);
  if (ending.kind === 'not-exercised') ledger.missed(planned, outline, ending.reason);
  const outcome = ending.kind === 'done' ? 'conforms' : ending.kind;
  const findings = [...showed];
  tell({ type: 'workflow-finished', workflow: outline, requests: sent() - before, outcome, findings });
}

/** How often a finding is tried again that does not show at once. */
const usualTimes = 5;

/** Runs a workflow with everything fresh, for one finding only. */
function tryAgainIn({ stage, ledger }: Running, index: number): TryAgain {
  let tries = 0;
  return async (planned, id) => {
    stage.shared.clear();
    const again = { ...planned };
    tries += 1;
    const attempt = `workflow ${index + 1}, attempt ${tries}`;
    const { shown, result } = await ledger.attempt(again, () => execute(stage, again, attempt, true));
    stage.shared.clear();
    const found = shown.get(id);
    return {
      shown: found,
      isSure: result.kind !== 'stopped' && (result.kind !== 'not-exercised' || found !== undefined),
      requests: result.exchanges.length,
      isOver: result.kind === 'stopped',
    };
  };
}
