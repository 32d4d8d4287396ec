/** What the flags of `counterfoil mock` do to the mock that it runs. */

import { describe, expect, test } from 'vitest';
import { pets, post, startMock } from './process.js';

const here = 'http://localhost:5173';
const elsewhere = 'https://elsewhere.example';

describe('counterfoil mock', () => {
  test('--otp makes every one-time password that one', async () => {
    const mock = await startMock(['matar', '--otp', '00000']);
    const user = { phone_number: '919000000001', name: 'Asha' };
    await post(`${mock.url}/api/v1/login`, { ...user, action: 'send_otp' });
    await mock.printed(/sms to 919000000001: otp 00000$/m);
    const answer = await post(`${mock.url}/api/v1/login`, { ...user, action: 'submit_otp', otp: '00000' });
    expect(answer.status).toBe(200);
  });

  test('--no-control serves no control API', async () => {
    const mock = await startMock([pets, '--no-control']);
    expect((await fetch(`${mock.url}/__counterfoil`)).status).toBe(404);
    expect(mock.stdout()).not.toContain('Control');
  });

  test('--host asks for a token where other machines reach the control API, and prints it', async () => {
    const mock = await startMock([pets, '--host', '0.0.0.0']);
    const [, token = ''] = await mock.printed(/authorization: Bearer ([0-9a-f]{32})/);
    const control = `${mock.url}/__counterfoil`;
    expect(mock.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect((await fetch(control)).status).toBe(401);
    expect((await fetch(control, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test('--control-token asks for that token, on this machine too', async () => {
    const mock = await startMock([pets, '--control-token', 'open-sesame']);
    const control = `${mock.url}/__counterfoil`;
    expect((await fetch(control)).status).toBe(401);
    expect((await fetch(control, { headers: { authorization: 'Bearer open-sesame' } })).status).toBe(200);
    expect(mock.stdout()).not.toContain('open-sesame');
  });

  test.each([
    ['any origin may call', [], { [here]: '*', [elsewhere]: '*' }],
    ['--cors lets some origins call', ['--cors', here], { [here]: here, [elsewhere]: null }],
    ['--no-cors lets none call', ['--no-cors'], { [here]: null, [elsewhere]: null }],
  ])('%s', async (_, flags, allowed) => {
    const mock = await startMock([pets, ...flags]);
    for (const [origin, answered] of Object.entries(allowed)) {
      const answer = await fetch(`${mock.url}/pets`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(answered);
    }
  });

  test('--by-name serves an API below its name', async () => {
    const mock = await startMock([pets, '--by-name']);
    expect((await fetch(`${mock.url}/pets/pets`)).status).toBe(200);
    expect((await fetch(`${mock.url}/pets`)).status).toBe(404);
  });
});
