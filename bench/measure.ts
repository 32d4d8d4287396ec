/** One round: load on one server for some seconds, and what came of it. */

import autocannon from 'autocannon';
import type { Case } from './cases.js';
import type { ServerProcess } from './processes.js';

/** How many connections send one request after the other. */
export const connections = 50;

export type Round = {
  readonly requestsPerSecond: number;
  /** Milliseconds that 99 in 100 answers took at most. */
  readonly p99: number;
  /** Microseconds of processor time that the server took for a request. */
  readonly processor: number;
  /** The share of the round in which the server was at work; below 1, it has waited for the load. */
  readonly busy: number;
};

/**
 * Puts load on a server.
 * @throws Error when an answer is not the expected one: a fast refusal must not count as speed.
 */
export async function measure(server: ServerProcess, request: Case, seconds: number): Promise<Round> {
  const before = await server.usage();
  const { requests, latency, duration, errors, statusCodeStats } = await autocannon({
    url: `${server.url}${request.path}`,
    method: request.method,
    headers: { ...request.headers },
    body: request.body,
    connections,
    pipelining: 1,
    duration: seconds,
    sampleInt: 100,
  });
  const after = await server.usage();
  const expected = statusCodeStats?.[`${request.status}`]?.count;
  if (errors > 0 || expected !== requests.total) {
    const found = JSON.stringify(statusCodeStats);
    throw new Error(
      `${server.name}, ${request.title}: ${errors} errors, and ${found} instead of ${request.status}`,
    );
  }
  const processor = after.processor - before.processor;
  return {
    requestsPerSecond: requests.total / duration,
    p99: latency.p99,
    processor: processor / requests.total,
    busy: processor / (duration * 1e6),
  };
}
