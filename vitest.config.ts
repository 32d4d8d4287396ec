/** How the tests run; `TEST_REPORT` names a file for a JSON report beside the usual output. */

import { defineConfig, type ViteUserConfig } from 'vitest/config';

const report = process.env.TEST_REPORT;

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/build.ts',
    pool: 'threads',
    isolate: false, // what a module has loaded serves every file that a thread runs
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});

export default config;
