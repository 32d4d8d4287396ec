/** The second step: whether a request carries a credential that the operation accepts (RFC 9110, section 11). */

import type { Operation, SecurityRequirement, SecurityScheme } from '../openapi/contract.js';
import type { RequestMessage } from '../openapi/http/message.js';
import { credentialOf } from '../openapi/rules/credential.js';
import type { Scope } from '../openapi/rules/expression.js';
import { type Choice, permitted, type Refusal, type StateReader } from '../openapi/rules/state.js';

export type Authentication =
  | { readonly kind: 'authenticated'; readonly credential: string | undefined }
  /** A rule of the security scheme refuses the credential, or that there is none. */
  | {
      readonly kind: 'rejected';
      readonly credential: string | undefined;
      readonly choice: Choice;
      readonly refused: readonly Refusal[];
    }
  /** No rule speaks of it, and no credential was sent: these are the challenges (RFC 9110, section 11.6.1). */
  | { readonly kind: 'challenged'; readonly challenges: readonly string[] };

/**
 * Holds a request against the security requirements of its operation. Any one requirement suffices; one for which
 * a credential was sent comes before one that would do without.
 */
export function authenticate(
  operation: Operation,
  request: RequestMessage,
  scope: Scope,
  state: StateReader,
  now: number,
  realm: string,
): Authentication {
  if (operation.security.length === 0) return { kind: 'authenticated', credential: undefined };
  const outcomes = operation.security.map((requirement) =>
    satisfied(requirement, request, scope, state, now, realm),
  );
  const challenges = outcomes.flatMap((outcome) => (outcome.kind === 'challenged' ? outcome.challenges : []));
  return (
    withCredential(outcomes.filter(({ kind }) => kind === 'authenticated')) ??
    withCredential(outcomes.filter(({ kind }) => kind === 'rejected')) ?? { kind: 'challenged', challenges }
  );
}

function withCredential(outcomes: readonly Authentication[]): Authentication | undefined {
  const sent = outcomes.find((outcome) => 'credential' in outcome && outcome.credential !== undefined);
  return sent ?? outcomes[0];
}

/** All schemes of a requirement must be satisfied; the credential is that of the first. */
function satisfied(
  requirement: SecurityRequirement,
  request: RequestMessage,
  scope: Scope,
  state: StateReader,
  now: number,
  realm: string,
): Authentication {
  let first: string | undefined;
  for (const { scheme } of requirement) {
    const credential = credentialOf(scheme, request);
    const judged = permitted(scheme.transitions, { ...scope, credential }, state, now);
    const [choice] = judged.choices.filter(({ transition }) => !transition.alternative);
    if (choice !== undefined) return { kind: 'rejected', credential, choice, refused: judged.refused };
    if (isMissing(scheme, credential)) {
      return { kind: 'challenged', challenges: requirement.map((each) => challenge(each.scheme, realm)) };
    }
    first ??= credential;
  }
  return { kind: 'authenticated', credential: first };
}

/** Without rules any credential will do; the name of a scheme alone is none. */
function isMissing({ carrier, transitions }: SecurityScheme, credential: string | undefined): boolean {
  return transitions.length === 0 && carrier.kind !== 'mutualTLS' && (credential ?? '') === '';
}

/** The challenges of an operation, one for each of its schemes: what a 401 says (RFC 9110, section 15.5.2). */
export function challengesOf({ security }: Operation, realm: string): readonly string[] {
  return [...new Set(security.flat().map(({ scheme }) => challenge(scheme, realm)))];
}

function challenge({ carrier, name }: SecurityScheme, realm: string): string {
  const quotedRealm = `realm="${quotable(realm)}"`;
  switch (carrier.kind) {
    case 'http':
      return `${httpScheme(carrier.scheme)} ${quotedRealm}${carrier.scheme === 'digest' ? digest : ''}`;
    case 'apiKey':
      return `ApiKey ${quotedRealm}, in="${carrier.in}", name="${quotable(carrier.parameter)}"`;
    default:
      return carrier.kind === 'mutualTLS'
        ? `Mutual ${quotedRealm}, scheme="${quotable(name)}"`
        : `Bearer ${quotedRealm}`;
  }
}

/** What a client needs to answer a Digest challenge (RFC 7616, section 3.3). Its answer is not looked into. */
const digest = ', qop="auth", algorithm=SHA-256, nonce="636f756e746572666f696c"';

/** A scheme that has no name could be any. */
function httpScheme(scheme: string): string {
  return scheme === '' ? 'Bearer' : `${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}`;
}

/** What stands inside a quoted string (RFC 9110, section 5.6.4); what no field can hold becomes a question mark. */
function quotable(text: string): string {
  return text.replace(/[^\t\x20-\x7e\xa0-\xff]/g, '?').replace(/["\\]/g, '\\$&');
}
