/** What the build makes of the compiled code: the program in few files, and what else every start would work out anew. */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from './bundle.js';
import { writeChecks } from './checks.js';
import { prepareDocuments, prepareSamples } from './prepare.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const prepared = path.join(root, 'dist', 'prepared');

await bundleProgram(root);
await rm(prepared, { recursive: true, force: true });
await mkdir(prepared, { recursive: true });
await writeChecks(prepared);
await prepareDocuments(prepared);
await prepareSamples(prepared);
