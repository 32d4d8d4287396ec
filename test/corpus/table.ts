/** `npm run corpus -- FOLDER`: every OpenAPI document of a folder is served and called, and the table of it is printed. */

import { execSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { documentsIn } from './documents.js';
import { createTrier } from './pool.js';
import { heading, type Row, rowText, totalsText } from './table-text.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The program to run; the tree is compiled for it unless one is named. */
    cli: { type: 'string' },
    /** Writes everything, every failure with its request, to this file. */
    json: { type: 'string' },
    /** At most so many documents. */
    limit: { type: 'string' },
    /** Only documents whose path matches this regular expression. */
    only: { type: 'string', default: '' },
    /** How many at a time. With more than one, seconds to start say less. */
    jobs: { type: 'string', default: '1' },
    /** Seconds that a document may take, its mock to start, and an answer. */
    time: { type: 'string', default: '300' },
    start: { type: 'string', default: '60' },
    patience: { type: 'string', default: '10' },
    /** How many failures of a document are printed. */
    reasons: { type: 'string', default: '3' },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const [folder] = positionals;
if (folder === undefined) {
  say('Name a folder: npm run corpus -- FOLDER [--only PATTERN] [--limit N] [--json FILE]');
  process.exit(2);
}

if (values.cli === undefined) execSync('npm run --silent build', { stdio: 'inherit' });
const main = path.resolve(values.cli ?? 'dist/cli/main.js');
const pattern = new RegExp(values.only);
const { documents, passedOver } = documentsIn(folder);
const wanted = documents
  .filter(({ file }) => pattern.test(file))
  .slice(0, values.limit === undefined ? undefined : Number(values.limit));
const trying = { main, patience: 1000 * Number(values.patience), startPatience: 1000 * Number(values.start) };
const rows: Row[] = [];
const triers = Array.from({ length: Number(values.jobs) }, createTrier);

function finish(): never {
  for (const each of triers) each.stop();
  say(`\n${totalsText(rows, passedOver.length)}`);
  process.exit();
}
process.on('SIGINT', finish);
process.on('SIGTERM', finish);

say(heading);
const left = wanted.values();
await Promise.all(
  triers.map(async (trier) => {
    for (const document of left) {
      const name = path.relative(path.resolve(folder), document.file) || path.basename(document.file);
      const outcome = await trier.take(document.file, trying, 1000 * Number(values.time));
      const row = { document, name, outcome };
      rows.push(row);
      say(rowText(row, Number(values.reasons)));
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 1)}\n`);
    }
  }),
);
finish();
