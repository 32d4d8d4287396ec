/** What `counterfoil mock` prints when it starts, and that it is true. */

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pets, post, start, startMock } from './process.js';

const petsText = (url: string): string => `counterfoil 0.1.0

Pets 2  test/cli/pets.yaml
  GET     /pets
          200  made from its schema
  POST    /pets       Add a pet to the list of all the pets that there are, howev…
          201   no content
          400*  nameless, full*
  DELETE  /pets/{id}
          204      no content
          default  made from its schema

  Try it:
  curl -i -X POST ${url}/pets -H 'content-type: application/json' --data-raw '{"name":"Kit'\\''s"}'

* inferred: the documentation does not say so; the contract does, and gives its reason.

Base URL  ${url}
Control   ${url}/__counterfoil  state, clock, journal, and the inbox of OTPs
OTP       00000  for everybody
Tokens    are signed with HS256 and this secret:
          paper
Seed      7  --seed 7 makes the same values again
Watching  1 file  a change is served at once, the state is kept

Ctrl-C stops it.

`;

describe('counterfoil mock, as it starts', () => {
  test('introduces what it serves, without colour where no terminal is', async () => {
    const flags = ['--watch', '--seed', '7', '--otp', '00000', '--secret', 'paper'];
    const mock = await startMock([pets, ...flags]);
    expect(mock.stdout()).toBe(petsText(mock.url));
    expect(mock.stderr()).toBe('');
  });

  test('serves every shipped API', async () => {
    const mock = await startMock();
    expect(mock.stdout()).toMatch(/^Matar 1\.0\.0 {2}openapi\/matar\/openapi\.yaml$/m);
    expect(mock.stdout()).toMatch(/^Xerial 1\.0\.0 {2}openapi\/xerial\/openapi\.yaml$/m);
    expect(mock.stdout()).toContain(
      `  POST  /api/v1/login                                     Ask for an OTP, or log in with it
        200  otp-sent, tokens
        400  expired-otp, invalid-otp, no-such-organization
`,
    );
    expect(mock.stdout()).toContain('\n        204  no content\n');
    expect(mock.stdout()).toContain(
      'authorization-required*, token-expired, invalid-token*, token-revoked\n',
    );
  });

  test('prints curl lines that work', async (context) => {
    if (spawnSync('curl', ['--version']).error !== undefined) context.skip('curl is not installed');
    const mock = await startMock(['--host', '0.0.0.0']);
    const lines = [...mock.stdout().matchAll(/^ +(curl .+)$/gm)].map(([, line]) => line ?? '');
    const answers = await Promise.all(lines.map((line) => promisify(execFile)('sh', ['-c', line])));
    expect(answers.map(({ stdout }) => /^HTTP\/1\.1 \d+/.exec(stdout)?.[0])).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 200',
    ]);
    expect(answers[0]?.stdout).toContain('access_token');
  });

  test('prints the secret that tokens are signed with, and the seed that makes it again', async () => {
    const number = { phone_number: '919000000001', name: 'Asha', action: 'send_otp' };
    const said = [];
    for (let run = 0; run < 2; run += 1) {
      const mock = await startMock(['matar', '--seed', '7']);
      await post(`${mock.url}/api/v1/login`, number);
      const [, otp] = await mock.printed(/sms to 919000000001: otp (\d{5})$/m);
      const [, secret] = await mock.printed(/this secret:\n {10}([0-9a-f]{64})$/m);
      said.push({ otp, secret });
    }
    expect(said[0]).toEqual(said[1]);
  });

  test.each([
    ['prints its version', ['--version'], /^0\.1\.0\n$/],
    ['explains itself', ['--help'], /^Usage: counterfoil [\s\S]*\nExamples:\n[\s\S]*\nExit codes:\n/],
    [
      'explains the mock',
      ['mock', '--help'],
      /^Usage: counterfoil mock [\s\S]*--allow-outside[\s\S]*\nExit codes:\n/,
    ],
  ])('%s', async (_, args, text) => {
    const help = start(args);
    expect(await help.ended).toBe(0);
    expect(help.stdout()).toMatch(text);
    expect(help.stderr()).toBe('');
  });
});
