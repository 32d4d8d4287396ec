/** What expressions are evaluated over, made from messages. */

import { fieldValue, type RequestMessage, type ResponseMessage } from '../http/message.js';
import type { Json } from '../json.js';
import type { ExpressionMessage, Scope } from './expression.js';

/** What expressions can read of a request before it has been held against its operation: no body, parameters as text. */
export function requestScope(request: RequestMessage, path: Readonly<Record<string, string>>): Scope {
  const query = new URLSearchParams(request.query);
  return {
    url: request.query === '' ? request.path : `${request.path}?${request.query}`,
    method: request.method,
    request: {
      header: (name) => fieldValue(request.fields, name),
      query: (name) => query.get(name) ?? undefined,
      path: (name) => (Object.hasOwn(path, name) ? path[name] : undefined),
      body: undefined,
    },
    response: undefined,
    credential: undefined,
    state: {},
  };
}

/** What expressions can read of a response; `body` is its content as a value. */
export function responseValues(
  response: ResponseMessage,
  body: Json | undefined,
): ExpressionMessage & { readonly status: number } {
  return {
    status: response.status,
    header: (name) => fieldValue(response.fields, name),
    query: () => undefined,
    path: () => undefined,
    body,
  };
}
