/** The references of a contract: which of them lead nowhere, and why. */

import type { ContractProblem } from '../contract-error.js';
import { type Documents, locationOf, nodeAt } from './documents.js';
import type { Failures, Gathered } from './gather.js';
import { isEndless, type Reference } from './objects.js';

/** A problem for each reference that cannot be followed, at the reference; a syntax error at the error. */
export function referenceProblems({ documents, failures, walk }: Gathered): ContractProblem[] {
  return walk.references.flatMap((reference) => problemsOf(reference, documents, failures));
}

/** Whether a reference leads somewhere. */
export function leadsSomewhere(documents: Documents, reference: Reference): boolean {
  return nodeAt(documents, reference.target) !== undefined && !isEndless(documents, reference);
}

function problemsOf(
  reference: Reference,
  documents: Documents,
  failures: Failures,
): readonly ContractProblem[] {
  const { text, target } = reference;
  const here = () => locationOf(documents, reference.at);
  const failed = failures.get(target.file);
  if (failed !== undefined)
    return failed.map((problem) => (problem.code === 'syntax' ? problem : { ...problem, location: here() }));
  const problem = (what: string, fix: string): ContractProblem[] => [
    { code: 'unresolved-reference', what: `the reference "${text}" ${what}`, fix, location: here() },
  ];
  if (target.pointer !== '' && !target.pointer.startsWith('/'))
    return problem(
      'names an anchor that no schema has',
      'Refer by JSON Pointer, for example "#/components/schemas/Name"',
    );
  if (nodeAt(documents, target) === undefined)
    return problem('leads nowhere', 'Check its spelling, or add what it names');
  if (isEndless(documents, reference))
    return problem('leads back to itself', 'Replace one of the references by what is meant');
  return [];
}
