/** What the proxy adds to a request: the same request sent directly and through it, in turns, over connections that stay open. */

import { Agent, request } from 'node:http';
import { createObserver } from '../conformance/proxy/observer.js';
import { startProxy } from '../conformance/proxy/serve.js';
import { type Contract, loadContract } from '../openapi/index.js';
import { type Case, casesFor } from './cases.js';
import { startServer } from './processes.js';
import { circumstances, type Spread, spread } from './results.js';

/** Milliseconds that one request took, of all that were sent. */
type Latency = { readonly direct: Spread; readonly proxied: Spread; readonly added: number };

export type ProxyRun = {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly pairs: number;
  readonly results: readonly (Latency & { readonly request: string })[];
};

/** How many pairs of requests come before those that count: code is compiled by then. */
const warmUp = 500;
/** How many are sent in a row, directly or through the proxy. */
const turn = 10;

/** Measures the proxy with everything that it does: it forwards, judges, and keeps its findings. */
export async function benchmarkProxy({ pairs }: { readonly pairs: number }): Promise<ProxyRun> {
  const contract = await loadContract('matar');
  const { url, stop } = await startServer('mock');
  try {
    const results = [];
    for (const each of await casesFor(url)) results.push(await measured(contract, url, each, pairs));
    const { date, node, cpu, cores } = circumstances();
    return { date, node, cpu, cores, pairs, results };
  } finally {
    stop();
  }
}

async function measured(
  contract: Contract,
  target: string,
  sent: Case,
  pairs: number,
): Promise<ProxyRun['results'][number]> {
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
async function timedInTurn(url: string, sent: Case, agent: Agent): Promise<readonly number[]> {
  const times: number[] = [];
  for (let count = 0; count < turn; count += 1) times.push(await timed(url, sent, agent));
  return times;
}

/**
 * Milliseconds from the request to the end of its answer.
 * @throws Error when the answer is not the expected one.
 */
function timed(url: string, { method, path, headers, body, status }: Case, agent: Agent): Promise<number> {
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

/** The run in Markdown. */
export function proxyMarkdown({ results, pairs, cpu, cores, node }: ProxyRun): string {
  const milliseconds = (value: number): string => value.toFixed(3);
  const rows = results.map(({ request: title, direct, proxied, added }) => [
    title,
    milliseconds(direct.median),
    milliseconds(proxied.median),
    milliseconds(added),
  ]);
  const columns = ['Request', 'Direct, ms', 'Through the proxy, ms', 'Added, ms'];
  return [
    ...[columns, columns.map((_, index) => (index === 0 ? '---' : '--:')), ...rows].map(
      (cells) => `| ${cells.join(' | ')} |`,
    ),
    '',
    `Medians of ${pairs} requests each, ten directly and ten through the proxy in turns, one at a time; client and proxy share a process, the server has its own.`,
    `${cpu}, ${cores} cores, Node ${node}.`,
  ].join('\n');
}
