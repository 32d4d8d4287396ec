/** How each workflow of a run came out, for those who wait for one of them; the run begins when the first is asked for. */

import type { Finding, RunEvent, RunFinished } from './event.js';
import type { Redactor } from './redact/redact.js';

/** How a workflow came out. */
type Result =
  | { readonly kind: 'conforms' }
  /** The errors that showed in it. */
  | { readonly kind: 'deviates'; readonly findings: readonly Finding[] }
  | { readonly kind: 'not-exercised'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly why: string }
  /** The run itself has failed. */
  | { readonly kind: 'broken'; readonly error: unknown };

type Results = {
  /** Waits for the end of a workflow. */
  of(workflow: string): Promise<Result>;
  /** Waits for the end of the run, when it has begun. */
  end(): Promise<void>;
};

/** The results of a run that `begin` begins. The redactor learns from its exchanges. */
export function createResults(
  begin: () => AsyncIterable<RunEvent>,
  redactor: Redactor,
  isAccepted: (finding: Finding) => boolean = () => false,
): Results {
  const settled = new Map<string, Result>();
  const waiting = new Map<string, (result: Result) => void>();
  const findings = new Map<string, Finding>();
  let reason = '';
  let isAnswered = false;
  let rest: Result | undefined;
  let running: Promise<void> | undefined;

  const settle = (workflow: string, result: Result): void => {
    settled.set(workflow, result);
    waiting.get(workflow)?.(result);
    waiting.delete(workflow);
  };
  const settleRest = (result: Result): void => {
    rest = result;
    for (const workflow of [...waiting.keys()]) settle(workflow, result);
  };
  const take = (event: RunEvent): void => {
    switch (event.type) {
      case 'exchange':
        redactor.learn(event.exchange);
        isAnswered ||= event.exchange.outcome.kind === 'response';
        break;
      case 'finding':
        findings.set(event.finding.id, event.finding);
        break;
      case 'not-exercised':
        ({ reason } = event.gap); // the end of its workflow comes next
        break;
      case 'workflow-finished': {
        const errors = (event.findings ?? [])
          .flatMap((id) => findings.get(id) ?? [])
          .filter((finding) => finding.severity === 'error' && !isAccepted(finding));
        if (errors.length > 0) settle(event.workflow.id, { kind: 'deviates', findings: errors });
        else if (event.outcome === 'not-exercised')
          settle(event.workflow.id, { kind: 'not-exercised', reason: reason || 'there is nothing to try' });
        // Nothing is found where nobody is there; whether anybody is, the end of the run tells.
        else if (isAnswered) settle(event.workflow.id, { kind: 'conforms' });
        reason = '';
        break;
      }
      case 'run-finished':
        settleRest(restOf(event));
    }
  };
  const follow = async (): Promise<void> => {
    try {
      for await (const event of begin()) take(event);
    } catch (error) {
      settleRest({ kind: 'broken', error });
    }
  };

  return {
    async of(workflow) {
      running ??= follow();
      const result = settled.get(workflow) ?? rest;
      return result ?? new Promise((resolve) => void waiting.set(workflow, resolve));
    },
    end: async () => running,
  };
}

const stops = {
  interrupted: 'the run was interrupted',
  'time-limit': 'the time limit was reached',
  'request-limit': 'the most requests were sent',
} as const;

/** What a workflow is that had not come to its end when the run did. */
function restOf({ stopped, unreachable }: RunFinished): Result {
  if (stopped === 'unreachable')
    return { kind: 'unreachable', why: `the server cannot be reached: ${unreachable ?? 'no connection'}` };
  if (stopped === undefined) return { kind: 'not-exercised', reason: 'the server gave no answer' };
  return { kind: 'not-exercised', reason: `${stops[stopped]} before it was tried` };
}
