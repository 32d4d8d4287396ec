/** What is published: the files in the package, what its names resolve to, and how the lock file stays free of addresses. */

import { execFileSync, execSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownSchemas } from '../openapi/schema/known-schemas.js';
import { shippedApis } from '../openapi/shipped.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};

const folders = ['openapi', 'mock', 'conformance'];
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => `${folder}/${name.replaceAll('\\', '/')}`,
  ),
);

const [packed] = JSON.parse(
  execSync('npm pack --dry-run --json --ignore-scripts', {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  }),
) as { readonly files: readonly { readonly path: string }[] }[];
const paths = packed?.files.map(({ path }) => path) ?? [];

describe('the package', () => {
  it('holds what was compiled, the documents and nothing else (a file without its source? remove dist/)', () => {
    const compiled = files
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => ['.js', '.d.ts'].map((ending) => `dist/${path.replace(/\.ts$/, ending)}`));
    const documents = files.filter((path) => path.endsWith('.yaml'));
    const prepared = [
      ...shippedApis().map((api) => `${api}.json`),
      ...knownSchemas.map((name) => `${name}.cjs`),
      'samples.json',
    ];
    const parts = readdirSync('dist/cli/parts').map((name) => `dist/cli/parts/${name}`);
    expect(paths.toSorted()).toEqual(
      [
        ...compiled,
        ...documents,
        ...prepared.map((name) => `dist/prepared/${name}`),
        'dist/cli/main.js',
        ...parts,
        'conformance/report/report.schema.json',
        'openapi/state-rules.schema.json',
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
      ].toSorted(),
    );
  });

  it('holds the licences of the packages that are in the program', () => {
    const contents: { readonly [file: string]: readonly string[] } = JSON.parse(
      readFileSync('dist/build/contents.json', 'utf8'),
    );
    const modules = Object.values(contents).flat();
    const packages = modules.flatMap(
      (module) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? [],
    );
    const licenses = readFileSync('dist/cli/parts/LICENSES.txt', 'utf8');
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter((name) => !licenses.includes(`${name} `))).toEqual([]);
    expect(paths).toContain('dist/cli/parts/LICENSES.txt');
  });

  it.each(['matar', 'xerial'])('ships the contract of %s', (api) => {
    expect(paths).toContain(`openapi/${api}/openapi.yaml`);
  });

  it('names no source map', () => {
    const compiled = paths.filter((path) => path.startsWith('dist/'));
    expect(compiled.filter((path) => readFileSync(path, 'utf8').includes('sourceMappingURL'))).toEqual([]);
  });

  it('holds every file that its manifest points to', () => {
    const targets = [...Object.values(manifest.bin), ...Object.values(manifest.exports).flatMap(targetsOf)];
    expect(targets.filter((target) => !paths.includes(target.replace('./', '')))).toEqual([]);
  });

  it.each(Object.values(manifest.bin))('starts %s with Node', (path) => {
    expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it.each(Object.keys(manifest.exports).filter((name) => !name.endsWith('.json')))(
    'exports something as %s',
    (name) => {
      const script = `console.log(Object.keys(await import('counterfoil${name.slice(1)}')).length)`;
      expect(
        Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script])),
      ).toBeGreaterThan(0);
    },
  );
});

describe('the lock file', () => {
  it('names versions and digests, never where to fetch them', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
  });
});

function targetsOf(entry: string | Readonly<Record<string, string>>): string[] {
  return typeof entry === 'string' ? [entry] : Object.values(entry);
}
