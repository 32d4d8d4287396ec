/** The scenes of a plan: one for the rules of the contract, and one for each resource, whose things are nobody else's concern. */

import type { Operation } from '../../openapi/contract.js';
import type { Target } from './goal.js';
import type { Ground } from './reach.js';
import { type Scene, sceneAround, sceneOf } from './scene.js';

export type Scenes = {
  /** The scene for a rule of an operation, or of a security scheme. */
  of(target: Pick<Target, 'operation' | 'of'>): Scene;
  /** Every scene of these operations. */
  all(operations: readonly Operation[]): readonly Scene[];
};

/** Scenes are made when they are asked for: a document may have hundreds of resources. */
export function createScenes(ground: Ground): Scenes {
  const known = new Map<string | undefined, Scene>();
  const sceneFor = (resource: string | undefined): Scene => {
    const scene = known.get(resource) ?? sceneOf(ground, resource);
    known.set(resource, scene);
    return scene;
  };
  const narrow = new Map<string, Scene>();
  const around = (operation: Operation, resource: string | undefined): Scene => {
    const key = JSON.stringify([operation.id, resource]);
    const scene = narrow.get(key) ?? sceneAround(sceneFor(resource), operation);
    narrow.set(key, scene);
    return scene;
  };
  return {
    of: ({ operation, of }) => around(operation, of === 'security' ? undefined : resourceOf(operation)),
    all: (operations) => [...new Set([undefined, ...operations.map(resourceOf)])].map(sceneFor),
  };
}

function resourceOf({ transitions }: Operation): string | undefined {
  return transitions.find(({ resource }) => resource !== undefined)?.resource;
}
