/** A whole request held against its operation: its parameters and content as values, and every violation. */

import type { Content, Contract, Operation, Parameter } from './contract.js';
import type { Place } from './documents.js';
import type { ExpressionMessage } from './expression.js';
import type { Json } from './json.js';
import { essence, isJson, type MediaType, mostSpecific, parseMediaType } from './media-type.js';
import { fieldValue, type RequestMessage } from './message.js';
import { type FormPart, parseMultipart } from './multipart.js';
import { queryKeys, readParameter } from './parameter.js';
import { percentEncoded } from './path.js';
import type { ParameterShape } from './shape.js';

/** One way in which a request breaks the contract. */
export type Violation = {
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'body';
  /** A JSON Pointer: into the content; or, for a parameter, its name and then into its value. */
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
  /** The place of the contract that is broken. */
  readonly place: Place;
};

/** A request, read as the operation describes it. */
export type ReadRequest = { readonly values: ExpressionMessage; readonly violations: readonly Violation[] };

/**
 * The description of the content that a request carries; undefined when it carries none, `'unsupported'` when the
 * operation takes no content of this media type (RFC 9110, section 15.5.16).
 */
export function describedContent(
  operation: Operation,
  request: RequestMessage,
): Content | undefined | 'unsupported' {
  if (request.content === undefined || operation.requestBody === undefined) return undefined;
  const mediaType = parseMediaType(fieldValue(request.fields, 'content-type') ?? '');
  if (mediaType === undefined) return 'unsupported';
  const { content } = operation.requestBody;
  const key = mostSpecific(
    mediaType,
    content.map((described) => described.mediaType),
  );
  return content.find((described) => described.mediaType === key) ?? 'unsupported';
}

/** Reads parameters and content and holds them against the contract. Nothing is thrown: what is wrong is a violation. */
export function readRequest(
  contract: Contract,
  operation: Operation,
  request: RequestMessage,
  path: Readonly<Record<string, string>>,
  content: Content | undefined,
): ReadRequest {
  const violations: Violation[] = [];
  const parameters = readParameters(contract, operation, request, path, violations);
  const body = readContent(contract, operation, request, content, violations);
  const query = new URLSearchParams(request.query);
  const values: ExpressionMessage = {
    header: (name) => fieldValue(request.fields, name),
    query: (name) => parameters.get(`query ${name}`) ?? query.get(name) ?? undefined,
    path: (name) => parameters.get(`path ${name}`) ?? (Object.hasOwn(path, name) ? path[name] : undefined),
    body,
  };
  return { values, violations };
}

function readParameters(
  contract: Contract,
  operation: Operation,
  request: RequestMessage,
  path: Readonly<Record<string, string>>,
  violations: Violation[],
): Map<string, Json> {
  const values = new Map<string, Json>();
  if (operation.parameters.length === 0) return values;
  const source = { path, query: request.query, fields: request.fields };
  const queryNames = operation.parameters
    .filter(({ in: where }) => where === 'query')
    .map(({ name }) => name);
  for (const parameter of operation.parameters) {
    if (isIgnored(parameter)) continue;
    const taken = new Set(queryNames.filter((name) => name !== parameter.name));
    const sent = readParameter(parameter.form, source, taken);
    const value =
      parameter.content === undefined || typeof sent !== 'string'
        ? sent
        : parsedText(sent, parameter.content);
    if (value !== undefined) values.set(`${parameter.in} ${parameter.name}`, value);
    violations.push(...parameterViolations(contract, parameter, value));
  }
  return values;
}

/** Header parameters with these names are described elsewhere and shall be ignored (OpenAPI 3.1, 4.8.12.1). */
function isIgnored({ in: where, name }: Parameter): boolean {
  return where === 'header' && /^(accept|content-type|authorization)$/i.test(name);
}

function parameterViolations(contract: Contract, parameter: Parameter, value: Json | undefined): Violation[] {
  const { in: where, name, required, schema, at } = parameter;
  const root = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (value === undefined) {
    const missing = {
      in: where,
      pointer: root,
      keyword: 'required',
      message: 'is required',
      place: at,
    } as const;
    return required ? [missing] : [];
  }
  if (schema === undefined) return [];
  return contract.schemas
    .violations(schema, value, 'request')
    .map(({ pointer, keyword, message, schema: place }) => {
      return { in: where, pointer: `${root}${pointer}`, keyword, message, place };
    });
}

function readContent(
  contract: Contract,
  operation: Operation,
  request: RequestMessage,
  content: Content | undefined,
  violations: Violation[],
): Json | undefined {
  const { requestBody } = operation;
  const violate = (keyword: string, message: string, place: Place): undefined => {
    violations.push({ in: 'body', pointer: '', keyword, message, place });
    return undefined;
  };
  if (requestBody === undefined) return undefined;
  if (request.content === undefined || content === undefined) {
    return requestBody.required ? violate('required', 'is required', requestBody.at) : undefined;
  }
  const mediaType = parseMediaType(fieldValue(request.fields, 'content-type') ?? '');
  const parsed =
    mediaType === undefined
      ? { kind: 'opaque' as const }
      : parseContent(request.content, mediaType, content.shape);
  if (parsed.kind === 'malformed') return violate(parsed.keyword, parsed.message, content.at);
  if (parsed.kind === 'opaque') return undefined;
  if (content.schema !== undefined) {
    for (const { pointer, keyword, message, schema } of contract.schemas.violations(
      content.schema,
      parsed.value,
      'request',
    )) {
      violations.push({ in: 'body', pointer, keyword, message, place: schema });
    }
  }
  return parsed.value;
}

/** Content as a value: JSON parsed, a form as an object (a file in it as text of its octets), text as it is; anything else is opaque. */
export type ParsedContent =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'malformed'; readonly keyword: string; readonly message: string }
  | { readonly kind: 'opaque' };

/** Parses content by its media type; the texts of a form by what its schema allows. */
export function parseContent(
  content: Uint8Array,
  mediaType: MediaType,
  shape: ParameterShape = { types: new Set() },
): ParsedContent {
  if (essence(mediaType) === 'multipart/form-data') return multipartValue(content, mediaType, shape);
  const isForm = essence(mediaType) === 'application/x-www-form-urlencoded';
  if (!isJson(mediaType) && !isForm && mediaType.type !== 'text') return { kind: 'opaque' };
  const charset = mediaType.parameters.find(([name]) => name === 'charset')?.[1] ?? 'utf-8';
  const text = decodedText(content, charset);
  if (text === undefined)
    return { kind: 'malformed', keyword: 'charset', message: `is not valid ${charset.toUpperCase()}` };
  if (isForm) return { kind: 'value', value: formValue(text, shape) };
  return isJson(mediaType) ? parseJson(text) : { kind: 'value', value: text };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined when it is not in this charset, or there is no such charset. */
function decodedText(content: Uint8Array, charset: string): string | undefined {
  try {
    const decoder = charset.toLowerCase() === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true });
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): ParsedContent {
  if (isTooDeep(text))
    return { kind: 'malformed', keyword: 'json', message: `is nested more than ${deepest} levels deep` };
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'malformed', keyword: 'json', message: `is not valid JSON: ${reason}` };
  }
}

/** Deeper than this nobody means it, and what walks the value would run out of stack (RFC 8259, section 9, allows a limit). */
const deepest = 500;

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length && depth <= deepest; index += 1) {
    const unit = text[index];
    if (isString && unit === '\\') index += 1;
    else if (unit === '"') isString = !isString;
    else if (!isString && (unit === '[' || unit === '{')) depth += 1;
    else if (!isString && (unit === ']' || unit === '}')) depth -= 1;
  }
  return depth > deepest;
}

function parsedText(text: string, content: Content): Json {
  const mediaType = parseMediaType(content.mediaType);
  const parsed = mediaType !== undefined && isJson(mediaType) ? parseJson(text) : undefined;
  return parsed?.kind === 'value' ? parsed.value : text;
}

/** The members of a form of parts: files as they are, JSON parsed, any other text as in a form of one text. */
function multipartValue(content: Uint8Array, mediaType: MediaType, shape: ParameterShape): ParsedContent {
  const parts = parseMultipart(content, mediaType);
  if (typeof parts === 'string') return { kind: 'malformed', keyword: 'multipart', message: parts };
  const members = new Map<string, Json[]>();
  for (const part of parts) {
    const parsed = partValue(part, shape);
    if (parsed.kind !== 'value') return parsed;
    members.set(part.name, [...(members.get(part.name) ?? []), parsed.value]);
  }
  const value = [...members].map(([name, values]) => {
    const isList = shape.properties?.get(name)?.types.has('array') === true;
    return [name, values.length === 1 && !isList ? (values[0] ?? null) : values] as const;
  });
  return { kind: 'value', value: Object.fromEntries(value) };
}

function partValue(part: FormPart, { properties, additional }: ParameterShape): ParsedContent {
  const own = properties?.get(part.name) ?? additional;
  const type = part.mediaType === undefined ? undefined : parseMediaType(part.mediaType);
  const shape = own?.items ?? own;
  // Where a text is described, a form's reader takes whatever came as the text, which servers do as well.
  const isText = shape?.types.size === 1 && shape.types.has('string');
  if (part.fileName === undefined && type !== undefined && isJson(type) && !isText)
    return parseJson(part.text);
  if (part.fileName !== undefined || shape === undefined || shape.file !== undefined)
    return { kind: 'value', value: part.text };
  const form = {
    name: 'part',
    in: 'query',
    style: 'form',
    explode: true,
    allowReserved: false,
    shape,
  } as const;
  const source = { path: {}, query: `part=${percentEncoded(part.text)}`, fields: [] };
  return { kind: 'value', value: readParameter(form, source) ?? part.text };
}

/** The members of a form, each like an exploded query parameter in the form style (OpenAPI 3.1, section 4.8.15.1.2). */
function formValue(text: string, { properties, additional }: ParameterShape): Json {
  const source = { path: {}, query: text, fields: [] };
  const members = [...new Set(queryKeys(text))].map((name) => {
    const shape = properties?.get(name) ?? additional ?? { types: new Set() };
    const form = { name, in: 'query', style: 'form', explode: true, allowReserved: false, shape } as const;
    return [name, readParameter(form, source) ?? ''] as const;
  });
  return Object.fromEntries(members);
}
