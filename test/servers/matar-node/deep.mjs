/** Defects that only a sequence of calls shows: what has happened is kept, and each of them looks back at it. */

import { defect } from '../control.mjs';
import { revoke, revoked } from './token.mjs';
import { users } from './user.mjs';

/**
 * What has happened, the oldest first. `did` is one of sent, failed, logged-in, shown, logged-out and refused, the last
 * of a logout with a token that was revoked before.
 */
const past = [];

const whoDid = (did, phone) => past.filter((each) => each.did === did && each.phone === phone);
const isOpen = ({ jti }) => !revoked.has(jti);
const openOf = (phone) => whoDid('logged-in', phone).filter(isOpen);
const end = ({ jti }) => revoke(jti);
const revive = ({ jti }) => void revoked.delete(jti);

/** What has happened since the last event that matches, or since the beginning. */
const since = (events, matches) => events.slice(events.findLastIndex(matches) + 1);
const sinceOtp = (phone) => since(past, (each) => each.did === 'sent' && each.phone === phone);

/** Notes an event when it is over, and does what the defect adds to it. */
export function happened(did, phone, more = {}) {
  const event = { did, phone, ...more };
  if (did === 'sent') beforeSent(event);
  if (did === 'logged-in') beforeLogin(event);
  if (did === 'logged-out') beforeLogout(event);
  past.push(event);
  if (did === 'refused') afterRefusal(event);
}

function beforeSent(event) {
  event.open = openOf(event.phone).length;
  const [first, second] = whoDid('logged-out', event.phone);
  if (defect === 'otp-request-after-two-logouts-revives' && second !== undefined) revive(first);
}

function beforeLogin(event) {
  const { phone, name } = event;
  const own = sinceOtp(phone).filter((each) => each.phone === phone);
  event.isFirst = !own.some(({ did }) => did === 'logged-in');
  const logouts = past.filter(({ did }) => did === 'logged-out');
  const [second, last] = [logouts.at(-2), logouts.at(-1)];
  const firsts = whoDid('logged-in', phone).filter(({ isFirst }) => isFirst);
  if (defect === 'third-otp-ends-first-session' && event.isFirst && firsts.length === 2) end(firsts[0]);
  if (defect === 'login-of-another-revives' && last !== undefined && last.phone !== phone) revive(last);
  if (defect === 'return-revives-the-other' && second?.phone === phone && last.phone !== phone) revive(last);
  if (defect === 'waiting-otp-undoes-logout' && event.isFirst)
    for (const each of own) if (each.did === 'logged-out') revive(each);
  if (defect === 'login-after-logout-renames' && whoDid('logged-out', phone).length > 0)
    users.get(phone).name = name;
  const [one, two] = past.filter(({ did }) => did === 'logged-in').slice(-2);
  if (
    defect === 'logins-in-turn-mix-users' &&
    two !== undefined &&
    one.phone === phone &&
    two.phone !== phone
  )
    event.shows = two.phone;
  const begun = past.findIndex((each) => each.did === 'sent' && each.phone === phone);
  const meanwhile = past.slice(begun).findLast((each) => each.did === 'logged-in' && each.phone !== phone);
  const failures = since(past, (each) => each.did === 'logged-in' && each.phone === phone).filter(
    (each) => each.did === 'failed' && each.phone === phone,
  );
  if (defect === 'two-wrong-otps-mix-users' && failures.length >= 2) event.shows = meanwhile?.phone;
}

/** The token is revoked already. */
function beforeLogout(event) {
  const { phone, jti } = event;
  const logins = whoDid('logged-in', phone);
  const at = logins.findIndex((login) => login.jti === jti);
  const later = logins.slice(at + 1);
  const own = past.filter((each) => each.phone === phone);
  const left = openOf(phone);
  if (defect === 'logout-ends-older-of-two' && left.length === 1 && logins.indexOf(left[0]) < at)
    end(left[0]);
  if (defect === 'otp-request-dooms-other-sessions') {
    const asked = since(own, ({ did }) => did === 'logged-out').some(({ open = 0 }) => open > 0);
    if (asked) for (const each of left) end(each);
  }
  if (defect === 'other-name-outlives-logout' && later.some(({ name }) => name !== logins[at].name))
    revive(event);
  if (defect === 'shown-token-outlives-logout') {
    const shown = own.findIndex((each) => each.did === 'shown' && each.jti === jti);
    if (shown !== -1 && own.slice(shown).some(({ did }) => did === 'logged-in')) revive(event);
  }
  if (defect === 'second-logout-forgets-first')
    for (const each of whoDid('logged-out', phone)) if (each.jti !== jti) revive(each);
  if (defect === 'wrong-otp-dooms-at-anothers-logout') {
    const failed = since(past, ({ did }) => did === 'logged-out').filter(({ did }) => did === 'failed');
    for (const other of failed) if (other.phone !== phone) for (const each of openOf(other.phone)) end(each);
  }
}

function afterRefusal({ phone, jti }) {
  const newest = openOf(phone).at(-1);
  if (defect === 'refused-logout-ends-newest' && newest !== undefined) end(newest);
  const logouts = whoDid('logged-out', phone);
  const before = logouts[logouts.findLastIndex((each) => each.jti === jti) - 1];
  if (defect === 'refused-logout-revives-the-one-before' && before !== undefined) revive(before);
}

/** Whether the OTP that is replaced goes on. */
export function isKeptAfterWrongOne(phone) {
  if (defect !== 'wrong-otp-keeps-the-replaced') return false;
  return sinceOtp(phone).some((each) => each.did === 'failed' && each.phone === phone);
}

/** The number of another user, who is shown in the place of the one with this token. */
export function mistakenWhenShown(jti) {
  return past.find((each) => each.did === 'logged-in' && each.jti === jti)?.shows;
}
