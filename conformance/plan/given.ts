/** Ids that a contract without rules leaves open: taken from what the server has really answered, wherever it gives them. */

import type {
  Step,
  StepParameter,
  Template,
  Workflow,
  WorkflowInput,
} from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { jsonEquals, pointedTo, pointerTokens } from '../../openapi/json.js';
import { inputName } from '../credentials.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import type { Ungiven } from '../why-not.js';
import { input, outputName, slug, unlike, workflowOf, workflowStep } from './draft.js';
import { bodyPointer } from './goal.js';
import { isDeleting, type Need, needOfParameter, needsOfContent, usualContent } from './needs.js';
import { plainDraft } from './plain-draft.js';
import { type Source, sourcesFor } from './sources.js';

export type Giving = {
  /** The workflow with the ids that others give, and with the calls that give them before it. */
  weave(planned: Planned): Planned;
  /** The same for a workflow that others call. */
  weaveSetup(workflow: Workflow): Workflow;
};

/** A need with where its value may come from. */
type Supply = {
  readonly need: Need;
  readonly sources: readonly Source[];
  /** Whether the thing is gone after the call. */
  readonly isDeleted: boolean;
};

/** So many calls one after the other it takes at most to have something: a company, its team, the member of that. */
const deepest = 4;

/** Weaves ids into the workflows of a contract. What they call is added to `setups`. `safe`: only safe methods are called. */
export function createGiving(contract: Contract, setups: Map<string, Workflow>, safe: boolean): Giving {
  const supplies = new Map<Operation, readonly Supply[]>();
  const suppliesOf = (operation: Operation): readonly Supply[] => {
    const known = supplies.get(operation) ?? findSupplies(contract, operation, safe);
    supplies.set(operation, known);
    return known;
  };
  const made = new Map<Operation, string>();

  /** The id of a workflow that makes one call for what it gives; undefined where that takes too many calls before. */
  const setupOf = (source: Source, trail: readonly Operation[]): string | undefined => {
    const { operation, expression } = source;
    const known = setups.get(made.get(operation) ?? '');
    if (known !== undefined) {
      setups.set(known.id, puttingOut(known, expression));
      return known.id;
    }
    if (trail.includes(operation) || trail.length >= deepest) return undefined;
    const { draft, step } = plainDraft(contract, operation);
    const id = unlike(new Set(setups.keys()), slug(`given by ${operation.id}`));
    const summary = `${operation.method} ${operation.path} for what it gives`;
    const plain = workflowOf(id, summary, { ...draft, steps: [{ ...step, id: 'call' }] });
    const woven = puttingOut(weaveInto(plain, [...trail, operation]), expression);
    setups.set(id, woven);
    made.set(operation, id);
    return id;
  };

  const weaveInto = (workflow: Workflow, trail: readonly Operation[]): Workflow => {
    const weaving: Weaving = { before: [], inputs: [], taken: takenIn(workflow) };
    const steps = workflow.steps.map((step) => wovenStep(step, weaving, trail));
    if (weaving.inputs.length === 0) return workflow;
    const names = new Set(weaving.inputs.map(({ name }) => name));
    const others = workflow.inputs.filter(({ name }) => !names.has(name));
    return { ...workflow, steps: [...weaving.before, ...steps], inputs: [...others, ...weaving.inputs] };
  };

  const wovenStep = (step: Step, weaving: Weaving, trail: readonly Operation[]): Step => {
    const { call } = step;
    if (call.kind !== 'operation' || isRuled(call.operation)) return step;
    return suppliesOf(call.operation).reduce((current, supply) => {
      const open = openAt(contract, current, call.operation, supply.need);
      if (open === undefined) return current;
      const name = inputFor(supply, open, weaving, trail);
      return name === undefined ? current : open.put(`$inputs.${name}`);
    }, step);
  };

  /** The input whose value is what the sources give; undefined where nobody gives it. */
  const inputFor = (
    { need, sources, isDeleted }: Supply,
    open: Open,
    weaving: Weaving,
    trail: readonly Operation[],
  ): string | undefined => {
    const given: Record<string, string> = {};
    for (const source of sources) {
      const id = setupOf(source, trail);
      if (id === undefined) continue;
      const output = outputName(source.expression);
      const step = callOf(weaving, id, output, !isDeleted);
      given[source.expression.startsWith('$response.header.') ? 'address' : source.kind] =
        `$steps.${step}.outputs.${output}`;
    }
    if (Object.keys(given).length === 0) return undefined;
    const wanted = open.input ?? inputName(`${need.things[0] ?? ''}_id`.replaceAll(' ', '_'));
    const known = weaving.inputs.find((each) => jsonEquals(each.for, given));
    if (known !== undefined) return known.name;
    const name =
      open.input !== undefined && !weaving.inputs.some((each) => each.name === wanted)
        ? wanted
        : unlike(weaving.taken, wanted, '_');
    weaving.taken.add(name);
    const example = open.example === undefined ? {} : { default: open.example };
    const made: WorkflowInput = input(name, open.input ?? name, given, { 'x-first': true, ...example });
    const { type, ...schema } = made.schema;
    weaving.inputs.push({
      ...made,
      schema: need.types === undefined ? schema : { ...schema, type: need.types[0] ?? 'string' },
    });
    return name;
  };

  return {
    weave: (planned) => {
      const workflow = weaveInto(planned.workflow, []);
      return workflow === planned.workflow ? planned : { ...planned, workflow };
    },
    weaveSetup: (workflow) => weaveInto(workflow, []),
  };
}

/** What is added to one workflow. */
type Weaving = { readonly before: Step[]; readonly inputs: WorkflowInput[]; readonly taken: Set<string> };

function takenIn({ steps, inputs }: Workflow): Set<string> {
  return new Set([...inputs.map(({ name }) => name), ...steps.map(({ id }) => id)]);
}

/** The step that calls a workflow which gives something. What is deleted then is made for it alone. */
function callOf({ before, taken }: Weaving, workflowId: string, output: string, shared: boolean): string {
  const index = before.findIndex(({ call }) => call.kind === 'workflow' && call.workflowId === workflowId);
  const known = before[index];
  if (known !== undefined) {
    if (known.outputs.some(([name]) => name === output)) return known.id;
    before[index] = { ...known, outputs: [...known.outputs, [output, `$outputs.${output}`]] };
    return known.id;
  }
  const id = unlike(taken, workflowId);
  taken.add(id);
  const step = workflowStep(id, workflowId, shared);
  before.push({
    ...step,
    call: { kind: 'workflow', workflowId, shared, mayFail: true },
    outputs: [[output, `$outputs.${output}`]],
  });
  return id;
}

/** A place of a request whose value nothing has settled. */
type Open = {
  /** The input that stands there; undefined where it is a value. */
  readonly input: string | undefined;
  /** The documented value. */
  readonly example: Template | undefined;
  put(template: Template): Step;
};

/** Where a step has what is needed, as the plan has put it there by itself; undefined where something else is tried. */
function openAt(contract: Contract, step: Step, operation: Operation, need: Need): Open | undefined {
  const pointer = bodyPointer(need.part);
  if (pointer !== undefined) {
    const { requestBody } = step;
    const usual = pointedTo(usualContent(contract, operation), pointer);
    const value = requestBody && pointedTo(requestBody.payload, pointer);
    if (requestBody === undefined || value === undefined || usual === undefined) return undefined;
    if (!jsonEquals(value, usual)) return undefined;
    const put = (template: Template): Step => {
      const payload = replacedAt(requestBody.payload, pointerTokens(pointer), template);
      return { ...step, requestBody: { ...requestBody, payload } };
    };
    return { input: undefined, example: value, put };
  }
  const sent = step.parameters.find((each) => `${each.in} ${each.name}` === need.part);
  if (sent === undefined) return undefined;
  const plain = inputName(need.name);
  const example = operation.parameters.find((each) => `${each.in} ${each.name}` === need.part)?.examples[0]
    ?.value;
  const isExample = example !== undefined && jsonEquals(sent.value, example);
  if (!isExample && sent.value !== `$inputs.${plain}`) return undefined;
  const put = (value: Template): Step => ({
    ...step,
    parameters: step.parameters.map((each): StepParameter => (each === sent ? { ...each, value } : each)),
  });
  return { input: plain, example, put };
}

/** Whether the contract itself has rules for an operation: then these say what comes before it. */
function isRuled({ transitions }: Operation): boolean {
  return transitions.some(({ resource }) => resource === undefined);
}

function findSupplies(contract: Contract, operation: Operation, safe: boolean): readonly Supply[] {
  if (isRuled(operation)) return [];
  const needs = [
    ...operation.parameters.flatMap((parameter) => needOfParameter(operation, parameter) ?? []),
    ...needsOfContent(contract, operation),
  ];
  const all = needs.map((need): Supply => {
    const sources = sourcesFor(contract, operation, need).filter((each) => isUsable(each, operation, safe));
    return { need, sources, isDeleted: false };
  });
  const last = all.findLast(({ need }) => need.part.startsWith('path '));
  const inLine = all.map((supply) => {
    if (supply === last) return { ...supply, isDeleted: isDeleting(operation) };
    const above =
      last === undefined ? [] : last.sources.flatMap((each) => inPathOf(each, operation, supply.need));
    return above.length === 0 ? supply : { ...supply, sources: above, isDeleted: isDeleting(operation) };
  });
  // What comes last tells of whom it is: those above it come from the same call.
  return inLine.filter(({ sources }) => sources.length > 0).toReversed();
}

/** A thing that the call of a source was made under: it belongs to that and to nothing else. */
function inPathOf(source: Source, { path }: Operation, { part, name }: Need): readonly Source[] {
  const at = path.indexOf(`{${name}}`);
  const isAbove = part === `path ${name}` && at !== -1;
  if (!isAbove || !source.operation.path.startsWith(path.slice(0, at + name.length + 2))) return [];
  return [{ ...source, expression: `$request.path.${name}`, member: name }];
}

/** The workflow of a call with one more of the values that it puts out. */
function puttingOut(workflow: Workflow, expression: string): Workflow {
  const name = outputName(expression);
  if (workflow.outputs.some(([known]) => known === name)) return workflow;
  const steps = workflow.steps.map(
    (step): Step => (step.id === 'call' ? { ...step, outputs: [...step.outputs, [name, expression]] } : step),
  );
  return { ...workflow, steps, outputs: [...workflow.outputs, [name, `$steps.call.outputs.${name}`]] };
}

/** The ids of things that an operation is called with and that nobody gives to a run. */
export function ungivenOf(contract: Contract, operation: Operation, safe: boolean): readonly Ungiven[] {
  if (isRuled(operation)) return [];
  const needs = operation.parameters.flatMap((parameter) =>
    parameter.required ? (needOfParameter(operation, parameter) ?? []) : [],
  );
  return needs.flatMap((need): readonly Ungiven[] => {
    const sources = sourcesFor(contract, operation, need);
    if (sources.some((source) => isUsable(source, operation, safe))) return [];
    return [{ name: inputName(need.name), why: sources.length > 0 && !safe ? 'foreign' : 'nobody' }];
  });
}

/** Nothing is deleted that was there before; and nothing is made where only safe methods are called. */
function isUsable({ kind, operation: by }: Source, operation: Operation, safe: boolean): boolean {
  if (isRuled(by)) return false;
  return safe ? by.method === 'GET' : kind === 'created' || !isDeleting(operation);
}
