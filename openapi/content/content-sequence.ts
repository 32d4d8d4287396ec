/** Content that is a sequence (OpenAPI 3.2, 4.14.3.1): lines or records of JSON, and server-sent events, as lists. */

import { coerced } from '../http/parameter.js';
import { isObject, type Json, pointerTo } from '../json.js';
import { anyShape, type ParameterShape } from '../schema/shape.js';
import { type Described, isTextOnly } from './content-member.js';
import { type ParsedContent, parsedAs, parseJson } from './content-text.js';
import type { Format } from './media-type.js';

export type SequenceFormat = Extract<Format, 'lines' | 'records' | 'events'>;

export function isSequence(format: Format): format is SequenceFormat {
  return format === 'lines' || format === 'records' || format === 'events';
}

const recordSeparator = '\u001e';

/** The items of a sequence. An event is what its schema describes: the event with its fields, or what its data holds. */
export function sequenceValue(text: string, format: SequenceFormat, described: Described): ParsedContent {
  const shape = itemShapeOf(described);
  if (format === 'events') return eventsValue(text, shape);
  const texts = format === 'lines' ? text.split(/\r?\n/) : text.split(recordSeparator);
  const items: Json[] = [];
  for (const each of texts) {
    if (each.trim() === '') continue;
    const parsed = parseJson(each);
    if (parsed.kind === 'malformed') return { ...parsed, pointer: pointerTo('', items.length) };
    if (parsed.kind === 'value') items.push(parsed.value);
  }
  return parsedAs(items);
}

/** What each item is; before OpenAPI 3.2 a schema of a list describes all of them, any other each of them. */
function itemShapeOf({ shape, itemShape }: Described): ParameterShape {
  if (itemShape !== undefined) return itemShape;
  return isListShape(shape) ? (shape.items ?? anyShape) : shape;
}

/** Whether a schema describes the sequence as a whole, and not each of its items. */
export function isListShape({ types, items }: ParameterShape): boolean {
  return types.size > 0 ? types.has('array') : items !== undefined;
}

const eventFields = ['data', 'event', 'id', 'retry'];

/** Whether a schema describes events by their fields. Any other describes what the data of each holds. */
function isOfEvents({ properties }: ParameterShape): boolean {
  if (properties === undefined || properties.has('data')) return properties !== undefined;
  return properties.has('event') && [...properties.keys()].every((name) => eventFields.includes(name));
}

type Event = { data: string[]; event?: string; id?: string; retry?: number };

/** Events as HTML, section 9.2.6, has them parsed: one without data is none, and unknown fields and comments are nothing. */
function eventsValue(text: string, shape: ParameterShape): ParsedContent {
  const items: Json[] = [];
  for (const event of eventsIn(text)) {
    const parsed = eventValue(event, shape);
    if (parsed.kind === 'malformed') return { ...parsed, pointer: pointerTo('', items.length) };
    if (parsed.kind === 'value') items.push(parsed.value);
  }
  return parsedAs(items);
}

function eventsIn(text: string): Event[] {
  const events: Event[] = [];
  let current: Event = { data: [] };
  // What is behind the last line end is no line yet.
  for (const line of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .slice(0, -1)) {
    if (line === '') {
      if (current.data.length > 0) events.push(current);
      current = { data: [] };
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') current.data.push(value);
    else if (name === 'event') current.event = value;
    else if (name === 'id' && !value.includes('\0')) current.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) current.retry = Number(value);
  }
  return events;
}

/** Many streams say by a last event that is no JSON that they are over. */
const sentinel = /^\[[A-Z]+\]$/;

function eventValue({ data, ...fields }: Event, shape: ParameterShape): ParsedContent {
  const text = data.join('\n');
  if (!isOfEvents(shape)) return dataValue(text, shape);
  const own = shape.properties?.get('data') ?? anyShape;
  const parsed = isTextOnly(own) || own.types.size === 0 ? parsedAs(text) : dataValue(text, own);
  return parsed.kind === 'value' ? parsedAs({ ...fields, data: parsed.value }) : parsed;
}

function dataValue(text: string, shape: ParameterShape): ParsedContent {
  if (shape.types.has('string') || (shape.types.size === 0 && shape.properties === undefined))
    return parsedAs(coerced(text, shape));
  if (sentinel.test(text)) return { kind: 'opaque' };
  return parseJson(text);
}

/** Items as content. What is no list is a sequence of one; a text is taken as it is: an example of the whole. */
export function sequenceText(value: Json, format: SequenceFormat, described: Described): string {
  if (typeof value === 'string') return value;
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  if (format === 'lines') return items.map((item) => `${JSON.stringify(item)}\n`).join('');
  if (format === 'records')
    return items.map((item) => `${recordSeparator}${JSON.stringify(item)}\n`).join('');
  const ofEvents = isOfEvents(itemShapeOf(described));
  return items.map((item) => eventText(item, ofEvents)).join('');
}

function eventText(item: Json, isOfFields: boolean): string {
  const fields = isOfFields && isObject(item) ? item : { data: item };
  const lines = ['event', 'id', 'retry', 'data'].flatMap((name) => {
    const value = fields[name];
    if (value === undefined || value === null) return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return name === 'data'
      ? text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`)
      : [`${name}: ${text.replace(/[\r\n\0]/g, ' ')}`];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** As much of a sequence as came whole, where it was left before its end. */
export function wholeItems(content: Uint8Array, format: SequenceFormat): Uint8Array {
  const text = Buffer.from(content).toString('latin1');
  const last =
    format === 'records'
      ? text.lastIndexOf(recordSeparator)
      : lastEnd(text, format === 'events' ? /\r\n\r\n|\n\n|\r\r/g : /\n/g);
  return content.subarray(0, Math.max(last, 0));
}

function lastEnd(text: string, end: RegExp): number {
  const last = [...text.matchAll(end)].at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}
