/** The inputs of a finding in words: what a person, or another tool, is to supply for each. */

import type { Step, Template, Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { isObject, type Json, type JsonObject, pointerTo } from '../../openapi/json.js';
import { derived } from '../input/derived.js';
import { nearMissWords } from '../plan/words.js';
import { castOf } from './words.js';

/** The inputs that are still mentioned, each with a description. */
export function describedInputs(contract: Contract, workflow: Workflow): readonly WorkflowInput[] {
  const { steps, inputs } = workflow;
  const isSeveral =
    new Set(inputs.map(({ name }) => castOf(name, inputs)).filter((cast) => cast !== undefined)).size > 1;
  const needed = neededOf(workflow);
  return inputs
    .filter(({ name }) => needed.has(name))
    .map((input) => {
      if (typeof input.schema.description === 'string') return input;
      const own = input.asks.startsWith('derived:') ? ofDerived(input) : ofGiven(contract, steps, input);
      const cast = isSeveral ? castOf(input.name, inputs) : undefined;
      const whose =
        cast === undefined || Object.keys(input.for).length > 0
          ? ''
          : ` Of the ${whoseWords[cast] ?? `${cast + 1}th`} user.`;
      return {
        ...input,
        schema: { type: 'string', ...input.schema, ...own, description: `${own.description}${whose}` },
      };
    });
}

const whoseWords = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

type Described = { readonly description: string; readonly examples?: readonly Json[] };

/** What the steps mention, and what those inputs are about. */
function neededOf({ steps, inputs }: Workflow): ReadonlySet<string> {
  const needed = new Set<string>();
  const follow = (text: string): void => {
    for (const [, name] of text.matchAll(/\$inputs\.([\w.-]+)/g)) {
      const input =
        inputs.find((each) => each.name === name) ?? inputs.find((each) => name?.startsWith(`${each.name}.`));
      if (input === undefined || needed.has(input.name)) continue;
      needed.add(input.name);
      follow(JSON.stringify(input.for));
    }
  };
  follow(
    JSON.stringify(
      steps.map(({ parameters, requestBody, alteration, outputs, successCriteria }) =>
        [parameters, requestBody, alteration, outputs, successCriteria].map((part) => part ?? null),
      ),
    ),
  );
  return needed;
}

/** A value that is nearly another. */
function ofDerived({ asks, for: subject }: WorkflowInput): Described {
  const kind = asks.slice('derived:'.length);
  const of = typeof subject.of === 'string' ? subject.of : 'the right value';
  const made = 'Counterfoil makes it itself; another tool has to be given it.';
  if (kind.startsWith('forged:')) {
    const how = kind.slice('forged:'.length).replaceAll('-', ' ');
    return { description: `A token forged from ${of}: ${how}. ${made}` };
  }
  const words = nearMissWords[kind];
  const sample = derived(kind, '48793');
  const description = `What stands in the place of ${of}: ${words === undefined ? spaced(kind) : `${words} value`}. ${made}`;
  return typeof sample === 'string'
    ? { description: `${description} For 48793 it is ${JSON.stringify(sample)}.`, examples: [sample] }
    : { description };
}

function ofGiven(
  contract: Contract,
  steps: readonly Step[],
  { name, asks, schema, for: subject }: WorkflowInput,
): Described {
  const [about] = Object.values(subject);
  const after = schema['x-after'];
  if (typeof after === 'string')
    return {
      description: `The ${spaced(asks)} that the step ${after} has sent to ${about === undefined ? 'somebody' : String(about)}.`,
    };
  if (typeof about === 'string') return { description: `The ${spaced(asks)} that belongs to ${about}.` };
  const scheme = contract.securitySchemes.find((each) => each.name.replace(/[^A-Za-z0-9_-]/g, '_') === asks);
  if (scheme !== undefined) return { description: `A credential of the security scheme ${scheme.name}.` };
  const said = steps.flatMap((step) => saidOf(contract, step, name))[0];
  if (said !== undefined) return { description: said };
  const known = schema['x-in'];
  if (typeof known === 'string')
    return {
      description: `A ${spaced(asks)} that the server has given out, and that is good (${spaced(known)}).`,
    };
  return { description: `A ${spaced(asks)}.` };
}

function spaced(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

/** What the contract says of the place at which an input stands. */
function saidOf(contract: Contract, step: Step, name: string): readonly string[] {
  if (step.call.kind === 'workflow') return [];
  const { operation } = step.call;
  const isIt = (value: Template): boolean =>
    value === `$inputs.${name}` || value === `Bearer {$inputs.${name}}`;
  const parameter = step.parameters.find(({ value }) => isIt(value));
  const described = operation.parameters.find(
    (each) => each.name === parameter?.name && each.in === parameter.in,
  )?.description;
  const pointer = pointerIn(step.requestBody?.payload ?? null, isIt, '');
  const inBody =
    pointer === undefined ? [] : saidInBody(contract, operation, step.requestBody?.payload ?? null, pointer);
  return [described, ...inBody].flatMap((text) => (text === undefined ? [] : [firstSentences(text)]));
}

function saidInBody(
  contract: Contract,
  { requestBody }: Operation,
  payload: Json,
  pointer: string,
): readonly string[] {
  const schema = requestBody?.content[0]?.schema;
  if (schema === undefined) return [];
  const site = contract.describe(schema, payload).find((each) => each.pointer === pointer);
  return (site?.schemas ?? []).flatMap(({ schema: said }: { readonly schema: JsonObject }) =>
    typeof said.description === 'string' ? [said.description] : [],
  );
}

function firstSentences(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 240)}…` : /[.!?…]$/.test(line) ? line : `${line}.`;
}

function pointerIn(value: Template, isIt: (value: Template) => boolean, pointer: string): string | undefined {
  if (isIt(value)) return pointer;
  if (!isObject(value) && !Array.isArray(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = pointerIn(member, isIt, pointerTo(pointer, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
