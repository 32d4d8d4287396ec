/** The state rules at work, read from documents: what is permitted, and what a transition leaves behind. */

import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../openapi/json.js';
import { type Entry, isExpired, type StateReader } from '../../openapi/rules/entries.js';
import type { Scope } from '../../openapi/rules/expression.js';
import type { Transition } from '../../openapi/rules/rules.js';
import {
  type Advance,
  advance,
  bindValues,
  type Choice,
  type Permitted,
  permitted,
} from '../../openapi/rules/state.js';
import { isUnknown, unknown } from '../../openapi/rules/unknown.js';
import type { Make } from '../../openapi/rules/value.js';
import { contractOf, done } from '../mock/contracts.js';

let documents = 0;

/** The transitions of the operations of one document, each read as that of any contract; names and responses are made up. */
async function readAll(
  operations: readonly (readonly JsonObject[])[],
): Promise<readonly (readonly Transition[])[]> {
  documents += 1;
  const paths = operations.map((transitions, index): [string, JsonObject] => {
    const named = transitions.map((transition, at) => ({ name: `t${at}`, response: '200', ...transition }));
    const requestBody = { content: { 'application/json': { schema: { type: 'object' } } } };
    return [`/ask${index}`, { post: { requestBody, responses: { 200: done }, 'x-transitions': named } }];
  });
  const contract = await contractOf(`rules-${documents}`, {
    'x-state': { users: {}, tokens: {} },
    components: { schemas: { Otp: { type: 'string', pattern: '^[0-9]{5}$' } } },
    paths: Object.fromEntries(paths),
  });
  return contract.operations.map(({ transitions }) => transitions);
}

async function read(...transitions: readonly JsonObject[]): Promise<readonly Transition[]> {
  return (await readAll([transitions])).flat();
}

const now = Date.parse('2024-02-28T12:00:00Z');

type Records = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

const records: Records = {
  users: {
    '91': { value: { _id: 'A', name: 'Sri', tags: ['x', { y: 1 }], none: null }, expiresAt: undefined },
    '7': { value: { _id: 'B' }, expiresAt: undefined },
    text: { value: 'no object', expiresAt: undefined },
  },
  tokens: {
    fresh: { value: { user: 'A' }, expiresAt: now + 1 },
    ending: { value: { user: 'A' }, expiresAt: now },
    ended: { value: { user: 'B' }, expiresAt: now - 1 },
  },
};

function stateOf(collections: Records = records): StateReader {
  const maps = new Map(
    Object.entries(collections).map(([name, entries]) => [name, new Map(Object.entries(entries))]),
  );
  return { get: (collection, key) => maps.get(collection)?.get(key) };
}

const body: JsonObject = {
  phone: '91',
  id: 'A',
  number: 7,
  name: 'Sri',
  tags: ['x', { y: 1 }],
  token: 'fresh',
  ending: 'ending',
  ended: 'ended',
  empty: '',
  none: null,
};

const scopeOf = (content: Json | undefined = body, answered: Json | undefined = undefined): Scope => {
  const message = { header: () => undefined, query: () => undefined, path: () => undefined };
  return {
    url: 'http://localhost/ask',
    method: 'POST',
    request: { ...message, body: content },
    response: answered === undefined ? undefined : { ...message, body: answered, status: 200 },
    credential: undefined,
    state: {},
  };
};

async function allowed(...transitions: readonly JsonObject[]): Promise<Permitted> {
  return permitted(await read(...transitions), scopeOf(), stateOf(), now);
}
const names = ({ choices }: Permitted): readonly string[] => choices.map(({ transition }) => transition.name);

const at = (member: string): string => `$request.body#/${member}`;

const conditions: readonly (readonly [holds: boolean, condition: JsonObject])[] = [
  [true, { present: at('phone') }],
  [true, { present: at('empty') }],
  [true, { present: at('none') }],
  [false, { present: at('other') }],
  [false, { present: at('constructor') }],
  [true, { absent: at('other') }],
  [false, { absent: at('phone') }],
  [false, { absent: at('none') }],
  [false, { absent: at('empty') }],
  [true, { value: at('name'), equals: 'Sri' }],
  [false, { value: at('name'), equals: 'sri' }],
  [true, { value: at('number'), equals: 7 }],
  [false, { value: at('number'), equals: '7' }],
  [true, { value: at('none'), equals: null }],
  [false, { value: at('other'), equals: at('missing') }],
  [false, { value: at('other'), equals: null }],
  [false, { value: at('other'), equals: '' }],
  [true, { value: at('tags'), equals: ['x', { y: 1 }] }],
  [false, { value: at('tags'), equals: [{ y: 1 }, 'x'] }],
  [true, { value: at('name'), equals: at('name') }],
  [false, { value: at('name'), equals: at('phone') }],
  [true, { value: at('tags'), equals: ['x', { y: { $first: [at('other'), 1] } }] }],
  [true, { value: '$method', equals: 'POST' }],
  [true, { in: 'users', key: at('phone') }],
  [true, { in: 'users', key: at('number') }],
  [false, { in: 'users', key: at('name') }],
  [false, { in: 'users', key: at('other') }],
  [false, { in: 'users', key: at('none') }],
  [false, { in: 'users', key: at('tags') }],
  [false, { in: 'tokens', key: at('phone') }],
  [true, { in: 'users', key: at('phone'), where: {} }],
  [false, { in: 'users', key: at('phone'), where: { otp: at('missing') } }],
  [true, { in: 'users', key: at('phone'), where: { _id: 'A' } }],
  [true, { in: 'users', key: at('phone'), where: { _id: at('id'), name: at('name') } }],
  [false, { in: 'users', key: at('phone'), where: { _id: at('id'), name: 'other' } }],
  [true, { in: 'users', key: at('phone'), where: { tags: ['x', { y: 1 }] } }],
  [true, { in: 'users', key: at('phone'), where: { none: null } }],
  [false, { in: 'users', key: at('phone'), where: { other: null } }],
  [false, { in: 'users', key: at('phone'), where: { name: at('other') } }],
  [false, { in: 'users', key: at('phone'), where: { constructor: at('name') } }],
  [true, { in: 'tokens', key: at('token') }],
  [true, { in: 'tokens', key: at('token'), expired: false }],
  [false, { in: 'tokens', key: at('token'), expired: true }],
  [false, { in: 'tokens', key: at('ending') }],
  [true, { in: 'tokens', key: at('ending'), expired: true }],
  [false, { in: 'tokens', key: at('ended') }],
  [true, { in: 'tokens', key: at('ended'), expired: true }],
  [true, { in: 'tokens', key: at('ended'), expired: true, where: { user: 'B' } }],
  [false, { in: 'tokens', key: at('ended'), expired: true, where: { user: 'A' } }],
  [false, { in: 'users', key: at('phone'), expired: true }],
  [false, { in: 'tokens', key: at('other'), expired: true }],
  [true, { not: { present: at('other') } }],
  [false, { not: { present: at('phone') } }],
  [true, { not: { in: 'tokens', key: at('ended') } }],
  [false, { not: { in: 'tokens', key: at('ended'), expired: true } }],
  [true, { not: { not: { present: at('phone') } } }],
];
const conditionRules = await readAll(conditions.map(([, condition]) => [{ guard: [condition] }]));

describe('a condition', () => {
  test.for(conditions.map(([holds, condition], index) => ({ holds, condition, index })))(
    'holds, $holds: $condition',
    ({ holds, condition, index }) => {
      const result = permitted(conditionRules[index] ?? [], scopeOf(), stateOf(), now);
      expect(names(result)).toEqual(holds ? ['t0'] : []);
      expect(result.refused).toEqual(holds ? [] : [{ transition: 't0', condition }]);
    },
  );

  test('reads the records that the ones before it have named', async () => {
    const named = { in: 'users', key: at('phone'), as: 'user' };
    expect(
      names(await allowed({ guard: [named, { value: '$state.user#/name', equals: at('name') }] })),
    ).toEqual(['t0']);
    expect(
      names(await allowed({ guard: [{ value: '$state.user#/name', equals: at('name') }, named] })),
    ).toEqual([]);
    const next = { in: 'tokens', key: at('token'), where: { user: '$state.user#/_id' }, as: 'token' };
    const { choices } = await allowed({ guard: [named, next] });
    expect(choices[0]?.state).toEqual({ user: records.users?.['91']?.value, token: { user: 'A' } });
  });

  test('that does not hold names nothing', async () => {
    const failing = { in: 'users', key: at('phone'), as: 'user', where: { name: 'other' } };
    const { choices } = await allowed(
      { guard: [failing] },
      { guard: [{ in: 'users', key: at('number'), as: 'other' }] },
    );
    expect(choices.map(({ state }) => state)).toEqual([{ other: { _id: 'B' } }]);
  });

  test('that is negated names nothing', async () => {
    const guard = [{ not: { not: { in: 'users', key: at('phone'), as: 'user' } } }];
    expect((await allowed({ guard })).choices.map(({ state }) => state)).toEqual([{}]);
  });

  test.each<[content: Json | undefined]>([[undefined], [null], ['text'], [[]], [{}]])(
    'about the content %j of a request holds only when it is absent',
    async (content) => {
      const transitions = await read(
        { guard: [{ present: at('phone') }] },
        { guard: [{ value: at('phone'), equals: '91' }] },
        { guard: [{ in: 'users', key: at('phone') }] },
        { guard: [{ absent: at('phone') }] },
      );
      const scope: Scope = { ...scopeOf(), request: { ...scopeOf().request, body: content } };
      expect(names(permitted(transitions, scope, stateOf(), now))).toEqual(['t3']);
    },
  );
});

describe('an entry', () => {
  test.each([
    [now - 1, false],
    [now, true],
    [now + 1, true],
  ])('is, at %d, expired: %s', (instant, expired) => {
    expect(isExpired({ value: 1, expiresAt: now }, instant)).toBe(expired);
  });

  test('without a lifetime never expires', () => {
    expect(isExpired({ value: 1, expiresAt: undefined }, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});

const yes: JsonObject = { guard: [{ present: at('phone') }] };
const no: JsonObject = { guard: [{ present: at('phone') }, { present: at('other') }, { absent: at('id') }] };
const alternative = (transition: JsonObject): JsonObject => ({ ...transition, alternative: true });

describe('the transitions permitted', () => {
  test.for<
    [name: string, transitions: readonly JsonObject[], choices: readonly string[], refused: readonly string[]]
  >([
    ['none of none', [], [], []],
    ['one without a guard', [{}], ['t0'], []],
    ['the first of two that hold', [yes, yes], ['t0'], []],
    ['the first that holds', [no, yes, {}], ['t1'], ['t0']],
    ['none where none holds', [no, no], [], ['t0', 't1']],
    ['an alternative after the regular one', [alternative(yes), no, yes], ['t2', 't0'], ['t1']],
    ['alternatives in their order', [yes, alternative(yes), alternative({})], ['t0', 't1', 't2'], []],
    ['an alternative on its own', [alternative(yes)], ['t0'], []],
    ['an alternative beside none that holds', [no, alternative(yes)], ['t1'], ['t0']],
    ['no alternative whose guard fails', [yes, alternative(no)], ['t0'], []],
    ['no refusal after the first that holds', [yes, no], ['t0'], []],
  ])('are %s', async ([, transitions, choices, refused]) => {
    const result = await allowed(...transitions);
    expect(names(result)).toEqual(choices);
    expect(result.refused.map(({ transition }) => transition)).toEqual(refused);
  });

  test('leave out others for the first condition that fails, as it is written', async () => {
    expect((await allowed(no)).refused).toEqual([{ transition: 't0', condition: { present: at('other') } }]);
    const written = { not: { in: 'users', key: at('phone'), where: { _id: at('id') } } };
    expect((await allowed({ guard: [written] })).refused).toEqual([{ transition: 't0', condition: written }]);
  });

  test('are read by key, never by list', async () => {
    const asked: (readonly string[])[] = [];
    const state: StateReader = {
      get: (...at) => {
        asked.push(at);
        return undefined;
      },
    };
    permitted(await read({ guard: [{ in: 'users', key: at('phone') }] }), scopeOf(), state, now);
    expect(asked).toEqual([['users', '91']]);
  });
});

/** Makes the same value each time it is asked for the same; tells what it was asked for. */
const make: Make = (schema, bound, example) =>
  example ?? { made: schema.pointer, ...(bound === undefined ? {} : { bound }) };

async function choose(transition: JsonObject): Promise<Choice> {
  const [choice] = (await allowed(transition)).choices;
  if (choice === undefined) throw new TypeError('The transition is not permitted.');
  return choice;
}

describe('let', () => {
  const bound = async (transition: JsonObject, using: Make = make): Promise<Scope['state']> =>
    bindValues(await choose(transition), scopeOf(), using).state;

  test('names values in order, each reading those before it', async () => {
    const state = await bound({
      guard: [{ in: 'users', key: at('phone'), as: 'user' }],
      let: { id: '$state.user#/_id', twice: ['$state.id', '$state.id'], whole: { inner: '$state.twice#/1' } },
    });
    expect(state).toEqual({
      user: records.users?.['91']?.value,
      id: 'A',
      twice: ['A', 'A'],
      whole: { inner: 'A' },
    });
  });

  test('does not read those after it', async () => {
    const state = await bound({ let: { early: ['$state.late'], late: 1 } });
    expect(state).toEqual({ early: [null], late: 1 });
  });

  test('does not name what is not there', async () => {
    const state = await bound({ let: { gone: at('other'), here: null } });
    expect(state).toEqual({ here: null });
    expect(Object.hasOwn(state, 'gone')).toBe(false);
  });

  test('generates once, and every reader gets the same', async () => {
    let count = 0;
    const counting: Make = () => {
      count += 1;
      return count;
    };
    const otp = { $generate: '#/components/schemas/Otp' };
    expect(await bound({ let: { a: otp, b: '$state.a', c: otp } }, counting)).toEqual({ a: 1, b: 1, c: 2 });
  });

  test('leaves the choice as it was', async () => {
    const choice = await choose({ let: { a: 1 } });
    const after = bindValues(choice, scopeOf(), make);
    expect([choice.state, after.state, after.transition]).toEqual([{}, { a: 1 }, choice.transition]);
  });
});

async function left(effects: readonly JsonObject[], more: JsonObject = {}, instant = now): Promise<Advance> {
  const choice = await choose({ ...more, effects });
  const scope = scopeOf(body, { access: 'T1', count: 2 });
  return advance(bindValues(choice, scope, make), scope, instant, make);
}

const put = (key: string, value: Json, expiresAt?: number): unknown => ({
  kind: 'put',
  collection: 'users',
  key,
  entry: { value, expiresAt },
});

describe('an effect', () => {
  test('puts a record without a lifetime', async () => {
    const { changes } = await left([{ put: 'users', key: at('phone'), value: { name: at('name') } }]);
    expect(changes).toEqual([put('91', { name: 'Sri' })]);
  });

  test.for<[lifetime: string, end: string]>([
    ['PT10M', '2024-02-28T12:10:00Z'],
    ['P2D', '2024-03-01T12:00:00Z'],
    ['P1M', '2024-03-28T12:00:00Z'],
    ['PT0S', '2024-02-28T12:00:00Z'],
    ['P1W', '2024-03-06T12:00:00Z'],
  ])(
    'puts a record with the lifetime %s, counted from the instant that it is given',
    async ([lifetime, end]) => {
      const effects = [{ put: 'users', key: at('phone'), value: 1, lifetime }];
      expect((await left(effects)).changes).toEqual([put('91', 1, Date.parse(end))]);
      expect((await left(effects, {}, now + 1)).changes).toEqual([put('91', 1, Date.parse(end) + 1)]);
    },
  );

  test('puts a record that has ended at once, when its lifetime is nothing', async () => {
    const [change] = (await left([{ put: 'users', key: at('phone'), value: 1, lifetime: 'PT0S' }])).changes;
    expect(change?.kind === 'put' && isExpired(change.entry, now)).toBe(true);
  });

  test.for<[value: Json, record: Json]>([
    [at('other'), null],
    [{ a: at('other'), b: 1 }, { b: 1 }],
    ['$response.body#/access', 'T1'],
    ['$state.user#/name', 'Sri'],
    ['$state.otp', '48793'],
    [{ $generate: '#/components/schemas/Otp' }, { made: '/components/schemas/Otp' }],
  ])('puts %j as %j', async ([value, record]) => {
    const guard = [{ in: 'users', key: at('phone'), as: 'user' }];
    const { changes } = await left([{ put: 'users', key: 'k', value }], { guard, let: { otp: '48793' } });
    expect(changes).toEqual([put('k', record)]);
  });

  test.for<[key: Json, text: string]>([
    ['literal', 'literal'],
    [at('phone'), '91'],
    [at('number'), '7'],
    [at('empty'), ''],
    ['$response.body#/access', 'T1'],
    ['$response.body#/count', '2'],
    [[at('phone'), '$response.body#/access', 'like'], '91/T1/like'],
    [[at('number'), 'a/b~c'], '7/a~1b~0c'],
  ])('has the key %j as %j', async ([key, text]) => {
    const { changes } = await left([
      { put: 'users', key, value: 1 },
      { remove: 'tokens', key },
    ]);
    expect(changes).toEqual([put(text, 1), { kind: 'remove', collection: 'tokens', key: text }]);
  });

  test.for<Json>([at('other'), at('none'), at('tags'), '$credential', [at('phone'), at('other')]])(
    'changes nothing under the key %j',
    async (key) => {
      const effects = [
        { put: 'users', key, value: 1, lifetime: 'P1D' },
        { remove: 'users', key },
      ];
      expect(await left(effects)).toEqual({ changes: [], deliveries: [], elsewhere: [] });
    },
  );

  test.for<[to: Json, receiver: string]>([
    [at('phone'), '91'],
    ['a@b.c', 'a@b.c'],
    [at('number'), '7'],
    [at('other'), 'null'],
  ])('sends to %j as %j', async ([to, receiver]) => {
    const { changes, deliveries } = await left([{ send: 'sms', to, content: { otp: at('name') } }]);
    expect(changes).toEqual([]);
    expect(deliveries).toEqual([{ channel: 'sms', to: receiver, content: { otp: 'Sri' } }]);
  });

  test('comes in its order, changes and messages apart', async () => {
    const { changes, deliveries } = await left([
      { remove: 'users', key: 'a' },
      { send: 'sms', to: '1', content: 'x' },
      { put: 'users', key: 'a', value: 1 },
      { send: 'email', to: '2', content: at('other') },
      { remove: 'users', key: 'b' },
    ]);
    expect(changes).toEqual([
      { kind: 'remove', collection: 'users', key: 'a' },
      put('a', 1),
      { kind: 'remove', collection: 'users', key: 'b' },
    ]);
    expect(deliveries).toEqual([
      { channel: 'sms', to: '1', content: 'x' },
      { channel: 'email', to: '2', content: null },
    ]);
  });

  test('of no kind leaves nothing behind', async () => {
    expect(await left([])).toEqual({ changes: [], deliveries: [], elsewhere: [] });
  });
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

describe('the rules', () => {
  test('change nothing that they read, and say the same again', async () => {
    const transitions = frozen(
      await read(no, {
        guard: [
          { in: 'users', key: at('phone'), as: 'user', where: { _id: at('id') } },
          { not: { in: 'tokens', key: at('ended') } },
        ],
        let: { otp: { $generate: '#/components/schemas/Otp', with: { sub: '$state.user#/_id' } } },
        effects: [
          {
            put: 'users',
            key: at('phone'),
            value: { user: '$state.user', otp: '$state.otp' },
            lifetime: 'P1D',
          },
          { send: 'sms', to: at('phone'), content: ['$state.otp', '$response.body'] },
        ],
      }),
    );
    const scope = frozen(scopeOf(body, { access: 'T1' }));
    const collections = frozen(structuredClone(records));
    const run = (): unknown => {
      const result = frozen(permitted(transitions, scope, stateOf(collections), now));
      const bound = result.choices.map((choice) => frozen(bindValues(choice, scope, make)));
      return { result, bound, left: bound.map((choice) => advance(choice, scope, now, make)) };
    };
    const first = run();
    const copy = structuredClone(first);
    expect(run()).toEqual(first);
    expect(first).toEqual(copy);
    expect(collections).toEqual(records);
  });
});

/** What holds when not all is known: the guard of one rule, and whether it is permitted, maybe, or not. */
type Case = readonly [truth: 'holds' | 'may hold' | 'fails', condition: JsonObject];

const twin = unknown();
const unsure: Records = {
  users: {
    '91': { value: { _id: 'A', code: unknown(), twin, pair: ['x', unknown()] }, expiresAt: undefined },
    '7': { value: unknown(), expiresAt: undefined },
    A: { value: unknown(), expiresAt: undefined, doubtful: true },
    Sri: { value: { _id: 'A' }, expiresAt: undefined, doubtful: true },
  },
  tokens: {
    fresh: { value: { user: unknown() }, expiresAt: now + 999 },
    ending: { value: {}, expiresAt: now + 1000 },
    ended: { value: {}, expiresAt: now - 1000 },
    '91': { value: {}, expiresAt: now - 999 },
    A: { value: {}, expiresAt: now - 5000, doubtful: true },
    Sri: { value: {}, expiresAt: now + 5000, doubtful: true },
  },
};
const user = at('phone');
const cases: readonly Case[] = [
  ['may hold', { in: 'users', key: user, where: { code: 'x' } }],
  ['fails', { in: 'users', key: user, where: { code: 'x', _id: 'B' } }],
  ['fails', { in: 'users', key: user, where: { code: at('other') } }],
  ['fails', { in: 'users', key: user, where: { gone: 'x' } }],
  ['may hold', { in: 'users', key: user, where: { pair: ['x', 'y'] } }],
  ['may hold', { not: { in: 'users', key: user, where: { code: 'x' } } }],
  ['holds', { not: { in: 'users', key: user, where: { code: 'x', _id: 'B' } } }],
  ['holds', { in: 'users', key: at('number') }],
  ['may hold', { in: 'users', key: at('number'), where: { _id: 'B' } }],
  ['may hold', { in: 'users', key: at('id') }],
  ['may hold', { not: { in: 'users', key: at('id') } }],
  ['may hold', { not: { not: { in: 'users', key: at('id') } } }],
  ['may hold', { in: 'users', key: at('id'), where: { _id: 'A' } }],
  ['may hold', { in: 'users', key: at('id'), expired: true }],
  ['fails', { in: 'users', key: at('name'), where: { _id: 'B' } }],
  ['may hold', { in: 'users', key: at('name'), where: { _id: 'A' } }],
  ['may hold', { in: 'tokens', key: at('token') }],
  ['may hold', { in: 'tokens', key: at('token'), expired: true }],
  ['may hold', { not: { in: 'tokens', key: at('token') } }],
  ['holds', { in: 'tokens', key: at('ending') }],
  ['fails', { in: 'tokens', key: at('ending'), expired: true }],
  ['fails', { in: 'tokens', key: at('ended') }],
  ['holds', { in: 'tokens', key: at('ended'), expired: true }],
  ['may hold', { in: 'tokens', key: user }],
  ['may hold', { in: 'tokens', key: at('id'), expired: true }],
  ['fails', { in: 'tokens', key: at('id') }],
  ['may hold', { in: 'tokens', key: at('name') }],
  ['fails', { in: 'tokens', key: at('name'), expired: true }],
  ['fails', { in: 'tokens', key: at('number') }],
  ['holds', { not: { in: 'tokens', key: at('number') } }],
];
const named = { in: 'users', key: user, as: 'user' };
const aboutNamed: readonly Case[] = [
  ['may hold', { present: '$state.user#/code' }],
  ['may hold', { absent: '$state.user#/code' }],
  ['may hold', { value: '$state.user#/code', equals: 'x' }],
  ['fails', { value: '$state.user#/code', equals: at('other') }],
  ['holds', { value: '$state.user#/twin', equals: '$state.user#/twin' }],
  ['holds', { in: 'users', key: user, where: { twin: '$state.user#/twin' } }],
  ['may hold', { in: 'users', key: user, where: { twin: '$state.user#/code' } }],
  ['may hold', { in: 'users', key: '$state.user#/code' }],
  ['may hold', { not: { in: 'users', key: '$state.user#/code' } }],
  ['fails', { in: 'users', key: '$state.user#/gone' }],
];
const unsureRules = await readAll([
  ...cases.map(([, condition]) => [{ guard: [condition] }]),
  ...aboutNamed.map(([, condition]) => [{ guard: [named, condition] }]),
]);
const unsureState: StateReader = { ...stateOf(unsure), tolerance: 1000 };

describe('a condition about what is not known for sure', () => {
  test.for([...cases, ...aboutNamed].map(([truth, condition], index) => ({ truth, condition, index })))(
    '$truth: $condition',
    ({ truth, condition, index }) => {
      const { choices, refused } = permitted(unsureRules[index] ?? [], scopeOf(), unsureState, now);
      const doubts = choices.flatMap((choice) => choice.doubts.map(({ source }) => source));
      expect([choices.length, refused.length]).toEqual(truth === 'fails' ? [0, 1] : [1, 0]);
      expect(doubts).toEqual(truth === 'may hold' ? [condition] : []);
    },
  );

  test('names an unknown record where its key is unknown', async () => {
    const guard = [named, { in: 'tokens', key: '$state.user#/code', as: 'token' }];
    const [choice] = permitted(await read({ guard }), scopeOf(), unsureState, now).choices;
    expect(isUnknown(choice?.state.token)).toBe(true);
  });

  test('is of one mind with the mock where the state is certain', () => {
    for (const [index, [holds]] of conditions.entries()) {
      const tolerant = { ...stateOf(), tolerance: 0 };
      const result = permitted(conditionRules[index] ?? [], scopeOf(), tolerant, now);
      expect(result.choices.map(({ doubts }) => doubts)).toEqual(holds ? [[]] : []);
    }
  });
});

const maybe: JsonObject = { guard: [{ in: 'users', key: at('id') }] };

describe('the transitions permitted when not all is known', () => {
  test.for<
    [name: string, transitions: readonly JsonObject[], choices: readonly string[], refused: readonly string[]]
  >([
    ['one that may be, and the next that is for sure', [maybe, yes, {}], ['t0', 't1'], []],
    ['all that may be', [maybe, maybe, no], ['t0', 't1'], ['t2']],
    ['none that may be behind one that is for sure', [yes, maybe], ['t0'], []],
    [
      'an alternative that may be, after the regular ones',
      [alternative(maybe), maybe, yes],
      ['t1', 't2', 't0'],
      [],
    ],
    ['regular ones behind an alternative that is for sure', [alternative(yes), yes], ['t1', 't0'], []],
  ])('are %s', async ([, transitions, choices, refused]) => {
    const result = permitted(await read(...transitions), scopeOf(), unsureState, now);
    expect(names(result)).toEqual(choices);
    expect(result.refused.map(({ transition }) => transition)).toEqual(refused);
  });

  test('leave nothing under a key that is not known', async () => {
    const effects = [
      { put: 'users', key: '$state.user#/code', value: 1 },
      { remove: 'users', key: '$state.user#/code' },
      { put: 'users', key: '$state.user#/_id', value: '$state.user#/code' },
    ];
    const [choice] = permitted(await read({ guard: [named], effects }), scopeOf(), unsureState, now).choices;
    if (choice === undefined) throw new TypeError('The transition is not permitted.');
    const { changes } = advance(choice, scopeOf(), now, make);
    expect(changes).toMatchObject([{ kind: 'put', key: 'A' }]);
  });
});
