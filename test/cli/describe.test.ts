/** `counterfoil describe` as a process: what it prints and writes, and how it ends. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchor, demoted, link, pageLink, plain, sentences, table } from '../../cli/markdown.js';
import { folderWith, pets, start } from './process.js';

describe('counterfoil describe', () => {
  test('prints a page of Markdown about any contract', async () => {
    const described = start(['describe', pets]);
    expect(await described.ended).toBe(0);
    expect(described.stderr()).toBe('');
    expect(described.stdout()).toMatch(/^# Pets 2: the ledger\n/);
    expect(described.stdout()).toContain('### DELETE /pets/{id}\n');
    expect(described.stdout()).toMatch(/\n$/);
  });

  test('prints JSON, and writes the same to a file', async () => {
    const folder = await folderWith({});
    const file = path.join(folder, 'new', 'matar.json');
    const printing = start(['describe', 'matar', '--json']);
    const writing = start(['describe', 'matar', '--json', '--output', file]);
    expect([await printing.ended, await writing.ended]).toEqual([0, 0]);
    expect(writing.stdout()).toBe('');
    expect(await readFile(file, 'utf8')).toBe(printing.stdout());
    expect(JSON.parse(printing.stdout())).toMatchObject({ name: 'matar', title: 'Matar' });
  });

  test('concludes no rules when it is asked not to', async () => {
    const folder = await folderWith({ 'openapi.json': JSON.stringify(things) });
    const [withRules, without] = [
      start(['describe', folder]),
      start(['describe', folder, '--no-inferred-rules']),
    ];
    expect([await withRules.ended, await without.ended]).toEqual([0, 0]);
    expect(withRules.stdout()).toContain('State rules;');
    expect(without.stdout()).not.toContain('State rules;');
  });

  test('prints no character that a terminal would act on', async () => {
    const info = { ...things.info, description: 'a\u001b[31mred\u202e' };
    const folder = await folderWith({ 'openapi.json': JSON.stringify({ ...things, info }) });
    const described = start(['describe', folder]);
    expect(await described.ended).toBe(0);
    expect(described.stdout()).toContain('a\\u001b[31mred\\u202e');
  });

  test('ends with 2 where there is no contract, or a wrong one', async () => {
    const folder = await folderWith({ 'openapi.yaml': 'openapi: 9.1.1\npaths: {}\n' });
    for (const [given, words] of [
      ['nowhere.yaml', 'there is no nowhere.yaml'],
      [folder, 'OpenAPI 9.1.1 is not supported'],
    ] as const) {
      const described = start(['describe', given]);
      expect(await described.ended).toBe(2);
      expect(described.stderr()).toContain(words);
      expect(described.stdout()).toBe('');
    }
    expect(await start(['describe']).ended).toBe(2);
  });

  test('ends with 1 where nothing can be written', async () => {
    const folder = await folderWith({ file: '' });
    const described = start(['describe', 'xerial', '--output', path.join(folder, 'file', 'page.md')]);
    expect(await described.ended).toBe(1);
    expect(described.stderr()).toMatch(/^error: .*page\.md cannot be written: /);
  });

  test('explains itself', async () => {
    const help = start(['describe', '--help']);
    expect(await help.ended).toBe(0);
    expect(help.stdout()).toMatch(
      /^Usage: counterfoil describe [\s\S]*--output <file>[\s\S]*\nExamples:\n[\s\S]*\nExit codes:\n/,
    );
  });
});

const schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const thing = { content: { 'application/json': { schema } } };
const things = {
  openapi: '3.1.1',
  info: { title: 'Things', version: '1' },
  paths: {
    '/things': { post: { requestBody: thing, responses: { '201': { description: 'made', ...thing } } } },
    '/things/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: { responses: { '200': { description: 'ok', ...thing } } },
    },
  },
};

describe('a piece of Markdown', () => {
  test('keeps a table together whatever stands in it', () => {
    expect(table(['a', 'b'], [['x|y', 'two\nlines']])).toBe(
      '| a | b |\n| --- | --- |\n| x\\|y | two lines |',
    );
  });

  test('is plain text where a text is plain', () => {
    expect(plain('*a* _b_ snake_case <b> [x] `c` #1')).toBe(
      '\\*a\\* \\_b\\_ snake_case \\<b\\> \\[x\\] \\`c\\` \\#1',
    );
  });

  test('is a link only to a page', () => {
    expect(link('https://a.example/b?c')).toBe('<https://a.example/b?c>');
    expect(link('javascript:alert(1)')).not.toMatch(/^</);
    expect(pageLink('https://a.example/b/some-page/')).toBe('[some-page](https://a.example/b/some-page/)');
    expect(pageLink('https://a.example/(b)')).toBe('<https://a.example/(b)>');
    expect(pageLink('javascript:alert')).not.toContain('](');
  });

  test('lowers headings, but for those in a fence', () => {
    expect(demoted('# a\n## b\n```\n# c\n```\n###### d')).toBe('#### a\n##### b\n```\n# c\n```\n###### d');
  });

  test('joins sentences, each with its full stop', () => {
    expect(sentences(['One', undefined, 'Two.', ' ', 'Three'])).toBe('One. Two. Three');
  });

  test('has the anchor that GitHub gives it', () => {
    expect(anchor('getUser: GET /api/v1/user_by-id/{id}')).toBe('getuser-get-apiv1user_by-idid');
  });
});
