/** What has been begun and is finished later: what lies between takes nothing from it. */

import type { Step } from '../../openapi/arazzo/workflow.js';
import { type Draft, withStep } from './draft.js';
import { anyOf } from './giving.js';
import type { Producer } from './goal.js';
import type { Ground, Reached } from './reach.js';
import type { Player } from './simulate.js';

/** A draft in which each user has begun something, and how each would finish it. */
export type Begun = { readonly draft: Draft; readonly last: readonly Reached[] };

/** The draft with all but the last step of what gives something out, for the first user and for another. */
export function begunAmong(ground: Ground, givers: readonly Producer[], before: Draft): Begun {
  const all = givers.flatMap((giver) => [0, 1].map((cast) => ({ giver, cast })));
  return all.reduce<Begun>(
    ({ draft, last }, { giver, cast }) => {
      const reached = anyOf(ground, giver, { draft, cast });
      // What takes one call alone cannot be begun.
      if (reached === undefined || reached.draft.steps.length < draft.steps.length + 2)
        return { draft, last };
      const steps = toldAtOnce({ ...reached.draft, steps: reached.draft.steps.slice(0, -1) });
      return { draft: steps, last: [...last, reached] };
    },
    { draft: before, last: [] },
  );
}

/** The draft with what was begun brought to its end, where the rules say that it still can be. */
export function finished({ last }: Begun, draft: Draft, player: Player): Draft {
  return last.reduce((current, { step, target }) => {
    const made = player.peek(step, current.inputs)?.predicted;
    const wanted = target.transition.response;
    const own = made?.choice.transition.response;
    if (own?.status !== wanted.status || own.example !== wanted.example) return current;
    const added = withStep(current, { ...step, id: `${step.id} after all` });
    return player.play(added.step, added.draft.inputs) ? added.draft : current;
  }, draft);
}

/** Whatever is sent to somebody by a step is taken down at once: what is sent next would take its place. */
export function toldAtOnce(draft: Draft): Draft {
  const steps = draft.steps.map((step): Step => {
    const told = draft.inputs.filter(({ schema }) => schema['x-after'] === step.id);
    const outputs = told
      .map(({ name }) => [name, `$inputs.${name}`] as const)
      .filter(([name]) => !step.outputs.some(([known]) => known === name));
    return outputs.length === 0 ? step : { ...step, outputs: [...step.outputs, ...outputs] };
  });
  return { ...draft, steps };
}
