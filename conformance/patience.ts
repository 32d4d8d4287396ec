/** How long a run goes on asking who does not answer: a server that hangs costs a few time-outs, not thousands. */

import type { Operation } from '../openapi/contract.js';
import type { Failure, Outcome } from './target.js';

export type Patience = {
  /** Told of every outcome, by the id of the operation that was asked. */
  take(operation: string | undefined, outcome: Outcome): void;
  /**
   * Why an operation is not asked now; undefined when it may be. One that has not answered several times in a row is
   * passed over, and asked again after a pause that doubles each time.
   */
  whyNot(operation: Pick<Operation, 'id' | 'method' | 'path'>): string | undefined;
  /** Why nobody is asked any more: there is no server, or it has left many requests in a row without an answer. */
  exhausted(): string | undefined;
  /** Why a server that has never been heard of at the end of a run was not reached; undefined when it was. */
  unheard(): string | undefined;
  /** Whether connections were refused and nothing else has happened: then nobody is there to deviate. */
  isNobodyThere(): boolean;
};

/** How many requests in a row an operation may leave without an answer, and how many the server. */
const mostOfOne = 3;
const mostOfAll = 10;

/** How many requests are not sent before an operation is asked again, the first time. */
const firstPause = 20;

/** What costs time: nothing comes, or it does not come to its end. What fails at once is asked on. */
const slow: readonly Failure[] = ['timeout', 'endless'];
const absent: readonly Failure[] = ['timeout', 'refused'];

type Silence = { readonly times: number; readonly passed: number; readonly pause: number };

const none: Silence = { times: 0, passed: 0, pause: firstPause };

export function createPatience(): Patience {
  const silences = new Map<string, Silence>();
  let inARow = 0;
  let last = '';
  let onlyRefused = true;
  let hasHeard = false;
  const isNobodyThere = (): boolean => onlyRefused && inARow > 0;
  return {
    take(operation, outcome) {
      hasHeard = true;
      const failure = outcome.kind === 'failure' ? outcome.failure : undefined;
      const isOneOf = (failures: readonly Failure[]): boolean =>
        failure !== undefined && failures.includes(failure);
      inARow = isOneOf(absent) ? inARow + 1 : 0;
      if (outcome.kind === 'failure') last = outcome.why;
      if (failure !== 'refused') onlyRefused = false;
      if (operation === undefined) return;
      const silence = silences.get(operation) ?? none;
      if (isOneOf(slow)) silences.set(operation, { ...silence, times: silence.times + 1 });
      else silences.delete(operation);
    },
    whyNot({ id, method, path }) {
      const { times, passed, pause } = silences.get(id) ?? none;
      if (times < mostOfOne) return undefined;
      const isAskedAgain = passed >= pause;
      silences.set(
        id,
        isAskedAgain ? { times, passed: 0, pause: pause * 2 } : { times, passed: passed + 1, pause },
      );
      return isAskedAgain ? undefined : `${method} ${path} was not answered several times in a row`;
    },
    exhausted() {
      if (isNobodyThere()) return last;
      return inARow < mostOfAll ? undefined : `it left the last ${mostOfAll} requests unanswered: ${last}`;
    },
    unheard: () => (hasHeard ? undefined : 'nothing came of any request before the time limit'),
    isNobodyThere,
  };
}
