/** The README, done word by word in a fresh copy: its shell lines and its code run as they stand. */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const notCopied = new Set(['node_modules', 'dist', 'test/dist', '.git']);
/** The address that the README names; here every server takes a free port instead. */
const writtenAddress = 'http://127.0.0.1:4010';

type Block = { readonly language: string; readonly text: string };

const readme = await readFile(path.join(root, 'README.md'), 'utf8');
const blocks: readonly Block[] = Array.from(
  readme.matchAll(/^```(\w+)\n(.*?)^```$/gms),
  ([, language = '', text = '']) => ({ language, text }),
);
const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
const started = 'npm ci && npm start\n';
const tested = 'npm ci && npm test\n';
const servers = shell.filter((text) => /^npx counterfoil mock(?!.*--help)/.test(text));
const lines = shell.filter((text) => text !== started && text !== tested && !servers.includes(text));

let copy: string;
let server: ChildProcess;
let address: string;

/** Whole checks are run by other tests: that the commands work shows in their first requests. */
function shortened(text: string): string {
  return text.replaceAll(/counterfoil (?:check|compare) \w+/g, '$& --max-requests 60');
}

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'counterfoil-readme-'));
  await cp(root, copy, { recursive: true, filter: (source) => !notCopied.has(path.relative(root, source)) });
  server = run(started);
  address = await addressOf(server);
}, 300_000);

afterAll(async () => {
  if (server !== undefined) await stop(server);
  await rm(copy, { recursive: true, force: true });
});

describe('the README', () => {
  test('begins with the command that runs the main job, and names the one that runs the tests', () => {
    expect(shell[0]).toBe(started);
    expect(shell).toContain(tested);
  });

  test.for(lines)('has a shell block that runs: %s', async (text, context) => {
    if (/\bcurl\b/.test(text) && spawnSync('curl', ['--version']).error)
      context.skip('curl is not installed');
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-e', '-c', shortened(text).replaceAll(writtenAddress, address)],
      { cwd: copy },
    );
    expect(stdout).not.toBe('');
    const promised = blocks[blocks.findIndex((block) => block.text === text) + 1];
    if (promised?.language === 'json') {
      const answers = promised.text.trim().split('\n');
      expect(stdout.trimEnd().endsWith(answers.join('')), stdout).toBe(true);
    }
  });

  test.for(servers)('has a command that starts a server: %s', async (text) => {
    const started = run(text);
    const answer = await fetch(`${await addressOf(started)}/__counterfoil`);
    expect(answer.status).toBe(200);
    await stop(started);
  });

  test.for(blocks.filter(({ language }) => language === 'js'))(
    'has code that runs: $text',
    async ({ text }) => {
      const file = path.join(copy, 'snippet.mjs');
      await writeFile(file, text);
      await promisify(execFile)(process.execPath, [file], { cwd: copy });
    },
  );

  test('links only to files that exist', async () => {
    const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, link = '']) => link);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) await expect(readFile(path.join(root, link)), link).resolves.toBeDefined();
  });
});

/** Runs a shell text in the copy, in a process group of its own. */
function run(text: string): ChildProcess {
  const env = {
    ...process.env,
    PORT: '0',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false', // what nobody looks at is not asked of the registry
    npm_config_fund: 'false',
  };
  return spawn('sh', ['-c', text], { cwd: copy, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The address that a starting server prints. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found !== null) resolve(found[0]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => reject(new Error(`the server did not start:\n${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  if (child.pid !== undefined && child.exitCode === null) {
    process.kill(-child.pid, 'SIGTERM');
    await gone;
  }
}
