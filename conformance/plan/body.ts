/** The body and the parameters of a request as templates: the documented example, with what must be so put into it. */

import type { StepParameter, StepRequestBody, Template } from '../../openapi/arazzo/workflow.js';
import { directed } from '../../openapi/content/directed.js';
import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { Content, Contract, Operation, Parameter, SecurityScheme } from '../../openapi/contract.js';
import { followReferences, nodeAt, type Place } from '../../openapi/document/documents.js';
import { isIgnored } from '../../openapi/http/described-parameter.js';
import { templateNames } from '../../openapi/http/path.js';
import { pathOfKey } from '../../openapi/http/path-key.js';
import { isObject, type Json, jsonEquals, pointedTo, pointerTokens } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import { rememberedBy } from '../../openapi/remembered.js';
import { inputName } from '../credentials.js';
import { replacedAt } from '../step-request.js';
import { bodyPointer, partOfValue, plainConditions, targetsOf } from './goal.js';
import { neverGiven } from './never-given.js';
import { sampleBody } from './sample-body.js';

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
  const examples = takenExamples(content, contract);
  const fits = (example: Json): boolean =>
    literal.every(([pointer, value]) => jsonEquals(pointedTo(example, pointer), value));
  const needs = (example: Json): number =>
    set.filter(([pointer]) => pointedTo(example, pointer) === undefined).length;
  const ranked = examples.toSorted((a, b) => Number(fits(b)) - Number(fits(a)) || needs(a) - needs(b));
  const base = directed(
    ranked[0] ?? sampleBody(contract, content, seedFor(operation)) ?? {},
    content,
    'request',
  );
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

/** What changes a thing sends other values than what has made it: else nobody could tell whether it did anything. */
function seedFor({ method }: Operation): number {
  return method === 'PUT' || method === 'PATCH' ? 2 : 1;
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
      !isIgnored({ name, in: where }) &&
      (required || present.includes(`${where} ${name}`)) &&
      ![...set, ...carried].some((each) => each.name === name && each.in === where),
  );
  const examples = missing.map((parameter) => exampleOf(contract, operation, parameter, cast));
  // What a path has a place for and nobody has described may be anything.
  const undescribed = templateNames(pathOfKey(operation.path))
    .filter(
      (name) => ![...set, ...operation.parameters].some((each) => each.in === 'path' && each.name === name),
    )
    .map((name): StepParameter => ({ name, in: 'path', value: '1' }));
  return [...carried, ...set, ...examples, ...undescribed];
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
  const taken = examples.flatMap(({ value }) =>
    value === undefined || (schema && contract.schemas.violations(schema, value, 'request').length > 0)
      ? []
      : [value],
  );
  const value = taken[cast] ?? taken[0] ?? ownValue(contract, name, schema);
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

/** Many requests are made of the same content. */
const takenExamples = rememberedBy((content: Content, contract: Contract): readonly Json[] =>
  content.examples.flatMap(({ value }) =>
    value === undefined || !isTaken(contract, content, value) ? [] : [value],
  ),
);

/** An example that its own schema refuses shows no request that is taken. Of a form it may be a text. */
function isTaken(contract: Contract, content: Content, value: Json): boolean {
  const { mediaType, schema } = content;
  const parsed = parseMediaType(mediaType);
  if (schema === undefined || parsed === undefined || !isJson(parsed)) return true;
  return contract.schemas.violations(schema, directed(value, content, 'request'), 'request').length === 0;
}

/** An input is made for the first parameter of its name: one that takes other values has a value of its own. */
function ownValue(contract: Contract, name: string, schema: Place | undefined): Json | undefined {
  const known = firstSchemas.get(contract) ?? firstSchemasIn(contract);
  firstSchemas.set(contract, known);
  const first = known.get(inputName(name));
  if (
    schema === undefined ||
    first === undefined ||
    jsonEquals(assertions(contract, first), assertions(contract, schema))
  )
    return undefined;
  const context = { random: seededRandom(1), now: 0, secret: 'plan', fixed: {}, dynamic: false };
  return contract.generate(schema, context);
}

const firstSchemas = new WeakMap<Contract, ReadonlyMap<string, Place>>();

function firstSchemasIn({ operations }: Contract): ReadonlyMap<string, Place> {
  const found = operations
    .flatMap(({ parameters }) => parameters)
    .flatMap(({ name, schema }) => (schema === undefined ? [] : [[inputName(name), schema] as const]));
  return new Map(found.toReversed());
}

/** What a schema demands by itself, without the words about it. */
function assertions({ documents }: Contract, at: Place): Json {
  const node = nodeAt(documents, at);
  const { value } = (node && followReferences(documents, node)) ?? { value: null };
  if (!isObject(value)) return value;
  const words = ['description', 'title', 'example', 'examples', 'default', 'deprecated'];
  return Object.fromEntries(Object.entries(value).filter(([name]) => !words.includes(name)));
}

/** Whether a rule of the operation looks something up by a part of the request. */
function isLookedUp(operation: Operation, part: string): boolean {
  return targetsOf(operation).some(({ transition }) =>
    plainConditions(transition).some(
      (condition) => condition.kind === 'in' && partOfValue(condition.key) === part,
    ),
  );
}

/**
 * The schemes whose credentials stand in the message, of the first security requirement: all must be satisfied. The one
 * comes first that rules speak of; a certificate stands in no message.
 */
export function carriedSchemes({ security }: Pick<Operation, 'security'>): readonly SecurityScheme[] {
  const schemes = (security.find((requirement) => requirement.length > 0) ?? []).map(({ scheme }) => scheme);
  const carried = schemes.filter(({ carrier }) => carrier.kind !== 'mutualTLS');
  const ruled = carried.filter(({ transitions }) => transitions.length > 0);
  return [...ruled, ...carried.filter((scheme) => !ruled.includes(scheme))];
}

/** How a credential travels, and those that must be there beside it. */
function credentialParameters(operation: Operation, credential: Template): StepParameter[] {
  const [first, ...others] = carriedSchemes(operation);
  if (first === undefined) return [];
  return [
    carriedBy(first, credential),
    ...others.map((scheme) => carriedBy(scheme, `$inputs.${inputName(scheme.name)}`)),
  ];
}

/** The inputs by which the credentials come that must be there beside the first. */
export function furtherInputs(operation: Operation): readonly string[] {
  return carriedSchemes(operation)
    .slice(1)
    .map(({ name }) => inputName(name));
}

/** The input by which a credential comes that no rule tells how to get; undefined when none is needed, or a rule does. */
export function schemeInput({ security }: Operation): string | undefined {
  if (security.some((requirement) => requirement.length === 0)) return undefined;
  const [scheme] = carriedSchemes({ security });
  if (scheme === undefined || scheme.transitions.length > 0) return undefined;
  return inputName(scheme.name);
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
