/** Content of parts as a value, and a value as parts: members of a form by their names, anything else in its order. */

import type { Encoding } from '../contract.js';
import { type Field, fieldValue } from '../http/message.js';
import { readParameter, writeParameter } from '../http/parameter.js';
import { percentEncoded } from '../http/percent.js';
import { isObject, type Json, pointerTo } from '../json.js';
import { anyShape, type ParameterShape } from '../schema/shape.js';
import { memberNameOf, textsValue } from './content-form.js';
import {
  type Described,
  isList,
  isTextOnly,
  memberShape,
  memberText,
  memberValue,
  writtenType,
} from './content-member.js';
import { type ParsedContent, parsedAs } from './content-text.js';
import { essence, type MediaType, matchesRange, parseMediaType } from './media-type.js';
import { type FormPart, parseMultipart, writeMultipart } from './multipart.js';

/** The value of content of parts: an object of its named parts, else a list (OpenAPI 3.2, 4.14.3.1). */
export function partsValue(content: Uint8Array, mediaType: MediaType, described: Described): ParsedContent {
  const parts = parseMultipart(content, mediaType);
  if (typeof parts === 'string') return { kind: 'malformed', keyword: 'multipart', message: parts };
  const isForm =
    mediaType.subtype === 'form-data' || (parts.length > 0 && parts.every(({ name }) => name !== ''));
  return isForm && !isList(described.shape) ? namedValue(parts, described) : listValue(parts, described);
}

function namedValue(parts: readonly FormPart[], { shape, encodings }: Described): ParsedContent {
  const groups = new Map<string, FormPart[]>();
  for (const part of parts) {
    const name = memberNameOf(part.name, shape);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [part]);
    else group.push(part);
  }
  const members: [string, Json][] = [];
  for (const [name, group] of groups) {
    const parsed = groupValue(name, group, memberShape(shape, name), encodings?.get(name));
    if (parsed.kind === 'malformed') return { ...parsed, pointer: pointerTo('', name) };
    if (parsed.kind === 'value') members.push([name, parsed.value]);
  }
  return parsedAs(Object.fromEntries(members));
}

function groupValue(
  name: string,
  parts: readonly FormPart[],
  shape: ParameterShape,
  encoding: Encoding | undefined,
): ParsedContent {
  if (parts.some((part) => part.name !== name)) {
    const query = parts.map((part) => `${percentEncoded(part.name)}=${percentEncoded(part.text)}`).join('&');
    const form = {
      name,
      in: 'query',
      style: 'deepObject',
      explode: true,
      allowReserved: false,
      shape,
    } as const;
    return parsedAs(readParameter(form, { path: {}, query, fields: [] }) ?? '');
  }
  const [only, ...others] = parts;
  const isPlain =
    only !== undefined && others.length === 0 && only.fileName === undefined && only.mediaType === undefined;
  if (isPlain && encoding === undefined) return textsValue([only.text], undefined, shape);
  const isOfList = isList(shape) || others.length > 0;
  const values: Json[] = [];
  for (const part of parts) {
    const parsed = partValue(part, isOfList ? (shape.items ?? anyShape) : shape, encoding);
    if (parsed.kind === 'malformed') return parsed;
    if (parsed.kind === 'value') values.push(parsed.value);
  }
  return parsedAs(isOfList ? values : (values[0] ?? null));
}

function listValue(parts: readonly FormPart[], described: Described): ParsedContent {
  const values: Json[] = [];
  for (const [index, part] of parts.entries()) {
    const parsed = partValue(part, itemShapeOf(described, index), encodingAt(described, index));
    if (parsed.kind === 'malformed') return { ...parsed, pointer: pointerTo('', index) };
    if (parsed.kind === 'value') values.push(parsed.value);
  }
  return parsedAs(values);
}

function itemShapeOf({ shape, itemShape }: Described, index: number): ParameterShape {
  return itemShape ?? shape.prefixItems?.[index] ?? shape.items ?? anyShape;
}

function encodingAt({ prefixEncodings, itemEncoding }: Described, index: number): Encoding | undefined {
  return prefixEncodings?.[index] ?? itemEncoding;
}

/** The value of one part: a file as its octets, JSON and XML as what they say, any other text by what the schema allows. */
function partValue(part: FormPart, shape: ParameterShape, encoding: Encoding | undefined): ParsedContent {
  const flaw = flawOf(part, encoding);
  if (flaw !== undefined) return flaw;
  const type = part.mediaType ?? (part.fileName === undefined ? encoding?.contentTypes[0] : undefined);
  const isStructured =
    type !== undefined && /json|xml/i.test(type) && shape.file === undefined && !isTextOnly(shape);
  if (part.fileName !== undefined && !isStructured) return parsedAs(part.text);
  if (shape.file !== undefined) return parsedAs(part.text);
  return memberValue(part.fileName === undefined ? part.text : utf8Of(part.text), type, shape);
}

/** The text of a file, whose octets stand one unit each. */
function utf8Of(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8');
}

function flawOf({ mediaType, fields }: FormPart, encoding: Encoding | undefined): ParsedContent | undefined {
  if (encoding === undefined) return undefined;
  const types = encoding.style === undefined ? encoding.contentTypes : [];
  if (mediaType !== undefined && types.length > 0 && !isOfType(mediaType, types))
    return {
      kind: 'malformed',
      keyword: 'contentType',
      message: `must be ${types.join(' or ')}, and is ${mediaType}`,
    };
  const missing = encoding.headers.find(
    ({ name, required }) =>
      required && !/^content-disposition$/i.test(name) && fieldValue(fields ?? [], name) === undefined,
  );
  return (
    missing && {
      kind: 'malformed',
      keyword: 'required',
      message: `has no header ${missing.name} in its part`,
    }
  );
}

/** Octets may be anything, for whoever sends them or describes them so does not know what they are. */
function isOfType(sent: string, described: readonly string[]): boolean {
  const mediaType = parseMediaType(sent);
  if (mediaType === undefined) return false;
  if (essence(mediaType) === 'application/octet-stream') return true;
  return described.some((each) => {
    const range = parseMediaType(each);
    if (range === undefined || essence(range) === 'application/octet-stream') return true;
    return matchesRange({ ...range, parameters: [] }, mediaType);
  });
}

/** A value as content of parts, and the media type with their boundary. */
export function partsContent(
  value: Json,
  mediaType: MediaType,
  described: Described,
): { readonly content: Uint8Array; readonly mediaType: string } | undefined {
  const parts = isObject(value) ? namedParts(value, described) : listParts(value, mediaType, described);
  if (parts === undefined) return undefined;
  const { content, boundary } = writeMultipart(parts, isObject(value));
  return { content, mediaType: `${essence(mediaType)}; boundary=${boundary}` };
}

function namedParts(value: { readonly [name: string]: Json }, { shape, encodings }: Described): FormPart[] {
  return Object.entries(value).flatMap(([name, member]): FormPart[] => {
    const encoding = encodings?.get(name);
    const own = memberShape(shape, name);
    if (encoding?.style !== undefined) {
      const written = writeParameter({ ...encoding.style, name, in: 'query', shape: own }, member);
      const pairs =
        written === undefined || written.in === 'header' ? [] : [...new URLSearchParams(written.text)];
      return pairs.map(([key, text]) => ({ name: key, fileName: undefined, mediaType: undefined, text }));
    }
    const items: readonly Json[] = Array.isArray(member) ? member : [member];
    const inner = Array.isArray(member) ? (own.items ?? anyShape) : own;
    return items.map((item) => partOf(name, item, inner, encoding));
  });
}

/** A form has names; only where one is described as a list is it written as one. */
function listParts(value: Json, { subtype }: MediaType, described: Described): FormPart[] | undefined {
  if (!Array.isArray(value) || (subtype === 'form-data' && !isList(described.shape))) return undefined;
  return value.map((item: Json, index) =>
    partOf('', item, itemShapeOf(described, index), encodingAt(described, index)),
  );
}

/** Text as it is, a file with a name (there is none in a value, so that it is called as its member is), JSON as such. */
function partOf(name: string, value: Json, shape: ParameterShape, encoding: Encoding | undefined): FormPart {
  const isFile = typeof value === 'string' && isFileShape(shape);
  const isComposed = typeof value === 'object' && value !== null;
  const type =
    writtenType(encoding) ??
    (isFile ? (shape.file ?? 'application/octet-stream') : isComposed ? 'application/json' : undefined);
  const fields = fieldsOf(encoding);
  return {
    name,
    fileName: isFile && name !== '' ? name : undefined,
    mediaType: type,
    text: isFile ? value : memberText(value, type, shape),
    ...(fields.length === 0 ? {} : { fields }),
  };
}

/** A schema that says nothing of a type is one of octets (OpenAPI 3.2, 4.15.1.1). */
function isFileShape(shape: ParameterShape): boolean {
  const { file, types, properties, items } = shape;
  if (file !== undefined) return true;
  return shape !== anyShape && types.size === 0 && properties === undefined && items === undefined;
}

function fieldsOf(encoding: Encoding | undefined): readonly Field[] {
  return (encoding?.headers ?? []).flatMap(({ form, examples: [example] }): Field[] => {
    if (example?.value === undefined || /^content-disposition$/i.test(form.name)) return [];
    const written = writeParameter(form, example.value);
    return written?.in === 'header' ? [[written.name, written.value]] : [];
  });
}
