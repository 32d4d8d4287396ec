/** What is done to a Matar server to see its defects: each probe is a few calls, and all that they show is written down. */

import { type Caller, caller, type Received, type Sent, type Target } from './caller.js';
import { type Forgery, forgeries } from './forge.js';

type Session = { readonly phone: string; readonly access: string; readonly refresh: string };
type Body = Readonly<Record<string, unknown>>;

/** A Matar server, its calls by name. */
type Matar = Omit<Caller, 'transcript'> & {
  /** A number that nobody has used. */
  phone(): string;
  /** Asks for an OTP, and reads it. */
  otp(phone: string, more?: Body): Promise<string>;
  submit(phone: string, otp: string, more?: Body): Promise<Received>;
  login(phone?: string, more?: Body): Promise<Session>;
  user(authorization?: string): Promise<Received>;
  logout(authorization?: string, within?: number): Promise<Received>;
  clock(seconds: number): Promise<void>;
};

type Probe = (matar: Matar) => Promise<unknown>;

const day = 86_400;
const path = '/api/v1';
const bearer = ({ access }: Session): string => `Bearer ${access}`;
/** Five other digits. */
const other = (otp: string): string => otp.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));

let phones = 0;

/** Runs a probe; gives what was seen. */
export async function probeMatar(name: string, target: Target): Promise<readonly unknown[]> {
  const probe = probes[name];
  if (probe === undefined) throw new TypeError(`there is no probe "${name}" of Matar`);
  const { transcript, ...calls } = caller(target);
  let own = 0;
  const matar: Matar = {
    ...calls,
    phone() {
      phones += 1;
      own += 1;
      const number = `9190${String(phones).padStart(8, '0')}`;
      calls.name(number, `phone ${own}`);
      return number;
    },
    async otp(phone, more) {
      const json = { phone_number: phone, name: 'Asha', action: 'send_otp', ...more };
      const { status } = await calls.call(`POST ${path}/login`, { json });
      if (status !== 200 && status !== 201) return '';
      const otp = await target.sms(phone);
      calls.name(otp, 'OTP');
      return otp;
    },
    submit: (phone, otp, more) =>
      calls.call(`POST ${path}/login`, {
        json: { phone_number: phone, name: 'Asha', action: 'submit_otp', otp, ...more },
      }),
    async login(phone = matar.phone(), more = {}) {
      const { text } = await matar.submit(phone, await matar.otp(phone), more);
      return { phone, access: text('access_token'), refresh: text('refresh_token') };
    },
    user: (authorization) => calls.call(`GET ${path}/get_current_user`, { authorization }),
    logout: (authorization, within = 10_000) => calls.call(`POST ${path}/logout`, { authorization, within }),
    clock: target.moveClock,
  };
  await probe(matar);
  return transcript;
}

const probes: Readonly<Record<string, Probe>> = {
  'ask for an OTP': (matar) => matar.otp(matar.phone()),

  async 'submit a wrong OTP'(matar) {
    const phone = matar.phone();
    await matar.submit(phone, other(await matar.otp(phone)));
  },

  async 'submit a wrong OTP three times'(matar) {
    const phone = matar.phone();
    const otp = await matar.otp(phone);
    for (const tries of [1, 2, 3, 4]) await matar.submit(phone, `${tries}${other(otp)}`);
  },

  async 'submit the right OTP after a wrong one'(matar) {
    const phone = matar.phone();
    const otp = await matar.otp(phone);
    await matar.submit(phone, other(otp));
    await matar.submit(phone, otp);
  },

  async 'submit an OTP that is too old'(matar) {
    const phone = matar.phone();
    const otp = await matar.otp(phone);
    await matar.clock(600);
    await matar.submit(phone, otp);
  },

  async 'submit an OTP that was replaced'(matar) {
    const phone = matar.phone();
    const first = await matar.otp(phone);
    await matar.otp(phone);
    await matar.submit(phone, first);
  },

  async "submit another number's OTP"(matar) {
    const [phone, others] = [matar.phone(), matar.phone()];
    const [own, otp] = [await matar.otp(phone), await matar.otp(others)];
    if (own !== otp) await matar.submit(phone, otp);
  },

  async 'submit what resembles the OTP'(matar) {
    const phone = matar.phone();
    const otp = await matar.otp(phone);
    for (const each of ['', otp.slice(0, 3), `${otp}0`]) await matar.submit(phone, each);
    for (const each of [`${otp}.0`, ` ${otp}`]) await matar.submit(phone, each);
  },

  async 'name an unknown organization'(matar) {
    await matar.otp(matar.phone(), { organization_id: 'NOSUCH' });
    await matar.login(matar.phone(), { organization_id: 'K7QUEV' });
  },

  'log in': (matar) => matar.login(),

  async 'log in as two users'(matar) {
    const [one, two] = [await matar.login(), await matar.login()];
    for (const each of [one, two]) await matar.user(bearer(each));
  },

  async 'log in twice'(matar) {
    const first = await matar.login();
    const second = await matar.login(first.phone, { name: 'Another', organization_id: '685QVK' });
    for (const each of [first, second]) await matar.user(bearer(each));
  },

  async 'show the user'(matar) {
    await matar.user(bearer(await matar.login()));
  },

  async 'register with all details'(matar) {
    const name = 'Zoë & Ravi <of the long, long name>';
    const picture = 'https://pictures.example/zoe.png';
    const session = await matar.login(matar.phone(), { name, image_url: picture, organization_id: 'K7QUEV' });
    await matar.user(bearer(session));
  },

  async 'log out, and again'(matar) {
    const session = await matar.login();
    await matar.logout(bearer(session));
    await matar.user(bearer(session));
    await matar.logout(bearer(session));
    await matar.user(bearer(session));
  },

  async 'log out one of three sessions'(matar) {
    const one = await matar.login();
    const two = await matar.login(one.phone);
    const three = await matar.login();
    await matar.logout(bearer(one));
    for (const each of [one, two, three]) await matar.user(bearer(each));
  },

  async 'log out and in again'(matar) {
    const first = await matar.login();
    await matar.logout(bearer(first));
    const second = await matar.login(first.phone);
    for (const each of [first, second]) await matar.user(bearer(each));
  },

  async 'use a revoked token a day later'(matar) {
    const session = await matar.login();
    await matar.logout(bearer(session));
    await matar.clock(day);
    await matar.user(bearer(session));
  },

  /** Three times: a machine under load may take longer than the defect lasts. */
  async 'use a token right after its logout'(matar) {
    for (const _ of [1, 2, 3]) {
      const session = await matar.login();
      await matar.logout(bearer(session));
      await matar.user(bearer(session));
    }
  },

  async 'ask for an OTP while logged in'(matar) {
    const session = await matar.login();
    await matar.otp(session.phone);
    await matar.user(bearer(session));
  },

  async 'fail to log in while logged in'(matar) {
    const session = await matar.login();
    await matar.submit(session.phone, other(await matar.otp(session.phone)));
    await matar.user(bearer(session));
  },

  async 'use a token that is too old'(matar) {
    const session = await matar.login();
    await matar.clock(10 * day);
    await matar.user(bearer(session));
    await matar.logout(bearer(session));
  },

  async 'use no token'(matar) {
    await matar.login();
    await matar.user();
    await matar.logout();
  },

  async 'use the token in other ways'(matar) {
    const { access } = await matar.login();
    for (const each of [`bearer ${access}`, `BEARER ${access}`, `Basic ${access}`]) await matar.user(each);
    for (const each of [access, 'Bearer', 'Bearer garbage', '']) await matar.user(each);
  },

  async 'use the refresh token'(matar) {
    await matar.user(`Bearer ${(await matar.login()).refresh}`);
  },

  async 'use forged tokens'(matar) {
    const { access } = await matar.login();
    for (const forgery of Object.keys(forgeries) as Forgery[]) {
      await matar.user(`Bearer ${forgeries[forgery](access)}`);
    }
  },

  async 'log out four times at once'(matar) {
    const authorization = bearer(await matar.login());
    await matar.together(4, `POST ${path}/logout`, { authorization });
  },

  async 'log in four times at once'(matar) {
    const phone = matar.phone();
    const otp = await matar.otp(phone);
    const json = { phone_number: phone, name: 'Asha', action: 'submit_otp', otp };
    await matar.together(4, `POST ${path}/login`, { json });
  },

  async 'log in and out three times'(matar) {
    for (const _ of [1, 2, 3]) await matar.logout(bearer(await matar.login()));
  },

  async 'log out with little patience'(matar) {
    await matar.logout(bearer(await matar.login()), 2500);
  },

  /** The quicker of two: a machine under load may be slow once. */
  async 'measure the time'(matar) {
    const times = [await matar.user(), await matar.user()].map(({ milliseconds }) => milliseconds);
    matar.note('is slow', Math.min(...times) > 1500);
  },

  async 'ask six times'(matar) {
    for (const _ of [1, 2, 3, 4, 5, 6]) await matar.user();
  },

  async 'use other methods'(matar) {
    const authorization = bearer(await matar.login());
    for (const line of [`GET ${path}/login`, `DELETE ${path}/get_current_user`, `GET ${path}/logout`]) {
      await matar.call(line, { authorization });
    }
    await matar.call(`HEAD ${path}/get_current_user`, { authorization });
  },

  async 'send what is not right'(matar) {
    for (const sent of wrong) await matar.call(`POST ${path}/login`, sent);
  },

  async 'send what is unusual'(matar) {
    for (const name of ['🪔 आशा', "O'Neill; --", 'a\u0000b', 'x'.repeat(20_000), '\ud800']) {
      await matar.user(bearer(await matar.login(matar.phone(), { name })));
      await matar.otp(matar.phone(), { name });
    }
    await matar.otp(matar.phone(), { nothing: 'known' });
  },
};

const json = 'application/json';
const good = { phone_number: '919000000000', name: 'Asha', action: 'send_otp' };
const wrong: readonly Sent[] = [
  { text: '{"action":', type: json },
  { text: '', type: json },
  { text: `${'['.repeat(100_000)}${']'.repeat(100_000)}`, type: json },
  { text: 'null', type: json },
  { json: [good] },
  { json: { ...good, phone_number: 919000000000 } },
  { json: { ...good, name: null } },
  { json: { phone_number: good.phone_number, action: good.action } },
  { json: { ...good, action: 'resend_otp' } },
  { json: good, type: 'text/plain' },
];
