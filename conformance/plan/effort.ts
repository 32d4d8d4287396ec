/** How many calls each transition takes at least, by what its guard asks for: known before any sequence is looked for. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Transition } from '../../openapi/rules/rules.js';
import {
  type Goal,
  goalsOf,
  type Producer,
  partOfValue,
  producersOf,
  type Target,
  targetsOf,
} from './goal.js';

/** The calls that each transition takes at least, itself among them; Infinity when nothing leads to it. */
export type Efforts = (target: Target) => number;

const known = new WeakMap<Contract, Efforts>();

/** The efforts of a contract: what somebody else has to give is counted where no call leads to it. */
export function effortsOf(contract: Contract): Efforts {
  const before = known.get(contract);
  if (before !== undefined) return before;
  const efforts = new Map<Operation, Map<Transition, number>>();
  const of: Efforts = ({ operation, transition }) =>
    efforts.get(operation)?.get(transition) ?? Number.POSITIVE_INFINITY;
  const targets = contract.operations.flatMap(targetsOf).map((target) => {
    return { target, needs: goalsOf(target).flatMap((goal) => needOf(contract, goal) ?? []) };
  });
  for (const operation of contract.operations) efforts.set(operation, new Map());
  const settle = (given: ReadonlySet<Need>): void => {
    const least = (need: Need): number => Math.min(given.has(need) ? 0 : Infinity, ...need.ways.map(of));
    let isSettled: boolean;
    do {
      isSettled = true;
      for (const { target, needs } of targets) {
        const effort = needs.reduce((sum, need) => sum + least(need), 1);
        if (effort >= of(target)) continue;
        efforts.get(target.operation)?.set(target.transition, effort);
        isSettled = false;
      }
    } while (!isSettled);
  };
  const givable = targets.flatMap(({ needs }) => needs.filter(({ canBeGiven }) => canBeGiven));
  settle(new Set(givable.filter(({ ways }) => ways.length === 0)));
  settle(new Set(givable.filter(({ ways }) => !ways.some((way) => of(way) < Infinity))));
  known.set(contract, of);
  return of;
}

/** What has to be brought about for a goal: by one of these calls, or by somebody who gives it. */
type Need = { readonly ways: readonly Producer[]; readonly canBeGiven: boolean };

function needOf(contract: Contract, { condition, holds }: Goal): Need | undefined {
  if (condition.kind !== 'in' || !holds) return undefined;
  const isNamed = partOfValue(condition.key) !== undefined;
  if (!isNamed && condition.key.kind !== 'array') return undefined;
  const ways = producersOf(contract, condition.collection).filter(
    ({ put }) => !condition.expired || put.lifetime !== undefined,
  );
  return { ways, canBeGiven: !isNamed || (!condition.expired && condition.where.length === 0) };
}
