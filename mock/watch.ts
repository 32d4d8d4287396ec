/** Serves contracts anew when one of their files changes. The one user of chokidar. */

import path from 'node:path';
import { watch } from 'chokidar';
import type { Contract } from '../openapi/contract.js';
import { ContractError } from '../openapi/contract-error.js';
import { isRemote } from '../openapi/document/documents.js';
import type { Mock } from './app.js';

export type WatchOptions = {
  /** Reads the contracts of the mock anew. */
  readonly load: () => Promise<readonly Contract[]>;
  /** Told that the files, as they are now, are served. */
  readonly onReloaded: (contracts: readonly Contract[]) => void;
  /** Told why the files, as they are now, are not served; what was served before still is. */
  readonly onFailed: (error: unknown) => void;
};

export type Watching = {
  /** How many files are watched. */
  readonly files: number;
  close(): Promise<void>;
};

/** Editors write a file in several steps: the files are read when they have been quiet for so many milliseconds. */
const quietTime = 50;
/** The clock of a file system may lag behind that of the process by a tick; so many milliseconds, generously. */
const clockLag = 20;

/**
 * Watches every file that a mock's contracts were read from, and later those that a change makes them refer to.
 * Files that come and go are followed too, since many editors save by putting a new file in the place of the old.
 */
export async function watchContracts(mock: Mock, options: WatchOptions): Promise<Watching> {
  let files = filesOf(mock);
  let loadedAt = Date.now();
  const isWatched = (name: string): boolean =>
    files.has(name) || [...files].some((file) => file.startsWith(name + path.sep));
  const watcher = watch(foldersOf(files), {
    ignored: (name) => !isWatched(path.resolve(name)),
    alwaysStat: true,
  });
  const reload = async (): Promise<void> => {
    loadedAt = Date.now();
    const failure = await serveAnew(mock, options);
    files = filesOf(mock);
    files = new Set([...files, ...filesIn(failure).filter((file) => !isWatched(file))]);
    watcher.add(foldersOf(files));
  };
  const queue = queueOf(reload);
  watcher.on('all', (event, name, stats) => {
    const known = event === 'add' && stats !== undefined && stats.ctimeMs < loadedAt - clockLag;
    if (files.has(path.resolve(name)) && !known) queue.push();
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    files: files.size,
    async close() {
      await queue.close();
      await watcher.close();
    },
  };
}

/** Loads and serves the contracts; what failed, if something did. */
async function serveAnew(mock: Mock, { load, onReloaded, onFailed }: WatchOptions): Promise<unknown> {
  try {
    const contracts = await load();
    mock.reload(contracts);
    onReloaded(contracts);
    return undefined;
  } catch (error) {
    onFailed(error);
    return error;
  }
}

/** Runs a task when it has been asked for and then left in quiet; never twice at once, and no asking is lost. */
function queueOf(task: () => Promise<void>): { push(): void; close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let isWaiting = false;
  let isClosed = false;
  let last = Promise.resolve();
  const run = (): Promise<void> | undefined => {
    isWaiting = false;
    return isClosed ? undefined : task();
  };
  const ask = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    last = last.then(run);
  };
  return {
    push() {
      clearTimeout(timer);
      timer = setTimeout(ask, quietTime);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      return last;
    },
  };
}

/** The files of the contracts, and those that they refer to and that are not there. */
function filesOf(mock: Mock): Set<string> {
  const contracts = mock.apis().map(({ contract }) => contract);
  const missing = contracts.flatMap(({ problems }) => problems.flatMap(({ file }) => file ?? []));
  const files = [...contracts.flatMap((contract) => contract.files), ...missing];
  return new Set(files.filter((file) => !isRemote(file)));
}

/** The files that a change must come to before a broken contract can be good again. */
function filesIn(failure: unknown): string[] {
  if (!(failure instanceof ContractError)) return [];
  return failure.problems
    .flatMap(({ location, file }) => [location.file, ...(file === undefined ? [] : [file])])
    .filter((file) => !isRemote(file))
    .map((file) => path.resolve(file));
}

function foldersOf(files: ReadonlySet<string>): string[] {
  return [...new Set([...files].map((file) => path.dirname(file)))];
}
