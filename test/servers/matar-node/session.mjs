/** GET /api/v1/get_current_user and POST /api/v1/logout: what an access token opens, and its end. */

import { defect, pause } from '../control.mjs';
import { json } from './answer.mjs';
import { happened, mistakenWhenShown } from './deep.mjs';
import { isExpired, isRevoked, logins, loginsOf, revoke, revoked, verified } from './token.mjs';
import { users } from './user.mjs';

/** The claims of the access token that a request carries, or the 401. */
function authenticate({ headers }, call) {
  const [, scheme = '', token = ''] = /^(\S+)(?: +(.*))?$/.exec(headers.authorization ?? '') ?? [];
  const isBearer =
    defect === 'scheme-case-sensitive' ? scheme === 'Bearer' : scheme.toLowerCase() === 'bearer';
  const isTaken = isBearer || (defect === 'any-scheme-accepted' && token !== '');
  if (!isTaken) return { answer: missingToken() };
  if (defect === '500-on-garbage-token' && token.split('.').length !== 3)
    throw new Error('not enough segments');
  const claims = verified(token);
  if (claims === undefined) return { answer: invalidToken() };
  const anyType = defect === 'refresh-as-access' || defect === 'tokens-swapped';
  if (claims.type !== 'access' && !anyType) return { answer: invalidToken() };
  if (isExpired(claims)) return { answer: expiredToken() };
  if (isRevoked(claims.jti) && !(defect === 'revocation-for-logout-only' && call !== 'logout')) {
    return { answer: revokedToken(), revoked: claims };
  }
  return { claims };
}

const challenge = (error) => ({
  'www-authenticate': `Bearer realm="matar"${error ? ', error="invalid_token"' : ''}`,
});

function missingToken() {
  const body = { description: 'Request does not contain an access token.', error: 'authorization_required' };
  if (defect === 'missing-token-status-400') return json(400, body);
  if (defect === 'missing-token-said-invalid') return invalidToken();
  return json(401, body, challenge(false));
}

function invalidToken() {
  return json(
    401,
    { description: 'Signature verification failed.', error: 'invalid_token' },
    challenge(true),
  );
}

function expiredToken() {
  if (defect === 'expired-said-revoked') return revokedToken();
  if (defect === 'expired-word')
    return json(401, { description: 'Token has expired', error: 'token_expired' });
  const body = { description: 'The token has expired.', error: 'token_expired' };
  if (defect === 'expired-status-200') return json(200, body);
  return json(401, body, challenge(true));
}

function revokedToken() {
  const body = { description: 'The token has been revoked.', error: 'token_revoked' };
  if (defect === 'revoked-word') body.description = 'Token has been revoked.';
  if (defect === 'revoked-error-word') body.error = 'revoked_token';
  if (defect === 'revoked-status-403') return json(403, body);
  return json(401, body, challenge(true));
}

export function getCurrentUser(request) {
  const { claims, answer } = authenticate(request, 'get_current_user');
  const [first] = users.values();
  if (defect === 'missing-token-shows-a-user' && !request.headers.authorization)
    return json(200, first ?? {});
  if (answer !== undefined) return answer;
  const user = userShown(claims);
  if (user === undefined) return invalidToken();
  happened('shown', user.phone_number, { jti: claims.jti });
  if (defect === 'user-without-language') return json(200, { ...user, language: undefined });
  if (defect === 'user-extra-field') return json(200, { ...user, is_admin: false });
  if (defect === 'user-id-renamed') return json(200, { id: user._id, ...user, _id: undefined });
  if (defect === 'user-in-a-list') return json(200, [user]);
  if (defect === 'roles-a-list') return json(200, { ...user, roles: user.roles.default });
  if (defect === 'phone-number-a-number')
    return json(200, { ...user, phone_number: Number(user.phone_number) });
  return json(200, user);
}

function userShown({ sub, jti }) {
  if (defect === 'user-of-the-last-login') return users.get(logins.at(-1).phone);
  const other = mistakenWhenShown(jti);
  return other === undefined ? userWithId(sub) : users.get(other);
}

function userWithId(id) {
  if (defect === 'sub-a-number') return [...users.values()][id - 1];
  return [...users.values()].find((user) => user._id === id);
}

export async function logout(request) {
  if (defect === 'missing-token-logs-out' && !request.headers.authorization) return loggedOut();
  const { claims, answer, revoked: again } = authenticate(request, 'logout');
  if (defect === 'second-logout-200' && again !== undefined) return loggedOut();
  if (defect === 'second-logout-revives' && again !== undefined) revoked.delete(again.jti);
  if (again !== undefined) happened('refused', phoneOf(again), { jti: again.jti });
  if (answer !== undefined) return answer;
  if (defect === 'concurrent-logouts') await pause(50);
  const own = logins.find(({ access }) => access.jti === claims.jti);
  const others = logins.filter(({ phone }) => phone !== own?.phone);
  if (defect === 'logout-does-nothing') return loggedOut();
  if (defect === 'logout-ends-refresh-only') {
    revoke(own.refresh.jti);
    return loggedOut();
  }
  if (defect === 'logout-ends-all-sessions') for (const each of loginsOf(own.phone)) revoke(each.access.jti);
  if (defect === 'logout-ends-everybodys') for (const each of logins) revoke(each.access.jti);
  if (defect === 'logout-ends-another-users' && others.length > 0) revoke(others.at(-1).access.jti);
  if (defect === 'logout-forgets-user') users.delete(own.phone);
  revoke(claims.jti);
  happened('logged-out', own?.phone, { jti: claims.jti });
  return loggedOut();
}

const phoneOf = ({ jti }) => logins.find(({ access }) => access.jti === jti)?.phone;

let logouts = 0;

function loggedOut() {
  logouts += 1;
  if (defect === 'logout-word') return json(200, { message: 'Logged out successfully' });
  if (defect === 'logout-letter-case') return json(200, { message: 'Successfully Logged Out' });
  if (defect === 'logout-extra-field')
    return json(200, { message: 'Successfully logged out', status: 'success' });
  if (defect === 'logout-message-a-list') return json(200, { message: ['Successfully logged out'] });
  if (defect === 'logout-message-renamed') return json(200, { msg: 'Successfully logged out' });
  if (defect === 'logout-status-204') return { status: 204, fields: {}, text: '' };
  if (defect === 'sometimes-another-word' && logouts % 3 === 0) return json(200, { message: 'Logged out' });
  return json(200, { message: 'Successfully logged out' });
}
