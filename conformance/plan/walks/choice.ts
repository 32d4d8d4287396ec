/** Which of several requests comes next: what was seen least, and what this walk likes. */

import type { Random } from '../../../openapi/random.js';
import type { Transition } from '../../../openapi/rules/rules.js';
import type { Move } from './moves.js';
import { pick } from './offers.js';

/** What has been walked so far: how often each transition, each pair of two in a row, and each kind of derived value. */
export type Seen = {
  readonly transitions: Map<Transition, number>;
  readonly pairs: Map<string, number>;
  readonly derived: Map<string, number>;
};

export function nothingSeen(): Seen {
  return { transitions: new Map(), pairs: new Map(), derived: new Map() };
}

/**
 * How much a walk likes each transition: what takes many of the same, or none of another, is met by those that are partial
 * (swarm testing: Groce and others, ISSTA 2012).
 */
export function tastes(random: Random): (transition: Transition) => number {
  const known = new Map<Transition, number>();
  return (transition) => {
    const liking = known.get(transition) ?? pick(likings, random) ?? 1;
    known.set(transition, liking);
    return liking;
  };
}

const likings = [0.1, 1, 1, 8];

/** What a request is worth that changes something, that is about what was given out before, any other, and one that is invalid. */
const worths = { changing: 300_000, about: 150_000, other: 15_000, refused: 100 } as const;

/** What was seen least is most likely, by itself and after the transition before. */
export function choose(
  moves: readonly Move[],
  before: Transition | undefined,
  seen: Seen,
  taste: (transition: Transition) => number,
  random: Random,
): Move | undefined {
  const weights = moves.map(({ transition, sent }) => {
    const alike = moves.filter((each) => each.transition === transition).length;
    if (transition === undefined) return Math.max(1, Math.round(worths.refused / alike));
    const alone = seen.transitions.get(transition) ?? 0;
    const pair = before === undefined ? 0 : (seen.pairs.get(pairOf(before, transition)) ?? 0);
    const worth =
      transition.effects.length > 0 ? worths.changing : sent.length > 0 ? worths.about : worths.other;
    return Math.max(1, Math.round((worth * taste(transition)) / (Math.sqrt(1 + alone) * (1 + pair) * alike)));
  });
  let drawn = random.integer(
    1,
    Math.max(
      1,
      weights.reduce((sum, weight) => sum + weight, 0),
    ),
  );
  return moves.find((_, index) => {
    drawn -= weights[index] ?? 0;
    return drawn <= 0;
  });
}

function pairOf(before: Transition, after: Transition): string {
  return `${before.at.pointer} ${after.at.pointer}`;
}

/** Counts what a chosen step asks for, where it is derived from another value. */
export function seeKind({ derived }: Seen, asks: string): void {
  const [, kind] = /^derived:(.*)$/s.exec(asks) ?? [];
  if (kind !== undefined) derived.set(kind, (derived.get(kind) ?? 0) + 1);
}

/** Counts the transition of a chosen step. */
export function see(
  { transitions, pairs }: Seen,
  before: Transition | undefined,
  transition: Transition,
): void {
  transitions.set(transition, (transitions.get(transition) ?? 0) + 1);
  if (before === undefined) return;
  const pair = pairOf(before, transition);
  pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
}
