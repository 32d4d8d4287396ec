/** A response that has no content by its status or method has none. */

import { fieldValue, isWithoutContent } from '../../openapi/http/message.js';
import type { Ask, Check, Deviation } from '../check.js';
import { isOfMissingContent, textOf } from './reading/response.js';
import { shortened } from './reading/words.js';

/** Reports content where there can be none, and fields that announce it. */
export const noContentIsEmpty: Check = {
  name: 'no-content-is-empty',
  promise: 'A 204, 205 or 304, and every answer to HEAD, has no content.',
  specification: {
    sentence:
      'A response to HEAD, and one with the status 204, 205 or 304, has no content; a 204 has no Content-Length either.',
    section: 'RFC 9110, sections 6.4.1, 8.6 and 15.3.6',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = ({ request, response, outcome }) => {
  const came = response ?? (outcome.kind === 'failure' ? outcome.partial : undefined);
  if (came === undefined || !isWithoutContent(request.method, came.status)) return [];
  const what = request.method === 'HEAD' ? 'an answer to HEAD' : `a ${came.status}`;
  // What the connection has shown and what the message shows may be the same.
  const found = new Map<string, Deviation>();
  const add = (has: string, expected: string, actual: string): void => {
    if (!found.has(has)) found.set(has, { title: `${what} has ${has}`, expected, actual });
  };
  for (const { name, detail } of outcome.faults.filter(isOfMissingContent)) {
    const field = fieldNames.find((each) => name.startsWith(`${each.toLowerCase()}-on-`));
    if (field === undefined) add('content', 'no content', detail);
    else add(`the field ${field}`, `no ${field}`, detail);
  }
  const { status, content, fields } = came;
  if (content !== undefined && content.byteLength > 0)
    add('content', 'no content', `${content.byteLength} bytes: ${shortened(textOf(content))}`);
  for (const name of status === 204 ? fieldNames : []) {
    const value = fieldValue(fields, name);
    if (value !== undefined) add(`the field ${name}`, `no ${name}`, `${name}: ${value}`);
  }
  return [...found.values()];
};

const fieldNames = ['Content-Length', 'Transfer-Encoding'];
