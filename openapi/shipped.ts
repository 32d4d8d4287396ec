/** The files that ship with the package beside its code: the contracts of the shipped APIs and the schema of the state rules. */

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('counterfoil/package.json')),
  'openapi',
);

/** The published JSON Schema of `x-state` and `x-transitions`. */
export const stateRulesSchemaFile: string = path.join(folder, 'state-rules.schema.json');

/** The names of the APIs that ship with the package, in alphabetical order. */
export function shippedApis(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'openapi.yaml')))
    .map((entry) => entry.name)
    .sort();
}

/** The document of a shipped API; undefined when none has that name. */
export function shippedDocument(name: string): string | undefined {
  return shippedApis().includes(name) ? path.join(folder, name, 'openapi.yaml') : undefined;
}
