/** A check on a terminal: a person is asked for what only a person knows, and not too often. */

import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sessionCalls } from '../contracts/session-calls.js';
import { recordedServer } from './check-recorder.js';
import { petServer } from './check-server.js';

const phone = '919743250001';
const hasPython = spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
const missing = hasPython ? '' : ' (skipped: python3 with its module pty is not installed)';

type Shown = { readonly asked: readonly string[]; readonly shown: string; readonly exitCode: number };

/** Runs a check on a pseudo-terminal of 60 columns; `answers` are patterns of questions, and commands that print what is typed. */
async function atTerminal(
  answers: readonly (readonly [pattern: string, command: string])[],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  const command = [process.execPath, 'dist/cli/main.js', 'check', ...args];
  const child = spawn('python3', ['test/cli/pseudo-terminal.py', JSON.stringify(answers), ...command], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return JSON.parse(await text(child.stdout)) as Shown;
}

const xerial = await sessionCalls('xerial');

describe.runIf(hasPython)(`at a terminal${missing}`, () => {
  test('twelve OTPs are enough to try every response, and a phone number is asked for once', async () => {
    const server = await recordedServer('matar-node');
    onTestFinished(() => server.stop());
    const { asked, shown, exitCode } = await atTerminal(
      [
        ['^phone_number$', `echo ${phone}`],
        ['^otp for', server.otpCommand.replace('{phone_number}', phone)],
        ['^name$', 'echo Asha'],
      ],
      [await sessionCalls('matar'), '--url', server.url, '--seed', '1', '--skip', 'schema'],
    );
    expect([exitCode, shown.includes('VIOLATION')]).toEqual([0, false]);
    const otp = `otp for phone_number ${phone}`;
    expect(asked.filter((question) => question !== otp).toSorted()).toEqual(['name', 'phone_number']);
    expect(server.asked()).toHaveLength(12);
    expect(shown).toMatch(/one more otp is needed, and none of 12 is\s+left/);
    expect(stripVTControlCharacters(shown)).toMatch(/responses +6 of +6/);
    expect(stripVTControlCharacters(shown)).toMatch(/operations +3 of +3/);
    expect(shown).toContain('\u001b[');
  });

  test('what is secret is not shown while it is typed, and Ctrl-C at a question ends the run with its report', async () => {
    const { url } = await petServer();
    const { asked, shown, exitCode } = await atTerminal(
      [['^refreshToken', 'echo typed-in-secret']],
      [xerial, '--url', url, '--only', 'workflows', '--max-requests', '4'],
      { NO_COLOR: '1' },
    );
    expect([asked[0], exitCode]).toEqual(['refreshToken', 1]);
    expect(shown).not.toContain('typed-in-secret');
    expect(stripVTControlCharacters(shown)).toBe(shown.replaceAll('\u001b[K', ''));
    const widths = shown.split(/[\r\n]+/).map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...widths.filter((_, index) => index > widths.length - 8))).toBeLessThanOrEqual(60);

    const stopped = await atTerminal([['.', 'echo ^C']], [xerial, '--url', url, '--only', 'workflows']);
    expect(stopped).toMatchObject({ asked: ['refreshToken'], exitCode: 130 });
    expect(stopped.shown).toContain('incomplete');
  });

  test('no answer is nothing tried, said once; and who does not want to be asked is not', async () => {
    const { url } = await petServer();
    const silent = await atTerminal([['.', 'true']], [xerial, '--url', url, '--only', 'workflows']);
    expect(silent.asked).toEqual(['refreshToken']);
    expect(silent.shown).toMatch(/nobody gave a value for refreshToken/);
    const unasked = await atTerminal(
      [['.', 'true']],
      [xerial, '--url', url, '--only', 'workflows', '--no-prompt'],
    );
    expect(unasked.asked).toEqual([]);
    expect(unasked.shown).toMatch(/no value is given for refreshToken/);
  });
});
