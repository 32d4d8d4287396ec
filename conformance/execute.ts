/** One workflow on one target: its steps in order, each sent, judged and checked, until the end or until something stops it. */

import { criterionHolds } from '../openapi/arazzo/criterion.js';
import type { Action, Step, Workflow } from '../openapi/arazzo/workflow.js';
import { evaluateTemplate } from '../openapi/arazzo/workflow-expression.js';
import type { Contract, Operation } from '../openapi/contract.js';
import type { Duration } from '../openapi/duration.js';
import type { Json } from '../openapi/json.js';
import type { Asker } from './ask.js';
import type { InputResolver } from './input/resolve-input.js';
import type { Planned } from './planned.js';
import {
  begun,
  type Ending,
  evaluate,
  type Finished,
  type FinishedWorkflows,
  keepOutputs,
  type Running,
  scopeOf,
  supply,
  supplyStep,
  unmetCriterion,
} from './running.js';
import type { Borrowed, Leavings } from './shared.js';
import { requestOf } from './step-request.js';

/** What a run gives to each of its workflows. */
export type Stage = {
  readonly contract: Contract;
  readonly setups: ReadonlyMap<string, Workflow>;
  readonly shared: Borrowed;
  readonly ask: Asker;
  readonly resolveInput: InputResolver;
  /** The contract's own workflows that have run, or are being run, by id. */
  readonly finished: FinishedWorkflows;
  /** Why an operation is not asked now: it did not answer before. */
  whyNot(operation: Operation): string | undefined;
  /** The shortest time that anything lives that the state rules put anywhere, in milliseconds. */
  readonly shortestLifetime: number | undefined;
  /** The server's clock as far as it is known. */
  now(): number;
  /** Lets others be at work until something has come about that another workflow brings about. */
  leaveFor<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets time pass at the server; why it cannot, when it cannot. */
  pass(duration: Duration): Promise<string | undefined>;
  /** Waits so many seconds here. */
  sleep(seconds: number): Promise<void>;
};

/** How a step ended. */
type StepEnding =
  | { readonly kind: 'next' }
  | { readonly kind: 'goto'; readonly step: string }
  | { readonly kind: 'end' }
  | Exclude<Ending, { kind: 'done' }>;

/** More steps than this nobody has written: a workflow that goes back and forth for ever. */
const mostSteps = 1000;

/**
 * Runs a workflow, after those that it depends on. `alone`: nothing that others have left is used, so that its exchanges
 * tell the whole story.
 */
export async function execute(stage: Stage, planned: Planned, cast: string, alone: boolean): Promise<Ending> {
  const { workflow } = planned;
  const finished = alone ? new Map() : stage.finished;
  const running = begun(planned, workflow, cast, { alone, finished });
  const ending = runAfterOthers(stage, running);
  if (stage.setups.get(workflow.id) === workflow) finished.set(workflow.id, finishing(running, ending));
  return ending;
}

async function finishing(running: Running, ending: Promise<Ending>): Promise<Finished> {
  return { ending: await ending, inputs: running.inputs, earlier: running.earlier };
}

async function runAfterOthers(stage: Stage, running: Running): Promise<Ending> {
  const { workflow, exchanges, earlier } = running;
  for (const id of workflow.dependsOn) {
    const needed = stage.setups.get(id);
    if (needed === undefined)
      return { kind: 'not-exercised', reason: `there is no workflow ${id}`, exchanges };
    const known = await finishedWorkflow(stage, running, needed);
    if (known.ending.kind === 'stopped') return { kind: 'stopped', exchanges };
    if (known.ending.kind !== 'done') {
      const reason = `the workflow ${id}, which it depends on, did not come to its end`;
      return { kind: 'not-exercised', reason, exchanges };
    }
    exchanges.push(...known.ending.exchanges.filter((record) => !exchanges.includes(record)));
    Object.assign(earlier, known.earlier, { [id]: { inputs: known.inputs, outputs: known.ending.outputs } });
  }
  return runSteps(stage, running);
}

/** A workflow that has run, that another runs at this moment, or that is run now. */
function finishedWorkflow(
  stage: Stage,
  { planned, cast, alone, finished }: Running,
  needed: Workflow,
): Promise<Finished> {
  const others = finished.get(needed.id);
  if (others !== undefined) return stage.leaveFor(others);
  const before = begun(planned, needed, `${cast} ${needed.id}`, { alone, finished });
  const own = finishing(before, runAfterOthers(stage, before));
  finished.set(needed.id, own);
  return own;
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
    const failed = await supply(stage.resolveInput, running, expression);
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

type WorkflowCall = Pick<Step, 'id' | 'parameters' | 'outputs'>;
type Called = Omit<Extract<Step['call'], { kind: 'workflow' }>, 'kind'>;

/** Runs another workflow, or takes what it has left before and what still holds. */
async function callWorkflow(
  stage: Stage,
  running: Running,
  step: WorkflowCall,
  { workflowId, shared, mayFail }: Called,
): Promise<StepEnding> {
  const { exchanges } = running;
  const workflow = stage.setups.get(workflowId);
  if (workflow === undefined)
    return { kind: 'not-exercised', reason: `there is no workflow ${workflowId}`, exchanges };
  const failed = await supply(
    stage.resolveInput,
    running,
    step.parameters.map(({ value }) => value),
  );
  if (failed !== undefined) return failed;
  const given = step.parameters.flatMap(({ name, value }) => {
    const evaluated = evaluate(running, value);
    return evaluated === undefined ? [] : [[name, evaluated] as const];
  });
  const called = JSON.stringify(given);
  const before = shared && !running.alone ? stage.shared.get(workflowId, called, stage.now()) : undefined;
  if (before?.of === workflow) return took(running, step, before);
  const inner: Running = {
    ...running,
    workflow,
    inputs: Object.fromEntries(given),
    outputs: {},
    exchanges: [...exchanges],
    cast: shared ? stage.shared.cast(workflowId) : `${running.cast} ${step.id}`,
  };
  const start = stage.now();
  const ending = await runAfterOthers(stage, inner);
  if (ending.kind === 'stopped' || (ending.kind !== 'done' && mayFail !== true)) return ending;
  const until = start + (stage.shortestLifetime ?? Number.POSITIVE_INFINITY);
  const own = ending.exchanges.slice(exchanges.length);
  const outputs = ending.kind === 'done' ? ending.outputs : {};
  const leavings: Leavings = { outputs, of: workflow, exchanges: own, until };
  if (shared) stage.shared.keep(workflowId, called, leavings);
  return took(running, step, leavings);
}

/** A step has of the outputs of the workflow that it calls what it names as its own. */
function took(running: Running, step: WorkflowCall, { outputs, exchanges }: Leavings): StepEnding {
  running.exchanges.push(...exchanges);
  const scope = { ...scopeOf(running, undefined), outputs };
  running.outputs[step.id] = Object.fromEntries(
    step.outputs.flatMap(([name, expression]) => {
      const value = evaluateTemplate(expression, scope);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
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
  const silent = stage.whyNot(operation);
  if (silent !== undefined) return { kind: 'not-exercised', reason: silent, exchanges };
  const failed = await supplyStep(stage.resolveInput, running, step);
  if (failed !== undefined) return failed;
  if (step.wait !== undefined) {
    const reason = await stage.pass(step.wait);
    if (reason !== undefined) return { kind: 'not-exercised', reason, exchanges };
  }
  const built = requestOf(operation, step, workflow.parameters, (template) => evaluate(running, template));
  // A walk is of many things: one that the server has not given out is left out, and the others go on.
  if (built.kind === 'impossible' && planned.phase === 'walks') return { kind: 'next' };
  if (built.kind === 'impossible') return { kind: 'not-exercised', reason: built.why, exchanges };
  const answered = await stage.ask.send(built.request, { planned, step, before: exchanges });
  exchanges.push(...answered.records);
  if (answered.kind === 'stopped') return { kind: 'stopped', exchanges };
  if (answered.isLimited) {
    const reason = 'the server answered 429: it takes no more requests for now';
    return { kind: 'not-exercised', reason, exchanges };
  }
  const later = await keepOutputs(stage.resolveInput, running, step, answered.scope);
  if (later !== undefined) return later;
  const unmet =
    answered.scope === undefined ? 'there was no response' : unmetCriterion(running, step, answered.scope);
  const isSuccess = unmet === undefined && !answered.deviates;
  const actions = isSuccess
    ? [...step.onSuccess, ...workflow.successActions]
    : [...step.onFailure, ...workflow.failureActions];
  const action = actions.find((each) =>
    each.criteria.every((criterion) => criterionHolds(criterion, scopeOf(running, answered.scope)).holds),
  );
  const ending =
    action === undefined ? undefined : await act(stage, running, step, action, retries, isSuccess);
  if (ending !== undefined && ending.kind !== 'deviates') return ending;
  if (isSuccess) return ending ?? { kind: 'next' };
  // What the answer deviates in is told; that the step then fails says nothing more.
  const isIdle = answered.deviates || (answered.isTold && planned.workflow.provenance.kind === 'inferred');
  if (unmet !== undefined && step.successCriteria.length > 0 && !isIdle)
    stage.ask.unmet(answered, unmet, { planned, step, before: [...exchanges] });
  return { kind: 'deviates', exchanges };
}

/** What an action says comes next (Arazzo 1.0, sections 4.6.8 and 4.6.9); a step that is to be taken again has not failed yet. */
async function act(
  stage: Stage,
  running: Running,
  step: Step,
  action: Action,
  retries: Map<string, number>,
  isSuccess: boolean,
): Promise<StepEnding> {
  const { workflow, exchanges } = running;
  const { type, name, workflowId, stepId } = action;
  const elsewhere = async (): Promise<StepEnding> =>
    workflowId === undefined
      ? { kind: 'next' }
      : callWorkflow(
          stage,
          running,
          { id: `${step.id} ${name}`, parameters: [], outputs: [] },
          { workflowId, shared: false },
        );
  if (type === 'end') return isSuccess ? { kind: 'end' } : { kind: 'deviates', exchanges };
  if (type === 'goto') {
    if (stepId !== undefined) return { kind: 'goto', step: stepId };
    const ending = await elsewhere();
    return ending.kind === 'next' ? { kind: 'end' } : ending;
  }
  const key = `${step.id} ${name}`;
  const tries = retries.get(key) ?? 0;
  if (tries >= action.retryLimit) return { kind: 'deviates', exchanges };
  retries.set(key, tries + 1);
  await stage.sleep(action.retryAfter);
  const between = workflow.steps.find(({ id }) => id === stepId);
  const ending = between === undefined ? await elsewhere() : await runStep(stage, running, between, retries);
  return ending.kind === 'next' ? { kind: 'goto', step: step.id } : ending;
}
