/** Defects that only a sequence of calls shows: what has happened is kept, and each of them looks back at it. */

import { defect } from '../control.mjs';
import { end, sessions } from './session.mjs';

/**
 * What has happened, the oldest first. `did` is one of refreshed, refused, logged-out and not-found; `from` is the token
 * that a refresh has put another in the place of.
 */
const past = [];

const whoDid = (did, user) => past.filter((each) => each.did === did && each.user === user);
const revive = ({ token, user }) => void sessions.set(token, user);
const since = (events, did) => events.slice(events.findLastIndex((each) => each.did === did) + 1);

/** How many refreshes have led to a token. */
function refreshesTo(token) {
  const before = past.find((each) => each.did === 'refreshed' && each.token === token);
  return before === undefined ? 0 : 1 + refreshesTo(before.from);
}

function endOthers(user, token, least = 0) {
  for (const [other, owner] of [...sessions])
    if (owner === user && other !== token && refreshesTo(other) >= least) end(other);
}

/** Notes an event when it is over, and does what the defect adds to it. */
export function happened(did, user, token, from) {
  const event = { did, user, token, from };
  const before = past.filter((each) => each.user === user);
  const beforeAll = [...past];
  past.push(event);
  if (did === 'refreshed') afterRefresh(event, before);
  if (did === 'logged-out') afterLogout(event, beforeAll);
  if (did !== 'refused' || defect !== 'third-refresh-of-logged-out') return;
  const isLoggedOut = whoDid('logged-out', user).some((each) => each.token === token);
  const refusals = whoDid('refused', user).filter((each) => each.token === token);
  if (isLoggedOut && refusals.length === 2) revive(event);
}

function afterRefresh(event, before) {
  const { user, token } = event;
  const isFourth = refreshesTo(token) === 4;
  if (defect === 'fourth-refresh-dead' && isFourth) sessions.delete(token);
  if (defect === 'fourth-refresh-ends-others' && isFourth) endOthers(user, token, 1);
  const logouts = before.filter(({ did }) => did === 'logged-out');
  event.outlives = since(before, 'refreshed').some(
    (each) => each.did === 'not-found' && logouts.some((logout) => logout.token === each.token),
  );
  const refreshes = since(before, 'logged-out').filter(({ did }) => did === 'refreshed').length + 1;
  if (defect === 'logouts-and-refreshes-in-pairs-revive' && logouts.length >= 2 && refreshes === 2)
    revive(logouts[0]);
}

function afterLogout(event, beforeAll) {
  const { user, token } = event;
  const refresh = past.find((each) => each.did === 'refreshed' && each.token === token);
  if (defect === 'failed-logout-spares-the-next' && refresh?.outlives) revive(event);
  if (defect === 'thrice-refreshed-outlives-logout' && refreshesTo(token) >= 3) revive(event);
  if (defect === 'logout-ends-thrice-refreshed') endOthers(user, token, 3);
  const logouts = whoDid('logged-out', user);
  if (defect === 'fourth-logout-forgets-first' && logouts.length === 4) revive(logouts[0]);
  if (defect === 'refused-refresh-dooms-at-anothers-logout')
    for (const each of since(beforeAll, 'logged-out'))
      if (each.did === 'refused' && each.user !== user) endOthers(each.user);
}
