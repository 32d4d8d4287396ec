/** Content of any media type as a value, and a value as content: one way for requests and responses, to send and to read. */

import type { Content, Contract, Example } from '../contract.js';
import { coerced } from '../http/parameter.js';
import { isObject, type Json, pointerTo } from '../json.js';
import { rememberedBy } from '../remembered.js';
import type { Direction } from '../schema/dialect.js';
import type { SchemaViolation } from '../schema/schema.js';
import type { ParameterShape } from '../schema/shape.js';
import { formText, formValue } from './content-form.js';
import { type Described, isTextOnly, undescribed } from './content-member.js';
import { partsContent, partsValue } from './content-parts.js';
import { isListShape, isSequence, sequenceText, sequenceValue } from './content-sequence.js';
import { decodedText, opaque, type ParsedContent, parsedAs, parseJson } from './content-text.js';
import { parseXmlContent, xmlContent } from './content-xml.js';
import {
  concreteMediaType,
  essence,
  type Format,
  formatOf,
  type MediaType,
  mostSpecific,
  parseMediaType,
} from './media-type.js';

export type { Described, ParsedContent };

/** Parses content by its media type; texts of it by what its schema allows. */
export function parseContent(
  content: Uint8Array,
  mediaType: MediaType,
  described: Described = undescribed,
): ParsedContent {
  const format = formatOf(mediaType);
  if (format === 'multipart') return partsValue(content, mediaType, described);
  if (format === 'binary' || (format !== 'form' && described.shape.file !== undefined)) return opaque;
  const charset = mediaType.parameters.find(([name]) => name === 'charset')?.[1] ?? 'utf-8';
  const text = decodedText(content, charset);
  if (text === undefined)
    return { kind: 'malformed', keyword: 'charset', message: `is not valid ${charset.toUpperCase()}` };
  return parseText(text, mediaType, format, described);
}

/** Parses text by its media type: content, or the text of a parameter. */
export function parseText(
  text: string,
  mediaType: MediaType,
  format: Format,
  described: Described,
): ParsedContent {
  if (format === 'json') return parseJson(text);
  if (format === 'form') return formValue(text, described);
  if (format === 'xml') return parseXmlContent(text, described.shape);
  if (isSequence(format)) return sequenceValue(text, format, described);
  return plainValue(text, mediaType, described.shape);
}

/** What is described as an object may be JSON under another name; a table or page that is no JSON is not read. */
function plainValue(text: string, mediaType: MediaType, shape: ParameterShape): ParsedContent {
  const { types } = shape;
  if (types.size === 0 || types.has('string')) return parsedAs(coerced(text, shape));
  if (!types.has('object') && !types.has('array')) return parsedAs(coerced(text.trim(), shape));
  const parsed = parseJson(text);
  if (parsed.kind === 'value') return parsed;
  return essence(mediaType) === 'text/plain' ? parsedAs(text) : opaque;
}

/** Content as it is sent, and its media type, which for parts says where they end. */
export type WrittenContent = { readonly content: Uint8Array; readonly mediaType: string };

const encoder = new TextEncoder();

/** A media type that can be sent, and how content of it is made up. */
export type SentAs = { readonly mediaType: string; readonly format: Format };

/** What content is sent as: of a range, its plainest member. */
export const sentAs: (content: Content) => SentAs = rememberedBy(({ mediaType }) =>
  asSent(concreteMediaType(mediaType)),
);

function asSent(mediaType: string): SentAs {
  const parsed = parseMediaType(mediaType);
  return { mediaType, format: parsed === undefined ? 'json' : formatOf(parsed) };
}

/** A value as content of a media type. A text that cannot be a value of the type is taken for the content itself. */
export function writeContent(
  value: Json,
  sent: string | SentAs,
  described: Described = undescribed,
): WrittenContent {
  const { mediaType, format } = typeof sent === 'string' ? asSent(sent) : sent;
  const parsed = format === 'multipart' ? parseMediaType(mediaType) : undefined;
  const parts = parsed && partsContent(value, parsed, described);
  if (parts !== undefined) return parts;
  if (format === 'binary' && typeof value === 'string') return { content: octetsOf(value), mediaType };
  return { content: Buffer.from(contentText(value, format, described)), mediaType };
}

/** A value as text of a format: content, or the text of a parameter. */
export function contentText(value: Json, format: Format, described: Described): string {
  if (format === 'json') return JSON.stringify(value);
  if (format === 'form' && isObject(value)) return formText(value, described);
  if (isSequence(format)) return sequenceText(value, format, described);
  if (format === 'xml' && isXmlValue(value, described.shape)) return xmlContent(value, described.shape);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text is XML as it stands, unless a schema says that it is the text of an element. */
function isXmlValue(value: Json, shape: ParameterShape): boolean {
  return typeof value !== 'string' || (isTextOnly(shape) && !value.trimStart().startsWith('<'));
}

/** A text as octets: one unit each where that can be, as files stand in values. */
function octetsOf(text: string): Uint8Array {
  return /^[\0-\xff]*$/.test(text) ? Buffer.from(text, 'latin1') : encoder.encode(text);
}

/**
 * The description of content of a media type: the most specific key (OpenAPI 3.1, section 4.8.14.1). A parameter that the
 * key names and the type lacks, or the other way round, makes no other media type: `application/json; charset=utf-8` is JSON.
 */
export function contentOfType(contents: readonly Content[], mediaType: MediaType): Content | undefined {
  const keys = contents.map((content) => content.mediaType);
  const key = mostSpecific(mediaType, keys) ?? keys.find((each) => sameEssence(each, mediaType));
  return contents.find((content) => content.mediaType === key);
}

function sameEssence(key: string, mediaType: MediaType): boolean {
  const described = parseMediaType(key);
  return described !== undefined && essence(described) === essence(mediaType);
}

/** How the value of content breaks its schema: as a whole, or item by item where that is what the schema describes. */
export function contentViolations(
  { schemas }: Pick<Contract, 'schemas'>,
  content: Content,
  value: Json,
  direction: Direction,
): readonly SchemaViolation[] {
  const { schema, itemSchema, shape } = content;
  const isItems = isSequence(sentAs(content).format) && !isListShape(shape);
  const ofItems = itemSchema ?? (isItems ? schema : undefined);
  const whole =
    schema === undefined || ofItems === schema ? [] : schemas.violations(schema, value, direction);
  if (ofItems === undefined || !Array.isArray(value)) return whole;
  const items = value.flatMap((item: Json, index) =>
    schemas
      .violations(ofItems, item, direction)
      .map((violation) => ({ ...violation, pointer: `${pointerTo('', index)}${violation.pointer}` })),
  );
  return [...whole, ...items];
}

/** The value that an example shows: what is given as the text of content of another type than JSON is read like such content. */
export function dataOf(content: Content, value: Json): Json {
  const { mediaType, format } = sentAs(content);
  const parsed = parseMediaType(mediaType);
  const isText = format === 'json' || format === 'text' || format === 'binary' || format === 'multipart';
  if (typeof value !== 'string' || isText || parsed === undefined) return value;
  const read = parseText(value, parsed, format, content);
  return read.kind === 'value' ? read.value : value;
}

/** The value of an example as the schema describes it. */
export function exampleValue(content: Content, { value }: Pick<Example, 'value'>): Json | undefined {
  return value === undefined ? undefined : dataOf(content, value);
}
