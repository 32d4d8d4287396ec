/** The workflows of a plan, one after the other or several at the same time; findings are tried again as they show. */

import { type Confirm, createConfirm, type TryAgain } from './confirm.js';
import type { ExchangeRecord, RunEvent } from './event.js';
import { execute, type Stage } from './execute.js';
import type { Ledger } from './ledger.js';
import type { CheckOptions } from './options.js';
import type { Places } from './places.js';
import { outlineOf, type Plan, type Planned } from './planned.js';
import { costOf, queueOf, unaffordable } from './queue.js';
import { roundsOf } from './rounds.js';
import type { Ending } from './running.js';
import type { Shared } from './shared.js';
import type { Turns } from './turns.js';

/** What the workflows of a run share. */
export type Running = {
  readonly stage: Omit<Stage, 'shared'>;
  readonly shared: Shared;
  readonly places: Places;
  readonly plan: Plan;
  readonly options: CheckOptions;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly tell: (event: RunEvent) => void;
  /** How many requests have been sent. */
  readonly sent: () => number;
};

/** Runs all workflows, each begun when there is a place for it. */
export async function runWorkflows(running: Running): Promise<void> {
  const { options, turns, stage, places } = running;
  const { maxRequests = Number.POSITIVE_INFINITY } = options;
  const confirm = createConfirm(stage.contract, () => maxRequests - running.sent());
  const countNew = counterOfNew();
  const left = inTurn(running);
  let begun = 0;
  await places.fill(() => {
    const next = turns.stopped() === undefined ? left.next() : undefined; // no walk is drawn in vain
    if (next === undefined || next.done === true) return undefined;
    const index = begun;
    begun += 1;
    return () => runWorkflow(running, confirm, countNew, next.value, index);
  });
}

/** All workflows: those in which no time passes, those in which it does, and then the walks, for as long as there is time. */
function* inTurn(running: Running): Generator<Planned> {
  const { plan, options } = running;
  const { walks, setups } = plan;
  const { scarce } = options;
  const isOpen = isOpenIn(running);
  if (plan.gradually !== undefined && scarce === undefined) yield* plan.gradually();
  else
    for (const takesTime of [false, true]) {
      const workflows = plan.workflows.filter((each) => each.takesTime === takesTime);
      yield* queueOf(workflows, { setups, scarce, isOpen });
    }
  const end = performance.now() + (walks.time ?? Number.POSITIVE_INFINITY);
  for (const round of roundsOf(walks)) {
    yield* round;
    if (performance.now() > end) return;
    // A walk that takes more values than are left has said so; the next ones would say the same.
    if (scarce && round.some((each) => unaffordable(each, setups, scarce, isOpen))) return;
  }
}

/** Whether what a setup has left to others still holds. */
function isOpenIn({ shared, stage }: Running): (workflowId: string) => boolean {
  return (workflowId) => shared.has(workflowId, stage.now());
}

/** Runs a workflow with what others have left, which nobody else uses meanwhile. */
async function performed(
  { stage, shared }: Running,
  planned: Planned,
  cast: string,
  alone: boolean,
): Promise<Ending> {
  const borrowed = shared.borrow();
  try {
    return await execute({ ...stage, shared: borrowed }, planned, cast, alone);
  } finally {
    borrowed.giveBack();
  }
}

/** Counts the exchanges of a workflow, but for those that others had before it and left to it. */
function counterOfNew(): (exchanges: readonly ExchangeRecord[]) => number {
  const known = new Set<number>();
  return (exchanges) => {
    const before = known.size;
    for (const { id } of exchanges) known.add(id);
    return known.size - before;
  };
}

async function runWorkflow(
  running: Running,
  confirm: Confirm,
  countNew: (exchanges: readonly ExchangeRecord[]) => number,
  planned: Planned,
  index: number,
): Promise<void> {
  const { plan, options, ledger, tell } = running;
  const { scarce } = options;
  const outline = outlineOf(planned, plan.setups);
  tell({ type: 'workflow-started', workflow: outline, index });
  const mark = ledger.mark();
  const showed = ledger.collect(planned);
  const refusal = scarce && unaffordable(planned, plan.setups, scarce, isOpenIn(running));
  let requests = 0;
  const ending: Ending =
    refusal === undefined
      ? await performed(running, planned, `workflow ${index + 1}`, false)
      : { kind: 'not-exercised', reason: refusal, exchanges: [] };
  requests += countNew(ending.exchanges);
  if (ending.kind === 'stopped') return;
  const isDear = scarce !== undefined && costOf(planned.workflow, plan.setups, scarce) > 0;
  const times = isDear ? 0 : (options.confirmations ?? usualTimes);
  const tryOnce = tryAgainIn(running, index);
  const tryAgain: TryAgain = async (again, id) => {
    const tried = await tryOnce(again, id);
    requests += tried.requests;
    return tried;
  };
  for (const kept of ledger.newErrors(mark)) await confirm(kept, times, tryAgain);
  if (ending.kind === 'not-exercised') ledger.missed(planned, outline, ending.reason);
  const outcome = ending.kind === 'done' ? 'conforms' : ending.kind;
  const findings = [...showed];
  tell({ type: 'workflow-finished', workflow: outline, requests, outcome, findings });
}

/** How often a finding is tried again that does not show at once. */
const usualTimes = 5;

/** Runs a workflow with everything fresh, for one finding only. */
function tryAgainIn(running: Running, index: number): TryAgain {
  const { shared, ledger } = running;
  let tries = 0;
  return async (planned, id) => {
    shared.clear();
    const again = { ...planned };
    tries += 1;
    const attempt = `workflow ${index + 1}, attempt ${tries}`;
    const { shown, result } = await ledger.attempt(again, () => performed(running, again, attempt, true));
    shared.clear();
    const found = shown.get(id);
    return {
      shown: found,
      isSure: result.kind !== 'stopped' && (result.kind !== 'not-exercised' || found !== undefined),
      requests: result.exchanges.length,
      isOver: result.kind === 'stopped',
    };
  };
}
