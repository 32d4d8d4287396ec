/** The one error of a contract that cannot be read: every problem in it, each with its place and what to do. */

/** A position in a source file. Lines and columns count from 1. */
export type Location = { readonly file: string; readonly line: number; readonly column: number };

/** What kind of problem it is; the list is closed. */
export type ContractProblemCode =
  | 'not-found'
  | 'unreadable'
  | 'syntax'
  | 'not-openapi'
  | 'not-arazzo'
  | 'unsupported-version'
  | 'invalid-document'
  | 'invalid-schema'
  | 'invalid-rule'
  | 'invalid-workflow'
  | 'unresolved-reference'
  | 'remote-reference'
  | 'outside-reference'
  | 'ambiguous-name'
  | 'ambiguous-path'
  | 'reserved-path';

export type ContractProblem = {
  readonly code: ContractProblemCode;
  /** What is wrong, in one sentence without its full stop. */
  readonly what: string;
  /** What to do about it, in one sentence without its full stop. */
  readonly fix: string;
  readonly location: Location;
  /** The file or address that could not be read, where that is the problem. */
  readonly file?: string;
};

/** Thrown when a contract cannot be read. Its message lists every problem, one a line, as `file:line:column: …`. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly problems: readonly ContractProblem[];

  constructor(problems: readonly ContractProblem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column`, the form that editors and terminals open. */
export function locationText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

function problemLine(problem: ContractProblem): string {
  return `${locationText(problem.location)}: ${problem.what}. ${problem.fix}.`;
}

/** What to do, or which of the known names to use instead. */
export function orOneOf(fix: string, names: readonly string[]): string {
  return names.length === 0 ? fix : `${fix}, or use one of: ${names.join(', ')}`;
}
