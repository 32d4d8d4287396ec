/** A file, a folder or a shipped API's name in; a Contract out. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Contract } from './contract.js';
import { problemAt } from './document/gather.js';
import { preparedDocument } from './document/prepared.js';
import { readContract } from './read.js';
import type { ReadOptions } from './read-document.js';
import { withInferredRules } from './rules/inferred-rules.js';
import { shippedApis, shippedDocument } from './shipped.js';

export type LoadOptions = ReadOptions & {
  /** Whether rules are concluded for resources that the contract has no rules for. Default true. */
  readonly inferredRules?: boolean;
};

const documentNames = [
  'openapi.yaml',
  'openapi.yml',
  'openapi.json',
  'swagger.yaml',
  'swagger.yml',
  'swagger.json',
];

/**
 * Loads a contract: an OpenAPI document of 3.0, 3.1 or 3.2, or a Swagger 2.0 document, in JSON or YAML, over one file or many;
 * or an overlay that says which document it extends.
 * @param api the path of a document, of a folder that holds an openapi.yaml, or the name of a shipped API.
 * @throws ContractError listing every problem with its file, line and column: when the document cannot be read, when its
 * state rules are wrong, and with `strict` for any other mistake as well.
 */
export async function loadContract(api: string, options: LoadOptions = {}): Promise<Contract> {
  const file = await findDocument(api);
  const isChanged = (options.overlays ?? []).length > 0;
  const prepared = isChanged ? undefined : await preparedDocument(file);
  const { documents, version, ...read } = prepared ?? (await readAnyDocument(file, options));
  return readContract(
    options.inferredRules === false ? documents : withInferredRules(documents),
    version,
    read,
  );
}

/** What reads and judges documents is loaded only when there is one that the build has not read. */
async function readAnyDocument(
  file: string,
  options: ReadOptions,
): ReturnType<typeof import('./read-document.js').readDocument> {
  const { readDocument } = await import('./read-document.js');
  return readDocument(file, options);
}

async function findDocument(api: string): Promise<string> {
  const shipped = shippedDocument(api);
  if (shipped !== undefined) return shipped;
  const file = path.resolve(api);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    const fix = `Name a file, a folder, or one of: ${shippedApis().join(', ')}`;
    throw problemAt(file, 'not-found', `there is no ${api}`, fix);
  }
  if (!found.isDirectory()) return file;
  for (const name of documentNames) {
    const candidate = path.join(file, name);
    if ((await stat(candidate).catch(() => undefined))?.isFile()) return candidate;
  }
  const what = `the folder holds none of ${documentNames.join(', ')}`;
  throw problemAt(file, 'not-found', what, 'Name the document itself');
}
