/** What is known within a workflow while it runs: its inputs, the outputs of its steps, and what others have left to it. */

import { criterionHolds, criterionInputs } from '../openapi/arazzo/criterion.js';
import type { Step, StepParameter, Template, Workflow, WorkflowInput } from '../openapi/arazzo/workflow.js';
import {
  evaluateTemplate,
  mentionedInputs,
  type WorkflowScope,
} from '../openapi/arazzo/workflow-expression.js';
import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import type { Scope } from '../openapi/rules/expression.js';
import type { ExchangeRecord } from './event.js';
import type { InputResolver } from './input/resolve-input.js';
import type { Planned } from './planned.js';

/** How a workflow ended. */
export type Ending =
  | { readonly kind: 'done'; readonly outputs: JsonObject; readonly exchanges: readonly ExchangeRecord[] }
  /** Something could not be had. */
  | { readonly kind: 'not-exercised'; readonly reason: string; readonly exchanges: readonly ExchangeRecord[] }
  /** Server and contract have parted. */
  | { readonly kind: 'deviates'; readonly exchanges: readonly ExchangeRecord[] }
  /** The run is over. */
  | { readonly kind: 'stopped'; readonly exchanges: readonly ExchangeRecord[] };

/** The ending for want of something. */
export type Unsupplied = Extract<Ending, { kind: 'not-exercised' }>;

/** A workflow that has run, and those that had run before it. */
export type Finished = {
  readonly ending: Ending;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly earlier: WorkflowScope['workflows'];
};

/** Workflows that have run or are being run, by id: nobody runs them twice. */
export type FinishedWorkflows = Map<string, Promise<Finished>>;

/** A workflow that runs. */
export type Running = {
  readonly planned: Planned;
  readonly workflow: Workflow;
  readonly inputs: Record<string, Json>;
  readonly outputs: Record<string, JsonObject>;
  /** Everything that was exchanged in it, and in what it rests on. */
  readonly exchanges: ExchangeRecord[];
  /** Names those whom the inputs of this workflow are about. */
  readonly cast: string;
  readonly alone: boolean;
  /** The workflows that it depends on, by id. */
  readonly earlier: Record<string, WorkflowScope['workflows'][string]>;
  readonly finished: FinishedWorkflows;
};

/** A workflow of which nothing has run yet. */
export function begun(
  planned: Planned,
  workflow: Workflow,
  cast: string,
  { alone, finished }: Pick<Running, 'alone' | 'finished'>,
): Running {
  return { planned, workflow, cast, alone, finished, inputs: {}, outputs: {}, exchanges: [], earlier: {} };
}

/** Sees to it that the inputs which templates mention are there; how the workflow ends, when one cannot be had. */
export async function supply(
  resolve: InputResolver,
  running: Running,
  templates: Template,
): Promise<Unsupplied | undefined> {
  return supplyNames(resolve, running, mentionedInputs(templates));
}

/** The same for everything that a step mentions before it is over. */
export async function supplyStep(
  resolve: InputResolver,
  running: Running,
  step: Step,
): Promise<Unsupplied | undefined> {
  return supplyNames(resolve, running, namesOf(step, running.workflow));
}

type Common = Pick<Workflow, 'parameters' | 'successActions' | 'failureActions'>;

/** The inputs that steps mention: the same step is taken many times, in the same surroundings. */
const mentioned = new WeakMap<Step, { readonly among: Common; readonly names: readonly string[] }>();

function namesOf(step: Step, { parameters, successActions, failureActions }: Common): readonly string[] {
  const before = mentioned.get(step);
  if (
    before?.among.parameters === parameters &&
    before.among.successActions === successActions &&
    before.among.failureActions === failureActions
  )
    return before.names;
  const actions = [...step.onSuccess, ...step.onFailure, ...successActions, ...failureActions];
  const criteria = [...step.successCriteria, ...actions.flatMap((action) => action.criteria)];
  const names = [...mentionedInputs(templatesOf(step, parameters)), ...criteria.flatMap(criterionInputs)];
  mentioned.set(step, { among: { parameters, successActions, failureActions }, names });
  return names;
}

async function supplyNames(
  resolve: InputResolver,
  running: Running,
  names: readonly string[],
): Promise<Unsupplied | undefined> {
  for (const name of names) {
    if (Object.hasOwn(running.inputs, name) || isReadOtherwise(name, running.workflow.inputs)) continue;
    const needed = running.workflow.inputs.find((each) => each.name === name) ?? plainInput(name);
    const failed = await supply(resolve, running, needed.for);
    if (failed !== undefined) return failed;
    const answer = await resolve(needed, givenFor(running, needed), running.cast);
    const { exchanges } = running;
    if (answer.kind === 'none') return { kind: 'not-exercised', reason: answer.reason, exchanges };
    running.inputs[name] = answer.value;
  }
  return undefined;
}

/** What an answer depends on; where values are looked for among answers that were given, those that there are. */
function givenFor(running: Running, { for: depends, schema }: WorkflowInput): JsonObject {
  if (schema['x-first'] !== true) {
    const given = evaluate(running, depends);
    return isObject(given) ? given : {};
  }
  return Object.fromEntries(
    Object.entries(depends).flatMap(([name, template]) => {
      const value = evaluate(running, template);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Of the names that `$inputs.user.name` may mean, the one that is declared counts. */
function isReadOtherwise(name: string, declared: readonly WorkflowInput[]): boolean {
  if (declared.some((each) => each.name === name)) return false;
  return declared.some((each) => name.startsWith(`${each.name}.`) || each.name.startsWith(`${name}.`));
}

function plainInput(name: string): WorkflowInput {
  return { name, asks: name, for: {}, schema: {}, required: true };
}

function templatesOf(step: Step, common: readonly StepParameter[]): Template {
  return [
    [...common, ...step.parameters].map(({ value }) => value),
    step.requestBody?.payload ?? null,
    step.requestBody?.replacements.map(({ value }) => value) ?? null,
    step.alteration?.fields.map(([, value]) => value) ?? null,
    step.alteration?.content ?? null,
  ];
}

/** The value of a template now; undefined when something that it names is not there. */
export function evaluate(running: Running, template: Template, exchange?: Scope): Json | undefined {
  return evaluateTemplate(template, scopeOf(running, exchange));
}

/** What the expressions of a workflow are evaluated over now. */
export function scopeOf({ inputs, outputs, earlier }: Running, exchange: Scope | undefined): WorkflowScope {
  return { inputs, steps: outputs, workflows: earlier, outputs: {}, exchange };
}

/** Keeps the outputs of a step; how the workflow ends, when an input that they mention cannot be had. */
export async function keepOutputs(
  resolve: InputResolver,
  running: Running,
  step: Step,
  exchange: Scope | undefined,
): Promise<Unsupplied | undefined> {
  const kept: Record<string, Json> = {};
  for (const [name, expression] of step.outputs) {
    const mentioned = mentionedInputs(expression);
    const failed = mentioned.length === 0 ? undefined : await supplyNames(resolve, running, mentioned);
    if (failed !== undefined) return failed;
    const value = evaluate(running, expression, exchange);
    if (value !== undefined) kept[name] = value;
  }
  running.outputs[step.id] = kept;
  return undefined;
}

/** Why a step has not succeeded; undefined when it has. */
export function unmetCriterion(running: Running, step: Step, exchange: Scope): string | undefined {
  for (const criterion of step.successCriteria) {
    const result = criterionHolds(criterion, scopeOf(running, exchange));
    if (!result.holds) return result.why;
  }
  return undefined;
}
