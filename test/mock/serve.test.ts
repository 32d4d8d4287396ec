/** Listening: where a mock may be reached, what is said when it cannot listen, and the clock that it runs on. */

import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createMock,
  type Listening,
  type ListenOptions,
  listen,
  type MockOptions,
} from '../../mock/index.js';
import { matar } from './contracts.js';

async function listening(options: ListenOptions, mockOptions: MockOptions = {}): Promise<Listening> {
  const served = await listen(createMock(matar, mockOptions), options);
  onTestFinished(served.close);
  return served;
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');

describe('listening', () => {
  test('takes any free port for port 0, and tells it', async () => {
    const { url, port } = await listening({ port: 0 });
    expect(port).toBeGreaterThan(0);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${url}/api/v1/get_current_user`)).status).toBe(401);
  });

  test('tells an IPv6 address in brackets', async (context) => {
    if (!hasIpv6) context.skip('this machine has no IPv6');
    const { url, port } = await listening({ port: 0, host: '::1' });
    expect(url).toBe(`http://[::1]:${port}`);
    expect((await fetch(`${url}/api/v1/get_current_user`)).status).toBe(401);
  });

  test('says that a port is in use', async () => {
    const { port } = await listening({ port: 0 });
    await expect(listening({ port })).rejects.toMatchObject({
      name: 'ListenError',
      code: 'port-in-use',
      message: `Port ${port} of 127.0.0.1 is in use.`,
    });
  });

  test.each(['192.0.2.1', 'no-such-host.invalid'])(
    'says that this machine has no address %s',
    async (host) => {
      await expect(listening({ port: 0, host }, { control: false })).rejects.toMatchObject({
        code: 'no-such-address',
        message: `This machine has no address ${host}.`,
      });
    },
  );

  test.each(['0.0.0.0', '::', '', '192.0.2.1', 'localhost.example'])(
    'leaves the control API open to no other machine: %j',
    async (host) => {
      await expect(listening({ port: 0, host })).rejects.toMatchObject({ code: 'unguarded' });
    },
  );

  test.each<[string, MockOptions]>([
    ['with a token', { control: { token: 'secret' } }],
    ['without the control API', { control: false }],
  ])('is open to other machines %s', async (_, options) => {
    const { port } = await listening({ port: 0, host: '0.0.0.0' }, options);
    const url = `http://127.0.0.1:${port}`;
    expect((await fetch(`${url}/api/v1/get_current_user`)).status).toBe(401);
    expect((await fetch(`${url}/__counterfoil/state`)).status).toBe(options.control === false ? 404 : 401);
  });

  test('ends once, however often it is told to', async () => {
    const { url, close } = await listening({ port: 0 });
    await Promise.all([close(), close()]);
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('the clock of a mock', () => {
  test('runs on the clock that it is given, and moves from there', () => {
    let now = 1000;
    const { clock } = createMock(matar, { clock: () => now });
    clock.move('PT1M');
    expect([clock.now(), clock.offset()]).toEqual([61_000, 60_000]);
    now += 500;
    clock.move('-PT2M');
    expect([clock.now(), clock.offset()]).toEqual([-58_500, -60_000]);
    clock.move('2026-01-31T12:00:00Z');
    expect(clock.now()).toBe(Date.UTC(2026, 0, 31, 12));
    now += 500;
    expect(clock.now()).toBe(Date.UTC(2026, 0, 31, 12) + 500);
    clock.reset();
    expect([clock.now(), clock.offset()]).toEqual([now, 0]);
  });

  test.each(['', '10 days', '2026-02-30', 'tomorrow'])('is not moved by %j', (text) => {
    const { clock } = createMock(matar, { clock: () => 0 });
    expect(() => clock.move(text)).toThrow(
      new TypeError(`"${text}" is neither a duration (PT10M, P10D) nor an instant (2026-01-31T12:00:00Z)`),
    );
    expect(clock.now()).toBe(0);
  });

  test('is that of this machine where none is given', () => {
    const before = Date.now();
    const now = createMock(matar).clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
