/** One round: load on one server, and what came of it. */

import autocannon from 'autocannon';
import { percentile } from '../results/spread.js';
import type { ServerProcess } from '../server/process.js';
import type { LoadRequest } from './request.js';

/** How many connections send one request after the other. */
export const connections = 50;

export type Round = {
  readonly requestsPerSecond: number;
  /** Milliseconds that half of the answers took at most. */
  readonly p50: number;
  /** Milliseconds that 99 in 100 answers took at most. */
  readonly p99: number;
  /** Microseconds of processor time that the server took for a request. */
  readonly processor: number;
  /** The share of the round in which the server was at work; below 1, it has waited for the load. */
  readonly busy: number;
};

/** How long a round is. */
export type Length =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'requests'; readonly requests: number };

/**
 * Puts load on a server.
 * @throws Error when an answer is not the expected one: a fast refusal must not count as speed.
 */
export async function load(server: ServerProcess, request: LoadRequest, length: Length): Promise<Round> {
  const before = await server.usage();
  const { times, seconds, errors, unexpected } = await answers(server.url, request, length);
  const after = await server.usage();
  if (errors > 0 || unexpected.size > 0 || times.length === 0) {
    const statuses = [...unexpected].join(', ');
    throw new Error(
      `${server.name}, ${request.title}: ${errors} errors, ${times.length} answers, not ${request.status} but ${statuses}`,
    );
  }
  const processor = after.processor - before.processor;
  const sorted = Float64Array.from(times).sort();
  return {
    requestsPerSecond: times.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    processor: processor / times.length,
    busy: processor / (seconds * 1e6),
  };
}

type Answers = {
  /** Milliseconds that each answer took. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly errors: number;
  readonly unexpected: ReadonlySet<number>;
};

/** Answers as they come: the histogram of autocannon counts whole milliseconds, and no answers but those of success. */
function answers(url: string, request: LoadRequest, length: Length): Promise<Answers> {
  const times: number[] = [];
  const unexpected = new Set<number>();
  const begin = performance.now();
  let end = begin;
  return new Promise((resolve, reject) => {
    const run = autocannon(optionsOf(url, request, length), (error, result) => {
      if (error) return reject(error);
      resolve({ times, seconds: (end - begin) / 1000, errors: result.errors, unexpected });
    });
    run.on('response', (_client, status, _bytes, milliseconds) => {
      times.push(milliseconds);
      end = performance.now();
      if (status !== request.status) unexpected.add(status);
    });
  });
}

function optionsOf(url: string, request: LoadRequest, length: Length): autocannon.Options {
  const { method, path, headers, body, bearers } = request;
  let sent = 0;
  const setupRequest = (raw: autocannon.Request): autocannon.Request => {
    const authorization = `Bearer ${bearers?.[sent % bearers.length]}`;
    sent += 1;
    return { ...raw, headers: { ...raw.headers, authorization } };
  };
  return {
    url: `${url}${path}`,
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    ...(bearers === undefined ? {} : { requests: [{ setupRequest }] }),
    connections,
    pipelining: 1,
    sampleInt: 100,
    ...(length.kind === 'seconds' ? { duration: length.seconds } : { amount: length.requests }),
  };
}
