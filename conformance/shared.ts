/** Outputs of workflows that others may use again: a session that is still open need not be opened anew. */

import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { JsonObject } from '../openapi/json.js';
import type { Change } from '../openapi/rules/state.js';
import type { ExchangeRecord } from './event.js';

/** What a workflow has left to who calls it. */
export type Leavings = {
  readonly outputs: JsonObject;
  /** The workflow itself: another of the same id may put out more. */
  readonly of: Workflow;
  readonly exchanges: readonly ExchangeRecord[];
  /** When the first of what it has put into the state ends. */
  readonly until: number;
};

export type Shared = {
  get(key: string, now: number): Leavings | undefined;
  /** Whether there is something that a workflow has left which takes no inputs. */
  has(workflowId: string, now: number): boolean;
  keep(key: string, leavings: Leavings): void;
  /** A change of the state: what it touches is not what it was. */
  touched(changes: readonly Change[]): void;
  clear(): void;
};

export function createShared(): Shared {
  const kept = new Map<string, Leavings>();
  const get: Shared['get'] = (key, now) => {
    const leavings = kept.get(key);
    return leavings !== undefined && leavings.until > now ? leavings : undefined;
  };
  return {
    get,
    has: (workflowId, now) => get(JSON.stringify([workflowId, []]), now) !== undefined,
    keep: (key, leavings) => void kept.set(key, leavings),
    touched(changes) {
      const keys = new Set(changes.map((change) => change.key));
      for (const [key, { outputs }] of kept)
        if (Object.values(outputs).some((value) => keys.has(String(value)))) kept.delete(key);
    },
    clear: () => kept.clear(),
  };
}
