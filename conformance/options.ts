/** What users set for a run, and what they leave out of it. */

import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { Operation } from '../openapi/contract.js';
import type { Clock } from '../openapi/duration.js';
import type { Check } from './check.js';
import type { CheckLevels, OperationLevels } from './config.js';
import type { Phase } from './event.js';
import type { InputSource } from './input/input.js';
import type { Scarce } from './input/scarce.js';
import type { Choosing } from './plan/plan.js';
import type { WalkBudget } from './plan/walks/walks.js';

/** The options of a run; every one has a default. */
export type CheckOptions = {
  /** A 32-bit integer: the same seed gives the same plan. Default: a random one. */
  readonly seed?: number;
  /** The workflows of the API's own documents. Default none. */
  readonly workflows?: readonly Workflow[];
  /** Where the values come from that only a person or another system can give. Default: nowhere. */
  readonly inputs?: InputSource;
  /** The inputs of which there are few: they are spent where they tell most, and findings not tried again with them. */
  readonly scarce?: Scarce;
  /** Moves the clock of the server, by so many seconds; rejects with why it cannot. Default: time passes only as it does. */
  readonly moveClock?: (seconds: number) => Promise<void>;
  /** How far the clock of the server is ahead, in milliseconds: that of a mock may have been moved. Default 0. */
  readonly clockAhead?: number;
  /** The longest that is waited where the clock cannot be moved, in milliseconds. Default 2000. */
  readonly longestWait?: number;
  /** Default: every check there is. */
  readonly checks?: readonly Check[];
  /** What deviations are, by the name of a check. */
  readonly levels?: CheckLevels;
  /** The same for one operation. */
  readonly operationLevels?: OperationLevels;
  /** Whether notes are errors. Default false. */
  readonly strict?: boolean;
  /** The phases that are run. Default all. */
  readonly phases?: readonly Phase[];
  /** The operations that are tried, by id, by method and path, or by tag. Default all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** How many walks are taken, how long they are, and for how long they are: see WalkBudget. */
  readonly walks?: WalkBudget;
  /** Only safe methods. Default false. */
  readonly safe?: boolean;
  /** The most requests, and the most milliseconds. Default: no limit. */
  readonly maxRequests?: number;
  readonly maxTime?: number;
  /** The most requests a second. Default: no limit. */
  readonly rate?: number;
  /** How many workflows run at the same time. Default 1. */
  readonly concurrency?: number;
  /** The longest that an answer may take, in milliseconds. Default: any time. */
  readonly responseTime?: number;
  /** How often a finding is tried again that does not show at once. Default 5; 0 where inputs are dear. */
  readonly confirmations?: number;
  /** Credentials that are good where no rule of the contract tells which are. */
  readonly credentials?: readonly string[];
  /** Why an operation is not tried; undefined when it is. Default: each is. */
  readonly whyNot?: (operation: Operation) => string | undefined;
  /**
   * Whether the server is a mock: it writes to nobody, so that the addresses of the documentation are used, and takes any
   * credential that no rule speaks of. Default false.
   */
  readonly harmless?: boolean;
  /** The URL of the server, for reports. */
  readonly base?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};

/** The longest that is waited where the clock of the server cannot be moved, in milliseconds. */
export const usualWait = 2000;

/** The options as a plan reads them. */
export function choosing(options: CheckOptions): Choosing {
  const { phases, only, skip, safe, harmless, walks, scarce, moveClock, longestWait = usualWait } = options;
  const names = (id: string, endpoint: string, tags: readonly string[], list: readonly string[]): boolean =>
    list.some((name) => name === id || name === endpoint || tags.includes(name));
  return {
    phases: (phase) => phases === undefined || phases.includes(phase),
    operations: (id, endpoint, tags) =>
      (only === undefined || only.length === 0 || names(id, endpoint, tags, only)) &&
      !names(id, endpoint, tags, skip ?? []),
    safe: safe ?? false,
    harmless: harmless ?? false,
    walks: walks ?? {},
    longestWait: moveClock === undefined ? longestWait : Number.POSITIVE_INFINITY,
    isDear: (name) => scarce?.has(name) === true,
  };
}
