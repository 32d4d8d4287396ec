/** Which version of Counterfoil wrote a report. */

import { createRequire } from 'node:module';

const manifest: { readonly version: string } = createRequire(import.meta.url)('counterfoil/package.json');

export const version: string = manifest.version;
