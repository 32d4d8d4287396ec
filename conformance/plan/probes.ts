/** Questions asked once something has happened: whatever the server has given out is shown to it again. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Step, Template } from '../../openapi/workflow.js';
import { partsOf, requestBodyFor, schemeInput } from './body.js';
import { callStep, type Draft, withStep } from './draft.js';
import { partOfValue, plainConditions, producersOf, responseExpression, targetsOf } from './goal.js';
import type { Player } from './simulate.js';

/** A part of an operation's request by which it looks something up that the server has given out. */
export type Slot = {
  readonly operation: Operation;
  readonly part: string;
  readonly collections: readonly string[];
};

const known = new WeakMap<Contract, readonly Slot[]>();

/** The slots of all operations, safe methods first. */
export function slotsOf(contract: Contract): readonly Slot[] {
  const slots = known.get(contract) ?? findSlots(contract);
  known.set(contract, slots);
  return slots;
}

function findSlots(contract: Contract): readonly Slot[] {
  const slots = contract.operations.flatMap((operation): readonly Slot[] => {
    const looked = targetsOf(operation).flatMap(({ transition }) =>
      plainConditions(transition).flatMap((condition) => {
        const part = condition.kind === 'in' ? partOfValue(condition.key) : undefined;
        return condition.kind === 'in' && part !== undefined
          ? [{ part, collection: condition.collection }]
          : [];
      }),
    );
    return [...new Set(looked.map(({ part }) => part))].flatMap((part) => {
      const collections = looked.filter((each) => each.part === part).map(({ collection }) => collection);
      const given = collections.filter((collection) => isGivenOut(contract, collection));
      return given.length === 0 ? [] : [{ operation, part, collections: given }];
    });
  });
  return slots.toSorted((a, b) => Number(isUnsafe(a)) - Number(isUnsafe(b)));
}

function isUnsafe({ operation }: Slot): boolean {
  return operation.method !== 'GET' && operation.method !== 'HEAD';
}

/** Whether the keys of a collection are of the server's making. */
function isGivenOut(contract: Contract, collection: string): boolean {
  return producersOf(contract, collection).some(({ put }) => responseExpression(put.key) !== undefined);
}

/** A step that asks an operation about one thing. */
export function askAbout(
  contract: Contract,
  { operation, part }: Slot,
  what: Template,
  id: string,
): Step | undefined {
  const credential = schemeInput(operation);
  const carried = credential === undefined ? [] : [['credential', `$inputs.${credential}`] as const];
  const parts = new Map<string, Template>([...carried, [part, what]]);
  const parameters = partsOf(contract, operation, parts, 0);
  if (parameters === undefined) return undefined;
  return callStep(id, operation, {
    parameters,
    requestBody: requestBodyFor(contract, operation, parts),
  });
}

export type Probing = {
  readonly contract: Contract;
  readonly slots: readonly Slot[];
  /** Whether also those are asked that change something; each thing only once. */
  readonly changing: boolean;
  /** What the ids of the steps begin with. */
  readonly prefix: string;
};

/** The draft with a question about everything that has been given out so far; the player takes each step. */
export function probe(draft: Draft, player: Player, { contract, slots, changing, prefix }: Probing): Draft {
  let probed = draft;
  const { steps, sources } = player.trace();
  const put = steps.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'put' ? [change] : [])),
  );
  const spent = new Set<string>();
  for (const slot of slots) {
    const keys = put.filter(({ collection }) => slot.collections.includes(collection)).map(({ key }) => key);
    for (const key of new Set(keys)) {
      const source = sources.get(key);
      if (source === undefined || spent.has(key)) continue;
      const asking = askAbout(contract, slot, source, `${prefix} ${slot.operation.id}`);
      const peeked = asking && player.peek(asking, probed.inputs);
      const made = peeked?.predicted;
      if (asking === undefined || made === undefined) continue;
      // Of what nobody has created nothing is known.
      if (made.choice.transition.resource !== undefined && made.choice.transition.unspecified) continue;
      const isChanging = made.choice.transition.effects.length > 0;
      if (isChanging && !changing) continue;
      if (isChanging) spent.add(key);
      const added = withStep(probed, asking);
      if (!player.play(added.step, added.draft.inputs)) continue;
      probed = added.draft;
    }
  }
  return probed;
}
