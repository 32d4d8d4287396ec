/** The floor of Node itself: the least code that gives the same answers on node:http. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bearerOf, broken, type FloorAnswer, loginAnswer, logoutAnswer, userAnswer } from './answers.js';

/** Serves on a port. */
export async function serveHttpFloor(host: string, port: number): Promise<void> {
  const server = createServer((request, response) => {
    const bearer = (): string | undefined => bearerOf(request.headers.authorization);
    switch (`${request.method} ${request.url}`) {
      case 'POST /api/v1/login':
        return readJson(request, () => answer(response, loginAnswer()));
      case 'GET /api/v1/get_current_user':
        return answer(response, userAnswer(bearer()));
      case 'POST /api/v1/logout':
        return answer(response, logoutAnswer(bearer()));
      default:
        return answer(response, broken);
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
}

function readJson(request: IncomingMessage, then: (content: unknown) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(JSON.parse(Buffer.concat(chunks).toString())));
}

function answer(response: ServerResponse, { status, content }: FloorAnswer): void {
  const bytes = Buffer.from(JSON.stringify(content));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.byteLength });
  response.end(bytes);
}
