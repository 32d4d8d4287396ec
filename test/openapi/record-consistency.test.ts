/** What can be wrong with the records of a contract, and how it is told. */

import { describe, expect, test } from 'vitest';
import { complaintsOf, head } from './folders.js';

const page = 'https://a.example/page';

type Case = readonly [name: string, lines: string, complaints: readonly string[]];

const cases: readonly Case[] = [
  [
    'what is right',
    `x-decisions: [{ about: a, decided: b, reason: c, sources: [{ source: '${page}', says: d }] }]
x-unseen: [{ what: a, reason: b, source: '${page}' }]`,
    [],
  ],
  ['no list', 'x-decisions: { about: a }', ['openapi.yaml:4:1: "x-decisions" must be an array. Correct it.']],
  [
    'a decision that decides nothing',
    'x-decisions: [{ about: a }]',
    ['openapi.yaml:4:15: "x-decisions[0]" has no "decided". Add it.'],
  ],
  [
    'a page that is none',
    'x-unseen: [{ what: a, reason: b, source: nowhere }]',
    ['openapi.yaml:4:34: "nowhere" is not the address of a page. Write a whole URL.'],
  ],
  [
    'a misspelt member',
    'x-unseen: [{ what: a, reasn: b, reason: c }]',
    ['openapi.yaml:4:23: "x-unseen[0]" has an unknown field "reasn". Check its spelling, or remove it.'],
  ],
];

describe('the records of a contract', () => {
  test.each(cases)('%s', async (_, lines, complaints) => {
    expect(await complaintsOf({ 'openapi.yaml': `${head}paths: {}\n${lines}\n` })).toEqual(complaints);
  });

  test('are texts where they stand beside an example or a response', async () => {
    const lines = `paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          x-unreached: true
          content: { application/json: { examples: { a: { value: { x-repaired: 1 }, x-repaired: 2 } } } }
`;
    expect(await complaintsOf({ 'openapi.yaml': `${head}${lines}` })).toEqual([
      'openapi.yaml:9:11: "x-unreached" must be a text. Write a sentence.',
      'openapi.yaml:10:85: "x-repaired" must be a text. Write a sentence.',
    ]);
  });
});
