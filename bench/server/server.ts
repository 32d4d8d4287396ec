/** A measured server in a process of its own: `server.js PORT SPEC`. */

import { createMock, listen, type Mock } from '../../mock/index.js';
import { loadContract } from '../../openapi/index.js';
import { serveHonoFloor } from './floor-hono.js';
import { serveHttpFloor } from './floor-http.js';
import { putSessions } from './sessions.js';
import type { ServerOrder, ServerSpec } from './spec.js';
import { serveTrivial } from './trivial.js';
import { compiledValidators, noValidators } from './validators.js';

const host = '127.0.0.1';

async function serve(port: number, spec: ServerSpec): Promise<Mock | undefined> {
  switch (spec.kind) {
    case 'mock':
      return serveMock(port, spec);
    case 'trivial':
      await serveTrivial(host, port, spec.milliseconds);
      return undefined;
    case 'floor':
      await serveFloor(port, spec.floor);
      return undefined;
  }
}

async function serveMock(port: number, spec: ServerSpec & { kind: 'mock' }): Promise<Mock> {
  const { contract, cors = false, delay = 0, journalLimit } = spec;
  const named = contract.kind === 'shipped' ? contract.names : [contract.file];
  const contracts = await Promise.all(named.map((name) => loadContract(name)));
  const mock = createMock(contracts, {
    cors,
    delay,
    ...(journalLimit === undefined ? {} : { journalLimit }),
  });
  await listen(mock, { host, port });
  return mock;
}

async function serveFloor(port: number, floor: 'node:http' | 'hono' | 'validating'): Promise<void> {
  if (floor === 'node:http') return serveHttpFloor(host, port);
  if (floor === 'hono') return serveHonoFloor(host, port, noValidators);
  return serveHonoFloor(host, port, compiledValidators(await loadContract('matar')));
}

const [, , portText, specText] = process.argv;
const spec: ServerSpec = JSON.parse(specText ?? '');
const mock = await serve(Number(portText), spec);

process.on('message', (message: ServerOrder | 'usage') => {
  if (message === 'usage' || mock === undefined) return;
  putSessions(mock, message.count);
  process.send?.('done');
});
