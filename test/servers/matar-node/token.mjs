/** Access and refresh tokens: made, verified, expired, revoked. */

import { createHmac, randomBytes } from 'node:crypto';
import { defect, now } from '../control.mjs';
import { users } from './user.mjs';

const minute = 60;
const day = 86_400;
export const secret = randomBytes(32);

/** Since when a token is revoked, by its jti: on a clock that nobody moves, and on the server's. */
export const revoked = new Map();
/** Every login, for the defects that end or revive what they should leave alone. */
export const logins = [];

export function claimsFor(user, type, jti) {
  const iat = now();
  const claims = {
    fresh: type === 'access',
    iat,
    jti,
    type,
    sub: user._id,
    nbf: iat,
    exp: iat + (type === 'access' ? 10 * day : 60 * day),
  };
  const [first] = users.values();
  if (defect === 'exp-in-milliseconds') claims.exp *= 1000;
  if (defect === 'access-lives-15-minutes' && type === 'access') claims.exp = iat + 15 * minute;
  if (defect === 'refresh-lives-30-days' && type === 'refresh') claims.exp = iat + 30 * day;
  if (defect === 'jti-of-the-user') claims.jti = uuidOf(`${type} ${user._id}`);
  if (defect === 'sub-of-another-user') claims.sub = first._id;
  if (defect === 'nbf-in-the-future') claims.nbf = iat + 5 * minute;
  if (defect === 'nbf-missing') delete claims.nbf;
  if (defect === 'fresh-missing') delete claims.fresh;
  if (defect === 'iat-in-the-past') claims.iat -= 60 * minute;
  if (defect === 'sub-a-number') claims.sub = [...users.values()].indexOf(user) + 1;
  return claims;
}

/** The same UUID for the same text. */
function uuidOf(text) {
  const hex = createHmac('sha256', secret).update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const algorithm = defect === 'signed-with-hs512' ? ['HS512', 'sha512'] : ['HS256', 'sha256'];
const signature = (input) => createHmac(algorithm[1], secret).update(input).digest('base64url');

export function sign(claims) {
  const header = defect === 'typ-missing' ? { alg: algorithm[0] } : { alg: algorithm[0], typ: 'JWT' };
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${signature(input)}`;
}

const opaqueTokens = new Map();

export function opaque(token) {
  const text = randomBytes(24).toString('hex');
  opaqueTokens.set(text, token);
  return text;
}

/** The claims of a token whose signature is ours; undefined for anything else. */
export function verified(text) {
  const token = opaqueTokens.get(text) ?? text;
  const [header = '', claims = '', signed = '', ...more] = token.split('.');
  if (more.length > 0) return undefined;
  const { alg } = decoded(header) ?? {};
  const expected = signature(`${header}.${claims}`);
  if (defect === 'alg-none-accepted' && /^none$/i.test(alg)) return decoded(claims);
  if (defect === 'signature-unchecked') return decoded(claims);
  if (defect === 'signature-start-only')
    return expected.startsWith(signed.slice(0, 8)) ? decoded(claims) : undefined;
  return alg === algorithm[0] && signed === expected ? decoded(claims) : undefined;
}

function decoded(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isExpired({ exp }) {
  if (defect === 'expired-accepted') return false;
  if (defect === 'expired-by-an-hour-accepted') return now() >= exp + 60 * minute;
  return now() >= exp;
}

export function isRevoked(jti) {
  const { since = Number.POSITIVE_INFINITY, day: revokedOn } = revoked.get(jti) ?? {};
  if (defect === 'revocation-forgotten-after-a-day' && now() >= revokedOn + day) return false;
  return performance.now() >= since;
}

export function revoke(jti) {
  const since = performance.now() + (defect === 'logout-late' ? 300 : 0);
  revoked.set(jti, { since, day: now() });
}

export const loginsOf = (phone) => logins.filter((login) => login.phone === phone);
