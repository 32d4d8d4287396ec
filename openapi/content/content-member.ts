/** A member of a form, or a part, as text: by the media type that it is of, and otherwise by what its schema allows. */

import type { Content, Encoding } from '../contract.js';
import { coerced } from '../http/parameter.js';
import type { Json } from '../json.js';
import { anyShape, type ParameterShape } from '../schema/shape.js';
import { type ParsedContent, parsedAs, parseJson } from './content-text.js';
import { parseXmlContent, xmlContent } from './content-xml.js';
import { concreteMediaType, type Format, formatOf, parseMediaType } from './media-type.js';

/** What is known of content beforehand: what its schema allows, and how what is in it is encoded. */
export type Described = Pick<Content, 'shape'> &
  Partial<Pick<Content, 'itemShape' | 'encodings' | 'prefixEncodings' | 'itemEncoding'>>;

export const undescribed: Described = { shape: anyShape };

/** The shape of a member of an object. */
export function memberShape({ properties, additional }: ParameterShape, name: string): ParameterShape {
  return properties?.get(name) ?? additional ?? anyShape;
}

/** Whether lists are allowed and texts, or this one, are not: then one text is a list of one. */
export function isList({ types, items, texts }: ParameterShape, text?: string): boolean {
  if (types.size === 0) return items !== undefined;
  const isText = types.has('string') && (text === undefined || texts?.has(text) !== false);
  return types.has('array') && !isText;
}

/** Whether only texts are allowed. */
export function isTextOnly({ types }: ParameterShape): boolean {
  return types.size === 1 && types.has('string');
}

function isComposed({ types, properties, items }: ParameterShape): boolean {
  if (types.size === 0) return properties !== undefined || items !== undefined;
  return (types.has('object') || types.has('array')) && !types.has('string');
}

/** The value of a text. Where no media type is told, an object or list is JSON, if it is; of anything else it is the text. */
export function memberValue(
  text: string,
  mediaType: string | undefined,
  shape: ParameterShape,
): ParsedContent {
  const format = formatOfText(mediaType);
  // Where a text is described, a form's reader takes whatever came as the text, which servers do as well.
  if (format === 'json' && !isTextOnly(shape)) return parseJson(text);
  if (format === 'xml' && !isTextOnly(shape)) return parseXmlContent(text, shape);
  // Forms have no other way to say null, where an empty text is a text.
  if (text === 'null' && shape.types.has('null') && !shape.types.has('string')) return parsedAs(null);
  if (!isComposed(shape)) return parsedAs(coerced(text, shape));
  const parsed = parseJson(text);
  return parsed.kind === 'value' && typeof parsed.value === 'object'
    ? parsed
    : parsedAs(coerced(text, shape));
}

/** The text of a value: what is composed is JSON where no media type is told (OpenAPI 3.2, 4.15.1.1). */
export function memberText(value: Json, mediaType: string | undefined, shape: ParameterShape): string {
  const format = formatOfText(mediaType);
  if (format === 'xml' && typeof value !== 'string') return xmlContent(value, shape);
  if (format === 'json') return JSON.stringify(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function formatOfText(mediaType: string | undefined): Format | undefined {
  const parsed = mediaType === undefined ? undefined : parseMediaType(mediaType);
  return parsed && formatOf(parsed);
}

/** The media type that a member is written as: the first that its encoding allows. */
export function writtenType(encoding: Encoding | undefined): string | undefined {
  const [first] = encoding?.style === undefined ? (encoding?.contentTypes ?? []) : [];
  return first && concreteMediaType(first);
}
