/**
 * Matar's session endpoints as a plain server of node:http, written from the public documentation.
 *
 *     node matar-node.mjs [--defect NAME]
 *
 * Prints `listening URL`, and `sms PHONE OTP` for each text message. A line `clock +864000` on its input moves its clock
 * by so many seconds; the answer is `clock`, a space, the sum. It stops at SIGTERM, and when its input ends.
 */

import { createServer } from 'node:http';
import { defect, pause, run } from './control.mjs';
import { sendBroken } from './framing.mjs';
import { plain } from './matar-node/answer.mjs';
import { login } from './matar-node/login.mjs';
import { getCurrentUser, logout } from './matar-node/session.mjs';
import { secret } from './matar-node/token.mjs';

let requests = 0;

const routes = {
  '/api/v1/login': { POST: login },
  '/api/v1/get_current_user': { GET: getCurrentUser, HEAD: getCurrentUser },
  '/api/v1/logout': { POST: logout },
};
if (defect === 'get-logs-out') routes['/api/v1/logout'].GET = logout;

async function answerTo(request, content) {
  requests += 1;
  if (defect === 'every-fifth-fails' && requests % 5 === 0) throw new Error('too many connections');
  if (defect === 'slow') await pause(2000);
  const [path] = request.url.split('?');
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (methods === undefined) return plain(404, 'Not Found');
  if (!Object.hasOwn(methods, request.method)) {
    if (defect === '500-on-wrong-method') throw new TypeError('call is not a function');
    const allow = defect === 'allow-missing' ? {} : { allow: Object.keys(methods).join(', ') };
    return plain(405, 'Method Not Allowed', allow);
  }
  if (content === 'too-large') return plain(413, 'Send no more than a megabyte.', { connection: 'close' });
  return methods[request.method](request, content);
}

/** The whole content; what goes beyond a megabyte is read and forgotten, so that the client gets its answer. */
async function contentOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= 1_048_576) chunks.push(chunk);
  }
  return size <= 1_048_576 ? Buffer.concat(chunks) : 'too-large';
}

function send(request, response, answer) {
  const { status, text } = answer;
  const fields = { ...answer.fields };
  const isJson = fields['content-type'] === 'application/json';
  if (isJson && defect === 'json-as-html') fields['content-type'] = 'text/html; charset=utf-8';
  if (isJson && defect === 'content-type-missing') delete fields['content-type'];
  if (isJson && defect === 'errors-as-problems' && status >= 400)
    fields['content-type'] = 'application/problem+json';
  if (isJson && defect === 'charset-latin-1') fields['content-type'] = 'application/json; charset=iso-8859-1';
  if (defect === 'signing-key-in-a-field') fields['x-debug-key'] = secret.toString('hex');
  const isLatin = isJson && (defect === 'charset-latin-1' || defect === 'utf-8-broken');
  const content = Buffer.from(text, isLatin ? 'latin1' : 'utf8');
  const isLogout = request.url === '/api/v1/logout';
  if (isLogout && isJson && sendBroken(defect, response, status, fields, text)) return;
  if (defect === 'head-with-content' && request.method === 'HEAD') {
    response.socket.end(
      `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${text}`,
    );
    return;
  }
  if (defect === 'head-not-as-get' && request.method === 'HEAD')
    response.writeHead(404, { 'content-length': 0 });
  else response.writeHead(status, status === 204 ? fields : { ...fields, 'content-length': content.length });
  response.end(content);
}

const server = createServer(async (request, response) => {
  try {
    const content = await contentOf(request);
    send(request, response, await answerTo(request, content));
  } catch {
    if (!request.destroyed || request.complete) send(request, response, plain(500, 'Internal Server Error'));
  }
});
run(server);
