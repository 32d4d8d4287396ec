/** What the contract makes of a request: which operation it is for, whether it is valid, with which credential it comes. */

import { describe, expect, test } from 'vitest';
import type { Situation } from '../../conformance/judge/judge.js';
import type { Field } from '../../openapi/index.js';
import type { Short } from './exchanges.js';
import { contractFrom, judging, noon } from './judging.js';

const contract = await contractFrom(`
x-state:
  things: {}
  sessions: {}
components:
  securitySchemes:
    plain: { type: http, scheme: bearer }
    key: { type: apiKey, in: query, name: api_key }
    crumb: { type: apiKey, in: cookie, name: sid }
    stamp: { type: apiKey, in: header, name: X-Key }
    certificate: { type: mutualTLS }
    session:
      type: http
      scheme: bearer
      x-transitions:
        - { name: no-session, guard: [{ absent: $credential }], response: '401' }
        - { name: dead-session, guard: [{ not: { in: sessions, key: $credential } }], response: '401' }
    guest:
      type: apiKey
      in: query
      name: guest
      x-transitions:
        - { name: no-guest, guard: [{ absent: $credential }], response: '401' }
        - { name: full, alternative: true, guard: [{ value: $credential, equals: late }], response: '401' }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, maxLength: 5 } }]
    get:
      operationId: show
      parameters:
        - { name: deep, in: query, schema: { type: boolean } }
        - name: loose
          in: query
          schema: { type: integer, x-provenance: inferred, x-reason: It looks so }
      responses: { '200': { description: Here }, '404': { description: None } }
      x-transitions:
        - { name: shown, guard: [{ in: things, key: $request.path.id }], response: '200' }
        - { name: gone, response: '404' }
    put:
      operationId: keep
      requestBody:
        required: true
        content:
          application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } }
          application/x-www-form-urlencoded: { schema: { type: object, properties: { size: { type: integer } } } }
      responses: { '200': { description: Kept } }
      x-transitions:
        - { name: kept-ten, guard: [{ value: $request.body#/size, equals: 10 }], response: '200' }
        - { name: kept, guard: [{ present: $request.body#/name }], response: '200' }
  /plain: { get: { security: [{ plain: [] }], responses: { '200': { description: Yes } } } }
  /key: { get: { security: [{ key: [] }], responses: { '200': { description: Yes } } } }
  /crumb: { get: { security: [{ crumb: [] }], responses: { '200': { description: Yes } } } }
  /stamp: { get: { security: [{ stamp: [] }], responses: { '200': { description: Yes } } } }
  /certificate: { get: { security: [{ certificate: [] }], responses: { '200': { description: Yes } } } }
  /both: { get: { security: [{ plain: [], key: [] }], responses: { '200': { description: Yes } } } }
  /either: { get: { security: [{ plain: [] }, { key: [] }], responses: { '200': { description: Yes } } } }
  /anyone: { get: { security: [{}, { plain: [] }], responses: { '200': { description: Yes } } } }
  /session:
    get: &ruled
      security: [{ session: [] }]
      responses: { '200': { description: Yes }, '401': { description: No } }
      x-transitions: [{ name: let-in, response: '200' }]
    post:
      security: [{ session: [] }]
      requestBody: { content: { application/json: {} } }
      responses: { '200': { description: Yes }, '401': { description: No } }
  /guest: { get: { <<: *ruled, security: [{ guest: [] }] } }
  /session-and-guest: { get: { <<: *ruled, security: [{ session: [], guest: [] }] } }
  /session-or-guest: { get: { <<: *ruled, security: [{ session: [] }, { guest: [] }] } }
`);

const bearer = (token: string): readonly Field[] => [['authorization', `Bearer ${token}`]];

describe('a request', () => {
  test.for<
    [request: Short, kind: Situation['kind'], operation: string | undefined, broken: readonly string[]]
  >([
    [{ call: 'GET /nowhere' }, 'unknown-path', undefined, []],
    [{ call: 'GET /things' }, 'unknown-path', undefined, []],
    [{ call: 'DELETE /things/a' }, 'undocumented-method', undefined, []],
    [{ call: 'get /things/a' }, 'undocumented-method', undefined, []],
    [{ call: 'HEAD /things/a' }, 'valid', 'show', []],
    [{ call: 'GET /things/a' }, 'valid', 'show', []],
    [{ call: 'GET /things/a?deep=true' }, 'valid', 'show', []],
    [{ call: 'GET /things/a?deep=maybe' }, 'invalid', 'show', ['query /deep type']],
    [{ call: 'GET /things/abcdef' }, 'invalid', 'show', ['path /id maxLength']],
    [{ call: 'GET /things/%C3%A9%20b' }, 'valid', 'show', []],
    [{ call: 'GET /things/a', body: '{', fields: [['content-type', 'text/plain']] }, 'valid', 'show', []],
    [{ call: 'PUT /things/a', body: { name: 'x' } }, 'valid', 'keep', []],
    [{ call: 'PUT /things/a', body: {} }, 'invalid', 'keep', ['body /name required']],
    [{ call: 'PUT /things/a' }, 'invalid', 'keep', ['body  required']],
    [
      { call: 'PUT /things/a', body: '{', fields: [['content-type', 'application/json']] },
      'invalid',
      'keep',
      ['body  json'],
    ],
    [
      { call: 'PUT /things/a', body: 'x', fields: [['content-type', 'text/plain']] },
      'unsupported-content',
      'keep',
      [],
    ],
    [{ call: 'PUT /things/a', body: '{}' }, 'unsupported-content', 'keep', []],
  ])('%j is %s', ([request, kind, operation, broken]) => {
    const { situation } = judging(contract).place(request);
    expect(situation).toMatchObject({
      kind,
      operation: operation === undefined ? undefined : { id: operation },
    });
    expect(
      situation.violations.map(({ in: where, pointer, keyword }) => `${where} ${pointer} ${keyword}`),
    ).toEqual(broken);
  });

  test('knows the methods that its path has', () => {
    const methods = (call: string): readonly string[] => judging(contract).place({ call }).situation.methods;
    expect(['POST /things/a', 'GET /things/a', 'GET /nowhere'].map(methods)).toEqual([
      ['GET', 'PUT'],
      ['GET', 'PUT'],
      [],
    ]);
  });

  test.for<[query: string, inferred: boolean]>([
    ['loose=x', true],
    ['loose=x&deep=x', false],
    ['deep=x', false],
    ['loose=1', false],
  ])('with the query %s breaks only what is inferred: %s', ([query, inferred]) => {
    expect(judging(contract).place({ call: `GET /things/a?${query}` }).situation.inferred).toBe(inferred);
  });
});

describe('the rules', () => {
  const permitted = (request: Short, known: readonly string[] = []): readonly string[] => {
    const { beliefs, place } = judging(contract);
    for (const key of known)
      beliefs.apply([{ kind: 'put', collection: 'things', key, entry: { value: {}, expiresAt: undefined } }]);
    return place(request).situation.permitted.map(({ choice, of }) => `${of} ${choice.transition.name}`);
  };

  test('read a parameter of the path as what it means, not as it is sent', () => {
    expect(permitted({ call: 'GET /things/%C3%A9%20b' }, ['é b'])).toEqual(['operation shown']);
    expect(permitted({ call: 'GET /things/%C3%A9%20b' }, ['%C3%A9%20b'])).toEqual(['operation gone']);
    expect(permitted({ call: 'HEAD /things/a' }, ['a'])).toEqual(['operation shown']);
  });

  test('read a form by the types of its schema', () => {
    const fields: readonly Field[] = [['content-type', 'application/x-www-form-urlencoded']];
    expect(permitted({ call: 'PUT /things/a', body: 'size=10', fields })).toEqual(['operation kept-ten']);
    expect(permitted({ call: 'PUT /things/a', body: 'size=1&name=a+b', fields })).toEqual(['operation kept']);
  });

  test('have their say of an invalid request too, which a server may take all the same', () => {
    expect(permitted({ call: 'PUT /things/a', body: { name: 7 } })).toEqual(['operation kept']);
  });

  test('have none of content that the operation does not take, but can read what may be meant', () => {
    const request = {
      call: 'PUT /things/a',
      body: '{"name":"x"}',
      fields: [['content-type', 'text/plain']],
    } as const;
    expect(permitted(request)).toEqual([]);
    const { scope } = judging(contract).place(request);
    expect(scope.request.body).toEqual({ name: 'x' });
    expect(judging(contract).place({ ...request, body: 'x' }).scope.request.body).toBeUndefined();
  });

  test('have their say of a credential before content that is not taken', () => {
    const request = { call: 'POST /session', body: 'x', fields: [['content-type', 'text/plain']] } as const;
    const { situation } = judging(contract).place(request);
    expect([situation.kind, situation.authentication]).toEqual(['unsupported-content', 'missing']);
    expect(permitted(request)).toEqual(['security no-session']);
  });
});

describe('a credential', () => {
  const good = ['T', 'K'];
  test.for<[call: string, fields: readonly Field[], authentication: Situation['authentication']]>([
    ['GET /things/a', [], 'not-needed'],
    ['GET /things/a', bearer('X'), 'not-needed'],
    ['GET /plain', [], 'missing'],
    ['GET /plain', bearer(''), 'missing'],
    ['GET /plain', [['authorization', '']], 'missing'],
    ['GET /plain', [['authorization', 'T']], 'missing'],
    ['GET /plain', [['authorization', 'Basic T']], 'missing'],
    ['GET /plain', bearer('X'), 'refused'],
    ['GET /plain', bearer('T'), 'accepted'],
    ['GET /plain', [['Authorization', 'bEARER T']], 'accepted'],
    ['GET /key', [], 'missing'],
    ['GET /key?api_key=', [], 'missing'],
    ['GET /key?api_key=X', [], 'refused'],
    ['GET /key?api_key=K', [], 'accepted'],
    ['GET /key?API_KEY=K', [], 'missing'],
    ['GET /key', [['api_key', 'K']], 'missing'],
    ['GET /crumb', [['cookie', 'other=K']], 'missing'],
    ['GET /crumb', [['cookie', 'a=b; sid=K; c=d']], 'accepted'],
    ['GET /crumb', [['cookie', 'sid=X']], 'refused'],
    ['GET /stamp', [['x-key', 'K']], 'accepted'],
    ['GET /stamp', [['x-key', '']], 'missing'],
    ['GET /certificate', [], 'uncertain'],
    ['GET /both?api_key=K', bearer('T'), 'accepted'],
    ['GET /both?api_key=K', [], 'missing'],
    ['GET /both', bearer('T'), 'missing'],
    ['GET /both?api_key=X', bearer('T'), 'refused'],
    ['GET /both?api_key=K', bearer('X'), 'refused'],
    ['GET /either?api_key=K', [], 'accepted'],
    ['GET /either?api_key=K', bearer('X'), 'accepted'],
    ['GET /either?api_key=X', bearer('T'), 'accepted'],
    ['GET /either?api_key=X', [], 'refused'],
    ['GET /either', [], 'missing'],
    ['GET /anyone', [], 'not-needed'],
    ['GET /anyone', bearer('T'), 'accepted'],
    ['GET /anyone', bearer('X'), 'not-needed'],
  ])('of %s with %j is %s', ([call, fields, authentication]) => {
    const { situation } = judging(contract, { credentials: good }).place({ call, fields });
    expect(situation.authentication).toBe(authentication);
  });

  type Known = 'alive' | 'ended' | 'ending' | 'from outside';
  test.for<
    [
      call: string,
      token: string | undefined,
      known: Known | undefined,
      authentication: Situation['authentication'],
      permitted: readonly string[],
    ]
  >([
    ['/session', undefined, undefined, 'missing', ['no-session']],
    ['/session', 'S', undefined, 'refused', ['dead-session']],
    ['/session', 'S', 'ended', 'refused', ['dead-session']],
    ['/session', 'S', 'alive', 'accepted', ['let-in']],
    ['/session', 'S', 'ending', 'uncertain', ['dead-session', 'let-in']],
    ['/session', 'S', 'from outside', 'uncertain', ['dead-session', 'let-in']],
    ['/guest?guest=x', undefined, undefined, 'accepted', ['let-in']],
    ['/guest?guest=late', undefined, undefined, 'uncertain', ['full', 'let-in']],
    ['/guest', undefined, undefined, 'missing', ['no-guest']],
    ['/session-and-guest?guest=x', 'S', 'alive', 'accepted', ['let-in']],
    ['/session-and-guest', 'S', 'alive', 'missing', ['no-guest']],
    ['/session-and-guest?guest=x', 'S', undefined, 'refused', ['dead-session']],
    ['/session-and-guest', undefined, undefined, 'missing', ['no-session', 'no-guest']],
    ['/session-and-guest', 'S', undefined, 'missing', ['dead-session', 'no-guest']],
    ['/session-and-guest?guest=late', 'S', 'from outside', 'uncertain', ['dead-session', 'full', 'let-in']],
    ['/session-or-guest?guest=x', undefined, undefined, 'accepted', ['let-in']],
    ['/session-or-guest', 'S', 'alive', 'accepted', ['let-in']],
    ['/session-or-guest?guest=x', 'S', 'from outside', 'accepted', ['let-in']],
    ['/session-or-guest', undefined, undefined, 'missing', ['no-session', 'no-guest']],
    ['/session-or-guest', 'S', undefined, 'refused', ['dead-session', 'no-guest']],
    ['/session-or-guest', 'S', 'from outside', 'uncertain', ['dead-session', 'no-guest', 'let-in']],
  ])(
    'of %s with the token %s, which is %s, is %s, and there may come %j',
    ([call, token, known, authentication, names]) => {
      const { beliefs, place } = judging(contract, { tolerance: 1000 });
      if (known === 'from outside') beliefs.given('S');
      else if (known !== undefined) {
        const expiresAt = noon + { alive: 5000, ended: -5000, ending: 500 }[known];
        beliefs.apply([{ kind: 'put', collection: 'sessions', key: 'S', entry: { value: {}, expiresAt } }]);
      }
      const { situation } = place({ call: `GET ${call}`, fields: token === undefined ? [] : bearer(token) });
      expect(situation.authentication).toBe(authentication);
      expect(situation.permitted.map(({ choice }) => choice.transition.name)).toEqual(names);
    },
  );

  test('is what expressions read: that of the first scheme it was sent for', () => {
    const read = (call: string, fields: readonly Field[] = []): string | undefined =>
      judging(contract, { credentials: good }).place({ call, fields }).scope.credential;
    expect(read('GET /plain', bearer('T'))).toBe('T');
    expect(read('GET /both?api_key=K', bearer('T'))).toBe('T');
    expect(read('GET /both?api_key=K')).toBe('K');
    expect(read('GET /either?api_key=K', bearer('X'))).toBe('K');
    expect(read('GET /plain')).toBeUndefined();
    expect(read('GET /things/a', bearer('T'))).toBeUndefined();
  });
});
