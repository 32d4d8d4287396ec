/** Arazzo documents: a file in, its workflows out; and those that a contract brings along. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Contract } from '../contract.js';
import { ContractError, type ContractProblem, locationText } from '../contract-error.js';
import { type Documents, displayName, locationOf, placeIn } from '../document/documents.js';
import { readSource } from '../document/gather.js';
import { isRemote, type Source } from '../document/locate.js';
import { problemsAt } from '../document/structure.js';
import { asObject, immutable } from '../json.js';
import { schemaCheck } from '../schema/schema.js';
import { workflowProblems } from './arazzo-consistency.js';
import type { ArazzoDocument } from './arazzo-document.js';
import { readWorkflows } from './arazzo-read.js';
import { arazzoSchema, arazzoWords } from './arazzo-schema.js';
import type { Workflow } from './workflow.js';

/** The name of the document that stands beside a contract without being asked for. */
const authoredName = 'workflows.arazzo.yaml';

let checkForm: ReturnType<typeof schemaCheck> | undefined;

/**
 * Reads the workflows of an Arazzo 1.0 document in YAML or JSON, whose steps call the operations of a contract.
 * @throws ContractError listing every problem with its file, line and column.
 */
export async function loadWorkflows(file: string, contract: Contract): Promise<readonly Workflow[]> {
  return (await readArazzo(file, contract)).workflows;
}

type Read = { readonly workflows: readonly Workflow[]; readonly documents: Documents };

async function readArazzo(file: string, contract: Contract): Promise<Read> {
  const source = await readSource(path.resolve(file));
  const documents: Documents = { root: source.file, sources: new Map([[source.file, source]]) };
  requireArazzo(documents, source);
  const at = { file: source.file, pointer: '' };
  checkForm ??= schemaCheck(arazzoSchema);
  fail(problemsAt(documents, at, checkForm(source.value), 'invalid-workflow', arazzoWords));
  const document: ArazzoDocument = { documents, root: { value: asObject(source.value), at }, contract };
  fail(workflowProblems(document));
  return { workflows: immutable(readWorkflows(document)), documents };
}

/**
 * The workflows that a contract brings along: those of the `workflows.arazzo.yaml` beside it, and of the documents that
 * its `x-arazzo` names. None when there are none. An id that two documents use is told as a problem.
 * @throws ContractError listing every problem with its file, line and column.
 */
export async function loadAuthoredWorkflows(contract: Contract): Promise<readonly Workflow[]> {
  const [root] = contract.files;
  if (root === undefined || isRemote(root)) return [];
  const named: unknown = contract.document['x-arazzo'];
  const beside = path.join(path.dirname(root), authoredName);
  const isBeside = (await stat(beside).catch(() => undefined))?.isFile() === true;
  const files = new Set([
    ...(isBeside ? [beside] : []),
    ...namedFiles(contract, named).map((file) => path.resolve(path.dirname(root), file)),
  ]);
  const read: Read[] = [];
  const problems: ContractProblem[] = [];
  for (const file of files) {
    try {
      read.push(await readArazzo(file, contract));
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...sameIds(read));
  if (problems.length > 0) throw new ContractError(problems);
  return read.flatMap(({ workflows }) => workflows);
}

function namedFiles(contract: Contract, named: unknown): readonly string[] {
  if (named === undefined) return [];
  if (Array.isArray(named) && named.every((each) => typeof each === 'string')) return named;
  const location = contract.locate({ file: contract.files[0] ?? '', pointer: '/x-arazzo' });
  const what = '"x-arazzo" must be a list of files';
  const fix = 'Write it as [other.arazzo.yaml]';
  throw new ContractError([{ code: 'invalid-workflow', what, fix, location }]);
}

function sameIds(read: readonly Read[]): readonly ContractProblem[] {
  const files = new Map<string, string>();
  return read.flatMap(({ workflows, documents }) =>
    workflows.flatMap(({ id, at }): ContractProblem[] => {
      const other = files.get(id);
      files.set(id, documents.root);
      if (other === undefined || at === undefined) return [];
      const location = locationOf(documents, placeIn(at, 'workflowId'));
      const what = `there is a workflow "${id}" in ${displayName(other)} already`;
      return [{ code: 'invalid-workflow', what, fix: 'Choose another name', location }];
    }),
  );
}

function requireArazzo(documents: Documents, source: Source): void {
  const { arazzo: version } = asObject(source.value);
  if (typeof version === 'string' && /^1\.0\.\d+(-.+)?$/.test(version)) return;
  const location = locationOf(documents, { file: source.file, pointer: '/arazzo' });
  if (typeof version === 'string') {
    const what = `Arazzo ${version} is not supported`;
    const fix = 'Use Arazzo 1.0, with all three numbers, for example "1.0.1"';
    throw new ContractError([{ code: 'unsupported-version', what, fix, location }]);
  }
  const [what, fix] =
    version === undefined
      ? ['this is not an Arazzo document: it has no "arazzo" field', 'Name one that has']
      : ['"arazzo" must be a string', 'Write the version as text'];
  throw new ContractError([
    { code: 'not-arazzo', what, fix: `${fix}, for example arazzo: "1.0.1"`, location },
  ]);
}

/** Throws when there are problems: each once, in the order of their lines. */
function fail(problems: readonly ContractProblem[]): void {
  if (problems.length === 0) return;
  const told = new Map(
    problems.map((problem) => [`${locationText(problem.location)} ${problem.what}`, problem]),
  );
  throw new ContractError(
    [...told.values()].sort(
      (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
    ),
  );
}
