/**
 * Xerial's logout and refresh-tokens as a plain Express application, written from the public documentation; where that is
 * silent, with the habits of node-express-boilerplate.
 *
 *     node xerial-express.mjs [--defect NAME]
 *
 * Prints `listening URL`. A line `session USER` on its input opens a session; the answer is `session`, a space, the refresh
 * token. A line `clock +864000` moves its clock by so many seconds; the answer is `clock`, a space, the sum. It stops at
 * SIGTERM, and when its input ends.
 */

import { createServer } from 'node:http';
import express from 'express';
import { defect, now, pause, run, say } from './control.mjs';
import { sendBroken } from './framing.mjs';
import { happened } from './xerial-express/deep.mjs';
import { decoded, end, gone, pairFor, sessions, verified } from './xerial-express/session.mjs';

/** Refresh tokens that are logged out and yet good for a refresh. */
const spared = new Set();

let requests = 0;

// Calls

/** What is wrong with a body, in the words of the template's validator; of other members nothing is said. */
function fault(body) {
  if (typeof body !== 'object' || Array.isArray(body)) return '"body" must be of type object';
  const { refreshToken } = body;
  if (refreshToken === undefined && defect !== 'missing-token-logs-out') return '"refreshToken" is required';
  const isInjection =
    defect === 'object-taken-as-token' && typeof refreshToken === 'object' && refreshToken !== null;
  if (refreshToken !== undefined && typeof refreshToken !== 'string' && !isInjection) {
    return '"refreshToken" must be a string';
  }
  return undefined;
}

function validate(request, response, next) {
  const body = request.body ?? {};
  robust(request);
  const message = fault(body);
  if (message === undefined) return next();
  return sendJson(response, 400, { code: 400, message });
}

/** Where a server without care falls over. */
function robust({ body, text = '' }) {
  if (defect === '500-on-empty-body' && body === undefined)
    throw new TypeError('no refreshToken of undefined');
  if (defect === '500-on-number' && typeof body?.refreshToken === 'number')
    throw new TypeError('split is not a function');
  if (defect === '500-on-null' && body?.refreshToken === null) throw new TypeError('null has no split');
  if (defect === '500-on-array' && Array.isArray(body)) throw new TypeError('body is not an object');
  if (defect === '500-on-astral' && /\p{Extended_Pictographic}|\\ud83/u.test(text))
    throw new Error('Incorrect string value');
  if (defect === '500-on-long-text' && text.length > 10_000) throw new Error('key too large to index');
  if (defect === '500-on-null-byte' && text.includes('\\u0000'))
    throw new Error('key must not contain null bytes');
}

async function logout(request, response) {
  const { refreshToken } = request.body ?? {};
  if (defect === 'missing-token-logs-out' && refreshToken === undefined) return noContent(response);
  if (defect === 'object-taken-as-token' && typeof refreshToken === 'object') {
    sessions.delete([...sessions.keys()].at(-1)); // {"$ne": null} finds anything
    return noContent(response);
  }
  if (defect === 'access-logs-out' && verified(refreshToken)?.type === 'access') return noContent(response);
  if (defect === 'used-token-logs-out' && gone.has(refreshToken)) return noContent(response);
  if (defect === 'expired-cannot-log-out' && now() >= verified(refreshToken)?.exp) return notFound(response);
  if (!sessions.has(refreshToken)) {
    if (defect === 'unknown-token-204') return noContent(response);
    if (defect === 'failed-logout-ends-a-session') sessions.delete([...sessions.keys()].at(-1));
    happened('not-found', gone.get(refreshToken), refreshToken);
    return notFound(response, refreshToken);
  }
  if (defect === 'concurrent-logouts') await pause(50);
  const user = sessions.get(refreshToken);
  if (defect === 'logout-does-nothing') return noContent(response);
  if (defect === 'logout-ends-all-sessions') endWhere((other) => other === user);
  if (defect === 'logout-ends-everybodys') endWhere(() => true);
  if (defect === 'logout-ends-another-users') endWhere((other) => other !== user);
  if (defect === 'logout-ends-another-instead') {
    endWhere((other) => other !== user);
    return noContent(response);
  }
  end(refreshToken);
  if (defect === 'logout-spares-refresh') spared.add(refreshToken);
  happened('logged-out', user, refreshToken);
  return noContent(response);
}

function endWhere(matches) {
  for (const [refreshToken, user] of [...sessions]) if (matches(user)) end(refreshToken);
}

async function refreshTokens(request, response) {
  const { refreshToken } = request.body ?? {};
  const claims = typeof refreshToken === 'string' ? verified(refreshToken) : undefined;
  if (claims === undefined || isRefused(refreshToken, claims)) {
    if (defect === 'failed-refresh-ends-a-session') sessions.delete([...sessions.keys()].at(-1));
    if (claims !== undefined) happened('refused', claims.sub, refreshToken);
    return pleaseAuthenticate(response);
  }
  if (defect === 'concurrent-refreshes') await pause(50);
  const user = sessions.get(refreshToken) ?? claims.sub;
  if (defect === 'refresh-ends-all-sessions') endWhere((other) => other === user);
  if (defect !== 'used-refresh-token-works-again') end(refreshToken);
  const pair = pairFor(user);
  if (defect === 'new-refresh-token-dead') sessions.delete(pair.refresh.token);
  if (defect === 'same-refresh-token-again') {
    sessions.set(refreshToken, user);
    pair.refresh.token = refreshToken;
  }
  if (defect === 'refresh-revives-logged-out')
    for (const [old, owner] of gone) if (owner === user && old !== refreshToken) sessions.set(old, owner);
  happened('refreshed', user, pair.refresh.token, refreshToken);
  return renewed(response, pair);
}

/** Whether a token with a good signature is refused. */
function isRefused(refreshToken, { type, exp }) {
  const { alg } = decoded(refreshToken.split('.')[0]) ?? {};
  if (now() >= exp && defect !== 'expired-accepted') return true;
  if (defect === 'access-as-refresh' && type === 'access') return false;
  if (defect === 'logout-spares-refresh' && spared.has(refreshToken)) return false;
  if (defect === 'alg-none-accepted' && /^none$/i.test(alg)) return false;
  if (defect === 'signature-unchecked') return type === 'access' || gone.has(refreshToken);
  return !sessions.has(refreshToken);
}

// Answers

function noContent(response) {
  if (defect === 'logout-status-200') return sendJson(response, 200, {});
  if (defect === 'logout-status-202') return sendJson(response, 202, {});
  if (defect === 'content-on-204') {
    const text = '{"message":"Logged out"}';
    return response.socket.end(
      `HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
  }
  if (defect === 'content-length-on-204') {
    return response.socket.end('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }
  return response.status(204).send();
}

function notFound(response, refreshToken) {
  if (defect === 'not-found-letter-case') return sendJson(response, 404, { code: 404, message: 'Not found' });
  if (defect === 'not-found-word')
    return sendJson(response, 404, { code: 404, message: 'Session Not Found' });
  if (defect === 'not-found-extra-field')
    return sendJson(response, 404, { code: 404, message: 'Not Found', status: 'error' });
  if (defect === 'not-found-code-text') return sendJson(response, 404, { code: '404', message: 'Not Found' });
  if (defect === 'not-found-code-missing') return sendJson(response, 404, { message: 'Not Found' });
  if (defect === 'not-found-error-key') return sendJson(response, 404, { error: 'Not Found' });
  if (defect === 'not-found-status-400') return sendJson(response, 400, { code: 404, message: 'Not Found' });
  if (defect === 'not-found-status-200') return sendJson(response, 200, { code: 404, message: 'Not Found' });
  if (defect === 'token-in-the-error')
    return sendJson(response, 404, { code: 404, message: 'Not Found', token: refreshToken });
  if (defect === 'stack-trace-in-error')
    return sendJson(response, 404, { code: 404, message: 'Not Found', stack: new Error('Not Found').stack });
  return sendJson(response, 404, { code: 404, message: 'Not Found' });
}

function pleaseAuthenticate(response) {
  if (defect === 'please-authenticate-letter-case')
    return sendJson(response, 401, { code: 401, message: 'Please authenticate' });
  if (defect === 'please-authenticate-code')
    return sendJson(response, 401, { code: 403, message: 'Please Authenticate' });
  if (defect === 'please-authenticate-status-403')
    return sendJson(response, 403, { code: 401, message: 'Please Authenticate' });
  if (defect === 'please-authenticate-in-a-list')
    return sendJson(response, 401, [{ code: 401, message: 'Please Authenticate' }]);
  return sendJson(response, 401, { code: 401, message: 'Please Authenticate' });
}

function renewed(response, { access, refresh }) {
  if (defect === 'tokens-swapped') return sendJson(response, 200, { access: refresh, refresh: access });
  if (defect === 'tokens-wrapped') return sendJson(response, 200, { tokens: { access, refresh } });
  if (defect === 'tokens-as-text')
    return sendJson(response, 200, { access: access.token, refresh: refresh.token });
  if (defect === 'refresh-missing') return sendJson(response, 200, { access });
  if (defect === 'expires-missing')
    return sendJson(response, 200, { access: { token: access.token }, refresh });
  if (defect === 'refresh-extra-field')
    return sendJson(response, 200, { access, refresh, user: { role: 'user' } });
  if (defect === 'refresh-status-201') return sendJson(response, 201, { access, refresh });
  return sendJson(response, 200, { access, refresh });
}

function sendJson(response, status, body) {
  const text = JSON.stringify(body);
  const fields = { 'content-type': 'application/json; charset=utf-8' };
  if (status >= 400 && sendBroken(defect, response, status, fields, text)) return undefined;
  if (defect === 'json-as-html') return response.status(status).type('html').send(text);
  if (defect === 'content-type-missing') return response.status(status).end(text);
  if (defect === 'errors-as-problems' && status >= 400)
    return response.status(status).type('application/problem+json').send(text);
  if (defect === 'charset-utf-16') {
    response.set('content-type', 'application/json; charset=utf-16le');
    return response.status(status).end(Buffer.from(text, 'utf16le'));
  }
  return response.status(status).json(body);
}

// The application

const app = express();
app.use(async (_request, _response, next) => {
  requests += 1;
  if (defect === 'every-fifth-fails' && requests % 5 === 0) throw new Error('connection pool is empty');
  if (defect === 'slow') await pause(2000);
  next();
});
const keepText = (request, _response, content) => {
  request.text = content.toString();
};
app.use(
  express.json({ type: defect === 'text-plain-taken' ? ['json', 'text/plain'] : 'json', verify: keepText }),
);
app.use(express.urlencoded({ extended: true }));
app.post('/api/auth/logout', validate, logout);
app.post('/api/auth/refresh-tokens', validate, refreshTokens);
if (defect === 'get-logs-out') app.get('/api/auth/logout', (_, response) => noContent(response));
app.use((_, response) => response.status(404).json({ code: 404, message: 'Not Found' }));

/** What a parser refuses is the client's fault; anything else is ours, and told as the documentation has it. */
app.use((error, _request, response, _next) => {
  const isClients = error.status >= 400 && error.status < 500 && defect !== '500-on-malformed-json';
  if (response.headersSent) return response.destroy();
  if (isClients) return sendJson(response, error.status, { code: error.status, message: error.message });
  return sendJson(response, 500, { error: 'Internal Server Error' });
});

run(createServer(app), { session: (user) => say(`session ${pairFor(user).refresh.token}`) });
