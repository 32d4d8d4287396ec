/** The check beside its floors: undici sending the same requests, and our own target, which looks at every byte, sending them. */

import { Pool } from 'undici';
import { check, planOf } from '../../conformance/index.js';
import {
  loadAuthoredWorkflows,
  loadContract,
  type RequestMessage,
  shippedApis,
} from '../../openapi/index.js';
import type { Rounds } from '../load/contest.js';
import { type Spread, spread } from '../results/spread.js';
import { pin } from '../server/pin.js';
import { type CheckCase, matarCase, trivialCase } from './cases.js';
import { type CheckResult, type Contender, checkResult, contenders } from './speed-results.js';

/** What one contender did in one round. */
export type CheckRound = {
  readonly requestsPerSecond: number;
  /** Microseconds of processor time of this process for a request. */
  readonly processor: number;
};

type Measured = { readonly requests: number; readonly milliseconds: number; readonly microseconds: number };

export type SpeedRun = {
  readonly pinned: boolean;
  readonly results: readonly CheckResult[];
};

const cases: readonly (() => Promise<CheckCase>)[] = [
  () => trivialCase(1),
  () => trivialCase(10),
  () => matarCase('Matar, its whole plan', 1, 0),
];

/** Measures the check in rounds of at least so many seconds, the contenders taking turns. */
export async function benchmarkSpeed({ seconds, rounds }: Rounds): Promise<SpeedRun> {
  const results: CheckResult[] = [];
  let pinned = true;
  for (const start of cases) {
    const measuredCase = await start();
    try {
      pinned = pin([measuredCase]) && pinned;
      results.push(await measured(measuredCase, seconds, rounds));
    } finally {
      await measuredCase.stop();
    }
  }
  return { pinned, results };
}

async function measured(each: CheckCase, seconds: number, rounds: number): Promise<CheckResult> {
  const { title, url, target, concurrency } = each;
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
  const found: Record<Contender, CheckRound[]> = { undici: [], target: [], check: [] };
  try {
    const { requests, findings } = await recorded(each);
    const once: Readonly<Record<Contender, () => Promise<Measured>>> = {
      undici: () => timed(() => sendAll(requests, concurrency, (message) => sendBy(pool, message))),
      target: () => timed(() => sendAll(requests, concurrency, target)),
      check: () => checked(each),
    };
    for (let round = -1; round < rounds; round += 1)
      for (const contender of contenders) {
        const result = await roundOf(once[contender], seconds);
        if (round >= 0) found[contender].push(result); // the first warms up
      }
    return checkResult(title, concurrency, requests.length, findings, found);
  } finally {
    await pool.destroy();
  }
}

/** The requests of one run, in the order in which they were sent, and how many findings it had. */
async function recorded(
  each: CheckCase,
): Promise<{ readonly requests: readonly RequestMessage[]; readonly findings: number }> {
  const requests: RequestMessage[] = [];
  let findings = 0;
  for await (const event of check(each.contract, each.target, await each.options())) {
    if (event.type === 'exchange') requests.push(event.exchange.request);
    if (event.type === 'finding' && event.finding.severity === 'error') findings += 1;
  }
  return { requests, findings };
}

async function roundOf(once: () => Promise<Measured>, seconds: number): Promise<CheckRound> {
  let requests = 0;
  let milliseconds = 0;
  let microseconds = 0;
  while (milliseconds < seconds * 1000) {
    const part = await once();
    requests += part.requests;
    milliseconds += part.milliseconds;
    microseconds += part.microseconds;
  }
  return { requestsPerSecond: (requests / milliseconds) * 1000, processor: microseconds / requests };
}

/** One run of the check, from its first event to its last: what it has planned is not counted. */
async function checked(each: CheckCase): Promise<Measured> {
  const options = await each.options();
  let start = performance.now();
  let before = process.cpuUsage();
  let requests = 0;
  for await (const event of check(each.contract, each.target, options)) {
    if (event.type === 'run-started') {
      start = performance.now();
      before = process.cpuUsage();
    }
    if (event.type === 'run-finished') ({ requests } = event);
  }
  return ended(requests, start, before);
}

async function timed(send: () => Promise<number>): Promise<Measured> {
  const start = performance.now();
  const before = process.cpuUsage();
  return ended(await send(), start, before);
}

function ended(requests: number, start: number, before: NodeJS.CpuUsage): Measured {
  const { user, system } = process.cpuUsage(before);
  return { requests, milliseconds: performance.now() - start, microseconds: user + system };
}

/** Sends requests, so many at the same time; how many were sent. */
async function sendAll(
  requests: readonly RequestMessage[],
  concurrency: number,
  send: (message: RequestMessage) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let message = requests[next]; message !== undefined; message = requests[next]) {
      next += 1;
      await send(message);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return requests.length;
}

async function sendBy(pool: Pool, { method, path, query, fields, content }: RequestMessage): Promise<void> {
  try {
    const { body } = await pool.request({
      method: method as 'GET', // any token is a method
      path: query === '' ? path : `${path}?${query}`,
      headers: fields.flat(),
      body: content === undefined ? null : Buffer.from(content),
    });
    await body.text();
  } catch {
    // What undici does not take: few requests of a plan, and they cost next to nothing.
  }
}

/** Milliseconds that it takes to plan, for each shipped API. */
export async function benchmarkPlanning(
  rounds: number,
): Promise<readonly { readonly api: string; readonly milliseconds: Spread }[]> {
  const all: { api: string; milliseconds: Spread }[] = [];
  for (const api of shippedApis()) {
    const contract = await loadContract(api);
    const workflows = await loadAuthoredWorkflows(contract);
    const times = Array.from({ length: rounds + 1 }, () => {
      const start = performance.now();
      planOf(contract, { workflows, seed: 1 });
      return performance.now() - start;
    });
    all.push({ api, milliseconds: spread(times) });
  }
  return all;
}
