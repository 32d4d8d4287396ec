/** The workflows of one phase, one operation after the other, each made when it is asked for. */

import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { Phase } from '../event.js';
import type { Planned, Unplanned } from '../planned.js';
import { type Base, basesOf } from './base.js';
import { concurrent } from './concurrency.js';
import { crowds } from './crowd.js';
import { printedExamples, reachable, validRequest } from './examples.js';
import { type Target, targetsOf } from './goal.js';
import { endedWhenOld, inTime, wrongWhenOld } from './in-time.js';
import { linkCases } from './linked.js';
import { nearMisses } from './near-misses.js';
import { protocolCases } from './protocol.js';
import { groundOf } from './reach.js';
import { referenceCases } from './references.js';
import { refusalCases } from './refusals.js';
import { detailed, isMade, laterScenario, scenario } from './scenarios.js';
import { createScenes, type Scenes } from './scenes.js';
import { schemaCases } from './schema.js';
import { securityCases } from './security.js';
import { thoroughnessOf } from './thoroughness.js';

export type Planning = {
  readonly contract: Contract;
  /** The operations that are tried. */
  readonly operations: readonly Operation[];
  readonly seed: number;
  /** Whether the server writes to nobody, so that the addresses of the documentation may be used. */
  readonly choosing: { readonly harmless: boolean };
  /** Told of each workflow that others call. */
  readonly needs: (setup: Workflow) => void;
  /** Told of what no workflow can be made for. */
  readonly misses: (gap: Unplanned) => void;
};

/** What a plan makes for each phase. What several phases need of an operation is made once. */
export function phasePlanner(planning: Planning): (phase: Phase) => Iterable<Planned> {
  const { contract, operations, seed, choosing } = planning;
  const ground = groundOf(contract, choosing.harmless);
  const scenes = createScenes(ground);
  const thoroughness = thoroughnessOf(operations, seed);
  const known = new Map<Operation, readonly Base[]>();
  const bases = (operation: Operation): readonly Base[] => {
    const found = known.get(operation) ?? basesOf(ground, operation);
    if (!known.has(operation)) for (const { setup } of found) if (setup !== undefined) planning.needs(setup);
    known.set(operation, found);
    return found;
  };
  const ofPhase = (phase: Phase, operation: Operation): readonly Planned[] => {
    switch (phase) {
      case 'examples': {
        const { workflows, unplanned } = reachable(ground, operation);
        unplanned.forEach(planning.misses);
        return [
          ...workflows,
          ...bases(operation).flatMap((base) => [
            ...validRequest(base),
            ...printedExamples(base, choosing.harmless),
            ...linkCases(ground, base),
          ]),
        ];
      }
      case 'rules':
        return ruleCases(scenes, operation);
      case 'concurrency':
        return madeBy(operation).flatMap((target) => concurrent(scenes.of(target), target) ?? []);
      case 'security':
        return bases(operation).flatMap((base) => securityCases(base, thoroughness(operation)));
      case 'schema':
        return bases(operation).flatMap((base) => schemaCases(contract, base, seed, thoroughness(operation)));
      case 'protocol':
        return bases(operation).flatMap((base) => protocolCases(contract, base, thoroughness(operation)));
      default:
        return []; // authored workflows are not made, and walks are drawn
    }
  };
  return function* (phase) {
    if (phase === 'rules')
      for (const scene of scenes.all(operations)) yield* [...detailed(scene), ...crowds(scene)];
    for (const operation of operations) yield* ofPhase(phase, operation);
  };
}

/** The transitions that a server makes by itself. */
function madeBy(operation: Operation): readonly Target[] {
  return targetsOf(operation).filter(({ transition }) => isMade(transition));
}

/** The workflows that try the rules of an operation. */
function ruleCases(scenes: Scenes, operation: Operation): readonly Planned[] {
  const targets = madeBy(operation);
  if (targets.length === 0) return [];
  const own = targets.filter(({ of }) => of === 'operation');
  const scene = scenes.of({ operation, of: 'operation' });
  return [
    ...targets.flatMap((target) => scenario(scenes.of(target), target) ?? []),
    ...nearMisses(scene, own),
    ...refusalCases(scene, own),
    ...own.flatMap((target) => referenceCases(scene, target) ?? []),
    ...targets.flatMap((target) => laterScenario(scenes.of(target), target) ?? []),
    ...own.flatMap((target) => [...inTime(scene, target), ...wrongWhenOld(scene, target)]),
    ...targets.flatMap((target) => endedWhenOld(scenes.of(target), target)),
  ];
}
