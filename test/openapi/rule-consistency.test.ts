/** What is said about state rules that are misshapen, or that name what the contract does not have. */

import { describe, expect, test } from 'vitest';
import { complaintsOf, head } from './folders.js';

/** A document whose one operation has these rules: they begin at line 15, column 9; the state, if any, is line 3. */
const document = (rules: string, state = 'x-state: { things: {} }'): string => `${head}${state}
paths:
  /a:
    post:
      responses:
        '200':
          description: done
          content:
            application/json: { examples: { one: { value: 1 }, two: { value: 2 } } }
            text/plain: { example: three }
        '404': { description: none }
      x-transitions:
${rules.replace(/^(?=.)/gm, '        ')}
`;

const guarded = (condition: string): string => `- { name: a, response: '200', guard: [${condition}] }`;
const leaving = (effect: string): string => `- { name: a, response: '200', effects: [${effect}] }`;
const answering = (content: string): string => `- { name: a, response: '200', content: ${content} }`;

const expressions =
  'Use $request.body#/…, $request.header.…, $response.body#/…, $state.NAME#/… or $credential.';
const conditions =
  'Write one with "present", with "absent", with "value" and "equals", with "in" and "key", or with "not".';
const effects =
  'Write one with "put", "key" and "value", with "remove" and "key", or with "send", "to" and "content".';

type Case = readonly [what: string, rules: string, complaints: readonly string[], state?: string];

const cases: readonly Case[] = [
  ['rules that are no list', 'name: a', ['14:7: "x-transitions" must be an array. Correct it.']],
  [
    'a rule without name and response',
    '- {}',
    [
      '15:11: "x-transitions[0]" has no "name". Add it.',
      '15:11: "x-transitions[0]" has no "response". Add it.',
    ],
  ],
  [
    'an unknown field',
    "- name: a\n  gaurd: []\n  response: '200'",
    ['16:11: "x-transitions[0]" has an unknown field "gaurd". Check its spelling, or remove it.'],
  ],
  [
    'a name of two words',
    "- { name: a b, response: '200' }",
    ['15:13: "a b" is not a valid name. Use letters, digits, "-" and "_" only.'],
  ],
  [
    'a response that is no status',
    '- { name: a, response: ok }',
    [
      '15:22: "ok" names no response. Write a status and, after #, the name of an example: "200" or "200#name".',
    ],
  ],
  [
    'a response that is a number',
    '- { name: a, response: 200 }',
    ['15:22: "response" must be a string. Put it in quotes.'],
  ],
  [
    'a response that is not documented',
    "- { name: a, response: '201' }",
    ['15:22: POST /a documents no response 201. Document it, or use one of: 200, 404.'],
  ],
  [
    'an example that is not documented',
    "- { name: a, response: '200#four' }",
    ['15:22: the response 200 of POST /a has no example "four". Add it, or use one of: one, two, example.'],
  ],
  [
    'an example of a response that has none',
    "- { name: a, response: '404#four' }",
    ['15:22: the response 404 of POST /a has no example "four". Add it.'],
  ],
  [
    'two rules of one name',
    "- { name: a, response: '200' }\n- { name: b, response: '200' }\n- { name: a, response: '404' }",
    ['17:13: the name "a" is taken by another rule. Choose another.'],
  ],
  [
    'an unknown collection',
    "- name: a\n  response: '200'\n  guard:\n    - { in: thngs, key: x }\n    - not: { in: thing, key: x }\n  effects:\n    - { put: thin, key: x, value: 1 }\n    - { remove: thi, key: x }",
    ['18:17 thngs', '19:22 thing', '21:17 thin', '22:17 thi'].map((line) => {
      const [at, name] = line.split(' ');
      return `${at}: there is no collection "${name}". Add it to x-state, or use one of: things.`;
    }),
  ],
  [
    'a collection without any state',
    guarded('{ in: things, key: x }'),
    ['15:49: there is no collection "things". Add it to x-state.'],
    'tags: []',
  ],
  [
    'a condition of no form',
    guarded('{ foo: 1 }'),
    [`15:47: "guard[0]" fits none of the forms of a condition. ${conditions}`],
  ],
  [
    'an empty condition',
    guarded('{}'),
    [`15:47: "guard[0]" fits none of the forms of a condition. ${conditions}`],
  ],
  [
    'the negation of no form',
    guarded('{ not: { foo: 1 } }'),
    [`15:49: "not" fits none of the forms of a condition. ${conditions}`],
  ],
  ['a condition that is text', guarded('foo'), ['15:47: "guard[0]" must be an object. Correct it.']],
  [
    'a condition of two forms',
    guarded('{ absent: $url, present: $url }'),
    ['15:49: "guard[0]" has an unknown field "absent". Check its spelling, or remove it.'],
  ],
  [
    'an entry with a member too many',
    guarded('{ in: things, key: x, wher: {} }'),
    ['15:69: "guard[0]" has an unknown field "wher". Check its spelling, or remove it.'],
  ],
  ['an entry without a key', guarded('{ in: things }'), ['15:47: "guard[0]" has no "key". Add it.']],
  ['an entry without a collection', guarded('{ key: x }'), ['15:47: "guard[0]" has no "in". Add it.']],
  ['a value that equals nothing', guarded('{ value: $url }'), ['15:47: "guard[0]" has no "equals". Add it.']],
  ['nothing that equals a value', guarded('{ equals: 1 }'), ['15:47: "guard[0]" has no "value". Add it.']],
  [
    'a key that is a number',
    guarded('{ in: things, key: 5 }'),
    ['15:61: "key" must be a string. Put it in quotes.'],
  ],
  [
    'an effect of no form',
    leaving('{ key: x }'),
    [`15:49: "effects[0]" fits none of the forms of an effect. ${effects}`],
  ],
  [
    'a put without a value',
    leaving('{ put: things, key: x }'),
    ['15:49: "effects[0]" has no "value". Add it.'],
  ],
  ['a removal without a key', leaving('{ remove: things }'), ['15:49: "effects[0]" has no "key". Add it.']],
  ['a message to nobody', leaving('{ send: sms, content: 1 }'), ['15:49: "effects[0]" has no "to". Add it.']],
  [
    'a message by fax',
    leaving('{ send: fax, to: x, content: 1 }'),
    ['15:51: "send" must be "sms" or "email". Correct it.'],
  ],
  ...['10 minutes', 'P', '-PT5S', 'PT0.5S', 'P1DT'].map(
    (lifetime): Case => [
      `a lifetime of ${lifetime}`,
      leaving(`{ put: things, key: x, value: 1, lifetime: ${lifetime} }`),
      [`15:82: "${lifetime}" is not a duration. Write ISO 8601, for example PT10M.`],
    ],
  ),
  ...[
    '$request',
    '$request.bdy',
    '$request.body#id',
    '$request.header.',
    '$response.cookie.a',
    '$state',
    '$state.a b',
    '$inputs.a',
    '$',
  ].map(
    (expression): Case => [
      `the expression ${expression}`,
      answering(`{ a: [{ b: ${expression} }] }`),
      [`15:56: "${expression}" is not a runtime expression. ${expressions}`],
    ],
  ),
  [
    'an expression without its sign',
    guarded('{ present: request.body }'),
    [`15:49: "request.body" is not a runtime expression. ${expressions}`],
  ],
  [
    'a value that nothing is named by',
    "- name: a\n  response: '200'\n  guard:\n    - { in: things, key: x, as: thing }\n    - not: { in: things, key: x, as: other }\n  let: { made: $state.thing, more: { $first: [$state.made, $state.other] } }\n  content: { deep: [$state.more, $state.none#/a] }",
    [
      '20:68: nothing in this rule is named "other". Name it in "let" or by the "as" of a condition, or use one of: thing, made, more.',
      '21:42: nothing in this rule is named "none". Name it in "let" or by the "as" of a condition, or use one of: thing, made, more.',
    ],
  ],
  [
    'a schema to generate from that is not there',
    answering("{ $generate: '#/components/schemas/A' }"),
    [
      '15:50: the reference "#/components/schemas/A" leads nowhere. Check its spelling, or add what it names.',
    ],
  ],
  [
    'a schema to generate from that is none',
    answering('{ a: { $generate: { type: strin } } }'),
    [
      '15:68: "type" must be one of "array", "boolean", "integer", "null", "number", "object", "string". Correct it.',
    ],
  ],
  [
    'what is generated with a member too many',
    answering('{ $generate: { type: string }, wth: 1 }'),
    ['15:79: "content" has an unknown field "wth". Check its spelling, or remove it.'],
  ],
  ['the first of nothing', answering('{ $first: [] }'), ['15:50: "$first" must not be empty. Correct it.']],
  [
    'inferred without a reason',
    "- { name: a, response: '200', x-provenance: inferred }",
    ['15:11: "x-transitions[0]" is inferred, and no "x-reason" says from what. Add it.'],
  ],
  [
    'inferred with an empty reason',
    "- { name: a, response: '200', x-provenance: inferred, x-reason: '' }",
    ['15:63: "x-reason" must not be empty. Correct it.'],
  ],
  [
    'an unknown provenance',
    "- { name: a, response: '200', x-provenance: guessed }",
    ['15:39: "x-provenance" must be "documented" or "inferred". Correct it.'],
  ],
  [
    'a source that is no address',
    "- { name: a, response: '200', x-source: page 4 }",
    ['15:39: "page 4" is not the address of a page. Write a whole URL.'],
  ],
  [
    'a state that is no object',
    "- { name: a, response: '200' }",
    ['3:1: "x-state" must be an object. Correct it.'],
    'x-state: []',
  ],
  [
    'a collection of two words',
    "- { name: a, response: '200' }",
    ['3:12: "a b" in "x-state" is not a valid name. Use letters, digits, ".", "-" and "_" only.'],
    "x-state: { 'a b': {} }",
  ],
  [
    'a collection that is a list',
    "- { name: a, response: '200' }",
    ['3:12: "a" must be an object. Correct it.'],
    'x-state: { a: [] }',
  ],
  [
    'a record with a wrong expression',
    "- { name: a, response: '200' }",
    [`3:22: "$foo" is not a runtime expression. ${expressions}`],
    'x-state: { a: { k: { b: $foo } } }',
  ],
  [
    'several rules at once',
    "- name: a b\n  response: ok\n- name: c\n  response: '200'\n  guard: [{ foo: 1 }]\n  effects:\n    - { put: things, key: x, value: $foo, lifetime: soon }\n    - { remove: things }",
    [
      '15:11: "a b" is not a valid name. Use letters, digits, "-" and "_" only.',
      '16:11: "ok" names no response. Write a status and, after #, the name of an example: "200" or "200#name".',
      `19:19: "guard[0]" fits none of the forms of a condition. ${conditions}`,
      `21:38: "$foo" is not a runtime expression. ${expressions}`,
      '21:51: "soon" is not a duration. Write ISO 8601, for example PT10M.',
      '22:15: "effects[1]" has no "key". Add it.',
    ],
  ],
];

describe('of a rule it is said', () => {
  const named = cases.map(([what, rules, complaints, state]) => ({ what, rules, complaints, state }));

  test.each(named)('$what', async ({ rules, complaints, state }) => {
    const lines = await complaintsOf({ 'api.yaml': document(rules, state) });
    expect(lines.map((line) => line.replace(/^api\.yaml:/, ''))).toEqual(complaints);
  });
});

describe('nothing is said of', () => {
  test.each<[what: string, rules: string]>([
    ['no rules', '[]'],
    [
      'every form of condition',
      guarded(
        '{ present: $url }, { absent: $method }, { value: $statusCode, equals: [1] }, { in: things, key: $request.path.id, where: { a: $request.query.a }, expired: true, as: t }, { not: { absent: $credential } }',
      ),
    ],
    [
      'every form of effect',
      leaving(
        '{ put: things, key: x, value: {}, lifetime: P1DT1H }, { remove: things, key: $response.header.Location }, { send: email, to: [x], content: $response.body }',
      ),
    ],
    ['the single example of a media type', "- { name: a, response: '200#example' }"],
    ['a schema that holds what looks like an expression', answering('{ $generate: { const: $state.none } }')],
    [
      'members that are called like those of a rule',
      "- { name: a, response: '200', let: { t: { name: $state.u, in: nowhere, response: $state.u } , u: 1 } }",
    ],
    [
      'rules marked in every way',
      "- { name: a, response: '404', alternative: true, unspecified: true, description: d, x-provenance: documented, x-source: 'https://example.com/' }",
    ],
  ])('%s', async (_, rules) => {
    expect(await complaintsOf({ 'api.yaml': document(rules) })).toEqual([]);
  });
});

describe('the rejections of a security scheme', () => {
  const secured = (rules: string): string => `${head}paths:
  /a: { get: { responses: { '200': { description: done }, '401': { description: no } } } }
  /b: { get: { responses: { '200': { description: done } } } }
  /c: { get: { security: [], responses: { '200': { description: done } } } }
security: [{ token: [] }]
components:
  securitySchemes:
    token: { type: http, scheme: bearer, x-transitions: [${rules}] }
`;

  test('name responses that each operation has which uses it', async () => {
    const rules = "{ name: missing, response: '401', guard: [{ absent: $credential }] }";
    expect(await complaintsOf({ 'api.yaml': secured(rules) })).toEqual([
      'api.yaml:10:75: GET /b documents no response 401. Document it, or use one of: 200.',
    ]);
  });

  test('are looked at once, however many operations use it', async () => {
    const rules = "{ name: a, response: '200', guard: [{ in: gone, key: x }] }, { name: a, response: '200' }";
    expect(await complaintsOf({ 'api.yaml': secured(rules) })).toEqual([
      'api.yaml:10:96: there is no collection "gone". Add it to x-state.',
      'api.yaml:10:121: the name "a" is taken by another rule. Choose another.',
    ]);
  });

  test('are looked at when no operation uses it', async () => {
    const rules = '{ name: a, response: nothing }';
    expect(
      await complaintsOf({ 'api.yaml': secured(rules).replace('security: [{ token: [] }]', 'security: []') }),
    ).toEqual([
      'api.yaml:10:69: "nothing" names no response. Write a status and, after #, the name of an example: "200" or "200#name".',
    ]);
  });
});
