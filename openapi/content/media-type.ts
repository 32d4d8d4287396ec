/** Media types and media ranges: parse, match, negotiate, and find what describes a message (RFC 9110, 8.3 and 12). */

import { remembered } from '../remembered.js';

/** A media type or media range. Type, subtype and parameter names are in lower case, values are as sent, unquoted. */
export type MediaType = {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
};

/** A member of an Accept field: a media range and its weight, 1 where none is given. */
export type AcceptedRange = { readonly range: MediaType; readonly weight: number };

const typeAndSubtype = /^[ \t]*([!#$%&'*+.^_`|~\w-]+)\/([!#$%&'*+.^_`|~\w-]+)[ \t]*/;
const nextParameter =
  /;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[\t !#-[\]-~\x80-\uffff]|\\[\t -~\x80-\uffff])*)"))?[ \t]*/y;
const listMembers = /(?:[^",]|"(?:[^"\\]|\\.)*\\?(?:"|$))+/gs;
const quotedPair = /\\(.)/gs;
const weightText = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The media type or media range in a text (RFC 9110, sections 8.3.1 and 12.5.1); undefined when it is malformed. */
export const parseMediaType: (text: string) => MediaType | undefined = remembered(readMediaType);

function readMediaType(text: string): MediaType | undefined {
  const start = typeAndSubtype.exec(text);
  if (start === null) return undefined;
  const [whole, type = '', subtype = ''] = start;
  const parameters = parseParameters(text, whole.length);
  return parameters && { type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters };
}

/** The media type without its parameters: `application/json`. */
export function essence(mediaType: MediaType): string {
  return `${mediaType.type}/${mediaType.subtype}`;
}

/** Whether content of this type is JSON text: by name, or by the suffix `+json` (RFC 6839, section 3.1). */
export function isJson(mediaType: MediaType): boolean {
  const { type, subtype } = mediaType;
  return subtype.endsWith('+json') || (subtype === 'json' && (type === 'application' || type === 'text'));
}

/**
 * How content of a type is made up, as far as it is read: `lines` are JSON texts a line each, `records` JSON texts behind
 * record separators (RFC 7464), `events` are server-sent; `binary` is whatever else is neither text nor a form.
 */
export type Format =
  | 'json'
  | 'form'
  | 'multipart'
  | 'xml'
  | 'lines'
  | 'records'
  | 'events'
  | 'text'
  | 'binary';

const lineTypes = /^(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|ldjson)$|^(?:x-json-stream|stream\+json)$/;
const textTypes =
  /^(?:x-)?(?:javascript|ecmascript|yaml|toml|sql|graphql|sh|httpd-php|typescript)$|\+yaml$|^(?:jwt|jose|pem-certificate-chain|http)$/;

export function formatOf(mediaType: MediaType): Format {
  const { type, subtype } = mediaType;
  if (isJson(mediaType)) return 'json';
  if (type === 'multipart') return 'multipart';
  if (subtype === 'event-stream') return 'events';
  if (lineTypes.test(subtype)) return 'lines';
  if (subtype === 'json-seq' || subtype.endsWith('+json-seq')) return 'records';
  if (subtype === 'xml' || subtype.endsWith('+xml') || subtype === 'xml-dtd') return 'xml';
  if (type === 'application' && subtype === 'x-www-form-urlencoded') return 'form';
  return type === 'text' || (type === 'application' && textTypes.test(subtype)) ? 'text' : 'binary';
}

/** A media type that can be sent for the key of a content map: of a range, its plainest member. */
export function concreteMediaType(key: string): string {
  if (!key.includes('*')) return key;
  return plainest.find(([range]) => key.startsWith(range))?.[1] ?? 'application/json';
}

const plainest = [
  ['text/', 'text/plain'],
  ['image/', 'image/png'],
  ['audio/', 'audio/mpeg'],
  ['video/', 'video/mp4'],
  ['font/', 'font/woff2'],
  ['multipart/', 'multipart/form-data'],
] as const;

/** The same of a media type as it is written; false for what is none. */
export function isJsonType(text: string): boolean {
  const mediaType = parseMediaType(text);
  return mediaType !== undefined && isJson(mediaType);
}

/**
 * Whether a media range includes a media type (RFC 9110, section 12.5.1). Each parameter of the range, except the
 * weight, must be there with the same value. Only the values of charset are compared without regard to case
 * (section 8.3.2).
 */
export function matchesRange(range: MediaType, mediaType: MediaType): boolean {
  if (range.type === '*') {
    if (range.subtype !== '*') return false;
  } else if (range.type !== mediaType.type) return false;
  else if (range.subtype !== '*' && range.subtype !== mediaType.subtype) return false;
  return range.parameters.every(
    ([name, value]) => name === 'q' || mediaType.parameters.some((own) => sameParameter(own, name, value)),
  );
}

/**
 * The available media type that the Accept field prefers (RFC 9110, sections 12.1 and 12.5.1). For each, the most
 * specific range that includes it gives the weight; zero excludes it, equal weights go by the order of `available`.
 * Without the field, or without one well-formed member in it, that is the first; undefined when none is acceptable.
 * What is available may be a range itself (a key of an OpenAPI content map): then an accepted type within it will do.
 */
export function negotiate(accept: string | undefined, available: readonly string[]): string | undefined {
  if (accept === undefined || accept === '*/*') return available[0];
  const members = acceptedRanges(accept);
  if (members.length === 0) return available[0];
  let preferred: string | undefined;
  let highest = 0;
  for (const candidate of available) {
    const mediaType = parseMediaType(candidate);
    const weight = mediaType === undefined ? 0 : weightOf(mediaType, members);
    if (weight > highest) [preferred, highest] = [candidate, weight];
  }
  return preferred;
}

/**
 * The key of a content map that describes content of this type: "the most specific key" (OpenAPI 3.1, section
 * 4.8.14.1). A key with parameters that all match is before one without, that before `type/*`, that before the full
 * wildcard; of equals the first.
 */
export function mostSpecific(contentType: MediaType, keys: Iterable<string>): string | undefined {
  let best: string | undefined;
  let highest = -1;
  for (const key of keys) {
    const range = parseMediaType(key);
    if (range === undefined || !matchesRange(range, contentType)) continue;
    const specificity = specificityOf(range);
    if (specificity > highest) [best, highest] = [key, specificity];
  }
  return best;
}

function parseParameters(text: string, from: number): [string, string][] | undefined {
  const parameters: [string, string][] = [];
  let position = from;
  while (position < text.length) {
    nextParameter.lastIndex = position;
    const match = nextParameter.exec(text);
    if (match === null) return undefined;
    const [whole, name, token, quoted = ''] = match;
    if (name !== undefined) parameters.push([name.toLowerCase(), token ?? quoted.replace(quotedPair, '$1')]);
    position += whole.length;
  }
  return parameters;
}

function sameParameter(own: readonly [string, string], name: string, value: string): boolean {
  if (own[0] !== name) return false;
  return own[1] === value || (name === 'charset' && own[1].toLowerCase() === value.toLowerCase());
}

/** The well-formed members of an Accept field, in their order (RFC 9110, section 12.5.1). */
export function acceptedRanges(accept: string): readonly AcceptedRange[] {
  const members: AcceptedRange[] = [];
  for (const text of accept.match(listMembers) ?? []) {
    const range = parseMediaType(text);
    const weight = range?.parameters.find(([name]) => name === 'q')?.[1] ?? '1';
    if (range !== undefined && weightText.test(weight)) members.push({ range, weight: Number(weight) });
  }
  return members;
}

function weightOf(mediaType: MediaType, members: readonly AcceptedRange[]): number {
  let including = 0;
  let included = 0;
  let highest = -1;
  for (const { range, weight } of members) {
    const specificity = specificityOf(range);
    if (!matchesRange(range, mediaType)) {
      if (mediaType.subtype === '*' && matchesRange(mediaType, range)) included = Math.max(included, weight);
    } else if (specificity > highest) [including, highest] = [weight, specificity];
    else if (specificity === highest) including = Math.max(including, weight);
  }
  return Math.max(including, included);
}

function specificityOf(range: MediaType): number {
  if (range.type === '*') return 0;
  if (range.subtype === '*') return 1;
  return 2 + range.parameters.filter(([name]) => name !== 'q').length;
}
