/** A request as a curl line that a person can paste into a POSIX shell. */

import { fieldValue, type RequestMessage } from './message.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/**
 * The curl line that sends a request to a server, nothing added by curl's own habits. `base` is the URL that the
 * request's path is appended to. Content that is no UTF-8 text is piped in, for a word of a shell can carry nothing else.
 */
export function curlLine(request: RequestMessage, base: string): string {
  const { method, path, query, fields, content } = request;
  const url = `${base}${path}${query === '' ? '' : `?${query}`}`;
  const parts = ['curl', '-i'];
  if (/[[\]{}]/.test(url)) parts.push('-g');
  if (/\/\.{1,2}(\/|$)/.test(path)) parts.push('--path-as-is');
  if (method === 'HEAD') parts.push('-I');
  else if (method !== 'GET' || content !== undefined) parts.push('-X', quoted(method));
  parts.push(quoted(url));
  for (const [name, value] of fields)
    parts.push('-H', quoted(value === '' ? `${name};` : `${name}: ${value}`));
  if (content !== undefined) {
    if (fieldValue(fields, 'content-type') === undefined) parts.push('-H', 'Content-Type:');
    const text = textOf(content);
    if (text === undefined) return `printf '${octalText(content)}' | ${parts.join(' ')} --data-binary @-`;
    parts.push('--data-raw', quoted(text));
  }
  return parts.join(' ');
}

/** Undefined for what no word can hold: octets that are no text, and the end of a text within it. */
function textOf(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

/** Octets as the format of printf: letters, digits and spaces as they are (IEEE 1003.1, printf). */
function octalText(content: Uint8Array): string {
  return Array.from(content, (octet) => {
    const unit = String.fromCharCode(octet);
    return /[A-Za-z0-9 ]/.test(unit) ? unit : `\\${octet.toString(8).padStart(3, '0')}`;
  }).join('');
}

/** Text as one word of a POSIX shell (IEEE 1003.1, 2.2.2). */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
