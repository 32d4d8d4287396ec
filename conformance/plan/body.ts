/** The body and the parameters of a request as templates: the documented example, with what must be so put into it. */

import type { Contract, Operation, Parameter, SecurityScheme } from '../../openapi/contract.js';
import { isObject, type Json, jsonEquals, pointedTo, pointerTokens } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { StepParameter, StepRequestBody, Template } from '../../openapi/workflow.js';
import { replacedAt } from '../step-request.js';
import { bodyPointer, partOfValue, plainConditions, targetsOf } from './goal.js';
import { neverGiven } from './never-given.js';

/** The content of a request with these parts set, as a step has it; undefined when the operation takes none. */
export function requestBodyFor(
  contract: Contract,
  operation: Operation,
  parts: ReadonlyMap<string, Template>,
  absent: readonly string[] = [],
  present: readonly string[] = [],
): StepRequestBody | undefined {
  const payload = bodyFor(contract, operation, parts, absent, present);
  return payload === undefined ? undefined : { contentType: undefined, payload, replacements: [] };
}

/** The same as a value with templates in it. */
export function bodyFor(
  contract: Contract,
  operation: Operation,
  parts: ReadonlyMap<string, Template>,
  absent: readonly string[],
  present: readonly string[],
): Template | undefined {
  const [content] = operation.requestBody?.content ?? [];
  if (content === undefined) return undefined;
  const set = [...parts].flatMap(([part, value]) => {
    const pointer = bodyPointer(part);
    return pointer === undefined ? [] : [[pointer, value] as const];
  });
  const literal = set.filter(([, value]) => typeof value !== 'string' || !value.startsWith('$'));
  const examples = content.examples.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const fits = (example: Json): boolean =>
    literal.every(([pointer, value]) => jsonEquals(pointedTo(example, pointer), value));
  const needs = (example: Json): number =>
    set.filter(([pointer]) => pointedTo(example, pointer) === undefined).length;
  const ranked = examples.toSorted((a, b) => Number(fits(b)) - Number(fits(a)) || needs(a) - needs(b));
  const base = ranked[0] ?? generated(contract, operation) ?? {};
  const filled = present
    .filter((part) => !parts.has(part))
    .flatMap((part) => bodyPointer(part) ?? [])
    .filter((pointer) => pointedTo(base, pointer) === undefined)
    .reduce<Json>((whole, pointer) => replacedAt(whole, pointerTokens(pointer), neverGiven), base);
  const whole = set.reduce<Json>(
    (body, [pointer, value]) => replacedAt(body, pointerTokens(pointer), value),
    filled,
  );
  return absent
    .flatMap((part) => bodyPointer(part) ?? [])
    .reduce<Json>((body, pointer) => withoutMember(body, pointerTokens(pointer)), whole);
}

function generated(contract: Contract, operation: Operation): Json | undefined {
  const schema = operation.requestBody?.content[0]?.schema;
  if (schema === undefined) return undefined;
  const random = seededRandom(1);
  return contract.generate(schema, { random, now: 0, secret: 'plan', fixed: {}, dynamic: false });
}

function withoutMember(whole: Json, tokens: readonly string[]): Json {
  const [token, ...rest] = tokens;
  if (token === undefined || !isObject(whole)) return whole;
  const { [token]: member, ...others } = whole;
  return rest.length === 0 || member === undefined
    ? others
    : { ...others, [token]: withoutMember(member, rest) };
}

/** The parameters of a request with these parts set, and others that are to be there; undefined when one that is required cannot be made. */
export function partsOf(
  contract: Contract,
  operation: Operation,
  parts: ReadonlyMap<string, Template>,
  cast: number,
  present: readonly string[] = [],
): readonly StepParameter[] | undefined {
  const credential = parts.get('credential');
  const carried = credential === undefined ? [] : credentialParameters(operation, credential);
  const set = [...parts].flatMap(([part, value]): StepParameter[] => {
    const [, where, name] = /^(path|query|header) (.+)$/.exec(part) ?? [];
    return where !== undefined && name !== undefined && isWhere(where) ? [{ name, in: where, value }] : [];
  });
  const missing = operation.parameters.filter(
    ({ name, in: where, required }) =>
      (required || present.includes(`${where} ${name}`)) &&
      ![...set, ...carried].some((each) => each.name === name && each.in === where),
  );
  const examples = missing.map((parameter) => exampleOf(contract, operation, parameter, cast));
  return [...carried, ...set, ...examples.flatMap((example) => example ?? [])];
}

function isWhere(text: string): text is 'path' | 'query' | 'header' {
  return text === 'path' || text === 'query' || text === 'header';
}

function exampleOf(
  contract: Contract,
  operation: Operation,
  { name, in: where, examples, schema }: Parameter,
  cast: number,
): StepParameter {
  const value = examples[cast]?.value ?? examples[0]?.value;
  if (value !== undefined) return { name, in: where, value };
  // What is looked up in vain must only be like what might be found.
  const isNeverGiven =
    isLookedUp(operation, `${where} ${name}`) &&
    (schema === undefined || contract.schemas.violations(schema, neverGiven, 'request').length === 0);
  return {
    name,
    in: where,
    value: isNeverGiven ? neverGiven : `$inputs.${name.replace(/[^A-Za-z0-9_-]/g, '_')}`,
  };
}

/** Whether a rule of the operation looks something up by a part of the request. */
function isLookedUp(operation: Operation, part: string): boolean {
  return targetsOf(operation).some(({ transition }) =>
    plainConditions(transition).some(
      (condition) => condition.kind === 'in' && partOfValue(condition.key) === part,
    ),
  );
}

/** How a credential travels: as the first security requirement of the operation says. */
function credentialParameters(operation: Operation, credential: Template): StepParameter[] {
  const [first] = operation.security.find((requirement) => requirement.length > 0) ?? [];
  return first === undefined ? [] : [carriedBy(first.scheme, credential)];
}

/** The input by which a credential comes that no rule tells how to get; undefined when none is needed, or a rule does. */
export function schemeInput({ security }: Operation): string | undefined {
  if (security.some((requirement) => requirement.length === 0)) return undefined;
  const [scheme] = security.flat().map((each) => each.scheme);
  if (scheme === undefined || scheme.transitions.length > 0) return undefined;
  return scheme.name.replace(/[^A-Za-z0-9_-]/g, '_');
}

function carriedBy({ carrier }: SecurityScheme, credential: Template): StepParameter {
  const within =
    typeof credential === 'string' && credential.startsWith('$') ? `{${credential}}` : credential;
  switch (carrier.kind) {
    case 'apiKey':
      return { name: carrier.parameter, in: carrier.in, value: credential };
    case 'http':
      return { name: 'Authorization', in: 'header', value: `${titled(carrier.scheme)} ${within}` };
    default:
      return { name: 'Authorization', in: 'header', value: `Bearer ${within}` };
  }
}

function titled(scheme: string): string {
  return `${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}`;
}
