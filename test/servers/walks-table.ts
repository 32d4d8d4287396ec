/** `npm run walks`: walks alone are taken to every defect that they can tell, and the table of it is printed; or to what is correct. */

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Phase, phases } from '../../conformance/event.js';
import { walkedWhole } from '../contracts/whole-walks.js';
import { kinds } from './defect-results.js';
import { missing } from './start.js';
import {
  caseLine,
  deepCases,
  errorsOf,
  heading,
  storyOf,
  totalsText,
  type Walk,
  type Walked,
  type WalkedCase,
  walked,
  walkedCases,
} from './walks-results.js';

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    json: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Seeds 1 to N; of the correct servers 20 unless said otherwise. */
    seeds: { type: 'string' },
    /** The first of them. */
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '2000' },
    /** The defects that only a longer sequence shows. */
    deep: { type: 'boolean', default: false },
    /** The correct servers, which must be told no error. */
    correct: { type: 'boolean', default: false },
    /** The whole of each shipped API on its mock: which transitions are reached. */
    whole: { type: 'boolean', default: false },
    phases: { type: 'string', default: 'walks' },
  },
});
const { filter, json, deep, correct, whole } = values;
const say = (text: string): void => void process.stdout.write(text);

const isPhase = (name: string): name is Phase => (phases as readonly string[]).includes(name);
const walking = { phases: values.phases.split(',').filter(isPhase), requests: Number(values.requests) };
const count = Number(values.seeds ?? (correct ? 20 : 1));
const seeds = Array.from({ length: count }, (_, index) => Number(values.seed) + index);
const servers = kinds.filter((kind) => missing(kind) === undefined);
for (const kind of kinds) if (!servers.includes(kind)) say(`${kind} is left out. ${missing(kind)}.\n`);

if (whole) await walkWhole();
else if (correct) await walkCorrect();
else await walkDefects(deep ? deepCases : walkedCases);

async function walkDefects(cases: readonly WalkedCase[]): Promise<void> {
  const wanted = cases.filter(({ kind, name, category, by }) => {
    return servers.includes(kind) && `${kind} ${name} ${category} ${by}`.includes(filter);
  });
  say(`${heading}\n`);
  const done = new Map<WalkedCase, Walk[]>(wanted.map((each) => [each, []]));
  const results: Walked[] = [];
  const runs = wanted.flatMap((each) => seeds.map((seed) => ({ each, seed })));
  await several(runs, Number(values.jobs), async ({ each, seed }) => {
    const walks = done.get(each) ?? [];
    walks.push(await walked(each, seed, walking));
    if (walks.length < seeds.length) return;
    const result = { ...each, walks: walks.toSorted((one, other) => one.seed - other.seed) };
    results.push(result);
    say(`${caseLine(result)}\n`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
  });
  say(`\n${totalsText(results)}`);
}

async function walkCorrect(): Promise<void> {
  const wanted = servers.filter((kind) => kind.includes(filter));
  const runs = wanted.flatMap((kind) => seeds.map((seed) => ({ kind, seed })));
  let errors = 0;
  await several(runs, Number(values.jobs), async ({ kind, seed }) => {
    const findings = await errorsOf(kind, seed, walking);
    errors += findings.length;
    say(`${kind}, seed ${seed}: ${findings.length} errors\n`);
    for (const { check, title, expected, actual, confirmed, exchanges } of findings) {
      const often = confirmed === undefined ? '' : ` (${confirmed.shown} of ${confirmed.of})`;
      say(`WRONG ${kind}, seed ${seed}: ${check}: ${title}${often}\n`);
      say(`      expected ${expected}\n      actual   ${actual}\n`);
      for (const line of storyOf({ exchanges })) say(`      ${line}\n`);
    }
  });
  say(`${runs.length} runs of ${walking.requests} requests on correct servers: ${errors} errors\n`);
  if (errors > 0) process.exitCode = 1;
}

async function walkWhole(): Promise<void> {
  for (const api of ['matar', 'xerial'] as const) {
    if (!api.includes(filter)) continue;
    for (const seed of seeds) {
      const { requests, findings, made, missed } = await walkedWhole(api, seed, walking.requests);
      const of = made.length + missed.length;
      say(`\n${api}, seed ${seed}: ${requests} requests, ${findings.length} findings\n`);
      for (const { check, title } of findings) say(`  WRONG ${check}: ${title}\n`);
      say(`  ${made.length} of ${of} transitions were reached:\n`);
      for (const rule of made) say(`    ${rule}\n`);
      say(`  and ${missed.length} were not:\n`);
      for (const { what, reason } of missed) say(`    ${what}: ${reason}\n`);
      if (findings.length > 0) process.exitCode = 1;
    }
  }
}

/** Does so many at a time. */
async function several<Item>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
}
