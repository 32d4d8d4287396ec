/** What expressions are evaluated over, made from messages. Members are written out: one is made for every request. */

import { fieldValue, type RequestMessage, type ResponseMessage } from '../http/message.js';
import type { Json } from '../json.js';
import type { ExpressionMessage, Scope } from './expression.js';

/** What expressions can read of a request before it has been held against its operation: parameters as text, no body but the given. */
export function requestScope(
  request: RequestMessage,
  path: Readonly<Record<string, string>>,
  body?: Json,
): Scope {
  return {
    url: request.query === '' ? request.path : `${request.path}?${request.query}`,
    method: request.method,
    request: new SentValues(request, path, undefined, body),
    response: undefined,
    credential: undefined,
    state: nothingNamed,
    entries: undefined,
  };
}

const nothingNamed = {};

/** The same, with these parts in place of its own. They are written out because a spread costs more than all else here. */
export function scopeWith(scope: Scope, parts: Partial<Omit<Scope, 'url' | 'method'>>): Scope {
  return {
    url: scope.url,
    method: scope.method,
    request: parts.request ?? scope.request,
    response: parts.response ?? scope.response,
    credential: parts.credential ?? scope.credential,
    state: parts.state ?? scope.state,
    entries: parts.entries ?? scope.entries,
  };
}

/** The values of a request: as text, but for what has been read as its operation describes it. */
export class SentValues implements ExpressionMessage {
  readonly body: Json | undefined;
  readonly #message: RequestMessage;
  readonly #path: Readonly<Record<string, string>>;
  readonly #read: ReadonlyMap<string, Json> | undefined;
  #query: URLSearchParams | undefined;

  /** `read` has the values of parameters by where they are and their name: `query limit`. */
  constructor(
    message: RequestMessage,
    path: Readonly<Record<string, string>>,
    read?: ReadonlyMap<string, Json>,
    body?: Json,
  ) {
    this.body = body;
    this.#message = message;
    this.#path = path;
    this.#read = read;
  }

  header(name: string): string | undefined {
    return fieldValue(this.#message.fields, name);
  }

  query(name: string): Json | undefined {
    const read = this.#read?.get(`query ${name}`);
    if (read !== undefined) return read;
    if (this.#message.query === '') return undefined;
    this.#query ??= new URLSearchParams(this.#message.query);
    return this.#query.get(name) ?? undefined;
  }

  path(name: string): Json | undefined {
    return (
      this.#read?.get(`path ${name}`) ?? (Object.hasOwn(this.#path, name) ? this.#path[name] : undefined)
    );
  }
}

/** What expressions can read of a response; `body` is its content as a value. */
export function responseValues(
  response: ResponseMessage,
  body: Json | undefined,
): ExpressionMessage & { readonly status: number } {
  return new AnsweredValues(response, body);
}

class AnsweredValues implements ExpressionMessage {
  readonly status: number;
  readonly body: Json | undefined;
  readonly #fields: ResponseMessage['fields'];

  constructor({ status, fields }: ResponseMessage, body: Json | undefined) {
    this.status = status;
    this.body = body;
    this.#fields = fields;
  }

  header(name: string): string | undefined {
    return fieldValue(this.#fields, name);
  }

  query(): undefined {
    return undefined;
  }

  path(): undefined {
    return undefined;
  }
}
