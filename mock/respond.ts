/** One request through the mock: early returns in reading order, pure but for the random numbers that it draws. */

import { describedContent, readRequest } from '../openapi/http/validate.js';
import type { Scope } from '../openapi/rules/expression.js';
import { scopeWith } from '../openapi/rules/scope.js';
import { permitted } from '../openapi/rules/state.js';
import { answer, foundAnswer, methodsAnswer, problem, unmatchedAnswer } from './answer.js';
import { authenticate } from './authenticate.js';
import { type Answer, type Exchange, type MockContext, type MockRequest, rawScope } from './exchange.js';
import { matchOperation } from './match.js';
import { oauthAnswer } from './oauth2.js';
import { type Preferences, readPreferences } from './prefer.js';
import { challenge, contentTooLarge, invalid, notAcceptable, unsupportedMediaType } from './refuse.js';
import { forcedError, preferred, regular, selectionOf } from './select.js';

const noPreferences: Preferences = {
  code: undefined,
  example: undefined,
  dynamic: undefined,
  delay: undefined,
};

/** Answers a request. Never throws for anything that a client sends. */
export function respond(context: MockContext, request: MockRequest): Answer {
  const match = matchOperation(context.apis, request);
  if (match.kind === 'unmatched') return tokenAnswer(context, request) ?? unmatchedAnswer(match);
  if (match.kind === 'asked-for-methods') return methodsAnswer(match);

  const read = readPreferences(request);
  const preferences = read.kind === 'preferences' ? read.preferences : noPreferences;
  const exchange: Exchange = { context, request, matched: match, preferences };
  if (read.kind === 'impossible') return problem(exchange, 'prefer', 'impossible-preference', `${read.why}.`);
  const forced = forcedError(match.operation, preferences);
  if (forced?.kind === 'impossible')
    return problem(exchange, 'prefer', 'impossible-preference', `${forced.why}.`);
  if (forced !== undefined) return answer(exchange, 'prefer', forced.selection, rawScope(exchange), []);
  return accepted(exchange);
}

/** The answer where the contract names a place for tokens that is no operation of it. */
function tokenAnswer({ apis, random }: MockContext, request: MockRequest): Answer | undefined {
  for (const api of apis) {
    const endpoint = api.oauth.find(({ path }) => path === request.path);
    if (endpoint !== undefined) return foundAnswer(api, 'token', oauthAnswer(endpoint, request, random));
  }
  return undefined;
}

/** Steps two to eight, for a request that asks for no error. */
function accepted(exchange: Exchange): Answer {
  const { context, request, matched } = exchange;
  const { api, operation } = matched;
  const raw = rawScope(exchange);
  const authentication = authenticate(operation, request, raw, api.state, context.now, api.contract.title);
  if (authentication.kind === 'challenged' && context.auth)
    return challenge(exchange, authentication.challenges);
  if (authentication.kind === 'rejected') {
    const { credential, choice, refused } = authentication;
    const scope = scopeWith(raw, { credential });
    return answer(exchange, 'authenticate', selectionOf(operation, choice), scope, refused);
  }

  if (request.contentTooLarge) return contentTooLarge(exchange);
  const content = describedContent(operation, request);
  if (content === 'unsupported') return unsupportedMediaType(exchange);
  const unacceptable = notAcceptable(exchange);
  if (unacceptable !== undefined) return unacceptable;

  const { values, violations } = readRequest(api.contract, operation, request, matched.parameters, content);
  if (violations.length > 0) return invalid(exchange, violations);

  const credential = authentication.kind === 'challenged' ? undefined : authentication.credential;
  return select(exchange, scopeWith(raw, { request: values, credential }));
}

/** Step five: by preference, by rule, or the first success. */
function select(exchange: Exchange, scope: Scope): Answer {
  const { context, matched, preferences } = exchange;
  const { api, operation } = matched;
  const { choices, refused } = permitted(operation.transitions, scope, api.state, context.now);
  if (preferences.code !== undefined || preferences.example !== undefined) {
    const selected = preferred(operation, choices, preferences);
    if (selected.kind === 'impossible')
      return problem(exchange, 'prefer', 'impossible-preference', `${selected.why}.`);
    return answer(exchange, 'prefer', selected.selection, scope, refused);
  }
  const selection = regular(operation, choices);
  if (selection !== undefined) return answer(exchange, 'select', selection, scope, refused);
  if (operation.transitions.length === 0)
    return problem(exchange, 'select', 'no-response', `${operation.id} documents no response.`);
  const rules = operation.transitions.filter(({ alternative }) => !alternative);
  const detail = `None of the ${rules.length} rules of ${operation.id} holds. Add one without a guard to the contract.`;
  return problem(exchange, 'select', 'no-rule', detail, { refused });
}
