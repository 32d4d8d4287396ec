/** What the steps of a workflow take from each other: the outputs and inputs that their texts name, and what follows from it. */

import type { Step, Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import { type Rewrite, rewriteInput, rewriteStep } from '../rewritten.js';

const outputUse = /\$steps\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_-]+)/g;
const inputUse = /\$inputs\.([A-Za-z0-9_-]+)/g;

/** The text with the outputs that it names given other names, or left as they are. */
export function renameOutputs(
  text: string,
  to: (step: string, output: string) => string | undefined,
): string {
  return text.replace(outputUse, (whole, step: string, output: string) => to(step, output) ?? whole);
}

/** The text with the inputs that it names given other names. */
export function renameInputs(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(inputUse, (whole, name: string) => {
    const other = names.get(name);
    return other === undefined ? whole : `$inputs.${other}`;
  });
}

/** What texts name. */
type Uses = {
  /** `STEP OUTPUT` of each. */
  readonly outputs: ReadonlySet<string>;
  readonly steps: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
};

function usesIn(texts: readonly string[]): Uses {
  const named = texts.flatMap((text) => [...text.matchAll(outputUse)]);
  return {
    outputs: new Set(named.map(([, step, output]) => `${step} ${output}`)),
    steps: new Set(named.map(([, step = '']) => step)),
    inputs: new Set(texts.flatMap((text) => [...text.matchAll(inputUse)]).map(([, name = '']) => name)),
  };
}

const known = new WeakMap<Step | WorkflowInput, Uses>();

/** What the texts of a step, or what an input depends on, name. */
export function usesOf(part: Step | WorkflowInput): Uses {
  const before = known.get(part);
  if (before !== undefined) return before;
  const texts: string[] = [];
  const note = (text: string): string => {
    texts.push(text);
    return text;
  };
  if ('call' in part) rewriteStep(part, note);
  else rewriteInput(part, note);
  const uses = usesIn(texts);
  known.set(part, uses);
  return uses;
}

/** The inputs that a step is in need of, those among them that others depend on. */
export function inputsOf(step: Step, { inputs }: Pick<Workflow, 'inputs'>): ReadonlySet<WorkflowInput> {
  const found = new Set<WorkflowInput>();
  const follow = (names: ReadonlySet<string>): void => {
    for (const input of inputs) {
      if (!names.has(input.name) || found.has(input)) continue;
      found.add(input);
      follow(usesOf(input).inputs);
    }
  };
  follow(usesOf(step).inputs);
  return found;
}

/** The steps, by id, without which a step cannot be taken: those whose outputs it uses, or by which its inputs come about. */
export function needsOf(step: Step, workflow: Pick<Workflow, 'inputs'>): ReadonlySet<string> {
  const actions = [...step.onSuccess, ...step.onFailure].flatMap(({ stepId }) => stepId ?? []);
  const inputs = [...inputsOf(step, workflow)];
  const after = inputs.flatMap(({ schema }) =>
    typeof schema['x-after'] === 'string' ? [schema['x-after']] : [],
  );
  const own = [...usesOf(step).steps, ...inputs.flatMap((input) => [...usesOf(input).steps])];
  return new Set([...own, ...after, ...actions].filter((id) => id !== step.id));
}

/** The ids of all steps that some other step needs. */
export function neededIn(workflow: Pick<Workflow, 'inputs' | 'steps'>): ReadonlySet<string> {
  return new Set(workflow.steps.flatMap((step) => [...needsOf(step, workflow)]));
}

/** These steps, by id, and all that they need. */
export function withNeeds(workflow: Workflow, ids: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (id: string): void => {
    const step = workflow.steps.find((each) => each.id === id);
    if (step === undefined || found.has(id)) return;
    found.add(id);
    for (const needed of needsOf(step, workflow)) follow(needed);
  };
  for (const id of ids) follow(id);
  return found;
}

/** The workflow without inputs that nothing asks for, and without outputs of responses that nothing uses. */
export function tidied(workflow: Workflow): Workflow {
  const asked = new Set(workflow.steps.flatMap((step) => [...inputsOf(step, workflow)]));
  const others = usesIn([
    ...workflow.outputs.map(([, expression]) => expression),
    ...[...workflow.successActions, ...workflow.failureActions].flatMap(({ criteria }) =>
      criteria.flatMap(({ condition, context }) => [condition, context ?? '']),
    ),
    ...workflow.parameters.map(({ value }) => JSON.stringify(value)),
  ]);
  const inputs = workflow.inputs.filter((each) => asked.has(each) || others.inputs.has(each.name));
  const used = new Set([...workflow.steps, ...inputs].flatMap((each) => [...usesOf(each).outputs]));
  const isUsed = (step: Step, name: string): boolean =>
    used.has(`${step.id} ${name}`) || others.outputs.has(`${step.id} ${name}`);
  // An output that is an input asks for it at once, whoever uses it.
  const steps = workflow.steps.map((step): Step => {
    const outputs = step.outputs.filter(
      ([name, expression]) => expression.startsWith('$inputs.') || isUsed(step, name),
    );
    return outputs.length === step.outputs.length ? step : { ...step, outputs };
  });
  return { ...workflow, steps, inputs };
}

/** What a workflow says, whatever its steps and inputs are called. */
export function contentOf(workflow: Workflow): string {
  const { steps, inputs } = tidied(workflow);
  const stepNames = new Map(steps.map(({ id }, index) => [id, `step-${index}`]));
  const order = steps.flatMap((step) => [...inputsOf(step, { inputs })]);
  const inputNames = new Map(
    [...new Set(order)].map((input, index) => [input.name, `${castOf(input)}${index}`]),
  );
  const rename: Rewrite = (text) =>
    renameInputs(
      renameOutputs(text, (step, output) => `$steps.${stepNames.get(step) ?? step}.outputs.${output}`),
      inputNames,
    );
  const told = steps.map((step) => {
    const { call, id: _, description: __, at: ___, ...rest } = rewriteStep(step, rename);
    return [call.kind === 'operation' ? call.operation.id : call.workflowId, rest];
  });
  const asked = inputs
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((input) => {
      const { name, asks, for: given, schema } = rewriteInput(input, rename);
      const after = schema['x-after'];
      const place = typeof after === 'string' ? (stepNames.get(after) ?? after) : null;
      return [inputNames.get(name) ?? name, asks, given, { ...schema, 'x-after': place }];
    });
  return JSON.stringify([told, asked]);
}

/** What the name of an input says of whom it is: `other_` of `other_phone_number_2`. */
export function castOf({ name, asks }: WorkflowInput): string {
  return name.replace(/_\d+$/, '').replace(asks, '');
}
