/** Media types: parsed, matched, negotiated. */

import { describe, expect, test } from 'vitest';
import {
  concreteMediaType,
  essence,
  formatOf,
  isJson,
  type MediaType,
  matchesRange,
  mostSpecific,
  negotiate,
  parseMediaType,
} from '../../openapi/content/media-type.js';

function mediaType(text: string): MediaType {
  const parsed = parseMediaType(text);
  if (parsed === undefined) throw new TypeError(`${text} is malformed`);
  return parsed;
}

describe('parseMediaType', () => {
  test.each<[text: string, type: string, parameters: [string, string][]]>([
    ['application/json', 'application/json', []],
    ['Application/JSON', 'application/json', []],
    ['  text/plain\t', 'text/plain', []],
    ['*/*', '*/*', []],
    ['text/*', 'text/*', []],
    ['application/vnd.a.b+json', 'application/vnd.a.b+json', []],
    ['text/html;charset=UTF-8', 'text/html', [['charset', 'UTF-8']]],
    [
      'text/html ; Charset=utf-8 ; a=B',
      'text/html',
      [
        ['charset', 'utf-8'],
        ['a', 'B'],
      ],
    ],
    ['text/html;charset="utf-8"', 'text/html', [['charset', 'utf-8']]],
    ['a/b;c="d;e=\\"f\\", \\\\g"', 'a/b', [['c', 'd;e="f", \\g']]],
    ['a/b;c=""', 'a/b', [['c', '']]],
    ['a/b;c="é"', 'a/b', [['c', 'é']]],
    ['a/b;', 'a/b', []],
    ['a/b;;c=d;', 'a/b', [['c', 'd']]],
    [
      'a/b;c=1;c=2',
      'a/b',
      [
        ['c', '1'],
        ['c', '2'],
      ],
    ],
  ])('reads %s', (text, type, parameters) => {
    const parsed = mediaType(text);
    expect([essence(parsed), parsed.parameters]).toEqual([type, parameters]);
  });

  test.each([
    [''],
    ['text'],
    ['*'],
    ['text/'],
    ['/plain'],
    ['text /plain'],
    ['text/plain charset=utf-8'],
    ['text/plain, text/html'],
    ['text/plain;charset'],
    ['text/plain;charset='],
    ['text/plain;charset =utf-8'],
    ['text/plain;charset= utf-8'],
    ['text/plain;a="b'],
    ['text/plain;a="b\\"'],
    ['text/plain;a="b"c'],
    ['text/plain;a="\n"'],
    ['te(xt/plain'],
  ])('finds %j malformed', (text) => {
    expect(parseMediaType(text)).toBeUndefined();
  });
});

describe('isJson', () => {
  test.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['text/json', true],
    ['application/problem+json', true],
    ['image/json', false],
    ['application/jsonl', false],
    ['application/xml', false],
    ['application/*', false],
  ])('of %s is %j', (text, expected) => {
    expect(isJson(mediaType(text))).toBe(expected);
  });
});

describe('formatOf', () => {
  test.each<[string, string]>([
    ['application/json', 'json'],
    ['application/problem+json; charset=utf-8', 'json'],
    ['text/json', 'json'],
    ['application/vnd.x+json; version=1', 'json'],
    ['application/xml', 'xml'],
    ['text/xml', 'xml'],
    ['application/atom+xml', 'xml'],
    ['image/svg+xml', 'xml'],
    ['application/x-www-form-urlencoded', 'form'],
    ['multipart/form-data', 'multipart'],
    ['multipart/mixed', 'multipart'],
    ['application/jsonl', 'lines'],
    ['application/x-ndjson', 'lines'],
    ['application/json-seq', 'records'],
    ['application/geo+json-seq', 'records'],
    ['text/event-stream', 'events'],
    ['text/csv', 'text'],
    ['application/yaml', 'text'],
    ['application/jwt', 'text'],
    ['application/octet-stream', 'binary'],
    ['image/png', 'binary'],
    ['application/vnd.ms-excel', 'binary'],
  ])('of %s is %s', (text, expected) => {
    expect(formatOf(mediaType(text))).toBe(expected);
  });
});

test.each([
  ['application/json; charset=utf-8', 'application/json; charset=utf-8'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['text/*', 'text/plain'],
  ['image/*', 'image/png'],
  ['video/*', 'video/mp4'],
])('for %s, %s can be sent', (key, sent) => {
  expect(concreteMediaType(key)).toBe(sent);
});

describe('matchesRange', () => {
  test.each([
    ['*/*', 'text/plain', true],
    ['*/*;q=0.5', 'text/plain', true],
    ['text/*', 'text/plain', true],
    ['text/*', 'application/json', false],
    ['*/plain', 'text/plain', false],
    ['text/plain', 'TEXT/PLAIN', true],
    ['text/plain', 'text/html', false],
    ['text/plain', 'text/plain;charset=utf-8', true],
    ['text/plain;charset=utf-8', 'text/plain', false],
    ['text/plain;charset=UTF-8', 'text/plain;charset=utf-8', true],
    ['text/plain;charset=utf-8', 'text/plain;charset=UTF-8', true],
    ['text/plain;charset=utf-8', 'text/plain;charset=us-ascii', false],
    ['a/b;level=x', 'a/b;level=X', false],
    ['a/b;c=1;d=2', 'a/b;d=2;e=3;c=1', true],
    ['text/*;format=flowed', 'text/plain;format=flowed', true],
    ['text/*;format=flowed', 'text/plain', false],
    ['application/json', 'application/problem+json', false],
  ])('%s includes %s: %j', (range, type, expected) => {
    expect(matchesRange(mediaType(range), mediaType(type))).toBe(expected);
  });
});

const json = 'application/json';
const xml = 'application/xml';
const html = 'text/html';
const plain = 'text/plain';

describe('negotiate', () => {
  test.each<[name: string, accept: string | undefined, available: string[], expected: string | undefined]>([
    ['takes the first without an Accept field', undefined, [json, xml], json],
    ['takes the first for an empty field', '', [json, xml], json],
    ['takes the first for an empty list', ' , ,', [json, xml], json],
    ['takes the first for any', '*/*', [json, xml], json],
    ['takes the one accepted', xml, [json, xml], xml],
    ['accepts nothing else', 'image/png', [json, xml], undefined],
    ['offers nothing when there is nothing', '*/*', [], undefined],
    ['follows the weights', `${json};q=0.5, ${xml};q=0.8`, [json, xml], xml],
    ['breaks ties by the order available', `${xml}, ${json}`, [json, xml], json],
    ['lets a type range stand for its types', 'text/*', [json, html], html],
    ['lets the specific range decide', `*/*, ${json};q=0.1`, [json, xml], xml],
    ['lets the type range decide over any', '*/*;q=0.9, application/*;q=0.1', [json, plain], plain],
    ['lets parameters decide', `${html};level=1;q=0.3, ${html};q=0.7`, [`${html};level=1`, html], html],
    ['excludes by a weight of zero', `*/*, ${json};q=0`, [json, xml], xml],
    ['excludes the only one', `${json};q=0.0`, [json], undefined],
    ['excludes all by a weight of zero', '*/*;q=0', [json], undefined],
    ['reads weights of three digits', `${json};q=0.123, ${xml};q=0.124`, [json, xml], xml],
    ['takes the name of the weight in any case', `${json};Q=0.1, ${xml};q=0.2`, [json, xml], xml],
    ['takes the higher weight of the same range', `${json};q=0.1, ${json}, ${xml};q=0.5`, [json, xml], json],
    ['compares names without regard to case', 'APPLICATION/XML', [json, xml], xml],
    ['ignores malformed members', `text, ${xml};q=2, ${json};q=0.1`, [xml, json], json],
    [
      'ignores malformed weights',
      `${json};q=-1, ${xml};q=a, ${html};q=0.1, ${plain};q=.5`,
      [json, xml, html, plain],
      html,
    ],
    ['takes a field of malformed members as absent', 'text, */, ;q=1', [json, xml], json],
    ['reads a comma in quotes as text', `a/b;c="d, ${json}", ${xml}`, [json, xml], xml],
    ['bears an open quote', `${xml}, a/b;c="d, ${json}`, [json, xml], xml],
    ['bears a last backslash', `${xml}, a/b;c="d, ${json}, e\\`, [json, xml], xml],
    [
      'asks for a parameter that is available',
      `${json};charset=UTF-8`,
      [json, `${json};charset=utf-8`],
      `${json};charset=utf-8`,
    ],
    [
      'follows the example of the specification',
      'text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5',
      ['text/html', 'image/jpeg', 'text/plain;format=fixed', 'text/plain;format=flowed'],
      'text/plain;format=flowed',
    ],
    [
      'follows a browser',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      [json, xml],
      xml,
    ],
    ['finds a type within an available range', 'image/png', [json, 'image/*'], 'image/*'],
    ['finds any type within the full range', 'text/*', ['*/*'], '*/*'],
    [
      'leaves the rest of a range when one type is excluded',
      'image/png;q=0, image/*',
      ['image/*'],
      'image/*',
    ],
    ['excludes an available range', 'image/*;q=0, */*;q=0.1', ['image/*', json], json],
    ['passes over what is no media type', '*/*;q=0.5', ['json', json], json],
  ])('%s', (_name, accept, available, expected) => {
    expect(negotiate(accept, available)).toBe(expected);
  });

  test('gives each type of the specification its weight', () => {
    const accept =
      'text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5';
    const best = [
      'text/plain;format=flowed',
      'text/plain',
      'image/jpeg',
      'text/plain;format=fixed',
      'text/html',
    ];
    for (let first = 0; first < best.length; first++) {
      expect(negotiate(accept, best.slice(first).reverse())).toBe(best[first]);
    }
  });
});

describe('mostSpecific', () => {
  test.each<[contentType: string, keys: string[], expected: string | undefined]>([
    [json, ['*/*', 'application/*', json], json],
    [json, ['*/*', 'application/*'], 'application/*'],
    [json, ['text/*', '*/*'], '*/*'],
    [json, [xml, 'text/*'], undefined],
    [json, [], undefined],
    [`${json};charset=utf-8`, [json], json],
    [`${json};charset=utf-8`, [json, `${json}; charset=UTF-8`], `${json}; charset=UTF-8`],
    [json, [`${json};charset=utf-8`, '*/*'], '*/*'],
    ['a/b;c=1;d=2', ['a/b', 'a/b;c=1', 'a/b;d=2;c=1'], 'a/b;d=2;c=1'],
    ['application/problem+json', [json, 'application/*'], 'application/*'],
    [json, ['Application/JSON'], 'Application/JSON'],
    [json, ['json', '*'], undefined],
  ])('%s is described by one of %j: %s', (contentType, keys, expected) => {
    expect(mostSpecific(mediaType(contentType), keys)).toBe(expected);
  });
});
