/** What a bystander knows of a server's state: nothing of what was before, and everything since that its answers tell. */

import type { Contract } from '../../openapi/contract.js';
import type { Entry } from '../../openapi/rules/entries.js';
import type { Change } from '../../openapi/rules/state.js';
import { type Beliefs, createBeliefs } from '../judge/beliefs.js';
import { isGivenOut, producersOf } from '../plan/goal.js';

/** Beliefs of a server that others speak to, as they may have done before. */
export type Onlooker = Beliefs & {
  /** From now on nobody knows what time it is at the server: what has a lifetime may be over, or not. */
  loseClock(): void;
  hasLostClock(): boolean;
  /** From now on nobody knows what stands at any key of a collection, until it is written again. */
  doubtAll(collection: string): void;
};

/** How far the clocks of both sides may be apart, in milliseconds. */
const tolerance = 30_000;

/**
 * Beliefs that begin with nothing. Whatever stands at a key that somebody brings along may be there or not; what the server
 * gives out while we look is new, and nothing else is known by it.
 */
export function createOnlooker(contract: Contract, clock: () => number): Onlooker {
  const inner = createBeliefs(contract, clock, tolerance);
  const brought = new Set<string>();
  const given = new Set<string>();
  let isLost = false;
  const doubted = new Map<string, Set<string>>(); // by collection: the keys that are known again

  const tokens = createTokenParts();

  const get = (collection: string, key: string): Entry | undefined => {
    if (!given.has(key) && !brought.has(key) && !tokens.isForged(key)) {
      brought.add(key);
      inner.given(key);
    }
    const certain = doubted.get(collection);
    if (certain !== undefined && !certain.has(key)) {
      certain.add(key);
      inner.doubt(collection, key);
    }
    return inner.get(collection, key);
  };

  /** What was there before we looked may end before the time that we could tell. */
  const dated = (change: Change): Change => {
    if (change.kind === 'remove' || change.entry.expiresAt !== undefined) return change;
    const before = inner.get(change.collection, change.key);
    if (before?.doubtful !== true || !hasLifetime(contract, change.collection)) return change;
    return { ...change, entry: { ...change.entry, doubtful: true } };
  };

  return {
    ...inner,
    get,
    get tolerance() {
      return isLost ? Number.POSITIVE_INFINITY : tolerance;
    },
    apply(changes) {
      for (const { kind, collection, key } of changes)
        if (kind === 'put' && !brought.has(key) && isGivenOut(contract, collection)) {
          given.add(key);
          tokens.issued(key);
        }
      inner.apply(changes.map(dated));
      for (const { collection, key } of changes) doubted.get(collection)?.add(key);
    },
    loseClock() {
      isLost = true;
    },
    hasLostClock: () => isLost,
    doubtAll: (collection) => void doubted.set(collection, new Set()),
  };
}

/** What is known of tokens by their parts (RFC 7515, section 7.1). */
type TokenParts = {
  issued(token: string): void;
  /** Whether somebody else than the server has made this: it is unsigned, or has a part of one that the server has issued. */
  isForged(text: string): boolean;
};

function createTokenParts(): TokenParts {
  const parts = new Set<string>();
  return {
    issued(token) {
      const [, claims, signature] = partsOf(token);
      if (claims !== undefined) parts.add(`claims ${claims}`);
      if (signature !== undefined && signature !== '') parts.add(`signature ${signature}`);
    },
    isForged(text) {
      const [header, claims, signature] = partsOf(text);
      if (header === undefined) return false;
      if (/"alg"\s*:\s*"none"/i.test(Buffer.from(header, 'base64url').toString('latin1'))) return true;
      return parts.has(`claims ${claims}`) || parts.has(`signature ${signature}`);
    },
  };
}

/** Header, claims and signature; nothing of what is no token. */
function partsOf(text: string): readonly string[] {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text) ? text.split('.') : [];
}

function hasLifetime(contract: Contract, collection: string): boolean {
  return producersOf(contract, collection).some(({ put }) => put.lifetime !== undefined);
}
