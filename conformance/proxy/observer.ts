/** Traffic that passes, as the events of a run: each exchange judged when it has ended, in that order. */

import { type Contract, type Operation, operationFor } from '../../openapi/contract.js';
import type { Clock } from '../../openapi/duration.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import { type Check, infoOf } from '../check.js';
import { checks as allChecks } from '../checks/index.js';
import { isSafe } from '../checks/reading/request.js';
import type { CheckLevels, OperationLevels } from '../config.js';
import { createTally } from '../coverage.js';
import type { ExchangeRecord, RunEvent } from '../event.js';
import { createFindings, findingOf, type Kept } from '../findings.js';
import { createInspect, type Inspected } from '../inspect.js';
import { emptyDraft, workflowOf } from '../plan/draft.js';
import type { Planned } from '../planned.js';
import { createOnlooker } from './onlooker.js';
import { createOverlaps, type Watched, writesOf } from './overlap.js';
import type { Witness } from './passage.js';
import { createPast } from './past.js';
import { createServerClock } from './server-clock.js';
import { storyOf } from './story.js';
import { createJudge, type Others, type Verdict } from './verdict.js';

export type ObserverOptions = {
  readonly contract: Contract;
  /** The URL of the target, for reports. */
  readonly base: string;
  readonly clock: Clock;
  /** Default: every check there is. */
  readonly checks?: readonly Check[];
  readonly levels?: CheckLevels;
  readonly operationLevels?: OperationLevels;
  /** Whether notes are errors. */
  readonly strict?: boolean;
  /** The longest that an answer may take, in milliseconds. Default: any time. */
  readonly responseTime?: number;
  readonly tell: (event: RunEvent) => void;
  /** Told of each exchange when it is judged, after the events of it. */
  readonly seen?: (observed: Observed) => void;
};

/** What was made of an exchange, for who watches. */
export type Observed = {
  readonly record: ExchangeRecord;
  readonly operation: Operation | undefined;
  readonly inspected: readonly Inspected[];
  /** The transition that explains the answer. */
  readonly transition: string | undefined;
  /** Why it was judged by less than everything, or by nothing. */
  readonly reservation: string | undefined;
};

export type Observer = Witness & {
  /** Judges what has ended and tells of the end of the run. */
  finish(): void;
};

/** All that passes is one workflow, which nobody has planned. */
const traffic: Planned = {
  workflow: { ...workflowOf('observed traffic', '', emptyDraft), summary: undefined },
  phase: 'workflows',
  operation: undefined,
  takesTime: false,
};

const outline = {
  id: traffic.workflow.id,
  phase: traffic.phase,
  summary: 'traffic that has passed',
  operation: undefined,
  steps: [],
} as const;

/** How long nothing passes before judging begins, and how long judging waits for that at most, in milliseconds. */
const quiet = { least: 5, most: 100 };

/** Begins to observe: the first events are told at once. */
export function createObserver(options: ObserverOptions): Observer {
  const { contract, clock, tell, checks = allChecks, seen = () => {} } = options;
  const begun = clock();
  const beliefs = createOnlooker(contract, clock);
  const serverClock = createServerClock(beliefs, clock);
  const inspect = createInspect(checks, levelsOf(options), { responseTime: options.responseTime });
  const judge = createJudge({ contract, beliefs, serverClock, inspect });
  const overlaps = createOverlaps();
  const findings = createFindings();
  const tally = createTally(contract);
  const past = createPast();
  const watchedBy = new Map<unknown, Watched>();
  const queue: Watched[] = [];
  let isScheduled = false;
  let movedAt = Number.NEGATIVE_INFINITY;
  let requests = 0;

  tell({
    type: 'run-started',
    api: { name: contract.name, title: contract.title, version: contract.version },
    base: options.base,
    seed: 0,
    at: begun,
    workflows: [outline],
    walks: 0,
    checks: checks.map(infoOf),
  });
  tell({ type: 'workflow-started', workflow: outline, index: 0 });

  const tellable = (kept: Kept) => findingOf(contract, kept, (shown) => storyOf(contract, shown));

  const take = (watched: Watched, told: NonNullable<Watched['told']>): void => {
    const { passage, request, isKnown } = told;
    const pathItem = matchRequest(contract, request)?.value;
    const operation = pathItem && operationFor(pathItem, request.method);
    const { unkept } = passage;
    const record: ExchangeRecord = {
      id: watched.id,
      workflow: traffic.workflow.id,
      phase: traffic.phase,
      step: `exchange-${watched.id}`,
      operation: operation?.id,
      request,
      outcome: passage.outcome,
      startedAt: watched.passing.startedAt,
      milliseconds: passage.milliseconds,
      ...(unkept.request === undefined && unkept.response === undefined ? {} : { unkept }),
    };
    const verdict = judge(record, passage, isKnown, othersOf(overlaps.others(watched)));
    overlaps.judged(watched, verdict.writes);
    requests += 1;
    tell({ type: 'exchange', exchange: record });
    tellOf(record, verdict);
    past.add(record, verdict);
    const { exchange, inspected, reservation } = verdict;
    const judgement = exchange?.judgement;
    const transition = judgement?.kind === 'explained' ? judgement.by.choice.transition.name : undefined;
    seen({ record, operation, inspected, reservation, transition });
  };

  const tellOf = (record: ExchangeRecord, { exchange, inspected, reads, writes }: Verdict): void => {
    if (exchange === undefined) return;
    tally.take(exchange);
    if (inspected.length === 0) return;
    const exchanges = [...past.leadingTo([...reads, ...writes]), record];
    for (const { check, deviation, severity } of inspected) {
      const shown = { check, deviation, severity, exchange, planned: traffic, exchanges, step: record.step };
      const { kept, isNew } = findings.add(shown);
      if (isNew) tell({ type: 'finding', finding: tellable(kept) });
    }
  };

  const othersOf = (others: readonly Watched[]): Others => ({
    writes: others.flatMap((each) => writesOf(contract, each)),
    areSafe: others.every(({ told, passing }) => isSafe((told?.request ?? passing.request()).method)),
  });

  /** Judges what is ready; one at a time, so that what passes meanwhile is not held up. */
  const judgeNext = (): boolean => {
    const [first] = queue;
    if (first?.told === undefined) return false;
    queue.shift();
    take(first, first.told);
    return true;
  };

  /** What passes comes first: judging waits for a moment in which nothing does, though not for ever. */
  const schedule = (): void => {
    if (isScheduled || queue[0]?.told === undefined) return;
    isScheduled = true;
    const latest = performance.now() + quiet.most;
    const look = (): void => {
      const now = performance.now();
      if (now < latest && now - movedAt < quiet.least) setTimeout(look, quiet.least);
      else drain();
    };
    const drain = (): void => {
      if (judgeNext()) setImmediate(drain);
      else {
        isScheduled = false;
        schedule();
      }
    };
    setImmediate(look);
  };

  return {
    begun(passing) {
      movedAt = performance.now();
      watchedBy.set(passing, overlaps.begin(passing));
    },
    ended(passing) {
      const watched = watchedBy.get(passing);
      if (watched === undefined) return;
      movedAt = performance.now();
      overlaps.end(watched);
      queue.push(watched);
    },
    told(passing, passage) {
      const watched = watchedBy.get(passing);
      if (watched === undefined) return;
      watchedBy.delete(passing);
      watched.told = { passage, request: passing.request(), isKnown: passing.isKnown() };
      schedule();
    },
    finish() {
      while (judgeNext());
      const list = findings.list().map(tellable);
      const outcome = list.some(({ severity }) => severity === 'error') ? 'deviates' : 'conforms';
      tell({
        type: 'workflow-finished',
        workflow: outline,
        requests,
        outcome: requests === 0 ? 'not-exercised' : outcome,
        findings: list.map(({ id }) => id),
      });
      tell({
        type: 'run-finished',
        complete: true,
        stopped: undefined,
        unreachable: undefined,
        requests,
        milliseconds: clock() - begun,
        findings: list,
        ...tally.result(new Map()),
        vanished: [],
        accepted: 0,
      });
    },
  };
}

/** Others may change what the server has, without passing here: that an answer comes and goes proves nothing. */
function levelsOf({ levels = {}, operationLevels = {}, strict = false }: ObserverOptions): {
  readonly checks: CheckLevels;
  readonly operations: OperationLevels;
  readonly strict: boolean;
} {
  return { checks: { stability: 'note', ...levels }, operations: operationLevels, strict };
}
