/** A run gathered up, for the reports that are documents and are written when it is over. */

import type {
  MakeReport,
  Mask,
  NotExercised,
  PlannedWorkflow,
  RunEvent,
  RunFinished,
  RunStarted,
} from '../event.js';

/** All that a run told. */
export type WholeRun = {
  readonly started: RunStarted;
  readonly finished: RunFinished;
  /** Those of the plan in its order, then those that came besides. */
  readonly workflows: readonly PlannedWorkflow[];
  /** What came of each workflow that was run, by its id. */
  readonly outcomes: ReadonlyMap<string, WorkflowOutcome>;
  /** The workflow in which each finding showed first, by the ids of both. */
  readonly shownIn: ReadonlyMap<string, string>;
};

type WorkflowOutcome = {
  readonly outcome: 'conforms' | 'deviates' | 'not-exercised';
  readonly requests: number;
  readonly milliseconds: number;
  /** What turned out not to be possible while it ran. */
  readonly gaps: readonly NotExercised[];
};

/** A report that is one text, made of the whole run and masked when it is made: then all secrets are known. */
export function documentReport(render: (run: WholeRun, mask: Mask) => string): MakeReport {
  return (write, mask) => {
    const gathered = gathering();
    return {
      take(event) {
        gathered.take(event);
        if (event.type === 'run-finished') write(render(gathered.whole(event), mask));
      },
    };
  };
}

function gathering(): { take(event: RunEvent): void; whole(finished: RunFinished): WholeRun } {
  const outcomes = new Map<string, WorkflowOutcome>();
  const shownIn = new Map<string, string>();
  const workflows = new Map<string, PlannedWorkflow>();
  const running = new Map<string, { milliseconds: number; readonly gaps: NotExercised[] }>();
  let started: RunStarted | undefined;
  let latest: string | undefined;

  const take = (event: RunEvent): void => {
    if (event.type === 'run-started') {
      started = event;
      for (const workflow of event.workflows) workflows.set(workflow.id, workflow);
    } else if (event.type === 'workflow-started') {
      workflows.set(event.workflow.id, event.workflow);
      running.set(event.workflow.id, { milliseconds: 0, gaps: [] });
      latest = event.workflow.id;
    } else if (event.type === 'exchange') {
      const { workflow, milliseconds } = event.exchange;
      const current = running.get(workflow);
      if (current !== undefined) current.milliseconds += milliseconds;
    } else if (event.type === 'finding') {
      const { id, exchanges } = event.finding;
      const workflow = exchanges.at(-1)?.workflow ?? latest;
      if (workflow !== undefined && !shownIn.has(id)) shownIn.set(id, workflow);
    } else if (event.type === 'not-exercised') {
      // Of several that run at once it is not known whose it is.
      if (running.size === 1) for (const { gaps } of running.values()) gaps.push(event.gap);
    } else if (event.type === 'workflow-finished') {
      const { workflow, requests, outcome } = event;
      const { milliseconds, gaps } = running.get(workflow.id) ?? { milliseconds: 0, gaps: [] };
      running.delete(workflow.id);
      outcomes.set(workflow.id, { outcome, requests, milliseconds, gaps });
    }
  };

  const whole = (finished: RunFinished): WholeRun => {
    if (started === undefined) throw new TypeError('A run that has not started cannot have finished.');
    return { started, finished, workflows: [...workflows.values()], outcomes, shownIn };
  };
  return { take, whole };
}

/** Why a planned workflow was not exercised; undefined when it was. */
export function reasonOf(
  { id, summary }: PlannedWorkflow,
  { outcomes, finished }: WholeRun,
  stopped: string | undefined,
): string | undefined {
  const outcome = outcomes.get(id);
  if (outcome !== undefined && outcome.outcome !== 'not-exercised') return undefined;
  const own = finished.notExercised.filter(
    ({ kind, what }) => kind === 'workflow' && (what === id || what === summary),
  );
  const reasons = new Set([...own, ...(outcome?.gaps ?? [])].map(({ reason }) => reason));
  if (reasons.size > 0) return [...reasons].join('; ');
  return outcome === undefined ? `not begun: ${stopped ?? 'it was left out'}` : 'it could not be run';
}
