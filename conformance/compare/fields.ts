/** The fields of two answers, compared: those that a client acts on, and those that the contract documents. */

import { essence, isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { DocumentedResponse } from '../../openapi/contract.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import { type Comparing, contentDifferences } from './content.js';
import type { Difference } from './difference.js';

/** What a field is compared as. */
type Reading = (value: string) => string;

/**
 * Clients act on these. Others say how the message was made (Date, Server, Content-Length, Transfer-Encoding, Connection,
 * ETag, Last-Modified, X-Request-Id), and two servers need not agree on that.
 */
const readings: Readonly<Record<string, Reading>> = {
  'content-type': mediaTypeText,
  allow: asSet((member) => member.toUpperCase()),
  'www-authenticate': challengeText,
  location: (value) => value,
  'content-location': (value) => value,
  'cache-control': asSet((directive) => directive.toLowerCase()),
  vary: asSet((name) => name.toLowerCase()),
  'content-language': asSet((tag) => tag.toLowerCase()),
  'content-disposition': (value) => value,
  'accept-patch': asSet(mediaTypeText),
  'accept-post': asSet(mediaTypeText),
  'accept-ranges': asSet((unit) => unit.toLowerCase()),
  'retry-after': (value) => value,
  'set-cookie': cookieText,
  deprecation: (value) => value,
  sunset: (value) => value,
  link: (value) => value,
};

/** How the fields of two answers with one status differ. */
export function fieldDifferences(
  a: ResponseMessage,
  b: ResponseMessage,
  documented: DocumentedResponse | undefined,
  comparing: Omit<Comparing, 'said' | 'breaks'>,
): readonly Difference[] {
  const names = new Set([
    ...Object.keys(readings),
    ...(documented?.headers ?? []).map(({ name }) => name.toLowerCase()),
  ]);
  return [...names].flatMap((name): readonly Difference[] => {
    if (comparing.isIgnored(name)) return [];
    const [here, there] = [fieldValue(a.fields, name), fieldValue(b.fields, name)];
    const different = (title: string): readonly Difference[] => [
      { kind: 'field', at: name, title, a: here ?? 'nothing', b: there ?? 'nothing' },
    ];
    if (here === undefined || there === undefined) {
      if (here === there) return [];
      return different(`the field ${titled(name)} is there at ${here === undefined ? 'B' : 'A'} only`);
    }
    const read = readings[name] ?? ((value: string) => value);
    const [readA, readB] = [read(here), read(there)];
    if (readA === readB) return [];
    // An id or an instant in a field is renamed as one in the content is.
    const inner: Comparing = { ...comparing, said: () => 'nothing', breaks: () => [false, false] };
    const found = contentDifferences(readA, readB, { ...inner, isIgnored: () => false }, `/${name}`);
    if (found.length === 0 || isSameId(name, readA, readB, comparing)) return [];
    return different(`the field ${titled(name)} is another at B`);
  });
}

/** What a new resource is called at the end of its address may be as short as `7`. */
function isSameId(
  name: string,
  a: string,
  b: string,
  { renaming, subject }: Pick<Comparing, 'renaming' | 'subject'>,
): boolean {
  if (name !== 'location' && name !== 'content-location') return false;
  const [, parentA, idA = ''] = /^(.*\/)([^/?#]+)$/.exec(a) ?? [];
  const [, parentB, idB = ''] = /^(.*\/)([^/?#]+)$/.exec(b) ?? [];
  if (parentA === undefined || parentB === undefined || renaming.translated(parentA) !== parentB)
    return false;
  const isNumber = /^\d+$/.test(idA) && /^\d+$/.test(idB);
  return isNumber && renaming.bind(`${subject} ${idA}`, `${subject} ${idB}`) === undefined;
}

/** Type and subtype, then the parameters; that JSON is UTF-8 need not be said (RFC 8259, section 8.1). */
function mediaTypeText(value: string): string {
  const parsed = parseMediaType(value);
  if (parsed === undefined) return value;
  const parameters = parsed.parameters
    .map(([name, text]) => `${name}=${name === 'charset' ? text.toLowerCase() : text}`)
    .filter((text) => !(isJson(parsed) && text === 'charset=utf-8'));
  return [essence(parsed), ...parameters.toSorted()].join('; ');
}

function asSet(read: Reading): Reading {
  return (value) => [...new Set(membersOf(value).map(read))].toSorted().join(', ');
}

/** The members of a list (RFC 9110, section 5.6.1); a comma within quotes parts nothing. */
function membersOf(value: string): readonly string[] {
  return (value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []).map((member) => member.trim()).filter(Boolean);
}

/** Challenges without the sentence for people (RFC 6750, section 3), names in lower case. */
function challengeText(value: string): string {
  return value
    .replace(/,?\s*error_(?:description|uri)\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,]+)/gi, '')
    .replace(/([\w-]+)(\s*=\s*)/g, (_, name: string) => `${name.toLowerCase()}=`)
    .replace(
      /(^|,\s*)([\w-]+)(?=\s|$)/g,
      (_, before: string, scheme: string) => `${before}${scheme.toLowerCase()}`,
    )
    .replace(/\s+/g, ' ')
    .trim();
}

/** Names and attributes of cookies; their values are the server's, and their end is an instant. */
function cookieText(value: string): string {
  return value
    .replace(/(^|,\s*)([^=;,\s]+)=([^;,]*)/g, (_, before: string, name: string) => `${before}${name}=`)
    .replace(/;\s*expires=[^;]*/gi, '; expires')
    .replace(/;\s*([\w-]+)/g, (_, name: string) => `; ${name.toLowerCase()}`);
}

function titled(name: string): string {
  return name
    .replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace('Www', 'WWW');
}
