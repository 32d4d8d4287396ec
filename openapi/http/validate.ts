/** A whole request held against its operation: its parameters and content as values, and every violation. */

import { contentOfType, contentViolations, parseContent } from '../content/content.js';
import { parseMediaType } from '../content/media-type.js';
import type { Content, Contract, Operation, Parameter } from '../contract.js';
import type { Place } from '../document/documents.js';
import type { Json } from '../json.js';
import type { ExpressionMessage } from '../rules/expression.js';
import { SentValues } from '../rules/scope.js';
import { isIgnored, readDescribed } from './described-parameter.js';
import { fieldValue, type RequestMessage } from './message.js';

export { parseContent } from '../content/content.js';

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
  const { content } = operation.requestBody;
  const sent = fieldValue(request.fields, 'content-type') ?? '';
  const mediaType = parseMediaType(sent);
  // What is no media type is taken where it is described as it stands.
  if (mediaType === undefined) return content.find((each) => each.mediaType === sent) ?? 'unsupported';
  return contentOfType(content, mediaType) ?? 'unsupported';
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
  return { values: new SentValues(request, path, parameters, body), violations };
}

function readParameters(
  contract: Contract,
  operation: Operation,
  request: RequestMessage,
  path: Readonly<Record<string, string>>,
  violations: Violation[],
): ReadonlyMap<string, Json> | undefined {
  if (operation.parameters.length === 0) return undefined;
  const values = new Map<string, Json>();
  const source = { path, query: request.query, fields: request.fields };
  const queryNames = operation.parameters
    .filter(({ in: where }) => where === 'query')
    .map(({ name }) => name);
  for (const parameter of operation.parameters) {
    if (isIgnored(parameter)) continue;
    const taken = new Set(queryNames.filter((name) => name !== parameter.name));
    const sent = readDescribed(parameter, source, taken);
    // An empty text may be as if it was not sent; but sent it was.
    const isUnused = sent === '' && parameter.allowEmptyValue;
    const value = isUnused ? parameter.default : (sent ?? parameter.default);
    if (value !== undefined) values.set(`${parameter.in} ${parameter.name}`, value);
    if (isUnused) continue;
    violations.push(...parameterViolations(contract, parameter, sent));
  }
  return values;
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
  const violate = (keyword: string, message: string, place: Place, pointer = ''): undefined => {
    violations.push({ in: 'body', pointer, keyword, message, place });
    return undefined;
  };
  if (requestBody === undefined) return undefined;
  if (request.content === undefined || content === undefined) {
    return requestBody.required ? violate('required', 'is required', requestBody.at) : undefined;
  }
  const mediaType = parseMediaType(fieldValue(request.fields, 'content-type') ?? '');
  const parsed =
    mediaType === undefined ? { kind: 'opaque' as const } : parseContent(request.content, mediaType, content);
  if (parsed.kind === 'malformed') return violate(parsed.keyword, parsed.message, content.at, parsed.pointer);
  if (parsed.kind === 'opaque') return undefined;
  for (const { pointer, keyword, message, schema } of contentViolations(
    contract,
    content,
    parsed.value,
    'request',
  ))
    violations.push({ in: 'body', pointer, keyword, message, place: schema });
  return parsed.value;
}
