/** The order in which workflows are run: as they are planned; where inputs are few, so that these are spent where they tell most. */

import type { Workflow, WorkflowInput } from '../openapi/arazzo/workflow.js';
import type { Scarce } from './input/scarce.js';
import { type Plan, type Planned, restsOn } from './planned.js';

export type QueueOptions = {
  readonly setups: Plan['setups'];
  readonly scarce: Scarce | undefined;
  /** Whether a workflow has left something that others may use, so that it need not run again. */
  readonly isOpen: (workflowId: string) => boolean;
};

/** These workflows in the order in which they are run. Which one comes next is settled when it is asked for. */
export function queueOf(workflows: readonly Planned[], options: QueueOptions): Iterable<Planned> {
  const { scarce, setups } = options;
  const isDear = ({ workflow }: Planned): boolean =>
    scarce !== undefined && costOf(workflow, setups, scarce) > 0;
  return scarce !== undefined && workflows.some(isDear)
    ? thriftyQueue(workflows, { ...options, scarce })
    : workflows;
}

type Group = { readonly workflows: Planned[]; spent: number };

/**
 * Those of one phase and operation are a group, the cheapest first. What costs nothing now is run at once; else the turn is
 * that of the group which will have spent the fewest values by its next workflow, so that each has its share.
 */
function* thriftyQueue(
  workflows: readonly Planned[],
  { setups, scarce, isOpen }: QueueOptions & { readonly scarce: Scarce },
): Generator<Planned> {
  const groups = groupsOf(workflows, ({ workflow }) => costOf(workflow, setups, scarce));
  const price = ({ workflows: [first], spent }: Group): number => {
    const cost = first === undefined ? 0 : costOf(first.workflow, setups, scarce, isOpen);
    return cost === 0 ? 0 : spent + cost;
  };
  for (;;) {
    const waiting = groups.filter((group) => group.workflows.length > 0);
    const prices = waiting.map(price);
    const group = waiting[prices.indexOf(Math.min(...prices))];
    const next = group?.workflows.shift();
    if (group === undefined || next === undefined) return;
    const before = scarce.spent();
    yield next;
    group.spent += scarce.spent() - before;
  }
}

/** The groups in the order of the plan. */
function groupsOf(workflows: readonly Planned[], cost: (planned: Planned) => number): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const each of workflows) {
    const key = `${each.phase} ${each.operation?.id ?? ''}`;
    const group = groups.get(key) ?? { workflows: [], spent: 0 };
    groups.set(key, group);
    group.workflows.push(each);
  }
  for (const group of groups.values()) group.workflows.sort((a, b) => cost(a) - cost(b));
  return [...groups.values()];
}

/** The inputs of a workflow and of those that it rests on, but for what others have left to it. */
function neededBy(
  workflow: Workflow,
  setups: Plan['setups'],
  isOpen: QueueOptions['isOpen'],
): readonly WorkflowInput[] {
  const resting = restsOn(workflow, setups).filter(({ id }) => !isOpen(id));
  return [workflow, ...resting].flatMap(({ inputs }) => inputs);
}

/** How many values a workflow takes, but for what others have left to it. */
export function costOf(
  workflow: Workflow,
  setups: Plan['setups'],
  scarce: Scarce,
  isOpen: QueueOptions['isOpen'] = () => false,
): number {
  return neededBy(workflow, setups, isOpen).filter(({ asks }) => scarce.has(asks)).length;
}

/** Why a workflow need not be begun: it takes more values than are left. */
export function unaffordable(
  { workflow }: Planned,
  setups: Plan['setups'],
  scarce: Scarce,
  isOpen: QueueOptions['isOpen'],
): string | undefined {
  const counts = new Map<string, number>();
  for (const { asks, for: depends } of neededBy(workflow, setups, isOpen))
    if (Object.keys(depends).length > 0) counts.set(asks, (counts.get(asks) ?? 0) + 1);
  for (const [name, count] of counts) {
    const why = scarce.has(name) ? scarce.refusal(name, count) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}
