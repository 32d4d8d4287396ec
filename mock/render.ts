/** The sixth step: a selected response as a message, by its documented example or generated from its schema. */

import type { Content, Contract, DocumentedResponse, Example, ResponseHeader } from '../openapi/contract.js';
import type { Place } from '../openapi/documents.js';
import type { GenerateContext } from '../openapi/generate.js';
import { isObject, type Json } from '../openapi/json.js';
import { isJson, negotiate, parseMediaType } from '../openapi/media-type.js';
import { allowsContent, type Field, type ResponseMessage } from '../openapi/message.js';
import { type ParameterForm, writeParameter } from '../openapi/parameter.js';
import { overlay } from '../openapi/value.js';
import type { Selection } from './select.js';

/** A message, and its content as a value, which the effects of a transition may read. */
export type Rendered = {
  readonly message: ResponseMessage;
  readonly body: Json | undefined;
  /** Whether the content was generated, and is not the documented example. */
  readonly isGenerated: boolean;
};

const encoder = new TextEncoder();

/** The message of a selected response. `bound` is laid over the example; `accept` picks among the media types. */
export function render(
  contract: Contract,
  selection: Selection,
  bound: Json | undefined,
  accept: string | undefined,
  context: GenerateContext,
): Rendered {
  const { response, status, example } = selection;
  const fields = response.headers.flatMap((header) => headerField(contract, header, context));
  const content = allowsContent(status) ? contentFor(response, example, accept) : undefined;
  const isWhole = selection.choice?.transition.whole === true;
  const { body, isGenerated } =
    isWhole && bound !== undefined && conforms(contract, content, bound)
      ? { body: bound, isGenerated: false }
      : bodyOf(contract, content, selection, bound, context);
  if (content === undefined || body === undefined) {
    return { message: { status, fields, content: undefined }, body: undefined, isGenerated: false };
  }
  const contentType: Field = ['content-type', concrete(content.mediaType)];
  const text = serialized(body, content.mediaType);
  return { message: { status, fields: [contentType, ...fields], content: text }, body, isGenerated };
}

function conforms({ schemas }: Contract, content: Content | undefined, value: Json): boolean {
  return content?.schema === undefined || schemas.violations(content.schema, value, 'response').length === 0;
}

/** The content as a value: the example or, where there is none or something new is asked for, one that is generated. */
function bodyOf(
  contract: Contract,
  content: Content | undefined,
  selection: Selection,
  bound: Json | undefined,
  context: GenerateContext,
): { readonly body: Json | undefined; readonly isGenerated: boolean } {
  if (content === undefined) return { body: undefined, isGenerated: false };
  const example = exampleFor(content, selection.example);
  const isAsDocumented = !context.dynamic && example?.value !== undefined;
  const value = isAsDocumented
    ? example.value
    : telling(contract, content, selection, generated(contract, content, example, context));
  const body = bound === undefined ? value : overlay(value, bound);
  return { body, isGenerated: !isAsDocumented && content.schema !== undefined };
}

/** The media type to answer with: one that has the example, by proactive negotiation, else the first. */
function contentFor(
  response: DocumentedResponse,
  example: string | undefined,
  accept: string | undefined,
): Content | undefined {
  const having = response.content.filter(({ examples }) => examples.some(({ name }) => name === example));
  const candidates = example !== undefined && having.length > 0 ? having : response.content;
  const chosen = negotiate(
    accept,
    candidates.map(({ mediaType }) => mediaType),
  );
  return candidates.find(({ mediaType }) => mediaType === chosen) ?? candidates[0];
}

function exampleFor({ examples }: Content, name: string | undefined): Example | undefined {
  return name === undefined ? examples[0] : examples.find((example) => example.name === name);
}

/** A value of the schema; where the schema is a choice, of the alternative that the example shows. */
function generated(
  contract: Contract,
  content: Content,
  example: Example | undefined,
  context: GenerateContext,
): Json | undefined {
  if (content.schema === undefined) return example?.value;
  return contract.generate(shownAlternative(contract, content.schema, example?.value), context);
}

/** A refusal that is made up says which status it is, and why, in the members that are called so. */
function telling(
  contract: Contract,
  content: Content,
  { status, detail }: Selection,
  made: Json | undefined,
): Json | undefined {
  if (detail === undefined || !isObject(made)) return made;
  const told = Object.entries(made).map(([name, member]): [string, Json] => {
    if (typeof member === 'number' && /^(?:status_?)?code$|^status$/i.test(name)) return [name, status];
    if (typeof member === 'string' && /^(?:message|detail|description|reason)$/i.test(name))
      return [name, detail];
    return [name, member];
  });
  const body = Object.fromEntries(told);
  return conforms(contract, content, body) ? body : made;
}

function shownAlternative(contract: Contract, schema: Place, example: Json | undefined): Place {
  if (example === undefined) return schema;
  const { schemas } = contract;
  const shown = schemas
    .alternatives(schema)
    .find((at) => schemas.violations(at, example, 'response').length === 0);
  return shown ?? schema;
}

/** What describes the message as it is sent (RFC 9110, section 8; RFC 9112, section 6) is the server's to say. */
const ownFields =
  /^(content-type|content-length|content-encoding|transfer-encoding|trailer|connection|keep-alive|upgrade)$/i;
const anything: ParameterForm['shape'] = { types: new Set() };

function headerField(contract: Contract, header: ResponseHeader, context: GenerateContext): Field[] {
  const { name, required, schema } = header;
  const [example] = header.examples;
  if (ownFields.test(name) || (example?.value === undefined && !required)) return [];
  const value = example?.value ?? (schema && contract.generate(schema, context)) ?? '';
  const form = { name, in: 'header', style: 'simple', explode: false, allowReserved: false } as const;
  const written = writeParameter({ ...form, shape: anything }, value);
  return written?.in === 'header' ? [[name, written.value]] : [];
}

function serialized(body: Json, mediaType: string): Uint8Array {
  const parsed = parseMediaType(mediaType);
  const isText = typeof body === 'string' && (parsed === undefined || !isJson(parsed));
  return encoder.encode(isText ? body : JSON.stringify(body));
}

/** A media type that can be sent: of a range, its plainest member. */
function concrete(mediaType: string): string {
  if (!mediaType.includes('*')) return mediaType;
  return mediaType.startsWith('text/') ? 'text/plain' : 'application/json';
}
