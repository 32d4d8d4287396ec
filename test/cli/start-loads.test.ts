/** What a start loads: found in the list of scripts that V8 keeps, so that nobody adds to it without being noticed. */

import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith, type Started, start, startMock } from './process.js';

const program = path.resolve('dist/cli');

/** The packages that every command needs: its arguments, and the nearest of the names that there are. */
const forArguments = ['commander', 'fastest-levenshtein'];

/** The packages that a mock needs until its first answer. */
const forMock = [
  ...forArguments,
  '@hono/node-server',
  'buffer-equal-constant-time',
  'ecdsa-sig-formatter',
  'hono',
  'jwa',
  'jws',
  'pure-rand',
  'safe-buffer',
  'tinyduration',
];

/** Folders and files of ours that are for other commands, or for documents that the build has not read. */
const forOthers =
  /^(?:conformance\/(?!report\/(?:text|paint)\.ts)|openapi\/(?:arazzo|consistency|describe)\/|openapi\/read-document|openapi\/document\/(?:overlay|json-path|swagger|one-document)|mock\/watch|cli\/(?:run-(?!mock)|config))/;

describe.each([
  ['both shipped APIs', []],
  ['one of them', ['matar']],
  ['the other', ['xerial']],
])('a mock of %s', (_, names) => {
  it('loads until its first answer what it needs, and no file beside the program', async () => {
    const traced = await folderWith({});
    const mock = await startMock(names, { NODE_V8_COVERAGE: traced });
    await fetch(`${mock.url}/nothing`);
    mock.signal('SIGTERM');
    const { files, packages, sources } = await loaded(mock, traced);
    expect(files.filter((file) => !file.startsWith(`${program}${path.sep}`))).toEqual([]);
    expect(packages).toEqual(forMock.toSorted());
    expect(sources.filter((source) => forOthers.test(source))).toEqual([]);
  });
});

describe('help', () => {
  it.each([[['--help']], [['help', 'check']], [['mock', '--help']]])(
    'of %j loads no engine',
    async (args) => {
      const traced = await folderWith({});
      const { files, packages, sources } = await loaded(start(args, { NODE_V8_COVERAGE: traced }), traced);
      expect(files.filter((file) => !file.startsWith(`${program}${path.sep}`))).toEqual([]);
      expect(packages).toEqual(forArguments.toSorted());
      expect(sources.filter((source) => /^mock\/|^openapi\/(?:load|read)/.test(source))).toEqual([]);
    },
  );
});

type Loaded = {
  readonly files: readonly string[];
  /** The packages that are in these files, or that these files are of. */
  readonly packages: readonly string[];
  /** Our sources in these files. */
  readonly sources: readonly string[];
};

/** The files of the program, with the modules that the build has put into each. */
const contents: { readonly [file: string]: readonly string[] } = JSON.parse(
  readFileSync('dist/build/contents.json', 'utf8'),
);

/** What a process has loaded until it ended. */
async function loaded(started: Started, folder: string): Promise<Loaded> {
  await started.ended;
  const files = new Set<string>();
  for (const name of await readdir(folder)) {
    const { result }: { readonly result: readonly { readonly url: string }[] } = JSON.parse(
      await readFile(path.join(folder, name), 'utf8'),
    );
    for (const { url } of result) if (url.startsWith('file:')) files.add(fileURLToPath(url));
  }
  const inside = [...files].flatMap((file) => contents[path.relative(program, file)] ?? [file]);
  const packages = inside.flatMap(
    (file) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? [],
  );
  return {
    files: [...files],
    packages: [...new Set(packages)].sort(),
    sources: inside.filter((file) => !file.includes('node_modules')),
  };
}
