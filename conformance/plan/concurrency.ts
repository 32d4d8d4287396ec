/** Requests at the same moment: where the rules let something happen once, only one of them may succeed. */

import type { Planned } from '../planned.js';
import { withStep } from './draft.js';
import type { Target } from './goal.js';
import { probe } from './probes.js';
import { reachProducer } from './reach.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import { words } from './words.js';

/** How many are sent at once. */
const atOnce = 4;

/** The workflow that makes a transition several times at the same moment; undefined when it may be made again and again. */
export function concurrent(scene: Scene, target: Target): Planned | undefined {
  const { contract, ground } = scene;
  if (target.transition.effects.length === 0) return undefined;
  const reached = reachProducer(ground, target);
  if (reached === undefined || reached.step.wait !== undefined) return undefined;
  const before = { ...reached.draft, steps: reached.draft.steps.slice(0, -1) };
  const { draft, step } = withStep(before, { ...reached.step, times: { count: atOnce, atOnce: true } });
  const player = playerAfter(contract, draft);
  const made = player?.trace().steps.filter((each) => each.step.id === step.id) ?? [];
  const isOnce = made.some(({ predicted }) => predicted?.choice.transition !== target.transition);
  if (player === undefined || !isOnce) return undefined;
  const probed = probe(draft, player, { ...scene, changing: false, prefix: 'then' });
  const summary = `${words(target)}: ${atOnce} requests at the same moment, one of which is the first`;
  const workflow = planned(
    target.operation,
    probed,
    `${target.operation.id} ${target.transition.name} at once`,
    summary,
    false,
  );
  return { ...workflow, phase: 'concurrency' };
}
