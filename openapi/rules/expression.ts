/** Runtime expressions (OpenAPI 3.1, 4.8.20.4; Arazzo 1.0, 5.7): parsed once, evaluated over an exchange and its state. */

import { type Json, pointerTokens, valueAt } from '../json.js';
import { knownAt } from './unknown.js';

export type Expression =
  | { readonly kind: 'url' | 'method' | 'status-code' | 'credential' }
  | {
      readonly kind: 'part';
      readonly of: 'request' | 'response';
      readonly part: 'header' | 'query' | 'path';
      readonly name: string;
    }
  | { readonly kind: 'body'; readonly of: 'request' | 'response'; readonly tokens: readonly string[] }
  | { readonly kind: 'state'; readonly name: string; readonly tokens: readonly string[] };

/** One side of an exchange, as expressions read it. A part that is not there is undefined. */
export type ExpressionMessage = {
  header(name: string): string | undefined;
  query(name: string): Json | undefined;
  path(name: string): Json | undefined;
  readonly body: Json | undefined;
};

/** What expressions are evaluated over. `state` holds the records that a transition has named. */
export type Scope = {
  readonly url: string;
  readonly method: string;
  readonly request: ExpressionMessage;
  readonly response: (ExpressionMessage & { readonly status: number }) | undefined;
  readonly credential: string | undefined;
  readonly state: Readonly<Record<string, Json>>;
  /**
   * The records of a collection, in the order in which they came; undefined when it holds nothing and never did. Only who
   * has the whole state can tell.
   */
  readonly entries?: ((collection: string) => readonly Json[] | undefined) | undefined;
};

const simple = {
  $url: 'url',
  $method: 'method',
  $statusCode: 'status-code',
  $credential: 'credential',
} as const;

/** Parses an expression that begins with `$`; undefined when it is none that we know. */
export function parseExpression(text: string): Expression | undefined {
  if (Object.hasOwn(simple, text)) return { kind: simple[text as keyof typeof simple] };
  const part = /^\$(request|response)\.(header|query|path)\.([^#]+)$/.exec(text);
  if (part !== null) {
    const [, of, kind, name] = part;
    if (isSide(of) && isPart(kind) && name !== undefined) return { kind: 'part', of, part: kind, name };
  }
  const body = /^\$(request|response)\.body(?:#(\/.*)?)?$/s.exec(text);
  if (body !== null && isSide(body[1]))
    return { kind: 'body', of: body[1], tokens: pointerTokens(body[2] ?? '') };
  const state = /^\$state\.([A-Za-z0-9_-]+)(?:#(\/.*)?)?$/s.exec(text);
  if (state?.[1] !== undefined)
    return { kind: 'state', name: state[1], tokens: pointerTokens(state[2] ?? '') };
  return undefined;
}

/** The value of an expression; undefined when what it names is not there. */
export function evaluate(expression: Expression, scope: Scope): Json | undefined {
  switch (expression.kind) {
    case 'url':
      return scope.url;
    case 'method':
      return scope.method;
    case 'status-code':
      return scope.response?.status;
    case 'credential':
      return scope.credential;
    case 'body':
      return valueAt(scope[expression.of]?.body, expression.tokens);
    case 'state':
      return knownAt(ownValue(scope.state, expression.name), expression.tokens);
    case 'part':
      return scope[expression.of]?.[expression.part](expression.name);
  }
}

function ownValue(values: Readonly<Record<string, Json>>, name: string): Json | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isSide(text: string | undefined): text is 'request' | 'response' {
  return text === 'request' || text === 'response';
}

function isPart(text: string | undefined): text is 'header' | 'query' | 'path' {
  return text === 'header' || text === 'query' || text === 'path';
}
