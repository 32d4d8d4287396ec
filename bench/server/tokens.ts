/** Access tokens of Matar that load and servers know alike, without telling each other. */

import { signedToken } from '../../openapi/token.js';

const issued = 1_700_000_000;
const days = 24 * 60 * 60;

/** The token of one session among many; that of session 0 is revoked wherever it is known. */
export function sessionToken(index: number): string {
  const claims = {
    fresh: true,
    iat: issued,
    jti: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    type: 'access',
    sub: '39501T',
    nbf: issued,
    exp: issued + 10 * days,
  };
  return signedToken({ typ: 'JWT' }, claims, 'a secret of the benchmark');
}

/** The tokens of the sessions from 1 on. */
export function sessionTokens(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => sessionToken(index + 1));
}
