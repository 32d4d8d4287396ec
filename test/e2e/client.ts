/** An HTTP client of node:http alone: what goes out is what the test wrote, and what comes back is kept as it came. */

import { Agent, request } from 'node:http';

export type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as it is, anything else as JSON with its media type. */
  readonly body?: unknown;
  readonly agent?: Agent;
};

export type Received = {
  readonly status: number;
  /** By lower-case name; repeats joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

const oneShot = new Agent({ keepAlive: false });

/** Sends one request over a socket and waits for the whole response. */
export function send(
  url: string,
  { method, headers = {}, body, agent = oneShot }: Sent = {},
): Promise<Received> {
  const isJson = body !== undefined && typeof body !== 'string';
  const content = isJson ? JSON.stringify(body) : body;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
        agent,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const names = Object.entries(response.headers);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(names.map(([name, value]) => [name, String(value)])),
            text: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}
