/** Whole runs for the tests: a contract taken to its mock or to a server of the test, and everything that the run told. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Finding, RunEvent, RunFinished } from '../../conformance/event.js';
import { mockInputs } from '../../conformance/input/mock-inputs.js';
import { mockAbilities } from '../../conformance/mock-target.js';
import type { CheckOptions } from '../../conformance/options.js';
import { check } from '../../conformance/run.js';
import {
  appTarget,
  type HttpTarget,
  httpTarget,
  type Outcome,
  type Target,
} from '../../conformance/target.js';
import { createMock, type Mock } from '../../mock/index.js';
import type { Contract, RequestMessage } from '../../openapi/index.js';
import { seededRandom } from '../../openapi/random.js';

/** What a run has told. */
export type Told = {
  readonly events: readonly RunEvent[];
  readonly finished: RunFinished;
  readonly findings: readonly Finding[];
  /** `check: title`, of each finding. */
  readonly titles: readonly string[];
  /** The requests in the order in which they were sent: `GET /orders/1 200`. */
  readonly lines: readonly string[];
  /** The ids of the workflows that were started, in order. */
  readonly started: readonly string[];
};

/** Takes a contract to a target, to the end of the run. */
export async function told(contract: Contract, target: Target, options: CheckOptions = {}): Promise<Told> {
  const events: RunEvent[] = [];
  for await (const event of check(contract, target, { seed: 1, walks: { count: 2 }, ...options }))
    events.push(event);
  const finished = events.at(-1);
  if (finished?.type !== 'run-finished') throw new Error(`the last event is ${finished?.type}`);
  return {
    events,
    finished,
    findings: finished.findings,
    titles: finished.findings.map(({ check: by, title }) => `${by}: ${title}`),
    lines: events.flatMap((event) => {
      if (event.type !== 'exchange') return [];
      const { request, outcome } = event.exchange;
      const answer = outcome.kind === 'response' ? outcome.response.status : outcome.failure;
      return [`${request.method} ${request.path} ${answer}`];
    }),
    started: events.flatMap((event) => (event.type === 'workflow-started' ? [event.workflow.id] : [])),
  };
}

/** A mock as a target, and the options that a run on it has: nothing has to be given, and its clock can be moved. */
export async function onMock(
  contract: Contract,
): Promise<{ readonly mock: Mock; readonly target: Target; readonly options: CheckOptions }> {
  const mock = createMock(contract, { seed: 1 });
  const target = appTarget(mock);
  return { mock, target, options: await optionsFor(contract, target) };
}

/** The options of a run on a mock behind a target. */
export async function optionsFor(contract: Contract, target: Target): Promise<CheckOptions> {
  const abilities = await mockAbilities(target);
  if (abilities === undefined) throw new Error('this is no mock');
  return {
    inputs: mockInputs(abilities, contract, seededRandom(1)),
    moveClock: async (seconds) => {
      const moved = await abilities.moveClock(`PT${seconds}S`);
      if (moved.kind === 'failed') throw new Error(moved.why);
    },
    harmless: true,
  };
}

/** The target with some of its answers changed; `request` is the one that is answered, `nth` counts those from 0. */
export function changed(
  target: Target,
  change: (outcome: Outcome, request: RequestMessage, nth: number) => Outcome,
): Target {
  let count = 0;
  return async (request, signal) => {
    const nth = count;
    count += 1;
    return change(await target(request, signal), request, nth);
  };
}

/** The outcome with another status. */
export function withStatus(outcome: Outcome, status: number): Outcome {
  return outcome.kind === 'response' ? { ...outcome, response: { ...outcome.response, status } } : outcome;
}

/** A server of the test on a free port. */
export async function served(listener: RequestListener): Promise<HttpTarget> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const target = httpTarget(`http://127.0.0.1:${port}`, { timeout: 2000 });
  onTestFinished(async () => {
    await target.close();
    server.closeAllConnections();
    server.close();
  });
  return target;
}
