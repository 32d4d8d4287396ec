/** The compiled code in the place of its sources: Node loads it faster, and runs it faster, than what is transformed. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vitest/config';

/** Where the tests have the code as it is compiled, without what the build works out besides. */
export const compiled = 'test/dist';

/** What is compiled there. */
export const folders = ['openapi', 'mock', 'conformance', 'cli', 'build'] as const;

/** Takes the imports of sources to what was compiled of them. Who watches wants to see each edit, and has the sources. */
export function compiledSources(root: string): Plugin {
  let isWatching = false;
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    configureVitest({ vitest }) {
      isWatching = vitest.config.watch;
    },
    resolveId(source, importer) {
      if (isWatching || importer === undefined || !/^\.{1,2}\/.*\.js$/.test(source)) return null;
      const file = path.relative(root, path.resolve(path.dirname(importer), source));
      const built = path.join(root, compiled, file);
      const isSource = folders.some((folder) => file.startsWith(`${folder}${path.sep}`));
      return isSource && existsSync(built) ? { id: built, external: true } : null;
    },
  };
}
