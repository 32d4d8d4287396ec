/** The store in memory: what it starts with, what changes do to it, and what a reset goes back to. */

import { describe, expect, test } from 'vitest';
import { type Collections, memoryStore } from '../../mock/store.js';
import type { Entry } from '../../openapi/index.js';

const entry = (value: number, expiresAt?: number): Entry => ({ value, expiresAt });
const start: Collections = new Map([['things', new Map([['a', entry(1)]])]]);

const listed = (collections: Collections): unknown =>
  [...collections].map(([name, entries]) => [name, [...entries.keys()]]);

describe('a store in memory', () => {
  test('gives entries by collection and key', () => {
    const store = memoryStore(() => start);
    expect(store.get('things', 'a')).toEqual(entry(1));
    expect([store.get('things', 'b'), store.get('nothing', 'a')]).toEqual([undefined, undefined]);
  });

  test('makes all changes, in order', () => {
    const store = memoryStore(() => start);
    store.apply([
      { kind: 'put', collection: 'things', key: 'a', entry: entry(2, 10) },
      { kind: 'put', collection: 'others', key: 'b', entry: entry(3) },
      { kind: 'remove', collection: 'others', key: 'b' },
      { kind: 'remove', collection: 'unknown', key: 'a' },
    ]);
    expect(store.get('things', 'a')).toEqual(entry(2, 10));
    expect(listed(store.list())).toEqual([
      ['things', ['a']],
      ['others', []],
    ]);
  });

  test('goes back to the start, which its changes have not touched', () => {
    const store = memoryStore(() => start);
    store.apply([{ kind: 'remove', collection: 'things', key: 'a' }]);
    expect(listed(start)).toEqual([['things', ['a']]]);
    store.reset();
    expect(listed(store.list())).toEqual([['things', ['a']]]);
  });

  test('goes back to another start once it is told to', () => {
    const store = memoryStore(() => start);
    store.startFrom(() => new Map([['others', new Map([['b', entry(2)]])]]));
    expect(listed(store.list())).toEqual([['things', ['a']]]);
    store.reset();
    expect(listed(store.list())).toEqual([['others', ['b']]]);
  });
});
