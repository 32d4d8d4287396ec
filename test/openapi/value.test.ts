/** Values of the state rules: what is there is taken, what is not is left out, the rest is made. */

import { describe, expect, test } from 'vitest';
import type { Documents, Place } from '../../openapi/document/documents.js';
import type { Json } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { readValue } from '../../openapi/rules/rules.js';
import { isUnknown, knownAt, see, unknown } from '../../openapi/rules/unknown.js';
import { evaluateValue, type Make, overlay } from '../../openapi/rules/value.js';

const documents: Documents = { root: '/api.json', sources: new Map() };
const at: Place = { file: '/api.json', pointer: '/x-state/pets/one' };

const scope: Scope = {
  url: 'http://localhost/',
  method: 'POST',
  request: {
    header: () => undefined,
    query: () => undefined,
    path: () => undefined,
    body: { name: 'tea', none: null, empty: '', zero: 0, no: false, list: [] },
  },
  response: undefined,
  credential: undefined,
  state: { user: { _id: 7 } },
};

const evaluated = (raw: Json, make?: Make): Json | undefined =>
  evaluateValue(readValue(documents, raw, at), scope, make);

const name = '$request.body#/name';
const absent = '$request.body#/absent';
const none = '$request.body#/none';
const empty = '$request.body#/empty';

describe('a value', () => {
  test.each<[raw: Json, value: Json]>([
    [null, null],
    [true, true],
    [0, 0],
    ['', ''],
    ['text', 'text'],
    ['costs $5', 'costs $5'],
    [[], []],
    [{}, {}],
    [name, 'tea'],
    [none, null],
    ['$state.user', { _id: 7 }],
    [{ a: { b: { c: name, d: 1 } } }, { a: { b: { c: 'tea', d: 1 } } }],
    [
      { a: 1, b: absent, c: 2 },
      { a: 1, c: 2 },
    ],
    [{ a: { b: absent } }, { a: {} }],
    [{ a: none }, { a: null }],
    [
      [1, absent, name, [absent]],
      [1, null, 'tea', [null]],
    ],
    [[{ a: absent }], [{}]],
  ])('written %j is %j', (raw, value) => {
    expect(evaluated(raw)).toStrictEqual(value);
  });

  test('that names what is not there is not there', () => {
    expect(evaluated(absent)).toBeUndefined();
  });

  test('keeps the order of its members', () => {
    expect(JSON.stringify(evaluated({ z: 1, b: absent, a: name }))).toBe('{"z":1,"a":"tea"}');
  });

  test('keeps a member named __proto__ as a member', () => {
    const value = evaluated(JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }'));
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
  });
});

describe('$first', () => {
  test.each<[values: readonly Json[], value: Json | undefined]>([
    [['a', 'b'], 'a'],
    [[absent, 'b'], 'b'],
    [[none, 'b'], 'b'],
    [[null, 'b'], 'b'],
    [[empty, 'b'], 'b'],
    [[absent, none, empty, name, 'later'], 'tea'],
    [['$request.body#/zero', 'b'], 0],
    [['$request.body#/no', 'b'], false],
    [['$request.body#/list', 'b'], []],
    [[{ a: absent }, 'b'], {}],
    [[absent, null], null],
    [[absent, ''], ''],
    [[null, absent], undefined],
    [[absent], undefined],
    [[{ $first: [absent, ''] }, name], 'tea'],
  ])('of %j is %j', (values, value) => {
    expect(evaluated({ $first: values })).toStrictEqual(value);
  });

  test('leaves a member out when nothing is there', () => {
    expect(evaluated({ a: { $first: [absent] } })).toStrictEqual({});
  });
});

type Call = readonly [schema: Place, bound: Json | undefined, example: Json | undefined];

describe('$generate', () => {
  const calling = (raw: Json): { readonly value: Json | undefined; readonly calls: readonly Call[] } => {
    const calls: Call[] = [];
    const value = evaluated(raw, (schema, bound, example) => {
      calls.push([schema, bound, example]);
      return `made ${calls.length}`;
    });
    return { value, calls };
  };
  const otp: Place = { file: '/api.json', pointer: '/components/schemas/Otp' };
  const reference = '#/components/schemas/Otp';

  test('makes a value from the schema that it refers to', () => {
    expect(calling({ $generate: reference })).toEqual({
      value: 'made 1',
      calls: [[otp, undefined, undefined]],
    });
  });

  test('makes a value from the schema that stands in it', () => {
    const inline = { file: '/api.json', pointer: '/x-state/pets/one/a/$generate' };
    expect(calling({ a: { $generate: { type: 'string' } } })).toEqual({
      value: { a: 'made 1' },
      calls: [[inline, undefined, undefined]],
    });
  });

  test('hands over what is bound, evaluated', () => {
    const { calls } = calling({ $generate: reference, with: { sub: '$state.user#/_id', other: absent } });
    expect(calls).toStrictEqual([[otp, { sub: 7 }, undefined]]);
  });

  test('hands over the example, evaluated', () => {
    expect(calling({ $generate: reference, example: name }).calls).toEqual([[otp, undefined, 'tea']]);
    expect(calling({ $generate: reference, example: absent }).calls).toEqual([[otp, undefined, undefined]]);
  });

  test('makes what is bound first', () => {
    const { value, calls } = calling({ $generate: reference, with: { jti: { $generate: reference } } });
    expect(value).toBe('made 2');
    expect(calls).toEqual([
      [otp, undefined, undefined],
      [otp, { jti: 'made 1' }, undefined],
    ]);
  });

  test.each<[raw: Json, value: Json | undefined]>([
    [{ $generate: reference, example: '48793' }, '48793'],
    [{ $generate: reference, with: 'x' }, undefined],
    [{ a: { $generate: reference } }, {}],
  ])('of %j is %j where nothing is made', (raw, value) => {
    expect(evaluated(raw)).toStrictEqual(value);
  });
});

describe('one value laid over another', () => {
  test.each<[lower: Json | undefined, upper: Json, merged: Json]>([
    [undefined, 1, 1],
    [1, 2, 2],
    [{ a: 1 }, null, null],
    [{ a: 1 }, [2], [2]],
    [[1, 2, 3], [4], [4]],
    [1, { a: 1 }, { a: 1 }],
    [{ a: 1, b: 2 }, {}, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { b: null }, { a: 1, b: null }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ a: { b: 1 } }, { a: [1] }, { a: [1] }],
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 3 }] }, { a: [{ b: 3 }] }],
  ])('%j under %j is %j', (lower, upper, merged) => {
    expect(overlay(lower, upper)).toStrictEqual(merged);
  });

  test('keeps the order of the lower, what is new after it', () => {
    expect(JSON.stringify(overlay({ z: 1, a: { y: 1, b: 2 } }, { n: 0, a: { c: 3, b: 4 }, z: 5 }))).toBe(
      '{"z":5,"a":{"y":1,"b":4,"c":3},"n":0}',
    );
  });

  test('reads own members only', () => {
    const upper: Json = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": { "b": 2 } }');
    expect(JSON.stringify(overlay({}, upper))).toBe(JSON.stringify(upper));
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });

  test('changes neither', () => {
    const lower = Object.freeze({ a: Object.freeze({ b: 1 }) });
    const upper = Object.freeze({ a: Object.freeze({ c: 2 }) });
    expect(overlay(lower, upper)).toEqual({ a: { b: 1, c: 2 } });
  });
});

describe('a sum', () => {
  test.each<[values: Json, sum: number]>([
    [[1, 2, 3], 6],
    [[1, -1], 0],
    [['$request.body#/zero', 5], 5],
    [[absent, none, empty, 4], 4],
    [['$state.user#/_id', 1], 8],
    [['10', ' ', 'ten'], 10],
    [[true, [], {}], 0],
  ])('of %j is %j', (values, sum) => {
    expect(evaluated({ $sum: values })).toBe(sum);
  });

  test('with a part that nobody knows is not known', () => {
    const value = readValue(documents, { $sum: ['$state.hidden', 1] }, at);
    expect(isUnknown(evaluateValue(value, { ...scope, state: { hidden: unknown() } }))).toBe(true);
  });
});

describe('a listing', () => {
  const records: readonly Json[] = [
    { kind: 'like', by: 7, count: 1 },
    { kind: 'view', by: 7, count: 2 },
    { kind: 'like', by: 8, count: 3 },
  ];
  const listing = (raw: { readonly [name: string]: Json }): Json | undefined =>
    evaluateValue(readValue(documents, { $entries: 'acts', ...raw }, at), {
      ...scope,
      entries: (collection) => (collection === 'acts' ? records : undefined),
    });

  test('is in the order in which they came, or the other way round', () => {
    const counts = { as: 'act', each: '$state.act#/count' };
    expect(listing(counts)).toEqual([1, 2, 3]);
    expect(listing({ ...counts, reverse: true })).toEqual([3, 2, 1]);
    expect(listing({ ...counts, reverse: true, limit: 2, offset: '1' })).toEqual([2, 1]);
    expect(listing({ reverse: true, count: true })).toBe(3);
  });

  test('makes each into something else, knowing all other names as well', () => {
    const each = { $merge: ['$state.act', { by: '$state.user#/_id', name }] };
    expect(listing({ where: { kind: 'view' }, as: 'act', each })).toEqual([
      { kind: 'view', by: 7, count: 2, name: 'tea' },
    ]);
  });

  test('lists within each what goes with it', () => {
    const inner = { $entries: 'acts', where: { by: '$state.act#/by' }, by: 'kind', each: true };
    expect(listing({ as: 'act', each: inner })).toEqual([
      { like: true, view: true },
      { like: true, view: true },
      { like: true },
    ]);
  });

  test('by a member is an object, of which the last of a name stays', () => {
    expect(listing({ by: 'kind', as: 'act', each: '$state.act#/count' })).toEqual({ like: 3, view: 2 });
    expect(listing({ by: 'by', where: { kind: 'view' } })).toEqual({ 7: records[1] });
  });
});

describe('a value laid over one that nobody has seen', () => {
  test('is known where it lies, and leaves the rest unknown', () => {
    const laid = overlay(overlay(unknown(), { a: 1 }), { b: 2 });
    expect([knownAt(laid, ['a']), knownAt(laid, ['b'])]).toEqual([1, 2]);
    const rest = knownAt(laid, ['c']);
    expect(rest !== undefined && isUnknown(rest)).toBe(true);
  });

  test('is laid over what was seen, once it was', () => {
    const record = unknown();
    see(record, { a: 1, b: 1 });
    expect(overlay(record, { b: 2 })).toEqual({ a: 1, b: 2 });
  });
});
