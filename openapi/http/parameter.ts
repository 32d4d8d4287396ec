/** Parameter values, read from their text in a path, query, header or cookie, in each style (OpenAPI 3.1, section 4.8.12). */

import type { Json } from '../json.js';
import type { ParameterShape } from '../schema/shape.js';
import { type Field, fieldValue, type RequestMessage } from './message.js';
import { percentDecoded } from './percent.js';

export { writeParameter } from './written-parameter.js';

type QueryStyle = 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject';
/**
 * The style values of OpenAPI 3.2, section 4.12.3; a header is in the simple style. `querystring` is no style of its own
 * there, but a place: the whole query is the text of the parameter.
 */
export type ParameterStyle = 'simple' | 'label' | 'matrix' | 'cookie' | 'querystring' | QueryStyle;

/** How a parameter is written (OpenAPI 3.1, section 4.8.12.2.2); `allowReserved` has a meaning in a query only. */
export type ParameterForm = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  readonly shape: ParameterShape;
};

/** The parts of a request that hold parameters, those of the path as the path template matched them. */
export type ParameterSource = Pick<RequestMessage, 'query' | 'fields'> & {
  readonly path: Readonly<Record<string, string>>;
};

/** A parameter ready to be put into a request: joined by `&` in a query and by `; ` in a Cookie field. */
export type WrittenParameter =
  | { readonly in: 'path' | 'query' | 'cookie'; readonly text: string }
  | { readonly in: 'header'; readonly name: string; readonly value: string };

type Pair = readonly [name: string, text: string];
/** A decoded text and the keys that lead to it within an object. */
type Entry = { readonly keys: readonly string[]; readonly text: string };
type Keys = ReadonlySet<string>;
type Spelling = (text: string) => string;

const anything: ParameterShape = { types: new Set() };
const noKeys: Keys = new Set();
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const brackets = /^(?:\[[^[\]]*\]){1,16}$/;
const quotedCookieValue = /=[ \t]*"([^";]*)"(?=[ \t]*(?:;|$))/g;
const delimiters: Partial<Record<ParameterStyle, RegExp>> = {
  spaceDelimited: /%20|[ +]/,
  pipeDelimited: /%7C|\|/i,
};
const decoders: Record<ParameterForm['in'], Spelling> = {
  path: percentDecoded,
  query: (text) => percentDecoded(text.replaceAll('+', ' ')),
  header: (text) => text.trim(),
  cookie: (text) => percentDecoded(text.trim()),
};

/** In the style `cookie` nothing is escaped (OpenAPI 3.2, section 4.12.2.2). */
function decoderOf({ in: place, style }: ParameterForm): Spelling {
  return style === 'cookie' ? (text) => text.trim() : decoders[place];
}

/**
 * The value of a parameter in a request; undefined when it was not sent (in its style). Lists are split as they were
 * sent and then decoded: an encoded comma is data, while space and pipe are delimiters in either spelling. Header
 * values are not percent-encoded (OpenAPI 3.1.2, section 4.8.12.2.2). What was sent more than once is an array.
 *
 * A text becomes what the shape allows. It stays a string where a string is allowed, and wherever it is nothing that
 * is allowed: validation then reports the type. So does an integer beyond 2^53, unless the shape allows any number.
 *
 * @param taken the query keys of other parameters: an exploded object with additional properties leaves them alone
 */
export function readParameter(
  form: ParameterForm,
  request: ParameterSource,
  taken: ReadonlySet<string> = noKeys,
): Json | undefined {
  const { name, style } = form;
  switch (form.in) {
    case 'path':
      return Object.hasOwn(request.path, name) ? readPath(form, request.path[name] ?? '') : undefined;
    case 'query': {
      if (request.query === '') return undefined;
      if (style === 'querystring') return request.query;
      const pairs = pairsIn(request.query, '&', decoders.query);
      return style === 'deepObject' ? readDeepObject(form, pairs, taken) : readPairs(form, pairs, taken);
    }
    case 'header': {
      const value = fieldValue(request.fields, name);
      return value === undefined ? undefined : readList(form, value, ',');
    }
    case 'cookie':
      return readPairs(form, pairsIn(cookieString(form, request.fields), ';', decoderOf(form)), taken);
  }
}

/** The pairs of a query, each as sent and with its key and text decoded; in order and with repeats. */
export function queryPairs(query: string): (readonly [sent: string, key: string, text: string])[] {
  return query
    .split('&')
    .filter(Boolean)
    .map((sent) => {
      const [key, text = ''] = halves(sent);
      return [sent, decoders.query(key), decoders.query(text)] as const;
    });
}

/** The decoded keys of a query, in order and with repeats. */
export function queryKeys(query: string): string[] {
  return pairsIn(query, '&', decoders.query).map(([key]) => key);
}

function readPath(form: ParameterForm, text: string): Json | undefined {
  const { style, explode } = form;
  if (style !== 'label' && style !== 'matrix') return readList(form, text, ',');
  if (!text.startsWith(style === 'label' ? '.' : ';')) return undefined;
  if (style === 'label') return readList(form, text.slice(1), explode ? '.' : ',');
  return readPairs(form, pairsIn(text, ';', decoders.path), undefined);
}

/** Without a set of taken keys, all of the pairs belong to the parameter. */
function readPairs(form: ParameterForm, pairs: readonly Pair[], taken: Keys | undefined): Json | undefined {
  const { name, explode, shape } = form;
  const properties = explode && allows(shape, 'object') ? propertiesIn(form, pairs, taken) : [];
  if (properties.length > 0) return valueAt(0, properties, shape);
  const [text, ...others] = pairs.filter(([key]) => key === name).map(([, sent]) => sent);
  if (text === undefined) return undefined;
  if (!explode && others.length === 0) return readList(form, text, delimiters[form.style] ?? ',');
  return readTexts([text, ...others].map(decoderOf(form)), shape);
}

/** An exploded object: its properties are keys of their own, among those of other parameters. */
function propertiesIn(form: ParameterForm, pairs: readonly Pair[], taken: Keys | undefined): Entry[] {
  const { properties, additional, types } = form.shape;
  const isFree = (key: string): boolean =>
    taken === undefined ||
    (additional !== undefined && !taken.has(key) && !taken.has(key.replace(/\[.*/s, '')));
  return pairs
    .filter(([key]) => properties?.has(key) || (isFree(key) && (key !== form.name || types.size === 1)))
    .map(([key, text]) => ({ keys: [key], text: decoderOf(form)(text) }));
}

/** One text that may hold a delimited array or object. */
function readList(form: ParameterForm, text: string, delimiter: string | RegExp): Json {
  const { shape } = form;
  const decode = decoderOf(form);
  const single = coerced(decode(text), shape);
  if (typeof single !== 'string') return single;
  const parts = text.split(delimiter);
  if (allows(shape, 'array') && (parts.length > 1 || !allowsText(shape, single))) {
    return parts.map((part) => coerced(decode(part), shape.items ?? anything));
  }
  const members = allows(shape, 'object') ? membersIn(form, parts) : [];
  return members.length > 0 ? valueAt(0, members, shape) : single;
}

/** The members in `R,100,G,200` or exploded `R=100,G=200`; none when it is neither. */
function membersIn(form: ParameterForm, parts: readonly string[]): Entry[] {
  const decode = decoderOf(form);
  const members: Entry[] = [];
  for (let index = 0; index < parts.length; index += form.explode ? 1 : 2) {
    const part = parts[index] ?? '';
    const [name, text] = form.explode ? halves(part) : [part, parts[index + 1]];
    if (text === undefined) return [];
    members.push({ keys: [decode(name)], text: decode(text) });
  }
  return members;
}

/** `name[key]=text`, to the depth that the brackets allow; empty brackets only repeat a key. */
function readDeepObject(
  { name, shape }: ParameterForm,
  pairs: readonly Pair[],
  taken: Keys,
): Json | undefined {
  const entries: Entry[] = [];
  for (const [key, text] of pairs) {
    const rest = key.slice(name.length);
    if (!key.startsWith(name) || taken.has(key) || (rest !== '' && !brackets.test(rest))) continue;
    entries.push({ keys: rest.slice(1, -1).split('][').filter(Boolean), text: decoders.query(text) });
  }
  return entries.length === 0 ? undefined : valueAt(0, entries, shape);
}

/** The value that entries with the same keys up to a depth make together. */
function valueAt(depth: number, entries: readonly Entry[], shape: ParameterShape): Json {
  const members = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = entry.keys[depth];
    const known = key === undefined ? undefined : members.get(key);
    if (known !== undefined) known.push(entry);
    else if (key !== undefined) members.set(key, [entry]);
  }
  const texts = entries.map((entry) => entry.text);
  if (members.size === 0) return readTexts(texts, shape);
  if (allows(shape, 'array') && !allows(shape, 'object')) {
    return Array.from(members.values(), (item) => valueAt(depth + 1, item, shape.items ?? anything));
  }
  const inner = (key: string): ParameterShape => shape.properties?.get(key) ?? shape.additional ?? anything;
  const values = Array.from(members, ([key, member]) => [key, valueAt(depth + 1, member, inner(key))]);
  return Object.fromEntries(values);
}

/** The value of a key that was sent once or more. */
function readTexts(texts: readonly string[], shape: ParameterShape): Json {
  const [text = '', ...others] = texts;
  const single = coerced(text, shape);
  const isItem = typeof single === 'string' && allows(shape, 'array') && !allowsText(shape, single);
  return isItem || others.length > 0 ? texts.map((each) => coerced(each, shape.items ?? anything)) : single;
}

/** The value that a text spells, of those that are allowed; the text itself where it spells none of them. */
export function coerced(text: string, { types, texts }: ParameterShape): Json {
  if (types.size === 0 || (types.has('string') && texts?.has(text) !== false)) return text;
  if (text === '') return types.has('null') ? null : text;
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (!types.has('integer') && !types.has('number')) return text;
  const number = jsonNumber.test(text) ? Number(text) : Number.NaN;
  return (types.has('number') ? Number.isFinite(number) : Number.isSafeInteger(number)) ? number : text;
}

/** Without types, what else the schema says tells what is meant. */
function allows({ types, items, properties }: ParameterShape, type: 'array' | 'object' | 'string'): boolean {
  if (types.size > 0) return types.has(type);
  if (type === 'string') return items === undefined && properties === undefined;
  return (type === 'array' ? items : properties) !== undefined;
}

/** Whether a text is allowed as it is. */
function allowsText(shape: ParameterShape, text: string): boolean {
  return allows(shape, 'string') && shape.texts?.has(text) !== false;
}

function pairsIn(text: string, separator: string, decode: Spelling): Pair[] {
  const parts = text.split(separator).filter(Boolean).map(halves);
  return parts.map(([name, value = '']) => [decode(name), value]);
}

function halves(part: string): [name: string, text: string | undefined] {
  const equals = part.indexOf('=');
  return equals === -1 ? [part, undefined] : [part.slice(0, equals), part.slice(equals + 1)];
}

/** The pairs of every Cookie field: there may be more than one (RFC 6265, section 4.2.1; RFC 9113, section 8.2.3). */
function cookieString({ style }: ParameterForm, fields: readonly Field[]): string {
  const values = fields.filter(([name]) => name.toLowerCase() === 'cookie').map(([, value]) => value);
  return style === 'cookie' ? values.join(';') : values.join(';').replace(quotedCookieValue, '=$1');
}
