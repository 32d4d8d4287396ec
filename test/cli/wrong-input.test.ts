/** What is wrong on the command line, in a contract or with an address: told in a sentence, with an exit code. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { explained } from '../../cli/failure.js';
import { folderWith, start, startMock } from './process.js';

async function outcome(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const started = start(args, env);
  const exitCode = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

describe('a wrong command line', () => {
  const usage = 'Run it with --help to see every command and flag.\n';

  test.each([
    [['mok'], "error: unknown command 'mok'\n(Did you mean mock?)\n"],
    [['mock', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\n"],
    [['mock', '--port', '65536'], 'Give a number from 0 to 65535; 0 is any free port.\n'],
    [['mock', '--log', 'loud'], 'Allowed choices are pretty, json, off.\n'],
    [['mock', '--no-control', '--control-token', 'a'], "option '--no-control' cannot be used with option"],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await outcome(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.endsWith(usage)).toBe(true);
  });

  test('names the environment variable that is wrong', async () => {
    const { exitCode, stderr } = await outcome(['mock'], { PORT: 'http' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("option '--port <n>' value 'http' from env 'PORT' is invalid. Give a number");
  });
});

describe('a contract that cannot be read', () => {
  test('is told of where it is missing', async () => {
    const { exitCode, stdout, stderr } = await outcome(['mock', 'matra']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      'matra:1:1: there is no matra. Name a file, a folder, or one of: matar, xerial.\n1 problem.\n',
    );
  });

  test('is told of with all its problems, over several files, each with line and column', async () => {
    const folder = await folderWith({
      'syntax.yaml': 'openapi: 3.1.1\ninfo: { title: A, version: "1" }\npaths: [\n',
      'reference.yaml':
        'openapi: 3.1.1\ninfo: { title: B, version: "1" }\npaths:\n  /a: { $ref: ./a.yaml }\n  /b: { $ref: "#/nothing" }\n',
    });
    const files = ['syntax.yaml', 'reference.yaml'].map((name) => path.join(folder, name));
    const { exitCode, stdout, stderr } = await outcome(['mock', ...files, '--strict']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    const lines = stderr.trim().split('\n');
    expect(lines.map((line) => /^(.*):\d+:\d+: .+\. .+\.$/.exec(line)?.[1])).toEqual([
      files[0],
      files[1],
      files[1],
      undefined,
    ]);
    expect(lines[1]).toMatch(/reference\.yaml:4:\d+: /);
    expect(lines[2]).toMatch(/reference\.yaml:5:\d+: the reference "#\/nothing" leads nowhere\. /);
    expect(lines[3]).toBe('3 problems.');
  });

  test('cannot steer the terminal by its text', async () => {
    const folder = await folderWith({ 'openapi.yaml': 'openapi: "9.2.\\e[31m"\n' });
    const { exitCode, stderr } = await outcome(['mock', folder]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('\\u001b[31m');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('an address that cannot be had', () => {
  test('is told of with the flag to choose another port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    expect(await outcome(['mock', 'matar', '--port', port])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: Port ${port} of 127.0.0.1 is in use. Choose another with --port, or any free one with --port 0.\n`,
    });
    const { url } = await startMock(['matar'], { PORT: port });
    expect(url).not.toContain(`:${port}`);
  });

  test('is told of with the flag to choose another host', async () => {
    const { exitCode, stderr } = await outcome(['mock', 'matar', '--host', '192.0.2.77']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: This machine has no address 192.0.2.77. Choose another with --host: ');
  });
});

describe('an error that nobody foresaw', () => {
  const error = new TypeError('it is \u001b[31mred');

  test('is one line, and says how to see the stack', () => {
    expect(explained(error, false)).toEqual({
      text: 'error: TypeError: it is \\u001b[31mred (please report it; set COUNTERFOIL_DEBUG=1 for the stack)',
      exitCode: 1,
    });
    expect(explained('boom', false).text).toContain('error: boom (');
  });

  test('shows its stack where that is asked for', () => {
    expect(explained(error, true).text).toMatch(/^error: TypeError: it is \\u001b\[31mred\n {4}at /);
  });
});
