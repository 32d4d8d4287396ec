/** Path templates, matched, expanded and guessed. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compilePaths,
  expandPath,
  nearestPath,
  percentDecoded,
  percentEncoded,
  sameShape,
  templateNames,
} from '../../openapi/http/path.js';

function match(
  templates: readonly string[],
  path: string,
): [string, Readonly<Record<string, string>>] | undefined {
  const found = compilePaths(templates.map((template, index) => [template, index]))(path);
  if (found === undefined) return undefined;
  expect(templates[found.value]).toBe(found.template);
  return [found.template, found.parameters];
}

type Case = readonly [
  name: string,
  templates: readonly string[],
  path: string,
  template: string | undefined,
  parameters?: Readonly<Record<string, string>>,
];

const cases: readonly Case[] = [
  ['matches a literal path', ['/pets'], '/pets', '/pets'],
  ['matches the root', ['/', '/{x}'], '/', '/'],
  ['binds a parameter', ['/pets/{id}'], '/pets/7', '/pets/{id}', { id: '7' }],
  ['binds each parameter', ['/a/{x}/b/{y}'], '/a/1/b/2', '/a/{x}/b/{y}', { x: '1', y: '2' }],
  ['prefers the literal segment', ['/pets/{id}', '/pets/mine'], '/pets/mine', '/pets/mine'],
  [
    'prefers the literal segment whatever the order',
    ['/pets/mine', '/pets/{id}'],
    '/pets/mine',
    '/pets/mine',
  ],
  ['prefers the leftmost literal', ['/a/{x}/c', '/a/b/{y}'], '/a/b/c', '/a/b/{y}', { y: 'c' }],
  [
    'resolves the ambiguity of the specification',
    ['/{entity}/me', '/books/{id}'],
    '/books/me',
    '/books/{id}',
    { id: 'me' },
  ],
  ['falls back to the templated segment', ['/a/b/c', '/a/{x}/d'], '/a/b/d', '/a/{x}/d', { x: 'b' }],
  ['falls back over several segments', ['/a/b/c/d', '/{x}/b/c/e'], '/a/b/c/e', '/{x}/b/c/e', { x: 'a' }],
  [
    'forgets the parameters of an abandoned way',
    ['/{a}/x/{b}/y', '/{c}/{d}/1/z'],
    '/0/x/1/z',
    '/{c}/{d}/1/z',
    { c: '0', d: 'x' },
  ],
  ['keeps the names of each template', ['/a/{x}/b', '/a/{y}/c'], '/a/1/c', '/a/{y}/c', { y: '1' }],
  ['does not match a longer path', ['/a/{x}'], '/a/1/2', undefined],
  ['does not match a shorter path', ['/a/{x}/c'], '/a/1', undefined],
  ['tells a trailing slash apart', ['/a'], '/a/', undefined],
  ['matches a trailing slash', ['/a', '/a/'], '/a/', '/a/'],
  ['tells a missing trailing slash apart', ['/a/{x}/'], '/a/1', undefined],
  ['does not bind an empty segment', ['/a/{x}'], '/a/', undefined],
  ['does not bind an empty segment within', ['/a/{x}/b'], '/a//b', undefined],
  ['does not bind an empty part of a segment', ['/{x}.json'], '/.json', undefined],
  ['does not match without the first slash', ['/a'], 'a', undefined],
  ['does not match the asterisk form', ['/', '/{x}'], '*', undefined],
  ['does not fold case', ['/Pets'], '/pets', undefined],
  ['keeps parameters as sent', ['/a/{x}'], '/a/b%2fc%20d+e', '/a/{x}', { x: 'b%2fc%20d+e' }],
  ['takes an encoded slash as text', ['/a/{x}', '/a/b/c'], '/a/b%2Fc', '/a/{x}', { x: 'b%2Fc' }],
  ['compares an encoded slash in any case', ['/a%2Fb'], '/a%2fb', '/a%2Fb'],
  ['compares encoded letters decoded', ['/café'], '/caf%C3%A9', '/café'],
  ['compares letters with encoded ones', ['/caf%c3%a9'], '/café', '/caf%c3%a9'],
  ['compares unreserved characters decoded', ['/~a-b'], '/%7ea%2Db', '/~a-b'],
  ['compares a space with its escape', ['/a b'], '/a%20b', '/a b'],
  ['tells a reserved character from its escape', ['/a:b'], '/a%3Ab', undefined],
  ['tells a percent from a twice encoded one', ['/%2541'], '/A', undefined],
  ['bears a malformed escape in the path', ['/a/{x}'], '/a/%zz%', '/a/{x}', { x: '%zz%' }],
  ['bears octets that are no UTF-8', ['/%ff', '/{x}'], '/%FF', '/%ff'],
  ['bears a malformed escape in the template', ['/100%'], '/100%', '/100%'],
  [
    'matches an extension',
    ['/files/{name}.{ext}'],
    '/files/a.b.txt',
    '/files/{name}.{ext}',
    { name: 'a.b', ext: 'txt' },
  ],
  ['matches parentheses', ['/things({id})'], '/things(4)', '/things({id})', { id: '4' }],
  ['matches a verb', ['/x:{verb}'], '/x:go', '/x:{verb}', { verb: 'go' }],
  ['takes syntax characters as text', ['/a.*+?^$|[]\\{x}'], '/a.*+?^$|[]\\1', '/a.*+?^$|[]\\{x}', { x: '1' }],
  ['takes a dot as a dot', ['/a.{x}'], '/ab1', undefined],
  [
    'compares text around an expression decoded',
    ['/é({x})'],
    '/%c3%a9(a%C3%A9)',
    '/é({x})',
    { x: 'a%C3%A9' },
  ],
  ['bears a malformed escape beside literal text', ['/x-{y}'], '/x-100%', '/x-{y}', { y: '100%' }],
  ['compares a control character with its escape', ['/a\t{x}'], '/a%091', '/a\t{x}', { x: '1' }],
  ['keeps an escape in one piece', ['/{x}5'], '/%25', undefined],
  ['keeps a captured escape as sent', ['/{x}.{y}'], '/%7e.%2e', '/{x}.{y}', { x: '%7e', y: '%2e' }],
  ['prefers the literal to the partly templated', ['/{x}.json', '/a.json'], '/a.json', '/a.json'],
  [
    'prefers the partly templated to the templated',
    ['/{x}', '/{y}.json'],
    '/a.json',
    '/{y}.json',
    { y: 'a' },
  ],
  ['prefers more literal text', ['/{x}.gz', '/{x}.tar.gz'], '/a.tar.gz', '/{x}.tar.gz', { x: 'a' }],
  ['falls back from the partly templated', ['/{x}.gz/a', '/{y}/b'], '/1.gz/b', '/{y}/b', { y: '1.gz' }],
  [
    'falls back to less literal text',
    ['/{x}.tar.gz/a', '/{y}.gz/b'],
    '/1.tar.gz/b',
    '/{y}.gz/b',
    { y: '1.tar' },
  ],
  ['keeps the first of one shape', ['/a/{x}', '/a/{y}'], '/a/1', '/a/{x}', { x: '1' }],
  ['divides adjacent expressions', ['/{x}{y}{z}!'], '/abcd!', '/{x}{y}{z}!', { x: 'ab', y: 'c', z: 'd' }],
  [
    'lets a value end like the literal before it',
    ['/{x}.{y}.json'],
    '/a.b..json',
    '/{x}.{y}.json',
    { x: 'a', y: 'b.' },
  ],
  [
    'lets a value end in the literal before it',
    ['/{x}aab{y}b'],
    '/1aabzaab',
    '/{x}aab{y}b',
    { x: '1', y: 'zaa' },
  ],
  [
    'is done soon with a hostile segment',
    ['/{x}.{y}.{z}!', '/{x}{y}{z}?'],
    `/${'.'.repeat(10_000)}`,
    undefined,
  ],
  ['takes a lone brace as text', ['/a{b'], '/a{b', '/a{b'],
  ['takes a slash within a name as a part of it', ['/a/{x/y}'], '/a/1', '/a/{x/y}', { 'x/y': '1' }],
  ['takes members of every object as names', ['/constructor/{x}'], '/__proto__/1', undefined],
];

describe('compilePaths', () => {
  for (const [name, templates, path, template, parameters = {}] of cases) {
    test(name, () => {
      expect(match(templates, path)).toEqual(template === undefined ? undefined : [template, parameters]);
    });
  }

  test('binds a parameter named __proto__ as any other', () => {
    const found = match(['/{__proto__}'], '/a');
    expect(Object.entries(found?.[1] ?? {})).toEqual([['__proto__', 'a']]);
  });

  test('finds what was expanded, for any text', () => {
    const find = compilePaths([['/a/{x}/b-{y}', 1]]);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (x, y) => {
          const parameters = { x: percentEncoded(x), y: percentEncoded(y) };
          expect(find(expandPath('/a/{x}/b-{y}', parameters))?.parameters).toEqual(parameters);
        },
      ),
    );
  });

  test('divides a partly templated segment as a greedy expression does', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 3 });
    const segment = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    fc.assert(
      fc.property(fc.tuple(literal, literal, literal, literal), segment, ([l0, l1, l2, l3], text) => {
        const plain = new RegExp(
          `^${[l0, l1, l2, l3].join('(.+)').replaceAll('.', '[.]').replaceAll('([.]+)', '(.+)')}$`,
        );
        const [, x, y, z] = plain.exec(text) ?? [];
        const found = match([`/${l0}{x}${l1}{y}${l2}{z}${l3}`], `/${text}`);
        expect(found?.[1]).toEqual(x === undefined ? undefined : { x, y, z });
      }),
      { numRuns: 2000 },
    );
  });

  test('never throws, whatever the path', () => {
    const find = compilePaths(
      cases.flatMap(([, templates]) => templates.map((template) => [template, template] as const)),
    );
    const unit = fc.constantFrom('/', '%', '2', 'F', 'a', '.', '{', '}', '(', ':', 'é', '\ud800');
    fc.assert(fc.property(fc.string({ unit }), (path) => void find(path)));
  });

  test('takes as long with ten thousand templates as with ten', () => {
    const find = (count: number) =>
      compilePaths(
        Array.from({ length: count }, (_, index) => [`/resource${index}/{id}/part${index}`, index]),
      );
    const small = find(10);
    const large = find(10_000);
    const duration = (matcher: typeof small): number => {
      const start = performance.now();
      for (let round = 0; round < 20_000; round++) matcher('/resource7/abc/part7');
      return performance.now() - start;
    };
    duration(small);
    duration(large);
    expect(duration(large)).toBeLessThan(duration(small) * 20 + 50);
  });
});

describe('templateNames', () => {
  test.each([
    ['/pets', []],
    ['/pets/{id}', ['id']],
    ['/{a}/{b}.{c}', ['a', 'b', 'c']],
    ['/{a}/{a}', ['a', 'a']],
    ['/{pet id}', ['pet id']],
    ['/a{b', []],
  ])('of %s are %j', (template, names) => {
    expect(templateNames(template)).toEqual(names);
  });
});

describe('sameShape', () => {
  test.each([
    ['/pets/{petId}', '/pets/{name}', true],
    ['/{a}.{b}', '/{b}.{a}', true],
    ['/caf%C3%A9/{x}', '/café/{y}', true],
    ['/a/{x}', '/a/{x}/', false],
    ['/a/{x}', '/a/b', false],
    ['/{a}.{b}', '/{a}', false],
    ['/a/{x}', '/a/%7B%7D', false],
    ['/a%2Fb', '/a/b', false],
  ])('of %s and %s: equal is %j', (one, other, equal) => {
    expect(sameShape(one) === sameShape(other)).toBe(equal);
  });
});

describe('expandPath', () => {
  test('puts encoded values in place as they are', () => {
    expect(expandPath('/a/{x}/{y}.{z}', { x: '1%2F2', y: '$&', z: '{x}' })).toBe('/a/1%2F2/$&.{x}');
  });

  test.each([['x'], ['toString']])('names the missing value %s', (name) => {
    expect(() => expandPath(`/a/{${name}}`, {})).toThrow(
      new TypeError(`The path /a/{${name}} needs a value for '${name}'.`),
    );
  });
});

describe('nearestPath', () => {
  const templates = ['/users', '/users/{id}', '/users/{id}/orders', '/orders/{id}.json', '/health'];
  test.each([
    ['/user', '/users'],
    ['/Users/12', '/users/{id}'],
    ['/user/a-rather-long-identifier-of-someone', '/users/{id}'],
    ['/users/12/order', '/users/{id}/orders'],
    ['/users/12/orders/', '/users/{id}/orders'],
    ['/api/users/12', '/users/{id}'],
    ['/user/', '/users'],
    ['/order/77.json', '/orders/{id}.json'],
    ['/healthz', '/health'],
    ['/u%73er', '/users'],
    ['/favicon.ico', undefined],
    ['/', undefined],
    ['/%zz', undefined],
  ])('to %s is %s', (path, nearest) => {
    expect(nearestPath(path, templates)).toBe(nearest);
  });

  test('is none without templates', () => {
    expect(nearestPath('/a', [])).toBeUndefined();
  });
});

describe('percent-encoding', () => {
  test.each([
    ['%41%c3%a9', 'Aé'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['%ff%41/%42', '%ff%41/B'],
    ['a+b', 'a+b'],
  ])('decodes %s', (text, decoded) => {
    expect(percentDecoded(text)).toBe(decoded);
  });

  test('encodes all but unreserved characters', () => {
    expect(percentEncoded("aZ0-._~ !'()*:/?#[]@&=+,;%é")).toBe(
      'aZ0-._~%20%21%27%28%29%2A%3A%2F%3F%23%5B%5D%40%26%3D%2B%2C%3B%25%C3%A9',
    );
  });

  test('encodes a lone surrogate as the replacement character', () => {
    expect(percentEncoded('a\ud800b😀')).toBe('a%EF%BF%BDb%F0%9F%98%80');
  });
});
