/** What a comparison tells of itself, as plain data in order: what its reports are made from. */

import type { Location } from '../../openapi/contract-error.js';
import type { JsonObject } from '../../openapi/json.js';
import type { ExchangeRecord, PlannedWorkflow, RunFinished } from '../event.js';
import type { DifferenceKind } from './difference.js';
import type { SideName } from './meeting.js';

/** What happens: from the first event to the last. */
export type CompareEvent =
  | CompareStarted
  | { readonly type: 'workflow-started'; readonly workflow: PlannedWorkflow; readonly index: number }
  | { readonly type: 'exchange'; readonly side: SideName; readonly exchange: ExchangeRecord }
  /** A parting that is tried again and made shorter: with `shown` 0 of the further tries it is unstable. */
  | { readonly type: 'parting'; readonly parting: Parting }
  | {
      readonly type: 'workflow-finished';
      readonly workflow: PlannedWorkflow;
      readonly outcome: 'same' | 'parted' | 'not-compared';
    }
  | CompareFinished;

export type CompareStarted = {
  readonly type: 'compare-started';
  readonly api: { readonly name: string; readonly title: string; readonly version: string };
  /** The URLs of both; undefined for an app in this process. */
  readonly bases: Readonly<Record<SideName, string | undefined>>;
  readonly seed: number;
  /** When it started: milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** How many workflows there are at most, each told of when its turn comes; undefined when nobody knows. */
  readonly planned: number | undefined;
};

/** What the contract makes of an answer. */
export type Standing = 'permitted' | 'forbidden' | 'open';

/** One way in which two servers part, however often it showed. */
export type Parting = {
  /** Stays the same from run to run. Letters and digits. */
  readonly id: string;
  readonly kind: DifferenceKind;
  readonly operation: string | undefined;
  /** `POST /api/v1/logout`; undefined when the request is of no operation. */
  readonly endpoint: string | undefined;
  /** The place of the operation in the contract. */
  readonly location: Location | undefined;
  /** A JSON Pointer into the content, or the name of a field; empty when it is about the whole answer. */
  readonly at: string;
  /** One sentence without a full stop: how they part. */
  readonly title: string;
  /** In what else the same two answers differ, each in a sentence without a full stop. */
  readonly besides: readonly string[];
  /** What was being tried when it showed. */
  readonly when: string | undefined;
  /** What each of them has at that place. */
  readonly a: string;
  readonly b: string;
  /** What the contract makes of the answer of each. */
  readonly standing: Readonly<Record<SideName, Standing>>;
  /** In how many workflows it showed. */
  readonly count: number;
  /** How often it showed when it was tried; `of` is 1 when it could not be tried again. */
  readonly confirmed: { readonly shown: number; readonly of: number };
  /** The shortest sequence of calls that shows it; the last one is where they part. */
  readonly steps: readonly PartingStep[];
  /** The sequence as an Arazzo document; the last step says what A answered. */
  readonly workflow: JsonObject;
};

/** One call of a story, on both servers. */
export type PartingStep = {
  /** Whose call it is, as `second user`; undefined where there is only one user. */
  readonly user: string | undefined;
  /** `POST /api/v1/logout` */
  readonly call: string;
  /** What is sent, in words that hold for both: `access_token of call 2`. */
  readonly sent: readonly string[];
  /** How much time passes before it, in ISO 8601; undefined when none does. */
  readonly wait: string | undefined;
  readonly exchanges: Readonly<Record<SideName, readonly ExchangeRecord[]>>;
};

/** What could not be compared, and in how many workflows. */
export type NotCompared = { readonly reason: string; readonly count: number; readonly example: string };

export type CompareFinished = {
  readonly type: 'compare-finished';
  /** False when it was stopped before its end; then `stopped` says by what. */
  readonly complete: boolean;
  readonly stopped: RunFinished['stopped'];
  /** Which server could not be reached, and why. */
  readonly unreachable: { readonly side: SideName; readonly why: string } | undefined;
  /** The requests to each of them. */
  readonly requests: Readonly<Record<SideName, number>>;
  /** The steps whose answers were compared. */
  readonly compared: number;
  readonly workflows: {
    readonly planned: number | undefined;
    readonly same: number;
    readonly parted: number;
    readonly notCompared: number;
  };
  readonly milliseconds: number;
  /** What showed again when it was tried again. */
  readonly partings: readonly Parting[];
  /** What showed once, and then no more. */
  readonly unstable: readonly Parting[];
  readonly notCompared: readonly NotCompared[];
};
