/** Where reports go: which ones by default, and files that are whole. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { usualReports, writeWhole } from '../../cli/check-reports.js';
import { folderWith } from './process.js';

describe('without a wish there is', () => {
  test.each<[env: Readonly<Record<string, string>>, reports: readonly string[]]>([
    [{}, ['terminal']],
    [{ GITHUB_STEP_SUMMARY: '/tmp/a' }, ['terminal']],
    [{ GITHUB_ACTIONS: 'true' }, ['terminal', 'github']],
    [
      { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/tmp/a' },
      ['terminal', 'github', 'github-summary:/tmp/a'],
    ],
  ])('in %j: %j', (env, reports) => {
    expect(usualReports(env)).toEqual(reports);
  });
});

describe('a file', () => {
  test('is written in one step, in a folder that is made', async () => {
    const folder = await folderWith({});
    const file = path.join(folder, 'a/b/c.xml');
    writeWhole(file, 'old');
    writeWhole(file, 'new');
    expect([readFileSync(file, 'utf8'), readdirSync(path.dirname(file))]).toEqual(['new', ['c.xml']]);
  });

  test('that belongs to several is added to', async () => {
    const folder = await folderWith({ 'summary.md': 'before\n' });
    writeWhole(path.join(folder, 'summary.md'), 'after\n', true);
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toBe('before\nafter\n');
  });

  test('that cannot be written leaves nothing behind, and says why', async () => {
    const folder = await folderWith({ file: '' });
    expect(() => writeWhole(path.join(folder, 'file', 'x'), '')).toThrow(/file\/x cannot be written: /);
    expect(() => writeWhole(folder, '')).toThrow(/cannot be written: /);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
