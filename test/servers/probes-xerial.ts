/** What is done to a Xerial server to see its defects: each probe is a few calls, and all that they show is written down. */

import { type Caller, caller, type Received, type Sent, type Target } from './caller.js';
import { type Forgery, forgeries } from './forge.js';

/** A Xerial server, its calls by name. */
type Xerial = Omit<Caller, 'transcript'> & {
  session(user: string): Promise<string>;
  logout(refreshToken: string, within?: number): Promise<Received>;
  refresh(refreshToken: string): Promise<Received>;
  clock(seconds: number): Promise<void>;
};

type Probe = (xerial: Xerial) => Promise<unknown>;

const day = 86_400;
const logoutLine = 'POST /api/auth/logout';
const refreshLine = 'POST /api/auth/refresh-tokens';
const asha = '5ebac534954b54139806c112';
const ravi = '6596c43e56a5a81e1c0d3d23';
const renewed = ({ text }: Received): string => text('refresh', 'token');

/** Runs a probe; gives what was seen. */
export async function probeXerial(name: string, target: Target): Promise<readonly unknown[]> {
  const probe = probes[name];
  if (probe === undefined) throw new TypeError(`there is no probe "${name}" of Xerial`);
  const { transcript, ...calls } = caller(target);
  await probe({
    ...calls,
    session: target.session,
    logout: (refreshToken, within = 10_000) => calls.call(logoutLine, { json: { refreshToken }, within }),
    refresh: (refreshToken) => calls.call(refreshLine, { json: { refreshToken } }),
    clock: target.moveClock,
  });
  return transcript;
}

const probes: Readonly<Record<string, Probe>> = {
  async 'log out, and again'(xerial) {
    const token = await xerial.session(asha);
    for (const _ of [1, 2]) await xerial.logout(token);
    await xerial.refresh(token);
  },

  async refresh(xerial) {
    const old = await xerial.session(asha);
    const token = renewed(await xerial.refresh(old));
    await xerial.refresh(old);
    await xerial.logout(old);
    await xerial.refresh(token);
  },

  async 'refresh as two users'(xerial) {
    for (const user of [asha, ravi]) await xerial.refresh(await xerial.session(user));
  },

  async 'log out one of three sessions'(xerial) {
    const tokens = [await xerial.session(asha), await xerial.session(asha), await xerial.session(ravi)];
    await xerial.logout(tokens[0] ?? '');
    for (const token of tokens) await xerial.refresh(token);
  },

  async 'refresh one of four sessions'(xerial) {
    const tokens: string[] = [];
    for (const user of [asha, asha, asha, ravi]) tokens.push(await xerial.session(user));
    await xerial.logout(tokens[0] ?? '');
    await xerial.refresh(tokens[1] ?? '');
    for (const token of tokens) await xerial.logout(token);
  },

  async 'fail to log out'(xerial) {
    const token = await xerial.session(asha);
    await xerial.logout('unknown');
    await xerial.refresh(token);
  },

  async 'fail to refresh'(xerial) {
    const token = await xerial.session(asha);
    await xerial.refresh('unknown');
    await xerial.logout(token);
  },

  /** Three times: a machine under load may take longer than the defect lasts. */
  async 'use a token right after its logout'(xerial) {
    for (const _ of [1, 2, 3]) {
      const token = await xerial.session(asha);
      await xerial.logout(token);
      await xerial.logout(token);
    }
  },

  async 'use a token that is too old'(xerial) {
    const token = await xerial.session(asha);
    await xerial.clock(1440 * day);
    await xerial.refresh(token);
    for (const _ of [1, 2]) await xerial.logout(token);
  },

  async 'use the access token'(xerial) {
    const { text } = await xerial.refresh(await xerial.session(asha));
    const access = text('access', 'token');
    await xerial.logout(access);
    await xerial.refresh(access);
  },

  async 'use forged tokens'(xerial) {
    const token = await xerial.session(asha);
    for (const forgery of Object.keys(forgeries) as Forgery[]) {
      await xerial.refresh(forgeries[forgery](token));
    }
  },

  async 'log out four times at once'(xerial) {
    const refreshToken = await xerial.session(asha);
    await xerial.together(4, logoutLine, { json: { refreshToken } });
  },

  async 'refresh four times at once'(xerial) {
    const refreshToken = await xerial.session(asha);
    await xerial.together(4, refreshLine, { json: { refreshToken } });
  },

  async 'fail with little patience'(xerial) {
    await xerial.logout('unknown', 2500);
  },

  /** The quicker of two: a machine under load may be slow once. */
  async 'measure the time'(xerial) {
    const times = [await xerial.logout('unknown'), await xerial.logout('unknown')];
    xerial.note('is slow', Math.min(...times.map(({ milliseconds }) => milliseconds)) > 1500);
  },

  async 'ask six times'(xerial) {
    for (const _ of [1, 2, 3, 4, 5, 6]) await xerial.logout('unknown');
  },

  async 'use other methods'(xerial) {
    for (const method of ['GET', 'DELETE']) await xerial.call(`${method} /api/auth/logout`);
  },

  async 'send what is not right'(xerial) {
    const token = await xerial.session(asha);
    for (const sent of wrong) for (const line of [logoutLine, refreshLine]) await xerial.call(line, sent);
    await xerial.call(logoutLine, { json: { refreshToken: token }, type: 'text/plain' });
    await xerial.logout(token);
  },

  async 'send what is unusual'(xerial) {
    for (const text of ['', '🪔', 'a\u0000b', "' OR 1=1 --", 'x'.repeat(20_000), '\ud800']) {
      await xerial.logout(text);
      await xerial.refresh(text);
    }
  },
};

const json = 'application/json';
const wrong: readonly Sent[] = [
  { text: '{"refreshToken":', type: json },
  { text: '' },
  { json: {} },
  { json: [] },
  { json: { refreshToken: null } },
  { json: { refreshToken: 123 } },
  { json: { refreshToken: { $ne: null } } },
];
