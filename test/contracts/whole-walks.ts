/** Walks over a whole shipped API on its mock: what is found, and which transitions are reached. */

import type { Finding, NotExercised } from '../../conformance/event.js';
import { mockInputs } from '../../conformance/input/mock-inputs.js';
import { mockAbilities } from '../../conformance/mock-target.js';
import { targetsOf } from '../../conformance/plan/goal.js';
import { check } from '../../conformance/run.js';
import { appTarget } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import { loadContract } from '../../openapi/load.js';
import { seededRandom } from '../../openapi/random.js';

export type WalkedWhole = {
  readonly requests: number;
  readonly findings: readonly Finding[];
  /** The transitions that explained an answer: `POST /api/v1/logout: logged-out`. */
  readonly made: readonly string[];
  /** The others, each with the reason. */
  readonly missed: readonly NotExercised[];
};

/** Walks of so many requests in all; nothing else is sent. */
export async function walkedWhole(
  api: 'matar' | 'xerial',
  seed: number,
  requests: number,
): Promise<WalkedWhole> {
  const contract = await loadContract(api);
  const target = appTarget(createMock(contract, { seed }));
  const abilities = await mockAbilities(target);
  if (abilities === undefined) throw new Error(`${api} has no mock`);
  const events = check(contract, target, {
    seed,
    phases: ['walks'],
    walks: { count: requests }, // more than there can be
    maxRequests: requests,
    inputs: mockInputs(abilities, contract, seededRandom(seed)),
    moveClock: async (seconds) => {
      const moved = await abilities.moveClock(`PT${seconds}S`);
      if (moved.kind === 'failed') throw new Error(moved.why);
    },
    harmless: true,
  });
  for await (const event of events) {
    if (event.type !== 'run-finished') continue;
    const missed = event.notExercised.filter(({ kind }) => kind === 'rule');
    const all = contract.operations.flatMap((operation) =>
      targetsOf(operation).map(
        ({ transition }) => `${operation.method} ${operation.path}: ${transition.name}`,
      ),
    );
    const made = all.filter((rule) => !missed.some(({ what }) => what === rule));
    return { requests: event.requests, findings: event.findings, made, missed };
  }
  throw new Error('the run has no end');
}
