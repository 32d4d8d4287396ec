/** Two servers compared: the same workflows on both, what parts them tried again and made shorter, as a stream of events. */

import type { Contract } from '../../openapi/contract.js';
import { systemClock } from '../../openapi/duration.js';
import { anySeed } from '../../openapi/random.js';
import { streamed } from '../channel.js';
import { usualWait } from '../options.js';
import { outlineOf, type Plan, type Planned } from '../planned.js';
import { costOf, unaffordable } from '../queue.js';
import { createTurns, type Turns } from '../turns.js';
import type { Difference } from './difference.js';
import type { CompareEvent, NotCompared } from './event.js';
import type { SideName } from './meeting.js';
import { type Kept, partingId, partingOf } from './partings.js';
import { type CompareOptions, comparePlan, inOrder, plannedIn } from './plan.js';
import { type Actor, createActor, type Side } from './side.js';
import { type Parted, runTogether, type Together, type TogetherOptions } from './together.js';
import { isKept, isUnstable, take, type Work } from './tried-again.js';

/** Compares two servers. Nothing is thrown for what they do; the last event is `compare-finished`. */
export async function* compare(
  contract: Contract,
  a: Side,
  b: Side,
  options: CompareOptions = {},
): AsyncGenerator<CompareEvent> {
  const seed = options.seed ?? anySeed();
  const sides = { A: a, B: b };
  const plan = comparePlan(contract, sides, { ...options, seed });
  yield* streamed<CompareEvent>(options.signal, (tell, signal) =>
    run(contract, sides, { ...options, seed, signal }, plan, tell),
  );
}

const usualTolerance = 30_000;

/** How often a workflow is begun again after a parting that it can go on after: each time it has another. */
const mostPartingsOfOne = 20;

async function run(
  contract: Contract,
  sides: Readonly<Record<SideName, Side>>,
  options: CompareOptions & { readonly seed: number },
  plan: Plan,
  tell: (event: CompareEvent) => void,
): Promise<void> {
  const clock = options.clock ?? systemClock;
  const begun = clock();
  const { seed, tolerance = usualTolerance, longestWait = usualWait } = options;
  const { name, title, version } = contract;
  tell({
    type: 'compare-started',
    api: { name, title, version },
    bases: { A: sides.A.base, B: sides.B.base },
    seed,
    at: begun,
    planned: plannedIn(plan),
  });
  const { rate, maxRequests, maxTime, signal } = options;
  const turnsOf = (): Turns => createTurns({ rate, maxRequests, maxTime, signal, clock });
  const turns = { A: turnsOf(), B: turnsOf() };
  const actorOf = (side: SideName): Actor =>
    createActor(side, sides[side], {
      contract,
      plan,
      turns: turns[side],
      seed,
      clock,
      tolerance,
      longestWait,
      exchanged: (exchange) => tell({ type: 'exchange', side, exchange }),
      lost() {
        turns.A.stop('unreachable');
        turns.B.stop('unreachable');
      },
    });
  const actors = { A: actorOf('A'), B: actorOf('B') };
  const kept = new Map<string, Kept>();
  let compared = 0;
  const together: TogetherOptions = {
    contract,
    actors,
    tolerance,
    longestWait,
    isIgnored: ignoring(options.ignored ?? []),
    isKnown: (operation, difference) => goesOn(difference) && isKept(kept, partingId(operation, difference)),
    compared() {
      compared += 1;
    },
  };
  const { confirmations } = options;
  const work: Work = { contract, plan, actors, together, kept, confirmations, tell };
  const counts = { planned: plannedIn(plan), same: 0, parted: 0, notCompared: 0 };
  const gaps = new Map<string, NotCompared>();
  let index = 0;
  for (const planned of inOrder(plan)) {
    if (turns.A.stopped() !== undefined || turns.B.stopped() !== undefined) break;
    const outline = outlineOf(planned, plan.setups);
    tell({ type: 'workflow-started', workflow: outline, index });
    const result = await compareWorkflow(work, planned, index);
    index += 1;
    if (result.kind === 'stopped') break;
    if (result.kind === 'not-compared') {
      const gap = gaps.get(result.reason) ?? { reason: result.reason, count: 0, example: outline.summary };
      gaps.set(result.reason, { ...gap, count: gap.count + 1 });
      counts.notCompared += 1;
    } else if (result.kind === 'parted') counts.parted += 1;
    else counts.same += 1;
    const outcome = result.kind === 'inapplicable' ? 'same' : result.kind;
    tell({ type: 'workflow-finished', workflow: outline, outcome });
  }
  const lost = (['A', 'B'] as const).flatMap((side) => {
    const why = actors[side].unreachable();
    return why === undefined ? [] : [{ side, why }];
  })[0];
  const stopped = lost === undefined ? (turns.A.stopped() ?? turns.B.stopped()) : 'unreachable';
  const all = [...kept.values()].map((each) => ({ each, parting: partingOf(contract, plan, each) }));
  tell({
    type: 'compare-finished',
    complete: stopped === undefined,
    stopped,
    unreachable: lost,
    requests: { A: actors.A.requests(), B: actors.B.requests() },
    compared,
    workflows: counts,
    milliseconds: clock() - begun,
    partings: all.filter(({ each }) => !isUnstable(each)).map(({ parting }) => parting),
    unstable: all.filter(({ each }) => isUnstable(each)).map(({ parting }) => parting),
    notCompared: [...gaps.values()],
  });
}

/** A difference of content or of a field leaves both where they were; after another status they may not be. */
function goesOn({ kind }: Difference): boolean {
  return kind === 'field' || kind === 'content' || kind === 'identity';
}

/** Runs a workflow on both; after a parting that it can go on after, again, until no new one shows. */
async function compareWorkflow(work: Work, planned: Planned, index: number): Promise<Together> {
  const why = refusalOf(work, planned);
  if (why !== undefined) return { kind: 'not-compared', reason: why };
  const dear = isDear(work, planned);
  let first: Parted | undefined;
  for (let round = 0; round < mostPartingsOfOne; round += 1) {
    const cast = round === 0 ? `workflow ${index + 1}` : `workflow ${index + 1} once more, ${round}`;
    const result = await runTogether(work.together, planned, cast);
    if (result.kind !== 'parted') return first ?? result;
    first ??= result;
    const isNew = await take(work, planned, result, { index, isTriedAgain: !dear });
    if (!isNew || !goesOn(result.difference) || dear) break;
  }
  return first ?? { kind: 'stopped' };
}

/** Whether a workflow takes values of which there are few: it is not run again for them. */
function isDear({ actors, plan }: Work, { workflow }: Planned): boolean {
  return [actors.A, actors.B].some(
    ({ side: { scarce } }) => scarce !== undefined && costOf(workflow, plan.setups, scarce) > 0,
  );
}

function refusalOf({ actors, plan }: Work, planned: Planned): string | undefined {
  return [actors.A, actors.B].flatMap(({ name, side: { scarce } }) => {
    const why = scarce && unaffordable(planned, plan.setups, scarce, () => false);
    return why === undefined ? [] : [`at ${name} ${why}`];
  })[0];
}

/** A place is ignored by its whole pointer, by its last name, or as a field. */
function ignoring(ignored: readonly string[]): (place: string) => boolean {
  const names = new Set(ignored.map((each) => each.toLowerCase()));
  if (names.size === 0) return () => false;
  return (place) => {
    const plain = place.toLowerCase();
    return names.has(plain) || names.has(plain.slice(plain.lastIndexOf('/') + 1));
  };
}
