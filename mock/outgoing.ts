/** A request that an API makes itself, made from its contract: method, documented parameters, example or generated content. */

import { sentAs, type WrittenContent, writeContent } from '../openapi/content/content.js';
import { isJsonType } from '../openapi/content/media-type.js';
import type { Content, Contract, Operation, Parameter } from '../openapi/contract.js';
import type { GenerateContext } from '../openapi/generate/generate.js';
import { writeDescribed } from '../openapi/http/described-parameter.js';
import type { Field } from '../openapi/http/message.js';
import type { Json } from '../openapi/json.js';

/** A request to a whole URL. */
export type OutgoingMessage = {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly Field[];
  readonly content: Uint8Array | undefined;
};

/** What is wanted of the content instead of the first example: another one by its name, or a value. */
export type Wanted = { readonly body?: Json; readonly example?: string };

export type Outgoing =
  | { readonly kind: 'message'; readonly message: OutgoingMessage }
  | { readonly kind: 'impossible'; readonly why: string };

const encoder = new TextEncoder();

/** What describes the content and who asks is not for a parameter to say (OpenAPI 3.1, 4.8.12.1). */
const notParameters =
  /^(accept|content-type|authorization|content-length|host|connection|transfer-encoding)$/i;

/** The request of an operation to a URL. What is optional is only sent where an example shows it. */
export function outgoingMessage(
  contract: Contract,
  operation: Operation,
  url: string,
  wanted: Wanted,
  context: GenerateContext,
): Outgoing {
  const content = contentFor(operation, wanted);
  if (content === 'unknown-example') return { kind: 'impossible', why: unknownExample(operation, wanted) };
  const parameters = operation.parameters.flatMap((parameter) => {
    const value = parameterValue(contract, parameter, context);
    const text = value === undefined ? undefined : writeDescribed(parameter, value);
    return text === undefined || (text.in === 'header' && notParameters.test(text.name)) ? [] : [text];
  });
  const cookies = parameters.flatMap((each) => (each.in === 'cookie' ? [each.text] : []));
  const written = contentOf(contract, content, wanted, context);
  const fields: Field[] = [
    ...(written === undefined ? [] : [['content-type', written.mediaType] as const]),
    ...parameters.flatMap((each): Field[] => (each.in === 'header' ? [[each.name, each.value]] : [])),
    ...(cookies.length === 0 ? [] : [['cookie', cookies.join('; ')] as const]),
  ];
  const query = parameters.flatMap((each) => (each.in === 'query' ? [each.text] : []));
  const message = {
    method: operation.method,
    url: withQuery(url, query),
    fields,
    content: written?.content,
  };
  return { kind: 'message', message };
}

/** The names of the examples of what an operation is sent. */
export function requestExamples({ requestBody }: Operation): readonly string[] {
  const examples = (requestBody?.content ?? []).flatMap((content) => content.examples);
  return [...new Set(examples.map(({ name }) => name))];
}

/** The content to send: that with the example, else the first that is JSON, else the first. */
function contentFor(
  { requestBody }: Operation,
  { example }: Wanted,
): Content | undefined | 'unknown-example' {
  const contents = requestBody?.content ?? [];
  if (example !== undefined) {
    const having = contents.find(({ examples }) => examples.some(({ name }) => name === example));
    return having ?? 'unknown-example';
  }
  return contents.find(({ mediaType }) => isJsonType(mediaType)) ?? contents[0];
}

function unknownExample(operation: Operation, { example }: Wanted): string {
  const names = requestExamples(operation);
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return `it has no example "${example}"; ${known}`;
}

/** The content as it is sent: what was given, else the example, else a value of the schema. */
function contentOf(
  contract: Contract,
  content: Content | undefined,
  wanted: Wanted,
  context: GenerateContext,
): WrittenContent | undefined {
  if (content === undefined) {
    if (wanted.body === undefined) return undefined;
    return { content: encoder.encode(JSON.stringify(wanted.body)), mediaType: 'application/json' };
  }
  const value = wanted.body ?? documentedValue(contract, content, wanted, context);
  return value === undefined ? undefined : writeContent(value, sentAs(content), content);
}

function documentedValue(
  contract: Contract,
  content: Content,
  { example }: Wanted,
  context: GenerateContext,
): Json | undefined {
  const shown = content.examples.find(({ name }) => example === undefined || name === example);
  if (shown?.value !== undefined) return shown.value;
  return content.schema && contract.generate(content.schema, { ...context, direction: 'request' });
}

function parameterValue(
  contract: Contract,
  { examples, required, schema }: Parameter,
  context: GenerateContext,
): Json | undefined {
  const [example] = examples;
  if (example?.value !== undefined) return example.value;
  return required && schema !== undefined
    ? contract.generate(schema, { ...context, direction: 'request' })
    : undefined;
}

function withQuery(url: string, query: readonly string[]): string {
  if (query.length === 0) return url;
  const [whole = '', fragment] = url.split(/#(.*)/s);
  const joint = whole.includes('?') ? '&' : '?';
  return `${whole}${joint}${query.join('&')}${fragment === undefined ? '' : `#${fragment}`}`;
}
