/** The engine: a contract taken to a server, as a stream of events. It prints nothing and exits nothing. */

import type { Contract } from '../openapi/contract.js';
import type { Duration } from '../openapi/duration.js';
import { systemClock } from '../openapi/duration.js';
import type { Json } from '../openapi/json.js';
import { createAsker } from './ask.js';
import { createBeliefs } from './beliefs.js';
import { createChannel } from './channel.js';
import { checks as allChecks } from './checks/index.js';
import { createTally } from './coverage.js';
import type { NotExercised, RunEvent } from './event.js';
import { execute, millisecondsOf, type Stage } from './execute.js';
import { createFindings, findingOf, idOf, type Kept, type Shown } from './findings.js';
import { firstOf } from './input.js';
import { createInspect } from './inspect.js';
import { type CheckOptions, choosing } from './options.js';
import { producersOf } from './plan/goal.js';
import { makePlan } from './plan/plan.js';
import { outlineOf, type Plan, type Planned } from './planned.js';
import { createInputResolver } from './resolve-input.js';
import { createShared } from './shared.js';
import { storyOf } from './story.js';
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
  const seed = options.seed ?? Math.floor(Math.random() * 0x7fffffff);
  const plan = planOf(contract, { ...options, seed });
  const channel = createChannel<RunEvent>();
  const finished = run(contract, target, { ...options, seed }, plan, channel.put).finally(channel.close);
  yield* channel.items();
  await finished;
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
  const checks = options.checks ?? allChecks;
  tell({
    type: 'run-started',
    api: { name: contract.name, title: contract.title, version: contract.version },
    base: options.base,
    seed: options.seed,
    at: begun,
    workflows: plan.workflows.map((each) => outlineOf(each, plan.setups)),
    checks: checks.map(({ name, promise, specification }) => ({ name, promise, specification })),
  });

  const turns = createTurns({
    rate: options.rate,
    maxRequests: options.maxRequests,
    maxTime: options.maxTime,
    signal: options.signal,
    clock,
  });
  const beliefs = createBeliefs(contract, clock, tolerance);
  const chosen = choosing(options);
  const tally = createTally(
    contract.operations.filter(({ id, method, path, tags }) =>
      chosen.operations(id, `${method} ${path}`, tags),
    ),
  );
  const findings = createFindings();
  const secrets = new Set<string>();
  const shared = createShared();
  const reasons = new Map<string, string>();
  const gaps: NotExercised[] = [];
  let clockMoved = false;
  let requests = 0;
  /** Findings that show while one is tried again. */
  let confirming: Set<string> | undefined;
  let answers = 0;
  let refused: string | undefined;

  const found = (shown: Shown): void => {
    const id = idOf(shown);
    confirming?.add(id);
    if (confirming !== undefined && !findings.list().some((kept) => kept.id === id)) return;
    const { kept, isNew } = findings.add(shown);
    if (isNew) tell({ type: 'finding', finding: findingOf(contract, kept, storyOf(contract, plan, shown)) });
  };
  const asker = createAsker({
    contract,
    target,
    beliefs,
    inspect: createInspect(
      checks,
      {
        checks: options.levels ?? {},
        operations: options.operationLevels ?? {},
        strict: options.strict ?? false,
      },
      { responseTime: options.responseTime },
    ),
    turn: turns.take,
    clock,
    signal: turns.signal,
    credentials: new Set(options.credentials),
    secrets: () => [...secrets],
    clockMoved: () => clockMoved,
    nextId: () => {
      requests += 1;
      return requests;
    },
    shortestLifetime: shortestLifetime(contract, begun),
    exchanged(record, exchange) {
      if (record.outcome.kind === 'response') answers += 1;
      else if (record.outcome.failure === 'refused' && answers === 0) {
        refused = record.outcome.why;
        turns.stop('unreachable');
      }
      tally.take(exchange);
      const { judgement } = exchange;
      if (judgement.kind === 'explained') shared.touched(judgement.changes);
      else if (judgement.kind === 'unexplained') shared.clear();
      tell({ type: 'exchange', exchange: record });
    },
    found({ check: by, deviation, severity }, exchange, { planned, step }, exchanges) {
      if (answers === 0 && refused !== undefined) return; // nobody is there to deviate
      found({ check: by, deviation, severity, exchange, planned, exchanges, step: step.id });
    },
    unmet(exchange, why, { planned, step, before }) {
      const by = checks.find(({ name }) => name === 'success-criteria');
      if (by === undefined) return;
      const inferred = planned.workflow.provenance.kind === 'inferred';
      const deviation = {
        at: step.successCriteria[0]?.at ?? planned.workflow.at,
        title: `step ${step.id} of the workflow ${planned.workflow.id} does not succeed`,
        expected: step.successCriteria.map(({ condition }) => condition).join(' and '),
        actual: why,
      };
      found({
        check: by,
        deviation,
        severity: inferred ? 'note' : by.severity,
        exchange,
        planned,
        exchanges: before,
        step: step.id,
      });
    },
  });
  const stage: Stage = {
    contract,
    setups: plan.setups,
    shared,
    ask: asker,
    resolveInput: createInputResolver({
      source: options.inputs ?? firstOf([]),
      beliefs,
      signal: turns.signal,
      learnt(name, value: Json) {
        if (typeof value === 'string' && value.length >= 4 && secretNames.test(name)) secrets.add(value);
      },
    }),
    now: beliefs.now,
    sleep: turns.sleep,
    async pass(duration: Duration) {
      const milliseconds = millisecondsOf(duration, beliefs.now());
      const seconds = Math.ceil(milliseconds / 1000);
      if (options.moveClock !== undefined) {
        await options.moveClock(seconds);
        clockMoved = true;
        beliefs.moved(seconds * 1000);
        return undefined;
      }
      if (milliseconds > (options.longestWait ?? 2000))
        return `${lengthText(seconds)} would have to pass, and the clock of the server cannot be moved`;
      await turns.sleep(milliseconds / 1000);
      return undefined;
    },
  };

  let next = 0;
  const confirmed = new Set<string>();
  const runOne = async (each: Planned, index: number): Promise<void> => {
    const outline = outlineOf(each, plan.setups);
    tell({ type: 'workflow-started', workflow: outline, index });
    const before = requests;
    const known = new Set(findings.list().map(({ id }) => id));
    const ending = await execute(stage, each, `workflow ${index + 1}`, false);
    if (ending.kind === 'stopped') return;
    const fresh = findings.list().filter(({ id, shown }) => !known.has(id) && shown.severity === 'error');
    for (const kept of fresh) if (!confirmed.has(kept.id)) await confirm(kept, each, index);
    if (ending.kind === 'not-exercised') {
      const gap = {
        kind: 'workflow',
        what: outline.summary,
        operation: outline.operation,
        reason: ending.reason,
      } as const;
      gaps.push(gap);
      noteReason(reasons, each, ending.reason);
      tell({ type: 'not-exercised', gap });
    }
    const outcome = ending.kind === 'done' ? 'conforms' : ending.kind;
    tell({ type: 'workflow-finished', workflow: outline, requests: requests - before, outcome });
  };
  /** Tries again what has found something, with everything fresh: how often does it show? */
  const confirm = async (kept: Kept, each: Planned, index: number): Promise<void> => {
    confirmed.add(kept.id);
    let shown = 1;
    let of = 1;
    for (let time = 0; time < (options.confirmations ?? 2); time += 1) {
      shared.clear();
      confirming = new Set();
      const ending = await execute(stage, each, `workflow ${index + 1} again ${time + 1}`, true);
      const showed = confirming.has(kept.id);
      confirming = undefined;
      if (ending.kind === 'stopped' || (ending.kind === 'not-exercised' && !showed)) break;
      of += 1;
      if (showed) shown += 1;
      if (showed && time === 0) break;
    }
    shared.clear();
    if (of > 1) kept.confirmed = { shown, of };
  };
  const lane = async (list: readonly (readonly [Planned, number])[]): Promise<void> => {
    while (next < list.length && turns.stopped() === undefined) {
      const [each, index] = list[next] ?? [undefined, 0];
      next += 1;
      if (each !== undefined) await runOne(each, index);
    }
  };
  const numbered = plan.workflows.map((each, index) => [each, index] as const);
  const timeless = numbered.filter(([{ takesTime }]) => !takesTime);
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency ?? 1) }, () => lane(timeless)));
  next = 0;
  await lane(numbered.filter(([{ takesTime }]) => takesTime));

  const stopped = turns.stopped();
  for (const { what, reason } of plan.unplanned) reasons.set(`rule ${what}`, reason);
  const covered = tally.result(reasons);
  tell({
    type: 'run-finished',
    complete: stopped === undefined,
    stopped,
    unreachable: stopped === 'unreachable' ? refused : undefined,
    requests,
    milliseconds: clock() - begun,
    findings: findings.list().map((kept) => findingOf(contract, kept, storyOf(contract, plan, kept.shown))),
    notExercised: [...covered.notExercised, ...gaps],
    coverage: covered.coverage,
    vanished: [],
    accepted: 0,
  });
}

/** How far the clocks of both sides may be apart before what is about to expire is uncertain, in milliseconds. */
const tolerance = 30_000;

/** Inputs whose values no answer may tell. */
const secretNames = /otp|pass|pin|secret|token|code/i;

/** What a workflow was about is not exercised for the reason that it was not. */
function noteReason(reasons: Map<string, string>, { workflow, operation }: Planned, reason: string): void {
  if (operation === undefined) return;
  const last = workflow.steps.at(-1);
  const endpoint = `${operation.method} ${operation.path}`;
  for (const transition of operation.transitions)
    if (last?.id.startsWith(transition.name)) reasons.set(`rule ${endpoint}: ${transition.name}`, reason);
}

function shortestLifetime(contract: Contract, now: number): number | undefined {
  const lifetimes = [...contract.initialState.keys()].flatMap((collection) =>
    producersOf(contract, collection).flatMap(({ put }) =>
      put.lifetime === undefined ? [] : [millisecondsOf(put.lifetime, now)],
    ),
  );
  return lifetimes.length === 0 ? undefined : Math.min(...lifetimes) - tolerance;
}

function lengthText(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
