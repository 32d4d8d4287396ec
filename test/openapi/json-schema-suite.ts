/** The cases of the JSON Schema Test Suite, each as the files of a contract; the suite itself is not part of this tree. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Documents, Place } from '../../openapi/document/documents.js';
import { parseSource, type Source } from '../../openapi/document/locate.js';
import { asObject, isObject, type Json } from '../../openapi/json.js';

/** One schema of the suite, and values with what must become of them. */
export type SuiteCase = {
  /** The file of the suite without its ending, such as `additionalProperties`. */
  readonly file: string;
  readonly title: string;
  /** The schema as the suite writes it. */
  readonly schema: Json;
  /** An OpenAPI 3.1 document that refers to the schema as a file of its own, and what that refers to. */
  readonly documents: Documents;
  /** Where the schema is to be looked for: a component of the OpenAPI document. */
  readonly at: Place;
  readonly tests: readonly { readonly title: string; readonly value: Json; readonly isValid: boolean }[];
};

/** Where the suite is: what JSON_SCHEMA_SUITE says, or where Debian's package puts it. It holds `tests` and `remotes`. */
const suite = process.env.JSON_SCHEMA_SUITE ?? '/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance';

/** What must be installed before the suite can run here, in words for a title; empty when nothing is missing. */
export const suiteNeeds: string = existsSync(path.join(suite, 'tests', 'draft2020-12'))
  ? ''
  : ' (needs the JSON Schema Test Suite: apt-get install libtest-json-schema-acceptance-perl)';

/** The address that the suite expects its remote documents at. */
const remoteRoot = 'http://localhost:1234/';

/** The cases that draft 2020-12 requires, or those in a folder such as `optional/format`; none without the suite. */
export function suiteCases(folder = ''): readonly SuiteCase[] {
  if (suiteNeeds !== '') return [];
  const tests = path.join(suite, 'tests', 'draft2020-12', folder);
  const remotes = remoteSources();
  return readdirSync(tests)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => casesOf(path.join(tests, name), remotes));
}

function casesOf(file: string, remotes: readonly Source[]): readonly SuiteCase[] {
  const name = path.basename(file, '.json');
  const groups = parseSource(file, readFileSync(file, 'utf8')).value;
  return itemsOf(groups).map((group, index): SuiteCase => {
    const { description, schema = true, tests } = asObject(group);
    const root = `/suite/${name}/${index}/openapi.json`;
    const schemaFile = `/suite/${name}/${index}/schema.json`;
    const document = documentOf(root, { $ref: 'schema.json' });
    const files = [parseSource(schemaFile, JSON.stringify(schema)), ...remotes];
    return {
      file: name,
      title: String(description),
      schema,
      documents: { root, sources: new Map([...document.sources, ...files.map(named)]) },
      at: { file: root, pointer: '/components/schemas/Case' },
      tests: itemsOf(tests).map((test) => {
        const { description: title, data = null, valid } = asObject(test);
        return { title: String(title), value: data, isValid: valid === true };
      }),
    };
  });
}

/** An OpenAPI 3.1 document with one schema among its components: `Case`. */
export function documentOf(root: string, schema: Json): Documents {
  const document = {
    openapi: '3.1.1',
    info: { title: 'A case of the suite', version: '1' },
    components: { schemas: { Case: schema } },
  };
  return { root, sources: new Map([named(parseSource(root, JSON.stringify(document)))]) };
}

function named(source: Source): readonly [string, Source] {
  return [source.file, source];
}

let remote: readonly Source[] | undefined;

/** The documents that the suite serves to schemas of draft 2020-12. */
function remoteSources(): readonly Source[] {
  if (remote !== undefined) return remote;
  const folder = path.join(suite, 'remotes');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  remote = names
    .filter((name) => name.endsWith('.json') && !/^(?:draft(?!2020-12)|v\d)/.test(name))
    .map((name) => parseSource(`${remoteRoot}${name}`, readFileSync(path.join(folder, name), 'utf8')));
  return remote;
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}
