/** `npm run defects`: the check is taken to every defect of the foreign servers, and the table of it is printed. */

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Case, cases, kinds, type Result, tableText, tried, usualOf } from './defect-results.js';
import { missing } from './start.js';

const { values } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    json: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    strict: { type: 'boolean', default: false },
  },
});
const { filter, json, strict } = values;
const say = (text: string): void => void process.stdout.write(text);

const isWanted = ({ kind, name, category, by }: Case): boolean =>
  `${kind} ${name} ${category} ${by}`.includes(filter);
const servers = kinds.filter((kind) => missing(kind) === undefined);
for (const kind of kinds) if (!servers.includes(kind)) say(`${kind} is left out. ${missing(kind)}.\n`);
const wanted = cases.filter((each) => servers.includes(each.kind) && isWanted(each));

/** What a correct server is told is told of a broken one, too, and shows no defect. */
const usual = new Set<string>();
for (const kind of servers) {
  const findings = await usualOf(kind, strict);
  for (const { id } of findings) usual.add(id);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (!strict)
    for (const { check, title } of errors) say(`WRONG: correct ${kind} is told ${check}: ${title}\n`);
  if (errors.length > 0 && !strict) process.exitCode = 1;
}

const results = await several(wanted, Number(values.jobs), async (each) => {
  const result = await tried(each, strict, usual);
  if (process.stderr.isTTY) process.stderr.write(`${result.verdict}  ${each.kind} ${each.name}\n`);
  return result;
});
say(`\n${tableText(results)}`);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);

/** Does so many at a time; the results in the order of the items. */
async function several(
  items: readonly Case[],
  jobs: number,
  work: (item: Case) => Promise<Result>,
): Promise<readonly Result[]> {
  const done = new Map<Case, Result>();
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) done.set(item, await work(item));
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return items.flatMap((item) => done.get(item) ?? []);
}
