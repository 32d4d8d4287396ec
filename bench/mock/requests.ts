/** The documented calls of Matar that the mock and its floors are measured at. */

import type { LoadRequest } from '../load/request.js';
import { sessionToken, sessionTokens } from '../server/tokens.js';

const authorization = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});

/** The first of the tokens is revoked wherever it is known. */
export const refusedLogout: LoadRequest = {
  title: 'logout with a revoked token',
  method: 'POST',
  path: '/api/v1/logout',
  headers: authorization(sessionToken(0)),
  status: 401,
};

export const currentUser: LoadRequest = {
  title: 'get_current_user with a live token',
  method: 'GET',
  path: '/api/v1/get_current_user',
  headers: authorization(sessionToken(1)),
  status: 200,
};

/** The submit_otp of the documentation. */
export const login: LoadRequest = {
  title: 'login by submit_otp: two signed tokens',
  method: 'POST',
  path: '/api/v1/login',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' }),
  status: 200,
};

/** Logouts, each with another live token: each changes the state. */
export function logouts(sessions: number): LoadRequest {
  return {
    title: 'logout, each with another live token',
    method: 'POST',
    path: '/api/v1/logout',
    headers: {},
    bearers: sessionTokens(sessions),
    status: 200,
  };
}
