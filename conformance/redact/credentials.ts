/** The credentials that an exchange carries, wherever they travel: fields, cookies, query, JSON, forms, XML, tokens. */

import type { Field, RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import { isObject, type Json } from '../../openapi/json.js';
import type { ExchangeRecord } from '../event.js';

/** `kind` is what it is called where it was found. */
export type Credential = { readonly secret: string; readonly kind: string };

type IsSecret = (name: string) => boolean;

// A header part that is base64url of `{`, and two parts more; the last is empty for `alg: none` (RFC 7519, section 6.1).
const tokens = /(?<![\w-])e[wy][\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
// All are bounded, so that no text of a server can keep them busy.
const jsonMembers =
  /"([^"\\]{1,100})"\s{0,20}:\s{0,20}(?:("(?:[^"\\]|\\.){0,20000}")|(-?\d[\d.eE+-]{0,40}))/g;
const pairs = /(?<=[?&#;])([^=&#;\s"'<>]{1,100})=([^&#\s"'<>]{1,20000})/g;
const elements = /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)<\//g;
const attributes = /\s([\w.:-]+)=(?:"([^"<>]+)"|'([^'<>]+)')/g;
const formParts =
  /name="([^"]{1,100})"[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,500}\r?\n){0,10}\r?\n([\s\S]{0,2000}?)\r?\n--/g;
const deepest = 200;

/** Values that say that there is none. */
const nothing = /^(?:true|false|null|undefined|none|deleted|basic|bearer|digest|negotiate|token)?$/i;

/** The credentials of an exchange: those with a name of their own first. `isSecret` knows the names of secrets. */
export function credentialsOf(record: ExchangeRecord, isSecret: IsSecret): readonly Credential[] {
  const { request, outcome } = record;
  const response = outcome.kind === 'response' ? outcome.response : outcome.partial;
  const found = [
    ...inRequestTarget(request, isSecret),
    ...messageCredentials(request, isSecret),
    ...(response === undefined ? [] : messageCredentials(response, isSecret)),
    ...(outcome.kind === 'failure' ? inText(outcome.why, isSecret) : []),
    ...outcome.faults.flatMap(({ detail }) => inText(detail, isSecret)),
  ];
  return [...found.filter(({ kind }) => kind !== bare), ...found.filter(({ kind }) => kind === bare)].filter(
    ({ secret }) => !nothing.test(secret),
  );
}

/** The kind of a token that stands somewhere without a name. */
const bare = 'token';

function inRequestTarget({ path, query }: RequestMessage, isSecret: IsSecret): Credential[] {
  return [...inQuery(query, isSecret), ...inText(`${path}?${query}`, isSecret)];
}

function messageCredentials(
  { fields, content }: RequestMessage | ResponseMessage,
  isSecret: IsSecret,
): Credential[] {
  const text = content === undefined ? '' : Buffer.from(content).toString('utf8');
  return [
    ...fields.flatMap((field) => inField(field, isSecret)),
    ...(text === '' ? [] : inContent(text, isSecret)),
  ];
}

function inField([name, value]: Field, isSecret: IsSecret): Credential[] {
  const lower = name.toLowerCase();
  const others = inText(value, isSecret);
  if (lower === 'cookie') return [...value.split(';').flatMap(cookie), ...others];
  if (lower === 'set-cookie') return [...cookie(value.split(';', 1)[0] ?? ''), ...others];
  if (lower === 'authorization' || lower === 'proxy-authorization')
    return [...authorization(name, value), ...others];
  if (!isSecret(name)) return others;
  const hasScheme = /^\s*(?:basic|bearer|token)\s/i.test(value);
  return [...(hasScheme ? authorization(name, value) : [{ secret: value.trim(), kind: name }]), ...others];
}

function cookie(pair: string): Credential[] {
  const [name = '', ...value] = pair.split('=');
  const secret = value
    .join('=')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return [{ secret, kind: name.trim() }];
}

/** What follows the scheme (RFC 9110, section 11.4); of Basic also what it encodes (RFC 7617, section 2). */
function authorization(kind: string, value: string): Credential[] {
  const [, scheme, credentials] = /^\s*([\w!#$%&'*+.^`|~-]+)\s+(.*?)\s*$/s.exec(value) ?? [];
  if (scheme === undefined || credentials === undefined) return [{ secret: value.trim(), kind }];
  const found = [{ secret: credentials, kind }];
  if (scheme.toLowerCase() !== 'basic') return found;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  if (!decoded.includes(':') || /[\p{Cc}\ufffd]/u.test(decoded)) return found;
  const [user = '', ...password] = decoded.split(':');
  return [...found, { secret: password.join(':'), kind: 'password' }, { secret: user, kind: 'username' }];
}

function inContent(text: string, isSecret: IsSecret): Credential[] {
  const value = parsed(text);
  return [
    ...(value === undefined ? [] : inJson(value, '', isSecret)),
    ...(/^[\w.%+[\]-]+=/.test(text) ? inQuery(text, isSecret) : []),
    ...inText(text, isSecret),
  ];
}

/** A query or a form (URL Standard, section 5.1), in which quotes are no ends. */
function inQuery(text: string, isSecret: IsSecret): Credential[] {
  return text.split('&').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=');
    const kind = percentDecoded(name);
    return isSecret(kind) ? [{ secret: percentDecoded(value.join('=')), kind }] : [];
  });
}

/** Strings and numbers under a name of a secret, also in an array; what is found in other ways is found in the text. */
function inJson(value: Json, name: string, isSecret: IsSecret, depth = 0): Credential[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((item) => inJson(item, name, isSecret, depth + 1));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) => inJson(member, key, isSecret, depth + 1));
  if (typeof value === 'string') {
    // JSON in a string of JSON
    const inner = /^\s*[[{]/.test(value) ? parsed(value) : undefined;
    if (inner !== undefined) return inJson(inner, name, isSecret, depth + 1);
  }
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  if (typeof value === 'number' && isCount(name)) return [];
  return isSecret(name) ? [{ secret: String(value), kind: name }] : [];
}

/** Whether a number of this name tells how many there are: `mintedTokens`, `total_tokens`. */
function isCount(name: string): boolean {
  return /[a-z]s$/i.test(name);
}

/** Whatever in a text looks like a named secret, or like a token: well-formed or not, whole or cut off. */
function inText(text: string, isSecret: IsSecret): Credential[] {
  const found: Credential[] = [];
  const note = (name: string | undefined, secret: string | undefined): void => {
    if (name !== undefined && secret !== undefined && isSecret(name)) found.push({ secret, kind: name });
  };
  for (const [, name = '', quoted, number] of text.matchAll(jsonMembers))
    if (quoted !== undefined || !isCount(name))
      note(name, quoted === undefined ? number : String(parsed(quoted) ?? quoted.slice(1, -1)));
  for (const [, name = '', value = ''] of text.matchAll(pairs))
    note(percentDecoded(name), percentDecoded(value));
  if (text.includes('<')) {
    for (const [, name, value] of text.matchAll(elements)) note(name, value?.trim());
    for (const [, name, double, single] of text.matchAll(attributes)) note(name, double ?? single);
  }
  if (text.startsWith('--')) for (const [, name, value] of text.matchAll(formParts)) note(name, value);
  for (const [token] of text.matchAll(tokens)) found.push({ secret: token, kind: bare });
  return found;
}

function percentDecoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
