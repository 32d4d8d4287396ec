/** What is started beside each other: Node alone, the mock's framework alone, the mock with its contracts, and the peers. */

import { fileURLToPath } from 'node:url';
import { installedPeers } from '../peers/peers.js';
import { fileOf, matarDocument } from '../server/root.js';
import type { Started } from './spawn.js';

const hono = fileURLToPath(new URL('../server/hono-alone.js', import.meta.url));

/** The program as the build leaves it. */
const program: string = fileOf('dist/cli/main.js');

/** A call of Matar that everybody answers who serves its document. */
const documented = '/api/v1/get_current_user';

/** `node -e 0`: what everything else is held against. */
export const nodeAlone: Started = { kind: 'ends', name: 'node -e 0', args: ['-e', '0'] };

/** The modules of Hono and its server for Node, loaded. */
export const honoLoaded: Started = {
  kind: 'ends',
  name: 'Hono loaded, nothing else',
  // Resolved from the folder that the process is in: that of the project.
  args: ['--input-type=module', '--eval', "import 'hono'; import '@hono/node-server';"],
};

export const honoServer: Started = {
  kind: 'answers',
  name: 'Hono, one route',
  args: (port) => [hono, String(port)],
  path: documented,
};

/** `counterfoil mock` with these contracts, quiet or not as it is by default. */
export function mockStart(name: string, contracts: readonly string[], path: string): Started {
  const args = (port: number): readonly string[] => [program, 'mock', ...contracts, '--port', String(port)];
  return { kind: 'answers', name, args, path };
}

/** The shipped contracts: one, the other, and both, as a plain start serves them. */
export const shippedStarts: readonly Started[] = [
  mockStart('counterfoil mock matar', ['matar'], documented),
  mockStart('counterfoil mock xerial', ['xerial'], '/'),
  mockStart('counterfoil mock', [], documented),
];

/** The peers with the document of Matar, and why some are missing. */
export function peerStarts(): { readonly starts: readonly Started[]; readonly leftOut: readonly string[] } {
  const { peers, leftOut } = installedPeers();
  const starts = peers.map(({ name, program: of }): Started => {
    const { script, args, folder } = of(matarDocument);
    return {
      kind: 'answers',
      name,
      args: (port) => [script, ...args(port)],
      path: documented,
      ...(folder === undefined ? {} : { folder }),
    };
  });
  return { starts, leftOut };
}
