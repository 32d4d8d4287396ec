/** What the contract makes of a request, whoever sends it: valid or not, with which credential, and what may come of it. */

import { type Contract, type Operation, responseFor, type SecurityRequirement } from '../openapi/contract.js';
import { credentialOf } from '../openapi/credential.js';
import type { Scope } from '../openapi/expression.js';
import type { RequestMessage } from '../openapi/message.js';
import { requestScope } from '../openapi/scope.js';
import { type Choice, permitted, type StateReader } from '../openapi/state.js';
import { describedContent, readRequest } from '../openapi/validate.js';
import type { Possible, Situation } from './judge.js';

/** A situation, and what the expressions of its rules are evaluated over. */
export type Placed = { readonly situation: Situation; readonly scope: Scope };

/** A reader of the state at an instant, with the credentials that are good where no rule says which are. */
export type View = {
  readonly state: StateReader;
  readonly now: number;
  readonly credentials: ReadonlySet<string>;
};

const nowhere = { violations: [], inferred: false, authentication: 'not-needed', permitted: [] } as const;

/** Places a request in the contract and in the state. */
export function situationOf(contract: Contract, request: RequestMessage, view: View): Placed {
  const match = contract.match(request.path);
  const scope = requestScope(request, match?.parameters ?? {});
  if (match === undefined)
    return { situation: { ...nowhere, kind: 'unknown-path', operation: undefined, methods: [] }, scope };
  const { operations } = match.value;
  const methods = [...operations.keys()];
  const operation =
    operations.get(request.method) ?? (request.method === 'HEAD' ? operations.get('GET') : undefined);
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
    return { situation, scope: { ...scope, credential: access.credential } };
  }
  const { values, violations } = readRequest(contract, operation, request, match.parameters, content);
  const full: Scope = { ...scope, request: values, credential: access.credential };
  const inferred =
    violations.length > 0 && violations.every(({ place }) => contract.reasonFor(place) !== undefined);
  const isRefused = access.authentication === 'missing' || access.authentication === 'refused';
  const own = isRefused ? [] : ofOperation(operation, full, view);
  const kind = violations.length > 0 ? 'invalid' : 'valid';
  return {
    situation: { ...base, kind, violations, inferred, permitted: [...access.refusals, ...own] },
    scope: full,
  };
}

type Access = {
  readonly authentication: Situation['authentication'];
  readonly credential: string | undefined;
  /** What the rules of the schemes answer, certainly or maybe. */
  readonly refusals: readonly Possible[];
};

/** Whether one of the security requirements is met; the one that a credential was sent for counts first. */
function accessTo(operation: Operation, request: RequestMessage, scope: Scope, view: View): Access {
  const outcomes = operation.security.map((requirement) =>
    accessBy(requirement, operation, request, scope, view),
  );
  const order = ['accepted', 'uncertain', 'not-needed', 'refused', 'missing'] as const;
  const sorted = [...outcomes].sort(
    (a, b) => order.indexOf(a.authentication) - order.indexOf(b.authentication),
  );
  return sorted[0] ?? { authentication: 'not-needed', credential: undefined, refusals: [] };
}

function accessBy(
  requirement: SecurityRequirement,
  operation: Operation,
  request: RequestMessage,
  scope: Scope,
  view: View,
): Access {
  let credential: string | undefined;
  let certainty: 'accepted' | 'uncertain' | 'not-needed' =
    requirement.length === 0 ? 'not-needed' : 'accepted';
  const refusals: Possible[] = [];
  for (const { scheme } of requirement) {
    const sent = credentialOf(scheme, request);
    const isSent = sent !== undefined && (sent !== '' || scheme.carrier.kind === 'mutualTLS');
    credential ??= sent;
    const { choices } = permitted(scheme.transitions, { ...scope, credential: sent }, view.state, view.now);
    refusals.push(...choices.flatMap((choice) => possibleOf(operation, choice, 'security')));
    const isCertain = choices.some(
      ({ doubts, transition }) => doubts.length === 0 && !transition.alternative,
    );
    if (isCertain) return { authentication: isSent ? 'refused' : 'missing', credential: sent, refusals };
    if (choices.length > 0) certainty = 'uncertain';
    else if (scheme.transitions.length > 0) continue;
    else if (!isSent) return { authentication: 'missing', credential: sent, refusals };
    else if (!view.credentials.has(sent)) return { authentication: 'refused', credential: sent, refusals };
  }
  return { authentication: certainty, credential, refusals };
}

function ofOperation(operation: Operation, scope: Scope, view: View): Possible[] {
  const { choices } = permitted(operation.transitions, scope, view.state, view.now);
  return choices.flatMap((choice) => possibleOf(operation, choice, 'operation'));
}

/** A choice with the response that it answers with; none where the operation does not document it. */
function possibleOf(operation: Operation, choice: Choice, of: Possible['of']): Possible[] {
  const { status, example } = choice.transition.response;
  const response =
    operation.responses.find((documented) => documented.status === status) ??
    (/^\d{3}$/.test(status) ? responseFor(operation, Number(status)) : undefined);
  return response === undefined ? [] : [{ choice, response, example, of }];
}
