/** Compiles the package once before any test, so that tests of the command line run what users run. */

import { execSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { compiled, folders } from './compiled.js';

export default function build(): void {
  try {
    execSync('npm run --silent build', { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(
      `The package does not compile, so no test has run. \`npm run build\` says:\n${stdout}${stderr}`,
    );
  }
  rmSync(compiled, { recursive: true, force: true });
  for (const folder of folders)
    cpSync(`dist/${folder}`, `${compiled}/${folder}`, { recursive: true, filter: isCode });
}

/** Types are read from the sources. */
function isCode(file: string): boolean {
  return statSync(file).isDirectory() || file.endsWith('.js');
}
