/** Inputs of which there are few, because a person has to be asked or each is good once: counted, and kept from being wasted. */

import { type InputAnswer, type InputSource, none } from './input.js';

/** What is known of the inputs of which there are few. */
export type Scarce = {
  /** Whether there are few values of this name. */
  has(name: string): boolean;
  /** How many values have been given so far, of all names. */
  spent(): number;
  /** Why there are not so many values left; undefined when there are, as far as is known. */
  refusal(name: string, count: number): string | undefined;
};

/** A source, and what is known of it. */
export type ScarceSource = Scarce & { readonly source: InputSource };

/**
 * A source that gives no more than so many values of each name. `isAsking`: when nobody knows the OTP that was sent to
 * somebody, that counts as well, for a message was sent in vain.
 */
export function scarceInputs(
  source: InputSource,
  has: (name: string) => boolean,
  most: (name: string) => number,
  isAsking: boolean,
): ScarceSource {
  const given = new Map<string, number>();
  const refusal = (name: string, count: number): string | undefined => {
    const left = Math.max(0, most(name) - (given.get(name) ?? 0));
    if (count <= left) return undefined;
    const needed = count === 1 ? `one more ${name} is needed` : `${count} more of ${name} are needed`;
    return `${needed}, and ${left === 0 ? 'none' : left} of ${most(name)} ${left > 1 ? 'are' : 'is'} left`;
  };
  return {
    has,
    refusal: (name, count) => (has(name) ? refusal(name, count) : undefined),
    spent: () => [...given.values()].reduce((sum, count) => sum + count, 0),
    async source(ask) {
      const why = has(ask.name) ? refusal(ask.name, 1) : undefined;
      if (why !== undefined) return none(why);
      const answer = await source(ask);
      const isSpent = answer.kind === 'value' || (isAsking && Object.keys(ask.for).length > 0);
      if (has(ask.name) && isSpent) given.set(ask.name, (given.get(ask.name) ?? 0) + 1);
      return answer;
    },
  };
}

/** Several as one: a value comes from any of those that have its name. */
export function anyScarce(all: readonly Scarce[]): Scarce | undefined {
  if (all.length === 0) return undefined;
  return {
    has: (name) => all.some((each) => each.has(name)),
    spent: () => all.reduce((sum, each) => sum + each.spent(), 0),
    refusal(name, count) {
      const refusals = all.filter((each) => each.has(name)).map((each) => each.refusal(name, count));
      return refusals.includes(undefined) ? undefined : refusals[0];
    },
  };
}

/**
 * A source that is asked once for what depends on nothing, such as a test phone number, and gives it again: unless its name
 * is in `once`, or the state rules say that the server takes it no more.
 */
export function rememberedInputs(source: InputSource, once: ReadonlySet<string>): InputSource {
  const known = new Map<string, InputAnswer>();
  return async (ask) => {
    if (once.has(ask.name) || Object.keys(ask.for).length > 0) return source(ask);
    const key = JSON.stringify([ask.name, ask.whose ?? '']);
    const before = known.get(key);
    if (before?.kind === 'value' && ask.isSpent?.(before.value) !== true) return before;
    const answer = await source(ask);
    if (answer.kind === 'value') known.set(key, answer);
    return answer;
  };
}
