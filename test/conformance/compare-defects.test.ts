/** A correct foreign server compared with its broken selves: each parts, in as few calls as there can be. */

import { describe, expect, it } from 'vitest';
import type { DifferenceKind } from '../../conformance/compare/difference.js';
import { contractOf } from '../servers/checked.js';
import type { Kind } from '../servers/start.js';
import { compared, foreignSide } from './comparing.js';

/** How they part, and the fewest calls in which that can show, as a person reasons it out. */
const table: readonly (readonly [
  defect: string,
  at: string,
  kind: DifferenceKind,
  least: number,
  why: string,
])[] = [
  [
    'refresh-as-access',
    'GET /api/v1/get_current_user',
    'status',
    3,
    'ask, log in, show with the refresh token',
  ],
  ['old-otp-still-works', 'POST /api/v1/login', 'status', 3, 'ask, ask again, log in with the first OTP'],
  ['jti-of-the-user', 'POST /api/v1/login', 'identity', 3, 'ask, log in twice: the second jti is not new'],
  ['logout-does-nothing', 'GET /api/v1/get_current_user', 'status', 4, 'ask, log in, log out, show'],
  ['second-logout-200', 'POST /api/v1/logout', 'status', 4, 'ask, log in, log out twice'],
  [
    'login-ends-earlier-session',
    'GET /api/v1/get_current_user',
    'status',
    4,
    'ask, log in twice, show the first',
  ],
  ['logout-ends-all-sessions', 'POST /api/v1/logout', 'status', 5, 'ask, log in twice, log out both'],
  [
    'logout-undone-by-login',
    'GET /api/v1/get_current_user',
    'status',
    5,
    'ask, log in, log out, log in, show',
  ],
  [
    'logout-ends-another-users',
    'GET /api/v1/get_current_user',
    'status',
    6,
    'two ask and log in; one logs out',
  ],
];

describe('a correct server beside one that is broken parts from it in the fewest calls', () => {
  it.each(table)(
    '%s',
    async (defect, at, kind, least) => {
      const { partings } = await comparedWith('matar-node', defect, at, kind, least);
      const own = partings.filter((parting) => parting.endpoint === at && parting.kind === kind);
      expect(own.map(({ steps }) => steps.length)).toContain(least);
      expect(Math.min(...own.map(({ steps }) => steps.length))).toBe(least);
      for (const { confirmed } of own) expect(confirmed.shown).toBe(confirmed.of);
    },
    120_000,
  );
});

async function comparedWith(kind: Kind, defect: string, at: string, of: DifferenceKind, least: number) {
  const { contract, workflows } = await contractOf(kind);
  return compared(contract, await foreignSide(kind), await foreignSide(kind, defect), {
    workflows,
    phases: ['examples', 'rules', 'security'],
    until: ({ endpoint, kind: found, steps }) => endpoint === at && found === of && steps.length <= least,
  });
}
