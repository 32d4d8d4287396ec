/** openapi-backend with its validation and its mocks, on node:http: `openapi-backend.mjs DOCUMENT PORT`. */

import { createServer } from 'node:http';
import { OpenAPIBackend } from 'openapi-backend';

const [, , document, port] = process.argv;
const json = (response, status, content) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
};
const api = new OpenAPIBackend({ definition: document, quick: true, ajvOpts: { strict: false } });
api.register({
  notImplemented: ({ operation }, _, response) => {
    const { status, mock } = api.mockResponseForOperation(operation.operationId);
    json(response, status, mock);
  },
  validationFail: ({ validation }, _, response) => json(response, 400, validation.errors),
  notFound: (_context, _request, response) => json(response, 404, {}),
});
// Its check of the document itself knows no OpenAPI 3.1, hence `quick`.
api.registerSecurityHandler('accessToken', ({ request }) => {
  return String(request.headers.authorization).startsWith('Bearer ');
});
await api.init();

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const body = text === '' ? undefined : JSON.parse(text);
  const { method, url, headers } = request;
  const [path, query] = url.split('?');
  await api.handleRequest({ method, path, query, body, headers }, request, response);
}).listen(Number(port), '127.0.0.1');
