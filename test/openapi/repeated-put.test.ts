/** An effect that is done several times, and one that puts something where nobody knows. */

import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { type Advance, advance } from '../../openapi/rules/state.js';
import { unknown } from '../../openapi/rules/unknown.js';
import { contractOf, done } from '../mock/contracts.js';

let documents = 0;

async function left(effect: JsonObject, body: JsonObject, state: Scope['state'] = {}): Promise<Advance> {
  documents += 1;
  const contract = await contractOf(`repeated-${documents}`, {
    'x-state': { tokens: {}, records: {} },
    paths: {
      '/ask': {
        post: {
          requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
          responses: { 200: done },
          'x-transitions': [
            {
              name: 'bought',
              guard: [{ in: 'records', key: '$request.body#/id', as: 'before' }],
              response: '200',
              effects: [effect],
            },
          ],
        },
      },
    },
  });
  const [transition] = contract.operations.flatMap(({ transitions }) => transitions);
  if (transition === undefined) throw new Error('the document has a transition');
  const none = (): undefined => undefined;
  const scope: Scope = {
    url: '/ask',
    method: 'POST',
    request: { header: none, query: none, path: none, body },
    response: { header: none, query: none, path: none, body: undefined, status: 200 },
    credential: undefined,
    state: {},
  };
  return advance({ transition, state, doubts: [] }, scope, 0, () => null);
}

const numbered = {
  put: 'tokens',
  times: '$request.body#/quantity',
  as: 'number',
  key: ['$request.body#/collection', { $sum: ['$state.before#/count', '$state.number'] }],
  value: { number: '$state.number' },
};

const put = ({ changes }: Advance): readonly (readonly [string, Json])[] =>
  changes.map((change): readonly [string, Json] => [
    change.key,
    change.kind === 'put' ? change.entry.value : null,
  ]);

describe('a put that is done several times', () => {
  test('puts one for each time, which its key and value can tell', async () => {
    const before = { before: { count: 4 } };
    expect(put(await left(numbered, { collection: 'c', quantity: 3 }, before))).toEqual([
      ['c/5', { number: 1 }],
      ['c/6', { number: 2 }],
      ['c/7', { number: 3 }],
    ]);
  });

  test.each([[0], [-1], ['3'], [null], [Number.NaN]])('of %j times puts nothing', async (quantity) => {
    expect(await left(numbered, { collection: 'c', quantity }, { before: { count: 4 } })).toEqual({
      changes: [],
      deliveries: [],
      elsewhere: [],
    });
  });

  test('stops at a thousand', async () => {
    const { changes } = await left(numbered, { collection: 'c', quantity: 1e9 }, { before: { count: 0 } });
    expect(changes).toHaveLength(1000);
  });
});

describe('a put at a key that nobody has seen', () => {
  test('says in which collection it was', async () => {
    const state = { before: unknown() };
    const { changes, elsewhere } = await left(numbered, { collection: 'c', quantity: 2 }, state);
    expect([changes, [...new Set(elsewhere)]]).toEqual([[], ['tokens']]);
  });

  test('so often as nobody knows says the same', async () => {
    const often = { ...numbered, times: '$state.before#/count', key: '$request.body#/collection' };
    const { changes, elsewhere } = await left(often, { collection: 'c' }, { before: unknown() });
    expect([changes, elsewhere]).toEqual([[], ['tokens']]);
  });

  test('is no reason to doubt where something is only removed', async () => {
    const removed = { remove: 'tokens', key: '$state.before#/id' };
    expect(await left(removed, {}, { before: unknown() })).toMatchObject({ changes: [], elsewhere: [] });
  });
});
