/** The head of an HTTP/1.1 request as it came: read as far as forwarding needs it, and written for the target with nothing else changed. */

import type { Field } from '../../openapi/http/message.js';

/** How the content of a request is delimited (RFC 9112, section 6.3). */
type RequestFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' };

export type RequestHead = {
  readonly method: string;
  /** As sent: `/things?a=1`, `*`, or a whole URL. */
  readonly target: string;
  readonly version: string;
  readonly fields: readonly Field[];
  readonly framing: RequestFraming;
};

/** Where requests go. */
export type Destination = {
  /** What the field Host becomes; undefined: it stays as it is. */
  readonly host: string | undefined;
  /** The path that every path is appended to, without a slash at its end. */
  readonly prefix: string;
};

const requestLine = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/(1\.[01])$/;
const fieldLine = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Reads a head, as latin1 and without the empty line that ends it. Undefined where two readers could differ about what it says or
 * where its request ends: nobody should forward that as if he knew.
 */
export function readRequestHead(text: string): RequestHead | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const [, method, target, version] = requestLine.exec(first) ?? [];
  if (method === undefined || target === undefined || version === undefined) return undefined;
  const fields: Field[] = [];
  for (const line of lines) {
    const [, name, value] = fieldLine.exec(line) ?? [];
    if (name === undefined || value === undefined || controlCharacter.test(value)) return undefined;
    fields.push([name, value.trimEnd()]);
  }
  const framing = framingOf(fields, version);
  return framing && { method, target, version, fields, framing };
}

/** Undefined where it is open to opinion (RFC 9112, section 11.2): both lengths at once, different ones, another coding. */
function framingOf(fields: readonly Field[], version: string): RequestFraming | undefined {
  const codings = valuesOf(fields, 'transfer-encoding');
  const lengths = valuesOf(fields, 'content-length');
  if (codings.length > 0) {
    const isPlain = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked';
    return isPlain && lengths.length === 0 && version === '1.1' ? { kind: 'chunked' } : undefined;
  }
  const [length] = lengths;
  if (length === undefined) return { kind: 'none' };
  const number = /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (number === undefined || lengths.length > 1) return undefined;
  return number === 0 ? { kind: 'none' } : { kind: 'length', length: number };
}

/** The values of the lines of a field. */
function valuesOf(fields: readonly Field[], name: string): readonly string[] {
  return fields.flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
}

/** The head for the target: another Host and another path where they are to be others, and every other byte as it came. */
export function headFor(head: RequestHead, text: string, { host, prefix }: Destination): string {
  const [first = '', ...lines] = text.split('\r\n');
  const start = first.replace(head.target, () => targetFor(head, prefix));
  const rest =
    host === undefined
      ? lines
      : lines.map((line) => line.replace(/^(host:[ \t]*).*$/i, (_, name) => name + host));
  return [start, ...rest].join('\r\n');
}

/** A whole URL is what a client sends to a proxy that it knows of (RFC 9112, section 3.2.2): all go to one target here. */
function targetFor({ method, target }: RequestHead, prefix: string): string {
  if (method === 'CONNECT' || target === '*') return target;
  return prefix + originForm(target);
}

function originForm(target: string): string {
  const [, rest] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Path and query, as they came. */
export function pathAndQuery({ target }: RequestHead): { readonly path: string; readonly query: string } {
  const origin = originForm(target);
  const mark = origin.indexOf('?');
  return mark === -1
    ? { path: origin, query: '' }
    : { path: origin.slice(0, mark), query: origin.slice(mark + 1) };
}
