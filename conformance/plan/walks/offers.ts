/** Values for a part of a request, wherever a walk stands: right ones, nearly right ones, wrong ones. */

import type { Template, WorkflowInput } from '../../../openapi/arazzo/workflow.js';
import type { Contract } from '../../../openapi/contract.js';
import type { Duration } from '../../../openapi/duration.js';
import type { Random } from '../../../openapi/random.js';
import { rememberedOnce } from '../../../openapi/remembered.js';
import { nearCodes } from '../../input/derived.js';
import { castName, type Draft, input, unlike } from '../draft.js';
import { forgeries } from '../forgeries.js';
import { neverGiven } from '../never-given.js';
import type { Player } from '../simulate.js';
import { asksFor, type Part } from './forms.js';

/** Where a walk stands. */
export type Situated = {
  readonly contract: Contract;
  readonly draft: Draft;
  readonly player: Player;
  /** How many users there are. */
  readonly users: number;
  readonly random: Random;
  /** Durations that are worth waiting for; none where time cannot be made to pass. */
  readonly waits: readonly Duration[];
  /** Whether there are few values for an input. */
  readonly isDear: (asks: string) => boolean;
  /** At which step each of the values that were given out was last sent. */
  readonly lastSent: ReadonlyMap<string, number>;
  /** Whether what was given out is to be looked at again: what was not asked about for longest. */
  readonly isProbe: boolean;
  /** How often a value of each kind that is derived from another has been sent. */
  readonly derived: ReadonlyMap<string, number>;
};

/** A value, or none; and the inputs that it needs. */
export type Offer = { readonly value: Template | undefined; readonly needs: readonly WorkflowInput[] };

const plain = (value: Template | undefined): Offer => ({ value, needs: [] });

/**
 * A value for a part of a request of one of the users, beside the parts that have theirs already; undefined when nothing can
 * be offered.
 */
export function offerFor(
  part: Part,
  at: Situated,
  cast: number,
  beside: ReadonlyMap<string, Template>,
): Offer | undefined {
  const { random, users } = at;
  if (part.from === 'clients') {
    const name = asksFor(part);
    // Mostly the one who has begun; now and then somebody else.
    const who = random.integer(0, 3) === 0 ? random.integer(0, users - 1) : cast;
    const asked = castName(name, who);
    return { value: `$inputs.${asked}`, needs: [input(asked, name)] };
  }
  if (part.from === 'reference') {
    const keys = [undefined, undefined, ...part.keys, neverGiven];
    return plain(keys[random.integer(0, keys.length - 1)]);
  }
  if (part.from === 'delivery') return codeFor(asksFor(part), at, [...beside.values()]);
  const isCredential = part.name === 'credential';
  if (part.keys.length > 0 && random.integer(0, 4) === 0) return plain(pick(part.keys, random));
  const drawn = at.isProbe ? 61 : random.integer(0, 99);
  const fromOutside = part.outside === undefined ? undefined : outside(at, part, part.outside, cast);
  // What a path or a query names is mostly there: a wrong name says little of what a thing has become.
  const isName = /^(?:path|query) /.test(part.name);
  if (drawn < (isName ? 85 : 62)) {
    const { live, ever } = keysOf(at, part.collections);
    const own = drawn < (isName ? 60 : 40) && live.length > 0 ? pick(live, random) : stalest(ever, at);
    if (own !== undefined) return plain(own);
    if (fromOutside !== undefined) return fromOutside;
  }
  const others = tokensGiven(at);
  if (drawn < 72 && others.length > 0) return plain(pick(others, random));
  if (drawn < 80 && others.length > 0) return forged(others, at) ?? plain(neverGiven);
  if (drawn < 84) return plain(neverGiven);
  if (isCredential && drawn < 92) return plain(undefined);
  return fromOutside !== undefined && drawn < 98 ? fromOutside : plain(neverGiven);
}

/** A code that was sent to somebody, or something that it may be mistaken for; the latest is the one that people type. */
function codeFor(name: string, at: Situated, addresses: readonly Template[]): Offer | undefined {
  const { draft, player, random } = at;
  const codes = [...new Set(player.trace().sources.values())].filter(
    (source): source is string => typeof source === 'string' && source.endsWith(`.outputs.${name}`),
  );
  const own = codes.filter((code) => addressesOf(code, draft).some((address) => addresses.includes(address)));
  const latest = own.at(-1);
  const drawn = random.integer(0, 99);
  if (latest === undefined || drawn < 5) return codes.length === 0 ? undefined : plain(pick(codes, random));
  if (drawn < 55) return plain(latest);
  if (drawn < 70) return plain(pick(own, random));
  const kind = (drawn < 85 ? undefined : rarest(nearCodes, at)) ?? 'wrong';
  const asked = unlike(inputNames(draft), `${kind.replaceAll('-', '_')}_${name}`, '_');
  return { value: `$inputs.${asked}`, needs: [input(asked, `derived:${kind}`, { of: latest })] };
}

/** To whom a code was sent: what the input depends on that an output of a step stands for. */
function addressesOf(code: string, { steps, inputs }: Draft): readonly Template[] {
  const [, stepId, output] = /^\$steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(code) ?? [];
  const expression = steps.find(({ id }) => id === stepId)?.outputs.find(([name]) => name === output)?.[1];
  return Object.values(inputs.find(({ name }) => expression === `$inputs.${name}`)?.for ?? {});
}

/** Every token and key that the server has given out so far, as a walk writes it. */
function tokensGiven({ player, contract }: Situated): readonly string[] {
  const codes = codeNames(contract);
  return [...new Set(player.trace().sources.values())].filter(
    (source): source is string =>
      typeof source === 'string' &&
      source.startsWith('$steps.') &&
      !codes.has(source.split('.').at(-1) ?? ''),
  );
}

/** What is a key of some collections now, and what ever was one. */
function keysOf(
  { player, draft }: Situated,
  collections: readonly string[],
): { readonly live: readonly string[]; readonly ever: readonly string[] } {
  const { sources, steps, state } = player.trace();
  // What a request asked for that was drawn and not chosen, nobody was asked for.
  const asked = inputNames(draft);
  const written = (keys: readonly string[]): readonly string[] =>
    keys.flatMap((key) => {
      const source = sources.get(key);
      if (typeof source !== 'string') return [];
      const [, name] = /^\$inputs\.(.+)$/.exec(source) ?? [];
      return name === undefined || asked.has(name) ? [source] : [];
    });
  const put = steps.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.kind === 'put' && collections.includes(change.collection) ? [change.key] : [],
    ),
  );
  const there = collections.flatMap((collection) => [...(state.get(collection)?.keys() ?? [])]);
  return { live: written(there), ever: written([...new Set([...put, ...there])]) };
}

/** What was not sent for longest: it may have changed meanwhile. Half of the time, any of them. */
function stalest(values: readonly string[], { lastSent, random, isProbe }: Situated): string | undefined {
  if (!isProbe && random.integer(0, 1) === 0) return pick(values, random);
  const age = (value: string): number => lastSent.get(value) ?? -1;
  return values.toSorted((a, b) => age(a) - age(b))[0];
}

/** One of the tokens, forged in one of the ways that there are. */
function forged(tokens: readonly string[], at: Situated): Offer | undefined {
  const { draft, player, random } = at;
  const right = pick(tokens, random);
  if (right === undefined) return undefined;
  const sample = [...player.trace().sources].find(([, source]) => source === right)?.[0];
  const all = forgeries(right, sample);
  const kind = rarest(
    all.map(({ needed }) => (needed?.asks ?? '').slice('derived:'.length)),
    at,
  );
  const forgery = all.find(({ needed }) => needed?.asks === `derived:${kind}`);
  if (forgery?.needed === undefined) return undefined;
  const asked = unlike(inputNames(draft), forgery.needed.name, '_');
  return { value: `$inputs.${asked}`, needs: [{ ...forgery.needed, name: asked }] };
}

/** The names of the inputs that a draft has. */
export const inputNames: (draft: Draft) => ReadonlySet<string> = rememberedOnce(
  (draft) => new Set(draft.inputs.map((each) => each.name)),
);

const codes = new WeakMap<Contract, ReadonlySet<string>>();

/** Names of what is sent to somebody outside of HTTP. */
function codeNames(contract: Contract): ReadonlySet<string> {
  const known = codes.get(contract);
  if (known !== undefined) return known;
  const effects = contract.operations.flatMap(({ transitions }) =>
    transitions.flatMap((each) => each.effects),
  );
  const names = effects.flatMap((effect) =>
    effect.kind === 'send' && effect.content.kind === 'object'
      ? effect.content.members.map(([name]) => name)
      : [],
  );
  const found = new Set(names);
  codes.set(contract, found);
  return found;
}

/** A key of a collection that was there before the walk began, as somebody outside knows it. */
function outside({ draft }: Situated, part: Part, collection: string, cast: number): Offer {
  const name = asksFor(part);
  const asked = unlike(inputNames(draft), castName(name, cast), '_');
  return { value: `$inputs.${asked}`, needs: [input(asked, name, {}, { 'x-in': collection })] };
}

/** One of those kinds that have been sent least; the walks before count. */
function rarest(kinds: readonly string[], { derived, random }: Situated): string | undefined {
  const counts = kinds.map((kind) => derived.get(kind) ?? 0);
  const least = Math.min(...counts);
  return pick(
    kinds.filter((_, index) => counts[index] === least),
    random,
  );
}

/** One of several, drawn; undefined when there is none. */
export function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[random.integer(0, Math.max(0, items.length - 1))];
}
