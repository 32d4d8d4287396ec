/** What the log of a running mock says, to people and to programs. */

import { describe, expect, test } from 'vitest';
import { pets, post, startMock } from './process.js';

const asha = { phone_number: '919000000001', name: 'Asha', action: 'send_otp' };
const documented = { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' };

describe('the pretty log', () => {
  test('has a line for each exchange, with what was decided and why', async () => {
    const mock = await startMock([], { TZ: 'UTC' });
    const started = mock.stdout().length;
    await post(`${mock.url}/api/v1/login`, asha);
    await post(`${mock.url}/api/v1/login`, { ...documented, name: 3, otp: 4 });
    await post(`${mock.url}/api/v1/login`, documented);
    await fetch(`${mock.url}/api/v1/get_current_user`);
    await post(`${mock.url}/api/v1/logout?from=menu`, '', { prefer: 'code=401, example=token-expired' });
    await fetch(`${mock.url}/api/v1/logn`);
    await mock.printed(/Did you mean/);
    const lines = mock.stdout().slice(started).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'HH:MM:SS'))).toEqual([
      'HH:MM:SS  POST    /api/v1/login                                     200  otp-sent',
      expect.stringMatching(/^ {10}sms to 919000000001: otp \d{5}$/),
      'HH:MM:SS  POST    /api/v1/login                                     400  invalid-request',
      expect.stringMatching(/^ {10}body \/name must be .+ {2}openapi\/matar\/openapi\.yaml:\d+:\d+$/),
      expect.stringMatching(/^ {10}body \/otp must be .+ {2}openapi\/matar\/openapi\.yaml:\d+:\d+$/),
      'HH:MM:SS  POST    /api/v1/login                                     200  logged-in',
      'HH:MM:SS  GET     /api/v1/get_current_user                          401  missing-token (inferred)',
      'HH:MM:SS  POST    /api/v1/logout?from=menu                          401  token-expired (preferred)',
      'HH:MM:SS  GET     /api/v1/logn                                      404  unknown-path',
      '          The contract has no path /api/v1/logn. Did you mean /api/v1/login?',
    ]);
  });

  test('goes by the clock of the mock, and says when that has come to another day', async () => {
    const mock = await startMock([pets], { TZ: 'UTC' });
    await post(`${mock.url}/__counterfoil/clock`, { move: '2031-01-31T12:34:56Z' });
    await fetch(`${mock.url}/pets`);
    await mock.printed(/^2031-01-31, by the clock of the mock\n12:34:5\d {2}GET/m);
  });

  test('shows control characters instead of sending them to the terminal', async () => {
    const mock = await startMock(['matar']);
    await post(`${mock.url}/api/v1/login`, { ...asha, phone_number: '\u001b[2J\u009b1m\u202e\n9' });
    await mock.printed(/sms to \\u001b\[2J\\u009b1m\\u202e\\u000a9: otp \d{5}$/m);
    await post(`${mock.url}/api/v1/login`, '{"name": \u001b[31m\u0007');
    await fetch(`${mock.url}/api/\u001b[31m?q=\u001b[31m`);
    await mock.printed(/unknown-path/);
    expect(mock.stdout()).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u);
  });
});

describe('the JSON log', () => {
  test('is one object a line and alone on stdout', async () => {
    const mock = await startMock(['matar', '--log', 'json']);
    await post(`${mock.url}/api/v1/login`, { ...asha, name: '\u009b31m' });
    await fetch(`${mock.url}/api/v1/get_current_user`);
    await mock.printed(/get_current_user","query"/);
    mock.signal('SIGTERM');
    expect(await mock.ended).toBe(0);
    const lines = mock.stdout().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { type: 'listening', url: mock.url },
      expect.objectContaining({ type: 'message', to: '919000000001', content: { otp: expect.any(String) } }),
      expect.objectContaining({
        type: 'exchange',
        request: expect.objectContaining({ method: 'POST', path: '/api/v1/login' }),
        decision: expect.objectContaining({ transition: 'otp-sent' }),
      }),
      expect.objectContaining({ type: 'exchange', response: expect.objectContaining({ status: 401 }) }),
    ]);
    expect(mock.stdout()).toContain('\\u009b31m');
    expect(mock.stdout()).not.toContain('\u009b');
    expect(mock.stderr()).toMatch(/^counterfoil 0\.1\.0\n[\s\S]*\nStopped\.\n$/);
  });
});

test('no log says nothing after the start', async () => {
  const mock = await startMock([pets, '--log', 'off']);
  const started = mock.stdout();
  await fetch(mock.url);
  mock.signal('SIGTERM');
  expect(await mock.ended).toBe(0);
  expect(mock.stdout()).toBe(`${started}Stopped.\n`);
});
