/** The meta-schema of JSON Schema 2020-12 as documents, which may be referred to without being fetched. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Json } from '../json.js';

const address = 'https://json-schema.org/draft/2020-12/';

/** Its parts, in the order of the vocabularies (JSON Schema 2020-12 core, section 8.1; validation, section 6 and on). */
const parts: ReadonlySet<string> = new Set([
  'schema',
  'meta/core',
  'meta/applicator',
  'meta/unevaluated',
  'meta/validation',
  'meta/meta-data',
  'meta/format-annotation',
  'meta/content',
]);

const read = new Map<string, Json>();

/** The meta-schema, or a part of it, by its address; undefined for any other address. */
export function metaSchema(url: string): Json | undefined {
  if (!url.startsWith(address)) return undefined;
  const part = url.slice(address.length);
  if (!parts.has(part)) return undefined;
  const known = read.get(part);
  if (known !== undefined) return known;
  const file = createRequire(import.meta.url).resolve(`ajv/dist/refs/json-schema-2020-12/${part}.json`);
  const schema: Json = JSON.parse(readFileSync(file, 'utf8'));
  read.set(part, schema);
  return schema;
}
