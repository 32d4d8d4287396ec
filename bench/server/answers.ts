/** What the floors answer: what the mock answers to the same requests, and nothing that they would have to remember. */

import { randomUUID } from 'node:crypto';
import { signedToken } from '../../openapi/token.js';
import { sessionToken } from './tokens.js';

/** An answer before it is written down. */
export type FloorAnswer = { readonly status: 200 | 400 | 401; readonly content: object };

const user = {
  _id: '39501T',
  image_url: null,
  language: 'hi-IN',
  name: 'Sri',
  phone_number: '917254326789',
  roles: { default: ['129487316'] },
};
const missing = { description: 'Request does not contain an access token.', error: 'authorization_required' };
const revoked = { description: 'The token has been revoked.', error: 'token_revoked' };
const revokedTokens = new Set([sessionToken(0)]);
const days = 24 * 60 * 60;

/** The answer to a request that breaks the contract. */
export const broken: FloorAnswer = { status: 400, content: { title: 'The request breaks the contract' } };

/** Both tokens, signed anew. */
export function loginAnswer(): FloorAnswer {
  return { status: 200, content: { access_token: token('access', 10), refresh_token: token('refresh', 60) } };
}

/** The answer of get_current_user. */
export function userAnswer(bearer: string | undefined): FloorAnswer {
  return refusal(bearer) ?? { status: 200, content: user };
}

/** The answer of logout. */
export function logoutAnswer(bearer: string | undefined): FloorAnswer {
  return refusal(bearer) ?? { status: 200, content: { message: 'Successfully logged out' } };
}

function refusal(bearer: string | undefined): FloorAnswer | undefined {
  if (bearer === undefined) return { status: 401, content: missing };
  return revokedTokens.has(bearer) ? { status: 401, content: revoked } : undefined;
}

/** The token of an Authorization field (RFC 6750, section 2.1). */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
}

function token(type: 'access' | 'refresh', lifetime: number): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { fresh: type === 'access', iat, jti: randomUUID(), type, sub: user._id, nbf: iat };
  return signedToken({ typ: 'JWT' }, { ...claims, exp: iat + lifetime * days }, 'a secret of the benchmark');
}
