/** The report for people at a terminal: how far the run is, and at its end what was found. */

import type { MakeReport, Phase, PlannedWorkflow, RunEvent, RunStarted } from '../event.js';
import { clipped, layoutFor } from './layout.js';
import { rootOf } from './ledger.js';
import { findingLine, findingLines, type Showing } from './terminal-finding.js';
import { coverageLines, gapLines, summaryLines } from './terminal-summary.js';
import { counted, visible } from './text.js';

export type TerminalOptions = {
  readonly color: boolean;
  /** Whether one line is kept up to date while the run goes on: for a terminal that somebody looks at. */
  readonly progress: boolean;
  /** How many columns a line has. */
  readonly width: number;
  /** Whether each workflow is told of, notes are shown whole, and everything that was not exercised is listed. */
  readonly verbose: boolean;
};

/** How often the live line changes at most, in milliseconds of the run. */
const refresh = 80;

type PhaseCount = { readonly total: number; done: number; requests: number; findings: number };

/** What is known of a run while it goes on. */
type Run = {
  started: RunStarted | undefined;
  requests: number;
  findings: number;
  readonly phases: Map<Phase, PhaseCount>;
  workflow: PlannedWorkflow | undefined;
  done: number;
};

/** Text for people, with colour or without: lines as the run goes on, or one live line; at the end the findings. */
export function terminalReport(options: TerminalOptions): MakeReport {
  return (write, mask) => {
    const layout = layoutFor(options.color, options.width);
    const run: Run = {
      started: undefined,
      requests: 0,
      findings: 0,
      phases: new Map(),
      workflow: undefined,
      done: 0,
    };
    let drawnAt = Number.NEGATIVE_INFINITY;
    let isDrawn = false;

    const print = (lines: readonly string[]): void => {
      if (lines.length === 0) return;
      write(`${isDrawn ? clearLine : ''}${lines.join('\n')}\n`);
      isDrawn = false;
    };
    // The clock of the exchanges is enough, and makes the same events the same text.
    const draw = (now: number): void => {
      if (!options.progress || now - drawnAt < refresh) return;
      drawnAt = now;
      isDrawn = true;
      write(
        `${clearLine}${layout.paint('dim', clipped(visible(mask(progressText(run))), layout.width - 1))}`,
      );
    };
    const showing = (): Showing => ({ layout, mask, root: rootOf(run.started), verbose: options.verbose });

    const take = (event: RunEvent): void => {
      note(run, event);
      if (event.type === 'run-started') {
        print(startLines(event, showing()));
        draw(event.at);
      } else if (event.type === 'exchange') {
        draw(event.exchange.startedAt + event.exchange.milliseconds);
      } else if (event.type === 'finding') {
        if (options.verbose) print([findingLine(event.finding, showing())]);
      } else if (event.type === 'workflow-finished') {
        if (options.verbose) print([workflowLine(event, showing())]);
        if (!options.progress) print(phaseLines(run, event.workflow.phase));
      } else if (event.type === 'run-finished') {
        const isCalm = event.findings.length === 0 && event.complete && !options.verbose;
        const isReached = event.stopped !== 'unreachable' || event.findings.length > 0;
        print([
          ...(options.progress ? [] : openPhaseLines(run)),
          ...findingLines(event.findings, showing()),
          // Of a server that was not reached nothing was exercised, for one reason, which the summary gives.
          ...(isReached ? gapLines(event.notExercised, showing()) : []),
          ...(isReached ? coverageLines(event.coverage, layout, !isCalm) : []),
          ...summaryLines(run.started, event, showing()),
        ]);
      }
    };
    return { take };
  };
}

/** To the first column, and nothing on the line (ECMA-48, 8.3.15 and 8.3.41). */
const clearLine = '\r\u001b[K';

/** Keeps what later lines tell of. */
function note(run: Run, event: RunEvent): void {
  if (event.type === 'run-started') {
    run.started = event;
    for (const { phase } of event.workflows) {
      const total = (run.phases.get(phase)?.total ?? 0) + 1;
      run.phases.set(phase, { total, done: 0, requests: 0, findings: 0 });
    }
    if (event.walks !== 0) {
      const total = event.walks ?? Number.POSITIVE_INFINITY;
      run.phases.set('walks', { total, done: 0, requests: 0, findings: 0 });
    }
  } else if (event.type === 'workflow-started') {
    run.workflow = event.workflow;
    const { phase } = event.workflow;
    if (run.phases.has(phase)) return;
    // Nobody knows yet how many there are.
    run.phases.set(phase, { total: Number.POSITIVE_INFINITY, done: 0, requests: 0, findings: 0 });
  } else if (event.type === 'exchange') run.requests++;
  else if (event.type === 'finding') {
    const phase = run.phases.get(event.finding.phase);
    run.findings++;
    if (phase !== undefined) phase.findings++;
  } else if (event.type === 'workflow-finished') {
    run.done++;
    const phase = run.phases.get(event.workflow.phase);
    if (phase === undefined) return;
    phase.done++;
    phase.requests += event.requests;
  }
}

function startLines(
  { api, base, workflows, isGradual = false, walks }: RunStarted,
  { layout, mask, root }: Showing,
): readonly string[] {
  const title = visible(mask(`${api.title} ${api.version}`));
  const where = visible(mask(base === undefined ? 'an app in this process' : root));
  const planned = isGradual ? 'workflows as they come' : counted(workflows.length, 'workflow');
  const walked = walks === undefined ? 'walks' : counted(walks, 'walk');
  const sum = walks === 0 ? planned : `${planned}, ${walked}`;
  return [`${layout.paint('bold', title)}  ${where}  ${sum}`];
}

function progressText({ started, done, requests, findings, workflow }: Run): string {
  const total = (started?.workflows.length ?? 0) + (started?.walks ?? 0);
  const counts = `${started?.isGradual ? done : `${done}/${total}`}  ${counted(requests, 'request')}  ${counted(findings, 'finding')}`;
  return workflow === undefined ? counts : `${counts}  ${workflow.phase}: ${workflow.summary}`;
}

const outcomeWords = { conforms: 'ok', deviates: 'deviates', 'not-exercised': 'not exercised' } as const;

function workflowLine(
  { workflow, requests, outcome }: Extract<RunEvent, { readonly type: 'workflow-finished' }>,
  { layout, mask }: Showing,
): string {
  const format = { conforms: 'green', deviates: 'red', 'not-exercised': 'yellow' } as const;
  const word = layout.paint(format[outcome], outcomeWords[outcome].padEnd(13));
  const text = `${workflow.phase}: ${workflow.summary}  (${counted(requests, 'request')})`;
  return `${word}  ${clipped(visible(mask(text)), layout.width - 15)}`;
}

/** A line for a phase when its last workflow is done. */
function phaseLines({ phases }: Run, name: Phase): readonly string[] {
  const phase = phases.get(name);
  return phase === undefined || phase.done !== phase.total ? [] : [phaseLine(name, phase)];
}

/** Lines for the phases that have not come to their end. */
function openPhaseLines({ phases }: Run): readonly string[] {
  return [...phases].flatMap(([name, phase]) =>
    phase.done > 0 && phase.done < phase.total ? [phaseLine(name, phase)] : [],
  );
}

function phaseLine(name: Phase, { done, requests, findings }: PhaseCount): string {
  const found = findings === 0 ? '' : `  ${counted(findings, 'finding')}`;
  const numbers = `${counted(done, 'workflow').padEnd(15)}  ${counted(requests, 'request').padEnd(15)}`;
  return `${name.padEnd(11)}  ${numbers}${found}`.trimEnd();
}
