/** Overlays (Overlay Specification 1.0 and 1.1): what they change, where their parts are said to stand, and what is wrong. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { locate, parseSource } from '../../openapi/document/locate.js';
import { overlaid } from '../../openapi/document/overlay.js';
import { loadContract } from '../../openapi/load.js';
import { complaintsOf, folderOf, head } from './folders.js';

const document = `${head}servers: [{ url: /a }, { url: /b }, { url: /c }]
paths:
  /pets:
    get: { tags: [x], responses: { '200': { description: All } } }
    delete: { responses: { '204': { description: Gone } } }
  /owners:
    get: { responses: { '200': { description: All } } }
`;

const overlayOf = (actions: string): string =>
  `overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions:\n${actions}`;

/** The document with the actions of an overlay applied. */
function changed(actions: string, text = document) {
  return overlaid(parseSource('openapi.yaml', text), parseSource('overlay.yaml', overlayOf(actions)));
}

describe('an update', () => {
  test.each<[what: string, actions: string, pointer: string, value: unknown]>([
    [
      'adds a member',
      '  - { target: $.info, update: { license: MIT } }\n',
      '/info',
      { title: 'T', version: '1', license: 'MIT' },
    ],
    [
      'replaces a single value',
      '  - { target: $.info, update: { title: New } }\n',
      '/info',
      { title: 'New', version: '1' },
    ],
    [
      'merges objects in objects',
      "  - { target: $, update: { info: { 'x-a': 1 } } }\n",
      '/info',
      { title: 'T', version: '1', 'x-a': 1 },
    ],
    [
      'appends to an array that it selects',
      '  - { target: $.servers, update: { url: /d } }\n',
      '/servers',
      [{ url: '/a' }, { url: '/b' }, { url: '/c' }, { url: '/d' }],
    ],
    [
      'appends the items of an array',
      '  - { target: $.servers, update: [{ url: /d }, { url: /e }] }\n',
      '/servers/4',
      { url: '/e' },
    ],
    [
      'appends to an array within what it merges',
      '  - { target: "$.paths[\'/pets\'].get", update: { tags: [y] } }\n',
      '/paths/~1pets/get/tags',
      ['x', 'y'],
    ],
    [
      'replaces a single value that it selects',
      '  - { target: $.info.title, update: New }\n',
      '/info/title',
      'New',
    ],
    ['replaces an object by a list', '  - { target: $, update: { info: [1] } }\n', '/info', [1]],
    [
      'changes all that it selects',
      "  - { target: '$.paths.*.get', update: { 'x-read': true } }\n",
      '/paths/~1owners/get/x-read',
      true,
    ],
    [
      'takes names that JavaScript has uses for',
      '  - { target: $.info, update: { __proto__: { a: 1 } } }\n',
      '/info/__proto__',
      { a: 1 },
    ],
  ])('%s', (_, actions, pointer, value) => {
    const { source, problems } = changed(actions);
    expect(problems).toEqual([]);
    const found = pointer
      .slice(1)
      .split('/')
      .reduce<unknown>((inner, token) => {
        const name = token.replaceAll('~1', '/');
        return typeof inner === 'object' && inner !== null
          ? Object.getOwnPropertyDescriptor(inner, name)?.value
          : undefined;
      }, source.value);
    expect(found).toEqual(value);
  });

  test('of an object by a single value is refused, and told', () => {
    const { source, problems } = changed('  - { target: $.info, update: 1 }\n');
    expect(source.value).toMatchObject({ info: { title: 'T' } });
    expect(problems.map(({ what }) => what)).toEqual([
      'the target $.info selects an object, and what is to be added is none',
    ]);
  });
});

describe('a removal', () => {
  test('takes away all that is selected, items of a list from the back', () => {
    const { source } = changed(
      "  - { target: '$.servers[0,2]', remove: true }\n  - { target: $.paths.*.delete, remove: true }\n",
    );
    expect(source.value).toMatchObject({ servers: [{ url: '/b' }] });
    expect(JSON.stringify(source.value)).not.toContain('delete');
  });

  test('comes before what a later action adds again', () => {
    const { source } = changed(
      '  - { target: $.servers, remove: true }\n  - { target: $, update: { servers: [{ url: /new }] } }\n',
    );
    expect(source.value).toMatchObject({ servers: [{ url: '/new' }] });
  });
});

test('a copy repeats what stands elsewhere', () => {
  const { source } = changed(
    '  - { target: $.paths, update: { /dogs: {} } }\n  - { target: "$.paths[\'/dogs\']", copy: "$.paths[\'/owners\']" }\n',
  );
  expect(source.value).toMatchObject({ paths: { '/dogs': { get: { responses: { '200': {} } } } } });
});

describe('a place', () => {
  const { source } = changed(`  - target: $.info
    update:
      license: MIT
  - target: $.servers[0]
    remove: true
  - target: $.servers
    update:
      url: /d
`);
  test.each([
    ['what was there', '/paths/~1pets/get', 'openapi.yaml:6:5'],
    ['what was added', '/info/license', 'overlay.yaml:6:7'],
    ['within what was added', '/servers/2/url', 'overlay.yaml:11:7'],
    ['what moved up in a list', '/servers/0/url', 'openapi.yaml:3:26'],
  ])('%s is where it is written', (_, pointer, expected) => {
    const { file, line, column } = locate(source, pointer);
    expect(`${file}:${line}:${column}`).toBe(expected);
  });
});

describe('a wrong overlay', () => {
  const complaints = async (text: string): Promise<readonly string[]> => {
    const folder = await folderOf({ 'openapi.yaml': document, 'overlay.yaml': text });
    const options = { strict: true, overlays: [path.join(folder, 'overlay.yaml')] };
    return loadContract(folder, options).then(
      () => [],
      (error: Error) => error.message.replaceAll(`${folder}/`, '').split('\n'),
    );
  };
  test.each([
    [
      'no overlay at all',
      'a: 1\n',
      'overlay.yaml:1:1: this is not an overlay: it has no "overlay" field. Write overlay: "1.0.0".',
    ],
    [
      'another version',
      'overlay: 2.0.0\nactions: []\n',
      'overlay.yaml:1:1: Overlay 2.0.0 is not supported. Write overlay: "1.0.0".',
    ],
    [
      'no actions',
      'overlay: 1.0.0\nactions: []\n',
      'overlay.yaml:2:1: "actions" must be a list of at least one action. Add one, with a target.',
    ],
    [
      'no target',
      overlayOf('  - { update: {} }\n'),
      'overlay.yaml:4:5: the action has no "target". Add a JSONPath, for example $.info.',
    ],
    [
      'nothing to do',
      overlayOf('  - { target: $ }\n'),
      'overlay.yaml:4:5: the action has neither "update" nor "remove". Add one of them.',
    ],
    [
      'a target that selects nothing',
      overlayOf('  - { target: $.nothing, remove: true }\n'),
      'overlay.yaml:4:7: the target $.nothing selects nothing. Correct it, or remove the action.',
    ],
  ])('with %s is told with its place', async (_, text, complaint) => {
    expect(await complaints(text)).toEqual([complaint]);
  });

  test('with a target that is no JSONPath is told with its place', async () => {
    const [told] = await complaints(overlayOf("  - { target: '$[', remove: true }\n"));
    expect(told).toMatch(/^overlay\.yaml:4:7: "\$\[" is not a JSONPath: .+\. Write it as in RFC 9535\.$/);
  });
});

test('a mistake that an overlay brings in is told where the overlay says it', async () => {
  const folder = await folderOf({
    'openapi.yaml': document,
    'overlay.yaml': overlayOf("  - target: $.paths['/pets'].get\n    update:\n      operationId: 5\n"),
  });
  const contract = await loadContract(folder, { overlays: [path.join(folder, 'overlay.yaml')] });
  expect(contract.problems.map(({ what, location }) => [what, location.line])).toEqual([
    ['"operationId" must be a string', 6],
  ]);
});

test('state rules of an overlay are those of the contract', async () => {
  const folder = await folderOf({
    'openapi.yaml': document,
    'overlay.yaml': overlayOf(`  - target: $.paths['/pets'].get
    update:
      x-transitions:
        - { name: shown, response: '200' }
`),
  });
  const { operations } = await loadContract(folder, { overlays: [path.join(folder, 'overlay.yaml')] });
  expect(operations.find(({ path }) => path === '/pets')?.transitions.map(({ name }) => name)).toEqual([
    'shown',
  ]);
});

test('an overlay that says what it extends can be named instead of the document', async () => {
  const folder = await folderOf({
    'overlay.yaml': overlayOf('  - { target: $.info, update: { title: Extended } }\n').replace(
      'actions:',
      'extends: ./api/openapi.yaml\nactions:',
    ),
    'api/openapi.yaml': document,
  });
  expect((await loadContract(path.join(folder, 'overlay.yaml'))).title).toBe('Extended');
});

test('an overlay that does not say what it extends is no contract', async () => {
  expect(await complaintsOf({ 'overlay.yaml': overlayOf('  - { target: $, update: {} }\n') })).toEqual([
    'overlay.yaml:1:1: this is an overlay that does not say which document it extends. Add "extends", or give the document, and this one by --overlay.',
  ]);
});
