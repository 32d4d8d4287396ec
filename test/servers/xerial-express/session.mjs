/** Sessions, which are their refresh tokens: made, verified, ended. */

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { defect, now } from '../control.mjs';

const minute = 60;
const day = 86_400;
const secret = randomBytes(32);

/** The stored refresh tokens, each with its user; as in the template, no access token is stored. */
export const sessions = new Map();
/** Refresh tokens that are gone, for the defects that bring them back. */
export const gone = new Map();

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = (input) => createHmac('sha256', secret).update(input).digest('base64url');

function token(user, type, seconds) {
  const iat = now();
  const claims = { sub: user, iat, exp: iat + seconds, type, jti: randomUUID() };
  if (defect === 'exp-in-milliseconds') claims.exp *= 1000;
  if (defect === 'iat-in-milliseconds') claims.iat *= 1000;
  if (defect === 'sub-of-another-user') claims.sub = [...sessions.values(), ...gone.values()][0] ?? user;
  if (defect === 'sub-missing') delete claims.sub;
  if (defect === 'type-missing') delete claims.type;
  const input = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${input}.${signature(input)}`;
}

/** The claims of a token; undefined when it is none, or not signed by this server. */
export function verified(text) {
  const [header = '', claims = '', signed = '', ...more] = text.split('.');
  const { alg } = decoded(header) ?? {};
  if (more.length > 0) return undefined;
  if (defect === 'alg-none-accepted' && /^none$/i.test(alg)) return decoded(claims);
  if (defect === 'signature-unchecked') return decoded(claims);
  return alg === 'HS256' && signed === signature(`${header}.${claims}`) ? decoded(claims) : undefined;
}

export function decoded(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A new pair, of which the refresh token is stored. */
export function pairFor(user) {
  const short = defect === 'lives-of-the-template';
  const [accessLife, refreshLife] = short ? [30 * minute, 30 * day] : [140 * minute, 1440 * day];
  const access = { token: token(user, 'access', accessLife), expires: expiry(accessLife) };
  const refresh = { token: token(user, 'refresh', refreshLife), expires: expiry(refreshLife) };
  if (defect === 'expires-not-as-exp') access.expires = expiry(accessLife + 60 * minute);
  sessions.set(refresh.token, user);
  return { access, refresh };
}

function expiry(seconds) {
  const instant = (now() + seconds) * 1000;
  if (defect === 'expires-a-number') return instant;
  if (defect === 'expires-without-time') return new Date(instant).toISOString().slice(0, 10);
  if (defect === 'expires-in-words') return new Date(instant).toUTCString();
  return new Date(instant).toISOString();
}

export function end(refreshToken) {
  gone.set(refreshToken, sessions.get(refreshToken));
  if (defect === 'logout-late') setTimeout(() => sessions.delete(refreshToken), 300);
  else sessions.delete(refreshToken);
}
