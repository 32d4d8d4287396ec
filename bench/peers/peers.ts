/** Well-known mock servers for OpenAPI documents, each started the way its documentation says, and as quiet as it can be. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../server/process.js';

/** A mock server of others, and how it is started for a document. */
type Peer = {
  readonly name: string;
  readonly program: (document: string) => Program;
};

const folder = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));

/** Those that are there, and why the others are not. */
export type Peers = { readonly peers: readonly Peer[]; readonly leftOut: readonly string[] };

const known: readonly Peer[] = [
  peer('Prism', '@stoplight/prism-cli', (bin, document, port) => ({
    script: bin('prism'),
    args: ['mock', document, '--port', port, '--host', '127.0.0.1', '--verboseLevel', 'silent'],
  })),
  peer('Mockoon', '@mockoon/cli', (bin, document, port) => ({
    script: bin('mockoon-cli'),
    args: ['start', '--data', document, '--port', port, '--hostname', '127.0.0.1', '--disable-log-to-file'],
  })),
  peer('Scalar', '@scalar/mock-server', ownScript('scalar.mjs')),
  peer('openapi-backend', 'openapi-backend', ownScript('openapi-backend.mjs')),
  peer('openapi-mock-express', 'openapi-mock-express-middleware', ownScript('openapi-mock-express.mjs')),
];

/** The best known of them, by its downloads. */
export const bestKnown = 'Prism';

/**
 * The peers, installed below `bench/peers` when they are not there yet. Where they cannot be installed the benchmark goes on
 * without them, and says why.
 */
export function installedPeers(): Peers {
  try {
    install();
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { peers: [], leftOut: [`The peers could not be installed: ${why}`] };
  }
  return { peers: known, leftOut: [] };
}

/** What a peer is called in a table: its name and its version. */
function peer(
  name: string,
  packageName: string,
  start: (
    bin: (name: string) => string,
    document: string,
    port: string,
  ) => { readonly script: string; readonly args: readonly string[] },
): Peer {
  const root = path.join(folder, 'node_modules', packageName);
  const bin = (binName: string): string => {
    const { bin: bins }: { bin: Record<string, string> } = manifestOf(root);
    return path.join(root, bins[binName] ?? '');
  };
  return {
    name,
    program: (document) => ({
      script: start(bin, document, '').script,
      args: (port) => start(bin, document, String(port)).args,
      folder,
    }),
  };
}

function ownScript(
  name: string,
): (bin: unknown, document: string, port: string) => { script: string; args: readonly string[] } {
  return (_, document, port) => ({ script: path.join(folder, name), args: [document, port] });
}

function manifestOf(root: string): { version: string; bin: Record<string, string> } {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
}

/** Installs what the lock file names, unless that was done since it changed. No script of a package is run. */
function install(): void {
  const done = path.join(folder, 'node_modules', '.package-lock.json');
  const lock = path.join(folder, 'package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'pipe',
    shell: process.platform === 'win32',
  });
}
