/** `npm run bench`: the mock beside two floors, each in a process of its own, under the same load in turns. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { answerOf, type Case, casesFor } from './cases.js';
import { measure, type Round } from './measure.js';
import { pin, type ServerName, type ServerProcess, serverNames, startServer } from './processes.js';
import { circumstances, markdown, type Result, type Run, resultsOf } from './results.js';

const warmUpSeconds = 1;

const { seconds, rounds } = new Command('npm run bench --')
  .option('--seconds <number>', 'how long a round takes', positive, 2)
  .option('--rounds <number>', 'how many rounds each server gets for each request', positive, 5)
  .parse()
  .opts<{ seconds: number; rounds: number }>();

const servers = await Promise.all(serverNames.map(startServer));
try {
  const run = await benchmark(servers);
  const file = fileURLToPath(new URL('results.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify(run, undefined, 2)}\n`);
  console.log(`${markdown(run)}\nThe numbers are in ${file}.`);
} finally {
  for (const server of servers) server.stop();
}

async function benchmark(servers: readonly ServerProcess[]): Promise<Run> {
  const pinned = pin(servers);
  const mock = servers.find(({ name }) => name === 'mock');
  const before = (await mock?.usage())?.memory ?? 0;
  const turns = await turnsOf(servers);
  const results: Result[] = [];
  for (const turn of turns) results.push(...(await measured(turn)));
  const after = (await mock?.usage())?.memory ?? 0;
  return { ...circumstances(), pinned, seconds, rounds, memory: { before, after }, results };
}

/** A request as each server gets it. */
type Turn = readonly { readonly server: ServerProcess; readonly request: Case }[];

/**
 * The requests, each with the servers that take turns at it.
 * @throws Error when the servers do not give the same answer.
 */
async function turnsOf(servers: readonly ServerProcess[]): Promise<readonly Turn[]> {
  const lists = await Promise.all(
    servers.map(async (server) => (await casesFor(server.url)).map((request) => ({ server, request }))),
  );
  const [first = []] = lists;
  const turns = first.map((_, index) => lists.flatMap((list) => list[index] ?? []));
  for (const turn of turns) {
    const answers = await Promise.all(turn.map(({ server, request }) => answerOf(server.url, request)));
    if (new Set(answers).size > 1) throw new Error(`The answers differ:\n${answers.join('\n')}`);
  }
  return turns;
}

async function measured(turn: Turn): Promise<readonly Result[]> {
  const found: Record<ServerName, Round[]> = { bare: [], validating: [], mock: [] };
  for (const { server, request } of turn) await measure(server, request, warmUpSeconds);
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, request } of turn) found[server.name].push(await measure(server, request, seconds));
  }
  return resultsOf(turn[0]?.request.title ?? '', found);
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Not a number above 0.');
}
