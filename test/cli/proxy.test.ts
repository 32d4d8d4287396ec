/** `counterfoil proxy` as a program: what it prints while traffic passes, what it leaves behind, and how it ends. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dial, servingBytes } from '../conformance/proxied.js';
import { petServer } from './check-server.js';
import { folderWith, pets, type Started, start } from './process.js';

type Running = Started & { readonly url: string };

async function startProxy(target: string, ...args: string[]): Promise<Running> {
  const started = start(['proxy', pets, '--target', target, '--port', '0', ...args]);
  const [, url = ''] = await started.printed(/^Listening on (\S+)$/m);
  return { ...started, url };
}

/** Asks for the pets through a proxy, and waits until that is judged. */
async function askFor(proxy: Running): Promise<void> {
  const response = await fetch(`${proxy.url}/pets?token=hidden-away`);
  await response.text();
  await proxy.printed(/GET .*\/pets/);
}

describe('a proxy', () => {
  test('prints a line for each exchange with its verdict, and at Ctrl-C what it came to', async () => {
    const { url } = await petServer();
    const proxy = await startProxy(url);
    await askFor(proxy);
    await (await fetch(`${proxy.url}/index.html`)).text();
    await proxy.printed(/index\.html/);
    proxy.signal('SIGINT');
    expect(await proxy.ended).toBe(0);
    const lines = proxy.stdout().split('\n');
    expect(lines.find((line) => line.includes('/pets'))).toMatch(
      /^\d\d:\d\d:\d\d {2}GET {6}\/pets\?token=masked-\S+ +200 +\d+ ms {2}conforms$/,
    );
    expect(lines.find((line) => line.includes('index.html'))).toMatch(/404 +\d+ ms {2}not in the contract$/);
    expect(proxy.stdout()).toContain('CONFORMS');
    expect(proxy.stdout()).toMatch(/^2 requests/m);
  });

  test('tells what is wrong where it happens, fails, and writes every report that was asked for', async () => {
    const { url } = await petServer({ pets: 'Rex' });
    const folder = await folderWith({});
    const file = (name: string): string => path.join(folder, name);
    const proxy = await startProxy(
      url,
      ...[
        '--report',
        'terminal',
        '--report',
        `junit:${file('out.xml')}`,
        '--report',
        `json:${file('out.json')}`,
      ],
      ...['--har', file('out.har'), '--save-findings', file('found')],
    );
    await askFor(proxy);
    await proxy.printed(/✗ response-schema-conformance: /);
    proxy.signal('SIGTERM');
    expect(await proxy.ended).toBe(1);
    expect(proxy.stdout()).toMatch(
      /200 +\d+ ms {2}violates the contract\n {10}✗ response-schema-conformance: /,
    );
    expect(readFileSync(file('out.xml'), 'utf8')).toContain('response-schema-conformance');
    const { findings } = JSON.parse(readFileSync(file('out.json'), 'utf8'));
    expect(findings).toHaveLength(1);
    const saved: unknown = JSON.parse(readFileSync(file(`found/${findings[0].id}.arazzo.json`), 'utf8'));
    expect(saved).toMatchObject({ arazzo: '1.0.1', workflows: [{ steps: [{}] }] });
    const { log } = JSON.parse(readFileSync(file('out.har'), 'utf8'));
    expect(log.entries).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain('hidden-away');
  });

  test.each([
    [['--fail-on', 'never'], 0],
    [['--level', 'response-schema-conformance=note'], 0],
    [['--level', 'response-schema-conformance=note', '--fail-on', 'undocumented'], 1],
    [['--level', 'response-schema-conformance=note', '--strict'], 1],
  ])('with %j ends with %i', async (args, exitCode) => {
    const { url } = await petServer({ pets: 'Rex' });
    const proxy = await startProxy(url, ...args);
    await askFor(proxy);
    proxy.signal('SIGINT');
    expect(await proxy.ended).toBe(exitCode);
  });

  test('accepts what its baseline knows', async () => {
    const { url } = await petServer({ pets: 'Rex' });
    const baseline = path.join(await folderWith({}), 'baseline.json');
    for (const args of [['--update-baseline'], []]) {
      const proxy = await startProxy(url, '--baseline', baseline, ...args);
      await askFor(proxy);
      proxy.signal('SIGINT');
      expect(await proxy.ended).toBe(0);
    }
  });

  test('is quiet when asked, leaves standard output to programs, and ends when its time is over', async () => {
    const { url } = await petServer();
    const proxy = start([
      'proxy',
      pets,
      '--target',
      url,
      '--port',
      '0',
      '--quiet',
      '--report',
      'json',
      '--max-time',
      '3',
    ]);
    const [, own = ''] = await proxy.printed(/^Listening on (\S+)$/m);
    await (await fetch(`${own}/pets`)).text();
    expect(await proxy.ended).toBe(0);
    expect(JSON.parse(proxy.stdout())).toMatchObject({ findings: [] });
    expect(proxy.stderr()).not.toContain('/pets');
  });

  test('ends at once at a second Ctrl-C', async () => {
    const { url, server } = await servingBytes(() => {});
    const har = path.join(await folderWith({}), 'out.har');
    const proxy = await startProxy(url, '--har', har);
    const line = dial(Number(new URL(proxy.url).port));
    line.socket.write('GET /pets HTTP/1.1\r\nHost: a\r\n\r\n');
    await new Promise((resolve) => server.once('connection', resolve));
    proxy.signal('SIGINT');
    await proxy.printed(/Stopped/);
    await new Promise((resolve) => setTimeout(resolve, 300)); // sooner it would not be a person's
    proxy.signal('SIGINT');
    expect(await proxy.ended).toBe(130);
    expect(existsSync(har)).toBe(false);
    server.close();
  });

  test.each([
    [['proxy', pets], 'Which server? Give --target'],
    [['proxy', pets, '--target', 'http://a:b@localhost'], 'credentials are for the clients'],
    [['proxy', pets, '--target', 'ftp://localhost'], 'Give a whole URL'],
    [['proxy', pets, '--target', 'http://localhost', '--fail-on', 'x'], 'Allowed choices are violation'],
    [['proxy', pets, '--target', 'http://localhost', '--level', 'stat=off'], 'There is no check "stat"'],
  ])('refuses %j', async (args, reason) => {
    const started = start(args);
    expect(await started.ended).toBe(2);
    expect(started.stderr()).toContain(reason);
  });

  test('says when its port is taken', async () => {
    const { url, port, server } = await servingBytes(() => {});
    const started = start(['proxy', pets, '--target', url, '--port', String(port)]);
    expect(await started.ended).toBe(1);
    expect(started.stderr()).toContain(`cannot listen on 127.0.0.1, port ${port}`);
    server.close();
  });
});
