/** Records as a list: what is alike but for a list is one entry, which says how many it stands for. */

import { describe, expect, test } from 'vitest';
import type { Documents, Place } from '../../openapi/document/documents.js';
import type { Json } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { readValue } from '../../openapi/rules/rules.js';
import { isUnknown } from '../../openapi/rules/unknown.js';
import { evaluateValue } from '../../openapi/rules/value.js';

const documents: Documents = { root: '/api.json', sources: new Map() };
const at: Place = { file: '/api.json', pointer: '/x-state/nfts' };
const none = (): undefined => undefined;
const blind: Scope = {
  url: 'http://localhost/',
  method: 'GET',
  request: { header: none, query: none, path: none, body: undefined },
  response: undefined,
  credential: undefined,
  state: {},
};

const listed = (records: readonly Json[], more: { readonly [name: string]: Json } = {}): Json | undefined => {
  const value = readValue(
    documents,
    { $entries: 'nfts', gather: 'tokens', gathered: 'quantity', ...more },
    at,
  );
  return evaluateValue(value, { ...blind, entries: () => records });
};

const sword = (number: number): Json => ({ kind: 'sword', quantity: 1, tokens: [number] });

describe('a listing that gathers', () => {
  test('lists what is alike once, with all that it stands for, where the first stood', () => {
    const shield = { kind: 'shield', quantity: 1, tokens: [9] };
    expect(JSON.stringify(listed([sword(1), shield, sword(3), sword(2)]))).toBe(
      JSON.stringify([
        { kind: 'sword', quantity: 3, tokens: [1, 3, 2] },
        { kind: 'shield', quantity: 1, tokens: [9] },
      ]),
    );
  });

  test('keeps apart what differs in anything else', () => {
    const rusty = { kind: 'sword', quantity: 1, state: 'rusty', tokens: [2] };
    expect(listed([sword(1), rusty])).toEqual([sword(1), rusty]);
  });

  test('adds no list to what has none', () => {
    expect(listed([{ kind: 'sword' }, { kind: 'sword' }])).toEqual([{ kind: 'sword', quantity: 2 }]);
  });

  test('counts and pages what is gathered', () => {
    const records = [sword(1), sword(2), { kind: 'shield', tokens: [3] }];
    expect(listed(records, { count: true })).toBe(2);
    expect(listed(records, { limit: 1 })).toEqual([{ kind: 'sword', quantity: 2, tokens: [1, 2] }]);
  });

  test('is unknown to who does not have the whole state', () => {
    const value = readValue(documents, { $entries: 'nfts', gather: 'tokens' }, at);
    expect(isUnknown(evaluateValue(value, blind))).toBe(true);
  });
});
