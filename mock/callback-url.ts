/** Where a callback goes: its key, with the runtime expressions in it evaluated (OpenAPI 3.1, 4.8.18.3 and 4.8.20.4). */

import { percentEncoded } from '../openapi/http/percent.js';
import type { Json } from '../openapi/json.js';
import { evaluate, parseExpression, type Scope } from '../openapi/rules/expression.js';

/** A URL, or why there is none. */
export type CallbackUrl =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'none'; readonly why: string };

const embedded = /\{(\$[^{}]+)\}/g;
/** What would end the part of a URL that a value is put into. */
const breaking = /[\s#?&%+]/g;

/** The URL of a callback on a finished exchange. A value at the very start is the URL itself, any other a part of it. */
export function callbackUrl(key: string, scope: Scope): CallbackUrl {
  const written = key.startsWith('$') ? `{${key}}` : key;
  const missing: string[] = [];
  const url = written.replace(embedded, (_, expression: string, at: number) => {
    const value = textOf(expression, scope);
    if (value === undefined) missing.push(expression);
    return at === 0 ? (value ?? '') : (value ?? '').replace(breaking, percentEncoded);
  });
  if (missing.length > 0) return { kind: 'none', why: `${missing.join(' and ')} ${gives(missing)} nothing` };
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return { kind: 'none', why: `"${url}" is no http or https URL` };
  return { kind: 'url', url };
}

function gives(missing: readonly string[]): string {
  return missing.length === 1 ? 'gives' : 'give';
}

/** An expression as text; one that gives null, an object or an array gives no part of a URL. */
function textOf(text: string, scope: Scope): string | undefined {
  const expression = parseExpression(text);
  const value: Json | undefined = expression && evaluate(expression, scope);
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
