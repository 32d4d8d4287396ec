/** What the state rules foretell of workflows: which of them cannot show a finding, and which steps have to do with it. */

import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { type Duration, plusDuration } from '../../openapi/duration.js';
import type { Shown } from '../findings.js';
import type { Situation } from '../judge/judge.js';
import { lifetimesIn } from '../plan/goal.js';
import { simulate } from '../plan/replay.js';
import type { Trace } from '../plan/simulate.js';
import { withoutSteps } from './leaving-out.js';
import { withNeeds } from './references.js';

/** The checks that hold a response against the rule that is to be followed, and not only against its own description. */
const byRule = new Set([
  'state-conformance',
  'success-criteria',
  'documented-example',
  'ignored-authentication',
  'positive-data-acceptance',
  'negative-data-rejection',
]);

/** What the rules say of the last step. */
type Last = { readonly situation: Situation; readonly rule: unknown; readonly status: string | undefined };

/**
 * Whether a workflow may show a finding that another one has shown: false when the rules foretell something else of its last
 * step. A broken server may be in another state than they say, so nothing is asked of the steps before.
 */
export function foreteller(
  contract: Contract,
  workflow: Workflow,
  { check, exchange }: Pick<Shown, 'check' | 'exchange'>,
): (candidate: Workflow) => boolean {
  const original = lastOf(contract, workflow);
  const { permitted } = exchange.situation;
  const isAsBelieved =
    original !== undefined &&
    original.situation.kind === exchange.situation.kind &&
    (original.rule === undefined || permitted.some(({ choice }) => choice.transition === original.rule));
  if (!isAsBelieved) return () => true;
  return (candidate) => {
    const last = lastOf(contract, candidate);
    if (last === undefined) return true;
    const isAlike = last.situation.kind === original.situation.kind && last.status === original.status;
    return isAlike && (!byRule.has(check.name) || last.rule === original.rule);
  };
}

function lastOf(contract: Contract, workflow: Workflow): Last | undefined {
  const last = played(contract, workflow)?.steps.at(-1);
  if (last === undefined) return undefined;
  const { situation, predicted } = last;
  return { situation, rule: predicted?.choice.transition, status: predicted?.response.status };
}

/** The workflow played by the rules; undefined when it cannot be, or does not run from its first step to its last. */
export function played(contract: Contract, workflow: Workflow): Trace | undefined {
  const isStraight =
    workflow.parameters.length === 0 &&
    [workflow, ...workflow.steps].every((each) =>
      'successActions' in each
        ? each.successActions.length + each.failureActions.length === 0
        : each.onSuccess.length + each.onFailure.length === 0,
    );
  return isStraight ? simulate(contract, workflow) : undefined;
}

/**
 * Parts of a workflow that are likely to show what it shows, the smallest first: what its last step rests on; with it whatever
 * changes something, of the same users or of all; and everything about the same users.
 */
export function slicesOf(contract: Contract, workflow: Workflow): readonly Workflow[] {
  const last = workflow.steps.at(-1);
  if (last === undefined) return [];
  const trace = played(contract, workflow);
  const concerned = trace === undefined ? undefined : concernedIn(trace, last.id);
  const changing = new Set(
    trace?.steps.flatMap(({ step, changes }) => (changes.length > 0 ? [step.id] : [])) ?? [],
  );
  const ids = workflow.steps.map(({ id }) => id);
  const kept: readonly (readonly string[])[] =
    concerned === undefined
      ? [[]]
      : [
          [],
          ids.filter((id) => changing.has(id) && concerned.has(id)),
          ids.filter((id) => changing.has(id)),
          ids.filter((id) => concerned.has(id)),
        ];
  const slices = kept.flatMap((chosen) => {
    const needed = withNeeds(workflow, [...chosen, last.id]);
    return (
      withoutSteps(
        workflow,
        ids.filter((id) => !needed.has(id)),
      ) ?? []
    );
  });
  return slices.toSorted((a, b) => a.steps.length - b.steps.length);
}

/** The steps that have to do with the same users as one of them: they name the same values, one by way of the other. */
function concernedIn({ steps, sources }: Trace, of: string): ReadonlySet<string> {
  const groups = new Map<string, string>();
  const find = (text: string): string => {
    const next = groups.get(text) ?? text;
    return next === text ? text : find(next);
  };
  const own = steps.map(({ step, request, changes, body }) => {
    const told = JSON.stringify([request.path, request.query, request.fields, changes, body ?? null]);
    const content = request.content === undefined ? '' : new TextDecoder().decode(request.content);
    const texts = [...sources.keys()].filter((text) => told.includes(text) || content.includes(text));
    return { id: step.id, texts };
  });
  for (const { texts } of own)
    for (const text of texts.slice(1)) groups.set(find(text), find(texts[0] ?? text));
  const wanted = new Set(own.filter(({ id }) => id === of).flatMap(({ texts }) => texts.map(find)));
  return new Set(own.filter(({ texts }) => texts.some((text) => wanted.has(find(text)))).map(({ id }) => id));
}

/** How long things live by the rules, the shortest first; each with as much more as clocks may differ. */
export function lifetimesOf(contract: Contract): readonly Duration[] {
  const longer = lifetimesIn(contract).map((lifetime) => ({
    ...lifetime,
    seconds: (lifetime.seconds ?? 0) + margin,
  }));
  return longer.toSorted((a, b) => plusDuration(0, a) - plusDuration(0, b));
}

/** In seconds. */
const margin = 120;
