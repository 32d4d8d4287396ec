/** Values made simpler: no time passes, nothing is sent twice, nothing is spelt or told otherwise than the documentation does. */

import type { Step, Template, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Operation } from '../../openapi/contract.js';
import { type Duration, plusDuration } from '../../openapi/duration.js';
import { isObject, type Json, jsonEquals } from '../../openapi/json.js';
import { mapTexts } from '../plan/draft.js';
import { partOfValue } from '../plan/goal.js';
import { neverGiven } from '../plan/never-given.js';
import { rewriteWorkflow } from '../rewritten.js';
import type { Move } from './leaving-out.js';
import { inputsOf, tidied, usesOf } from './references.js';

export type Simplifying = {
  /** What the contract says that things live, the shortest first, each with what it takes to be past it. */
  readonly lifetimes: readonly Duration[];
  /** Whether the last step stays as it is: it is what the workflow was made for. */
  readonly keepsLast: boolean;
};

/** The ways in which the values of a workflow may be simpler, the boldest first. */
export function simplifying(workflow: Workflow, { lifetimes, keepsLast }: Simplifying): readonly Move[] {
  const { steps } = workflow;
  const free = keepsLast ? steps.slice(0, -1) : steps;
  const waiting = steps.filter(({ wait }) => wait !== undefined);
  const at = (chosen: readonly Step[], simpler: (step: Step) => Step): Move =>
    changing(new Set(chosen.map(({ id }) => id)), simpler);
  const each = (chosen: readonly Step[], simpler: (step: Step) => Step): readonly Move[] =>
    chosen.map((step) => at([step], simpler));
  return [
    at(free, (step) => plain(unrepeated(unaltered(step), 1))),
    at(waiting, unwaited),
    ...each(waiting, unwaited),
    ...lifetimes.flatMap((wait) => each(waiting, (step) => shorter(step, wait))),
    ...each(free, unaltered),
    ...[1, 2].flatMap((count) => each(free, (step) => unrepeated(step, count))),
    ...underived(workflow, free),
    ...each(free, plain),
    ...each(free, usuallySpelt),
    ...each(free, told),
    ...each(free, bare),
    ...each(free, withoutOptions),
    ...each(free, smaller),
    unasking(new Set(steps.map(({ id }) => id))),
    ...steps.map(({ id }) => unasking(new Set([id]))),
  ];
}

/** The workflow with some of its steps changed; undefined when nothing changes. */
function changing(ids: ReadonlySet<string>, change: (step: Step) => Step): Move {
  return (workflow) => {
    const steps = workflow.steps.map((step) => (ids.has(step.id) ? change(step) : step));
    const isChanged = steps.some((step, index) => step !== workflow.steps[index]);
    return isChanged ? { ...workflow, steps } : undefined;
  };
}

/** The workflow as a server would see it from a client without any oddities. */
function plain(step: Step): Step {
  return usuallySpelt(bare(told(withoutOptions(step))));
}

function unwaited(step: Step): Step {
  return step.wait === undefined ? step : { ...step, wait: undefined };
}

function shorter(step: Step, wait: Duration): Step {
  return step.wait !== undefined && plusDuration(0, wait) < plusDuration(0, step.wait)
    ? { ...step, wait }
    : step;
}

function unaltered(step: Step): Step {
  return step.alteration === undefined ? step : { ...step, alteration: undefined };
}

function unrepeated(step: Step, count: number): Step {
  const { times } = step;
  if (times.count <= count) return step;
  return { ...step, times: { count, atOnce: times.atOnce && count > 1 } };
}

/** Each value that is nearly a right one replaced by one that nobody was ever given. */
function underived(workflow: Workflow, free: readonly Step[]): readonly Move[] {
  const { inputs } = tidied(workflow);
  return inputs
    .filter(({ asks }) => asks.startsWith('derived:'))
    .filter((input) => {
      const users = workflow.steps.filter((step) => inputsOf(step, workflow).has(input));
      return users.every((step) => free.includes(step));
    })
    .map(({ name }): Move => {
      const use = new RegExp(`\\{\\$inputs\\.${name}\\}|\\$inputs\\.${name}(?![\\w-])`, 'g');
      return (current) => {
        const made = rewriteWorkflow(current, (text) => text.replace(use, neverGiven));
        return JSON.stringify(tidied(made).inputs) === JSON.stringify(tidied(current).inputs)
          ? undefined
          : made;
      };
    });
}

/** The name of an authentication scheme as it is mostly written: `bearer` as `Bearer`. */
function usuallySpelt(step: Step): Step {
  return withParameters(step, (parameter) => {
    const { name, value } = parameter;
    if (name.toLowerCase() !== 'authorization' || typeof value !== 'string') return parameter;
    const usual = value.replace(/^[a-z]+(?= )/i, (scheme) => {
      return `${scheme.charAt(0).toUpperCase()}${scheme.slice(1).toLowerCase()}`;
    });
    return usual === value ? parameter : { ...parameter, value: usual };
  });
}

function withParameters(
  step: Step,
  change: (parameter: Step['parameters'][number]) => Step['parameters'][number] | undefined,
): Step {
  const parameters = step.parameters.flatMap((parameter) => change(parameter) ?? []);
  const isSame =
    parameters.length === step.parameters.length &&
    parameters.every((parameter, index) => parameter === step.parameters[index]);
  return isSame ? step : { ...step, parameters };
}

/** The step without parameters that need not be there and carry nothing of the workflow. */
function withoutOptions(step: Step): Step {
  if (step.call.kind !== 'operation') return step;
  const { parameters } = step.call.operation;
  return withParameters(step, (parameter) => {
    const isNeeded = parameters.some(
      ({ name, in: where, required }) => required && name === parameter.name && where === parameter.in,
    );
    return isNeeded || parameter.in === 'path' || isWoven(parameter.value) ? parameter : undefined;
  });
}

/** Whether a value comes from what went before, or from outside. */
function isWoven(template: Template): boolean {
  let is = false;
  mapTexts(template, (text) => {
    is ||= /\$(?:steps|inputs|workflows)\./.test(text);
    return text;
  });
  return is;
}

/** The step with a body that is told as in the documentation: its members, and their values. */
function told(step: Step): Step {
  // Nobody is written to whom the documentation names; and what nobody was given says so itself.
  return withMembers(step, (value, documented, isAddress) =>
    isWoven(value) || isAddress || value === neverGiven ? value : documented,
  );
}

/** The step without members of its body that come from elsewhere and that the documentation does not have there. */
function bare(step: Step): Step {
  return withMembers(step, (value, documented) =>
    isWoven(value) && documented === undefined ? undefined : value,
  );
}

/** The step with each member of its body as told, beside that of the documented body that is most like it. */
function withMembers(
  step: Step,
  change: (value: Template, documented: Json | undefined, isAddress: boolean) => Template | undefined,
): Step {
  const { call, requestBody } = step;
  if (call.kind !== 'operation' || requestBody === undefined || !isObject(requestBody.payload)) return step;
  const members = Object.entries(requestBody.payload);
  const example = nearestExample(call.operation, requestBody.contentType, members);
  if (example === undefined) return step;
  const addresses = addressesOf(call.operation);
  const payload = Object.fromEntries(
    members.flatMap(([name, value]): (readonly [string, Template])[] => {
      const changed = change(value, example[name], addresses.has(name));
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
  return jsonEquals(payload, requestBody.payload)
    ? step
    : { ...step, requestBody: { ...requestBody, payload } };
}

/** The documented body that has the most of these members as they are. */
function nearestExample(
  { requestBody }: Operation,
  contentType: string | undefined,
  members: readonly (readonly [string, Template])[],
): { readonly [name: string]: Json } | undefined {
  const content =
    requestBody?.content.find(({ mediaType }) => mediaType === contentType) ?? requestBody?.content[0];
  const examples = content?.examples.flatMap(({ value }) => (isObject(value) ? [value] : [])) ?? [];
  const alike = (example: { readonly [name: string]: Json }): number =>
    members.filter(([name, value]) => jsonEquals(example[name], value)).length;
  return examples.toSorted((a, b) => alike(b) - alike(a))[0];
}

function addressesOf({ transitions }: Operation): ReadonlySet<string> {
  const parts = transitions.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.kind === 'send' ? (partOfValue(effect.to) ?? []) : [])),
  );
  return new Set(parts.map((part) => part.replace(/^body \//, '')));
}

/** Texts of more characters than this, and lists of more items, are made smaller, half by half. */
const smallText = 40;
const smallList = 4;

/** The step with each large text and list half as large. */
function smaller(step: Step): Step {
  const { requestBody } = step;
  const payload = requestBody && halved(requestBody.payload);
  const other =
    requestBody === undefined || payload === undefined || jsonEquals(payload, requestBody.payload)
      ? step
      : { ...step, requestBody: { ...requestBody, payload } };
  return withParameters(other, (parameter) => {
    const value = halved(parameter.value);
    return jsonEquals(value, parameter.value) ? parameter : { ...parameter, value };
  });
}

function halved(template: Template): Template {
  if (typeof template === 'string')
    return template.length <= smallText || template.includes('$') ? template : half([...template]).join('');
  if (Array.isArray(template)) {
    const items: readonly Json[] = template;
    return (items.length <= smallList ? items : half(items)).map(halved);
  }
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, member]) => [name, halved(member)]));
}

function half<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(0, Math.ceil(items.length / 2));
}

/** The workflow in which these steps do not ask for what was sent to somebody where nobody uses it. */
function unasking(ids: ReadonlySet<string>): Move {
  return (workflow) => {
    const used = new Set(
      [...workflow.steps, ...tidied(workflow).inputs].flatMap((each) => [...usesOf(each).outputs]),
    );
    return changing(ids, (step) => {
      const outputs = step.outputs.filter(
        ([name, expression]) => !expression.startsWith('$inputs.') || used.has(`${step.id} ${name}`),
      );
      return outputs.length === step.outputs.length ? step : { ...step, outputs };
    })(workflow);
  };
}
