/** The checks against schemas that are always the same, as code: to compile them takes most of the time of reading a document. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { builtCheckName, compiled, knownSchemas } from '../openapi/schema/known-schemas.js';

/** Writes a file of code for each schema into a folder. */
export async function writeChecks(folder: string): Promise<void> {
  for (const name of knownSchemas) {
    const { ajv, validate } = compiled(name);
    await writeFile(path.join(folder, builtCheckName(name)), standalone.default(ajv, validate));
  }
}
