/** The step that calls an operation for a transition: what is settled of its request, and what its guard asks of the rest. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { Duration } from '../../openapi/duration.js';
import { partsOf, requestBodyFor } from './body.js';
import { callStep } from './draft.js';
import { bodyPointer, type Goal, partOfValue } from './goal.js';

/** What the conditions of a guard have settled. */
type Settled = { readonly parts: ReadonlyMap<string, Template>; readonly wait: Duration | undefined };

type Setting = {
  readonly contract: Contract;
  readonly cast: number;
  /** Parts of the request that are otherwise free. */
  readonly free: ReadonlyMap<string, Template>;
};

/** A call whose request makes the conditions hold that are about nothing but itself; undefined when none can be made. */
export function requestStep(
  operation: Operation,
  id: string,
  { parts, wait }: Settled,
  goals: readonly Goal[],
  { contract, cast, free }: Setting,
): { readonly step: Step; readonly parts: Settled['parts'] } | undefined {
  const absent = goals.flatMap(({ condition, holds }) => {
    const isAbsent = (condition.kind === 'absent' && holds) || (condition.kind === 'present' && !holds);
    const part = isAbsent ? partOfValue({ kind: 'expression', expression: condition.expression }) : undefined;
    return part === undefined ? [] : [part];
  });
  const present = goals.flatMap(({ condition, holds }) => {
    const isPresent = (condition.kind === 'present' && holds) || (condition.kind === 'absent' && !holds);
    const part = isPresent
      ? partOfValue({ kind: 'expression', expression: condition.expression })
      : undefined;
    return part === undefined || part === 'credential' ? [] : [part];
  });
  const all = new Map([...[...free].filter(([part]) => bodyPointer(part) !== undefined), ...parts]);
  const requestBody = requestBodyFor(contract, operation, all, absent, present);
  const parameters = partsOf(contract, operation, all, cast, present);
  if (parameters === undefined) return undefined;
  return { step: callStep(id, operation, { wait, parameters, requestBody }), parts: all };
}
