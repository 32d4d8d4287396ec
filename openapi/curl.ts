/** A request as a curl line that a person can paste into a POSIX shell. */

import type { RequestMessage } from './message.js';

/** The curl line that sends a request to a server. `base` is the URL that the request's path is appended to. */
export function curlLine(request: RequestMessage, base: string): string {
  const query = request.query === '' ? '' : `?${request.query}`;
  const parts = ['curl', '-i'];
  const isPlainGet = request.method === 'GET' && request.content === undefined;
  if (!isPlainGet) parts.push('-X', request.method);
  parts.push(quoted(`${base}${request.path}${query}`));
  for (const [name, value] of request.fields)
    parts.push('-H', quoted(value === '' ? `${name};` : `${name}: ${value}`));
  if (request.content !== undefined)
    parts.push('--data-raw', quoted(new TextDecoder().decode(request.content)));
  return parts.join(' ');
}

/** Text as one word of a POSIX shell (IEEE 1003.1, 2.2.2). */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
