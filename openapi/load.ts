/** A file, a folder or a shipped API's name in; a Contract out. The one user of swagger-parser. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { contractProblems } from './consistency.js';
import type { Contract } from './contract.js';
import { ContractError, type ContractProblem, locationText } from './contract-error.js';
import { type Documents, displayName, locationOf } from './documents.js';
import { type GatherOptions, gatherDocuments, problemAt, readSource } from './gather.js';
import { withInferredRules } from './inferred-rules.js';
import { asObject, isObject } from './json.js';
import type { Source } from './locate.js';
import { oneDocument } from './one-document.js';
import { readContract } from './read.js';
import { referenceProblems } from './references.js';
import { shippedApis, shippedDocument } from './shipped.js';
import { type SchemaError, structureProblems } from './structure.js';

export type LoadOptions = GatherOptions & {
  /** Whether rules are concluded for resources that the contract has no rules for. Default true. */
  readonly inferredRules?: boolean;
};

const documentNames = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

/**
 * Loads a contract: an OpenAPI 3.0 or 3.1 document in JSON or YAML, over one file or many.
 * @param api the path of a document, of a folder that holds an openapi.yaml, or the name of a shipped API.
 * @throws ContractError listing every problem with its file, line and column.
 */
export async function loadContract(api: string, options: LoadOptions = {}): Promise<Contract> {
  const root = await findDocument(api);
  const source = await readSource(root);
  requireSupportedVersion(source);
  const { documents, failures } = await gatherDocuments(source, options);
  fail(documents, [...referenceProblems(documents, failures), ...(await documentProblems(documents))]);
  fail(documents, contractProblems(documents));
  return readContract(options.inferredRules === false ? documents : withInferredRules(documents));
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

function requireSupportedVersion(source: Source): void {
  const { openapi: version, swagger } = asObject(source.value);
  if (typeof version === 'string' && /^3\.[01]\.\d+$/.test(version)) return;
  const documents: Documents = { root: source.file, sources: new Map([[source.file, source]]) };
  const at = (member: string) => locationOf(documents, { file: source.file, pointer: member });
  if (typeof version === 'string') {
    const what = `OpenAPI ${version} is not supported`;
    const fix = 'Use OpenAPI 3.0 or 3.1, with all three numbers, for example "3.1.1"';
    throw new ContractError([{ code: 'unsupported-version', what, fix, location: at('/openapi') }]);
  }
  if (version !== undefined) {
    const fix = 'Write the version as text, for example openapi: "3.1.1"';
    throw new ContractError([
      { code: 'not-openapi', what: '"openapi" must be a string', fix, location: at('/openapi') },
    ]);
  }
  const [what, fix] =
    swagger === undefined
      ? [
          'this is not an OpenAPI document: it has no "openapi" field',
          'Name one that has, for example openapi: "3.1.1"',
        ]
      : ['this is a Swagger 2.0 document', 'Convert it to OpenAPI 3.1'];
  throw new ContractError([{ code: 'not-openapi', what, fix, location: at('/swagger') }]);
}

/** What the schema of the document's version of OpenAPI finds wrong. */
async function documentProblems(documents: Documents): Promise<ContractProblem[]> {
  const document = oneDocument(documents);
  const { value, missing } = acceptable(document.value);
  const errors: SchemaError[] = missing.map((name) => ({
    instancePath: '',
    schemaPath: '#/required',
    keyword: 'required',
    params: { missingProperty: name },
  }));
  try {
    const options = { resolve: { external: false }, validate: { schema: true, spec: false } };
    // The parser's types know the fields of OpenAPI, of which nothing is certain yet.
    await new SwaggerParser().validate(documents.root, value as never, options);
  } catch (error) {
    if (!(error instanceof Error && 'details' in error && Array.isArray(error.details))) throw error;
    errors.push(...error.details);
  }
  return structureProblems(documents, document, errors);
}

/**
 * The document as swagger-parser takes it. It throws, and says nothing about the rest, when the paths are missing, the
 * version of the API is a number, or that of OpenAPI is newer than itself; all of which are told or checked otherwise.
 */
function acceptable(document: { readonly [member: string]: unknown }): {
  readonly value: { readonly [member: string]: unknown };
  readonly missing: readonly string[];
} {
  const { openapi, info, paths, components, webhooks } = document;
  const is31 = String(openapi).startsWith('3.1');
  const isEmpty = paths === undefined && !(is31 && (components !== undefined || webhooks !== undefined));
  const version = isObject(info) ? info.version : undefined;
  const value = {
    ...document,
    openapi: is31 ? '3.1.1' : '3.0.3',
    ...(paths === undefined ? { paths: {} } : {}),
    ...(isObject(info) && typeof version === 'number' ? { info: { ...info, version: [version] } } : {}),
  };
  return { value, missing: isEmpty ? ['paths'] : [] };
}

/** Throws when there are problems: each once, in the order of the files and their lines. */
function fail(documents: Documents, problems: readonly ContractProblem[]): void {
  if (problems.length === 0) return;
  const files = [...documents.sources.keys()].map((file) => displayName(file));
  const rank = ({ location }: ContractProblem): number =>
    files.includes(location.file) ? files.indexOf(location.file) : files.length;
  const told = new Map(
    problems.map((problem) => [`${locationText(problem.location)} ${problem.what}`, problem]),
  );
  throw new ContractError(
    [...told.values()].sort(
      (a, b) =>
        rank(a) - rank(b) || a.location.line - b.location.line || a.location.column - b.location.column,
    ),
  );
}
