/** Walks: sequences drawn at random, each step among those whose outcome the rules foretell, what was seen least first. */

import type { Step, Template } from '../../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../../openapi/contract.js';
import { type Duration, millisecondsOf } from '../../../openapi/duration.js';
import { seededRandom } from '../../../openapi/random.js';
import type { Transition } from '../../../openapi/rules/rules.js';
import type { Drawn, Planned } from '../../planned.js';
import { type Draft, emptyDraft, slug, unlike, withStep, workflowOf } from '../draft.js';
import { lifetimesIn } from '../goal.js';
import { clockStart } from '../make-up.js';
import { askAbout, type Slot, slotsOf } from '../probes.js';
import { createPlayer, type Player } from '../simulate.js';
import { choose, nothingSeen, type Seen, see, seeKind, tastes } from './choice.js';
import { type Form, formsOf } from './forms.js';
import { drawMove } from './moves.js';
import { pick, type Situated } from './offers.js';
import { related } from './related.js';

/** How many walks are taken, and how. */
export type WalkBudget = {
  /** How many walks. Default 24; as many as there is time for, where a time is given. */
  readonly count?: number;
  /** How many calls each of them makes. Default 25. */
  readonly length?: number;
  /** How many users take part. Default 2. */
  readonly users?: number;
  /** How long walks are taken, in milliseconds. Default: until all are. */
  readonly time?: number;
};

export type Walking = {
  readonly walks: WalkBudget;
  readonly seed: number;
  /** The longest that can be made to pass between two calls, in milliseconds. */
  readonly longestWait: number;
  /** Whether there are few values for an input: of these a walk asks for few. */
  readonly isDear: (asks: string) => boolean;
  /** Whether the server is a mock. */
  readonly harmless: boolean;
  /** The ids of other workflows. */
  readonly taken: { has(id: string): boolean };
};

const usualCount = 24;
const usualLength = 25;
const usualUsers = 2;

/** One of so many walks is that of one user alone. */
const oneAlone = 3;

/** One of so many walks lets time pass, where it can. */
const oneInTime = 3;

/**
 * Walks over the operations that have rules, drawn one by one as they are asked for; the same seed draws the same. Those in
 * which time passes are apart, for they must be taken one after the other.
 */
export function drawnWalks(contract: Contract, operations: readonly Operation[], walking: Walking): Drawn {
  const { time } = walking.walks;
  const count = walking.walks.count ?? (time === undefined ? usualCount : undefined);
  const most = count ?? Number.POSITIVE_INFINITY;
  const forms = formsOf(contract, operations, walking.harmless);
  const waits = waitsOf(contract).filter((wait) => millisecondsOf(wait, clockStart) <= walking.longestWait);
  const timed = waits.length === 0 ? 0 : Math.floor(most / oneInTime);
  return {
    count: forms.length === 0 ? 0 : count,
    time,
    draw: (takesTime) =>
      takesTime
        ? walks(contract, forms, walking, { count: timed, name: 'long walk', waits })
        : walks(contract, forms, walking, {
            count: most - (timed === most ? 0 : timed),
            name: 'walk',
            waits: [],
          }),
  };
}

/** How many requests are drawn before one of them is chosen. */
const draws = 10;
const probes = 2;

/** After so many walks in a row that came to nothing there will be none. */
const mostBarren = 20;

/** More forms than these are not walked at a time, so that calls have to do with each other. */
const mostForms = 12;

type Series = { readonly count: number; readonly name: string; readonly waits: readonly Duration[] };

function* walks(
  contract: Contract,
  forms: readonly Form[],
  { seed, isDear, taken, walks: { length = usualLength, users = usualUsers } }: Walking,
  { count, name, waits }: Series,
): Generator<Planned> {
  const takesTime = waits.length > 0;
  const random = seededRandom(takesTime ? seed ^ 0x5bd1e995 : seed);
  const seen = nothingSeen();
  let barren = 0;
  for (let number = 1; number <= count; number += 1) {
    const first = pick(forms, random);
    if (first === undefined || barren > mostBarren) return;
    const crowd = number % oneAlone === 0 ? 1 : users;
    const among = related(forms, first, mostForms, random);
    const draft = walk(among, seen, length, {
      contract,
      draft: emptyDraft,
      player: createPlayer(contract),
      users: crowd,
      random,
      waits,
      isDear,
      derived: seen.derived,
      lastSent: new Map(),
      isProbe: false,
    });
    barren = draft.steps.length === 0 ? barren + 1 : 0;
    if (barren > 0) continue;
    const by = `${crowd} ${crowd === 1 ? 'user' : 'users'}`;
    const summary = `${name} ${number}: ${draft.steps.length} calls by ${by}`;
    const workflow = workflowOf(unlike(taken, slug(`${name} ${number}`)), summary, draft);
    yield { workflow, phase: 'walks', operation: undefined, takesTime };
  }
}

function walk(forms: readonly Form[], seen: Seen, length: number, begun: Situated): Draft {
  const { player, random } = begun;
  const reading = forms.filter(({ operation }) => operation.method === 'GET');
  const lastSent = new Map<string, number>();
  const taste = tastes(random);
  let { draft } = begun;
  let before: Transition | undefined;
  const operations = new Set(forms.map(({ operation }) => operation));
  const slots = slotsOf(begun.contract).filter(({ operation }) => operations.has(operation));
  const dueAtEnd = (): number => Math.min(sweepable(slots, player, lastSent).length, length * mostSwept);
  while (draft.steps.length + dueAtEnd() < length) {
    // What has changed something is often followed by a look at what must be as it was.
    const isProbe = reading.length > 0 && (before?.effects.length ?? 0) > 0 && random.integer(0, 3) === 0;
    const moves = Array.from({ length: isProbe ? probes : draws }, () =>
      pick(isProbe ? reading : forms, random),
    ).flatMap((form) => (form && drawMove(form, { ...begun, draft, lastSent, isProbe })) ?? []);
    const chosen = choose(moves, before, seen, taste, random);
    const isPlayed = chosen !== undefined && player.play(chosen.step, chosen.draft.inputs);
    if (!isPlayed && !isProbe) break;
    if (!isPlayed) {
      before = undefined;
      continue;
    }
    if (chosen.transition !== undefined)
      for (const { asks } of chosen.draft.inputs.slice(draft.inputs.length)) seeKind(seen, asks);
    draft = chosen.draft;
    for (const value of [...givenBy(chosen.step), ...chosen.sent]) lastSent.set(value, draft.steps.length);
    if (chosen.transition !== undefined) see(seen, before, chosen.transition);
    before = chosen.transition;
  }
  return swept(draft, sweepable(slots, player, lastSent), length, begun);
}

/** How much of a walk is kept for looking at everything again. */
const mostSwept = 0.4;

/** At the end all that was given out is asked about once more: what was revived or ended unseen is so until then. */
function swept(
  draft: Draft,
  left: readonly Question[],
  length: number,
  { contract, player }: Situated,
): Draft {
  let current = draft;
  for (const { value, slot } of left) {
    if (current.steps.length >= length) break;
    const asking = askAbout(contract, slot, value, slot.operation.id);
    const transition = asking && player.peek(asking, current.inputs)?.predicted?.choice.transition;
    if (asking === undefined || transition === undefined || transition.unspecified) continue;
    const added = withStep(current, { ...asking, id: `finally ${transition.name}` });
    if (player.play(added.step, added.draft.inputs)) current = added.draft;
  }
  return current;
}

type Question = { readonly value: Template; readonly slot: Slot };

/** What was given out and can be asked about, that which was not sent for longest first. */
function sweepable(
  slots: readonly Slot[],
  player: Player,
  lastSent: ReadonlyMap<string, number>,
): readonly Question[] {
  const { steps, sources } = player.trace();
  const collections = new Map<Template, Set<string>>();
  for (const { collection, key } of steps.flatMap(({ changes }) => changes)) {
    const source = sources.get(key);
    if (source !== undefined) collections.set(source, (collections.get(source) ?? new Set()).add(collection));
  }
  return [...lastSent]
    .toSorted(([, a], [, b]) => a - b)
    .flatMap(([value]) => {
      const slot = slots.find((each) => each.collections.some((name) => collections.get(value)?.has(name)));
      return slot === undefined ? [] : [{ value, slot }];
    });
}

/** What a step gives out, as later steps write it. */
function givenBy({ id, outputs }: Step): readonly string[] {
  return outputs.map(([name]) => `$steps.${id}.outputs.${name}`);
}

/** A while within each lifetime that the rules name, and a little more than the whole of it. */
function waitsOf(contract: Contract): readonly Duration[] {
  return lifetimesIn(contract).flatMap((lifetime) => {
    const seconds = millisecondsOf(lifetime, clockStart) / 1000;
    return [0.1, 1].map((part): Duration => ({ seconds: Math.round(part * seconds) + margin }));
  });
}

/** Clocks differ, in seconds. */
const margin = 120;
