/** How the content of a response is delimited (RFC 9112, section 6), and which of its fields the standards forbid. */

import type { Fault } from '../target.js';
import type { ResponseHead } from './response-head.js';

export type Framing =
  /** No content may come: `why` is what forbids it. */
  | { readonly kind: 'none'; readonly why: '204' | '304' | 'HEAD' | 'CONNECT' | '101' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** Until the connection is closed. */
  | { readonly kind: 'close' }
  /** The head contradicts itself: there are at least so many bytes, and at most so many. */
  | { readonly kind: 'doubtful'; readonly least: number; readonly most: number };

/** The framing of the response to a request with this method (RFC 9112, section 6.3). Adds faults. */
export function framingOf(method: string, head: ResponseHead, faults: Fault[]): Framing {
  const { status } = head;
  const lengths = lengthsOf(head, faults);
  const codings = transferCodingsOf(head);
  const bodiless = withoutContent(method, status);
  faults.push(...forbiddenFields(method, head, codings));
  if (bodiless !== undefined) return { kind: 'none', why: bodiless };
  if (codings.length > 0) return codings.at(-1) === 'chunked' ? { kind: 'chunked' } : { kind: 'close' };
  const [first, ...others] = lengths;
  if (first === undefined) return { kind: 'close' };
  if (lengths.some(Number.isNaN)) return { kind: 'doubtful', least: 0, most: Number.POSITIVE_INFINITY };
  if (others.some((length) => length !== first))
    return { kind: 'doubtful', least: Math.min(...lengths), most: Math.max(...lengths) };
  return { kind: 'length', length: first };
}

/** The transfer codings in the order in which they were applied, in lower case. */
export function transferCodingsOf({ values }: ResponseHead): readonly string[] {
  return membersOf(values.get('transfer-encoding'));
}

const none: readonly string[] = [];

/** The members of a list of tokens, in lower case. */
export function membersOf(value: string | undefined): readonly string[] {
  if (value === undefined) return none;
  return value
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

/** Whether the server keeps the connection open for another request (RFC 9112, section 9.3). */
export function keepsConnection({ minorVersion, values }: ResponseHead): boolean {
  const connection = membersOf(values.get('connection'));
  if (connection.includes('close') || connection.includes('upgrade')) return false;
  const [, seconds] = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(values.get('keep-alive') ?? '') ?? [];
  if (seconds !== undefined && Number(seconds) < 2) return false; // it may close it while we send
  return minorVersion > 0 || connection.includes('keep-alive');
}

function withoutContent(method: string, status: number): (Framing & { kind: 'none' })['why'] | undefined {
  if (method === 'HEAD') return 'HEAD';
  if (status === 204) return '204';
  if (status === 304) return '304';
  if (status === 101) return '101';
  return method === 'CONNECT' && status >= 200 && status < 300 ? 'CONNECT' : undefined;
}

function lengthsOf({ values }: ResponseHead, faults: Fault[]): readonly number[] {
  const value = values.get('content-length');
  if (value === undefined) return [];
  const members = value.split(',').map((member) => member.trim());
  const lengths = members.map((member) => (/^\d+$/.test(member) ? Number(member) : Number.NaN));
  if (lengths.some((length) => !Number.isSafeInteger(length))) {
    faults.push(lengthFault('content-length-invalid', `Content-Length is ${value}`));
    return [Number.NaN];
  }
  if (members.length === 1) return lengths;
  const isSame = lengths.every((length) => length === lengths[0]);
  const name = isSame ? 'content-length-repeated' : 'content-length-conflict';
  faults.push(lengthFault(name, `Content-Length is ${members.join(' and ')}`));
  return lengths;
}

function lengthFault(name: string, detail: string): Fault {
  return { name, detail, section: 'RFC 9110, section 8.6' };
}

const transferCodings = ['chunked', 'gzip', 'x-gzip', 'deflate', 'compress', 'x-compress'];

function forbiddenFields(method: string, head: ResponseHead, codings: readonly string[]): readonly Fault[] {
  const { status, values, minorVersion } = head;
  if (codings.length === 0 && status >= 200 && status !== 204 && method !== 'CONNECT') return [];
  const found: Fault[] = [];
  const add = (name: string, detail: string, section: string): void =>
    void found.push({ name, detail, section });
  const length = values.get('content-length');
  const isConnected = method === 'CONNECT' && status >= 200 && status < 300;
  const bodiless = status < 200 ? '1xx' : status === 204 ? '204' : isConnected ? 'connect' : undefined;
  if (bodiless !== undefined && length !== undefined)
    add(
      `content-length-on-${bodiless}`,
      `${status} has Content-Length ${length}`,
      `RFC 9110, section ${isConnected ? '9.3.6' : '8.6'}`,
    );
  if (bodiless !== undefined && codings.length > 0)
    add(
      `transfer-encoding-on-${bodiless}`,
      `${status} has Transfer-Encoding ${codings.join(', ')}`,
      'RFC 9112, section 6.1',
    );
  if (codings.length > 0 && length !== undefined)
    add(
      'content-length-with-transfer-encoding',
      `Content-Length ${length} stands beside Transfer-Encoding ${codings.join(', ')}`,
      'RFC 9112, section 6.2',
    );
  if (codings.length > 0 && minorVersion === 0)
    add(
      'transfer-encoding-in-http-1.0',
      `HTTP/1.0 has Transfer-Encoding ${codings.join(', ')}`,
      'RFC 9112, section 6.1',
    );
  const unknown = codings.filter((coding) => !transferCodings.includes(coding));
  const unasked = codings.filter((coding) => coding !== 'chunked' && transferCodings.includes(coding));
  if (unknown.length > 0)
    add(
      'transfer-encoding-unknown',
      `Transfer-Encoding is ${codings.join(', ')}, and ${unknown.join(', ')} is no transfer coding`,
      'RFC 9112, section 7',
    );
  if (unasked.length > 0)
    add(
      'transfer-encoding-unasked',
      `Transfer-Encoding is ${codings.join(', ')}, and the request has no TE`,
      'RFC 9112, section 7.4',
    );
  if (codings.slice(0, -1).includes('chunked'))
    add(
      'chunked-not-last',
      `Transfer-Encoding is ${codings.join(', ')}, and chunked is not last, or there twice`,
      'RFC 9112, section 6.1',
    );
  return found;
}

/** Fields whose value is no list, so that a second line has no meaning; Content-Length is part of the framing. */
const singletons = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'access-control-max-age',
  'age',
  'content-disposition',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
  'strict-transport-security',
]);

/** Fields in several lines that may have only one (RFC 9110, section 5.3). */
export function repeatedFields({ fields, values }: ResponseHead): readonly Fault[] {
  if (values.size === fields.length) return [];
  const found: Fault[] = [];
  for (const name of values.keys()) {
    if (!singletons.has(name)) continue;
    const lines = fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
    if (lines.length < 2) continue;
    found.push({
      name: 'field-repeated',
      detail: `${name} stands ${lines.length} times: ${lines.join(' and ')}`,
      section: 'RFC 9110, section 5.3',
    });
  }
  return found;
}
