/** Parameter values, read from and written to their text. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../openapi/http/message.js';
import {
  type ParameterForm,
  type ParameterSource,
  type ParameterStyle,
  queryKeys,
  readParameter,
  type WrittenParameter,
  writeParameter,
} from '../../openapi/http/parameter.js';
import type { Json } from '../../openapi/json.js';
import type { ParameterShape } from '../../openapi/schema/shape.js';

type TypeName = ParameterShape['types'] extends ReadonlySet<infer Name> ? Name : never;

function shapeOf(...types: TypeName[]): ParameterShape {
  return { types: new Set(types) };
}

const string = shapeOf('string');
const integer = shapeOf('integer');
const number = shapeOf('number');
const boolean = shapeOf('boolean');
const anything = shapeOf();
const strings: ParameterShape = { ...shapeOf('array'), items: string };
const integers: ParameterShape = { ...shapeOf('array'), items: integer };
const rgb: ParameterShape = {
  ...shapeOf('object'),
  properties: new Map(['R', 'G', 'B'].map((name) => [name, integer])),
};
const openObject: ParameterShape = { ...shapeOf('object'), additional: string };

function form(
  place: ParameterForm['in'],
  style: ParameterStyle,
  explode: boolean,
  shape: ParameterShape,
  allowReserved = false,
): ParameterForm {
  return { name: 'color', in: place, style, explode, allowReserved, shape };
}

function request(part: { path?: string; query?: string; fields?: readonly Field[] }): ParameterSource {
  const path = part.path === undefined ? {} : { color: part.path };
  return { path, query: part.query ?? '', fields: part.fields ?? [] };
}

function requestWith(written: WrittenParameter | undefined): ParameterSource {
  if (written === undefined) return request({});
  if (written.in === 'header')
    return request({
      fields: [
        ['Host', 'a'],
        [written.name.toUpperCase(), written.value],
      ],
    });
  if (written.in === 'path') return request({ path: written.text });
  if (written.in === 'query') return request({ query: `a=1&${written.text}&z=2` });
  return request({ fields: [['Cookie', `a=1; ${written.text}; z=2`]] });
}

function textOf(written: WrittenParameter | undefined): string | undefined {
  return written?.in === 'header' ? written.value : written?.text;
}

const array = ['blue', 'black', 'brown'];
const object = { R: 100, G: 200, B: 150 };

type Row = readonly [
  place: ParameterForm['in'],
  style: ParameterStyle,
  explode: boolean,
  empty: string | undefined,
  string: string | undefined,
  array: string | undefined,
  object: string | undefined,
];

/** OpenAPI 3.1, section 4.8.12.6; a combination that it leaves undefined is undefined here. */
const table: readonly Row[] = [
  ['path', 'matrix', false, ';color', ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
  [
    'path',
    'matrix',
    true,
    ';color',
    ';color=blue',
    ';color=blue;color=black;color=brown',
    ';R=100;G=200;B=150',
  ],
  ['path', 'label', false, '.', '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
  ['path', 'label', true, '.', '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
  ['path', 'simple', false, '', 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['path', 'simple', true, '', 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['header', 'simple', false, '', 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['header', 'simple', true, '', 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['query', 'form', false, 'color=', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['query', 'form', true, 'color=', 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
  ['cookie', 'form', false, 'color=', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  [
    'cookie',
    'form',
    true,
    'color=',
    'color=blue',
    'color=blue; color=black; color=brown',
    'R=100; G=200; B=150',
  ],
  [
    'query',
    'spaceDelimited',
    false,
    undefined,
    undefined,
    'color=blue%20black%20brown',
    'color=R%20100%20G%20200%20B%20150',
  ],
  [
    'query',
    'pipeDelimited',
    false,
    undefined,
    undefined,
    'color=blue%7Cblack%7Cbrown',
    'color=R%7C100%7CG%7C200%7CB%7C150',
  ],
  [
    'query',
    'deepObject',
    true,
    undefined,
    undefined,
    undefined,
    'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
  ],
];

describe.each(table)('in a %s, style %s, explode %j', (place, style, explode, empty, text, list, members) => {
  const columns: readonly (readonly [string, ParameterShape, Json, string | undefined])[] = [
    ['an empty string', string, '', empty],
    ['a string', string, 'blue', text],
    ['an array', strings, array, list],
    ['an object', rgb, object, members],
  ];
  test.each(columns.filter(([, , , expected]) => expected !== undefined))(
    'writes and reads %s',
    (_, shape, value, expected) => {
      const written = writeParameter(form(place, style, explode, shape), value);
      expect(textOf(written)).toBe(expected);
      expect(readParameter(form(place, style, explode, shape), requestWith(written))).toEqual(value);
    },
  );

  test('writes null as an empty text and reads it where null is allowed', () => {
    const nullable = form(place, style, explode, shapeOf('integer', 'null'));
    expect(readParameter(nullable, requestWith(writeParameter(nullable, null)))).toBeNull();
  });

  test('writes nothing for an empty array or object and reads nothing from a request without it', () => {
    expect(writeParameter(form(place, style, explode, strings), [])).toBeUndefined();
    expect(writeParameter(form(place, style, explode, rgb), {})).toBeUndefined();
    expect(
      readParameter(
        form(place, style, explode, rgb),
        request({ query: 'size=1', fields: [['Cookie', 'size=1']] }),
      ),
    ).toBeUndefined();
  });
});

describe('readParameter', () => {
  const deep = form('query', 'deepObject', true, rgb);
  const listed = { ...shapeOf('object'), properties: new Map([['R', integers]]) };
  const nested = {
    ...shapeOf('object'),
    properties: new Map([
      ['in', rgb],
      ['R', integers],
    ]),
  };
  const rows: ParameterShape = {
    ...shapeOf('object'),
    properties: new Map([['rows', { ...shapeOf('array'), items: rgb }]]),
  };
  const query = (style: ParameterStyle, explode: boolean, shape: ParameterShape) =>
    form('query', style, explode, shape);

  test.each<[name: string, form: ParameterForm, query: string, expected: Json | undefined]>([
    ['takes a plus as a space', query('form', true, string), 'color=light+blue', 'light blue'],
    ['takes an encoded plus as a plus', query('form', true, string), 'color=a%2Bb', 'a+b'],
    ['takes a key without equals sign as empty', query('form', true, string), 'color', ''],
    ['keeps further equals signs', query('form', true, string), 'color=a=b', 'a=b'],
    ['decodes the key', query('form', true, string), 'c%6flor=a', 'a'],
    ['skips empty pairs', query('form', true, string), '&&color=a&', 'a'],
    ['does not take a longer key', query('form', true, string), 'colors=a', undefined],
    ['bears malformed escapes', query('form', true, string), 'color=100%&x=%zz', '100%'],
    ['bears octets that are no UTF-8', query('form', true, string), 'color=%ff%41', '%ff%41'],
    ['reads one item of an exploded array', query('form', true, integers), 'color=1', [1]],
    ['reads one item of an array', query('form', false, integers), 'color=1', [1]],
    ['reads an empty item', query('form', false, strings), 'color=a,,b', ['a', '', 'b']],
    ['leaves encoded commas in items', query('form', false, strings), 'color=a%2Cb,c', ['a,b', 'c']],
    ['leaves commas in a string', query('form', false, string), 'color=a,b', 'a,b'],
    ['leaves commas where anything is allowed', query('form', false, anything), 'color=a,b', 'a,b'],
    ['takes a repeated key as an array', query('form', true, integer), 'color=1&color=2', ['1', '2']],
    [
      'takes a repeated list as an array of texts',
      query('form', false, strings),
      'color=a,b&color=c',
      ['a,b', 'c'],
    ],
    [
      'splits at plus in spaceDelimited',
      query('spaceDelimited', false, strings),
      'color=a+b%20c',
      ['a', 'b', 'c'],
    ],
    [
      'splits at a plain pipe in pipeDelimited',
      query('pipeDelimited', false, strings),
      'color=a|b%7cc',
      ['a', 'b', 'c'],
    ],
    ['decodes items once', query('pipeDelimited', false, strings), 'color=%252C%7C%2541', ['%2C', '%41']],
    [
      'reads an exploded spaceDelimited as form',
      query('spaceDelimited', true, strings),
      'color=a&color=b',
      ['a', 'b'],
    ],
    ['leaves an odd list as text', query('form', false, rgb), 'color=R,100,G', 'R,100,G'],
    ['collects the named properties', query('form', true, rgb), 'R=1&size=2&B=3', { R: 1, B: 3 }],
    ['leaves a text where properties were expected', query('form', true, rgb), 'color=R,1', 'R,1'],
    ['reads repeated properties as an array', query('form', true, listed), 'R=1&R=2', { R: [1, 2] }],
    [
      'reads an object without a type by its properties',
      query('form', true, { types: new Set(), properties: rgb.properties ?? new Map() }),
      'R=1',
      { R: 1 },
    ],
    [
      'reads an array without a type by its items',
      query('form', false, { types: new Set(), items: integer }),
      'color=1',
      [1],
    ],
    ['prefers a string to an array of one', query('form', false, shapeOf('string', 'array')), 'color=a', 'a'],
    [
      'reads a list where both are allowed',
      query('form', false, shapeOf('string', 'array')),
      'color=a,b',
      ['a', 'b'],
    ],
    [
      'prefers a number to an array of one',
      query('form', false, { ...integers, types: new Set(['array', 'integer']) }),
      'color=1',
      1,
    ],
    ['reads plain brackets', deep, 'color[R]=1', { R: 1 }],
    ['reads encoded brackets', deep, 'color%5bR%5d=1&color%5BG%5D=2', { R: 1, G: 2 }],
    [
      'prefers an object to an array in brackets',
      query('deepObject', true, shapeOf('array', 'object')),
      'color[a]=1',
      { a: '1' },
    ],
    [
      'reads null beside an open object',
      query('form', true, { ...openObject, types: new Set(['object', 'null']) }),
      'color=',
      null,
    ],
    [
      'takes its own name as a property of an open object',
      query('form', true, openObject),
      'color=1',
      { color: '1' },
    ],
    ['does not take the brackets of others', deep, 'colors[R]=1&color[R]x=2&color[=3', undefined],
    ['takes a bare key as text', deep, 'color=a', 'a'],
    [
      'reads repeated brackets as an array',
      query('deepObject', true, listed),
      'color[R]=1&color[R]=2',
      { R: [1, 2] },
    ],
    ['reads one item in brackets', query('deepObject', true, listed), 'color[R]=1', { R: [1] }],
    [
      'reads empty brackets as a repetition',
      query('deepObject', true, listed),
      'color[R][]=1&color[R][]=2',
      { R: [1, 2] },
    ],
    [
      'reads numbered brackets as an array',
      query('deepObject', true, listed),
      'color[R][0]=1&color[R][1]=2',
      { R: [1, 2] },
    ],
    [
      'reads deeper brackets',
      query('deepObject', true, nested),
      'color[in][R]=1&color[R]=2&color[in][G]=3',
      { in: { R: 1, G: 3 }, R: [2] },
    ],
    [
      'reads objects in an array',
      query('deepObject', true, rows),
      'color[rows][0][R]=1&color[rows][1][R]=2',
      { rows: [{ R: 1 }, { R: 2 }] },
    ],
    ['reads brackets that are too deep as nothing', deep, `color${'[a]'.repeat(5000)}=1`, undefined],
  ])('%s', (_, parameter, text, expected) => {
    expect(readParameter(parameter, request({ query: text }))).toEqual(expected);
  });

  test.each<[text: string, types: TypeName[], expected: Json]>([
    ['12', ['integer'], 12],
    ['12', ['number'], 12],
    ['12', ['integer', 'string'], '12'],
    ['12', [], '12'],
    ['-1.5e+3', ['number'], -1500],
    ['1.0', ['integer'], 1],
    ['1.5', ['integer'], '1.5'],
    ['007', ['integer'], '007'],
    ['0x10', ['integer'], '0x10'],
    [' 1', ['integer'], ' 1'],
    ['1_000', ['number'], '1_000'],
    ['NaN', ['number'], 'NaN'],
    ['1e999', ['number'], '1e999'],
    ['9007199254740991', ['integer'], 9007199254740991],
    ['9007199254740993', ['integer'], '9007199254740993'],
    ['9007199254740993', ['number'], 9007199254740992],
    ['true', ['boolean'], true],
    ['false', ['boolean', 'null'], false],
    ['TRUE', ['boolean'], 'TRUE'],
    ['true', ['boolean', 'string'], 'true'],
    ['', ['null'], null],
    ['', ['null', 'string'], ''],
    ['', ['integer'], ''],
    ['null', ['null'], 'null'],
    ['a', ['integer', 'boolean', 'null'], 'a'],
    ['', ['array', 'null'], null],
  ])('makes %j, where %j are allowed, %j', (text, types, expected) => {
    const encodedText = encodeURIComponent(text);
    expect(
      readParameter(query('form', true, shapeOf(...types)), request({ query: `color=${encodedText}` })),
    ).toEqual(expected);
    expect(
      readParameter(form('path', 'simple', false, shapeOf(...types)), request({ path: encodedText })),
    ).toEqual(expected);
  });

  test.each<[name: string, form: ParameterForm, path: string, expected: Json | undefined]>([
    ['takes a plus in a path as a plus', form('path', 'simple', false, string), 'a+b', 'a+b'],
    ['keeps an encoded slash', form('path', 'simple', false, string), 'a%2Fb', 'a/b'],
    ['takes a label without its dot as not sent', form('path', 'label', false, string), 'blue', undefined],
    ['keeps the dots of a single label', form('path', 'label', true, number), '.1.5', 1.5],
    [
      'takes a matrix of another name as not sent',
      form('path', 'matrix', false, string),
      ';size=1',
      undefined,
    ],
    [
      'takes a matrix without its semicolon as not sent',
      form('path', 'matrix', false, string),
      'color=1',
      undefined,
    ],
    [
      'reads a matrix property without equals sign',
      form('path', 'matrix', true, openObject),
      ';a;b=1',
      { a: '', b: '1' },
    ],
    [
      'leaves an exploded list without equals signs as text',
      form('path', 'simple', true, rgb),
      'R,100',
      'R,100',
    ],
  ])('%s', (_, parameter, path, expected) => {
    expect(readParameter(parameter, request({ path }))).toEqual(expected);
  });

  test.each<[name: string, shape: ParameterShape, fields: readonly Field[], expected: Json | undefined]>([
    ['reads a cookie among others', integer, [['cookie', 'a=1;color=2;  b=3']], 2],
    [
      'reads a cookie from a further field',
      string,
      [
        ['Cookie', 'a=1'],
        ['Cookie', 'color=x'],
      ],
      'x',
    ],
    ['takes the quotes off a cookie', string, [['Cookie', 'color="a b,c"; b="d"']], 'a b,c'],
    ['keeps the equals signs of a cookie', string, [['Cookie', 'color=YQ==']], 'YQ=='],
    ['decodes a cookie', string, [['Cookie', 'color=a%3Bb+c']], 'a;b+c'],
    ['takes cookie names as they are written', string, [['Cookie', 'Color=a']], undefined],
    ['bears a cookie without equals sign', string, [['Cookie', 'a; color=b']], 'b'],
  ])('%s', (_, shape, fields, expected) => {
    expect(readParameter(form('cookie', 'form', true, shape), request({ fields }))).toEqual(expected);
  });

  test.each<[name: string, shape: ParameterShape, fields: readonly Field[], expected: Json | undefined]>([
    [
      'joins the lines of a field',
      strings,
      [
        ['Color', 'a, b'],
        ['COLOR', 'c'],
      ],
      ['a', 'b', 'c'],
    ],
    ['does not decode a field', string, [['color', 'a%20b+"c"']], 'a%20b+"c"'],
    ['keeps the commas of a string field', string, [['color', 'Sat, 29 Oct 1994']], 'Sat, 29 Oct 1994'],
    ['reads numbers in a field', integers, [['color', '1 ,2']], [1, 2]],
    ['finds no field', string, [['colour', 'a']], undefined],
  ])('%s', (_, shape, fields, expected) => {
    expect(readParameter(form('header', 'simple', false, shape), request({ fields }))).toEqual(expected);
  });

  test('leaves the keys of other parameters out of an open object', () => {
    const parameter = form('query', 'form', true, {
      ...openObject,
      properties: new Map([['limit', integer]]),
    });
    const source = request({ query: 'a=1&page=2&limit=3&filter[x]=4&ids[]=7&filters=5&filte=6' });
    expect(readParameter(parameter, source, new Set(['page', 'limit', 'filter', 'ids[]']))).toEqual({
      a: '1',
      limit: 3,
      filters: '5',
      filte: '6',
    });
  });

  test('reads members of every object as plain names', () => {
    expect(
      readParameter({ ...form('path', 'simple', false, string), name: 'toString' }, request({})),
    ).toBeUndefined();
    const read = readParameter(
      form('query', 'deepObject', true, openObject),
      request({ query: 'color[__proto__]=1' }),
    );
    expect(Object.entries(read ?? {})).toEqual([['__proto__', '1']]);
  });
});

describe('writeParameter', () => {
  test.each<[name: string, form: ParameterForm, value: Json, expected: string | undefined]>([
    [
      'encodes all but unreserved characters',
      form('query', 'form', true, string),
      'a/b?c&d e',
      'color=a%2Fb%3Fc%26d%20e',
    ],
    [
      'keeps reserved characters',
      form('query', 'form', true, string, true),
      ":/?@!$'(),*;=",
      "color=:/?@!$'(),*;=",
    ],
    [
      'encodes what a query gives a meaning',
      form('query', 'form', true, string, true),
      '#[]&+% é',
      'color=%23%5B%5D%26%2B%25%20%C3%A9',
    ],
    [
      'encodes commas in a list',
      form('query', 'form', false, strings, true),
      ['a,b', 'c/d'],
      'color=a%2Cb,c/d',
    ],
    ['keeps no reserved characters in a path', form('path', 'simple', false, string, true), 'a/b', 'a%2Fb'],
    ['encodes the dots of exploded labels', form('path', 'label', true, strings), ['1.5', 'a'], '.1%2E5.a'],
    ['passes header values through', form('header', 'simple', false, string), 'W/"a%20b", é', 'W/"a%20b", é'],
    [
      'writes no header value with a line break',
      form('header', 'simple', false, string),
      'a\r\nb: c',
      undefined,
    ],
    ['writes no header value beyond an octet', form('header', 'simple', false, string), '😀', undefined],
    [
      'writes no header value with space at its end',
      form('header', 'simple', false, string),
      'a ',
      undefined,
    ],
    [
      'repeats the key of an array in an object',
      form('query', 'form', true, openObject),
      { a: [1, 2], b: 3 },
      'a=1&a=2&b=3',
    ],
    [
      'writes an object in an exploded object as JSON',
      form('query', 'form', true, openObject),
      { a: { b: 1 } },
      'a=%7B%22b%22%3A1%7D',
    ],
    [
      'writes deeper brackets',
      form('query', 'deepObject', true, openObject),
      { a: { b: [1, 2] } },
      'color%5Ba%5D%5Bb%5D%5B%5D=1&color%5Ba%5D%5Bb%5D%5B%5D=2',
    ],
    [
      'writes nothing for an object of nothing',
      form('query', 'deepObject', true, openObject),
      { a: [], b: {} },
      undefined,
    ],
    [
      'writes what is nested in a list as JSON',
      form('path', 'simple', false, strings),
      [{ a: 1 }],
      '%7B%22a%22%3A1%7D',
    ],
    ['bears a lone surrogate', form('query', 'form', true, string), '\ud800', 'color=%EF%BF%BD'],
    [
      'writes numbers and booleans',
      form('query', 'form', false, strings),
      [1e21, -0.5, true],
      'color=1e%2B21,-0.5,true',
    ],
  ])('%s', (_, parameter, value, expected) => {
    expect(textOf(writeParameter(parameter, value))).toBe(expected);
  });

  test('names the field of a header and the place of a text', () => {
    expect(writeParameter(form('header', 'simple', false, string), 'a')).toEqual({
      in: 'header',
      name: 'color',
      value: 'a',
    });
    expect(writeParameter(form('cookie', 'form', true, string), 'a')).toEqual({
      in: 'cookie',
      text: 'color=a',
    });
  });
});

describe('what OpenAPI 3.2 adds', () => {
  const inCookie = (explode: boolean, shape: ParameterShape) => form('cookie', 'cookie', explode, shape);

  test.each<[explode: boolean, shape: ParameterShape, value: Json, text: string | undefined]>([
    [true, string, 'a%20b "c"', 'color=a%20b "c"'],
    [true, strings, ['x', 'y'], 'color=x; color=y'],
    [false, strings, ['x', 'y'], 'color=x,y'],
    [false, rgb, { R: 1, G: 2 }, 'color=R,1,G,2'],
    [true, rgb, { R: 1, G: 2 }, 'R=1; G=2'],
    [true, string, 'a\r\nb', undefined],
  ])(
    'in the style cookie, explode %j, %o writes %j as %s and nothing is escaped',
    (explode, shape, value, text) => {
      const written = writeParameter(inCookie(explode, shape), value);
      expect(textOf(written)).toBe(text);
      if (text !== undefined)
        expect(readParameter(inCookie(explode, shape), requestWith(written))).toEqual(value);
    },
  );

  test('a query as a whole is the text of its parameter', () => {
    const whole = form('query', 'querystring', true, string);
    expect(writeParameter(whole, 'a=1&%7B')).toEqual({ in: 'query', text: 'a=1&%7B' });
    expect(readParameter(whole, request({ query: 'a=1&%7B' }))).toBe('a=1&%7B');
    expect(readParameter(whole, request({}))).toBeUndefined();
  });
});

describe('in brackets', () => {
  const items: ParameterShape = { ...shapeOf('array'), items: rgb };
  const rows = form('query', 'deepObject', true, {
    ...shapeOf('object'),
    properties: new Map([
      ['rows', items],
      ['list', integers],
    ]),
  });

  test.each<[value: Json, text: string]>([
    [{ list: [1] }, 'color[list][]=1'],
    [{ rows: [{ R: 1, G: 2 }, { R: 3 }] }, 'color[rows][0][R]=1&color[rows][0][G]=2&color[rows][1][R]=3'],
  ])('%j is written as %s and read again', (value, text) => {
    const written = writeParameter(rows, value);
    expect(decodeURIComponent(textOf(written) ?? '')).toBe(text);
    expect(readParameter(rows, requestWith(written))).toEqual(value);
  });

  test('a list of its own name has empty ones', () => {
    const list = form('query', 'deepObject', true, strings);
    expect(textOf(writeParameter(list, ['a', 'b']))).toBe('color%5B%5D=a&color%5B%5D=b');
    expect(readParameter(list, request({ query: 'color[]=a' }))).toEqual(['a']);
  });

  test('what is a parameter of its own is none of the object', () => {
    const open = form('query', 'deepObject', true, openObject);
    const query = 'color[a]=1&color[b]=2';
    expect(readParameter(open, request({ query }), new Set(['color[b]']))).toEqual({ a: '1' });
    const literal = { ...form('query', 'form', true, integer), name: 'color[b]' };
    expect(readParameter(literal, request({ query }))).toBe(2);
    expect(textOf(writeParameter(literal, 2))).toBe('color%5Bb%5D=2');
  });
});

test.each<[text: string, expected: Json]>([
  ['now', 'now'],
  ['12', 12],
  ['later', 'later'],
])('%j is %j where a text of few or a number is allowed', (text, expected) => {
  const shape = { ...shapeOf('string', 'integer'), texts: new Set(['now']) };
  expect(readParameter(form('query', 'form', true, shape), request({ query: `color=${text}` }))).toBe(
    expected,
  );
});

describe('queryKeys', () => {
  test.each([
    ['', []],
    ['a=1&b&a=2', ['a', 'b', 'a']],
    ['filter%5Bx%5D=1&light+blue=2&=3', ['filter[x]', 'light blue', '']],
    ['&&', []],
  ])('of %j are %j', (query, keys) => {
    expect(queryKeys(query)).toEqual(keys);
  });
});

describe('what is written is read again', () => {
  const hostile = fc.constantFrom(...'%/?#&=+,;: "\'\\[]{}|.~@!$()*<>^`0Aé\u0000\n\u{1f600}');
  const texts = fc.oneof(fc.string({ unit: hostile }), fc.string({ unit: 'binary' }));
  const without = (characters: RegExp) => texts.map((text) => text.replace(characters, ''));
  const fieldTexts = without(/[^!-~é]/g);
  const integerValues = fc.maxSafeInteger();
  const numberValues = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0);

  /** In each place, the texts that a value may consist of; those of a delimited style cannot hold the delimiter. */
  const carriers: readonly (readonly [ParameterForm['in'], ParameterStyle, boolean, fc.Arbitrary<string>])[] =
    [
      ...table
        .filter(([, style]) => style !== 'deepObject')
        .map(([place, style, explode]) => {
          if (place === 'header')
            return [place, style, explode, fieldTexts.map((text) => text.replace(/[,=]/g, ''))] as const;
          if (style === 'spaceDelimited') return [place, style, explode, without(/ /g)] as const;
          if (style === 'pipeDelimited') return [place, style, explode, without(/\|/g)] as const;
          return [place, style, explode, texts] as const;
        }),
    ];

  function expectSame(parameter: ParameterForm, value: Json): void {
    const written = writeParameter(parameter, value);
    expect(readParameter(parameter, requestWith(written))).toEqual(value);
    if (written?.in === 'query') expect(written.text).toMatch(/^[\w.~!$&'()*,;=:@/?%-]*$/);
    if (written?.in === 'path') expect(written.text).toMatch(/^[\w.~;=,%-]*$/);
    if (written?.in === 'cookie') expect(written.text).toMatch(/^[\w.~;=,% -]*$/);
  }

  describe.each(carriers)('in a %s, style %s, explode %j', (place, style, explode, parts) => {
    const formOf = (shape: ParameterShape, allowReserved: boolean) =>
      form(place, style, explode, shape, allowReserved);

    test.each([[false], [true]])('any string, with allowReserved %j', (allowReserved) => {
      const whole = place === 'header' ? fieldTexts : texts;
      fc.assert(fc.property(whole, (value) => expectSame(formOf(string, allowReserved), value)));
    });

    test.each([[false], [true]])('any array, with allowReserved %j', (allowReserved) => {
      const minLength = place === 'header' ? 1 : 0;
      const items = fc.array(
        parts.filter((part) => part.length >= minLength),
        { minLength: 1 },
      );
      fc.assert(fc.property(items, (value) => expectSame(formOf(strings, allowReserved), value)));
    });

    test.each([[false], [true]])('any object, with allowReserved %j', (allowReserved) => {
      const keys = parts.filter((key) => key !== '' && key !== 'a' && key !== 'z');
      const values = place === 'header' ? parts.filter((part) => part !== '') : parts;
      const objects = fc.dictionary(keys, values, { minKeys: 1, noNullPrototype: true });
      fc.assert(
        fc.property(objects, (value) => {
          const properties = new Map(Object.keys(value).map((key) => [key, string]));
          expectSame(formOf({ ...shapeOf('object'), properties }, allowReserved), value);
        }),
      );
    });

    test('any number and boolean', () => {
      const mixed = fc.array(fc.oneof(numberValues, fc.boolean()), { minLength: 1 });
      const items = shapeOf('number', 'boolean');
      fc.assert(fc.property(mixed, (value) => expectSame(formOf({ ...strings, items }, false), value)));
      fc.assert(fc.property(numberValues, (value) => expectSame(formOf(number, false), value)));
      fc.assert(fc.property(integerValues, (value) => expectSame(formOf(integer, false), value)));
      fc.assert(fc.property(fc.boolean(), (value) => expectSame(formOf(boolean, false), value)));
    });
  });

  describe.each([[false], [true]])('in brackets, with allowReserved %j', (allowReserved) => {
    const keys = without(/[[\]]/g).filter((key) => key !== '');
    const { value: objects } = fc.letrec<{ value: Record<string, Json>; member: Json }>((tie) => ({
      value: fc.dictionary(keys, tie('member'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      member: fc.oneof(
        { depthSize: 'small' },
        texts,
        fc.array(texts, { minLength: 2, maxLength: 4 }),
        tie('value'),
      ),
    }));

    test('any object', () => {
      fc.assert(
        fc.property(objects, (value) =>
          expectSame(form('query', 'deepObject', true, shapeOf('object'), allowReserved), value),
        ),
      );
    });
  });

  test('nothing makes reading throw', () => {
    const pieces = fc.string({
      unit: fc.constantFrom('color', '=', '&', ';', '%', '%F', '[', ']', ',', '+', '.', '|', 'R', '"'),
    });
    const shapes = [
      string,
      integers,
      rgb,
      openObject,
      anything,
      shapeOf('null', 'array', 'object', 'string'),
    ];
    fc.assert(
      fc.property(
        pieces,
        fc.constantFrom(...table),
        fc.constantFrom(...shapes),
        (text, [place, style, explode], shape) => {
          const source = {
            path: { color: text },
            query: text,
            fields: [
              ['Cookie', text],
              ['color', text],
            ] as const,
          };
          readParameter(form(place, style, explode, shape), source);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
