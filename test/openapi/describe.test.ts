/** The ledger of any contract: rules in plain words, what leads where, what is inferred, decisions and gaps. */

import { describe, expect, test } from 'vitest';
import { describeContract } from '../../openapi/describe/describe.js';
import { splitDescription } from '../../openapi/describe/describe-records.js';
import { ruleText } from '../../openapi/describe/describe-rule.js';
import { code, valueText } from '../../openapi/describe/describe-value.js';
import type { Description } from '../../openapi/describe/description.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import type { LoadOptions } from '../../openapi/load.js';
import { contractOf, type Files } from './folders.js';

const described = async (files: Files, options?: LoadOptions): Promise<Description> =>
  describeContract(await contractOf(files, options), []);

const head = "openapi: 3.1.1\ninfo: { title: T, version: '1' }\n";

describe('a condition in words', () => {
  const cases: readonly (readonly [condition: JsonObject, words: string])[] = [
    [{ present: '$request.header.Accept' }, 'the header `Accept` is there'],
    [{ absent: '$request.query.page' }, 'the query parameter `page` is absent'],
    [{ not: { present: '$request.path.id' } }, 'the path parameter `id` is absent'],
    [{ not: { absent: '$credential' } }, 'the credential is there'],
    [{ value: '$request.body#/action', equals: 'send' }, '`action` of the body is `"send"`'],
    [{ not: { value: '$request.body#/a/b', equals: null } }, '`a.b` of the body is not `null`'],
    [{ not: { not: { value: '$method', equals: 'GET' } } }, 'the method is `"GET"`'],
    [
      { in: 'otps', key: '$request.body#/phone', where: { code: '$request.body#/otp' }, as: 'otp' },
      '`otps` has a living entry for `phone` of the body whose `code` is `otp` of the body, here called *otp*',
    ],
    [{ in: 'otps', key: '$url', expired: true }, '`otps` has an expired entry for the URL'],
    [
      { not: { in: 'otps', key: ['$state.a', '$state.b#/c'] } },
      '`otps` has no living entry for *a* and `c` of *b*',
    ],
    [{ in: 'otps', key: '$url', some: 1 }, '`otps` has a living entry for the URL (`some`: `1`)'],
    [{ unheard: 1 }, '`{"unheard":1}`'],
    [{ not: { unheard: 1 } }, '`{"not":{"unheard":1}}`'],
  ];
  test.each(cases)('%j', (condition, words) => {
    expect(ruleText({ response: '200', guard: [condition] }).when).toEqual([words]);
  });
});

describe('a value in words', () => {
  const cases: readonly (readonly [value: Json, words: string])[] = [
    ['text', '`"text"`'],
    [4.5, '`4.5`'],
    ['$statusCode', 'the status'],
    ['$response.header.Location', 'the header `Location` of the answer'],
    ['$response.body', 'the answer'],
    ['$no expression', '`$no expression`'],
    [[], 'an empty list'],
    [['$url', 1], 'a list of the URL and `1`'],
    [{}, 'an empty record'],
    [{ a: [1, { b: 2 }] }, '`{"a":[1,{"b":2}]}`'],
    [{ a: '$url', b: 1 }, 'a record (`a` is the URL; `b` is `1`)'],
    [
      { x: 1, name: '$state.user#/name', age: '$state.user#/age', id: '$request.body#/id' },
      'a record (`x` is `1`; `name` and `age` are those of *user*; `id` is that of the body)',
    ],
    [{ $first: ['$request.body#/a', ''] }, 'the first that is there of `a` of the body and `""`'],
    [{ $sum: ['$state.post#/likes', 1] }, 'the sum of `likes` of *post* and `1`'],
    [{ $merge: ['$state.post', { a: '$url' }] }, '*post*, overlaid with a record (`a` is the URL)'],
    [
      { $pick: '$state.user', like: '$request.body', nulls: false },
      'those members of *user* that the body has too, but for those that are null',
    ],
    [{ $generate: '#/components/schemas/Otp' }, 'a new `Otp`'],
    [{ $generate: { $ref: '#/components/schemas/Otp' } }, 'a new `Otp`'],
    [{ $generate: { type: 'string', format: 'uuid' } }, 'a new string (uuid)'],
    [{ $generate: {} }, 'a new value'],
    [
      { $generate: '#/a/Id', example: '$state.a', unlike: 'users', with: { sub: '$url' } },
      '*a*, or else a new `Id` whose `sub` is the URL that is no key of `users` yet',
    ],
    [
      {
        $entries: 'posts',
        member: 'shown',
        where: { a: 1 },
        filter: { b: '$request.query.b' },
        reverse: true,
        limit: 10,
        as: 'post',
        each: '$state.post#/id',
      },
      '`shown` of the records of `posts` whose `a` is `1`, of these those whose `b` is the query parameter `b`, where that is given, the last first, limit `10`, each (*post*) as `id` of *post*',
    ],
    [{ $entries: 'posts', count: true, some: true }, 'the number of the records of `posts` (`some`: `true`)'],
    [{ $unheard: 1 }, '`{"$unheard":1}`'],
  ];
  test.each(cases)('%j', (value, words) => {
    expect(valueText(value)).toBe(words);
  });

  test('is a code span whatever is in it', () => {
    expect([code('a'), code('`'), code('a``b'), code('a\nb'), code(' ')]).toEqual([
      '`a`',
      '`` ` ``',
      '``` a``b ```',
      '`a b`',
      '`   `',
    ]);
  });
});

describe('an answer and its effects in words', () => {
  const cases: readonly (readonly [rule: JsonObject, answer: string])[] = [
    [{ response: '204' }, 'it answers `204`'],
    [
      { response: '200#a#b', content: { a: '$url' } },
      'it answers `200`, the example `a#b`, in which `a` is the URL',
    ],
    [{ response: '200', content: '$state.user' }, 'it answers `200`, overlaid with *user*'],
    [
      { response: '200', content: [], whole: true },
      'it answers `200`, and the content is exactly an empty list',
    ],
  ];
  test.each(cases)('%j', (rule, answer) => {
    expect(ruleText(rule).answer).toBe(answer);
  });

  const effects: readonly (readonly [effect: JsonObject, words: string])[] = [
    [{ put: 'a', key: '$url', value: {} }, '`a` gets an entry for the URL: an empty record'],
    [
      { put: 'a', key: '$url', value: '$state.a', lifetime: 'P1DT2H1M' },
      '`a` gets an entry for the URL: *a*, for 1 day, 2 hours and 1 minute',
    ],
    [
      { put: 'a', key: ['$url', '$state.n'], value: {}, times: '$request.body#/n', as: 'n' },
      '`a` gets an entry for the URL and *n*: an empty record, as often as `n` of the body says (*n* is the number of the time)',
    ],
    [{ remove: 'a', key: '$credential' }, '`a` loses its entry for the credential'],
    [{ send: 'sms', to: '$url', content: { otp: 1 } }, 'a message (sms) goes to the URL: `{"otp":1}`'],
    [{ unheard: 1 }, '`{"unheard":1}`'],
  ];
  test.each(effects)('%j', (effect, words) => {
    expect(ruleText({ response: '200', effects: [effect] }).effects).toEqual([words]);
  });

  test('name the values that are made before', () => {
    expect(ruleText({ response: '200', let: { id: { $generate: {} } } }).named).toEqual([
      '*id* is a new value',
    ]);
  });
});

describe('decisions in a description', () => {
  test('are the items of the section that is headed so', () => {
    const text =
      'Before.\n\n## Decisions\n\nA word.\n\n- **One.** It is\n  one.\n- **Two** is two.\n* No title.\n\n## After\n\nText.';
    expect(splitDescription(text)).toEqual({
      description: 'Before.\n\n## After\n\nText.',
      preface: 'A word.',
      decisions: [
        { about: 'One', sources: [], decided: 'It is one.', reason: undefined },
        { about: 'Two', sources: [], decided: 'is two.', reason: undefined },
        { about: undefined, sources: [], decided: 'No title.', reason: undefined },
      ],
    });
  });

  test('end with the next heading of the same height, not with a lower one', () => {
    const { decisions, description } = splitDescription('# Decisions\n- a\n## Lower\n- b\n# Next\n- c');
    expect(decisions.map(({ decided }) => decided)).toEqual(['a ## Lower', 'b']);
    expect(description).toBe('# Next\n- c');
  });

  test('are none in a fence, and none where there is no such section', () => {
    const fenced = '```\n## Decisions\n- a\n```';
    expect(splitDescription(fenced)).toMatchObject({ description: fenced, decisions: [] });
    expect(splitDescription('')).toEqual({ description: undefined, preface: undefined, decisions: [] });
  });
});

describe('the records of a contract', () => {
  test('are its decisions and what was not seen', async () => {
    const { decisions, unseen } = await described({
      'openapi.yaml': `${head}paths: {}
x-decisions:
  - about: One
    sources: [{ source: 'https://a.example/b', says: this }, { source: 'https://a.example/c' }]
    decided: It is one.
    reason: Why not.
x-unseen:
  - { what: A page, source: 'https://a.example/d', reason: It is gone. }
  - { what: Another, reason: Nobody knows. }
`,
    });
    expect(decisions).toEqual([
      {
        about: 'One',
        sources: [
          { source: 'https://a.example/b', says: 'this' },
          { source: 'https://a.example/c', says: undefined },
        ],
        decided: 'It is one.',
        reason: 'Why not.',
      },
    ]);
    expect(unseen).toEqual([
      { what: 'A page', source: 'https://a.example/d', reason: 'It is gone.' },
      { what: 'Another', source: undefined, reason: 'Nobody knows.' },
    ]);
  });
});

/** Every way in which a response may be reached, and the ways in which none may. */
const reaching = `${head}
x-state: { things: {} }
security: [{ key: [] }]
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: {} } } }
      responses:
        '200':
          description: ok
          content:
            application/json:
              examples:
                first: { value: 1 }
                second: { value: 2, x-unreached: Nobody says when. }
                third: { value: 3, x-repaired: A comma was missing. }
        '401': { description: who }
        '404': { description: not there, x-unreached: It is always there. }
        '409': { description: not now }
        '415': { description: not this }
        '422': { description: not so }
        '500': { description: oh }
      x-transitions:
        - { name: always, response: '200' }
        - { name: never, guard: [{ in: things, key: $credential }], response: 200#third }
    get:
      security: []
      responses:
        '204': { description: nothing }
        '200': { description: ok, content: { application/json: { example: 1 } } }
        '400': { description: wrong }
        '401': { description: who }
components:
  securitySchemes:
    key:
      type: apiKey
      in: query
      name: k
      x-transitions:
        - { name: missing, guard: [{ absent: $credential }], response: '401' }
`;

describe('what leads to an answer', () => {
  test('is a rule, a situation, or nothing', async () => {
    const { operations } = await described({ 'openapi.yaml': reaching });
    const reached = operations.map(({ id, responses }) => [
      id,
      responses.map(({ status, reached: { kind, ...rest } }) => [status, kind, ...Object.values(rest)]),
    ]);
    expect(reached).toEqual([
      [
        'GET /a',
        [
          ['200', 'situation', 'no rule speaks of the operation'],
          ['204', 'nothing', undefined],
          ['400', 'nothing', undefined],
          ['401', 'nothing', undefined],
        ],
      ],
      [
        'POST /a',
        [
          ['200', 'rules', ['always', 'never']],
          ['401', 'rules', ['key: missing']],
          ['404', 'nothing', 'It is always there.'],
          ['409', 'nothing', undefined],
          ['415', 'situation', 'the content is of another media type'],
          ['422', 'situation', 'the request breaks its description'],
          ['500', 'nothing', undefined],
        ],
      ],
    ]);
  });

  test('is told of each example, and of those that nothing leads to with the reason', async () => {
    const { operations, unreached, repaired } = await described({ 'openapi.yaml': reaching });
    const post = operations.find(({ method }) => method === 'POST');
    expect(post?.responses[0]?.examples.map(({ name, reached }) => [name, reached?.kind])).toEqual([
      ['first', 'rules'],
      ['second', 'nothing'],
      ['third', 'rules'],
    ]);
    expect(unreached.filter(({ operation }) => operation === 'POST /a')).toEqual([
      { operation: 'POST /a', status: '200', example: 'second', reason: 'Nobody says when.' },
      { operation: 'POST /a', status: '404', example: undefined, reason: 'It is always there.' },
      { operation: 'POST /a', status: '409', example: undefined, reason: undefined },
      { operation: 'POST /a', status: '500', example: undefined, reason: undefined },
    ]);
    expect(repaired).toEqual([
      { operation: 'POST /a', example: '200#third', repaired: 'A comma was missing.' },
    ]);
  });
});

describe('what a statement rests on', () => {
  const files: Files = {
    'openapi.yaml': `${head}
servers: [{ url: 'https://a.example', x-provenance: inferred, x-reason: A client says so. }]
paths:
  /a:
    get:
      operationId: a
      x-source: https://a.example/page
      parameters:
        - { name: p, in: query, schema: { type: string, x-provenance: inferred, x-reason: Seen in use. } }
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: { $ref: 'schemas.yaml#/Thing' }
              examples:
                own: { value: {}, x-source: 'https://a.example/other' }
                inherited: { value: {} }
                guessed: { value: {}, x-provenance: inferred, x-reason: Like the others. }
        default: { description: bad, x-provenance: inferred, x-reason: There must be one. }
`,
    'schemas.yaml': `Thing:
  type: object
  properties:
    id: { type: string, pattern: '^a', x-provenance: inferred, x-reason: All begin so. }
`,
  };

  test('is its own page, else that of what it stands in', async () => {
    const { operations } = await described(files);
    const [operation] = operations;
    expect(operation?.sources).toEqual(['https://a.example/page', 'https://a.example/other']);
    expect(operation?.responses[0]?.examples.map(({ basis }) => Object.values(basis))).toEqual([
      ['documented', 'https://a.example/other'],
      ['documented', 'https://a.example/page'],
      ['inferred', 'Like the others.'],
    ]);
    expect(operation?.responses[1]?.basis).toEqual({ kind: 'inferred', reason: 'There must be one.' });
  });

  test('is a reason at every level, with what a schema states and who uses it', async () => {
    const { inferred } = await described(files);
    expect(inferred).toEqual([
      {
        kind: 'server',
        what: 'servers › 0',
        states: undefined,
        reason: 'A client says so.',
        usedBy: [],
        at: 'openapi.yaml#/servers/0',
      },
      expect.objectContaining({ kind: 'response', what: 'a › responses › default', usedBy: ['a'] }),
      expect.objectContaining({
        kind: 'schema',
        what: 'a › parameters › p › schema',
        states: { type: 'string' },
      }),
      expect.objectContaining({ kind: 'example', reason: 'Like the others.' }),
      {
        kind: 'schema',
        what: 'Thing › properties › id',
        states: { type: 'string', pattern: '^a' },
        reason: 'All begin so.',
        usedBy: ['a'],
        at: 'schemas.yaml#/Thing/properties/id',
      },
    ]);
  });

  test('is counted', async () => {
    const { totals } = await described(files);
    expect(totals.map(({ what, documented, inferred }) => `${what} ${documented}/${inferred}`)).toEqual([
      'operations 1/0',
      'responses 1/1',
      'examples 2/1',
      'rules 0/0',
      'security schemes 0/0',
      'workflows 0/0',
    ]);
  });
});

describe('a contract that says nothing about itself', () => {
  test('is described all the same, with the rules that are concluded for its resources', async () => {
    const files: Files = {
      'openapi.yaml': `${head}
paths:
  /things:
    post:
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses:
        '201':
          description: made
          content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: string } } } } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: object } } } } } }
`,
    };
    const { operations, collections, inferred } = await described(files);
    expect(operations.map(({ id, rules }) => [id, rules.length > 0])).toEqual([
      ['POST /things', true],
      ['GET /things/{id}', true],
    ]);
    expect(operations.flatMap(({ rules }) => rules).every(({ basis }) => basis.kind === 'inferred')).toBe(
      true,
    );
    expect(collections.length).toBeGreaterThan(0);
    expect(inferred.length).toBeGreaterThan(0);
    const without = await described(files, { inferredRules: false });
    expect(without.operations.flatMap(({ rules }) => rules)).toEqual([]);
  });

  test('is described without any path', async () => {
    expect(await described({ 'openapi.yaml': `${head}paths: {}` })).toMatchObject({
      operations: [],
      sources: [],
    });
  });
});
