/** How the tests run; `TEST_REPORT` names a file for a JSON report beside the usual output. */

import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { compiledSources } from './test/setup/compiled.js';
import { LongestFirst } from './test/setup/longest-first.js';

const report = process.env.TEST_REPORT;

const config: ViteUserConfig = defineConfig({
  plugins: [compiledSources(import.meta.dirname)],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/build.ts',
    pool: 'threads',
    isolate: false, // what a module has loaded serves every file that a thread runs
    maxWorkers: availableParallelism() + 1, // many tests wait for servers and programs that they have started
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000, // files share the processors, and more so where others use them too
    hookTimeout: 90_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});

export default config;
