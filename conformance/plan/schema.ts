/** Requests with values at the bounds of each constraint, past each of them, and legal ones that are hard to take. */

import type { Step, StepParameter, Template } from '../../openapi/arazzo/workflow.js';
import { sentAs } from '../../openapi/content/content.js';
import type { Contract, Parameter } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import { isObject, type Json, jsonEquals, pointedTo, pointerTokens } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { Variant } from '../../openapi/variants/variants.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import type { Base } from './base.js';
import { withStep, workflowOf } from './draft.js';
import { inTurns, type Thoroughness } from './thoroughness.js';

/** How many requests there are of each kind where an operation is tried briefly: refused ones tell more than taken ones. */
const briefCases = [3, 2] as const;

/**
 * How many values one schema is tried with: such as are refused, such as are taken, and such as are hard to take. Most of
 * these go to places that nothing is tried at; whether they are taken is decided by what a server is built with, for all of
 * its operations.
 */
const budgets = { thorough: [60, 60, 240], fair: [20, 20, 20], brief: [...briefCases, 0] } as const;

/** How many of these a value is replaced with that rules compare: what is refused anyway is not kept by anybody. */
const comparedBudget = 8;

/** How many parameters are varied then, those that must be there first. */
const briefParameters = 4;

/** The workflows that vary the body and the parameters of a base request; those that must be refused come first. */
export function schemaCases(
  contract: Contract,
  base: Base,
  seed: number,
  thoroughness: Thoroughness = 'thorough',
): readonly Planned[] {
  const making: Making = { contract, seed, thoroughness };
  const bodies = bodyVariants(making, base).map((variant) => withBody(base, variant));
  const parameters = variedOf(making, base).map((parameter) => parameterVariants(making, base, parameter));
  const lists = [bodies, ...parameters];
  const isBrief = thoroughness === 'brief';
  const steps = isBrief
    ? briefCases.flatMap((most, rank) =>
        inTurns(
          lists.map((list) => list.filter((each) => each.rank === rank)),
          most,
        ),
      )
    : lists.flat().toSorted((a, b) => a.rank - b.rank);
  return steps.map((each) => caseOf(base, each));
}

function variedOf({ thoroughness, seed }: Making, { operation }: Base): readonly Parameter[] {
  const { parameters } = operation;
  if (thoroughness !== 'brief' || parameters.length <= briefParameters) return parameters;
  const optional = parameters.filter(({ required }) => !required);
  const turned = optional.flatMap((_, index) => optional[(index + seed) % optional.length] ?? []);
  return [...parameters.filter(({ required }) => required), ...turned].slice(0, briefParameters);
}

type Making = {
  readonly contract: Contract;
  readonly seed: number;
  readonly thoroughness: Thoroughness;
};

type Ranked = {
  readonly step: Step;
  readonly title: string;
  readonly rank: number;
  /** Whether the request still does what the base request does. */
  readonly isAlike: boolean;
};
type Kinded = Variant & { readonly rank: number };

function variantsOf({ contract, seed, thoroughness }: Making, schema: Place, value: Json): Kinded[] {
  const random = seededRandom(seed);
  const [invalid, valid, hostile] = budgets[thoroughness];
  const made = contract.variants(schema, value, {
    direction: 'request',
    random,
    budget: Math.max(invalid, valid, hostile),
  });
  const kinds = [
    made.invalid.slice(0, invalid),
    made.valid.slice(0, valid),
    hostile === 0 ? [] : made.hostile.slice(0, hostile),
  ];
  return kinds.flatMap((kind, rank) => kind.map((variant) => ({ ...variant, rank })));
}

function bodyVariants(making: Making, base: Base): Kinded[] {
  const { method, requestBody } = base.operation;
  const [content] = requestBody?.content ?? [];
  if (content?.schema === undefined || base.body === undefined) return [];
  const { format } = sentAs(content);
  const isForm = format === 'form' || /^multipart\/form-data\b/i.test(content.mediaType);
  // What content with these methods means is nowhere said, and it may be passed over (RFC 9110, 9.3.1 and 9.3.2).
  const mayBeIgnored = method === 'GET' || method === 'HEAD';
  const counts = new Map<string, number>();
  return variantsOf(making, content.schema, base.body).filter(({ pointer, rank, value }) => {
    if (rank === 0 && mayBeIgnored) return false;
    // A form has members and nothing else: any other value would be written as the name of one.
    if (isForm && !isObject(value)) return false;
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

function parameterVariants(making: Making, base: Base, parameter: Parameter): Ranked[] {
  const { contract, seed } = making;
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
  const varied = variantsOf(making, schema, example)
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
  // Whether a text such as 1e+308 spells a number is for each framework to say.
  if (typeof value === 'number') return !String(value).includes('e');
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
