/** The mock beside its floors and its peers, at the documented calls of Matar. */

import { type Contender, contest, type Rounds } from '../load/contest.js';
import { answerOf, type LoadRequest } from '../load/request.js';
import { bestKnown, installedPeers } from '../peers/peers.js';
import type { ContestResult } from '../results/contest.js';
import { pin } from '../server/pin.js';
import { type ServerProcess, startProgram, startServer } from '../server/process.js';
import { matarDocument } from '../server/root.js';
import { everyShipped } from '../server/spec.js';
import { currentUser, login, logouts, refusedLogout } from './requests.js';

export type FloorsResult = {
  readonly pinned: boolean;
  readonly contests: readonly ContestResult[];
  /** Which peers were left out, and why. */
  readonly leftOut: readonly string[];
  readonly bestKnown: string;
  /** Resident bytes by server, after its start and after all load. */
  readonly memory: readonly { readonly server: string; readonly before: number; readonly after: number }[];
};

const subject = 'mock';
const against = { subject, direction: 'subject-by-each' } as const;

/** How many sessions live at the beginning of a round, and where each request ends one. */
const few = 10;
const many = 40_000;

/** Measures the mock beside its floors and peers. */
export async function benchmarkFloors(rounds: Rounds): Promise<FloorsResult> {
  const started: ServerProcess[] = [];
  try {
    const own = await Promise.all([
      startServer('a: node:http', { kind: 'floor', floor: 'node:http' }),
      startServer('b: Hono', { kind: 'floor', floor: 'hono' }),
      startServer('c: Hono and Ajv', { kind: 'floor', floor: 'validating' }),
      startServer(subject, everyShipped),
    ]);
    started.push(...own);
    const { servers: peers, leftOut } = await startedPeers();
    started.push(...peers);
    const pinned = pin(started);
    const before = await Promise.all(started.map((server) => server.usage()));
    const contests = [...(await withPeers(own, peers, rounds)), await changing(own, rounds)];
    const after = await Promise.all(started.map((server) => server.usage()));
    const memory = started.map(({ name }, index) => {
      return { server: name, before: before[index]?.memory ?? 0, after: after[index]?.memory ?? 0 };
    });
    return { pinned, contests, leftOut, bestKnown, memory };
  } finally {
    for (const server of started) server.stop();
  }
}

async function startedPeers(): Promise<{
  readonly servers: readonly ServerProcess[];
  readonly leftOut: readonly string[];
}> {
  const { peers, leftOut } = installedPeers();
  const servers: ServerProcess[] = [];
  const failed: string[] = [];
  for (const { name, program } of peers) {
    try {
      servers.push(await startProgram(name, program(matarDocument)));
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { servers, leftOut: [...leftOut, ...failed] };
}

/** The calls that peers answer too: each with an example of success, for they remember nothing. */
async function withPeers(
  own: readonly ServerProcess[],
  peers: readonly ServerProcess[],
  rounds: Rounds,
): Promise<readonly ContestResult[]> {
  const contests: ContestResult[] = [];
  for (const request of [refusedLogout, currentUser, login]) {
    await Promise.all(own.map((server) => prepared(server, few)));
    await proveAlike(own, request);
    const contenders = [
      ...own.map((server) => ({ server, request, before: () => prepared(server, few) })),
      ...peers.map((server) => ({ server, request: { ...request, status: 200 } })),
    ];
    contests.push(await contest(request.title, against, contenders, rounds));
  }
  return contests;
}

/** Logouts that change the state: before each round the mock has all sessions again. */
async function changing(own: readonly ServerProcess[], rounds: Rounds): Promise<ContestResult> {
  const request = logouts(many);
  await Promise.all(own.map((server) => prepared(server, many)));
  await proveAlike(own, request);
  const contenders = own.map((server): Contender => {
    return { server, request, before: () => prepared(server, many) };
  });
  return contest(request.title, against, contenders, rounds);
}

async function prepared(server: ServerProcess, count: number): Promise<void> {
  if (server.name === subject) await server.order({ kind: 'sessions', count });
}

/** @throws Error when the servers do not give the same answer. */
async function proveAlike(servers: readonly ServerProcess[], request: LoadRequest): Promise<void> {
  const answers = await Promise.all(servers.map(({ url }) => answerOf(url, request)));
  if (new Set(answers).size > 1) throw new Error(`The answers differ:\n${answers.join('\n')}`);
}
