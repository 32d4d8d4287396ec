/** `counterfoil compare` as a process: what it prints, what it saves, and the exit code. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sessionCalls } from '../contracts/session-calls.js';
import { petServer } from './check-server.js';
import { folderWith, pets, start, startMock } from './process.js';

type Ran = { readonly exitCode: number | string; readonly stdout: string; readonly stderr: string };

async function compareBy(args: readonly string[]): Promise<Ran> {
  const started = start(['compare', ...args]);
  const exitCode = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

describe('two servers that do not part', () => {
  it.each(['matar', 'xerial'] as const)(
    'are two mocks of %s with other secrets, over sockets',
    async (name) => {
      const api = await sessionCalls(name);
      const [a, b] = await Promise.all([
        startMock([api, '--seed', '1', '--secret', 'one']),
        startMock([api, '--seed', '2', '--secret', 'two']),
      ]);
      const urls = ['--url', a.url, '--url', b.url];
      const { exitCode, stdout, stderr } = await compareBy([
        api,
        ...urls,
        '--seed',
        '1',
        '--only',
        'workflows',
        '--only',
        'examples',
      ]);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^A and B do not part\.$/m);
      expect(stdout).toMatch(/^\d{2,} answers compared in \d+ workflows: \d+ the same, 0 parted; 0 not/m);
      expect(exitCode).toBe(0);
    },
  );

  it('are the mock and itself, in the process', async () => {
    const args = [
      await sessionCalls('xerial'),
      '--mock',
      '--url',
      'mock',
      '--only',
      'examples',
      '--seed',
      '1',
      '--json',
    ];
    const { exitCode, stdout } = await compareBy(args);
    const { a, b, equal, complete, partings, requests } = JSON.parse(stdout);
    expect({ a, b, equal, complete, partings }).toEqual({
      a: 'mock',
      b: 'mock',
      equal: true,
      complete: true,
      partings: [],
    });
    expect(requests.a).toBeGreaterThan(5);
    expect(exitCode).toBe(0);
  });
});

describe('two servers that part', () => {
  const parted = async (...more: readonly string[]): Promise<Ran> => {
    const [a, b] = [await petServer(), await petServer({ pets: ['Bello'] })];
    return compareBy([pets, '--url', a.url, '--url', b.url, '--seed', '1', ...more]);
  };

  it('are told with what both answer, what the contract says, and the calls', async () => {
    const { exitCode, stdout } = await parted();
    expect(stdout).toContain('GET /pets\n  ✗ item 0 is another at B\n');
    expect(stdout).toMatch(/^ {4}A {9}"Rex"$/m);
    expect(stdout).toMatch(/^ {4}B {9}"Bello"$/m);
    expect(stdout).toMatch(/^ {4}contract {2}it leaves open what A answers, and forbids what B answers$/m);
    expect(stdout).toMatch(/^ {4}calls {5}1 {2}GET \/pets -> 200$/m);
    expect(stdout).toMatch(/^A and B part in 1 way\.$/m);
    expect(exitCode).toBe(1);
  });

  it('do not where the place is ignored', async () => {
    const { exitCode } = await parted('--ignore', '/0');
    expect(exitCode).toBe(0);
  });

  it('are told as JSON', async () => {
    const { exitCode, stdout } = await parted('--json');
    const [parting] = JSON.parse(stdout).partings;
    expect(parting).toMatchObject({
      kind: 'content',
      endpoint: 'GET /pets',
      at: '/0',
      a: '"Rex"',
      b: '"Bello"',
      contract: { a: 'open', b: 'forbidden' },
      calls: [{ call: 'GET /pets', a: [{ status: 200 }], b: [{ status: 200 }] }],
    });
    expect(parting.confirmed.shown).toBe(parting.confirmed.of);
    expect(exitCode).toBe(1);
  });

  it('are saved as workflows, which show it again', async () => {
    const file = path.join(await folderWith({}), 'parted.arazzo.json');
    await parted('--save', file);
    const saved = JSON.parse(await readFile(file, 'utf8'));
    expect(saved.arazzo).toBe('1.0.1');
    expect(saved.workflows).toHaveLength(1);
    const { exitCode, stdout } = await parted('--replay', file);
    expect(stdout).toMatch(/^ {2}1 workflow, seed 1$/m);
    expect(exitCode).toBe(1);
    const same = await petServer();
    const again = await compareBy([pets, '--url', same.url, '--url', same.url, '--replay', file]);
    expect(again.exitCode).toBe(0);
  });

  it('may have fields of their own', async () => {
    const [a, b] = [await petServer(), await petServer()];
    const fields = ['--header', 'x-both: 1', '--header-a', 'x-side: a', '--header-b', 'x-side: b'];
    await compareBy([pets, '--url', a.url, '--url', b.url, ...fields]);
    for (const [server, side] of [
      [a, 'a'],
      [b, 'b'],
    ] as const)
      for (const { headers } of server.received)
        expect({ both: headers['x-both'], side: headers['x-side'] }).toEqual({ both: '1', side });
    expect(a.received.length).toBeGreaterThan(0);
  });
});

describe('what cannot be compared', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['no server', [pets], 'Which two servers? Give --url twice'],
    ['one server', [pets, '--url', 'http://127.0.0.1:1'], 'Which two servers? Give --url twice'],
    ['three servers', [pets, '--mock', '--url', 'mock', '--url', 'mock'], 'Give no more than two.'],
    ['an address that is none', [pets, '--url', 'localhost'], 'Give a whole URL'],
    ['an unknown operation', [pets, '--mock', '--url', 'mock', '--only', 'addPets'], 'Did you mean addPet?'],
    ['a contract that is not there', ['./nowhere.yaml', '--mock', '--url', 'mock'], 'nowhere.yaml'],
  ])('is %s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await compareBy(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is a server that nobody reaches: it is said which', async () => {
    const { url } = await petServer();
    const { exitCode, stdout } = await compareBy([pets, '--url', url, '--url', 'http://127.0.0.1:1']);
    expect(stdout).toMatch(/^B cannot be reached: /m);
    expect(exitCode).toBe(3);
  });

  it('is a workflow whose values one of them does not have: it is counted, with the reason', async () => {
    const matar = await sessionCalls('matar');
    const { url } = await startMock([matar]);
    const other = await petServer();
    const args = [
      matar,
      '--url',
      url,
      '--url',
      other.url,
      '--only',
      'examples',
      '--skip',
      'logout',
      '--json',
    ];
    const { stdout } = await compareBy([...args, '--no-prompt']);
    const { notCompared } = JSON.parse(stdout);
    expect(notCompared.map(({ reason }: { readonly reason: string }) => reason).join('\n')).toMatch(
      /^at B .*phone_number/m,
    );
  });
});

describe('before anything is sent', () => {
  it('the plan can be seen', async () => {
    const { exitCode, stdout } = await compareBy([
      await sessionCalls('matar'),
      '--mock',
      '--url',
      'http://127.0.0.1:1',
      '--dry-run',
    ]);
    expect(stdout).toMatch(/Nothing was sent\.$/m);
    expect(exitCode).toBe(0);
  });

  it('--help tells of every flag and exit code', async () => {
    const { stdout } = await compareBy(['--help']);
    for (const flag of [
      '--url',
      '--mock',
      '--input-a',
      '--clock-command-b',
      '--ignore',
      '--tolerance',
      '--save',
      '--json',
    ])
      expect(stdout).toContain(flag);
    expect(stdout).toMatch(/^ {2}3 {4}one of the servers cannot be reached$/m);
  });
});
