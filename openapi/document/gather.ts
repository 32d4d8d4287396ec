/** The files of a contract, read: the document itself and every file that a reference in it leads to. */

import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { ContractError, type ContractProblem, type ContractProblemCode } from '../contract-error.js';
import type { Documents } from './documents.js';
import { displayName, isAbove, isRemote, parseSource, type Source } from './locate.js';
import { metaSchema } from './meta-schema.js';
import { type Walk, walkThrough } from './objects.js';

export type GatherOptions = {
  /** Whether references to http and https addresses are fetched. Default false: they are refused. */
  readonly remote?: boolean;
  /** Whether references may read files outside the folder of the document. Default false: they are refused. */
  readonly outside?: boolean;
};

/** Why files that are referred to could not be had. */
export type Failures = ReadonlyMap<string, readonly ContractProblem[]>;

/** Documents, what of them could not be read, and a walk through all of their objects. */
export type Gathered = { readonly documents: Documents; readonly failures: Failures; readonly walk: Walk };

/** The document at a path with all that it refers to, and what could not be read. */
export async function gatherDocuments(root: Source, options: GatherOptions): Promise<Gathered> {
  const sources = new Map([[root.file, root]]);
  const failures = new Map<string, readonly ContractProblem[]>();
  const documents: Documents = { root: root.file, sources };
  const walk = walkThrough(documents);
  for (;;) {
    const unread = [...walk.goOn()].filter((file) => !failures.has(file) && metaSchema(file) === undefined);
    if (unread.length === 0) return { documents, failures, walk };
    for (const file of unread) {
      try {
        sources.set(file, await readReferenced(file, path.dirname(root.file), options));
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        failures.set(file, error.problems);
      }
    }
  }
}

/**
 * Reads a file.
 * @throws ContractError when it cannot be read, or is neither JSON nor YAML.
 */
export async function readSource(file: string, from: string = file): Promise<Source> {
  let text: string;
  try {
    text = await readFile(from, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  return parseSource(file, text.replace(/^\uFEFF/, ''));
}

/**
 * Reads a file or an address that a document refers to, as far as the options allow it.
 * @throws ContractError when it cannot be had.
 */
export async function readReferenced(file: string, folder: string, options: GatherOptions): Promise<Source> {
  if (isRemote(file)) return parseSource(file, await fetchText(file, options));
  const real = await realpath(file).catch(() => undefined);
  // What is not there is judged by its name alone; what is there by where it really is, symbolic links followed.
  const relative =
    real === undefined ? path.relative(folder, file) : path.relative(await realpath(folder), real);
  if (options.outside !== true && isAbove(relative)) {
    const what = `the reference reads ${displayName(real ?? file)}, outside the folder of the document`;
    const fix = 'Move the file below the document, or allow it with --allow-outside';
    throw problemAt(file, 'outside-reference', what, fix);
  }
  return readSource(file, real);
}

async function fetchText(url: string, options: GatherOptions): Promise<string> {
  if (!/^https?:/i.test(url)) {
    const what = `the reference reads ${url}, which is neither a file path nor an http address`;
    throw problemAt(
      url,
      'remote-reference',
      what,
      'Save it beside the document, and refer to it by its path',
    );
  }
  if (options.remote !== true) {
    const what = `the reference reads ${url}, which is not on this machine`;
    const fix = 'Save it beside the document, or allow it with --allow-remote';
    throw problemAt(url, 'remote-reference', what, fix);
  }
  try {
    const response = await fetch(url);
    if (response.ok) return await response.text();
    throw problemAt(url, 'unreadable', `${url} answers with status ${response.status}`, 'Check the address');
  } catch (error) {
    if (error instanceof ContractError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw problemAt(url, 'unreadable', `${url} cannot be read (${reasonOf(cause)})`, 'Check the address');
  }
}

function unreadable(file: string, error: unknown): ContractError {
  const name = displayName(file);
  switch (reasonOf(error)) {
    case 'ENOENT':
      return problemAt(file, 'unreadable', `there is no file ${name}`, 'Check its path');
    case 'EISDIR':
      return problemAt(file, 'unreadable', `${name} is a folder`, 'Name a file in it');
    default: {
      const what = `${name} cannot be read (${reasonOf(error)})`;
      return problemAt(file, 'unreadable', what, 'Check that it may be read');
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The error with one problem, about a file as a whole. */
export function problemAt(file: string, code: ContractProblemCode, what: string, fix: string): ContractError {
  const location = { file: displayName(file), line: 1, column: 1 };
  return new ContractError([{ code, what, fix, location, file }]);
}
