/** Drafts played from their beginning; what most of them have in common is played once. */

import type { Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { createPlayer, type Player, type Trace } from './simulate.js';

type Playable = Pick<Workflow, 'inputs' | 'steps'>;

/** Plays a workflow on a server that knows nothing yet; undefined when a step cannot be made. */
export function simulate(contract: Contract, workflow: Playable): Trace | undefined {
  return playerAfter(contract, workflow)?.trace();
}

/** A player that has taken all steps of a draft; undefined when one cannot be made. */
export function playerAfter(contract: Contract, { steps, inputs }: Playable): Player | undefined {
  const known = memory.get(contract) ?? [];
  const best = longestOf(known, steps);
  const player = best?.player.fork() ?? createPlayer(contract);
  for (const [index, step] of steps.entries()) {
    if (index < (best?.steps.length ?? 0)) continue;
    // Drafts differ most often by their last step.
    if (index === steps.length - 1 && index > 0) remember(contract, steps.slice(0, index), player);
    if (!player.play(step, inputs)) return undefined;
  }
  if (best?.steps.length !== steps.length) remember(contract, steps, player);
  return player;
}

/** A player who has taken these very steps. It takes no more: who goes on from here goes on with another. */
type Moment = { readonly steps: readonly Step[]; readonly player: Player };

/** The latest first. */
const memory = new WeakMap<Contract, readonly Moment[]>();
const longest = 32;

function remember(contract: Contract, steps: readonly Step[], player: Player): void {
  const known = memory.get(contract) ?? [];
  memory.set(contract, [{ steps, player: player.fork() }, ...known.slice(0, longest - 1)]);
}

/** A step is made for the inputs of its draft: the same steps have the same inputs. */
function longestOf(known: readonly Moment[], steps: readonly Step[]): Moment | undefined {
  let best: Moment | undefined;
  for (const moment of known) {
    const { length } = moment.steps;
    if (length > steps.length || length <= (best?.steps.length ?? 0)) continue;
    if (moment.steps.every((step, index) => step === steps[index])) best = moment;
  }
  return best;
}
