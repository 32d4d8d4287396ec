/** The trivial server: node:http, and an answer that is there already, at once or after a while. */

import { once } from 'node:events';
import { createServer } from 'node:http';

const content = Buffer.from(JSON.stringify({ id: '1', name: 'a thing', colors: ['red', 'blue'] }));
const fields = { 'content-type': 'application/json', 'content-length': content.byteLength };

/** Serves on a port. */
export async function serveTrivial(host: string, port: number, milliseconds: number): Promise<void> {
  const server = createServer((request, response) => {
    const answer = (): void =>
      void response.writeHead(request.method === 'POST' ? 201 : 200, fields).end(content);
    request.resume();
    if (milliseconds === 0) answer();
    else setTimeout(answer, milliseconds);
  });
  server.listen(port, host);
  await once(server, 'listening');
}
