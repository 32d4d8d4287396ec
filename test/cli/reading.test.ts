/** How the commands read documents: with mistakes, with overlays, as Swagger. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, start, startMock } from './process.js';

const pets = (extra: string): string => `openapi: 3.1.1
info: { title: Pets, version: '1' }
paths:
  /pets:
    get: { responses: { '200': { description: All, content: { application/json: { example: [Rex] } } } }${extra} }
`;
const overlay = `overlay: 1.0.0
info: { title: Cats, version: '1' }
actions:
  - target: $.paths['/pets'].get.responses['200'].content['application/json']
    update: { example: [Tom] }
`;

async function outcome(args: readonly string[]) {
  const started = start(args);
  const exitCode = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

describe('a document with mistakes', () => {
  const wrong = pets(', colour: red, tags: 5');

  test('is served, and each is told with its line', async () => {
    const file = path.join(await folderWith({ 'openapi.yaml': wrong }), 'openapi.yaml');
    const mock = await startMock([file]);
    expect(await (await fetch(`${mock.url}/pets`)).json()).toEqual(['Rex']);
    expect(mock.stdout()).toContain(
      'Pets has 2 mistakes; what they concern is passed over (--strict refuses it):',
    );
    expect(mock.stdout()).toMatch(/openapi\.yaml:5:\d+: "get" has an unknown field "colour"\./);
  });

  test('is refused with --strict, all told', async () => {
    const file = path.join(await folderWith({ 'openapi.yaml': wrong }), 'openapi.yaml');
    const { exitCode, stderr } = await outcome(['mock', file, '--strict']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('2 problems.');
  });

  test('is checked, its mistakes told beside the report', async () => {
    const file = path.join(await folderWith({ 'openapi.yaml': wrong }), 'openapi.yaml');
    const { exitCode, stdout, stderr } = await outcome([
      'check',
      file,
      '--mock',
      '--seed',
      '1',
      '--walks',
      '0',
    ]);
    expect(stderr).toContain('Pets has 2 mistakes');
    expect(stdout).toContain('CONFORMS');
    expect(exitCode).toBe(0);
  });

  test('is told in ten lines, however many there are', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `, colour${index}: red`).join('');
    const file = path.join(await folderWith({ 'openapi.yaml': pets(many) }), 'openapi.yaml');
    const { stdout, stderr } = await outcome(['describe', file]);
    expect(stdout).toContain('Pets');
    expect(stderr.match(/unknown field/g)).toHaveLength(10);
    expect(stderr).toContain('  and 20 more: --strict lists them all');
  });
});

describe('an overlay', () => {
  test('changes what is served', async () => {
    const folder = await folderWith({ 'openapi.yaml': pets(''), 'cats.yaml': overlay });
    const mock = await startMock([folder, '--overlay', path.join(folder, 'cats.yaml')]);
    expect(await (await fetch(`${mock.url}/pets`)).json()).toEqual(['Rex', 'Tom']);
  });

  test('is for one document', async () => {
    const folder = await folderWith({ 'cats.yaml': overlay });
    const { exitCode, stderr } = await outcome(['mock', '--overlay', path.join(folder, 'cats.yaml')]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error: --overlay changes one document: name one API.\n');
  });
});

test('a folder with a swagger.json is served', async () => {
  const swagger = {
    swagger: '2.0',
    info: { title: 'Old', version: '1' },
    basePath: '/v1',
    paths: {
      '/pets': {
        get: {
          produces: ['application/json'],
          responses: { 200: { description: 'All', examples: { 'application/json': ['Rex'] } } },
        },
      },
    },
  };
  const mock = await startMock([await folderWith({ 'swagger.json': JSON.stringify(swagger) })]);
  expect(await (await fetch(`${mock.url}/v1/pets`)).json()).toEqual(['Rex']);
});
