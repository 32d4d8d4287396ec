/** `npm run bench`: each part of the benchmark, its tables printed and its numbers written beside the compiled program. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Options, Report } from './part.js';

type PartName = 'mock' | 'start' | 'check' | 'growth' | 'proxy';

/** Loaded when their turn comes, so that one is not in the way of another. */
const parts: Readonly<Record<PartName, (options: Options) => Promise<Report>>> = {
  mock: async (options) => (await import('./mock/mock.js')).benchmarkMock(options),
  start: async (options) => (await import('./start/start.js')).benchmarkStart(options),
  check: async (options) => (await import('./check/check.js')).benchmarkCheck(options),
  growth: async (options) => (await import('./growth/growth.js')).benchmarkGrowth(options),
  proxy: async () => (await import('./proxy.js')).benchmarkProxy(),
};

const { only, ...options } = new Command('npm run bench --')
  .option('--seconds <number>', 'how long a round takes', positive, 1)
  .option('--rounds <number>', 'how many rounds each contender gets', positive, 5)
  .option('--document <file>', 'a large document that is started and measured besides those that ship')
  .addOption(new Option('--only <parts...>', 'what is measured: default all').choices(Object.keys(parts)))
  .parse()
  .opts<{ seconds: number; rounds: number; document?: string; only?: PartName[] }>();

for (const [name, run] of Object.entries(parts)) {
  if (only !== undefined && !only.some((part) => part === name)) continue;
  const start = performance.now();
  const { text, data } = await run({ ...options, document: options.document });
  const file = fileURLToPath(new URL(`${name}.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(data, undefined, 2)}\n`);
  const took = Math.round((performance.now() - start) / 1000);
  console.log(`${text}\n\nThe numbers are in ${file}. This took ${took} s.\n`);
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Not a number above 0.');
}
