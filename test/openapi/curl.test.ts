/** The curl line, put through a POSIX shell with a `curl` that prints its arguments. */

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { curlLine } from '../../openapi/http/curl.js';
import type { Field, RequestMessage } from '../../openapi/http/message.js';

const base = 'http://localhost:4010';

const request = (parts: Partial<RequestMessage> = {}): RequestMessage => ({
  method: 'POST',
  path: '/pets',
  query: '',
  fields: [],
  content: undefined,
  ...parts,
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The arguments that the shell hands to curl. */
function shellArguments(line: string): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}\n`;
  const output = execFileSync('/bin/sh', {
    input: script,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return output.split('\0').slice(0, -1);
}

describe('the curl line', () => {
  test.each<[name: string, request: RequestMessage, line: string]>([
    ['a plain GET', request({ method: 'GET' }), `curl -i ${base}/pets`],
    ['a POST without content', request(), `curl -i -X POST ${base}/pets`],
    ['a query', request({ method: 'GET', query: 'a=1&b=2' }), `curl -i '${base}/pets?a=1&b=2'`],
    [
      'a GET with content',
      request({ method: 'GET', content: bytes('x') }),
      `curl -i -X GET ${base}/pets -H Content-Type: --data-raw x`,
    ],
    [
      'fields and content',
      request({ fields: [['Content-Type', 'application/json']], content: bytes('{"a":1}') }),
      `curl -i -X POST ${base}/pets -H 'Content-Type: application/json' --data-raw '{"a":1}'`,
    ],
    [
      'repeated fields, in order',
      request({
        method: 'GET',
        fields: [
          ['Accept', 'a/b'],
          ['accept', 'c/d'],
        ],
      }),
      `curl -i ${base}/pets -H 'Accept: a/b' -H 'accept: c/d'`,
    ],
    [
      'a field without a value',
      request({ method: 'GET', fields: [['Accept', '']] }),
      `curl -i ${base}/pets -H 'Accept;'`,
    ],
    [
      'empty content',
      request({ content: bytes('') }),
      `curl -i -X POST ${base}/pets -H Content-Type: --data-raw ''`,
    ],
    ['HEAD, which has no content to wait for', request({ method: 'HEAD' }), `curl -i -I ${base}/pets`],
    [
      'an address with brackets, which curl would expand',
      request({ method: 'GET', query: 'filter[a]={b,c}' }),
      `curl -i -g '${base}/pets?filter[a]={b,c}'`,
    ],
    [
      'a path with dots, which curl would resolve',
      request({ method: 'GET', path: '/a/../b' }),
      `curl -i --path-as-is ${base}/a/../b`,
    ],
    ['a method that a shell would run', request({ method: '`id`' }), `curl -i -X '\`id\`' ${base}/pets`],
  ])('of %s reads as a person would write it', (_, message, line) => {
    expect(curlLine(message, base)).toBe(line);
  });
});

const hostile: readonly string[] = [
  "'",
  "''",
  "it's",
  "'; rm -rf /; echo '",
  '"quoted"',
  '$HOME',
  '$(id)',
  `\${IFS}`,
  '`id`',
  '\\',
  '\\\\',
  "\\'",
  'a\\nb',
  'two\nlines',
  'carriage\r\nreturn',
  '\n',
  'ends with a newline\n',
  '\ttab',
  ' ',
  '  spaces  ',
  'é ü ß',
  '漢字',
  '😀👩‍👩‍👧',
  'e\u0301',
  '\u202Eright to left',
  '!!',
  '!history',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '~',
  '#comment',
  'a;b',
  'a&b',
  'a|b',
  'a>b',
  'a<b',
  '%s%d%n',
  '-X',
  '--output=/etc/passwd',
  '-',
  '@/etc/passwd',
  '@-',
  '=',
  '{"name":"O\'Brien","cost":"$5"}',
  'x'.repeat(10_000),
];

const json: Field = ['Content-Type', 'application/json'];

describe('hostile text', () => {
  test.each([...hostile, '\uFEFFafter a byte order mark'])('%j in the content comes through', (text) => {
    const line = curlLine(request({ fields: [json], content: bytes(text) }), base);
    expect(shellArguments(line).slice(-2)).toEqual(['--data-raw', text]);
  });

  test.each(hostile)('%j in a field comes through', (text) => {
    const fields: readonly Field[] = [['X-Text', text]];
    const line = curlLine(request({ fields }), base);
    expect(shellArguments(line)).toEqual(['-i', '-X', 'POST', `${base}/pets`, '-H', `X-Text: ${text}`]);
  });

  test.each(hostile)('%j in the address comes through', (text) => {
    const line = curlLine(request({ path: `/${text}`, query: text }), base);
    expect(shellArguments(line).at(-1)).toBe(`${base}/${text}?${text}`);
  });

  test('is all one line of words, whatever else it holds', () => {
    const fields = [...hostile.map((text): Field => ['X-Text', text]), json];
    const line = curlLine(request({ fields, content: bytes(hostile.join('')) }), base);
    const words = hostile.flatMap((text) => ['-H', `X-Text: ${text}`]);
    const rest = ['-H', json.join(': '), '--data-raw', hostile.join('')];
    expect(shellArguments(line).slice(4)).toEqual([...words, ...rest]);
  });
});

test('octets that are no text come through a pipe', () => {
  const content = new Uint8Array(256).map((_, index) => index);
  const line = curlLine(request({ fields: [['Content-Type', 'image/png']], content }), base);
  expect(line).toMatch(/ --data-binary @-$/);
  const script = `curl() { cat; }\n${line}\n`;
  expect(new Uint8Array(execFileSync('/bin/sh', { input: script }))).toEqual(content);
});
