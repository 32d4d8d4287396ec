/** The files that ship with the package beside its code: the contracts of the shipped APIs and the schema of the state rules. */

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(createRequire(import.meta.url).resolve('counterfoil/package.json'));
const folder = path.join(root, 'openapi');

/** Where the build puts what it makes besides code. */
const built = path.join(root, 'dist', 'prepared');

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

/** A file that the build makes; undefined in the sources, which work without: what a build left beside them may be old. */
export function builtFile(name: string): string | undefined {
  const isBuilt = fileURLToPath(import.meta.url).startsWith(path.join(root, 'dist', path.sep));
  return isBuilt ? path.join(built, name) : undefined;
}

/** Where the build puts what it has read of a shipped document, by the path of the document. */
export function preparedFile(document: string): string | undefined {
  const name = path.basename(path.dirname(document));
  return document === path.join(folder, name, 'openapi.yaml') ? builtFile(`${name}.json`) : undefined;
}
