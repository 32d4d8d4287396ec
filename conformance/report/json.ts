/** The reports for programs: one JSON document of the whole run, and JSON Lines of its events as they happen. */

import type { JsonObject } from '../../openapi/json.js';
import type { MakeReport, Mask, RunEvent, RunFinished, RunStarted } from '../event.js';
import { documentReport, type WholeRun } from './collect.js';
import { rootOf } from './ledger.js';
import { inOrder, resultOf, tallyOf } from './order.js';
import { checkJson, exchangeJson, findingJson, gapJson, maskedOrNull, workflowJson } from './record-json.js';
import { visible, visibleLines } from './text.js';

/** Where the schema of both is published; `#/$defs/event` describes a line. */
const schema = 'counterfoil/report.schema.json';
const version = 1;

/**
 * One JSON document, in the shape of `report.schema.json`. The same findings stand in the same order. What JSON leaves as
 * it is but a terminal would act on is escaped too.
 */
export const jsonReport: MakeReport = documentReport(
  (run, mask) => `${visibleLines(JSON.stringify(runJson(run, mask), undefined, 2))}\n`,
);

/** JSON Lines: each event as it happens, told apart by `type`. The first names the schema. */
export const jsonLines: MakeReport = (write, mask) => ({
  take(event) {
    write(`${visible(JSON.stringify(eventJson(event, mask)))}\n`);
  },
});

function runJson({ started, finished, workflows, outcomes }: WholeRun, mask: Mask): JsonObject {
  return {
    $schema: schema,
    version,
    ...headJson(started, mask),
    plan: {
      seed: started.seed,
      workflows: workflows.map((workflow) => {
        const { outcome = 'not-begun', requests = 0 } = outcomes.get(workflow.id) ?? {};
        return { ...workflowJson(workflow, mask), outcome, requests };
      }),
    },
    checks: started.checks.map(checkJson),
    ...endJson(finished, mask),
  };
}

function headJson(started: RunStarted, mask: Mask): JsonObject {
  const { api, base, at } = started;
  return {
    api: { name: mask(api.name), title: mask(api.title), version: mask(api.version) },
    base: base === undefined ? null : mask(rootOf(started)),
    startedAt: new Date(at).toISOString(),
  };
}

function endJson(finished: RunFinished, mask: Mask): JsonObject {
  const { violation, undocumented, note, failing } = tallyOf(finished.findings);
  return {
    summary: {
      result: resultOf(finished),
      complete: finished.complete,
      stopped: finished.stopped ?? null,
      unreachable: maskedOrNull(finished.unreachable, mask),
      requests: finished.requests,
      milliseconds: finished.milliseconds,
      violations: violation,
      undocumented,
      notes: note,
      failing,
      accepted: finished.accepted,
      vanished: finished.vanished.map(({ id, title }) => ({ id, title: mask(title) })),
    },
    findings: inOrder(finished.findings).map((finding) => findingJson(finding, mask)),
    notExercised: finished.notExercised.map((gap) => gapJson(gap, mask)),
    coverage: finished.coverage.map(({ kind, exercised, total }) => ({ kind, exercised, total })),
  };
}

function eventJson(event: RunEvent, mask: Mask): JsonObject {
  const { type } = event;
  switch (event.type) {
    case 'run-started':
      return {
        type,
        $schema: schema,
        version,
        ...headJson(event, mask),
        plan: {
          seed: event.seed,
          workflows: event.workflows.map((workflow) => workflowJson(workflow, mask)),
          walks: event.walks ?? null,
        },
        checks: event.checks.map(checkJson),
      };
    case 'workflow-started':
      return { type, index: event.index, workflow: workflowJson(event.workflow, mask) };
    case 'exchange':
      return { type, exchange: exchangeJson(event.exchange, mask) };
    case 'finding':
      return { type, finding: findingJson(event.finding, mask) };
    case 'not-exercised':
      return { type, gap: gapJson(event.gap, mask) };
    case 'workflow-finished': {
      const { outcome, requests } = event;
      return { type, workflow: mask(event.workflow.id), outcome, requests };
    }
    case 'run-finished':
      return { type, ...endJson(event, mask) };
  }
}
