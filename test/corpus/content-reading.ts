/** Content as the value that its schema is about, read without our own readers. */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { asObject, isObject, type Json } from '../../openapi/json.js';
import { type Files, type Spot, spotOf, valueAt } from './reading.js';
import { xmlValue } from './xml-reading.js';

export type ReadContent =
  | { readonly kind: 'value'; readonly value: Json }
  /** A stream of values. */
  | { readonly kind: 'items'; readonly items: readonly Json[] }
  /** Any bytes will do. */
  | { readonly kind: 'any' }
  | { readonly kind: 'unchecked'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads content of a media type, by a schema where text alone does not say what it is. */
export function readContent(
  files: Files,
  essence: string,
  type: string,
  schema: Spot | undefined,
  bytes: Uint8Array,
): ReadContent {
  const text = (): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  try {
    if (/^application\/(jsonl|x-ndjson|ndjson|json-lines|x-jsonlines)$/.test(essence))
      return linesOf(text(), '\n');
    if (/\+?json-seq$/.test(essence)) return linesOf(text(), '\x1e');
    if (essence === 'text/event-stream') return { kind: 'items', items: eventsOf(text()) };
    if (/[/+]json$/.test(essence)) return { kind: 'value', value: JSON.parse(text()) };
    if (/[/+]xml$/.test(essence)) return xmlOf(files, schema, text());
    if (essence === 'multipart/form-data' || essence === 'multipart/mixed') return partsOf(type, text());
    if (essence === 'application/x-www-form-urlencoded') return formOf(files, schema, text());
    if (essence.startsWith('text/')) return textOf(files, schema, text());
    return { kind: 'any' };
  } catch (error) {
    return { kind: 'unreadable', why: `${error instanceof Error ? error.message : error}` };
  }
}

function linesOf(text: string, separator: string): ReadContent {
  const lines = text.split(separator).filter((line) => line.trim() !== '');
  return { kind: 'items', items: lines.map((line): Json => JSON.parse(line)) };
}

/** The events of a stream (HTML, 9.2.6), each as an object of its fields. */
function eventsOf(text: string): Json[] {
  return text
    .split(/\r\n\r\n|\n\n|\r\r/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = new Map<string, Json>();
      for (const line of block.split(/\r\n|\n|\r/)) {
        const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
        if (name === '') continue;
        const known = fields.get(name);
        fields.set(
          name,
          name === 'data' && known !== undefined
            ? `${known}\n${value}`
            : name === 'retry'
              ? Number(value)
              : value,
        );
      }
      return Object.fromEntries(fields);
    });
}

function xmlOf(files: Files, schema: Spot | undefined, text: string): ReadContent {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { kind: 'unreadable', why: valid.err.msg };
  if (schema === undefined) return { kind: 'any' };
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  return xmlValue(files, schema, parser.parse(text));
}

/** The parts of a form (RFC 7578), by name; of JSON, their values. */
function partsOf(type: string, text: string): ReadContent {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return { kind: 'unreadable', why: 'there is no boundary' };
  const parts = text.split(`--${boundary}`).slice(1, -1);
  if (parts.length === 0) return { kind: 'unreadable', why: 'there are no parts' };
  for (const part of parts) {
    const [head = ''] = part.split('\r\n\r\n');
    if (type.startsWith('multipart/form-data') && !/content-disposition:\s*form-data;.*name=/i.test(head))
      return { kind: 'unreadable', why: 'a part has no name' };
  }
  return { kind: 'any' };
}

function formOf(files: Files, schema: Spot | undefined, text: string): ReadContent {
  const { properties } = asObject(schemaAt(files, schema));
  const members = [...new URLSearchParams(text)].map(([name, value]): [string, Json] => {
    const property = isObject(properties) ? properties[name] : undefined;
    return [name, ofType(asObject(property).type, value)];
  });
  return { kind: 'value', value: Object.fromEntries(members) };
}

/** Text is a string, unless its schema takes none. */
function textOf(files: Files, schema: Spot | undefined, text: string): ReadContent {
  const { type } = asObject(schemaAt(files, schema));
  if (schema === undefined || type === 'file') return { kind: 'any' };
  if (type === 'object' || type === 'array') return { kind: 'unchecked', why: `text of type ${type}` };
  return { kind: 'value', value: ofType(type, text) };
}

/** A text as what a schema of a type means by it. */
export function ofType(type: Json | undefined, text: string): Json {
  const types = [type ?? 'string'].flat();
  if (types.includes('string')) return text;
  if (types.includes('number') || types.includes('integer')) return text.trim() === '' ? text : Number(text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.includes('null') && text === '') return null;
  return text;
}

/** What a schema says, its references followed. */
export function schemaAt(files: Files, at: Spot | undefined, hops = 0): Json | undefined {
  const value = at && valueAt(files, at);
  if (at === undefined || !isObject(value) || typeof value.$ref !== 'string' || hops > 50) return value;
  return schemaAt(files, spotOf(at.file, value.$ref), hops + 1);
}
