/** Two servers compared, for tests: mocks in this process and foreign servers as processes, each with inputs of its own. */

import { compare } from '../../conformance/compare/compare.js';
import type { CompareFinished, Parting } from '../../conformance/compare/event.js';
import type { CompareOptions } from '../../conformance/compare/plan.js';
import type { Side } from '../../conformance/compare/side.js';
import { mockInputs } from '../../conformance/input/mock-inputs.js';
import { mockClock } from '../../conformance/mock-clock.js';
import { mockAbilities } from '../../conformance/mock-target.js';
import { appTarget, httpTarget, type Target } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import type { Contract } from '../../openapi/contract.js';
import { systemClock } from '../../openapi/duration.js';
import { seededRandom } from '../../openapi/random.js';
import { inputsOf } from '../servers/checked.js';
import { type Kind, startServer } from '../servers/start.js';

/** A side, and its end. */
export type Opened = { readonly side: Side; readonly close: () => Promise<void> };

/** A mock in this process; `change` stands between it and the comparison. */
export async function mockSide(
  contract: Contract,
  seed: number,
  change: (target: Target) => Target = (target) => target,
): Promise<Opened> {
  const target = appTarget(createMock(contract, { seed, secret: `secret ${seed}` }));
  const abilities = await mockAbilities(target);
  if (abilities === undefined) throw new TypeError('the mock has no control API');
  const { moveClock } = await mockClock(abilities, systemClock);
  const inputs = mockInputs(abilities, contract, seededRandom(seed + 1));
  return {
    side: { target: change(target), inputs, moveClock, harmless: true },
    close: async () => {},
  };
}

/** A foreign server with this defect or none. */
export async function foreignSide(kind: Kind, defect?: string): Promise<Opened> {
  const server = await startServer(kind, defect);
  const target = httpTarget(server.url, { timeout: 10_000, contentLimit: 1_000_000 });
  return {
    side: { target, base: server.url, inputs: inputsOf(server), moveClock: server.moveClock },
    async close() {
      await target.close();
      await server.stop();
    },
  };
}

/** Compares two sides, and ends both. With `until`, no longer than to the first parting that is meant. */
export async function compared(
  contract: Contract,
  a: Opened,
  b: Opened,
  options: CompareOptions & { readonly until?: (parting: Parting) => boolean } = {},
): Promise<CompareFinished> {
  const { until, ...own } = options;
  const enough = new AbortController();
  let finished: CompareFinished | undefined;
  try {
    for await (const event of compare(contract, a.side, b.side, { seed: 1, signal: enough.signal, ...own })) {
      if (event.type === 'parting' && until?.(event.parting) === true) enough.abort();
      if (event.type === 'compare-finished') finished = event;
    }
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
  if (finished === undefined) throw new TypeError('the comparison has no end');
  return finished;
}

/** A parting in one line: where, how, and in how many calls. */
export function lineOf({ endpoint, kind, at, title, steps }: Parting): string {
  return `${endpoint} ${kind} ${at} ${title} in ${steps.length}`;
}
