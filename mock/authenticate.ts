/** The second step: whether a request carries a credential that the operation accepts (RFC 9110, section 11). */

import type { Operation, SecurityRequirement, SecurityScheme } from '../openapi/contract.js';
import type { Field, RequestMessage } from '../openapi/http/message.js';
import { rememberedBy } from '../openapi/remembered.js';
import { credentialOf } from '../openapi/rules/credential.js';
import type { StateReader } from '../openapi/rules/entries.js';
import type { Scope } from '../openapi/rules/expression.js';
import { scopeWith } from '../openapi/rules/scope.js';
import { type Choice, permitted, type Refusal } from '../openapi/rules/state.js';

export type Authentication =
  | Judged
  /** No rule speaks of it, and no credential was sent: these are the challenges (RFC 9110, section 11.6.1). */
  | { readonly kind: 'challenged'; readonly challenges: readonly string[] };

type Judged =
  | { readonly kind: 'authenticated'; readonly credential: string | undefined }
  /** A rule of the security scheme refuses the credential, or that there is none. */
  | {
      readonly kind: 'rejected';
      readonly credential: string | undefined;
      readonly choice: Choice;
      readonly refused: readonly Refusal[];
    };

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
  let best: Judged | undefined;
  for (const requirement of operation.security) {
    const outcome = satisfied(requirement, request, scope, state, now);
    if (outcome !== undefined && (best === undefined || worth(outcome) > worth(best))) best = outcome;
  }
  return best ?? { kind: 'challenged', challenges: challengesOf(operation, realm) };
}

/** What is authenticated comes before what is rejected, and of either what was sent. */
function worth({ kind, credential }: Judged): number {
  return (kind === 'authenticated' ? 2 : 0) + (credential === undefined ? 0 : 1);
}

/** All schemes of a requirement must be satisfied; the credential is that of the first. Undefined where one is missing. */
function satisfied(
  requirement: SecurityRequirement,
  request: RequestMessage,
  scope: Scope,
  state: StateReader,
  now: number,
): Judged | undefined {
  let first: string | undefined;
  for (const { scheme } of requirement) {
    const credential = credentialOf(scheme, request);
    const judged = permitted(scheme.transitions, scopeWith(scope, { credential }), state, now);
    const choice = judged.choices.find(({ transition }) => !transition.alternative);
    if (choice !== undefined) return { kind: 'rejected', credential, choice, refused: judged.refused };
    if (isMissing(scheme, credential)) return undefined;
    first ??= credential;
  }
  return { kind: 'authenticated', credential: first };
}

/** Without rules any credential will do; the name of a scheme alone is none. */
function isMissing({ carrier, transitions }: SecurityScheme, credential: string | undefined): boolean {
  return transitions.length === 0 && carrier.kind !== 'mutualTLS' && (credential ?? '') === '';
}

function challengesOf({ security }: Operation, realm: string): readonly string[] {
  return security.flat().map(({ scheme }) => challenge(scheme, realm));
}

/** The challenges of an operation, a field for each of its schemes: what a 401 says (RFC 9110, section 15.5.2). */
export const challengeFields: (operation: Operation, realm: string) => readonly Field[] = rememberedBy(
  (operation, realm) =>
    Array.from(new Set(challengesOf(operation, realm)), (each): Field => ['www-authenticate', each]),
);

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
