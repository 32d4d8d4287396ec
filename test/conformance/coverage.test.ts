/** What of a contract was exercised by which exchange, and why the rest was not. */

import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../conformance/check.js';
import { createTally } from '../../conformance/coverage.js';
import { bodyOf } from '../../conformance/judge/exchange.js';
import { requestOf, type Short } from './exchanges.js';
import { type Answer, contractFrom, judging } from './judging.js';

const contract = await contractFrom(`
x-state: { sessions: {} }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-transitions: [ { name: no-session, guard: [{ not: { in: sessions, key: $credential } }], response: '401' } ] }
    key: { type: apiKey, in: query, name: key }
paths:
  /things/{id}:
    get:
      security: [{ session: [] }, { key: [] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: list, in: query, schema: { type: array, items: { type: string } } }
        - { name: filter, in: query, style: deepObject, schema: { type: object } }
        - { name: X-Trace, in: header, schema: { type: string } }
        - { name: crumb, in: cookie, schema: { type: string } }
      responses:
        '200':
          description: Here
          content: { application/json: { examples: { one: { value: { a: 1 } }, two: { value: { a: 2 } }, far: { externalValue: 'http://localhost/x' } } } }
        '401': { description: No }
        '404': { description: None }
        '5XX': { description: Broken }
      x-transitions:
        - { name: shown, guard: [{ absent: $request.header.X-Trace }], response: '200#one', content: { a: $request.path.id } }
        - { name: traced, response: '200#two' }
        - { name: maybe, alternative: true, response: '404' }
  /plain:
    post: { responses: { '200': { description: Yes } } }
`);

type Items = readonly string[];

/** What is exercised after these exchanges; the kind and the name of each. */
function exercised(exchanges: readonly (readonly [Short, Answer])[]): Items {
  const judge = judging(contract, { credentials: ['K'] });
  judge.beliefs.apply([
    { kind: 'put', collection: 'sessions', key: 'S', entry: { value: {}, expiresAt: undefined } },
  ]);
  const tally = createTally(contract);
  for (const [short, answer] of exchanges) {
    const { situation } = judge.place(short);
    const judgement = judge.answer(short, answer);
    const content =
      answer.body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(answer.body));
    const response = { status: answer.status, fields: answer.fields ?? [], content };
    const exchange: Exchange = {
      contract,
      operation: situation.operation,
      request: requestOf(short),
      outcome: { kind: 'response', response, faults: [] },
      response,
      body: bodyOf(response),
      startedAt: 0,
      milliseconds: 0,
      situation,
      judgement,
      secrets: [],
      clockMoved: false,
    };
    tally.take(exchange);
  }
  const { coverage, notExercised } = tally.result(new Map());
  const left = new Set(notExercised.map(({ kind, what }) => `${kind} ${what}`));
  for (const { kind, exercised: some, total } of coverage)
    expect(total - some).toBe(notExercised.filter((each) => each.kind === kind).length);
  return everything().filter((item) => !left.has(item));
}

const everything = (): Items =>
  createTally(contract)
    .result(new Map())
    .notExercised.map(({ kind, what }) => `${kind} ${what}`);

const endpoint = 'GET /things/{id}';
const get = (target: string, fields: Short['fields'] = []): Short => ({
  call: `GET /things/${target}`,
  fields: [['authorization', 'Bearer S'], ...fields],
});
const base = [`operation ${endpoint}`, `parameter ${endpoint} path id`];
const of = (...items: Items): Items => everything().filter((item) => items.includes(item));

test('everything that a contract has can be exercised', () => {
  expect(everything()).toEqual([
    `operation ${endpoint}`,
    `response ${endpoint} 200`,
    `response ${endpoint} 401`,
    `response ${endpoint} 404`,
    `response ${endpoint} 5XX`,
    `example ${endpoint} 200#one`,
    `example ${endpoint} 200#two`,
    `example ${endpoint} 200#far`,
    `rule ${endpoint}: no-session`,
    `rule ${endpoint}: shown`,
    `rule ${endpoint}: traced`,
    `rule ${endpoint}: maybe`,
    `parameter ${endpoint} path id`,
    `parameter ${endpoint} query list`,
    `parameter ${endpoint} query filter`,
    `parameter ${endpoint} header X-Trace`,
    `parameter ${endpoint} cookie crumb`,
    'security-scheme session',
    'security-scheme key',
    'operation POST /plain',
    'response POST /plain 200',
  ]);
});

describe('an exchange exercises', () => {
  const ok = (a: unknown): Answer => ({ status: 200, body: { a } as never });
  const session = 'security-scheme session';
  test.for<[what: string, request: Short, answer: Answer, items: Items]>([
    ['nothing of a path that is not there', { call: 'GET /none' }, { status: 200 }, []],
    ['nothing of a method that is not there', { call: 'POST /things/1' }, { status: 200 }, []],
    [
      'a rule, its response and its example',
      get('one'),
      ok('one'),
      [
        ...base,
        session,
        `response ${endpoint} 200`,
        `rule ${endpoint}: shown`,
        `example ${endpoint} 200#one`,
      ],
    ],
    [
      'an example by its content, whatever explains it',
      get('one', [['x-trace', 't']]),
      ok(2),
      [
        ...base,
        session,
        `response ${endpoint} 200`,
        `rule ${endpoint}: traced`,
        `example ${endpoint} 200#two`,
        `parameter ${endpoint} header X-Trace`,
      ],
    ],
    [
      'no rule where nothing explains the answer, but the example that it is',
      get('1', [['x-trace', 't']]),
      ok(1),
      [
        ...base,
        session,
        `response ${endpoint} 200`,
        `example ${endpoint} 200#one`,
        `parameter ${endpoint} header X-Trace`,
      ],
    ],
    [
      'an alternative',
      get('1'),
      { status: 404 },
      [...base, `response ${endpoint} 404`, `rule ${endpoint}: maybe`],
    ],
    [
      'a rule of a security scheme',
      { call: 'GET /things/1' },
      { status: 401 },
      [...base, `response ${endpoint} 401`, `rule ${endpoint}: no-session`],
    ],
    [
      'no operation where the server fails, but the response of the range',
      get('1'),
      { status: 503 },
      [`parameter ${endpoint} path id`, `response ${endpoint} 5XX`],
    ],
    ['no response that is not documented', get('1'), { status: 418 }, base],
    [
      'a parameter of the query',
      get('1?list=a&list=b'),
      { status: 418 },
      [...base, `parameter ${endpoint} query list`],
    ],
    [
      'a parameter of the query that is empty',
      get('1?list='),
      { status: 418 },
      [...base, `parameter ${endpoint} query list`],
    ],
    [
      'a parameter that is an object',
      get('1?filter%5Ba%5D=1'),
      { status: 418 },
      [...base, `parameter ${endpoint} query filter`],
    ],
    ['no parameter of another name', get('1?lists=a', [['trace', 'x']]), { status: 418 }, base],
    [
      'a cookie',
      get('1', [['cookie', 'a=b; crumb=c']]),
      { status: 418 },
      [...base, `parameter ${endpoint} cookie crumb`],
    ],
    ['no cookie of another name', get('1', [['cookie', 'crumbs=c']]), { status: 418 }, base],
    [
      'the scheme whose credential is accepted',
      { call: 'GET /things/1?key=K' },
      { status: 204 },
      [...base, 'security-scheme key'],
    ],
    ['no scheme whose credential is not', get('1'), { status: 401 }, [...base, `response ${endpoint} 401`]],
    ['no scheme where a refused credential succeeds', { call: 'GET /things/1?key=X' }, { status: 204 }, base],
    [
      'the operation without anything else',
      { call: 'POST /plain' },
      { status: 200 },
      ['operation POST /plain', 'response POST /plain 200'],
    ],
  ])('%s', ([, request, answer, items]) => {
    expect(exercised([[request, answer]])).toEqual(of(...items));
  });

  test('nothing when there is no response', () => {
    const tally = createTally(contract);
    const { situation } = judging(contract).place({ call: 'POST /plain' });
    tally.take({
      contract,
      operation: situation.operation,
      request: requestOf({ call: 'POST /plain' }),
      outcome: { kind: 'failure', failure: 'reset', why: 'closed', faults: [], partial: undefined },
      response: undefined,
      body: undefined,
      startedAt: 0,
      milliseconds: 0,
      situation,
      judgement: { kind: 'silent' },
      secrets: [],
      clockMoved: false,
    });
    expect(tally.result(new Map()).coverage.map(({ exercised: some }) => some)).not.toContain(1);
  });

  test('no more when it comes twice', () => {
    const plain = [{ call: 'POST /plain' }, { status: 200 }] as const;
    expect(exercised([plain, plain])).toEqual(['operation POST /plain', 'response POST /plain 200']);
  });
});

describe('what was not exercised', () => {
  const reasonsOf = (given: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> =>
    new Map(
      createTally(contract)
        .result(given)
        .notExercised.map(({ kind, what, reason }) => [`${kind} ${what}`, reason]),
    );
  test.for<[item: string, reason: string]>([
    [`operation ${endpoint}`, 'no request came to it'],
    [`response ${endpoint} 200`, 'the server did not answer so'],
    [`response ${endpoint} 401`, 'the server did not answer so'],
    [`response ${endpoint} 404`, 'whether it is given is the server’s choice'],
    [`response ${endpoint} 5XX`, 'no rule of the contract leads there'],
    [`example ${endpoint} 200#one`, 'the server did not answer so'],
    [`rule ${endpoint}: shown`, 'no sequence of calls led there'],
    [`rule ${endpoint}: no-session`, 'no sequence of calls led there'],
    [`rule ${endpoint}: maybe`, 'whether it is made is the server’s choice'],
    [`parameter ${endpoint} cookie crumb`, 'no request came to it'],
    ['security-scheme key', 'no request came to it'],
    ['response POST /plain 200', 'the server did not answer so'],
  ])('%s: %s', ([item, reason]) => {
    expect(reasonsOf().get(item)).toBe(reason);
  });

  test('has the reason of the workflow that was about it', () => {
    const given = new Map([
      [`rule ${endpoint}: maybe`, 'needs an otp'],
      ['rule other', 'none'],
    ]);
    expect(reasonsOf(given).get(`rule ${endpoint}: maybe`)).toBe('needs an otp');
    expect(reasonsOf(given).get(`rule ${endpoint}: shown`)).toBe('no sequence of calls led there');
  });

  test('names its operation', () => {
    const { notExercised } = createTally(contract).result(new Map());
    const [get, post] = contract.operations.map(({ id }) => id);
    expect(notExercised.find(({ what }) => what === endpoint)?.operation).toBe(get);
    expect(notExercised.find(({ what }) => what === 'POST /plain')?.operation).toBe(post);
  });
});

test('of no operations there is nothing to exercise', () => {
  expect(createTally(contract, []).result(new Map())).toEqual({ coverage: [], notExercised: [] });
});
