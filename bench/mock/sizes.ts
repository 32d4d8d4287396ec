/** The mock beside itself: with more sessions, more operations, and other settings. */

import type { JsonObject } from '../../openapi/index.js';
import { type Contender, contest, type Rounds } from '../load/contest.js';
import { contentOf, type LoadRequest } from '../load/request.js';
import type { Against, ContestResult } from '../results/contest.js';
import { aThing, documentOfOperations, lastThings, type MadeFile, written } from '../server/made-contract.js';
import { pin } from '../server/pin.js';
import { type ServerProcess, startServer } from '../server/process.js';
import type { ServerSpec } from '../server/spec.js';
import { refusedLogout } from './requests.js';

const matar: ServerSpec & { kind: 'mock' } = {
  kind: 'mock',
  contract: { kind: 'shipped', names: ['matar'] },
};

/** The mock with so many live sessions, over the first of the numbers. */
export async function benchmarkSessions(
  counts: readonly number[],
  requests: readonly LoadRequest[],
  rounds: Rounds,
): Promise<readonly ContestResult[]> {
  const servers = await Promise.all(counts.map((count) => startServer(named(count, 'sessions'), matar)));
  try {
    pin(servers);
    const before = (server: ServerProcess, index: number): Promise<void> =>
      server.order({ kind: 'sessions', count: counts[index] ?? 0 });
    await Promise.all(servers.map(before));
    const contests: ContestResult[] = [];
    for (const request of requests) {
      const contenders = servers.map((server, index): Contender => {
        return { server, request, before: () => before(server, index) };
      });
      contests.push(await contest(`${request.title}, by sessions`, toFirst(servers), contenders, rounds));
    }
    return contests;
  } finally {
    for (const server of servers) server.stop();
  }
}

/** Documents of one kind by their size, and what is asked of a mock of each. */
export type MadeKind = {
  /** What the size counts: "operations". */
  readonly counts: string;
  readonly document: (size: number) => JsonObject;
  readonly requests: (url: string, size: number) => Promise<readonly LoadRequest[]>;
};

/** The mock with documents of these sizes, over the first of them. */
export async function benchmarkMade(
  sizes: readonly number[],
  { counts, document, requests }: MadeKind,
  rounds: Rounds,
): Promise<readonly ContestResult[]> {
  const files: MadeFile[] = [];
  const servers: ServerProcess[] = [];
  try {
    for (const size of sizes) {
      const made = written(document(size));
      files.push(made);
      const contract = { kind: 'file', file: made.file } as const;
      servers.push(await startServer(named(size, counts), { kind: 'mock', contract }));
    }
    pin(servers);
    const asked = await Promise.all(servers.map(({ url }, index) => requests(url, sizes[index] ?? 0)));
    const contests: ContestResult[] = [];
    for (const [index, { title }] of (asked[0] ?? []).entries()) {
      const contenders = servers.flatMap((server, at): Contender[] => {
        const request = asked[at]?.[index];
        return request === undefined ? [] : [{ server, request }];
      });
      contests.push(await contest(`${title}, by ${counts}`, toFirst(servers), contenders, rounds));
    }
    return contests;
  } finally {
    for (const server of servers) server.stop();
    for (const made of files) made.remove();
  }
}

/** Documents of so many operations; the resource that stands last is asked for a thing that was made, and to replace it. */
export const byOperations: MadeKind = {
  counts: 'operations',
  document: documentOfOperations,
  async requests(url, operations) {
    const things = lastThings(operations);
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(aThing) };
    const create = { title: 'creating', method: 'POST', path: things, ...json, status: 201 } as const;
    const { id } = await contentOf(url, create);
    const path = `${things}/${id}`;
    return [
      { title: 'reading a thing', method: 'GET', path, headers: {}, status: 200 },
      { title: 'replacing a thing', method: 'PUT', path, ...json, status: 200 },
    ];
  },
};

function toFirst([first]: readonly ServerProcess[]): Against {
  return { subject: first?.name ?? '', direction: 'each-by-subject' };
}

/** The mock with the settings of the command line, and with journals of other lengths, over the mock without. */
export async function benchmarkSettings(rounds: Rounds): Promise<readonly ContestResult[]> {
  const servers = await Promise.all([
    startServer('journal of 1,000', matar),
    startServer('no journal', { ...matar, journalLimit: 0 }),
    startServer('journal of 10', { ...matar, journalLimit: 10 }),
    startServer('journal of 1,000, CORS', { ...matar, cors: true }),
  ]);
  try {
    pin(servers);
    for (const server of servers) await server.order({ kind: 'sessions', count: 10 });
    const contenders = servers.map((server) => ({ server, request: refusedLogout }));
    return [await contest(`${refusedLogout.title}, by settings`, toFirst(servers), contenders, rounds)];
  } finally {
    for (const server of servers) server.stop();
  }
}

function named(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}`;
}
