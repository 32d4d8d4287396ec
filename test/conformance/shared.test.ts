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
    const own = shared.borrow();
    const left = leavings({ token: 'T' });
    own.keep('login', '[]', left);
    expect(own.get('login', '[]', now)).toBe(isThere ? left : undefined);
  });

  test('is there by its key only', () => {
    const shared = createShared();
    const own = shared.borrow();
    own.keep('login', '[]', leavings({}));
    expect(own.get('logout', '[]', 0)).toBeUndefined();
  });

  test('is what was kept last', () => {
    const shared = createShared();
    const own = shared.borrow();
    const [first, second] = [leavings({ token: '1' }), leavings({ token: '2' })];
    own.keep('login', '[]', first);
    own.keep('login', '[]', second);
    expect(own.get('login', '[]', 0)).toBe(second);
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
    const own = shared.borrow();
    own.keep('login', '[]', leavings(outputs));
    own.keep('other', '[]', leavings({ token: 'not touched' }));
    shared.touched(changes);
    expect(own.get('login', '[]', 0) !== undefined).toBe(isThere);
    expect(own.get('other', '[]', 0)).toBeDefined();
  });

  test('is gone when all is forgotten', () => {
    const shared = createShared();
    const own = shared.borrow();
    own.keep('login', '[]', leavings({}));
    shared.clear();
    expect(own.get('login', '[]', 0)).toBeUndefined();
  });
});

describe('what others use', () => {
  test('is nobody else’s until it is given back, and then that of the next', () => {
    const shared = createShared();
    const [first, second] = [shared.borrow(), shared.borrow()];
    const left = leavings({ token: 'T' });
    first.keep('login', '[]', left);
    expect(second.get('login', '[]', 0)).toBeUndefined();
    first.giveBack();
    const third = shared.borrow();
    expect([second.get('login', '[]', 0), third.get('login', '[]', 0)]).toEqual([undefined, left]);
  });

  test('is used by other people as long as somebody has it', () => {
    const shared = createShared();
    const [first, second] = [shared.borrow(), shared.borrow()];
    expect([first.cast('login'), second.cast('login'), first.cast('login')]).toEqual([
      'login for others',
      'login for others 2',
      'login for others',
    ]);
    first.giveBack();
    expect([shared.borrow().cast('login'), shared.borrow().cast('login')]).toEqual([
      'login for others',
      'login for others 3',
    ]);
  });

  test('is taken where there is something before anything is begun', () => {
    const shared = createShared();
    const [first, second] = [shared.borrow(), shared.borrow()];
    first.cast('login');
    const left = leavings({ token: 'T' });
    second.keep('login', '[]', left);
    first.giveBack();
    second.giveBack();
    expect(shared.borrow().get('login', '[]', 0)).toBe(left);
  });

  test('goes when it is touched, whoever has it', () => {
    const shared = createShared();
    const own = shared.borrow();
    own.keep('login', '[]', leavings({ token: 'T' }));
    shared.touched([remove('T')]);
    expect(own.get('login', '[]', 0)).toBeUndefined();
  });

  test('is told of when it is there for the next one, called without inputs', () => {
    const shared = createShared();
    const own = shared.borrow();
    own.keep('login', '[]', leavings({}));
    own.keep('post', '[["id",1]]', leavings({}));
    expect(shared.has('login', 0)).toBe(false);
    own.giveBack();
    expect(['login', 'post', 'never'].map((id) => shared.has(id, 0))).toEqual([true, false, false]);
    expect(shared.has('login', 100)).toBe(false);
  });
});
