/** Questions asked once something has happened: whatever the server has given out is shown to it again. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { Value } from '../../openapi/rules/rules.js';
import { partsOf, requestBodyFor, schemeInput } from './body.js';
import { callStep, type Draft, withStep } from './draft.js';
import { isGivenOut, partOfValue, plainConditions, targetsOf } from './goal.js';
import type { Player } from './simulate.js';

/** A part of an operation's request by which it looks something up that the server has given out. */
export type Slot = {
  readonly operation: Operation;
  readonly part: string;
  readonly collections: readonly string[];
  /** Whether the operation looks it up itself, and not a security scheme only. */
  readonly isOwn: boolean;
  /** Whether the operation changes what is kept under it, or takes it away. */
  readonly isEnded: boolean;
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
      return given.length === 0
        ? []
        : [{ operation, part, collections: given, ...ownership(operation, part) }];
    });
  });
  return slots.toSorted((a, b) => Number(isUnsafe(a)) - Number(isUnsafe(b)));
}

function ownership({ transitions }: Operation, part: string): Pick<Slot, 'isOwn' | 'isEnded'> {
  const isAbout = (key: Value): boolean => partOfValue(key) === part;
  return {
    isOwn: transitions
      .flatMap(plainConditions)
      .some((condition) => condition.kind === 'in' && isAbout(condition.key)),
    isEnded: transitions
      .flatMap(({ effects }) => effects)
      .some((effect) => effect.kind !== 'send' && isAbout(effect.key)),
  };
}

function isUnsafe({ operation }: Slot): boolean {
  return operation.method !== 'GET' && operation.method !== 'HEAD';
}

/** A step that asks an operation about one thing; `credential` is what it is asked with, where that is not the thing itself. */
export function askAbout(
  contract: Contract,
  { operation, part }: Slot,
  what: Template,
  id: string,
  credential?: Template,
): Step | undefined {
  const scheme = schemeInput(operation);
  const carrying = credential ?? (scheme === undefined ? undefined : `$inputs.${scheme}`);
  const carried = carrying === undefined ? [] : [['credential', carrying] as const];
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

/**
 * How many operations are asked about one thing at a time. That each of them takes it or refuses it is tried for itself;
 * here is asked what has become of it, which one operation tells as well as another.
 */
const opinions = 2;

/** The draft with questions about everything that has been given out so far; the player takes each step. */
export function probe(draft: Draft, player: Player, { contract, slots, changing, prefix }: Probing): Draft {
  let probed = draft;
  const { steps, sources } = player.trace();
  const put = steps.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'put' ? [change] : [])),
  );
  const spent = new Set<string>();
  const asked = new Map<string, number>();
  for (const slot of inTurn(slots, draft.steps.length)) {
    const keys = put.filter(({ collection }) => slot.collections.includes(collection)).map(({ key }) => key);
    for (const key of new Set(keys)) {
      const source = sources.get(key);
      const told = asked.get(key) ?? 0;
      if (source === undefined || spent.has(key)) continue;
      const isEnough = told >= opinions;
      if (isEnough && !(changing && isUnsafe(slot))) continue;
      const credential = credentialFor(slot, slots, player);
      if (credential === 'none') continue;
      const asking = askAbout(contract, slot, source, `${prefix} ${slot.operation.id}`, credential);
      const peeked = asking && player.peek(asking, probed.inputs);
      const made = peeked?.predicted;
      if (asking === undefined || made === undefined) continue;
      // Of what nobody has created nothing is known.
      if (made.choice.transition.resource !== undefined && made.choice.transition.unspecified) continue;
      const isChanging = made.choice.transition.effects.length > 0;
      if (isChanging ? !changing : isEnough) continue;
      if (isChanging) spent.add(key);
      else asked.set(key, told + 1);
      const added = withStep(probed, asking);
      if (!player.play(added.step, added.draft.inputs)) continue;
      probed = added.draft;
    }
  }
  return probed;
}

/** The slots in the order in which they are asked: what tells most and what ends things come first, the others take turns. */
function inTurn(slots: readonly Slot[], turn: number): readonly Slot[] {
  const safe = slots.filter((slot) => !isUnsafe(slot));
  const unsafe = slots.filter(isUnsafe);
  const first = safe.filter(({ isOwn }) => isOwn).slice(0, 1);
  const enders = unsafe.filter(({ isEnded }) => isEnded);
  return [
    ...first,
    ...turned(
      safe.filter((slot) => !first.includes(slot)),
      turn,
    ),
    ...enders,
    ...turned(
      unsafe.filter((slot) => !enders.includes(slot)),
      turn,
    ),
  ];
}

function turned<Item>(items: readonly Item[], turn: number): readonly Item[] {
  const start = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** A credential that is good now, for a slot that asks about something else; undefined where it needs none. */
function credentialFor(
  { operation, part }: Slot,
  slots: readonly Slot[],
  player: Player,
): Template | 'none' | undefined {
  if (part === 'credential' || operation.security.flat().length === 0) return undefined;
  const own = slots.find((each) => each.operation === operation && each.part === 'credential');
  if (own === undefined) return undefined;
  const { state, sources } = player.trace();
  const live = own.collections.flatMap((collection) => [...(state.get(collection)?.keys() ?? [])]);
  return live.flatMap((key) => sources.get(key) ?? []).at(-1) ?? 'none';
}
