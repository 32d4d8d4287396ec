/** One value in the place of another, by what the rules say of both: a key that was not renewed, a wrong one made up. */

import type { Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { neverGiven } from '../plan/never-given.js';
import type { Trace } from '../plan/simulate.js';
import { rewriteStep, rewriteWorkflow } from '../rewritten.js';
import { played } from './foretold.js';
import { type Move, withoutSteps } from './leaving-out.js';
import { renameOutputs, usesOf } from './references.js';

/**
 * Wrong values made up: all of them, those of each step, those of the last one even if by another rule; and each renewal left
 * out: what a step would give in exchange for a key is that key. None where the rules cannot be followed. `keepsLast`: the
 * values of the last step stay as they are.
 */
export function substituting(contract: Contract, workflow: Workflow, keepsLast = false): readonly Move[] {
  const trace = played(contract, workflow);
  if (trace === undefined) return [];
  const free = keepsLast ? workflow.steps.slice(0, -1) : workflow.steps;
  const wrong = free.flatMap(({ id }) =>
    withMadeUp(contract, workflow, new Set([id])) === undefined ? [] : [id],
  );
  const renewing = [...new Set(renewalsIn(trace, workflow).map(({ step }) => step))].toReversed();
  const madeUpIn = (ids: readonly string[]): Move => {
    return (current) => withMadeUp(contract, current, new Set(ids));
  };
  const kept = (id: string): Move => {
    return (current) => unrenewed(contract, current, id);
  };
  return [
    ...(wrong.length > 1 ? [madeUpIn(wrong)] : []),
    ...wrong.map((id) => madeUpIn([id])),
    ...(keepsLast ? [] : [(current: Workflow) => withOtherLast(contract, current)]),
    ...renewing.map(kept),
  ];
}

/** What was never given to anybody, in forms that schemas ask for. Nobody owns what these name. */
const madeUp: readonly string[] = [neverGiven, '00000000-0000-0000-0000-000000000000'];

/** The workflow in which these steps send nothing of others that need not be right: by the rules it comes to the same. */
function withMadeUp(contract: Contract, workflow: Workflow, ids: ReadonlySet<string>): Workflow | undefined {
  const trace = played(contract, workflow);
  if (trace === undefined) return undefined;
  let current = workflow;
  for (const { id } of workflow.steps) {
    if (!ids.has(id)) continue;
    for (const use of borrowedBy(stepOf(current, id), current)) {
      const others = madeUp.map((value) => withValue(current, id, use, value));
      current = others.find((other) => isAlike(trace, played(contract, other), id)) ?? current;
    }
  }
  return current === workflow ? undefined : current;
}

/** The same of the last step alone, as long as the status is the same: many checks look at no more. */
function withOtherLast(contract: Contract, workflow: Workflow): Workflow | undefined {
  const last = workflow.steps.at(-1);
  const uses = borrowedBy(last, workflow);
  const status = statusOf(played(contract, workflow));
  if (last === undefined || status === undefined || uses.length === 0) return undefined;
  return madeUp
    .map((value) => uses.reduce((current, use) => withValue(current, last.id, use, value), workflow))
    .find((other) => statusOf(played(contract, other)) === status);
}

/** The status of the last answer; undefined where the contract is silent about it. */
function statusOf(trace: Trace | undefined): string | undefined {
  const made = trace?.steps.at(-1)?.predicted;
  return made?.choice.transition.unspecified ? undefined : made?.response.status;
}

function stepOf({ steps }: Workflow, id: string | undefined): Step | undefined {
  return steps.find((step) => step.id === id);
}

/** The expressions by which a step takes what others were given: outputs, what is made from them, and what was sent. */
function borrowedBy(step: Step | undefined, { inputs }: Workflow): readonly string[] {
  if (step === undefined) return [];
  const uses = usesOf(sendingOf(step));
  const borrowed = inputs.filter(
    ({ name, asks, schema }) =>
      uses.inputs.has(name) && (asks.startsWith('derived:') || schema['x-after'] !== undefined),
  );
  return [
    ...[...uses.outputs].map((use) => `$steps.${use.replace(' ', '.outputs.')}`),
    ...borrowed.map(({ name }) => `$inputs.${name}`),
  ];
}

/** The step as far as it is sent. */
function sendingOf(step: Step): Step {
  return { ...step, outputs: [], successCriteria: [], onSuccess: [], onFailure: [] };
}

/** The workflow in which a step sends a value in the place of what an expression stands for. */
function withValue(workflow: Workflow, id: string, expression: string, value: string): Workflow {
  const literal = expression.replace(/[$.]/g, '\\$&');
  const use = new RegExp(`\\{${literal}\\}|${literal}(?![\\w-])`, 'g');
  const steps = workflow.steps.map((step): Step => {
    if (step.id !== id) return step;
    const { parameters, requestBody, alteration } = rewriteStep(step, (text) => text.replace(use, value));
    return { ...step, parameters, requestBody, alteration };
  });
  return { ...workflow, steps };
}

/** Whether a step comes to the same by the rules. */
function isAlike(before: Trace, now: Trace | undefined, id: string): boolean {
  if (now === undefined) return false;
  const [one, other] = [before, now].map(({ steps }) => steps.filter(({ step }) => step.id === id));
  return (one ?? []).every(({ situation, predicted }, index) => {
    const same = other?.[index];
    return (
      same?.situation.kind === situation.kind &&
      same.predicted?.choice.transition === predicted?.choice.transition
    );
  });
}

/** A step that gives a key in exchange for one that it was sent. */
type Renewal = {
  readonly step: string;
  /** The output that is the new key. */
  readonly output: string;
  /** The expression of the key that it was sent. */
  readonly key: string;
};

function renewalsIn({ steps, sources }: Trace, { inputs }: Workflow): readonly Renewal[] {
  const collections = new Map<string, Set<string>>();
  const note = (key: string, collection: string): void => {
    collections.set(key, (collections.get(key) ?? new Set()).add(collection));
  };
  const texts = [...sources].flatMap(([text, source]) =>
    typeof source === 'string' ? [{ text, source }] : [],
  );
  for (const { text, source } of texts) {
    const collection = inputs.find(({ name }) => source === `$inputs.${name}`)?.schema['x-in'];
    if (typeof collection === 'string') note(text, collection);
  }
  return steps.flatMap(({ step, changes }) => {
    const { outputs, inputs: named } = usesOf(sendingOf(step));
    const sent = texts.filter(
      ({ source }) =>
        outputs.has(source.replace('$steps.', '').replace('.outputs.', ' ')) ||
        named.has(source.replace('$inputs.', '')),
    );
    const renewals = changes.flatMap((change): readonly Renewal[] => {
      const given = change.kind === 'put' ? sources.get(change.key) : undefined;
      const [, output] =
        typeof given === 'string' && given.startsWith(`$steps.${step.id}.`) ? given.split('.outputs.') : [];
      const old = sent.find(({ text }) => collections.get(text)?.has(change.collection));
      return output === undefined || old === undefined ? [] : [{ step: step.id, output, key: old.source }];
    });
    for (const { key, collection } of changes) note(key, collection);
    return renewals;
  });
}

/** The workflow without a renewal: what it gave is what it was sent, or what came with that. */
function unrenewed(contract: Contract, workflow: Workflow, id: string): Workflow | undefined {
  const trace = played(contract, workflow);
  const own = trace === undefined ? [] : renewalsIn(trace, workflow).filter(({ step }) => step === id);
  const giver = /^\$steps\.([\w-]+)\.outputs\./.exec(own[0]?.key ?? '')?.[1];
  const besides = new Set(stepOf(workflow, giver)?.outputs.map(([name]) => name));
  if (own.length === 0) return undefined;
  const kept = rewriteWorkflow(workflow, (text) =>
    renameOutputs(text, (step, output) => {
      if (step !== id) return undefined;
      const key = own.find((renewal) => renewal.output === output)?.key;
      return key ?? (besides.has(output) ? `$steps.${giver}.outputs.${output}` : undefined);
    }),
  );
  return withoutSteps(kept, [id]);
}
