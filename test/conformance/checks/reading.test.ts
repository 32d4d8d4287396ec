/** What checks read in messages: names that stand twice, the inside of servers, keys, headers, members that nobody describes. */

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { duplicateMember } from '../../../conformance/checks/reading/json-text.js';
import { leaks } from '../../../conformance/checks/reading/leaks.js';
import { signedToken, signingKeyIn } from '../../../conformance/checks/reading/signing-key.js';
import { undescribedMembers } from '../../../conformance/checks/reading/undescribed.js';
import type { Target } from '../../../conformance/target.js';
import type { Json, JsonObject } from '../../../openapi/index.js';
import { contractOf } from '../../mock/contracts.js';
import { begun, responded, startRun } from '../exchanges.js';

describe('the first member whose name stands twice', () => {
  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":{"b":[0,{"c":1,"\\u0063":2}]}}', '/a/b/1/c'],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":{"a":{"a":1}}}', undefined],
    ['{"a":"a","b":["a","a"]}', undefined],
    ['{"a":"\\",\\"a\\":"}', undefined],
    ['{"a/b":1,"a/b":2}', '/a~1b'],
    ['{"":1,"":2}', '/'],
    ['[', undefined],
    ['no JSON, "a":1', undefined],
  ])('%s: %s', (text, pointer) => {
    expect(duplicateMember(text)).toBe(pointer);
  });

  it('is found in deep JSON without running out of stack', () => {
    expect(duplicateMember(`${'['.repeat(100_000)}{"a":1,"a":2}`)).toMatch(/\/a$/);
  });
});

const inside: readonly (readonly [what: string, text: string])[] = [
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
  ['the page of a debugger', '<title>x // Werkzeug Debugger</title>'],
  ['a stack trace of Python', 'Traceback (most recent call last):\n  File "/app/x.py", line 3, in f'],
  ['a stack trace of JavaScript', 'Error: x\n    at Object.<anonymous> (/srv/a.js:1:2)'],
  ['a stack trace of JavaScript', 'Error: x\n    at node:internal/process/task_queues:95:5'],
  ['a stack trace of JavaScript', 'at async f (file:///srv/a.mjs:1:2)'],
  ['a stack trace of Java', 'java.lang.X\n\tat com.example.A.b(A.java:17)'],
  ['a stack trace of PHP', 'PHP Fatal error:  Uncaught Error in /var/www/x.php on line 3'],
  ['a stack trace of Ruby', "/app/a.rb:3:in `b'"],
  ['a stack trace of Go', 'panic: runtime error: index out of range\n\ngoroutine 1 [running]:'],
  ['a stack trace of .NET', '   at A.B.C(String d) in C:\\src\\A.cs:line 12'],
  ['a stack trace of Rust', "thread 'main' panicked at src/main.rs:2:5"],
  ['a message of its database', 'psycopg2.errors.SyntaxError: syntax error at or near "x"'],
  ['a message of its database', 'SQLSTATE[23000]: Integrity constraint violation'],
  ['a message of its database', 'E11000 duplicate key error collection'],
  ['a statement of SQL', "SELECT id, name FROM users WHERE name = 'a'"],
  ['a statement of SQL', 'DELETE FROM users WHERE id = 1'],
  ['a path of its sources', 'cannot open /home/app/server.py'],
  ['a path of its sources', 'C:\\inetpub\\site\\Default.cs'],
];

describe('the inside of a server', () => {
  it.each(inside)('%s: %s', (what, text) => {
    expect(leaks.find(({ pattern }) => pattern.test(text))?.what).toBe(what);
  });

  it.each(['a', 'at ', '/home/', 'x.', 'File "', 'at a.b(', 'SELECT ', 'C:\\\\', '"', 'System.'])(
    'is looked for in a long text of %s without delay',
    async (part) => {
      const contract = await contractOf('long-text', { paths: {} });
      const content = new TextEncoder().encode(part.repeat(200_000 / part.length));
      const target: Target = async () =>
        responded({ status: 404, fields: [['content-type', 'text/plain']], content });
      const exchange = await startRun(contract, target).send({ call: 'GET /a' });
      const start = performance.now();
      begun()(exchange);
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );

  it.each([
    'Unexpected token } in JSON at position 12',
    'Please select a plan from the list where you are',
    'See https://example.com/home/docs/index.html',
    'No route at /api/v1/users:12:3',
    'Meet me at 10:30:00 (or later)',
    'The value at /items/0 must be a string',
    'Update your settings, then delete from the basket',
    'insert into the form what you know',
    'Not Found',
    'file "a.txt", line 3',
  ])('is not seen in: %s', (text) => {
    expect(leaks.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what)).toEqual([]);
  });
});

describe('the key that a token is signed with', () => {
  const key = Buffer.from('a key of thirty-two bytes length');
  const head = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}`;
  const token = `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;

  it.each([
    ['as it stands', key.toString()],
    ['in hexadecimal digits', key.toString('hex')],
    ['in Base64', key.toString('base64')],
  ])('is known %s', (_, text) => {
    expect(signingKeyIn(['another text', text], [signedToken(token)])).toBe(text);
  });

  it('is no other text', () => {
    const tokens = [token, 'no.token'].map(signedToken);
    expect(signingKeyIn(['another text', 'a key of thirty-two bytes lengtH', ''], tokens)).toBe(undefined);
  });
});

const person: JsonObject = { type: 'object', properties: { name: { type: 'string' } } };

describe('members that nobody describes', () => {
  it.each<[string, JsonObject, Json, readonly string[]]>([
    ['beside properties', person, { name: 'a', age: 1 }, ['/age']],
    ['not in an object without properties', { type: 'object' }, { age: 1 }, []],
    ['not where others are allowed', { ...person, additionalProperties: true }, { age: 1 }, []],
    ['not where a pattern names them', { ...person, patternProperties: { '^a': {} } }, { age: 1 }, []],
    [
      'in one part of allOf, described by the other',
      { allOf: [person, { properties: { age: {} } }] },
      { name: 'a', age: 1, x: 1 },
      ['/x'],
    ],
    [
      'by the alternative that fits',
      {
        oneOf: [
          { ...person, required: ['name'] },
          { properties: { age: {} }, required: ['age'] },
        ],
      },
      { age: 1, extra: 1 },
      ['/extra'],
    ],
    [
      'once for all items',
      { type: 'array', items: person },
      [{ a: 1 }, { a: 1 }, { b: 1 }],
      ['/0/a', '/2/b'],
    ],
    [
      'deep inside',
      { properties: { in: { properties: { p: person } } } },
      { in: { p: { 'a/b': 1 } } },
      ['/in/p/a~1b'],
    ],
    ['behind a reference', { $ref: '#/components/schemas/Person' }, { name: 'a', age: 1 }, ['/age']],
  ])('%s', async (name, schema, value, pointers) => {
    const contract = await contractOf(name.replaceAll(' ', '-'), {
      components: { schemas: { Person: person, Whole: schema } },
    });
    const at = { file: contract.files[0] ?? '', pointer: '/components/schemas/Whole' };
    expect(undescribedMembers(contract, at, value).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('the text of a header', () => {
  const integers = { type: 'array', items: { type: 'integer' } };
  it.each<[string, JsonObject, string, boolean]>([
    ['an integer', { type: 'integer' }, '7', true],
    ['an integer', { type: 'integer' }, '7.5', false],
    ['a text of digits', { type: 'string', pattern: '^\\d+$' }, '7', true],
    ['a boolean', { type: 'boolean' }, 'true', true],
    ['a boolean', { type: 'boolean' }, 'yes', false],
    ['a list', integers, '1, 2,3', true],
    ['a list', integers, '1,b', false],
    ['a list of one', integers, '1', true],
    [
      'an object',
      { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
      'a=1,b=2',
      true,
    ],
    ['a date', { type: 'string', format: 'date-time' }, '2026-01-31T12:00:00Z', true],
    ['a date', { type: 'string', format: 'date-time' }, 'today', false],
  ])('%s: %s', async (name, schema, text, fits) => {
    const contract = await contractOf(`header-${name.replaceAll(' ', '-')}`, {
      paths: { '/a': { get: { responses: { 204: { description: 'x', headers: { 'X-A': { schema } } } } } } },
    });
    const target: Target = async () =>
      responded({ status: 204, fields: [['x-a', text]], content: undefined });
    const said = begun()(await startRun(contract, target).send({ call: 'GET /a' }));
    expect(said.map(({ check }) => check)).toEqual(fits ? [] : ['response-headers-conformance']);
  });
});
