/**
 * `npm run bench`: the mock beside two floors, each in a process of its own, under the same load in turns; and the check
 * beside undici, sending the same requests; and the proxy beside no proxy. `--only mock`, `--only check` and `--only proxy` do one
 * of them.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { answerOf, type Case, casesFor } from './cases.js';
import { benchmarkCheck } from './check.js';
import { checkMarkdown } from './check-results.js';
import { measure, type Round } from './measure.js';
import { pin, type ServerName, type ServerProcess, serverNames, startServer } from './processes.js';
import { benchmarkProxy, proxyMarkdown } from './proxy.js';
import { circumstances, markdown, type Result, type Run, resultsOf } from './results.js';

const warmUpSeconds = 1;

const { seconds, rounds, only } = new Command('npm run bench --')
  .option('--seconds <number>', 'how long a round takes', positive, 2)
  .option('--rounds <number>', 'how many rounds each server gets for each request', positive, 5)
  .addOption(new Option('--only <part>', 'what is measured: default all').choices(['mock', 'check', 'proxy']))
  .parse()
  .opts<{ seconds: number; rounds: number; only?: 'mock' | 'check' | 'proxy' }>();

if (only === undefined || only === 'mock') {
  const servers = await Promise.all(serverNames.map((name) => startServer(name)));
  try {
    const run = await benchmark(servers);
    keep('results.json', run, markdown(run));
  } finally {
    for (const server of servers) server.stop();
  }
}
if (only === undefined || only === 'check') {
  const run = await benchmarkCheck({ seconds, rounds });
  keep('check-results.json', run, checkMarkdown(run));
}
if (only === undefined || only === 'proxy') {
  const run = await benchmarkProxy({ pairs: 2000 });
  keep('proxy-results.json', run, proxyMarkdown(run));
}

function keep(name: string, run: object, text: string): void {
  const file = fileURLToPath(new URL(name, import.meta.url));
  writeFileSync(file, `${JSON.stringify(run, undefined, 2)}\n`);
  console.log(`${text}\nThe numbers are in ${file}.`);
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
