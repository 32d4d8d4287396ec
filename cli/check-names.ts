/** What `--only` and `--skip` name: operations, tags, checks and phases. */

import type { Check } from '../conformance/check.js';
import { type Phase, phases } from '../conformance/event.js';
import type { Contract } from '../openapi/contract.js';
import { nearestPath } from '../openapi/http/path.js';
import { exitCodes, Failure } from './failure.js';

/** What is left of checks, phases and operations. */
export type Chosen = {
  readonly checks: readonly Check[];
  readonly phases: readonly Phase[];
  /** Operations and tags by name. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
};

const howToName = 'Name an operation by its operationId or as "POST /path", a tag, a check or a phase.';

/** @throws Failure when a name is that of nothing. */
export function chosenBy(
  contract: Contract,
  checks: readonly Check[],
  only: readonly string[],
  skip: readonly string[],
): Chosen {
  const checkNames = checks.map(({ name }) => name);
  const operations = contract.operations.flatMap(({ id, method, path, tags }) => [
    id,
    `${method} ${path}`,
    ...tags,
  ]);
  const known = [...phases, ...checkNames, ...operations];
  for (const name of [...only, ...skip])
    if (!known.includes(name)) throw unknownName('operation, tag, check or phase', name, known, howToName);
  const among = (list: readonly string[], names: readonly string[]): string[] =>
    list.filter((name) => names.includes(name));
  const onlyChecks = among(only, checkNames);
  const onlyPhases = among(only, phases);
  return {
    checks: checks.filter(
      ({ name }) => (onlyChecks.length === 0 || onlyChecks.includes(name)) && !skip.includes(name),
    ),
    phases: phases.filter(
      (phase) => (onlyPhases.length === 0 || onlyPhases.includes(phase)) && !skip.includes(phase),
    ),
    only: among(only, operations),
    skip: among(skip, operations),
  };
}

/** That a name is that of nothing, and which one may be meant. */
export function unknownName(kind: string, name: string, known: readonly string[], advice?: string): Failure {
  const nearest = nearestPath(name, known);
  const hint =
    nearest === undefined ? (advice ?? `There are ${known.join(', ')}.`) : `Did you mean ${nearest}?`;
  return new Failure(`There is no ${kind} "${name}". ${hint}`, exitCodes.wrongInput);
}
