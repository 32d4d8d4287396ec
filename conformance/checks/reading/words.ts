/** Texts as findings show them: short, and on one line. */

import { fieldValue, type ResponseMessage } from '../../../openapi/http/message.js';
import type { Json } from '../../../openapi/json.js';
import { textOf } from './response.js';

const longest = 160;

/** A text, cut where it gets long. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** A value as JSON, cut where it gets long. */
export function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : shortened(JSON.stringify(value));
}

/** `a`, `a or b`, `a, b or c`. */
export function either(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const last = unique.pop() ?? 'nothing';
  return unique.length === 0 ? last : `${unique.join(', ')} or ${last}`;
}

/** A response in outline: its status, media type and the beginning of its content. */
export function outline(response: ResponseMessage): string {
  const type = fieldValue(response.fields, 'content-type');
  const text = shortened(textOf(response.content));
  return [
    String(response.status),
    ...(type === undefined ? [] : [type]),
    ...(text === '' ? [] : [text]),
  ].join(', ');
}
