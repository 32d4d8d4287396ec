/** Content as text, and JSON text as a value: what reading anything begins with. */

import type { Json } from '../json.js';

/** Content as a value; what it is not, where it is not what it says to be; or opaque, when nobody reads it. */
export type ParsedContent =
  | { readonly kind: 'value'; readonly value: Json }
  | {
      readonly kind: 'malformed';
      readonly keyword: string;
      readonly message: string;
      readonly pointer?: string;
    }
  | { readonly kind: 'opaque' };

export const opaque: ParsedContent = { kind: 'opaque' };

export function parsedAs(value: Json): ParsedContent {
  return { kind: 'value', value };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined when it is not in this charset, or there is no such charset. */
export function decodedText(content: Uint8Array, charset: string): string | undefined {
  try {
    const decoder = charset.toLowerCase() === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true });
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

export function parseJson(text: string): ParsedContent {
  if (isTooDeep(text))
    return { kind: 'malformed', keyword: 'json', message: `is nested more than ${deepest} levels deep` };
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'malformed', keyword: 'json', message: `is not valid JSON: ${reason}` };
  }
}

/** Deeper than this nobody means it, and what walks the value would run out of stack (RFC 8259, section 9, allows a limit). */
const deepest = 500;

function isTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length && depth <= deepest; index += 1) {
    const unit = text[index];
    if (isString && unit === '\\') index += 1;
    else if (unit === '"') isString = !isString;
    else if (!isString && (unit === '[' || unit === '{')) depth += 1;
    else if (!isString && (unit === ']' || unit === '}')) depth -= 1;
  }
  return depth > deepest;
}
