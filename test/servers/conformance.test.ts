/** The check on the foreign servers as they should be: no violation, all that is documented exercised, and the same each time. */

import { describe, test } from 'vitest';
import type { Finding } from '../../conformance/event.js';
import { type Checked, checked } from './checked.js';
import { type Kind, missing } from './start.js';

type Expectation = {
  /** What the framework does by itself. */
  readonly undocumented: readonly string[];
  /** What of the standards it ignores. */
  readonly ignored: readonly string[];
  /** What is not exercised of the documented responses, examples and the rest, and why. */
  readonly gaps: readonly string[];
};

const matarGaps = [
  'rule POST /api/v1/login: otp-expired-at-send: whether it is made is the server’s choice',
  'rule POST /api/v1/login: otp-sent-to-the-sample-number: no sequence of calls led there',
];

const expectations: Readonly<Record<Kind, Expectation>> = {
  'matar-node': {
    undocumented: [
      'content-type-conformance POST /api/v1/login',
      'status-code-conformance POST /api/v1/login',
    ],
    ignored: [],
    gaps: matarGaps,
  },
  'matar-flask': {
    undocumented: [
      'content-type-conformance POST /api/v1/login',
      'status-code-conformance POST /api/v1/login',
    ],
    ignored: ['challenge-present POST /api/v1/logout'],
    gaps: matarGaps,
  },
  'xerial-express': {
    undocumented: [
      'status-code-conformance POST /api/auth/logout',
      'status-code-conformance POST /api/auth/refresh-tokens',
    ],
    ignored: [],
    gaps: [
      'example POST /api/auth/refresh-tokens 500#internal-server-error: A fault of the server follows from no request.',
      'response POST /api/auth/refresh-tokens 500: A fault of the server follows from no request.',
    ],
  },
};

const lines = (findings: readonly Finding[]): string[] =>
  findings
    .map(({ check, endpoint, verdict, severity }) => `${verdict} ${severity} ${check} ${endpoint}`)
    .toSorted();

const gapsOf = ({ finished }: Checked): string[] =>
  finished.notExercised.map(({ kind, what, reason }) => `${kind} ${what}: ${reason}`).toSorted();

describe('a correct server', () => {
  test.concurrent.for(Object.entries(expectations) as [Kind, Expectation][])(
    'is told no violation, only what its framework does by itself, whatever the seed: %s',
    { timeout: 90_000 },
    async ([kind, { undocumented, ignored, gaps }], { expect, skip }) => {
      const lacking = missing(kind);
      if (lacking !== undefined) skip(lacking);
      for (const seed of kind === 'xerial-express' ? [1, 2] : [1]) {
        const run = await checked(kind, undefined, { seed, walks: { count: 4 } });
        expect(lines(run.finished.findings)).toEqual([
          ...undocumented.map((each) => `undocumented note ${each}`),
          ...ignored.map((each) => `violates note ${each}`),
        ]);
        expect(gapsOf(run)).toEqual(gaps);
        expect(run.finished).toMatchObject({ complete: true, stopped: undefined });
        expect(run.finished.requests).toBeGreaterThan(300);
      }
    },
  );
});
