/** What the build has worked out: it says what the sources would say, and gives way when a document was edited. */

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isObject, type Json, pointerTo } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { type Random, seededRandom } from '../../openapi/random.js';
import { compiled, type KnownSchema, knownSchemas } from '../../openapi/schema/known-schemas.js';
import { shippedApis } from '../../openapi/shipped.js';

const require = createRequire(import.meta.url);
const execute = promisify(execFile);

describe.each(shippedApis())('the prepared document of %s', (api) => {
  it('says what its text says', async () => {
    const { document, problems } = await loadContract(api, { inferredRules: false });
    const prepared = JSON.parse(await readFile(`dist/prepared/${api}.json`, 'utf8'));
    expect(prepared.value).toEqual(document);
    expect(problems).toEqual([]);
  });

  it('is what the compiled code serves, at the same places', async () => {
    const contract = await loadContract(api);
    const at = { file: contract.files[0] ?? '', pointer: contract.operations.at(-1)?.at.pointer ?? '' };
    const built = await evaluated(
      path.resolve('dist'),
      `const { loadContract } = await import(dist + '/openapi/index.js');
       const contract = await loadContract(${JSON.stringify(api)});
       const { line, column } = contract.locate(${JSON.stringify(at)});
       return { document: contract.document, operations: contract.operations.length, line, column };`,
    );
    const { line, column } = contract.locate(at);
    const operations = contract.operations.length;
    expect(built).toEqual({ document: contract.document, operations, line, column });
  });
});

describe('a shipped document that was edited', () => {
  it('is read and judged like any other', async () => {
    const root = await copyOfPackage();
    const file = path.join(root, 'openapi/matar/openapi.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^ {2}title: .*$/m, '  titel: Edited'));
    const told = await evaluated(
      path.join(root, 'dist'),
      `const { loadContract } = await import(dist + '/openapi/index.js');
       const { title, problems } = await loadContract('matar');
       return { title, problems: problems.map(({ what }) => what) };`,
    );
    expect(told).toEqual({
      title: '',
      problems: ['"info" has no "title"', '"info" has an unknown field "titel"'],
    });
  });
});

describe.each(knownSchemas)('the built check of %s', (name) => {
  it('finds what the schema finds when it is compiled', async () => {
    const compiledCheck = compiled(name).validate;
    const built: typeof compiledCheck = require(path.resolve(`dist/prepared/${name}.cjs`));
    const random = seededRandom(1);
    let wrong = 0;
    for (const value of await valuesFor(name)) {
      for (let round = 0; round < 60; round += 1) {
        const spoilt = round === 0 ? value : spoiled(value, random);
        const isValid = compiledCheck(spoilt);
        expect([built(spoilt), built.errors]).toEqual([isValid, compiledCheck.errors]);
        wrong += isValid ? 0 : 1;
      }
    }
    expect(wrong).toBeGreaterThan(5);
  });
});

/** Values that a schema is for, from the shipped contracts. */
async function valuesFor(name: KnownSchema): Promise<readonly Json[]> {
  const documents: Json[] = [];
  for (const api of shippedApis()) {
    const contract = await loadContract(api);
    documents.push(contract.documents.sources.get(contract.documents.root)?.value ?? null);
  }
  switch (name) {
    case 'openapi-3.0':
      return documents.map((document) => (isObject(document) ? { ...document, openapi: '3.0.3' } : document));
    case 'openapi-3.1':
      return documents;
    case 'json-schema':
      return documents.flatMap((document) => membersNamed(document, 'schema')).slice(0, 20);
    case 'state':
      return documents.flatMap((document) => membersNamed(document, 'x-state')).slice(0, 20);
    case 'transitions':
      return documents.flatMap((document) => membersNamed(document, 'x-transitions')).slice(0, 20);
    case 'decisions':
      return documents.flatMap((document) => membersNamed(document, 'x-decisions'));
    case 'unseen':
      return documents.flatMap((document) => membersNamed(document, 'x-unseen'));
  }
}

function membersNamed(value: Json, wanted: string): readonly Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(name === wanted ? [member] : []),
    ...membersNamed(member, wanted),
  ]);
}

/** The value with something else at one place. */
function spoiled(value: Json, random: Random): Json {
  const places = placesOf(value, '');
  const place = places[random.integer(0, places.length - 1)] ?? '';
  const others: readonly Json[] = [null, true, 0, -1.5, '', 'x', [], ['x', 'x'], {}, { $ref: 1 }, { x: {} }];
  const other = others[random.integer(0, others.length - 1)] ?? null;
  const put = (part: Json, pointer: string): Json => {
    if (pointer === place) return other;
    if (!`${place}/`.startsWith(`${pointer}/`) || typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map((item, index) => put(item, pointerTo(pointer, index)));
    const members = Object.entries(part).map(([name, member]) => [
      name,
      put(member, pointerTo(pointer, name)),
    ]);
    return Object.fromEntries(members);
  };
  return put(value, '');
}

function placesOf(value: Json, pointer: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  const inner = Object.entries(value).flatMap(([name, member]) => placesOf(member, pointerTo(pointer, name)));
  return [pointer, ...inner];
}

/** What a function body gives in a process of its own, with `dist` the address of compiled code. */
async function evaluated(dist: string, body: string): Promise<unknown> {
  const script = `const dist = ${JSON.stringify(pathToFileURL(dist).href)};
    const made = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(made));`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

/** The package as it is installed, somewhere else. */
async function copyOfPackage(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'counterfoil-prepared-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const part of ['package.json', 'openapi', 'dist/openapi', 'dist/prepared'])
    await cp(part, path.join(root, part), { recursive: true });
  await symlink(path.resolve('node_modules'), path.join(root, 'node_modules'));
  return root;
}
