/** Scalar's mock server on its framework's server, as its documentation has it: `scalar.mjs DOCUMENT PORT`. */

import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { createMockServer } from '@scalar/mock-server';

const [, , document, port] = process.argv;
const { fetch } = await createMockServer({ document: readFileSync(document, 'utf8') });
serve({ fetch, port: Number(port), hostname: '127.0.0.1' });
