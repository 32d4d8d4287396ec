/** Criteria: which of them hold over an exchange, what is said of them, and which cannot be read. */

import { describe, expect, test } from 'vitest';
import { conditionMistake, criterionHolds, criterionInputs } from '../../openapi/arazzo/criterion.js';
import type { Criterion } from '../../openapi/arazzo/workflow.js';
import type { WorkflowScope } from '../../openapi/arazzo/workflow-expression.js';
import type { Json } from '../../openapi/json.js';

const none = () => undefined;

function scopeOf(body: Json | undefined, status = 200): WorkflowScope {
  return {
    inputs: { name: 'Sri', otp: "4'8", pattern: 'a.c', number: 3 },
    steps: { first: { token: 'abc', list: [1, 2], wanted: 1 } },
    workflows: {},
    outputs: {},
    exchange: {
      url: '/a',
      method: 'POST',
      request: { header: none, query: () => 'yes', path: none, body: { sent: 1 } },
      response: {
        status,
        header: (name) => ({ 'x-count': '12', 'x-done': 'True' })[name.toLowerCase()],
        query: none,
        path: none,
        body,
      },
      credential: undefined,
      state: {},
    },
  };
}

const pets = {
  message: 'Done',
  quote: "it's",
  total: 3,
  ok: true,
  off: false,
  zero: 0,
  empty: '',
  none: null,
  pets: [
    { name: 'Rex', tags: ['a'] },
    { name: 'Bo', tags: [] },
  ],
};

const criterion = (
  type: Criterion['type'],
  condition: string,
  context: string | undefined = undefined,
): Criterion => ({ type, condition, context, at: undefined });

const simple: readonly (readonly [condition: string, holds: boolean])[] = [
  ['$statusCode == 200', true],
  ['$statusCode==200', true],
  ['$statusCode != 200', false],
  ["$statusCode == '200'", true],
  ['$statusCode >= 200 && $statusCode < 300', true],
  ['$statusCode < 200 || $statusCode > 299', false],
  ['200 == $statusCode', true],
  ['2e2 == $statusCode', true],
  ['$statusCode > -1.5', true],
  ["$response.body#/message == 'Done'", true],
  ["$response.body#/message == 'dONE'", true],
  ["$response.body#/message != 'done'", false],
  ["$response.body#/message == 'Don'", false],
  ["$response.body#/quote == 'it''s'", true],
  ["$response.body#/message < 'E'", true],
  ["$response.body#/message > 'E'", false],
  ['$response.body#/message > 1', false],
  ['$response.body#/total == 3', true],
  ['$response.body#/total <= 2.99', false],
  ['$response.header.X-Count > 9', true],
  ['$response.header.X-Count == 12', true],
  ['$response.header.X-Done == true', true],
  ['$response.body#/ok', true],
  ['$response.body#/ok == true', true],
  ['!$response.body#/ok', false],
  ['!!$response.body#/ok', true],
  ['$response.body#/off', false],
  ['$response.body#/zero', false],
  ['$response.body#/empty', false],
  ['$response.body#/pets', true],
  ['$response.body#/none == null', true],
  ['$response.body#/absent == null', true],
  ['$response.body#/total != null', true],
  ['$response.body#/absent != null', false],
  ['$response.body#/absent < 1', false],
  ['$response.body#/zero == false', false],
  ['$response.body#/empty == null', false],
  ["$response.body#/pets/0/name == 'rex'", true],
  ["$response.body.pets[0].name == 'rex'", true],
  ["$response.body.pets[1]['name'] == 'bo'", true],
  ['$response.body#/pets[1].tags[0] == null', true],
  ['$steps.first.outputs.list[$steps.first.outputs.wanted] == 2', true],
  ['$response.body.pets[-1] == null', true],
  ["{$response.body#/message} == 'Done'", true],
  ['$steps.first.outputs.list == $steps.first.outputs.list', true],
  ['$response.body#/pets == $steps.first.outputs.list', false],
  ["$inputs.name == 'sri' && ($response.body#/off || $response.body#/ok)", true],
  ['$response.body#/ok || $response.body#/off && $response.body#/off', true],
  ['($response.body#/ok || $response.body#/off) && $response.body#/off', false],
  ['!($statusCode == 404)', true],
  ['!$response.body#/off == true', true],
  ['$request.body#/sent == 1', true],
  ["$request.query.x == 'yes'", true],
  ["$method == 'post' && $url == '/a'", true],
  ['true', true],
  ['null', false],
];

describe('a simple condition', () => {
  test.each(simple)('%s', (condition, holds) => {
    expect(criterionHolds(criterion('simple', condition), scopeOf(pets)).holds).toBe(holds);
  });

  test.each([
    ['$statusCode == 200', 404, '$statusCode == 200 does not hold: $statusCode is 404'],
    ['$statusCode == 200', 200, '$statusCode == 200 holds: $statusCode is 200'],
    [
      '$response.body#/message == $inputs.name',
      200,
      '$response.body#/message == $inputs.name does not hold: $response.body#/message is "Done", $inputs.name is "Sri"',
    ],
    ['$response.body#/x', 200, '$response.body#/x does not hold: $response.body#/x is not there'],
  ])('tells what %s was compared with', (condition, status, why) => {
    expect(criterionHolds(criterion('simple', condition), scopeOf(pets, status)).why).toBe(why);
  });

  test('does not tell all of a long value', () => {
    const { why } = criterionHolds(criterion('simple', '$response.body == 1'), scopeOf('x'.repeat(9999)));
    expect(why.length).toBeLessThan(300);
  });
});

const applied: readonly (readonly [Criterion['type'], condition: string, context: string, holds: boolean])[] =
  [
    ['regex', '^200$', '$statusCode', true],
    ['regex', '^2', '$statusCode', true],
    ['regex', '^Done$', '$response.body#/message', true],
    ['regex', '^done$', '$response.body#/message', false],
    ['regex', 'on', '$response.body#/message', true],
    ['regex', '^.*$', '$response.body#/absent', false],
    ['regex', '"total":3', '$response.body', true],
    ['regex', '^{$inputs.name}$', '$inputs.name', true],
    ['regex', '^{$inputs.pattern}$', '$steps.first.outputs.token', false],
    ['regex', '^{$inputs.absent}$', '$inputs.name', false],
    ['jsonpath', '$.message', '$response.body', true],
    ['jsonpath', '$.none', '$response.body', true],
    ['jsonpath', '$.absent', '$response.body', false],
    ['jsonpath', "$[?$.message == 'Done']", '$response.body', true],
    ['jsonpath', "$[?$.message == 'done']", '$response.body', false],
    ['jsonpath', '$[?$.total > 2 && $.ok == true]', '$response.body', true],
    ['jsonpath', '$.pets[?count(@.tags[*]) > 0]', '$response.body', true],
    ['jsonpath', '$[?length(@.tags) > 1]', '$response.body#/pets', false],
    ['jsonpath', "$..[?match(@.name, 'R.x')]", '$response.body', true],
    ['jsonpath', '$.pets[2]', '$response.body', false],
    ['jsonpath', "$[?@.name == '{$response.body#/pets/1/name}']", '$response.body#/pets', true],
    ['jsonpath', '$[?$.total == {$inputs.number}]', '$response.body', true],
    ['jsonpath', '$.a', '$statusCode', false],
    ['jsonpath', '$', '$response.body#/absent', false],
  ];

describe('a condition applied to a context', () => {
  test.each(applied)('%s %s of %s', (type, condition, context, holds) => {
    expect(criterionHolds(criterion(type, condition, context), scopeOf(pets)).holds).toBe(holds);
  });

  test('tells what the context was', () => {
    const { why } = criterionHolds(criterion('regex', '^ok$', '$response.body#/message'), scopeOf(pets));
    expect(why).toBe('^ok$ does not hold: $response.body#/message is "Done"');
  });

  test.each([`it's`, `a "b"`, '\\', "'] || $[?@"])('finds the text %s by JSONPath', (text) => {
    const scope = { ...scopeOf([{ name: text }, { name: 'other' }]), inputs: { text } };
    for (const quote of ["'", '"']) {
      const found = criterion('jsonpath', `$[?@.name == ${quote}{$inputs.text}${quote}]`, '$response.body');
      expect(criterionHolds(found, scope).holds).toBe(true);
      const other = { ...scope, inputs: { text: `${text}!` } };
      expect(criterionHolds(found, other).holds).toBe(false);
    }
  });

  test('nothing is thrown for content of any depth', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    for (const type of ['regex', 'jsonpath'] as const)
      expect(criterionHolds(criterion(type, '$..x', '$response.body'), scopeOf(deep)).holds).toBe(false);
    expect(criterionHolds(criterion('simple', '$response.body == 1'), scopeOf(deep)).holds).toBe(false);
  });

  test('nothing is thrown before there is a response', () => {
    const scope = { ...scopeOf(undefined), exchange: undefined };
    for (const each of [
      criterion('simple', '$statusCode == 200'),
      criterion('regex', '.', '$response.body'),
      criterion('jsonpath', '$', '$response.body'),
    ])
      expect(criterionHolds(each, scope).holds).toBe(false);
  });
});

describe('what is wrong with', () => {
  test.each([
    ['simple', '$statusCode = 200', '= is no operator', 'Compare with =='],
    [
      'simple',
      '$response.body#/a == done',
      'done is no literal',
      "Put texts in single quotes, for example 'done'",
    ],
    [
      'simple',
      '$response.body#/a == "done"',
      '"done" is no literal',
      "Put texts in single quotes, for example 'done'",
    ],
    ['simple', "$inputs.a == 'done", "no quote ends 'done", "Add ', and write a quote within as ''"],
    ['simple', '$statusCode ==', 'something is missing at the end', 'Add it'],
    ['simple', '', 'something is missing at the end', 'Add it'],
    ['simple', '== 200', 'a value is missing before "=="', 'Add it'],
    ['simple', '($statusCode == 200', 'a ")" is missing', 'Add it'],
    ['simple', '$response.body[0 == 1', 'a "]" is missing', 'Add it'],
    ['simple', '$statusCode == 200)', '")" is one too many', 'Remove it, or add an operator before it'],
    ['simple', '$statusCode 200', '"200" is one too many', 'Remove it, or add an operator before it'],
    [
      'simple',
      '200 <= $statusCode < 300',
      'two comparisons are chained',
      'Join them by && or ||, or group them by parentheses',
    ],
    ['simple', '$statusCode == 200 & true', '& cannot stand there', 'Remove it'],
    ['simple', '01 == 1', '01 is no literal', "Put texts in single quotes, for example 'done'"],
    ['regex', '(', '"(" is not a regular expression', 'Correct it'],
  ] as const)('the %s condition %s', (type, condition, what, fix) => {
    expect(conditionMistake(criterion(type, condition, '$response.body'))).toEqual({ what, fix });
  });

  test('an expression that is none', () => {
    expect(conditionMistake(criterion('simple', '$status == 200'))?.what).toBe(
      '"$status" is not a runtime expression',
    );
  });

  test.each(['$[', '$.a[?@.b = 1]', 'a.b', '', '$.a[?nope(@.b)]', '$.a[?length(@.b)]'])(
    'the JSONPath %s',
    (condition) => {
      expect(conditionMistake(criterion('jsonpath', condition, '$response.body'))?.what).toBe(
        `"${condition}" is not a JSONPath`,
      );
    },
  );

  test.each([
    ['simple', "$statusCode == 200 && ($inputs.a[0].b != 'x')"],
    ['regex', '^{$inputs.a}(x|y)$'],
    ['jsonpath', "$[?@.a == '{$inputs.a}' || @.b == {$inputs.b}]"],
  ] as const)('the %s condition %s is nothing', (type, condition) => {
    expect(conditionMistake(criterion(type, condition, '$response.body'))).toBeUndefined();
  });

  test('a condition that cannot be read does not hold', () => {
    expect(criterionHolds(criterion('simple', '1 = 1'), scopeOf({})).holds).toBe(false);
    expect(criterionHolds(criterion('regex', '(', '$statusCode'), scopeOf({})).holds).toBe(false);
    expect(criterionHolds(criterion('jsonpath', '$[', '$statusCode'), scopeOf({})).holds).toBe(false);
  });
});

test.each([
  [criterion('simple', '$inputs.a == $inputs.b.c'), ['a', 'b.c', 'b']],
  [criterion('regex', '^{$inputs.a}$', '$inputs.b'), ['b', 'a']],
  [criterion('jsonpath', '$[?@ == {$inputs.a}]', '$response.body'), ['a']],
  [criterion('simple', '1 = 1'), []],
])('the inputs that a criterion mentions: %j', (each, names) => {
  expect(criterionInputs(each)).toEqual(names);
});
