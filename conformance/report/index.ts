/** The reports by the names that they are asked for. */

import type { MakeReport } from '../event.js';
import { githubReport, githubSummary } from './github.js';
import { harReport } from './har.js';
import { htmlReport } from './html.js';
import { jsonLines, jsonReport } from './json.js';
import { junitReport } from './junit.js';
import { sarifReport } from './sarif.js';
import { type TerminalOptions, terminalReport } from './terminal.js';

export type { TerminalOptions };

/**
 * Reports by name. `terminal` and `jsonl` write as the run goes on, the others once at its end. What a terminal can show
 * only matters to the report that is made for one.
 */
export const reports: Readonly<Record<string, (options: TerminalOptions) => MakeReport>> = {
  terminal: terminalReport,
  junit: () => junitReport,
  json: () => jsonReport,
  jsonl: () => jsonLines,
  html: () => htmlReport,
  har: () => harReport,
  sarif: () => sarifReport,
  github: () => githubReport,
  'github-summary': () => githubSummary,
};
