/** A step of a workflow as the request that is sent: its templates evaluated, its parameters written, its content serialized. */

import type {
  Alteration,
  Step,
  StepParameter,
  StepRequestBody,
  Template,
} from '../openapi/arazzo/workflow.js';
import { contentOfType, type WrittenContent, writeContent } from '../openapi/content/content.js';
import { concreteMediaType, parseMediaType } from '../openapi/content/media-type.js';
import type { Operation, Parameter } from '../openapi/contract.js';
import { type DescribedText, writeDescribed } from '../openapi/http/described-parameter.js';
import { AskedBy } from '../openapi/http/match-request.js';
import type { Field, RequestMessage } from '../openapi/http/message.js';
import type { ParameterForm } from '../openapi/http/parameter.js';
import { expandPath, percentEncoded, templateNames } from '../openapi/http/path.js';
import { fixedParts, isSent, pathOfKey } from '../openapi/http/path-key.js';
import { isObject, type Json, pointerTokens } from '../openapi/json.js';
import { remembered } from '../openapi/remembered.js';
import { anyShape } from '../openapi/schema/shape.js';

/** A request, or why there is none. */
export type Built =
  | { readonly kind: 'request'; readonly request: RequestMessage }
  | { readonly kind: 'impossible'; readonly why: string };

/** The value of a template; undefined when something that it names is not there. */
export type Evaluate = (template: Template) => Json | undefined;

const encoder = new TextEncoder();

/** The request of a step that calls an operation. `common` are the parameters that the workflow gives to every step. */
export function requestOf(
  operation: Operation,
  step: Pick<Step, 'parameters' | 'requestBody' | 'alteration'>,
  common: readonly StepParameter[],
  evaluate: Evaluate,
): Built {
  const own = step.parameters;
  const inherited = common.filter(
    (each) => !own.some((parameter) => parameter.name === each.name && parameter.in === each.in),
  );
  const missing: string[] = [];
  const values = [...inherited, ...own].flatMap((parameter) => {
    const value = evaluate(parameter.value);
    if (value === undefined) missing.push(`${parameter.in} parameter ${parameter.name}`);
    return value === undefined ? [] : [{ ...parameter, value }];
  });
  const payload = step.requestBody && payloadOf(step.requestBody, evaluate);
  if (step.requestBody !== undefined && payload === undefined) missing.push('request body');
  for (const [name, template] of step.alteration?.fields ?? [])
    if (evaluate(template) === undefined) missing.push(`field ${name}`);
  if (missing.length > 0)
    return { kind: 'impossible', why: `there is no value for the ${missing.join(', the ')}` };

  const path: Record<string, string> = {};
  const query: string[] = [];
  const cookies: string[] = [];
  const fields: Field[] = [['accept', '*/*']];
  for (const { name, in: where, value } of values) {
    if (where === undefined) continue;
    const written = writeDescribed(describedText(operation.parameters, name, where), value);
    if (written === undefined) continue;
    if (written.in === 'header') setField(fields, written.name, written.value);
    else if (written.in === 'path') path[name] = written.text;
    else (written.in === 'query' ? query : cookies).push(written.text);
  }
  const { pathKey, names } = keyParts(operation.path);
  const unfilled = names.find((name) => !Object.hasOwn(path, name));
  if (unfilled !== undefined)
    return { kind: 'impossible', why: `there is no value for the path parameter ${unfilled}` };
  if (cookies.length > 0) setField(fields, 'cookie', cookies.join('; '));
  const mediaType = step.requestBody?.contentType ?? operation.requestBody?.content[0]?.mediaType;
  const written =
    payload === undefined ? undefined : contentOf(operation, payload, mediaType ?? 'application/json');
  const content = written?.content;
  if (written !== undefined) setField(fields, 'content-type', written.mediaType);
  const request: RequestMessage = {
    method: operation.method,
    path: expandPath(pathKey, path),
    query: query.join('&'),
    fields,
    content,
  };
  const unsent = unsentOf(operation, request);
  const whole = unsent.length === 0 ? request : { ...request, query: [...query, ...unsent].join('&') };
  return {
    kind: 'request',
    request: step.alteration === undefined ? whole : altered(whole, step.alteration, evaluate),
  };
}

/** A key of `paths` taken apart: its path, the names in it, and what it asks for behind it. */
const keyParts = remembered((key) => {
  const pathKey = pathOfKey(key);
  return { pathKey, names: templateNames(pathKey), fixed: fixedParts(key) };
});

/**
 * What the key of a path asks for behind the path, `?action=list`, and is not among what is sent. What the operation
 * describes as a parameter that must be there is for the step to say.
 */
function unsentOf({ path, parameters }: Operation, request: RequestMessage): readonly string[] {
  const { fixed } = keyParts(path);
  if (fixed.length === 0) return [];
  const asked = new AskedBy(request);
  const isLeft = (name: string): boolean => parameters.some((each) => each.required && each.name === name);
  return fixed
    .filter((part) => !isLeft(part.name) && !isSent({ ...part, value: undefined }, asked))
    .map(({ name, value = '' }) => `${percentEncoded(name)}=${percentEncoded(value)}`);
}

/** The payload of a request body; undefined when something that it names is not there. */
function payloadOf({ payload, replacements }: StepRequestBody, evaluate: Evaluate): Json | undefined {
  return replacements.reduce<Json | undefined>((whole, { target, value }) => {
    const replacement = evaluate(value);
    return whole === undefined || replacement === undefined
      ? undefined
      : replacedAt(whole, pointerTokens(target), replacement);
  }, evaluate(payload));
}

/** The value with another put where reference tokens lead, in objects that are made where there are none. */
export function replacedAt(whole: Json, tokens: readonly string[], value: Json): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (Array.isArray(whole)) {
    const index = token === '-' ? whole.length : Number(token);
    const items: readonly Json[] = whole;
    return items.length <= index
      ? [...items, replacedAt({}, rest, value)]
      : items.map((item, at) => (at === index ? replacedAt(item, rest, value) : item));
  }
  const members = isObject(whole) ? whole : {};
  return { ...members, [token]: replacedAt(members[token] ?? {}, rest, value) };
}

/** A parameter that the operation does not describe is written in the style that is the default where it stands. */
function describedText(
  described: readonly Parameter[],
  name: string,
  where: ParameterForm['in'],
): DescribedText {
  const isSame = (parameter: Parameter): boolean =>
    parameter.in === where &&
    (where === 'header' ? parameter.name.toLowerCase() === name.toLowerCase() : parameter.name === name);
  const style = where === 'query' || where === 'cookie' ? 'form' : 'simple';
  const form = {
    name,
    in: where,
    style,
    explode: style === 'form',
    allowReserved: false,
    shape: anyShape,
  } as const;
  return described.find(isSame) ?? { form, content: undefined };
}

/** The content of a request in a media type, as the operation describes it. */
function contentOf({ requestBody }: Operation, payload: Json, key: string): WrittenContent {
  const mediaType = concreteMediaType(key);
  const parsed = parseMediaType(key);
  const described = parsed && contentOfType(requestBody?.content ?? [], parsed);
  return writeContent(payload, mediaType, described);
}

function altered(request: RequestMessage, alteration: Alteration, evaluate: Evaluate): RequestMessage {
  const without = new Set(alteration.withoutFields.map((name) => name.toLowerCase()));
  const kept = request.fields.filter(([name]) => !without.has(name.toLowerCase()));
  const added = alteration.fields.map(([name, template]): Field => [name, String(evaluate(template) ?? '')]);
  return {
    ...request,
    method: alteration.method ?? request.method,
    fields: [...kept, ...added],
    content: alteredContent(request.content, alteration.content, evaluate),
  };
}

function alteredContent(
  content: Uint8Array | undefined,
  altered: string | null | undefined,
  evaluate: Evaluate,
): Uint8Array | undefined {
  if (altered === undefined) return content;
  return altered === null ? undefined : encoder.encode(String(evaluate(altered) ?? altered));
}

function setField(fields: Field[], name: string, value: string): void {
  const index = fields.findIndex(([other]) => other.toLowerCase() === name.toLowerCase());
  if (index === -1) fields.push([name, value]);
  else fields[index] = [name, value];
}
