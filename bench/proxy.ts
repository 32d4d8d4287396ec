/** What the proxy adds to a request: the same request sent directly and through it, in turns, over connections that stay open. */

import { Agent, request } from 'node:http';
import { createObserver } from '../conformance/proxy/observer.js';
import { startProxy } from '../conformance/proxy/serve.js';
import { type Contract, loadContract } from '../openapi/index.js';
import type { LoadRequest } from './load/request.js';
import { currentUser, login, refusedLogout } from './mock/requests.js';
import type { Report } from './part.js';
import { machine, machineText } from './results/machine.js';
import { type Spread, spread } from './results/spread.js';
import { table } from './results/table.js';
import { pin } from './server/pin.js';
import { startServer } from './server/process.js';
import { everyShipped } from './server/spec.js';

/** Milliseconds that one request took, of all that were sent. */
type Latency = { readonly direct: Spread; readonly proxied: Spread; readonly added: number };

type Measured = Latency & { readonly request: string };

const pairs = 2000;
/** How many pairs of requests come before those that count: code is compiled by then. */
const warmUp = 500;
/** How many are sent in a row, directly or through the proxy. */
const turn = 10;

/** Measures the proxy with everything that it does: it forwards, judges, and keeps its findings. */
export async function benchmarkProxy(): Promise<Report> {
  const contract = await loadContract('matar');
  const server = await startServer('mock', everyShipped);
  try {
    const pinned = pin([server]);
    await server.order({ kind: 'sessions', count: 10 });
    const results: Measured[] = [];
    for (const request of [refusedLogout, currentUser, login])
      results.push(await measured(contract, server.url, request));
    const on = machine(pinned);
    return { text: proxyText(results, machineText(on)), data: { ...on, pairs, results } };
  } finally {
    server.stop();
  }
}

async function measured(contract: Contract, target: string, sent: LoadRequest): Promise<Measured> {
  const clock = Date.now;
  const observer = createObserver({ contract, base: target, clock, tell: () => {} });
  const proxy = await startProxy({ target, contentLimit: 1_048_576, clock, witness: observer });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const direct: number[] = [];
    const proxied: number[] = [];
    for (let sentSoFar = -warmUp; sentSoFar < pairs; sentSoFar += turn) {
      const first = await timedInTurn(target, sent, agent);
      const second = await timedInTurn(proxy.url, sent, agent);
      if (sentSoFar < 0) continue;
      direct.push(...first);
      proxied.push(...second);
    }
    const both = { direct: spread(direct), proxied: spread(proxied) };
    return { request: sent.title, ...both, added: both.proxied.median - both.direct.median };
  } finally {
    agent.destroy();
    await proxy.close(1000);
  }
}

/** Several in a row: what the proxy makes of one is then in the way of the next. */
async function timedInTurn(url: string, sent: LoadRequest, agent: Agent): Promise<readonly number[]> {
  const times: number[] = [];
  for (let count = 0; count < turn; count += 1) times.push(await timed(url, sent, agent));
  return times;
}

/**
 * Milliseconds from the request to the end of its answer.
 * @throws Error when the answer is not the expected one.
 */
function timed(
  url: string,
  { method, path, headers, body, status }: LoadRequest,
  agent: Agent,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const start = performance.now();
    request(`${url}${path}`, { method, headers: { ...headers, ...length }, agent }, (response) => {
      response.resume().once('end', () => {
        const milliseconds = performance.now() - start;
        if (response.statusCode === status) resolve(milliseconds);
        else reject(new Error(`${url}${path} answers ${response.statusCode} instead of ${status}`));
      });
    })
      .once('error', reject)
      .end(body);
  });
}

function proxyText(results: readonly Measured[], on: string): string {
  const milliseconds = (value: number): string => value.toFixed(3);
  const rows = table<Measured>(
    [
      { title: 'Request', align: 'left', cell: ({ request: title }) => title },
      { title: 'Direct, ms', cell: ({ direct }) => milliseconds(direct.median) },
      { title: 'Through the proxy, ms', cell: ({ proxied }) => milliseconds(proxied.median) },
      { title: 'Added, ms', cell: ({ added }) => milliseconds(added) },
    ],
    results,
  );
  return [
    '## The proxy',
    rows,
    `Medians of ${pairs} requests each, ten directly and ten through the proxy in turns, one at a time; client and proxy share a process, the server has its own.`,
    on,
  ].join('\n\n');
}
