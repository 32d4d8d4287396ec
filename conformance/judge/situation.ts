/** What the contract makes of a request, whoever sends it: valid or not, with which credential, and what may come of it. */

import {
  type Contract,
  type Operation,
  operationFor,
  responseNamed,
  type SecurityRequirement,
  type SecurityScheme,
} from '../../openapi/contract.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import type { RequestMessage } from '../../openapi/http/message.js';
import { describedContent, parseContent, readRequest } from '../../openapi/http/validate.js';
import type { Json } from '../../openapi/json.js';
import { credentialOf } from '../../openapi/rules/credential.js';
import type { StateReader } from '../../openapi/rules/entries.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { requestScope, scopeWith } from '../../openapi/rules/scope.js';
import { type Choice, permitted } from '../../openapi/rules/state.js';
import type { Possible, Situation } from './judge.js';

/** A situation, and what the expressions of its rules are evaluated over. */
export type Placed = { readonly situation: Situation; readonly scope: Scope };

/** A reader of the state at an instant, with the credentials that are good where no rule says which are. */
export type View = {
  readonly state: StateReader;
  readonly now: number;
  readonly credentials: { has(credential: string): boolean | 'unknown' };
};

const nowhere = { violations: [], inferred: false, authentication: 'not-needed', permitted: [] } as const;

/** Places a request in the contract and in the state. */
export function situationOf(contract: Contract, sent: RequestMessage, view: View): Placed {
  // Content of no bytes is no content: nobody can tell them apart (RFC 9112, section 6.3).
  const request = sent.content?.byteLength === 0 ? { ...sent, content: undefined } : sent;
  const match = matchRequest(contract, request);
  const scope = requestScope(request, match?.parameters ?? {});
  if (match === undefined)
    return { situation: { ...nowhere, kind: 'unknown-path', operation: undefined, methods: [] }, scope };
  const { methods } = match;
  const operation = operationFor(match.value, request.method);
  if (operation === undefined)
    return { situation: { ...nowhere, kind: 'undocumented-method', operation, methods }, scope };

  const access = accessTo(operation, request, scope, view);
  const base = { operation, methods, authentication: access.authentication };
  const content = describedContent(operation, request);
  if (content === 'unsupported') {
    const situation = {
      ...nowhere,
      ...base,
      kind: 'unsupported-content',
      permitted: access.refusals,
    } as const;
    const read = requestScope(request, match.parameters, contentAsJson(request));
    return { situation, scope: scopeWith(read, { credential: access.credential }) };
  }
  const { values, violations } = readRequest(contract, operation, request, match.parameters, content);
  const full = scopeWith(scope, { request: values, credential: access.credential });
  const inferred =
    violations.length > 0 && violations.every(({ place }) => contract.reasonFor(place) !== undefined);
  const isRefused = access.authentication === 'missing' || access.authentication === 'refused';
  const own = isRefused ? [] : ofOperation(operation, full, view);
  const kind = violations.length > 0 ? 'invalid' : 'valid';
  const { authentication, refusals } = access;
  const all = refusals.length === 0 ? own : [...refusals, ...own];
  return {
    situation: { operation, methods, authentication, kind, violations, inferred, permitted: all },
    scope: full,
  };
}

/** What a server reads that does not look at the media type: the content as JSON. */
function contentAsJson({ content = new Uint8Array() }: RequestMessage): Json | undefined {
  const parsed = parseContent(content, { type: 'application', subtype: 'json', parameters: [] });
  return parsed.kind === 'value' ? parsed.value : undefined;
}

type Access = {
  readonly authentication: Situation['authentication'];
  readonly credential: string | undefined;
  /** What the rules of the schemes answer, certainly or maybe. */
  readonly refusals: readonly Possible[];
};

/**
 * Whether one of the security requirements is met; the one that a credential was sent for counts first. Where none is met
 * for sure, the contract does not say of which of them the refusal speaks.
 */
function accessTo(operation: Operation, request: RequestMessage, scope: Scope, view: View): Access {
  const outcomes = operation.security.map((requirement) =>
    accessBy(requirement, operation, request, scope, view),
  );
  const [best, ...others] = inOrder(outcomes, ['accepted', 'uncertain', 'not-needed', 'refused', 'missing']);
  if (best === undefined) return { authentication: 'not-needed', credential: undefined, refusals: [] };
  if (best.authentication === 'accepted' || best.authentication === 'not-needed') return best;
  return { ...best, refusals: [best, ...others].flatMap(({ refusals }) => refusals) };
}

/** All schemes of a requirement must be satisfied, and each may be looked at first. */
function accessBy(
  requirement: SecurityRequirement,
  operation: Operation,
  request: RequestMessage,
  scope: Scope,
  view: View,
): Access {
  const outcomes = requirement.map(({ scheme }) => accessWith(scheme, operation, request, scope, view));
  const [worst] = inOrder(outcomes, ['missing', 'refused', 'uncertain', 'accepted', 'not-needed']);
  if (worst === undefined) return { authentication: 'not-needed', credential: undefined, refusals: [] };
  return {
    authentication: worst.authentication,
    credential: outcomes.find(({ credential }) => credential !== undefined)?.credential,
    refusals: outcomes.flatMap(({ refusals }) => refusals),
  };
}

function accessWith(
  scheme: SecurityScheme,
  operation: Operation,
  request: RequestMessage,
  scope: Scope,
  view: View,
): Access {
  const credential = credentialOf(scheme, request);
  const isTransport = scheme.carrier.kind === 'mutualTLS';
  const isSent = credential !== undefined && (credential !== '' || isTransport);
  const { choices } = permitted(scheme.transitions, scopeWith(scope, { credential }), view.state, view.now);
  const refusals = choices.flatMap((choice) => possibleOf(operation, choice, 'security'));
  const access = (authentication: Access['authentication']): Access => ({
    authentication,
    credential,
    refusals,
  });
  if (choices.some(({ doubts, transition }) => doubts.length === 0 && !transition.alternative))
    return access(isSent ? 'refused' : 'missing');
  if (choices.length > 0) return access('uncertain');
  if (scheme.transitions.length > 0) return access('accepted');
  if (isTransport) return access('uncertain'); // the certificate is not in the message
  if (!isSent) return access('missing');
  const isGood = view.credentials.has(credential);
  if (isGood === 'unknown') return access('uncertain');
  return access(isGood ? 'accepted' : 'refused');
}

function inOrder(outcomes: readonly Access[], order: readonly Access['authentication'][]): readonly Access[] {
  if (outcomes.length < 2) return outcomes;
  return outcomes.toSorted((a, b) => order.indexOf(a.authentication) - order.indexOf(b.authentication));
}

function ofOperation(operation: Operation, scope: Scope, view: View): Possible[] {
  const { choices } = permitted(operation.transitions, scope, view.state, view.now);
  return choices.flatMap((choice) => possibleOf(operation, choice, 'operation'));
}

/** A choice with the response that it answers with: one that the operation documents, as loading has made sure. */
function possibleOf(operation: Operation, choice: Choice, of: Possible['of']): Possible[] {
  const { status, example } = choice.transition.response;
  const response = responseNamed(operation, status);
  return response === undefined ? [] : [{ choice, response, example, of }];
}
