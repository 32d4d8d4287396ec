/** One workflow on one target: its steps in order, each sent, judged and checked, until the end or until something stops it. */

import type { Contract } from '../openapi/contract.js';
import { criterionHolds } from '../openapi/criterion.js';
import type { Duration } from '../openapi/duration.js';
import { plusDuration } from '../openapi/duration.js';
import type { Scope } from '../openapi/expression.js';
import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import type { Action, Step, StepParameter, Template, Workflow, WorkflowInput } from '../openapi/workflow.js';
import { evaluateTemplate, mentionedInputs, type WorkflowScope } from '../openapi/workflow-expression.js';
import type { Answered, Asker } from './ask.js';
import type { ExchangeRecord } from './event.js';
import type { Planned } from './planned.js';
import type { InputResolver } from './resolve-input.js';
import type { Leavings, Shared } from './shared.js';
import { requestOf } from './step-request.js';

/** What a run gives to each of its workflows. */
export type Stage = {
  readonly contract: Contract;
  readonly setups: ReadonlyMap<string, Workflow>;
  readonly shared: Shared;
  readonly ask: Asker;
  readonly resolveInput: InputResolver;
  /** The server's clock as far as it is known. */
  now(): number;
  /** Lets time pass at the server; why it cannot, when it cannot. */
  pass(duration: Duration): Promise<string | undefined>;
  /** Waits so many seconds here. */
  sleep(seconds: number): Promise<void>;
};

/** How a workflow ended. */
export type Ending =
  | { readonly kind: 'done'; readonly outputs: JsonObject; readonly exchanges: readonly ExchangeRecord[] }
  /** Something could not be had. */
  | { readonly kind: 'not-exercised'; readonly reason: string; readonly exchanges: readonly ExchangeRecord[] }
  /** Server and contract have parted. */
  | { readonly kind: 'deviates'; readonly exchanges: readonly ExchangeRecord[] }
  /** The run is over. */
  | { readonly kind: 'stopped'; readonly exchanges: readonly ExchangeRecord[] };

/** What is known within a workflow while it runs. */
type Running = {
  readonly planned: Planned;
  readonly workflow: Workflow;
  readonly inputs: Record<string, Json>;
  readonly outputs: Record<string, JsonObject>;
  readonly exchanges: ExchangeRecord[];
  /** Names those whom the inputs of this workflow are about. */
  readonly cast: string;
  readonly alone: boolean;
};

/** How a step ended. */
type StepEnding =
  | { readonly kind: 'next' }
  | { readonly kind: 'goto'; readonly step: string }
  | { readonly kind: 'end' }
  | Exclude<Ending, { kind: 'done' }>;

type Unsupplied = Extract<Ending, { kind: 'not-exercised' }>;

/** More steps than this nobody has written: a workflow that goes back and forth for ever. */
const mostSteps = 1000;

/** Runs a workflow. `alone`: nothing that others have left is used, so that its exchanges tell the whole story. */
export async function execute(stage: Stage, planned: Planned, cast: string, alone: boolean): Promise<Ending> {
  const exchanges: ExchangeRecord[] = [];
  const running: Running = {
    planned,
    workflow: planned.workflow,
    inputs: {},
    outputs: {},
    exchanges,
    cast,
    alone,
  };
  return runSteps(stage, running);
}

async function runSteps(stage: Stage, running: Running): Promise<Ending> {
  const { workflow, exchanges } = running;
  const retries = new Map<string, number>();
  let index = 0;
  for (let count = 0; index < workflow.steps.length && count < mostSteps; count += 1) {
    const step = workflow.steps[index];
    if (step === undefined) break;
    const ending = await runStep(stage, running, step, retries);
    if (ending.kind === 'end') break;
    if (ending.kind === 'goto') index = workflow.steps.findIndex(({ id }) => id === ending.step);
    else if (ending.kind === 'next') index += 1;
    else return ending;
  }
  const outputs: Record<string, Json> = {};
  for (const [name, expression] of workflow.outputs) {
    const failed = await supply(stage, running, expression);
    if (failed !== undefined) return failed;
    const value = evaluate(running, expression);
    if (value !== undefined) outputs[name] = value;
  }
  return { kind: 'done', outputs, exchanges };
}

async function runStep(
  stage: Stage,
  running: Running,
  step: Step,
  retries: Map<string, number>,
): Promise<StepEnding> {
  return step.call.kind === 'workflow'
    ? callWorkflow(stage, running, step, step.call)
    : callOperation(stage, running, step, step.call.operation, retries);
}

/** Runs another workflow, or takes what it has left before and what still holds. */
async function callWorkflow(
  stage: Stage,
  running: Running,
  step: Step,
  { workflowId, shared }: Extract<Step['call'], { kind: 'workflow' }>,
): Promise<StepEnding> {
  const { exchanges } = running;
  const workflow = stage.setups.get(workflowId);
  if (workflow === undefined)
    return { kind: 'not-exercised', reason: `there is no workflow ${workflowId}`, exchanges };
  const failed = await supply(
    stage,
    running,
    step.parameters.map(({ value }) => value),
  );
  if (failed !== undefined) return failed;
  const given = step.parameters.flatMap(({ name, value }) => {
    const evaluated = evaluate(running, value);
    return evaluated === undefined ? [] : [[name, evaluated] as const];
  });
  const key = JSON.stringify([workflowId, given]);
  const before = shared && !running.alone ? stage.shared.get(key, stage.now()) : undefined;
  if (before !== undefined) return took(running, step, before);
  const inner: Running = {
    ...running,
    workflow,
    inputs: Object.fromEntries(given),
    outputs: {},
    exchanges: [],
    cast: shared ? `${workflowId} for others` : `${running.cast} ${step.id}`,
  };
  const start = stage.now();
  const ending = await runSteps(stage, inner);
  if (ending.kind !== 'done') return { ...ending, exchanges: [...exchanges, ...ending.exchanges] };
  const until = start + (stage.ask.shortestLifetime() ?? Number.POSITIVE_INFINITY);
  const leavings: Leavings = { outputs: ending.outputs, exchanges: ending.exchanges, until };
  if (shared) stage.shared.keep(key, leavings);
  return took(running, step, leavings);
}

function took(running: Running, step: Step, { outputs, exchanges }: Leavings): StepEnding {
  running.exchanges.push(...exchanges);
  running.outputs[step.id] = outputs;
  return { kind: 'next' };
}

async function callOperation(
  stage: Stage,
  running: Running,
  step: Step,
  operation: Extract<Step['call'], { kind: 'operation' }>['operation'],
  retries: Map<string, number>,
): Promise<StepEnding> {
  const { exchanges, planned, workflow } = running;
  const mentioned = templatesOf(step, workflow.parameters);
  const failed = await supply(stage, running, mentioned);
  if (failed !== undefined) return failed;
  if (step.wait !== undefined) {
    const reason = await stage.pass(step.wait);
    if (reason !== undefined) return { kind: 'not-exercised', reason, exchanges };
  }
  const built = requestOf(operation, step, workflow.parameters, (template) => evaluate(running, template));
  if (built.kind === 'impossible') return { kind: 'not-exercised', reason: built.why, exchanges };
  const answered = await stage.ask.send(built.request, { planned, step, before: [...exchanges] });
  exchanges.push(...answered.records);
  if (answered.kind === 'stopped') return { kind: 'stopped', exchanges };
  const later = await keepOutputs(stage, running, step, answered);
  if (later !== undefined) return later;
  const unmet =
    answered.scope === undefined ? 'there was no response' : unmetCriterion(running, step, answered.scope);
  // What the answer deviates in is told; that the step then fails says nothing more.
  if (unmet !== undefined && step.successCriteria.length > 0 && !answered.deviates)
    stage.ask.unmet(answered, unmet, { planned, step, before: exchanges });
  const isSuccess = unmet === undefined && !answered.deviates;
  const actions = isSuccess
    ? [...step.onSuccess, ...workflow.successActions]
    : [...step.onFailure, ...workflow.failureActions];
  const action = actions.find((each) =>
    each.criteria.every((criterion) => criterionHolds(criterion, scopeOf(running, answered.scope)).holds),
  );
  if (action !== undefined) return act(stage, step, action, retries, exchanges, isSuccess);
  return isSuccess ? { kind: 'next' } : { kind: 'deviates', exchanges };
}

/** What an action says comes next (Arazzo 1.0, sections 4.6.8 and 4.6.9). */
async function act(
  stage: Stage,
  step: Step,
  action: Action,
  retries: Map<string, number>,
  exchanges: readonly ExchangeRecord[],
  isSuccess: boolean,
): Promise<StepEnding> {
  if (action.type === 'end') return isSuccess ? { kind: 'end' } : { kind: 'deviates', exchanges };
  if (action.type === 'goto') return { kind: 'goto', step: action.stepId ?? step.id };
  const tries = retries.get(`${step.id} ${action.name}`) ?? 0;
  if (tries >= action.retryLimit) return { kind: 'deviates', exchanges };
  retries.set(`${step.id} ${action.name}`, tries + 1);
  await stage.sleep(action.retryAfter);
  return { kind: 'goto', step: action.stepId ?? step.id };
}

async function keepOutputs(
  stage: Stage,
  running: Running,
  step: Step,
  { scope }: Answered,
): Promise<StepEnding | undefined> {
  const kept: Record<string, Json> = {};
  for (const [name, expression] of step.outputs) {
    const failed = await supply(stage, running, expression);
    if (failed !== undefined) return failed;
    const value = evaluate(running, expression, scope);
    if (value !== undefined) kept[name] = value;
  }
  running.outputs[step.id] = kept;
  return undefined;
}

function unmetCriterion(running: Running, step: Step, scope: Scope): string | undefined {
  for (const criterion of step.successCriteria) {
    const { holds, why } = criterionHolds(criterion, scopeOf(running, scope));
    if (!holds) return why;
  }
  return undefined;
}

/** Sees to it that the inputs which templates mention are there; how the workflow ends, when one cannot be had. */
async function supply(stage: Stage, running: Running, templates: Template): Promise<Unsupplied | undefined> {
  for (const name of mentionedInputs(templates)) {
    if (Object.hasOwn(running.inputs, name)) continue;
    const needed = running.workflow.inputs.find((each) => each.name === name) ?? plainInput(name);
    const failed = await supply(stage, running, needed.for);
    if (failed !== undefined) return failed;
    const given = evaluate(running, needed.for);
    const answer = await stage.resolveInput(needed, isObject(given) ? given : {}, running.cast);
    const { exchanges } = running;
    if (answer.kind === 'none') return { kind: 'not-exercised', reason: answer.reason, exchanges };
    running.inputs[name] = answer.value;
  }
  return undefined;
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
    step.successCriteria.map(({ condition, context }) => [condition, context ?? null]),
  ];
}

function evaluate(running: Running, template: Template, exchange?: Scope): Json | undefined {
  return evaluateTemplate(template, scopeOf(running, exchange));
}

function scopeOf({ inputs, outputs }: Running, exchange: Scope | undefined): WorkflowScope {
  return { inputs, steps: outputs, workflows: {}, outputs: {}, exchange };
}

/** How much time a duration is from an instant on, in milliseconds. */
export function millisecondsOf(duration: Duration, from: number): number {
  return plusDuration(from, duration) - from;
}
