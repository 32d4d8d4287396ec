/** Walks of 2,000 requests over each whole API: nothing is found, and most that a server does by itself is reached. */

import { expect, test } from 'vitest';
import { walkedWhole } from './whole-walks.js';

test.each([
  ['matar', 0.8],
  ['xerial', 0.55],
] as const)('walks over the whole of %s find nothing on its mock', async (api, share) => {
  const { requests, findings, made, missed } = await walkedWhole(api, 1, 2000);
  expect(findings.map(({ check, title }) => `${check}: ${title}`)).toEqual([]);
  expect(requests).toBe(2000);
  expect(made.length / (made.length + missed.length)).toBeGreaterThan(share);
});
