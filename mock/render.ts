/** The sixth step: a selected response as a message, by its documented example or generated from its schema. */

import { contentViolations, dataOf, type SentAs, sentAs, writeContent } from '../openapi/content/content.js';
import { isListShape, isSequence } from '../openapi/content/content-sequence.js';
import { directed } from '../openapi/content/directed.js';
import { sampleBytes, sampleFileName } from '../openapi/content/sample-bytes.js';
import type { Content, Contract, DocumentedResponse, Example, ResponseHeader } from '../openapi/contract.js';
import type { Place } from '../openapi/document/documents.js';
import type { GenerateContext } from '../openapi/generate/generate.js';
import { writeDescribed } from '../openapi/http/described-parameter.js';
import { allowsContent, type Field, withFields } from '../openapi/http/message.js';
import { isObject, type Json } from '../openapi/json.js';
import { rememberedBy } from '../openapi/remembered.js';
import { overlay } from '../openapi/rules/value.js';
import { conformingValue, mendedExample } from './mended-example.js';
import { negotiateMediaType } from './negotiate.js';
import type { Selection } from './select.js';
import { keepWritten, type Rendered, writtenBefore } from './written.js';

/** What a rule binds in content, and whether that is a record of the state, which stays as it is until another takes its place. */
export type Bound = { readonly value: Json | undefined; readonly isRecord: boolean };

/**
 * The message of a selected response. `bound` is laid over the example; `accept` picks among the media types; the message
 * has the `added` fields too, but for those that it documents itself.
 */
export function render(
  contract: Contract,
  selection: Selection,
  bound: Bound | undefined,
  accept: string | undefined,
  context: GenerateContext,
  added: readonly Field[],
): Rendered {
  const { response, example, status } = selection;
  const content = allowsContent(status) ? contentFor(response, example, accept) : undefined;
  const source = isRepeated(selection, content, context) ? sourceOf(response, bound) : undefined;
  const before = source && writtenBefore(source, selection, content, added);
  if (before !== undefined) return before;
  const made = rendering(contract, selection, content, bound?.value, context);
  const rendered = { ...made, message: withFields(made.message, added) };
  if (source !== undefined && !made.isGenerated) keepWritten(source, { selection, content, added, rendered });
  return rendered;
}

/** Whether nothing in the message is made up. */
function isRepeated(
  { response, example, choice }: Selection,
  content: Content | undefined,
  { dynamic }: GenerateContext,
): boolean {
  if (dynamic || response.headers.some(({ examples }) => examples.length === 0)) return false;
  if (content === undefined || choice?.transition.whole === true) return true;
  return exampleFor(content, example)?.value !== undefined;
}

/** What a message shows, where that is something that stays. */
function sourceOf(response: DocumentedResponse, bound: Bound | undefined): object | undefined {
  if (bound?.value === undefined) return response;
  return bound.isRecord && typeof bound.value === 'object' && bound.value !== null ? bound.value : undefined;
}

function rendering(
  contract: Contract,
  selection: Selection,
  content: Content | undefined,
  bound: Json | undefined,
  context: GenerateContext,
): Rendered {
  const { response, status } = selection;
  const fields = response.headers.flatMap((header) => headerFields(contract, header, content, context));
  const isWhole = selection.choice?.transition.whole === true;
  const { body, isGenerated } =
    isWhole && bound !== undefined && conforms(contract, content, bound)
      ? { body: bound, isGenerated: false }
      : bodyOf(contract, content, selection, bound, context);
  if (content === undefined || body === undefined) {
    return { message: { status, fields, content: undefined }, body: undefined, isGenerated: false };
  }
  const sent = directed(body, content, 'response');
  const written = writeContent(sent, sentAs(content), content);
  const contentType: Field = ['content-type', written.mediaType];
  return {
    message: { status, fields: [contentType, ...fields], content: written.content },
    body: sent,
    isGenerated,
  };
}

function conforms(contract: Contract, content: Content | undefined, value: Json): boolean {
  return content === undefined || contentViolations(contract, content, value, 'response').length === 0;
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
    ? selection.example === undefined
      ? mendedExample(contract, content, example, context)
      : example.value
    : telling(contract, content, selection, generated(contract, content, example, context));
  const body = bound === undefined ? value : withBound(contract, content, selection, value, bound);
  return { body, isGenerated: !isAsDocumented && schemaOf(content) !== undefined };
}

/** Content with what a rule binds in it. What is only inferred gives way where the schema refuses it: then what was made stays. */
function withBound(
  contract: Contract,
  content: Content,
  { choice }: Selection,
  value: Json | undefined,
  bound: Json,
): Json | undefined {
  const made = value && dataOf(content, value);
  const body = overlay(made, bound);
  if (choice?.transition.resource === undefined) return body;
  return conformingValue(contract, content, body, () => made);
}

/** The media type to answer with: one that has the example, by proactive negotiation, else the first. */
function contentFor(
  response: DocumentedResponse,
  example: string | undefined,
  accept: string | undefined,
): Content | undefined {
  if (response.content.length < 2) return response.content[0];
  const having = response.content.filter(({ examples }) => examples.some(({ name }) => name === example));
  const candidates = example !== undefined && having.length > 0 ? having : inOrder(response);
  const chosen = negotiateMediaType(
    accept,
    candidates.map(({ mediaType }) => mediaType),
  );
  return candidates.find(({ mediaType }) => mediaType === chosen) ?? candidates[0];
}

function exampleFor({ examples }: Content, name: string | undefined): Example | undefined {
  return name === undefined ? examples[0] : examples.find((example) => example.name === name);
}

/** The contents in the order in which they are offered: what is no text is offered as plain text after everything else. */
const inOrder = rememberedBy(({ content }: DocumentedResponse): readonly Content[] => {
  const isMisnamed = ({ mediaType, shape, examples }: Content): boolean =>
    /^text\/plain/i.test(mediaType) && shape.properties !== undefined && examples.length === 0;
  return content.toSorted((a, b) => Number(isMisnamed(a)) - Number(isMisnamed(b)));
});

function schemaOf({ schema, itemSchema }: Content): Place | undefined {
  return schema ?? itemSchema;
}

/** How many items of a sequence are made that has no end of its own. */
const someItems = 3;

/** A value of the schema; where the schema is a choice, of the alternative that the example shows. */
function generated(
  contract: Contract,
  content: Content,
  example: Example | undefined,
  context: GenerateContext,
): Json | undefined {
  const { format, mediaType } = sentAs(content);
  const schema = schemaOf(content);
  if (schema === undefined) return example?.value ?? anything(sentAs(content));
  if (format === 'binary') {
    const bytes = sampleBytes(mediaType);
    if (bytes !== undefined) return Buffer.from(bytes).toString('latin1');
  }
  const ofItems = isSequence(format) ? itemsOf(content) : undefined;
  if (ofItems !== undefined)
    return Array.from({ length: someItems }, () => contract.generate(ofItems, context));
  return contract.generate(shownAlternative(contract, schema, example?.value), context);
}

/** The schema of each item, where it describes these alone. */
function itemsOf({ schema, itemSchema, shape }: Content): Place | undefined {
  return itemSchema ?? (isListShape(shape) ? undefined : schema);
}

/** The plainest value of content of which nothing more is said than its media type. */
function anything({ format, mediaType }: SentAs): Json {
  if (format === 'text') return 'text';
  if (format === 'binary') return Buffer.from(sampleBytes(mediaType) ?? [0]).toString('latin1');
  return isSequence(format) ? [] : {};
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

/** The fields of a header: one, but for cookies, each of which is set by a field of its own (RFC 9110, section 5.3). */
function headerFields(
  contract: Contract,
  header: ResponseHeader,
  content: Content | undefined,
  context: GenerateContext,
): Field[] {
  const { name, required } = header;
  if (ownFields.test(name)) return [];
  const value = header.examples[0]?.value ?? fileName(contract, header, content);
  if (value === undefined && !required) return [];
  const shown = value ?? (header.schema && contract.generate(header.schema, context)) ?? '';
  const lines = /^set-cookie$/i.test(name) ? cookieLines(shown) : [shown];
  return lines.flatMap((line): Field[] => {
    const written = writeDescribed(header, line);
    return written?.in === 'header' ? [[name, written.value]] : [];
  });
}

/** Cookies are given as a list, as lines of one text, or by their names (OpenAPI 3.2, section 4.21.4). */
function cookieLines(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) return Object.entries(value).map(([name, text]) => `${name}=${String(text)}`);
  return typeof value === 'string' ? value.split(/\r?\n/).filter(Boolean) : [value];
}

/** What a file is called, where the contract describes that it is told (RFC 6266, section 4). */
function fileName(
  { schemas }: Contract,
  { name, schema }: ResponseHeader,
  content: Content | undefined,
): string | undefined {
  if (!/^content-disposition$/i.test(name) || content === undefined) return undefined;
  const { format, mediaType } = sentAs(content);
  if (format !== 'binary' && content.shape.file === undefined) return undefined;
  const value = `attachment; filename="${sampleFileName(mediaType)}"`;
  return schema === undefined || schemas.violations(schema, value, 'response').length === 0
    ? value
    : undefined;
}
