/** Many things of one user: none of them takes the place of another, and their ends are remembered one and all. */

import type { Planned } from '../planned.js';
import { emptyDraft } from './draft.js';
import { anyOf } from './giving.js';
import { probe } from './probes.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import { words } from './words.js';

/** How many: more than a short list that something falls out of. */
const many = 6;

/** The workflows in which one user is given something many times, all of which is good, then ended, then no longer good. */
export function crowds(scene: Scene): readonly Planned[] {
  const { contract, ground, givers } = scene;
  return givers.flatMap((giver) => {
    let draft = emptyDraft;
    for (let time = 0; time < many; time += 1) draft = anyOf(ground, giver, { draft })?.draft ?? draft;
    const player = playerAfter(contract, draft);
    if (player === undefined || draft.steps.length < many) return [];
    draft = probe(draft, player, { ...scene, changing: false, prefix: 'then' });
    draft = probe(draft, player, { ...scene, changing: true, prefix: 'finally' });
    draft = probe(draft, player, { ...scene, changing: false, prefix: 'after that' });
    const summary = `${words(giver)} ${many} times: each is good until it is ended`;
    return [
      planned(
        giver.operation,
        draft,
        `${giver.operation.id} ${giver.transition.name} many times`,
        summary,
        false,
      ),
    ];
  });
}
