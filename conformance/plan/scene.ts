/** Where the rules of a contract are tried: what is given out, to whom, and who can be asked about it. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Transition } from '../../openapi/rules/rules.js';
import { type Draft, emptyDraft } from './draft.js';
import { anyOf } from './giving.js';
import { isGiving, type Producer, plainConditions, producersOf, targetsOf } from './goal.js';
import { type Slot, slotsOf } from './probes.js';
import { type Ground, reachProducer } from './reach.js';

/** Transitions of a resource, or of none, that give something out which can be asked about later: a session, an order. */
function givingProducers(ground: Ground, resource: string | undefined): readonly Producer[] {
  const { contract } = ground;
  const collections = [...contract.initialState.keys()];
  const giving = collections.flatMap((collection) => {
    const producers = producersOf(contract, collection).filter(
      (producer) => producer.transition.resource === resource && isGiving(producer),
    );
    const reached = producers.flatMap((producer) => {
      const found = reachProducer(ground, producer);
      return found === undefined ? [] : [{ producer, length: found.draft.steps.length }];
    });
    return reached.toSorted((a, b) => a.length - b.length).slice(0, 1);
  });
  // What one call gives out, a session with its two tokens, is one thing.
  const first = new Map(giving.map(({ producer }) => [producer.transition, producer] as const).toReversed());
  return [...first.values()];
}

export type Scene = {
  readonly contract: Contract;
  readonly ground: Ground;
  readonly slots: readonly Slot[];
  readonly givers: readonly Producer[];
  /** One thing of the first user and one of another, given out before anything else happens. */
  readonly bystanders: Draft;
};

/** The scene in which the rules of a contract are tried, or those that are concluded of one of its resources. */
export function sceneOf(ground: Ground, resource?: string): Scene {
  const { contract } = ground;
  const givers = givingProducers(ground, resource);
  const isOfScene = (collection: string): boolean =>
    producersOf(contract, collection).some(({ transition }) => transition.resource === resource);
  return {
    contract,
    ground,
    slots: slotsOf(contract).filter(({ collections }) => collections.some(isOfScene)),
    givers,
    bystanders: bystandersOf(ground, givers, [0, 1]),
  };
}

/** The scene without things that the rules of an operation neither look at nor change: of these only walks ask. */
export function sceneAround(scene: Scene, operation: Operation): Scene {
  const touched = new Set(
    targetsOf(operation).flatMap(({ transition }) => [
      ...plainConditions(transition).flatMap((each) => (each.kind === 'in' ? [each.collection] : [])),
      ...putBy(transition),
    ]),
  );
  const givers = scene.givers.filter(({ transition }) => putBy(transition).some((each) => touched.has(each)));
  if (givers.length === scene.givers.length || givers.length === 0) return scene;
  return { ...scene, givers, bystanders: bystandersOf(scene.ground, givers, [0, 1]) };
}

function putBy({ effects }: Transition): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'put' ? [effect.collection] : []));
}

function bystandersOf(ground: Ground, givers: readonly Producer[], casts: readonly number[]): Draft {
  return casts.reduce(
    (draft, cast) =>
      givers.reduce(
        (current, giver) => anyOf(ground, giver, { draft: current, cast })?.draft ?? current,
        draft,
      ),
    emptyDraft,
  );
}
