/** How a check reaches a server, how much it sends, and how it is stopped: seen from the server's side. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { certificate, key } from '../conformance/certificate.js';
import { petServer, runCheck } from './check-server.js';
import { folderWith, pets, start } from './process.js';

describe('what a server sees', () => {
  test('is no more requests than are allowed, no faster, with the fields of the user, and only those chosen', async () => {
    const { url, received } = await petServer();
    const limits = ['--rate', '25', '--max-requests', '6', '--header', 'X-Tenant: a', '--seed', '1'];
    const { exitCode, stdout } = await runCheck([
      pets,
      '--url',
      url,
      ...limits,
      '--only',
      'GET /pets',
      '--safe',
    ]);
    expect([exitCode, received.length]).toEqual([0, 6]);
    const took = (received.at(-1)?.at ?? 0) - (received[0]?.at ?? 0);
    expect(took).toBeGreaterThan(0.8 * 5 * (1000 / 25));
    expect(new Set(received.map(({ headers }) => headers['x-tenant']))).toEqual(new Set(['a']));
    expect(
      received.every(
        ({ method, url: path }) => /^(GET|HEAD|OPTIONS)$/.test(method) && path.startsWith('/pets'),
      ),
    ).toBe(true);
    expect(stdout).toContain('incomplete');
  });

  test('goes to the proxy, and past it to nobody', async () => {
    const { url, received } = await petServer();
    const { exitCode } = await runCheck([
      pets,
      '--url',
      'http://pets.invalid',
      '--proxy',
      url,
      '--only',
      'examples',
    ]);
    expect(exitCode).toBe(3); // this proxy opens no tunnel
    expect(received).toEqual([]);
  });

  test('is encrypted, to whom the user trusts', async () => {
    const create = (listener: Parameters<typeof createSecureServer>[1]) =>
      createSecureServer({ cert: certificate, key }, listener);
    const { url, received } = await petServer({ create });
    const folder = await folderWith({ 'ca.pem': certificate });
    const few = [pets, '--url', url, '--only', 'examples'];
    const [untrusted, trusted, insecure] = await Promise.all([
      runCheck(few),
      runCheck([...few, '--ca', path.join(folder, 'ca.pem')]),
      runCheck([...few, '--insecure']),
    ]);
    expect([trusted?.exitCode, insecure?.exitCode]).toEqual([0, 0]);
    expect(untrusted?.exitCode).not.toBe(0);
    expect(untrusted?.stdout).toMatch(/certificate/i);
    expect(received).toHaveLength(12); // six each
  });
});

describe('a check that is stopped', () => {
  const args = (url: string, folder: string): readonly string[] => [
    ...['check', pets, '--url', url, '--report', 'terminal', '--report', `json:${folder}/new/check.json`],
    ...['--baseline', `${folder}/known.json`, '--update-baseline'],
  ];
  const known = '{ "version": 1, "findings": [{ "id": "a", "check": "error-leak", "title": "t" }] }';

  test('by Ctrl-C writes its reports, marked incomplete, and leaves the baseline as it is', async () => {
    const { url, received } = await petServer({ delay: 30 });
    const folder = await folderWith({ 'known.json': known });
    const started = start(args(url, folder));
    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(3);
    started.signal('SIGINT');
    expect(await started.ended).toBe(130);
    const report: unknown = JSON.parse(readFileSync(`${folder}/new/check.json`, 'utf8'));
    expect(report).toMatchObject({ summary: { complete: false, stopped: 'interrupted' } });
    expect(started.stdout()).toContain('incomplete');
    expect(started.stderr()).toBe(
      `Stopped. The reports are written. Ctrl-C again ends at once.\n${folder}/known.json is not written, for the run did not come to its end.\n`,
    );
    expect(readFileSync(`${folder}/known.json`, 'utf8')).toBe(known);
  });

  test('by a limit of time does so too', async () => {
    const { url } = await petServer({ delay: 30 });
    const folder = await folderWith({ 'known.json': known });
    const started = start([...args(url, folder), '--max-time', '0.2']);
    expect(await started.ended).toBe(0);
    const report: unknown = JSON.parse(readFileSync(`${folder}/new/check.json`, 'utf8'));
    expect(report).toMatchObject({ summary: { complete: false, stopped: 'time-limit' } });
    expect(readFileSync(`${folder}/known.json`, 'utf8')).toBe(known);
  });

  test('does not wait for an answer', async () => {
    const { url, received } = await petServer({ delay: 100_000 });
    const started = start(['check', pets, '--url', url, '--timeout', '100']);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    started.signal('SIGINT');
    expect(await started.ended).toBe(130);
  });
});

test('who stops reading standard output hears nothing more, and files are written all the same', async () => {
  const { url } = await petServer({ pets: ['Tom'] });
  const folder = await folderWith({});
  const args = ['dist/cli/main.js', 'check', pets, '--url', url, '--only', 'protocol', '--verbose'];
  const child = spawn(
    process.execPath,
    [...args, '--report', 'terminal', '--report', `junit:${folder}/check.xml`],
    {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect([exitCode, complaint]).toEqual([1, '']);
  expect(readFileSync(`${folder}/check.xml`, 'utf8')).toMatch(/<\/testsuites>\s*$/);
});
