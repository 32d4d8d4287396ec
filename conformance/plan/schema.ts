/** Requests with values at the bounds of each constraint, past each of them, and legal ones that are hard to take. */

import type { Contract, Parameter } from '../../openapi/contract.js';
import type { Place } from '../../openapi/documents.js';
import { type Json, jsonEquals, pointedTo, pointerTokens } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { Variant } from '../../openapi/variants.js';
import type { Step, StepParameter, Template } from '../../openapi/workflow.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import type { Base } from './base.js';
import { withStep, workflowOf } from './draft.js';

/** How many values of each kind one schema is tried with. */
const budget = 60;

/** How many values that are hard to take: most go to places that nothing is tried at. */
const hostileBudget = 240;

/** How many of these a value is replaced with that rules compare: what is refused anyway is not kept by anybody. */
const comparedBudget = 8;

/** The workflows that vary the body and the parameters of a base request; those that must be refused come first. */
export function schemaCases(contract: Contract, base: Base, seed: number): readonly Planned[] {
  const bodies = bodyVariants(contract, base, seed).map((variant) => withBody(base, variant));
  const parameters = base.operation.parameters.flatMap((parameter) =>
    parameterVariants(contract, base, parameter, seed),
  );
  const steps = [...bodies, ...parameters].toSorted((a, b) => a.rank - b.rank);
  return steps.map((each) => caseOf(base, each));
}

type Ranked = {
  readonly step: Step;
  readonly title: string;
  readonly rank: number;
  /** Whether the request still does what the base request does. */
  readonly isAlike: boolean;
};
type Kinded = Variant & { readonly rank: number };

function variantsOf(contract: Contract, schema: Place, value: Json, seed: number): Kinded[] {
  const random = seededRandom(seed);
  const { invalid, valid, hostile } = contract.variants(schema, value, {
    direction: 'request',
    random,
    budget: hostileBudget,
  });
  return [invalid.slice(0, budget), valid.slice(0, budget), hostile].flatMap((kind, rank) =>
    kind.map((variant) => ({ ...variant, rank })),
  );
}

function bodyVariants(contract: Contract, base: Base, seed: number): Kinded[] {
  const schema = base.operation.requestBody?.content[0]?.schema;
  if (schema === undefined || base.body === undefined) return [];
  const counts = new Map<string, number>();
  return variantsOf(contract, schema, base.body, seed).filter(({ pointer, rank }) => {
    // Nobody is written to at an address that a plan has made up.
    if (rank !== 0 && base.addresses.some((address) => isWithin(pointer, address))) return false;
    const count = (counts.get(pointer) ?? 0) + 1;
    if (rank === 2) counts.set(pointer, count);
    return rank !== 2 || !base.compared.includes(pointer) || count <= comparedBudget;
  });
}

function isWithin(pointer: string, other: string): boolean {
  return pointer === '' || pointer === other || pointer.startsWith(`${other}/`);
}

function withBody({ step, body, bound, compared }: Base, { value, title, rank }: Kinded): Ranked {
  // Where the variant has left a value alone, its template stands.
  const payload = [...bound].reduce<Template>((whole, [pointer, template]) => {
    const isLeft = jsonEquals(pointedTo(value, pointer), pointedTo(body, pointer));
    return isLeft && pointedTo(value, pointer) !== undefined
      ? replacedAt(whole, pointerTokens(pointer), template)
      : whole;
  }, value);
  const requestBody = step.requestBody && { ...step.requestBody, payload };
  const isAlike = compared.every((pointer) =>
    jsonEquals(pointedTo(value, pointer), pointedTo(body, pointer)),
  );
  return { step: { ...step, requestBody, outputs: [] }, title, rank, isAlike };
}

function parameterVariants(contract: Contract, base: Base, parameter: Parameter, seed: number): Ranked[] {
  const { schema, name, in: where, required } = parameter;
  if (where === 'header' && /^(accept|content-type|authorization)$/i.test(name)) return [];
  const sent = base.step.parameters.find((each) => each.name === name && each.in === where);
  const isGivenOut = typeof sent?.value === 'string' && sent.value.includes('$');
  const isOfResource = base.operation.transitions.some(({ resource }) => resource !== undefined);
  if (isGivenOut && (where !== 'path' || !isOfResource)) return [];
  const others = base.step.parameters.filter((each) => each !== sent);
  const example =
    (isGivenOut ? undefined : sent?.value) ??
    parameter.examples[0]?.value ??
    sampleOf(contract, schema, seed);
  const left: Ranked[] =
    required && where !== 'path' ? [ranked(base, others, `${where} parameter ${name} is missing`, 0)] : [];
  if (schema === undefined || example === undefined) return left;
  const varied = variantsOf(contract, schema, example, seed)
    // Whatever might be a key of something that others own is left alone.
    .filter(({ rank }) => rank === 0 || !isGivenOut)
    .filter(
      ({ value }) => isWritable(value) && !(where === 'path' && value === '') && isCarried(where, value),
    )
    .map(({ value, title, rank }) => {
      const said = title === '' ? JSON.stringify(value) : title;
      return ranked(
        base,
        [...others, { name, in: where, value }],
        `${where} parameter ${name}: ${said}`,
        rank,
      );
    });
  return [...left, ...varied];
}

function sampleOf(contract: Contract, schema: Place | undefined, seed: number): Json | undefined {
  if (schema === undefined) return undefined;
  return contract.generate(schema, {
    random: seededRandom(seed),
    now: 0,
    secret: 'plan',
    fixed: {},
    dynamic: false,
  });
}

/** In a parameter a null is an empty text, which is another value; so is nothing at all. */
function isWritable(value: Json): boolean {
  return value !== null && !(typeof value === 'object' && Object.keys(value).length === 0);
}

/** Servers take no more of a head than some kilobytes, whatever the contract says (RFC 9112, section 3; RFC 6585, section 5). */
function isCarried(where: Parameter['in'], value: Json): boolean {
  return where === 'path' || where === 'query'
    ? JSON.stringify(value).length <= 4000
    : JSON.stringify(value).length <= 2000;
}

function ranked({ step }: Base, parameters: readonly StepParameter[], title: string, rank: number): Ranked {
  return { step: { ...step, parameters, outputs: [] }, title, rank, isAlike: true };
}

/** What must be taken is looked at afterwards: it is kept as it was sent. */
function caseOf(base: Base, { step, title, rank, isAlike }: Ranked): Planned {
  const summary = `${base.name}: ${title}`;
  const looks = rank === 0 || !isAlike ? [] : base.lookBack;
  const sent = withStep(base.draft, { ...step, id: base.name, outputs: looks.map(({ output }) => output) });
  const draft = looks.reduce((current, { step: look }) => {
    const asking = look(sent.step.id);
    return asking === undefined ? current : withStep(current, asking).draft;
  }, sent.draft);
  const { operation } = base;
  return {
    workflow: workflowOf(`${operation.id} ${summary}`, summary, draft),
    phase: 'schema',
    operation,
    takesTime: false,
  };
}
