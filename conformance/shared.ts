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

/** What somebody has of it, to use and to leave for the next: nobody else has that at the same time. */
export type Borrowed = {
  /** What a workflow has left that was called so. */
  get(workflowId: string, called: string, now: number): Leavings | undefined;
  keep(workflowId: string, called: string, leavings: Leavings): void;
  /** Names those whom a workflow is about that is run for others. */
  cast(workflowId: string): string;
  giveBack(): void;
};

export type Shared = {
  borrow(): Borrowed;
  /** Whether there is something for the next one that a workflow has left which takes no inputs. */
  has(workflowId: string, now: number): boolean;
  /** A change of the state: what it touches is not what it was. */
  touched(changes: readonly Change[]): void;
  clear(): void;
};

/** What one and the same people have done in a workflow, by how it was called. */
type Place = { isTaken: boolean; readonly cast: string; readonly kept: Map<string, Leavings> };

export function createShared(): Shared {
  const places = new Map<string, Place[]>();
  const borrowedPlace = (workflowId: string): Place => {
    const known = places.get(workflowId) ?? [];
    places.set(workflowId, known);
    const free = known.filter(({ isTaken }) => !isTaken);
    const found = free.find(({ kept }) => kept.size > 0) ?? free[0];
    const cast = `${workflowId} for others${known.length === 0 ? '' : ` ${known.length + 1}`}`;
    const place = found ?? { isTaken: true, cast, kept: new Map() };
    if (found === undefined) known.push(place);
    place.isTaken = true;
    return place;
  };
  const kept = function* (): Generator<Map<string, Leavings>> {
    for (const some of places.values()) for (const place of some) if (place.kept.size > 0) yield place.kept;
  };
  return {
    borrow() {
      const own = new Map<string, Place>();
      const placeOf = (workflowId: string): Place => {
        const place = own.get(workflowId) ?? borrowedPlace(workflowId);
        own.set(workflowId, place);
        return place;
      };
      return {
        get: (workflowId, called, now) => alive(placeOf(workflowId).kept.get(called), now),
        keep: (workflowId, called, leavings) => void placeOf(workflowId).kept.set(called, leavings),
        cast: (workflowId) => placeOf(workflowId).cast,
        giveBack() {
          for (const place of own.values()) place.isTaken = false;
          own.clear();
        },
      };
    },
    has: (workflowId, now) =>
      places
        .get(workflowId)
        ?.some((place) => !place.isTaken && alive(place.kept.get('[]'), now) !== undefined) === true,
    touched(changes) {
      if (changes.length === 0) return;
      const keys = new Set(changes.map((change) => change.key));
      for (const each of kept())
        for (const [called, { outputs }] of each)
          if (Object.values(outputs).some((value) => keys.has(String(value)))) each.delete(called);
    },
    clear() {
      for (const each of kept()) each.clear();
    },
  };
}

function alive(leavings: Leavings | undefined, now: number): Leavings | undefined {
  return leavings !== undefined && leavings.until > now ? leavings : undefined;
}
