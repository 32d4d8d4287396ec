/** The sequences that show deep defects, played as they stand in deep-defects.json: each line is one request. */

import { caller, type Received, type Target } from './caller.js';

/** Plays lines on a server; what was seen of each, in order. */
export type PlayLines = (
  lines: readonly string[],
  target: Target,
  left?: number,
) => Promise<readonly unknown[]>;

let people = 0;

/** A person of whom the server has never heard. */
const nobody = (): string => {
  people += 1;
  return `9195${String(people).padStart(8, '0')}`;
};

/** Nothing that a server has given out. */
const nothing = 'none';

/**
 * Matar: `send_otp to A`, `submit_otp as A`, which is the login that gives the tokens A1, A2 and so on, `logout with A1`. The
 * line at `left` is left out, and all others stay what they were: what it would have given is not there.
 */
export const playMatar: PlayLines = async (lines, target, left) => {
  const { call, name, transcript } = caller(target);
  const phones = new Map<string, string>();
  const otps = new Map<string, string[]>();
  const tokens = new Map<string, string>();
  const logins = new Map<string, number>();

  const phoneOf = (who: string): string => {
    const phone = phones.get(who) ?? nobody();
    if (!phones.has(who)) name(phone, `phone ${who}`);
    phones.set(who, phone);
    return phone;
  };
  const sendOtp = async (who: string): Promise<void> => {
    const phone = phoneOf(who);
    await login({ phone_number: phone, name: 'Asha', action: 'send_otp' });
    const otp = await target.sms(phone);
    name(otp, 'OTP');
    otps.set(who, [...(otps.get(who) ?? []), otp]);
  };
  const submitOtp = async (who: string, how: string): Promise<void> => {
    const number = (logins.get(who) ?? 0) + (isLogin(how) ? 1 : 0);
    logins.set(who, number);
    const own = otps.get(who) ?? [];
    const otp = own.at(how.includes('before') ? -2 : -1) ?? nothing;
    const received = await login({
      phone_number: phoneOf(who),
      name: how.includes('name') ? 'Another' : 'Asha',
      action: 'submit_otp',
      otp: how.includes('wrong') ? otherThan(own) : otp,
    });
    if (isLogin(how)) tokens.set(`${who}${number}`, received.text('access_token'));
  };
  const login = (json: object): Promise<Received> => call('POST /api/v1/login', { json });

  for (const [index, line] of lines.entries()) {
    const [, action = '', who = '', how = ''] = /^(\w+) (?:to|as|with) (\w+)(.*)$/.exec(line) ?? [];
    const authorization = `Bearer ${tokens.get(who) || nothing}`;
    if (index === left) {
      if (action === 'submit_otp' && isLogin(how)) logins.set(who, (logins.get(who) ?? 0) + 1);
    } else if (action === 'send_otp') await sendOtp(who);
    else if (action === 'submit_otp') await submitOtp(who, how);
    else if (action === 'logout') await call('POST /api/v1/logout', { authorization });
    else if (action === 'get_current_user') await call('GET /api/v1/get_current_user', { authorization });
    else throw new TypeError(`nobody can play "${line}"`);
  }
  return transcript;
};

const isLogin = (how: string): boolean => !/wrong|before/.test(how);

/** Five digits that are none of these. */
function otherThan(otps: readonly string[]): string {
  const last = otps.at(-1) ?? '00000';
  const other = String((Number(last) + 1) % 100_000).padStart(5, '0');
  return otps.includes(other) ? otherThan([...otps, other]) : other;
}

/**
 * Xerial: `refresh A1` and `log out A1` take the newest refresh token of the first session of A, `refresh A1 with the token
 * before` the one that it has replaced. Sessions are opened outside, in the order of their numbers.
 */
export const playXerial: PlayLines = async (lines, target, left) => {
  const { call, transcript } = caller(target);
  const users = new Map<string, string>();
  const tokens = new Map<string, string[]>();
  for (const session of [...new Set(lines.map((line) => sessionIn(line)))].toSorted()) {
    const who = session.slice(0, 1);
    const user = users.get(who) ?? nobody();
    users.set(who, user);
    tokens.set(session, [await target.session(user)]);
  }
  for (const [index, line] of lines.entries()) {
    if (index === left) continue;
    const own = tokens.get(sessionIn(line)) ?? [];
    const json = { refreshToken: own.at(line.endsWith(' before') ? -2 : -1) ?? nothing };
    if (line.startsWith('log out ')) await call('POST /api/auth/logout', { json });
    else if (line.startsWith('refresh ')) {
      const refreshed = (await call('POST /api/auth/refresh-tokens', { json })).text('refresh', 'token');
      if (refreshed !== '') own.push(refreshed);
    } else throw new TypeError(`nobody can play "${line}"`);
  }
  return transcript;
};

const sessionIn = (line: string): string => /[A-Z]\d/.exec(line)?.[0] ?? '';
