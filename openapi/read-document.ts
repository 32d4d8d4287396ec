/** A document with all that it refers to, and everything that is wrong with it. */

import path from 'node:path';
import { contractProblems } from './consistency/consistency.js';
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
import { referenceProblems } from './document/references.js';
import { type SchemaError, structureProblems } from './document/structure.js';
import { fromSwagger } from './document/swagger.js';
import { knownSchemaErrors } from './schema/known-schemas.js';

export type ReadOptions = GatherOptions & {
  /** Whether a document with mistakes is refused. Default false: what can be read of it is, and they are its `problems`. */
  readonly strict?: boolean;
  /** The paths of overlays that change the document, in this order. Default none. */
  readonly overlays?: readonly string[];
};

/** Documents that are known, and what is known of them. */
export type ReadDocument = {
  readonly documents: Documents;
  readonly version: OpenApiVersion;
  /** The mistakes in them, in the order of files and lines. */
  readonly problems: readonly ContractProblem[];
  /** The files that were read besides: overlays. */
  readonly besides: readonly string[];
};

/**
 * Reads the document at a path, and judges it.
 * @throws ContractError when it cannot be read, when its state rules are wrong, and with `strict` for any other mistake as well.
 */
export async function readDocument(file: string, options: ReadOptions): Promise<ReadDocument> {
  const { source, version, mistakes, besides } = await rootOf(file, options);
  const gathered = await gatherDocuments(source, options);
  const { documents, walk } = gathered;
  const ofDocument = [
    ...mistakes,
    ...referenceProblems(gathered),
    ...(await documentProblems(documents, version, options.strict === true)),
  ];
  if (options.strict === true) refuse(documents, ofDocument);
  const problems = [...ofDocument, ...contractProblems(documents, version, walk.objects)];
  refuse(
    documents,
    options.strict === true ? problems : problems.filter(({ code }) => code === 'invalid-rule'),
  );
  return { documents, version, problems: inOrder(documents, problems), besides };
}

/** The document as OpenAPI, with overlays applied to what is written; and what is not right about the way it is written. */
type Root = {
  readonly source: Source;
  readonly version: OpenApiVersion;
  readonly mistakes: readonly ContractProblem[];
  /** The files that were read for it besides: overlays. */
  readonly besides: readonly string[];
};

async function rootOf(file: string, options: ReadOptions): Promise<Root> {
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
  options: ReadOptions,
): Promise<Pick<Root, 'source' | 'mistakes' | 'besides'>> {
  const named = await readSource(file);
  const isOverlay = documentKind(named.value).kind === 'overlay';
  const paths = options.overlays ?? [];
  if (!isOverlay && paths.length === 0) return { source: named, mistakes: [], besides: [] };
  const { extended, overlaid } = await import('./document/overlay.js');
  const target = isOverlay ? extended(named) : undefined;
  const others = await Promise.all(paths.map((overlay) => readSource(path.resolve(overlay))));
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

/**
 * What the schema of the document's version of OpenAPI finds wrong. A strict document is judged by swagger-parser; any other
 * by the same schema compiled ahead, which takes a tenth of the time.
 */
async function documentProblems(
  documents: Documents,
  version: OpenApiVersion,
  isStrict: boolean,
): Promise<ContractProblem[]> {
  const document = oneDocument(documents, version);
  const { value, missing } = acceptable(document.value, version);
  const errors: SchemaError[] = missing.map((name) => ({
    instancePath: '',
    schemaPath: '#/required',
    keyword: 'required',
    params: { missingProperty: name },
  }));
  if (isStrict) {
    const { strictErrors } = await import('./document/strict.js');
    errors.push(...(await strictErrors(documents.root, value)));
  } else errors.push(...knownSchemaErrors(version === '3.0' ? 'openapi-3.0' : 'openapi-3.1', value));
  return structureProblems(documents, document, errors);
}

/** The document as the schema of its version takes it: that of 3.1 for 3.2 as well. That paths are missing is told otherwise. */
function acceptable(
  document: { readonly [member: string]: unknown },
  version: OpenApiVersion,
): {
  readonly value: { readonly [member: string]: unknown };
  readonly missing: readonly string[];
} {
  const { paths, components, webhooks } = document;
  const is30 = version === '3.0';
  const isEmpty = paths === undefined && (is30 || (components === undefined && webhooks === undefined));
  const value = {
    ...document,
    openapi: is30 ? '3.0.3' : '3.1.1',
    ...(paths === undefined ? { paths: {} } : {}),
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
