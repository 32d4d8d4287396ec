/** Servers that take turns: a warm-up of each, then rounds, in which each has one turn. */

import { type Against, type ContestResult, contestResult } from '../results/contest.js';
import type { ServerProcess } from '../server/process.js';
import { type Length, load, type Round } from './load.js';
import { answerOf, type LoadRequest } from './request.js';

/** One server, and the request that it gets. */
export type Contender = {
  readonly server: ServerProcess;
  readonly request: LoadRequest;
  /** What is to be done before each of its rounds, which is not measured. */
  readonly before?: () => Promise<void>;
};

export type Rounds = { readonly rounds: number; readonly seconds: number };

/** A server is warm after so many answers, or so many seconds at most. */
const warmUp = { answers: 8000, seconds: 2, slice: 0.5 };

/**
 * Has the servers take turns.
 * @throws Error when one of them does not answer as expected.
 */
export async function contest(
  title: string,
  against: Against,
  contenders: readonly Contender[],
  { rounds, seconds }: Rounds,
): Promise<ContestResult> {
  const lengths = new Map<string, Length>();
  const found = new Map<string, Round[]>();
  for (const contender of contenders) {
    const { server, request } = contender;
    const requestsPerSecond = await warmedUp(contender);
    lengths.set(server.name, lengthOf(request, seconds, requestsPerSecond * seconds));
    found.set(server.name, []);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, request, before } of contenders) {
      const length = lengths.get(server.name) ?? { kind: 'seconds', seconds };
      await before?.();
      found.get(server.name)?.push(await load(server, request, length));
    }
  }
  return contestResult(title, against, found);
}

/** Puts load on a server until it is warm; the speed that it has come to. */
async function warmedUp({ server, request, before }: Contender): Promise<number> {
  await answerOf(server.url, request); // what is done once only, at the first request, may take long
  const start = performance.now();
  let speed = 0;
  let answers = 0;
  while (answers < warmUp.answers && performance.now() - start < warmUp.seconds * 1000) {
    await before?.();
    const length = lengthOf(request, warmUp.slice, warmUp.answers / 2);
    speed = (await load(server, request, length)).requestsPerSecond;
    answers += length.kind === 'requests' ? length.requests : speed * length.seconds;
  }
  return speed;
}

/** Where each request takes a token of its own, a round is as long as there are tokens. */
function lengthOf({ bearers }: LoadRequest, seconds: number, tokens: number): Length {
  if (bearers === undefined) return { kind: 'seconds', seconds };
  return { kind: 'requests', requests: Math.min(bearers.length, Math.max(500, Math.ceil(tokens))) };
}
