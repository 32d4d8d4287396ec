/** A file, a folder or a shipped API's name in; a Contract out. The one user of swagger-parser. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { contractProblems } from './consistency/consistency.js';
import type { Contract } from './contract.js';
import { ContractError, type ContractProblem, locationText } from './contract-error.js';
import { documentKind, type Mistake, type OpenApiVersion } from './document/document-kind.js';
import { type Documents, displayName, referencePlace } from './document/documents.js';
import {
  type GatherOptions,
  gatherDocuments,
  problemAt,
  readReferenced,
  readSource,
} from './document/gather.js';
import { locate, type Source } from './document/locate.js';
import { oneDocument } from './document/one-document.js';
import { extended, overlaid } from './document/overlay.js';
import { referenceProblems } from './document/references.js';
import { type SchemaError, structureProblems } from './document/structure.js';
import { fromSwagger } from './document/swagger.js';
import { isObject } from './json.js';
import { readContract } from './read.js';
import { withInferredRules } from './rules/inferred-rules.js';
import { shippedApis, shippedDocument } from './shipped.js';

export type LoadOptions = GatherOptions & {
  /** Whether rules are concluded for resources that the contract has no rules for. Default true. */
  readonly inferredRules?: boolean;
  /** Whether a document with mistakes is refused. Default false: what can be read of it is, and they are its `problems`. */
  readonly strict?: boolean;
  /** The paths of overlays that change the document, in this order. Default none. */
  readonly overlays?: readonly string[];
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
  const { source, version, mistakes, besides } = await rootOf(await findDocument(api), options);
  const gathered = await gatherDocuments(source, options);
  const { documents, walk } = gathered;
  const ofDocument = [
    ...mistakes,
    ...referenceProblems(gathered),
    ...(await documentProblems(documents, version)),
  ];
  if (options.strict === true) refuse(documents, ofDocument);
  const problems = [...ofDocument, ...contractProblems(documents, version, walk.objects)];
  refuse(
    documents,
    options.strict === true ? problems : problems.filter(({ code }) => code === 'invalid-rule'),
  );
  const ruled = options.inferredRules === false ? documents : withInferredRules(documents);
  return readContract(ruled, version, { problems: inOrder(documents, problems), besides });
}

/** The document as OpenAPI, with overlays applied to what is written; and what is not right about the way it is written. */
type Root = {
  readonly source: Source;
  readonly version: OpenApiVersion;
  readonly mistakes: readonly ContractProblem[];
  /** The files that were read for it besides: overlays. */
  readonly besides: readonly string[];
};

async function rootOf(file: string, options: LoadOptions): Promise<Root> {
  const { source, mistakes, besides } = await overlaidSource(file, options);
  const kind = documentKind(source.value);
  if (kind.kind === 'overlay') {
    const fix = 'Add "extends", or give the document, and this one by --overlay';
    throw problemAt(
      file,
      'not-openapi',
      'this is an overlay that does not say which document it extends',
      fix,
    );
  }
  const own = kind.mistake === undefined ? [] : [problemOf(source, kind.mistake)];
  if (kind.kind === 'other') throw new ContractError(own.map((problem) => ({ ...problem, code: kind.code })));
  if (kind.kind === 'openapi')
    return { source, version: kind.version, mistakes: [...mistakes, ...own], besides };
  const folder = path.dirname(source.file);
  const read = (each: string): Promise<Source | undefined> =>
    readReferenced(each, folder, options).catch(() => undefined);
  return {
    source: await fromSwagger(source, read),
    version: '3.0',
    mistakes: [...mistakes, ...own],
    besides,
  };
}

function problemOf(source: Source, { member, what, fix }: Mistake): ContractProblem {
  return { code: 'invalid-document', what, fix, location: locate(source, `/${member}`) };
}

/** The text of the document with all overlays applied: the one that was named instead of it, and those of the options. */
async function overlaidSource(
  file: string,
  options: LoadOptions,
): Promise<Pick<Root, 'source' | 'mistakes' | 'besides'>> {
  const named = await readSource(file);
  const target = documentKind(named.value).kind === 'overlay' ? extended(named) : undefined;
  const others = await Promise.all(
    (options.overlays ?? []).map((overlay) => readSource(path.resolve(overlay))),
  );
  const overlays = [...(target === undefined ? [] : [named]), ...others];
  const mistakes: ContractProblem[] = [];
  let source = named;
  if (target !== undefined)
    source = await readReferenced(referencePlace(file, target).file, path.dirname(file), options);
  for (const overlay of overlays) {
    const changed = overlaid(source, overlay);
    source = changed.source;
    mistakes.push(...changed.problems);
  }
  return { source, mistakes, besides: overlays.map((overlay) => overlay.file) };
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

/** What the schema of the document's version of OpenAPI finds wrong. */
async function documentProblems(documents: Documents, version: OpenApiVersion): Promise<ContractProblem[]> {
  const document = oneDocument(documents, version);
  const { value, missing } = acceptable(document.value, version);
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
function acceptable(
  document: { readonly [member: string]: unknown },
  version: OpenApiVersion,
): {
  readonly value: { readonly [member: string]: unknown };
  readonly missing: readonly string[];
} {
  const { info, paths, components, webhooks } = document;
  const is30 = version === '3.0';
  const isEmpty = paths === undefined && (is30 || (components === undefined && webhooks === undefined));
  const own = isObject(info) ? info.version : undefined;
  const value = {
    ...document,
    openapi: is30 ? '3.0.3' : '3.1.1',
    ...(paths === undefined ? { paths: {} } : {}),
    ...(isObject(info) && typeof own === 'number' ? { info: { ...info, version: [own] } } : {}),
  };
  return { value, missing: isEmpty ? ['paths'] : [] };
}

/** Throws when there are problems. */
function refuse(documents: Documents, problems: readonly ContractProblem[]): void {
  if (problems.length > 0) throw new ContractError(inOrder(documents, problems));
}

/** Each problem once, in the order of the files and their lines. */
function inOrder(documents: Documents, problems: readonly ContractProblem[]): readonly ContractProblem[] {
  const files = [...documents.sources.keys()].map((file) => displayName(file));
  const rank = ({ location }: ContractProblem): number =>
    files.includes(location.file) ? files.indexOf(location.file) : files.length;
  const told = new Map(
    problems.map((problem) => [`${locationText(problem.location)} ${problem.what}`, problem]),
  );
  return [...told.values()].sort(
    (a, b) => rank(a) - rank(b) || a.location.line - b.location.line || a.location.column - b.location.column,
  );
}
