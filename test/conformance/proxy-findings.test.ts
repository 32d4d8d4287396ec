/** Traffic judged as it passes: the check of a broken server, run through the proxy, shows the proxy what it shows the check. */

import { describe, expect, test } from 'vitest';
import { type Finding, type Phase, phases } from '../../conformance/event.js';
import { type CheckedOptions, checked, contractOf } from '../servers/checked.js';
import { errorsOf, type Proxied, proxied } from './proxied.js';

/** A check of the server of Matar through a proxy: what either found. */
async function both(defect: string | undefined, options: CheckedOptions = {}) {
  const { contract } = await contractOf('matar-node');
  let proxy: Proxied | undefined;
  const { finished } = await checked('matar-node', defect, {
    confirmations: 0,
    phases: planned,
    ...options,
    async through(url) {
      proxy = await proxied(url, { contract });
      return proxy.url;
    },
  });
  const observed = await proxy?.stop();
  if (observed === undefined || proxy === undefined) throw new TypeError('there was no proxy');
  return { told: errorsOf(finished), seen: errorsOf(observed), finished, observed, proxy };
}

/** Walks take longest, and send nothing that the rest does not. */
const planned: readonly Phase[] = phases.filter((phase) => phase !== 'walks');
/** Where most of what a server remembers shows. */
const stateful: readonly Phase[] = ['workflows', 'examples', 'rules', 'security'];

const placeOf = ({ check, operation, at }: Finding): string => `${check} ${operation} ${at.pointer}`;
const placesOf = (findings: readonly Finding[]): readonly string[] =>
  [...new Set(findings.map(placeOf))].toSorted();

type Case = {
  readonly defect: string;
  readonly phases?: readonly Phase[];
  /** Whether the check moves the clock of the server, which says nothing of that. */
  readonly isMoved?: boolean;
  /** Which findings of the check a bystander cannot have, and why. */
  readonly beyond?: { readonly places: RegExp; readonly why: string };
};

const cases: readonly Case[] = [
  { defect: 'logout-does-nothing' },
  { defect: 'login-ends-earlier-session' },
  { defect: 'expired-word', isMoved: true },
  {
    defect: 'expired-accepted',
    isMoved: true,
    beyond: {
      places: /^ignored-authentication .*accessToken\/x-transitions\/1$/,
      why: 'the Date of the server goes on as ever: nobody sees that its tokens are over',
    },
  },
  {
    defect: 'otp-prefix',
    beyond: {
      places: /^state-conformance login/,
      why: 'the one-time password is sent by phone: which one was right shows only by what is taken',
    },
  },
  {
    defect: 'user-of-the-last-login',
    beyond: {
      places: /^state-conformance getCurrentUser/,
      why: 'a number may have had a user before anybody looked: who it is shows only by what is told of him',
    },
  },
  {
    defect: 'concurrent-logouts',
    phases: ['concurrency'],
    beyond: { places: /./, why: 'of logouts at the same time nobody knows which came first' },
  },
];

describe('the proxy sees what the check sees', () => {
  test('of a server that keeps the contract: nothing, whatever is sent, with its clock moved', async () => {
    const { told, seen, finished, observed } = await both(undefined, { maxRequests: 1200 });
    expect([placesOf(told), placesOf(seen)]).toEqual([[], []]);
    expect(observed.requests).toBe(finished.requests);
    expect(observed.requests).toBeGreaterThan(1000);
  });

  test('of a broken one, in every place', async () => {
    const { told, seen } = await both('revoked-word', { phases: stateful });
    expect(placesOf(told)).toHaveLength(2);
    expect(placesOf(seen)).toEqual(placesOf(told));
  });

  test.each(cases.map((each) => [each.defect, each] as const))(
    'of %s',
    async (defect, { phases: own = stateful, isMoved = false, beyond }) => {
      const { told, seen } = await both(defect, { phases: own, ...(!isMoved && { moveClock: unmoved }) });
      const places = placesOf(told);
      expect(places).not.toEqual([]);
      const knowable = places.filter((place) => beyond?.places.test(place) !== true);
      expect(placesOf(seen)).toEqual(knowable);
      if (beyond !== undefined) expect(knowable).not.toEqual(places);
    },
  );
});

/** Nobody can move this clock: what takes time is not tried. */
const unmoved = async (): Promise<void> => {
  throw new Error('it is fixed');
};
