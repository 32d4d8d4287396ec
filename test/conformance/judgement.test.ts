/** Answers held against what the rules permit; and what is believed of the server after each. */

import { describe, expect, test } from 'vitest';
import { isExplained } from '../../conformance/judge/judgement.js';
import type { Field, Json } from '../../openapi/index.js';
import { isUnknown } from '../../openapi/rules/unknown.js';
import type { Short } from './exchanges.js';
import { type Answer, contractFrom, type Judging, judging, noon, said } from './judging.js';

const contract = await contractFrom(`
x-state:
  things: { fixture: { code: c } }
  seen: {}
  codes: {}
components:
  schemas: { Code: { type: string } }
  securitySchemes:
    session:
      type: http
      scheme: bearer
      x-transitions:
        - { name: no-session, guard: [{ absent: $credential }], response: '401#none' }
        - { name: dead, guard: [{ not: { in: things, key: $credential } }], response: '401#dead' }
  responses:
    No: &no
      description: No
      content: { application/json: { examples: { none: { value: { error: none } }, dead: { value: { error: dead } } } } }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, maxLength: 7 } }]
    get:
      responses:
        '200':
          description: Here
          content:
            application/json: { examples: { thing: { value: { id: a, tags: [x], code: c, note: null } } } }
        '404': { description: None, content: { application/json: { examples: { none: { value: { error: none } } } } } }
      x-transitions:
        - name: shown
          guard: [{ in: things, key: $request.path.id, as: thing }]
          response: '200#thing'
          content: { id: $request.path.id, code: $state.thing#/code }
        - { name: missing, response: '404#none' }
    put:
      responses:
        '200': { description: New or kept, content: { application/json: { examples: { kept: { value: { kept: true } } } } } }
        '409': { description: Taken }
      x-transitions:
        - name: kept
          guard: [{ in: things, key: $request.path.id }]
          response: '200#kept'
          effects: [{ put: things, key: $request.path.id, value: { code: x } }, { put: seen, key: k, value: 1 }]
        - name: made
          response: '200#kept'
          effects: [{ put: things, key: $request.path.id, value: { code: x } }, { remove: codes, key: k }]
        - { name: taken, alternative: true, response: '409', effects: [{ put: seen, key: taken, value: 1 }] }
    delete:
      security: [{ session: [] }]
      responses: { '204': { description: Gone }, '401': *no }
      x-transitions: [{ name: deleted, response: '204', effects: [{ remove: things, key: $request.path.id }] }]
  /codes:
    post:
      responses: { '200': { description: Sent }, '202': { description: Later } }
      requestBody: { content: { application/json: { schema: { properties: { to: { type: string }, code: { type: string } } } } } }
      x-transitions:
        - name: matched
          guard: [{ in: codes, key: $request.body#/to, where: { code: $request.body#/code, to: $request.body#/to } }]
          response: '202'
        - name: not-seen
          guard: [{ present: $request.body#/not }, { not: { in: codes, key: $request.body#/to } }]
          response: '202'
        - name: sent
          let: { code: { $generate: '#/components/schemas/Code' } }
          response: '200'
          effects:
            - { put: codes, key: $request.body#/to, value: { code: $state.code, to: $request.body#/to }, lifetime: PT1M }
            - { send: sms, to: $request.body#/to, content: { code: $state.code } }
  /made:
    post:
      responses:
        '201': { description: Made, content: { application/json: { schema: { type: object }, examples: { other: { value: { x: 1 } } } } } }
        '2XX': { description: Something }
        default: { description: Anything }
      x-transitions:
        - name: made
          guard: [{ absent: $request.query.how }]
          response: '201'
          content: { id: { $generate: '#/components/schemas/Code' }, inner: { of: $method } }
          effects: [{ put: things, key: $response.body#/id, value: { code: $response.body#/inner/of } }]
        - { name: ranged, guard: [{ value: $request.query.how, equals: range }], response: 2XX }
        - { name: whatever, guard: [{ value: $request.query.how, equals: any }], response: default }
  /silent:
    post:
      responses: { '200': { description: Yes }, '201': { description: Made }, '400': { description: No } }
      x-transitions:
        - name: meant
          alternative: true
          response: '201'
          effects: [{ put: seen, key: meant, value: 1 }]
        - name: only-the-mock
          unspecified: true
          response: '200'
          effects: [{ put: seen, key: silent, value: 1 }]
  /meant:
    post:
      responses: { '200': { description: Yes } }
      x-transitions:
        - { name: only-the-mock, unspecified: true, response: '200' }
        - { name: meant, alternative: true, response: '200' }
  /several:
    post:
      responses: { '200': { description: Yes }, '201': { description: Made } }
      x-transitions:
        - { name: one, guard: [{ present: $request.query.one }], response: '200', effects: [{ put: seen, key: a, value: 1 }, { put: seen, key: b, value: 1 }] }
        - { name: two, guard: [{ present: $request.query.two }], response: '200', effects: [{ put: seen, key: a, value: 1 }, { put: seen, key: c, value: 1 }] }
        - { name: three, response: '201', effects: [{ put: seen, key: d, value: 1 }] }
  /empty:
    post:
      responses: { '204': { description: None, content: { application/json: { examples: { done: { value: { done: true } } } } } } }
      x-transitions: [{ name: emptied, response: '204#done' }]
  /other:
    post:
      responses: { '200': { description: Yes }, '201': { description: Made } }
      x-transitions:
        - { name: is-not-that, guard: [{ not: { in: things, key: fixture, where: { code: wrong } } }], response: '200' }
        - { name: is-that, response: '201' }
  /unruled: { get: { responses: { '200': { description: Yes } } } }
  /lives:
    post:
      responses: { '200': { description: Yes } }
      x-transitions:
        - { name: short, guard: [{ in: things, key: fixture }], response: '200', effects: [{ put: seen, key: k, value: 1, lifetime: PT1M }] }
        - { name: long, response: '200', effects: [{ put: seen, key: k, value: 1, lifetime: PT2M }] }
  /expired:
    post:
      responses: { '200': { description: Yes }, '201': { description: Yes } }
      x-transitions:
        - { name: not-ended, guard: [{ not: { in: things, key: fixture, expired: true } }], response: '200' }
        - { name: ended, response: '201' }
  /gone:
    post:
      responses: { '200': { description: Yes }, '201': { description: Yes } }
      x-transitions:
        - { name: is-gone, guard: [{ not: { in: things, key: fixture } }], response: '200' }
        - { name: is-there, guard: [{ in: things, key: fixture, where: { code: right } }], response: '201' }
        - { name: is-other, guard: [{ not: { in: things, key: fixture, where: { code: wrong } } }], response: '201' }
  /twin:
    post:
      responses: { '200': { description: Yes } }
      x-transitions:
        - name: twin
          guard:
            - { in: things, key: fixture, as: thing }
            - { in: things, key: fixture, where: { code: $state.thing#/code } }
          response: '200'
  /languages:
    get:
      responses:
        '200':
          description: Yes
          content:
            application/json: { examples: { hello: { value: { text: Hello } } } }
            text/plain: { examples: { hello: { value: Hello } } }
      x-transitions: [{ name: greeted, response: '200#hello' }]
`);

const json: readonly Field[] = [['content-type', 'application/json']];
const thing = (more: { readonly [name: string]: Json } = {}): Json => ({
  id: 'a',
  tags: ['x'],
  code: 'c',
  note: null,
  ...more,
});
const ok = (body: Json): Answer => ({ status: 200, body });

/** A server that has the thing a, whose code is not known where it is left out. */
function having(value: Json = { code: 'c' }): Judging {
  const judge = judging(contract);
  judge.beliefs.apply([
    { kind: 'put', collection: 'things', key: 'a', entry: { value, expiresAt: undefined } },
  ]);
  return judge;
}

const entry = ({ beliefs }: Judging, collection: string, key: string): string => {
  const found = beliefs.get(collection, key);
  if (found === undefined) return 'none';
  return found.doubtful === true ? 'doubtful' : JSON.stringify(found.value);
};

describe('an answer', () => {
  test.for<[call: string, answer: Answer, judgement: string]>([
    ['GET /things/a', ok(thing()), 'shown'],
    ['GET /things/a', ok({ note: null, code: 'c', tags: ['x'], id: 'a' } as Json), 'shown'],
    ['GET /things/a', ok(thing({ id: 'b' })), 'not shown: value /id'],
    ['GET /things/a', ok(thing({ code: null })), 'not shown: value /code'],
    ['GET /things/a', ok(thing({ note: 'n' })), 'not shown: example /note'],
    ['GET /things/a', ok(thing({ tags: ['y'] })), 'not shown: example /tags/0'],
    ['GET /things/a', ok(thing({ tags: [] })), 'not shown: example /tags'],
    ['GET /things/a', ok(thing({ more: 1 })), 'not shown: example /more'],
    ['GET /things/a', ok({ id: 'a', tags: ['x'], code: 'c' }), 'not shown: example /note'],
    ['GET /things/a', ok(null), 'not shown: value'],
    ['GET /things/a', { status: 200 }, 'not shown: example'],
    ['GET /things/a', { status: 404, body: { error: 'none' } }, 'not shown: status like missing'],
    ['GET /things/a', { status: 500 }, 'not shown: status'],
    ['GET /things/b', { status: 404, body: { error: 'none' } }, 'missing'],
    ['GET /things/b', { status: 404, body: { error: 'other' } }, 'not missing: example /error'],
    ['GET /things/b', { status: 404 }, 'not missing: example'],
    ['GET /things/b', ok(thing({ id: 'b' })), 'not missing: status like shown'],
    ['GET /things/fixture', ok(thing({ id: 'fixture', code: 'new' })), 'shown'],
    ['GET /things/fixture', { status: 404, body: { error: 'none' } }, 'missing'],
    ['GET /things/fixture', ok(thing({ id: 'fixture', tags: 1 })), 'not shown: example /tags'],
    ['GET /things/fixture', { status: 404, body: [] }, 'not missing: example'],
    ['HEAD /things/a', { status: 200 }, 'shown'],
    ['HEAD /things/a', { status: 404 }, 'not shown: status like missing'],
    ['HEAD /things/b', { status: 404 }, 'missing'],
    ['GET /things/toolong7', ok(thing()), 'silent'],
    ['POST /things/a', ok(thing()), 'silent'],
    ['GET /none', ok(thing()), 'silent'],
    ['GET /unruled', ok(thing()), 'silent'],
    ['POST /empty', { status: 204 }, 'emptied'],
    ['POST /meant', { status: 200 }, 'meant'],
    ['POST /meant', { status: 500 }, 'silent'],
    ['POST /made', { status: 201, body: { id: 'T', inner: { of: 'POST' } } }, 'made'],
    ['POST /made', { status: 201, body: { id: 'T', inner: { of: 'POST' }, more: 1 } }, 'made'],
    ['POST /made', { status: 201, body: { id: 'T', inner: { of: 'GET' } } }, 'not made: value /inner/of'],
    ['POST /made', { status: 201, body: { inner: { of: 'POST' } } }, 'not made: value /id'],
    ['POST /made', { status: 201, body: { id: 'T', inner: null } }, 'not made: value /inner'],
    ['POST /made', { status: 200, body: {} }, 'not made: status like ranged'],
    ['POST /made?how=range', { status: 201 }, 'ranged'],
    ['POST /made?how=range', { status: 299 }, 'ranged'],
    ['POST /made?how=range', { status: 301 }, 'not ranged: status like whatever'],
    ['POST /made?how=any', { status: 418 }, 'whatever'],
    ['GET /languages', ok({ text: 'Hello' }), 'greeted'],
    ['GET /languages', { ...ok({ text: 'Hello' }), fields: json }, 'greeted'],
    [
      'GET /languages',
      { ...ok('Hello'), fields: [['content-type', 'text/plain; charset=utf-8']] },
      'not greeted: example',
    ],
    [
      'GET /languages',
      { ...ok({ text: 'Hello' }), fields: [['content-type', 'text/plain']] },
      'not greeted: example',
    ],
  ])('to %s of %j is judged: %s', ([call, answer, judgement]) => {
    expect(said(having().answer({ call }, answer))).toBe(judgement);
  });

  test('in another media type is held against the example of that', () => {
    const { place } = judging(contract);
    const { situation, scope } = place({ call: 'GET /languages' });
    const response = { status: 200, fields: [['content-type', 'text/plain']] as const, content: undefined };
    expect(isExplained(situation, scope, response, 'Hello')).toBe(true);
    expect(isExplained(situation, scope, { ...response, fields: json }, 'Hello')).toBe(false);
  });

  test('that differs is told with both sides, the nearest transition first', () => {
    const judgement = having().answer({ call: 'GET /things/a' }, ok(thing({ id: 'b' })));
    expect(judgement).toMatchObject({
      kind: 'unexplained',
      differences: [{ pointer: '/id', expected: '"a"', actual: '"b"', of: 'value' }],
    });
    expect(having().answer({ call: 'GET /things/a' }, { status: 500 })).toMatchObject({
      differences: [{ pointer: undefined, expected: '200', actual: '500', of: 'status' }],
    });
    const made = judging(contract).answer({ call: 'PUT /things/b' }, { status: 409 });
    expect(said(made)).toBe('taken');
    expect(said(judging(contract).answer({ call: 'PUT /things/b' }, ok({ kept: false })))).toBe(
      'not made: example /kept',
    );
  });
});

describe('an answer that is permitted', () => {
  test('makes its transition', () => {
    const judge = having();
    expect(said(judge.answer({ call: 'PUT /things/b' }, ok({ kept: true })))).toBe('made');
    expect(entry(judge, 'things', 'b')).toBe('{"code":"x"}');
    expect(entry(judge, 'seen', 'k')).toBe('none');
    expect(said(judge.answer({ call: 'PUT /things/a' }, ok({ kept: true })))).toBe('kept');
    expect(entry(judge, 'seen', 'k')).toBe('1');
  });

  test('tells what it has changed', () => {
    const judgement = judging(contract).answer({ call: 'PUT /things/b' }, ok({ kept: true }));
    expect(judgement).toMatchObject({
      changes: [
        { kind: 'put', collection: 'things', key: 'b' },
        { kind: 'remove', collection: 'codes', key: 'k' },
      ],
    });
  });

  test('fills the state with what the server has chosen', () => {
    const judge = judging(contract);
    judge.answer({ call: 'POST /made' }, { status: 201, body: { id: 'T', inner: { of: 'POST' } } });
    expect(entry(judge, 'things', 'T')).toBe('{"code":"POST"}');
  });

  test('by an alternative makes that and nothing else', () => {
    const judge = judging(contract);
    judge.answer({ call: 'PUT /things/b' }, { status: 409 });
    expect([entry(judge, 'things', 'b'), entry(judge, 'seen', 'taken')]).toEqual(['none', '1']);
  });

  test('by several rules leaves what they have in common, and doubts the rest', () => {
    const judge = judging(contract);
    judge.beliefs.apply([
      { kind: 'put', collection: 'codes', key: 'k', entry: { value: 1, expiresAt: undefined } },
    ]);
    const judgement = judge.answer({ call: 'PUT /things/fixture' }, ok({ kept: true }));
    expect(said(judgement)).toBe('kept');
    expect(entry(judge, 'things', 'fixture')).toBe('{"code":"x"}');
    expect([entry(judge, 'seen', 'k'), entry(judge, 'codes', 'k')]).toEqual(['doubtful', 'doubtful']);
    expect(judgement.kind === 'explained' && judgement.changes.map(({ key }) => key)).toEqual([
      'fixture',
      'k',
      'k',
    ]);
  });

  test('by several rules that differ in how long it holds leaves that in doubt', () => {
    const judge = judging(contract);
    judge.answer({ call: 'POST /lives' }, { status: 200 });
    expect(entry(judge, 'seen', 'k')).toBe('doubtful');
  });

  test('settles what was in doubt: that an entry is there, and its members', () => {
    const judge = judging(contract);
    judge.answer({ call: 'GET /things/fixture' }, ok(thing({ id: 'fixture', code: 'new' })));
    expect(judge.beliefs.get('things', 'fixture')?.doubtful).toBeUndefined();
    expect(
      said(judge.answer({ call: 'GET /things/fixture' }, ok(thing({ id: 'fixture', code: 'new' })))),
    ).toBe('shown');
    expect(
      said(judge.answer({ call: 'GET /things/fixture' }, ok(thing({ id: 'fixture', code: 'old' })))),
    ).toBe('not shown: value /code');
  });

  test('settles that an entry is gone', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /gone' }, { status: 200 }))).toBe('is-gone');
    expect(entry(judge, 'things', 'fixture')).toBe('none');
  });

  test('settles what a member is, and not what it is by what it is not', () => {
    const [right, other] = [judging(contract), judging(contract)];
    right.beliefs.apply([{ kind: 'remove', collection: 'things', key: 'a' }]);
    expect(said(right.answer({ call: 'POST /gone' }, { status: 201 }))).toBe('is-there');
    expect(entry(right, 'things', 'fixture')).toBe('doubtful'); // two rules explain it
    other.beliefs.apply([
      {
        kind: 'put',
        collection: 'things',
        key: 'fixture',
        entry: { value: { code: 'c' }, expiresAt: undefined },
      },
    ]);
    expect(said(other.answer({ call: 'POST /gone' }, { status: 201 }))).toBe('is-other');
    expect(entry(other, 'things', 'fixture')).toBe('{"code":"c"}');
  });

  test('does not settle that an entry is gone by what a member is not', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /other' }, { status: 200 }))).toBe('is-not-that');
    expect(entry(judge, 'things', 'fixture')).toBe('doubtful');
  });

  test('does not settle that an entry is gone by its not having ended', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /expired' }, { status: 200 }))).toBe('not-ended');
    expect(entry(judge, 'things', 'fixture')).toBe('doubtful');
  });

  test('does not settle a member by itself', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /twin' }, { status: 200 }))).toBe('twin');
    expect(said(judge.answer({ call: 'POST /twin' }, { status: 200 }))).toBe('twin');
    expect(isUnknown(judge.beliefs.get('things', 'fixture')?.value)).toBe(true);
  });

  test('binds a code that nobody has seen to the message that tells it', () => {
    const post = (body: Json): Short => ({ call: 'POST /codes', body });
    const judge = judging(contract);
    expect(said(judge.answer(post({ to: '91' }), { status: 200 }))).toBe('sent');
    expect(judge.beliefs.get('codes', '91')?.expiresAt).toBe(noon + 60_000);
    const names = (code: string): readonly string[] =>
      judge.place(post({ to: '91', code })).situation.permitted.map(({ choice }) => choice.transition.name);
    expect(names('1')).toEqual(['matched', 'sent']);
    judge.beliefs.told('code', ['91'], '1');
    expect([names('1'), names('2')]).toEqual([['matched'], ['sent']]);
    judge.beliefs.moved(60_000);
    expect(names('1')).toEqual(['sent']);
  });

  test('settles a code that nobody has seen when the server takes it', () => {
    const post = (code: string): Short => ({ call: 'POST /codes', body: { to: '91', code } });
    const judge = judging(contract);
    judge.answer(post('0'), { status: 200 });
    expect(said(judge.answer(post('1'), { status: 202 }))).toBe('matched');
    expect(said(judge.answer(post('2'), { status: 202 }))).toBe('not sent: status like matched');
    expect(said(judge.answer(post('1'), { status: 202 }))).toBe('matched');
  });
});

describe('an answer of a security scheme', () => {
  const bearer = (token: string): readonly Field[] => [['authorization', `Bearer ${token}`]];
  const dead: Answer = { status: 401, body: { error: 'dead' } };
  const none: Answer = { status: 401, body: { error: 'none' } };

  test.for<[token: string | undefined, path: string, answer: Answer, judgement: string]>([
    [undefined, '/things/a', none, 'no-session'],
    [undefined, '/things/a', dead, 'not no-session: example /error like dead'],
    [undefined, '/things/a', { status: 204 }, 'not no-session: status like deleted'],
    ['X', '/things/a', dead, 'dead'],
    ['X', '/things/a', none, 'not dead: example /error like no-session'],
    ['a', '/things/a', { status: 204 }, 'deleted'],
    ['a', '/things/a', dead, 'not deleted: status like dead'],
    ['fixture', '/things/a', dead, 'dead'],
    ['fixture', '/things/a', { status: 204 }, 'deleted'],
    ['X', '/things/toolong7', dead, 'dead'],
    ['a', '/things/toolong7', { status: 204 }, 'silent'],
  ])('to the token %s at %s of %j is judged: %s', ([token, path, answer, judgement]) => {
    const request = { call: `DELETE ${path}`, fields: token === undefined ? [] : bearer(token) };
    expect(said(having().answer(request, answer))).toBe(judgement);
  });
});

describe('an answer that is not permitted', () => {
  test('is followed all the same: what it answers as is what the server has done', () => {
    const judge = having();
    const gone = judge.answer({ call: 'DELETE /things/a' }, { status: 204 });
    expect(said(gone)).toBe('not no-session: status like deleted');
    expect(entry(judge, 'things', 'a')).toBe('none');
  });

  test('and may be that of several is followed in what they have in common', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /several' }, { status: 200 }))).toBe('not three: status like one');
    const seen = ['a', 'b', 'c', 'd'].map((key) => entry(judge, 'seen', key));
    expect(seen).toEqual(['1', 'doubtful', 'doubtful', 'none']);
  });

  test('and is that of no rule changes nothing', () => {
    const judge = having();
    judge.answer({ call: 'PUT /things/a' }, { status: 500 });
    expect([entry(judge, 'things', 'a'), entry(judge, 'seen', 'k')]).toEqual(['{"code":"c"}', 'none']);
  });
});

describe('a request that breaks the contract', () => {
  test('and is taken all the same changes the state, though the rules have no opinion', () => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /codes', body: { to: 91 } }, { status: 200 }))).toBe('silent');
    expect(entry(judge, 'codes', '91')).toBe('{"code":{},"to":91}');
  });

  test('and is taken as another rule would changes what that changes', () => {
    const judge = having();
    judge.answer(
      { call: 'POST /codes', body: { to: 'x' }, fields: [['content-type', 'text/plain']] },
      { status: 200 },
    );
    expect(entry(judge, 'codes', 'x')).toBe('{"code":{},"to":"x"}');
  });

  test('and is refused changes nothing', () => {
    const judge = judging(contract);
    judge.answer({ call: 'POST /codes', body: { to: 91 } }, { status: 400 });
    expect(entry(judge, 'codes', '91')).toBe('none');
  });
});

describe('a rule of which the contract is silent', () => {
  test.for<[status: number, judgement: string, changed: readonly string[]]>([
    [200, 'silent', ['none', '1']],
    [201, 'meant', ['1', 'none']],
    [400, 'silent', ['none', 'none']],
    [500, 'silent', ['none', 'none']],
  ])('leaves the answer %d: %s', ([status, judgement, changed]) => {
    const judge = judging(contract);
    expect(said(judge.answer({ call: 'POST /silent' }, { status }))).toBe(judgement);
    expect([entry(judge, 'seen', 'meant'), entry(judge, 'seen', 'silent')]).toEqual(changed);
  });
});

describe('whether an answer is permitted', () => {
  test('can be asked without learning from it', () => {
    const judge = judging(contract);
    const { situation, scope } = judge.place({ call: 'PUT /things/b' });
    const response = (status: number) => ({ status, fields: json, content: undefined });
    expect(isExplained(situation, scope, response(200), { kept: true })).toBe(true);
    expect(isExplained(situation, scope, response(200), { kept: false })).toBe(false);
    expect(isExplained(situation, scope, response(409), undefined)).toBe(true);
    expect(entry(judge, 'things', 'b')).toBe('none');
  });
});
