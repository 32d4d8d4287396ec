/** A step of a workflow as the request that is sent: its templates evaluated, its parameters written, its content serialized. */

import type { Operation, Parameter } from '../openapi/contract.js';
import { isObject, type Json, pointerTokens } from '../openapi/json.js';
import { essence, isJson, parseMediaType } from '../openapi/media-type.js';
import type { Field, RequestMessage } from '../openapi/message.js';
import { type FormPart, writeMultipart } from '../openapi/multipart.js';
import { type ParameterForm, writeParameter } from '../openapi/parameter.js';
import { expandPath, percentEncoded, templateNames } from '../openapi/path.js';
import type { Alteration, Step, StepParameter, StepRequestBody, Template } from '../openapi/workflow.js';

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
    const written = writeParameter(formOf(operation.parameters, name, where), value);
    if (written === undefined) continue;
    if (written.in === 'header') setField(fields, written.name, written.value);
    else if (written.in === 'path') path[name] = written.text;
    else (written.in === 'query' ? query : cookies).push(written.text);
  }
  const unfilled = templateNames(operation.path).find((name) => !Object.hasOwn(path, name));
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
    path: expandPath(operation.path, path),
    query: query.join('&'),
    fields,
    content,
  };
  return {
    kind: 'request',
    request: step.alteration === undefined ? request : altered(request, step.alteration, evaluate),
  };
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
function formOf(described: readonly Parameter[], name: string, where: ParameterForm['in']): ParameterForm {
  const isSame = (parameter: Parameter): boolean =>
    parameter.in === where &&
    (where === 'header' ? parameter.name.toLowerCase() === name.toLowerCase() : parameter.name === name);
  const style = where === 'query' || where === 'cookie' ? 'form' : 'simple';
  return (
    described.find(isSame)?.form ?? {
      name,
      in: where,
      style,
      explode: style === 'form',
      allowReserved: false,
      shape: { types: new Set() },
    }
  );
}

type Written = { readonly content: Uint8Array; readonly mediaType: string };

function contentOf(operation: Operation, payload: Json, mediaType: string): Written {
  const parsed = parseMediaType(mediaType);
  if (parsed === undefined || essence(parsed) !== 'multipart/form-data' || !isObject(payload))
    return { content: encoder.encode(serialized(payload, mediaType)), mediaType };
  const described = operation.requestBody?.content.find((each) => each.mediaType.startsWith('multipart/'));
  const files = described?.shape.properties;
  const parts = Object.entries(payload).flatMap(([name, value]) =>
    [value]
      .flat()
      .map((item) => formPart(name, item, files?.get(name)?.items?.file ?? files?.get(name)?.file)),
  );
  const { content, boundary } = writeMultipart(parts);
  return { content, mediaType: `${essence(parsed)}; boundary=${boundary}` };
}

/** Text as it is, a file with a name (there is none in a value, so that it is called as its member is), JSON as such. */
function formPart(name: string, value: Json, file: string | undefined): FormPart {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (file !== undefined && typeof value === 'string') return { name, fileName: name, mediaType: file, text };
  const isComposed = typeof value === 'object' && value !== null;
  return { name, fileName: undefined, mediaType: isComposed ? 'application/json' : undefined, text };
}

function serialized(payload: Json, mediaType: string): string {
  const parsed = parseMediaType(mediaType);
  if (parsed === undefined || isJson(parsed)) return JSON.stringify(payload);
  if (essence(parsed) === 'application/x-www-form-urlencoded' && isObject(payload)) return formText(payload);
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function formText(payload: { readonly [name: string]: Json }): string {
  const text = (value: Json): string =>
    percentEncoded(typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.entries(payload)
    .flatMap(([name, value]) => [value].flat().map((item) => `${percentEncoded(name)}=${text(item)}`))
    .join('&');
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
