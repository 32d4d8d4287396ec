/** Contracts in folders that last as long as a test, and what is said about those that cannot be read. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Contract } from '../../openapi/contract.js';
import { ContractError } from '../../openapi/contract-error.js';
import { type LoadOptions, loadContract } from '../../openapi/load.js';

/** The text of files by their paths in the folder; the first one is the document. */
export type Files = Readonly<Record<string, string>>;

/** A new folder with these files in it. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'counterfoil-contract-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** The contract that files hold. */
export async function contractOf(files: Files, options?: LoadOptions): Promise<Contract> {
  const folder = await folderOf(files);
  return loadContract(path.join(folder, Object.keys(files)[0] ?? ''), options);
}

/** What is said about files with mistakes in them, line by line; their folder is left out. Nothing when they have none. */
export async function complaintsOf(files: Files, options?: LoadOptions): Promise<readonly string[]> {
  const folder = await folderOf(files);
  try {
    await loadContract(path.join(folder, Object.keys(files)[0] ?? ''), { strict: true, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message.replaceAll(`${folder}/`, '').split('\n');
  }
}

/** The first two lines of a document; the third is for what a test is about. */
export const head = "openapi: 3.1.1\ninfo: { title: T, version: '1' }\n";

/** The same for OpenAPI 3.0. */
export const head30: string = head.replace('3.1.1', '3.0.3');
