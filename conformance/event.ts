/** What a run tells of itself, as plain data in order: what reports are made from. */

import type { Location } from '../openapi/contract-error.js';
import type { RequestMessage } from '../openapi/http/message.js';
import type { JsonObject } from '../openapi/json.js';
import type { Outcome } from './target.js';

/** The parts of a plan, in the order in which they are run. */
export const phases = [
  'workflows',
  'examples',
  'rules',
  'security',
  'schema',
  'protocol',
  'concurrency',
  'walks',
] as const;

export type Phase = (typeof phases)[number];

/** What a deviation means for the exit code: an `error` fails the run, a `note` does not. */
export type Severity = 'error' | 'note';

/** The contract says otherwise; or it is silent. */
export type Verdict = 'violates' | 'undocumented';

/** What runs: from the first event to the last. */
export type RunEvent =
  | RunStarted
  | { readonly type: 'workflow-started'; readonly workflow: PlannedWorkflow; readonly index: number }
  | { readonly type: 'exchange'; readonly exchange: ExchangeRecord }
  /** A finding when it first shows; its count and its smallest workflow are known at the end. */
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'not-exercised'; readonly gap: NotExercised }
  | {
      readonly type: 'workflow-finished';
      readonly workflow: PlannedWorkflow;
      readonly requests: number;
      readonly outcome: 'conforms' | 'deviates' | 'not-exercised';
      /** The ids of the findings that showed in it, those too that had shown before. */
      readonly findings?: readonly string[];
    }
  | RunFinished;

export type RunStarted = {
  readonly type: 'run-started';
  readonly api: { readonly name: string; readonly title: string; readonly version: string };
  /** The URL of the server; undefined for an app in this process. */
  readonly base: string | undefined;
  readonly seed: number;
  /** When it started: milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  readonly workflows: readonly PlannedWorkflow[];
  /** Whether workflows are made, and told of, when their turn comes: then there are none here. */
  readonly isGradual?: boolean;
  /** How many walks follow, each told of when its turn comes; undefined for as many as there is time for. */
  readonly walks: number | undefined;
  readonly checks: readonly CheckInfo[];
};

/** One workflow of the plan, in outline. */
export type PlannedWorkflow = {
  readonly id: string;
  readonly phase: Phase;
  /** One line: "log out, and use the token again". */
  readonly summary: string;
  /** The operation that it is about. */
  readonly operation: string | undefined;
  /** Its steps, each as one line: "POST /api/v1/logout". */
  readonly steps: readonly string[];
};

export type CheckInfo = {
  readonly name: string;
  readonly promise: string;
  /** The sentence that it enforces, and where that stands: "RFC 9110, section 8.6". */
  readonly specification: { readonly sentence: string; readonly section: string };
};

/** One request and what came of it. */
export type ExchangeRecord = {
  /** From 1 on, in the order in which they were begun. */
  readonly id: number;
  readonly workflow: string;
  readonly phase: Phase;
  readonly step: string;
  readonly operation: string | undefined;
  readonly request: RequestMessage;
  readonly outcome: Outcome;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** Bytes of content that there were and that are not in the messages: of traffic that passes, large content is not kept. */
  readonly unkept?: { readonly request: number | undefined; readonly response: number | undefined };
};

/** One way in which server and contract part, however often it showed. */
export type Finding = {
  /** Stays the same from run to run: what a baseline knows it by. Letters, digits and `-`. */
  readonly id: string;
  readonly check: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly phase: Phase;
  readonly operation: string | undefined;
  /** `POST /api/v1/logout`; undefined when it is about no single operation. */
  readonly endpoint: string | undefined;
  /** The place in the contract, and its JSON Pointer. */
  readonly at: Location & { readonly pointer: string };
  readonly specification: { readonly sentence: string; readonly section: string };
  /** One sentence without a full stop: what is wrong. */
  readonly title: string;
  /** What was being tried when it showed: the summary of the workflow; undefined when that says nothing. */
  readonly when?: string | undefined;
  readonly expected: string;
  readonly actual: string;
  /** Where in the content of the response, as a JSON Pointer; undefined when it is not about one place in it. */
  readonly pointer: string | undefined;
  /** How many exchanges showed it. */
  readonly count: number;
  /** How often it showed, the first time among them, when it was tried again; undefined when it was not. */
  readonly confirmed: { readonly shown: number; readonly of: number } | undefined;
  /** The exchanges of the shortest sequence that shows it, in order; the last one is where it shows. */
  readonly exchanges: readonly ExchangeRecord[];
  /** The sequence as an Arazzo document, which `--replay` takes. */
  readonly workflow: JsonObject;
};

/** Something that could not be tried. */
export type NotExercised = {
  readonly kind: 'response' | 'example' | 'rule' | 'operation' | 'parameter' | 'security-scheme' | 'workflow';
  /** What it is: "POST /api/v1/login 400#expired-otp". */
  readonly what: string;
  readonly operation: string | undefined;
  readonly reason: string;
};

/** How much of one kind was exercised. */
export type Coverage = {
  readonly kind: NotExercised['kind'];
  readonly exercised: number;
  readonly total: number;
};

export type RunFinished = {
  readonly type: 'run-finished';
  /** False when it was stopped before its end; then `stopped` says by what. */
  readonly complete: boolean;
  readonly stopped: 'interrupted' | 'time-limit' | 'request-limit' | 'unreachable' | undefined;
  /** Why the server could not be reached. */
  readonly unreachable: string | undefined;
  readonly requests: number;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly notExercised: readonly NotExercised[];
  readonly coverage: readonly Coverage[];
  /** Findings of the baseline that did not show, by id and title. */
  readonly vanished: readonly { readonly id: string; readonly title: string }[];
  /** How many findings the baseline accepts; they are not among `findings`. */
  readonly accepted: number;
};

/** Hides secrets in a text: each by the same mask wherever it stands, so that two uses can be seen to be the same. */
export type Mask = (text: string) => string;

/** Consumes the events of a run. `write` puts out text; a report that is a document writes once, at the end. */
export type Report = {
  take(event: RunEvent): void;
};

/** Makes a report. `mask` knows more secrets as the run goes on: what is kept must be masked when it is written. */
export type MakeReport = (write: (text: string) => void, mask: Mask) => Report;
