/** What a report keeps of a run until it is written, and content as it may be shown. */

import type { ExchangeRecord, Mask, NotExercised, PlannedWorkflow, RunEvent, RunStarted } from '../event.js';
import { textOf } from './text.js';

type WorkflowOutcome = Extract<RunEvent, { type: 'workflow-finished' }>['outcome'];

export type Ledger = {
  take(event: RunEvent): void;
  readonly started: RunStarted | undefined;
  /** Those of the plan in its order, then those that came besides, by id. */
  readonly workflows: ReadonlyMap<string, PlannedWorkflow>;
  /** How the workflows that came to an end came out. */
  readonly outcomes: ReadonlyMap<string, WorkflowOutcome>;
  /** What could not be tried, as it was told while the run went on. */
  readonly gaps: readonly NotExercised[];
  /** Every exchange that was told of, by itself or by a finding, in the order in which they were begun. */
  exchanges(): readonly ExchangeRecord[];
};

export function createLedger(): Ledger {
  let started: RunStarted | undefined;
  const workflows = new Map<string, PlannedWorkflow>();
  const outcomes = new Map<string, WorkflowOutcome>();
  const gaps: NotExercised[] = [];
  const exchanges = new Map<number, ExchangeRecord>();
  const keep = (found: readonly ExchangeRecord[]): void => {
    for (const exchange of found) if (!exchanges.has(exchange.id)) exchanges.set(exchange.id, exchange);
  };
  return {
    take(event) {
      switch (event.type) {
        case 'run-started':
          started = event;
          for (const workflow of event.workflows) workflows.set(workflow.id, workflow);
          break;
        case 'workflow-started':
          workflows.set(event.workflow.id, event.workflow);
          break;
        case 'exchange':
          keep([event.exchange]);
          break;
        case 'finding':
          keep(event.finding.exchanges);
          break;
        case 'not-exercised':
          gaps.push(event.gap);
          break;
        case 'workflow-finished':
          workflows.set(event.workflow.id, event.workflow);
          outcomes.set(event.workflow.id, event.outcome);
          break;
        case 'run-finished':
          for (const finding of event.findings) keep(finding.exchanges);
      }
    },
    get started() {
      return started;
    },
    workflows,
    outcomes,
    gaps,
    exchanges: () => [...exchanges.values()].sort((a, b) => a.id - b.id),
  };
}

/** The URL that the paths of requests are appended to, without what it may have of a password (RFC 3986, 3.2.1). */
export function rootOf(started: RunStarted | undefined): string {
  const base = started?.base ?? 'http://localhost';
  return base.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/\/+$/, '');
}

/**
 * Content with its secrets masked. What is not UTF-8 is searched byte by byte: a secret in ASCII is found in any
 * character encoding that extends it.
 */
export function maskedContent(content: Uint8Array, mask: Mask): Uint8Array {
  const text = textOf(content);
  if (text !== undefined) return new TextEncoder().encode(mask(text));
  const bytes = Buffer.from(content);
  const latin = bytes.toString('latin1');
  const masked = mask(latin);
  return masked === latin ? content : new Uint8Array(Buffer.from(masked, 'latin1'));
}

/** Whether a text is one to read: no NUL, and few of the characters that only control. */
export function isText(text: string): boolean {
  if (text.includes('\0')) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about these
  const controls = text.match(/[\u0001-\u0008\u000b\u000c\u000e-\u001f]/g)?.length ?? 0;
  return controls * 10 <= text.length;
}
