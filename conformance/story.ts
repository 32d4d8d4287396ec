/** The sequence of calls in which something showed, as an Arazzo document that shows it again, here and to other tools. */

import { arazzoDocument } from '../openapi/arazzo/arazzo-write.js';
import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { Contract } from '../openapi/contract.js';
import type { JsonObject } from '../openapi/json.js';
import type { Shown } from './findings.js';
import { slug } from './plan/draft.js';
import { type Plan, restsOn } from './planned.js';
import { flattened } from './story/flat.js';
import { judged } from './story/judged.js';
import { jumps, renamed, underOtherNames, unrolled } from './story/renamed.js';
import { retold, type Told } from './story/retold.js';
import { stepNames, usersOf } from './story/words.js';

/**
 * The sequence in which something showed, up to where it showed, as an Arazzo document: one workflow, wherever that can
 * be, whose steps have success criteria that say what should have come. What other tools cannot do of it is told in
 * `x-counterfoil-only`.
 */
export function storyOf(contract: Contract, plan: Plan, shown: Shown): JsonObject {
  const { planned, deviation } = shown;
  const id = nameOf(shown);
  const flat = flattened(planned.workflow, plan.setups);
  if (flat === undefined) {
    const workflows = [...restsOn(planned.workflow, plan.setups), planned.workflow];
    const names = new Map(
      workflows.map((each) => [each.id, each === planned.workflow ? id : `${id}-${each.id}`]),
    );
    const apart = workflows.map((each) => underOtherNames(each, names));
    return arazzoDocument(contract, apart, deviation.title, aboutOf(shown));
  }
  const { workflow, origins } = flat;
  const all = retold(contract, workflow.steps, origins, shown.exchanges);
  const parting = partingOf(all, origins, shown.step);
  const kept = jumps(workflow) ? all : all.slice(0, parting + 1);
  const told = jumps(workflow) ? kept : kept.flatMap(unrolled);
  const cut: Workflow = {
    ...workflow,
    id,
    steps: told.map(({ step }) => step),
    outputs: [],
    provenance: standingOf(shown),
  };
  const named = renamed(cut, stepNames(cut, usersOf(cut)));
  const last = jumps(workflow) ? parting : told.length - 1;
  const result = judged(contract, named, underNames(told, named), last, shown);
  const document = arazzoDocument(contract, [result.workflow], deviation.title, aboutOf(shown));
  return result.reasons.length === 0 ? document : { ...document, 'x-counterfoil-only': result.reasons };
}

function underNames(told: readonly Told[], { steps }: Workflow): readonly Told[] {
  return told.map((each, index) => ({ ...each, step: steps[index] ?? each.step }));
}

/** Where it showed: the last step of that name that was taken. */
function partingOf(all: readonly Told[], origins: readonly string[], step: string): number {
  const taken = all.findLastIndex(({ records }, index) => origins[index] === step && records.length > 0);
  if (taken !== -1) return taken;
  const named = origins.lastIndexOf(step);
  return named === -1 ? all.length - 1 : named;
}

/** What is only a note stays one when it is run again. */
function standingOf({ severity, deviation }: Shown): Workflow['provenance'] {
  return severity === 'note'
    ? { kind: 'inferred', reason: `It is only noted: ${deviation.title}.` }
    : { kind: 'documented', source: undefined };
}

/** What the workflow is called: the operation, and the rule that should have decided, or the check that noticed. */
function nameOf({ check, deviation, exchange }: Shown): string {
  const operation = exchange.operation?.id ?? exchange.request.method;
  return slug(`${operation} ${ruleOf(exchange) ?? check.name} ${deviation.pointer ?? ''}`) || 'finding';
}

function ruleOf({ judgement, situation }: Shown['exchange']): string | undefined {
  if (judgement.kind === 'unexplained') return judgement.nearest.choice.transition.name;
  const isRefused = situation.authentication === 'missing' || situation.authentication === 'refused';
  return isRefused ? situation.permitted[0]?.choice.transition.name : undefined;
}

function aboutOf({ check, deviation }: Shown): string {
  const { sentence, section } = check.specification;
  return [
    `Expected: ${deviation.expected}`,
    `Came: ${deviation.actual}`,
    `Told by the check ${check.name}: ${sentence} (${section})`,
  ].join('\n');
}
