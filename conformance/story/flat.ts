/** One workflow in the place of several: the steps of those that it calls, or depends on, stand where it needs them. */

import type {
  Step,
  StepParameter,
  Template,
  Workflow,
  WorkflowInput,
} from '../../openapi/arazzo/workflow.js';
import { isObject } from '../../openapi/json.js';
import { mapTexts, unlike } from '../plan/draft.js';
import { actionsOf } from '../planned.js';
import { rewriteStep } from '../rewritten.js';

/** A workflow that calls no other, and by which name each of its steps was taken. */
export type Flat = {
  readonly workflow: Workflow;
  /** The ids that its steps had where they come from, in the same order. */
  readonly origins: readonly string[];
};

/** What is taken over from a workflow: its steps and inputs under new names, and what its outputs stand for. */
type Part = {
  readonly steps: readonly Step[];
  readonly origins: readonly string[];
  readonly inputs: readonly WorkflowInput[];
  /** By the name of an output or an input: the expression that has its value. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly own: ReadonlyMap<string, string>;
};

/** Names that are in use already. */
type Taken = { readonly steps: Set<string>; readonly inputs: Set<string> };

/** Thrown where a workflow says what only several can say. */
class Entangled extends Error {}

/** The workflow with everything that it rests on in itself; undefined where actions lead from one workflow to another. */
export function flattened(workflow: Workflow, all: ReadonlyMap<string, Workflow>): Flat | undefined {
  const needsNone =
    workflow.dependsOn.length === 0 && workflow.steps.every(({ call }) => call.kind === 'operation');
  if (needsNone && actionsOf(workflow).every(({ workflowId }) => workflowId === undefined))
    return { workflow, origins: workflow.steps.map(({ id }) => id) };
  try {
    const taken = { steps: new Set<string>(), inputs: new Set<string>() };
    const { steps, origins, inputs } = partOf(workflow, all, new Map(), taken, []);
    return { workflow: { ...workflow, dependsOn: [], parameters: [], outputs: [], inputs, steps }, origins };
  } catch (error) {
    if (error instanceof Entangled) return undefined;
    throw error;
  }
}

/** `given` are the inputs that the caller sets, as expressions. */
function partOf(
  workflow: Workflow,
  all: ReadonlyMap<string, Workflow>,
  given: ReadonlyMap<string, string>,
  taken: Taken,
  trail: readonly string[],
): Part {
  if (actionsOf(workflow).length > 0 || trail.includes(workflow.id)) throw new Entangled();
  const within = [...trail, workflow.id];
  const names = new Map<string, string>();
  const expand = (text: string): string => expanded(text, names);
  const called = (id: string, inputs: ReadonlyMap<string, string>): Part => {
    const found = all.get(id);
    if (found === undefined) throw new Entangled();
    return partOf(found, all, inputs, taken, within);
  };
  const parts: Part[] = [];
  for (const id of workflow.dependsOn) {
    const part = called(id, new Map());
    parts.push(part);
    for (const [name, expression] of part.outputs) names.set(`$workflows.${id}.outputs.${name}`, expression);
    for (const [name, expression] of part.own) names.set(`$workflows.${id}.inputs.${name}`, expression);
  }
  const asked = askedOf(workflow).filter(({ name }) => !given.has(name));
  const own = new Map(given);
  for (const { name } of asked) {
    const unused = unlike(taken.inputs, name, '_');
    taken.inputs.add(unused);
    own.set(name, `$inputs.${unused}`);
  }
  for (const [name, expression] of own) names.set(`$inputs.${name}`, expression);
  for (const step of workflow.steps) {
    if (step.call.kind === 'workflow') {
      const inputs = new Map(
        step.parameters.map(({ name, value }) => [name, wholeExpression(value, expand)] as const),
      );
      const part = called(step.call.workflowId, inputs);
      parts.push(part);
      for (const [name, expression] of step.outputs) {
        const inner = part.outputs.get(/^\$outputs\.([\w-]+)$/.exec(expression)?.[1] ?? '');
        if (inner !== undefined) names.set(`$steps.${step.id}.outputs.${name}`, inner);
      }
      continue;
    }
    const id = unlike(taken.steps, step.id);
    taken.steps.add(id);
    for (const [name] of step.outputs)
      names.set(`$steps.${step.id}.outputs.${name}`, `$steps.${id}.outputs.${name}`);
    names.set(`$steps.${step.id}`, id);
    const common = workflow.parameters.filter(
      (each) => !step.parameters.some((parameter) => isSame(parameter, each)),
    );
    const whole = { ...step, parameters: [...common, ...step.parameters] };
    parts.push({
      steps: [{ ...rewriteStep(whole, expand), id }],
      origins: [step.id],
      inputs: [],
      outputs: new Map(),
      own: new Map(),
    });
  }
  const inputs = asked.map((input) => renamedInput(input, own, names, expand));
  return {
    steps: parts.flatMap(({ steps }) => steps),
    origins: parts.flatMap(({ origins }) => origins),
    inputs: [...parts.flatMap((part) => part.inputs), ...inputs],
    outputs: new Map(workflow.outputs.map(([name, expression]) => [name, expand(expression)])),
    own,
  };
}

function isSame(a: StepParameter, b: StepParameter): boolean {
  return a.name === b.name && a.in === b.in;
}

/** The declared inputs, and those that are only mentioned. */
function askedOf(workflow: Workflow): readonly WorkflowInput[] {
  const texts = JSON.stringify([
    workflow.steps.map(({ parameters, requestBody, alteration, outputs, successCriteria }) => [
      parameters.map(({ value }) => value),
      requestBody === undefined
        ? null
        : [requestBody.payload, requestBody.replacements.map(({ value }) => value)],
      alteration === undefined ? null : [alteration.fields, alteration.content ?? null],
      outputs,
      successCriteria.map(({ condition, context }) => [condition, context ?? null]),
    ]),
    workflow.parameters.map(({ value }) => value),
    workflow.outputs,
    workflow.inputs.map((input) => input.for),
  ]);
  const mentioned = [...texts.matchAll(/\$inputs\.([\w-]+)/g)].flatMap(([, name]) => name ?? []);
  const declared = workflow.inputs.map(({ name }) => name);
  const others = [...new Set(mentioned)].filter((name) => !declared.includes(name));
  const plain = others.map(
    (name): WorkflowInput => ({ name, asks: name, for: {}, schema: {}, required: true }),
  );
  return [...workflow.inputs, ...plain];
}

function renamedInput(
  input: WorkflowInput,
  own: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
  expand: (text: string) => string,
): WorkflowInput {
  const after = input.schema['x-after'];
  const step = typeof after === 'string' ? names.get(`$steps.${after}`) : undefined;
  const subject = mapTexts(input.for, expand);
  return {
    ...input,
    name: own.get(input.name)?.slice('$inputs.'.length) ?? input.name,
    for: isObject(subject) ? subject : {},
    schema: step === undefined ? input.schema : { ...input.schema, 'x-after': step },
  };
}

/** A value that a caller gives, as an expression: anything else cannot be put into the middle of a text. */
function wholeExpression(value: Template, expand: (text: string) => string): string {
  if (typeof value !== 'string' || !/^\$[A-Za-z][\w.#/-]*$/.test(value)) throw new Entangled();
  return expand(value);
}

const reference =
  /\$(?:inputs\.[\w-]+|steps\.[\w-]+\.outputs\.[\w-]+|workflows\.[\w-]+\.(?:inputs|outputs)\.[\w-]+)(?![\w.-]*\.[\w-])/g;

function expanded(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(reference, (expression) => names.get(expression) ?? expression);
}
