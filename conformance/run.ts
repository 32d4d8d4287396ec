/** The engine: a contract taken to a server, as a stream of events. It prints nothing and exits nothing. */

import type { Contract } from '../openapi/contract.js';
import { millisecondsOf, systemClock } from '../openapi/duration.js';
import { anySeed } from '../openapi/random.js';
import { createAsker } from './ask.js';
import { streamed } from './channel.js';
import { infoOf } from './check.js';
import { checks as allChecks } from './checks/index.js';
import type { RunEvent } from './event.js';
import type { Stage } from './execute.js';
import { firstOf } from './input/input.js';
import { credentialsOf, madeInputs } from './input/made-inputs.js';
import { createInputResolver } from './input/resolve-input.js';
import { createInspect, type Levels } from './inspect.js';
import { createBeliefs } from './judge/beliefs.js';
import { runWorkflows } from './lanes.js';
import { createLedger, unmetCriterion } from './ledger.js';
import { type CheckOptions, choosing } from './options.js';
import { createPassing } from './passing.js';
import { createPatience } from './patience.js';
import { createPlaces } from './places.js';
import { lifetimesIn } from './plan/goal.js';
import { makePlan } from './plan/plan.js';
import { outlineOf, type Plan } from './planned.js';
import { createShared } from './shared.js';
import type { Target } from './target.js';
import { createTurns } from './turns.js';

/** The plan of a run, without running it. */
export function planOf(contract: Contract, options: CheckOptions & { readonly seed: number }): Plan {
  return makePlan(contract, options.workflows ?? [], options.seed, choosing(options));
}

/** Takes a contract to a server. Nothing is thrown for what the server does; the last event is `run-finished`. */
export async function* check(
  contract: Contract,
  target: Target,
  options: CheckOptions = {},
): AsyncGenerator<RunEvent> {
  const seed = options.seed ?? anySeed();
  yield* checkPlan(contract, target, { ...options, seed }, planOf(contract, { ...options, seed }));
}

/** The same by a plan that is there already. Whoever takes no more events ends the run. */
export async function* checkPlan(
  contract: Contract,
  target: Target,
  options: CheckOptions & { readonly seed: number },
  plan: Plan,
): AsyncGenerator<RunEvent> {
  yield* streamed<RunEvent>(options.signal, (tell, signal) =>
    run(contract, target, { ...options, signal }, plan, tell),
  );
}

async function run(
  contract: Contract,
  target: Target,
  options: CheckOptions & { readonly seed: number },
  plan: Plan,
  tell: (event: RunEvent) => void,
): Promise<void> {
  const clock = options.clock ?? systemClock;
  const begun = clock();
  tell(started(contract, options, plan, begun));
  const { rate, maxRequests, maxTime, signal } = options;
  const turns = createTurns({ rate, maxRequests, maxTime, signal, clock });
  const patience = createPatience();
  const beliefs = createBeliefs(contract, clock, tolerance);
  const passing = createPassing(beliefs, options, turns);
  const places = createPlaces(Math.max(1, options.concurrency ?? 1), passing.proceed);
  const ledger = createLedger(contract, plan, options, tell, patience.isNobodyThere);
  const shared = createShared();
  const credentials = credentialsOf(options.credentials ?? [], options.harmless === true);
  const checks = options.checks ?? allChecks;
  let requests = 0;
  let unreachable: string | undefined;

  const ask = createAsker({
    contract,
    target,
    beliefs,
    inspect: createInspect(checks, levelsOf(options), { responseTime: options.responseTime }),
    turn: turns.take,
    clock,
    sleep: turns.sleep,
    signal: turns.signal,
    credentials,
    secrets: ledger.secrets,
    clockMoved: passing.wasMoved,
    nextId: () => {
      requests += 1;
      return requests;
    },
    exchanged(record, exchange) {
      patience.take(record.operation, record.outcome);
      unreachable ??= patience.exhausted();
      if (unreachable !== undefined) turns.stop('unreachable');
      ledger.exchanged(exchange);
      const { judgement } = exchange;
      if (judgement.kind === 'explained') shared.touched(judgement.changes);
      else if (judgement.kind === 'unexplained') shared.clear();
      tell({ type: 'exchange', exchange: record });
    },
    found({ check: by, deviation, severity }, exchange, { planned, step }, exchanges) {
      ledger.found({ check: by, deviation, severity, exchange, planned, exchanges, step: step.id });
    },
    unmet(exchange, why, occasion) {
      const shown = unmetCriterion(checks, exchange, why, occasion);
      if (shown !== undefined) ledger.found(shown);
    },
  });
  const source = madeInputs(contract, {
    source: options.inputs ?? firstOf([]),
    credentials: options.credentials ?? [],
    any: options.harmless === true,
    good: credentials.add,
    seed: options.seed,
  });
  const stage: Omit<Stage, 'shared'> = {
    contract,
    setups: plan.setups,
    finished: new Map(),
    ask,
    resolveInput: createInputResolver({ source, beliefs, signal: turns.signal, learnt: ledger.learnt }),
    whyNot: (operation) => options.whyNot?.(operation) ?? patience.whyNot(operation),
    shortestLifetime: shortestLifetime(contract, begun),
    now: beliefs.now,
    sleep: turns.sleep,
    leaveFor: places.leaveFor,
    pass: (duration) => places.leaveFor(passing.pass(duration)),
  };
  await runWorkflows({ stage, shared, places, plan, options, turns, ledger, tell, sent: () => requests });

  if (turns.stopped() === 'time-limit') unreachable ??= patience.unheard();
  const stopped = unreachable === undefined ? turns.stopped() : 'unreachable';
  tell({
    type: 'run-finished',
    complete: stopped === undefined,
    stopped,
    unreachable,
    requests,
    milliseconds: clock() - begun,
    ...ledger.result(),
    vanished: [],
    accepted: 0,
  });
}

/** How far the clocks of both sides may be apart before what is about to expire is uncertain, in milliseconds. */
const tolerance = 30_000;

function started(
  { name, title, version }: Contract,
  { base, seed, scarce, checks = allChecks }: CheckOptions & { readonly seed: number },
  plan: Plan,
  at: number,
): RunEvent {
  const { setups, walks } = plan;
  const isGradual = plan.gradually !== undefined && scarce === undefined;
  return {
    type: 'run-started',
    api: { name, title, version },
    base,
    seed,
    at,
    workflows: isGradual ? [] : plan.workflows.map((each) => outlineOf(each, setups)),
    ...(isGradual && { isGradual }),
    walks: walks.count,
    checks: checks.map(infoOf),
  };
}

function levelsOf({ levels = {}, operationLevels = {}, strict = false }: CheckOptions): Levels {
  return { checks: levels, operations: operationLevels, strict };
}

function shortestLifetime(contract: Contract, now: number): number | undefined {
  const lifetimes = lifetimesIn(contract).map((lifetime) => millisecondsOf(lifetime, now));
  return lifetimes.length === 0 ? undefined : Math.min(...lifetimes) - tolerance;
}
