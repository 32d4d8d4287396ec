/** What workflows have left for others: used again while it lives and nothing has touched it. */

import { describe, expect, test } from 'vitest';
import { emptyDraft, workflowOf } from '../../conformance/plan/draft.js';
import { createShared, type Leavings } from '../../conformance/shared.js';
import type { JsonObject } from '../../openapi/json.js';
import type { Change } from '../../openapi/rules/state.js';

const of = workflowOf('giving', 'gives something', emptyDraft);
const leavings = (outputs: JsonObject, until = 100): Leavings => ({ outputs, of, exchanges: [], until });
const put = (key: string): Change => ({
  kind: 'put',
  collection: 'sessions',
  key,
  entry: { value: null, expiresAt: undefined },
});
const remove = (key: string): Change => ({ kind: 'remove', collection: 'sessions', key });

describe('what a workflow has left', () => {
  test.for<[now: number, isThere: boolean]>([
    [0, true],
    [99, true],
    [100, false],
    [101, false],
  ])('until 100 is there at %d: %s', ([now, isThere]) => {
    const shared = createShared();
    const left = leavings({ token: 'T' });
    shared.keep('login', left);
    expect(shared.get('login', now)).toBe(isThere ? left : undefined);
  });

  test('is there by its key only', () => {
    const shared = createShared();
    shared.keep('login', leavings({}));
    expect(shared.get('logout', 0)).toBeUndefined();
  });

  test('is what was kept last', () => {
    const shared = createShared();
    const [first, second] = [leavings({ token: '1' }), leavings({ token: '2' })];
    shared.keep('login', first);
    shared.keep('login', second);
    expect(shared.get('login', 0)).toBe(second);
  });

  test.for<[name: string, outputs: JsonObject, changes: readonly Change[], isThere: boolean]>([
    ['stays when nothing changes', { token: 'T' }, [], true],
    ['stays when another changes', { token: 'T' }, [put('T2'), remove('t')], true],
    ['goes when it is ended', { token: 'T' }, [remove('T')], false],
    ['goes when it is put anew', { token: 'T' }, [put('T')], false],
    ['goes when one of several is ended', { a: 'A', token: 'T' }, [put('x'), remove('T')], false],
    ['goes when the number of an entry is touched', { id: 7 }, [remove('7')], false],
    ['stays when its name is touched', { token: 'T' }, [remove('token')], true],
    ['without outputs stays', {}, [remove('T')], true],
  ])('%s', ([, outputs, changes, isThere]) => {
    const shared = createShared();
    shared.keep('login', leavings(outputs));
    shared.keep('other', leavings({ token: 'not touched' }));
    shared.touched(changes);
    expect(shared.get('login', 0) !== undefined).toBe(isThere);
    expect(shared.get('other', 0)).toBeDefined();
  });

  test('is gone when all is forgotten', () => {
    const shared = createShared();
    shared.keep('login', leavings({}));
    shared.clear();
    expect(shared.get('login', 0)).toBeUndefined();
  });
});
