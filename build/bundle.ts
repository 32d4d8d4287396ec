/** The program as few large files: to find and read hundreds of small ones would take most of the time of a start. */

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

/** What every start needs is in the bundle. All other packages are loaded as they are, by those who use them. */
const inlined = [
  'commander',
  'hono',
  '@hono/node-server',
  'jws',
  'jwa',
  'buffer-equal-constant-time',
  'ecdsa-sig-formatter',
  'safe-buffer',
  'pure-rand',
  'fastest-levenshtein',
  'tinyduration',
];

/**
 * Writes the program over its compiled entry, and its parts, which are loaded when they are needed, into `parts`. Which
 * modules are in each file is written to `build/contents.json`.
 */
export async function bundleProgram(root: string): Promise<void> {
  const folder = path.join(root, 'dist', 'cli');
  await rm(path.join(folder, 'parts'), { recursive: true, force: true });
  const bundle = await rolldown({
    input: { main: path.join(root, 'cli', 'main.ts') },
    platform: 'node',
    external: (name) => isPackage(name) && !inlined.includes(packageOf(name)),
  });
  try {
    const { output } = await bundle.write({
      dir: folder,
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name].js',
    });
    const parts = output.flatMap((part) => (part.type === 'chunk' ? [part] : []));
    const modules = parts.flatMap(({ moduleIds }) => moduleIds);
    await writeFile(path.join(folder, 'parts', 'LICENSES.txt'), await licensesOf(modules));
    const contents = parts.map((part) => [
      part.fileName,
      part.moduleIds.map((id) => path.relative(root, id)),
    ]);
    await writeFile(
      path.join(root, 'dist', 'build', 'contents.json'),
      JSON.stringify(Object.fromEntries(contents)),
    );
  } finally {
    await bundle.close();
  }
}

/** Whether an import names a package, rather than a file. */
function isPackage(name: string): boolean {
  return !name.startsWith('.') && !path.isAbsolute(name);
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

/** The licences of the packages that modules are from: they ask to go with every copy. */
async function licensesOf(modules: readonly string[]): Promise<string> {
  const folders = modules.flatMap(
    (module) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? [],
  );
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseOf));
  return texts.join('\n');
}

async function licenseOf(folder: string): Promise<string> {
  const manifest: { readonly name: string; readonly version: string; readonly license?: string } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? '' : await readFile(path.join(folder, file), 'utf8');
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'no licence named'})\n\n${text}`;
}
