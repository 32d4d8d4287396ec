/** POST /api/v1/login: a one-time password is sent, and good for tokens. */

import { randomInt, randomUUID } from 'node:crypto';
import { defect, now, pause, say } from '../control.mjs';
import { json, plain } from './answer.mjs';
import { happened, isKeptAfterWrongOne } from './deep.mjs';
import { claimsFor, logins, loginsOf, opaque, revoke, revoked, sign } from './token.mjs';
import { organizations, users } from './user.mjs';

/** By phone number. */
const otps = new Map();
const lifetime = 600;

export function login(request, content) {
  const read = readJson(request, content);
  if (read.answer !== undefined) return read.answer;
  const body = read.value;
  robust(body, content.toString());
  const errors = faults(body);
  if (errors.length > 0) return json(422, { errors });
  const organization = body.organization_id || organizations[0];
  if (!organizations.includes(organization) && defect !== 'organization-unchecked') {
    if (defect === 'no-such-organization-key') return json(400, { message: 'no such organization' });
    if (defect === 'no-such-organization-word') return json(400, { error: 'No such organization' });
    return json(400, { error: 'no such organization' });
  }
  return body.action === 'send_otp' ? sendOtp(body) : submitOtp(body, organization);
}

function readJson(request, content) {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';');
  const charset = parameters
    .map((each) => each.trim().toLowerCase())
    .find((each) => each.startsWith('charset='));
  const isText = type.trim().toLowerCase() === 'text/plain' && defect === 'text-plain-taken';
  if (type.trim().toLowerCase() !== 'application/json' && !isText) {
    return { answer: plain(415, 'Send application/json.', { accept: 'application/json' }) };
  }
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) {
    return { answer: plain(415, 'Send JSON in UTF-8.', { accept: 'application/json' }) };
  }
  if (defect === '500-on-empty-body' && content.length === 0) throw new TypeError('content is empty');
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) };
  } catch (error) {
    if (defect === '500-on-malformed-json') throw error;
    if (defect === 'stack-trace-in-error') return { answer: plain(400, error.stack) };
    return { answer: plain(400, 'The content is not JSON in UTF-8.') };
  }
}

/** Where a server without care falls over. */
function robust(body, text) {
  if (defect === '500-on-array' && Array.isArray(body)) throw new TypeError('body.get is not a function');
  if (defect === '500-on-number' && typeof body?.phone_number === 'number')
    throw new TypeError('no startsWith');
  if (defect === '500-on-null' && body?.name === null) throw new TypeError('null has no length');
  if (defect === '500-on-astral' && /\p{Extended_Pictographic}|\\ud83/u.test(text))
    throw new Error('Incorrect string value');
  if (defect === '500-on-long-text' && text.length > 10_000)
    throw new Error('value too long for type varchar');
  if (defect === '500-on-null-byte' && text.includes('\\u0000'))
    throw new Error('a string cannot contain NUL');
}

/** What is wrong with a body, by the tables of the documentation. */
function faults(body) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return [{ field: '', message: 'must be an object' }];
  }
  const { action } = body;
  if (defect === 'unknown-action-sends' && typeof action === 'string' && action !== 'submit_otp')
    body.action = 'send_otp';
  else if (action !== 'send_otp' && action !== 'submit_otp') {
    return [{ field: 'action', message: 'must be send_otp or submit_otp' }];
  }
  const isSubmit = action === 'submit_otp';
  const required = isSubmit ? ['phone_number', 'name', 'otp'] : ['phone_number', 'name'];
  const optional = ['source', 'organization_id', 'image_url', ...(isSubmit ? ['fcm_token'] : [])];
  if (defect === 'missing-name-taken' && body.name === undefined) body.name = '';
  if (defect === 'number-taken-as-phone' && typeof body.phone_number === 'number') body.phone_number += '';
  return [
    ...required
      .filter((field) => body[field] === undefined)
      .map((field) => ({ field, message: 'is required' })),
    ...[...required, ...optional]
      .filter((field) => body[field] !== undefined && typeof body[field] !== 'string')
      .map((field) => ({ field, message: 'must be a string' })),
  ];
}

function sendOtp({ phone_number: phone, name }) {
  if (defect === 'quote-breaks-sql' && name.includes("'")) {
    return plain(
      400,
      `syntax error at or near "${name}": INSERT INTO otps (phone, name) VALUES ('${phone}', '${name}')`,
    );
  }
  if (defect === 'send-otp-ends-sessions') for (const each of loginsOf(phone)) revoke(each.access.jti);
  const last = otps.get(phone);
  const code = freshOtp(last?.code);
  const isKept = defect === 'old-otp-still-works' || isKeptAfterWrongOne(phone);
  const earlier = isKept && last !== undefined ? [...last.earlier, last.code] : [];
  otps.set(phone, { code, expires: now() + lifetime, tries: 0, earlier });
  happened('sent', phone);
  say(`sms ${encodeURIComponent(phone.toWellFormed())} ${code}`);
  if (defect === 'sent-otp-word') return json(200, { message: 'otp sent' });
  if (defect === 'sent-otp-letter-case') return json(200, { message: 'Sent OTP' });
  if (defect === 'sent-otp-extra-field') return json(200, { message: 'sent otp', phone_number: phone });
  if (defect === 'sent-otp-status-201') return json(201, { message: 'sent otp' });
  if (defect === 'otp-in-the-answer') return json(200, { message: 'sent otp', otp: code });
  return json(200, { message: 'sent otp' });
}

/** Five digits, and never the same twice in a row. */
function freshOtp(last) {
  const code = String(randomInt(100_000)).padStart(5, '0');
  return code === last ? freshOtp(last) : code;
}

async function submitOtp(body, organization) {
  const { phone_number: phone, otp } = body;
  const pending = otps.get(phone);
  if (!isRight(otp, phone, pending)) return wrongOtp(phone, pending);
  if (pending !== undefined && now() >= pending.expires && defect !== 'otp-never-expires')
    return expiredOtp();
  const user = await userOf(body, organization);
  return tokens(user, phone, body.name);
}

function isRight(otp, phone, pending) {
  if (defect === 'otp-of-another-phone') return [...otps.values()].some(({ code }) => code === otp);
  if (pending === undefined) return false;
  if (defect === 'otp-after-three-tries' && pending.tries >= 3) return true;
  if (defect === 'otp-empty' && otp === '') return true;
  if (defect === 'otp-prefix') return otp !== '' && pending.code.startsWith(otp);
  if (defect === 'otp-longer') return otp.startsWith(pending.code);
  if (defect === 'otp-compared-as-number') return otp.trim() !== '' && Number(otp) === Number(pending.code);
  if (pending.earlier.includes(otp)) return true;
  return otp === otps.get(phone).code;
}

function wrongOtp(phone, pending) {
  if (pending !== undefined) pending.tries += 1;
  happened('failed', phone);
  if (defect === 'failed-login-revokes') for (const each of loginsOf(phone)) revoke(each.access.jti);
  if (defect === 'otp-gone-after-wrong-try') otps.delete(phone);
  if (defect === 'invalid-otp-word') return json(400, { message: 'Incorrect OTP' });
  if (defect === 'invalid-otp-letter-case') return json(400, { message: 'invalid otp' });
  if (defect === 'invalid-otp-key') return json(400, { error: 'Invalid OTP' });
  if (defect === 'invalid-otp-status-401') return json(401, { message: 'Invalid OTP' });
  if (defect === 'invalid-otp-status-200') return json(200, { message: 'Invalid OTP' });
  return json(400, { message: 'Invalid OTP' });
}

function expiredOtp() {
  if (defect === 'expired-otp-word') {
    return json(400, { is_expired_otp: true, message: 'expired otp, please try again' });
  }
  if (defect === 'expired-otp-flag-missing') return json(400, { message: 'expired otp please try again' });
  if (defect === 'expired-otp-flag-text') {
    return json(400, { is_expired_otp: 'true', message: 'expired otp please try again' });
  }
  if (defect === 'expired-otp-said-invalid') return json(400, { message: 'Invalid OTP' });
  return json(400, { is_expired_otp: true, message: 'expired otp please try again' });
}

/** The user of a number; one that is known stays as it was. */
async function userOf({ phone_number: phone, name, image_url: picture }, organization) {
  const known = users.get(phone);
  if (known !== undefined) {
    if (defect === 'known-user-renamed') known.name = name;
    if (defect === 'known-user-moved') known.roles = { default: [organization] };
    return known;
  }
  if (defect === 'concurrent-registrations') await pause(50);
  const user = {
    _id: freshId(),
    image_url: picture || null,
    language: 'hi-IN',
    name,
    phone_number: phone,
    roles: { default: [organization] },
  };
  const [first] = users.values();
  if (defect === 'new-user-gets-anothers-id' && first !== undefined) user._id = first._id;
  if (defect === 'registration-loses-organization') user.roles.default = [organizations[0]];
  if (defect === 'registration-loses-picture') user.image_url = null;
  if (defect === 'name-cut-short') user.name = [...name].slice(0, 20).join('');
  if (defect === 'name-escaped') user.name = name.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  users.set(phone, user);
  return user;
}

function freshId() {
  const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const id = Array.from({ length: 6 }, () => characters[randomInt(36)]).join('');
  return [...users.values()].some((user) => user._id === id) ? freshId() : id;
}

function tokens(user, phone, name) {
  const jti = randomUUID();
  let access = claimsFor(user, 'access', jti);
  let refresh = claimsFor(user, 'refresh', defect === 'jti-repeated' ? jti : randomUUID());
  if (defect === 'login-ends-earlier-session') for (const each of loginsOf(phone)) revoke(each.access.jti);
  if (defect === 'logout-undone-by-login')
    for (const each of loginsOf(phone)) revoked.delete(each.access.jti);
  logins.push({ phone, access, refresh });
  happened('logged-in', phone, { jti, name });
  if (defect === 'tokens-swapped') [access, refresh] = [refresh, access];
  if (defect === 'refresh-equals-access') refresh = access;
  const body = { access_token: sign(access), refresh_token: sign(refresh) };
  if (defect === 'token-opaque') body.access_token = opaque(body.access_token);
  if (defect === 'tokens-in-camel-case')
    return json(200, { accessToken: body.access_token, refreshToken: body.refresh_token });
  if (defect === 'tokens-extra-field') return json(200, { ...body, token_type: 'Bearer' });
  if (defect === 'refresh-token-missing') return json(200, { access_token: body.access_token });
  if (defect === 'access-token-null') return json(200, { ...body, access_token: null });
  if (defect === 'login-status-201') return json(201, body);
  return json(200, body);
}
