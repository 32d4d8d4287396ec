/** The trivial server: node:http, an answer that is there already, and nothing that could take time. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const content = Buffer.from(JSON.stringify({ id: '1', name: 'a thing', colors: ['red', 'blue'] }));
const fields = { 'content-type': 'application/json', 'content-length': content.byteLength };

/** Serves on a free port, which is returned. */
export async function serveTrivial(host: string): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.method === 'POST' ? 201 : 200, fields).end(content);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
