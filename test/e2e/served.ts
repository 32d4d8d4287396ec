/** The shipped APIs on a free port of this machine, for one test; and what a client needs to know to call them. */

import { onTestFinished } from 'vitest';
import { createMock, type Listening, listen, type Mock, type MockOptions } from '../../mock/index.js';
import { loadContract } from '../../openapi/index.js';

export type Served = Listening & { readonly mock: Mock };

/** 2026-01-31T12:00:00Z, in milliseconds. */
export const noon: number = Date.UTC(2026, 0, 31, 12);

const shipped = await Promise.all(['matar', 'xerial'].map((name) => loadContract(name)));

/** Both shipped APIs behind one socket. The clock stands still at noon until it is moved. */
export async function served(options: MockOptions = {}): Promise<Served> {
  const mock = createMock(shipped, { seed: 1, clock: () => noon, ...options });
  const listening = await listen(mock, { port: 0 });
  onTestFinished(listening.close);
  return { mock, ...listening };
}
