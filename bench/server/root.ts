/** Where the files of the project are, seen from the compiled benchmark. */

import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

/** The path of a file of the project. */
export function fileOf(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** The document of the API that most is measured with. */
export const matarDocument: string = fileOf('openapi/matar/openapi.yaml');
