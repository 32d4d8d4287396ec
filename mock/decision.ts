/** What the mock decided about a request, and why: the part of a journal entry that a person looks for. */

import type { Provenance } from '../openapi/contract.js';
import type { ProblemName } from '../openapi/http/problem.js';
import type { Refusal } from '../openapi/rules/state.js';

/** A violation of the contract with the place that it breaks, as `file:line:column`. */
export type LocatedViolation = {
  readonly in: string;
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
  readonly contract: string;
};

export type Decision = {
  /** The step of the pipeline that gave the answer. */
  readonly step: 'match' | 'token' | 'prefer' | 'authenticate' | 'negotiate' | 'validate' | 'select';
  readonly api: string | undefined;
  readonly operation: string | undefined;
  /** The documented response, as `status#example`; undefined for a problem of our own. */
  readonly response: string | undefined;
  /** The rule that led there. */
  readonly transition: string | undefined;
  readonly provenance: Provenance | undefined;
  readonly problem: ProblemName | undefined;
  /** Whether the client asked for it by a preference. */
  readonly preferred: boolean;
  readonly violations: readonly LocatedViolation[];
  /** The rules before it that did not hold, each with the condition that failed. */
  readonly refused: readonly Refusal[];
};
