/** What a check is: one promise, asked of every exchange, with the sentence of a specification that it enforces. */

import type { Contract, Operation } from '../openapi/contract.js';
import type { Place } from '../openapi/document/documents.js';
import type { RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import type { Json } from '../openapi/json.js';
import type { CheckInfo, Severity, Verdict } from './event.js';
import type { Difference, Judgement, Situation } from './judge/judge.js';
import type { Fault, Outcome } from './target.js';

export { neverGiven } from './plan/never-given.js';
export type { Difference, Fault, Judgement, Outcome };

/** A request that was made, what came of it, and what the contract says of both. */
export type Exchange = {
  readonly contract: Contract;
  /** The operation that it is for; undefined when the contract has none for this path and method. */
  readonly operation: Operation | undefined;
  readonly request: RequestMessage;
  readonly outcome: Outcome;
  /** The response, where there is one. */
  readonly response: ResponseMessage | undefined;
  /** The content of the response as a value: undefined when there is none, or when it is not what its media type says. */
  readonly body: Json | undefined;
  /** Milliseconds since 1970-01-01T00:00:00Z, and how long the answer took. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** What the contract makes of the request: whether it is valid, and which responses are permitted. */
  readonly situation: Situation;
  /** What the state rules make of the response. */
  readonly judgement: Judgement;
  /**
   * Texts that no answer may tell, beyond those that it is meant to: OTPs, passwords, tokens that others were given. One list
   * for a run, which grows.
   */
  readonly secrets: readonly string[];
  /** Whether the clock of the server has been moved, so that instants cannot be compared with those of this machine. */
  readonly clockMoved: boolean;
};

/** One way in which an exchange is not as promised. */
export type Deviation = {
  /** Default `violates`. */
  readonly verdict?: Verdict;
  /** Default: the severity of the check. A deviation from what is only inferred is a `note`. */
  readonly severity?: Severity;
  /** The place in the contract; undefined: the operation, or the document. */
  readonly at?: Place | undefined;
  /** One sentence without a full stop: what is wrong. */
  readonly title: string;
  readonly expected: string;
  readonly actual: string;
  /** Where in the content of the response, as a JSON Pointer. */
  readonly pointer?: string | undefined;
  /** What should have come, as data: what the success criteria of the finding are made of. */
  readonly wanted?: Wanted;
};

/** What a response should have been, as far as that can be said without words. */
export type Wanted = {
  /** As documented, any of them: `200`, `4XX`. */
  readonly statuses?: readonly string[];
  /** How the content differs from what it should be. */
  readonly differences?: readonly Difference[];
};

/** Asked about every exchange of a run, in order. */
export type Ask = (exchange: Exchange) => readonly Deviation[];

/** What users set for checks. */
export type CheckSettings = {
  /** The longest that an answer may take, in milliseconds; undefined: any time. */
  readonly responseTime: number | undefined;
};

export type Check = {
  /** Stable, in kebab-case; the file has the same name. */
  readonly name: string;
  /** One line: what holds when the check has nothing to say. */
  readonly promise: string;
  /** The sentence that it enforces, in our words, and where it stands: `RFC 9110, section 8.6`. */
  readonly specification: { readonly sentence: string; readonly section: string };
  /** What its deviations are, unless they say otherwise or the user does. */
  readonly severity: Severity;
  /**
   * Begins a run: what it returns may remember. A check that only looks at one exchange at a time returns the same
   * function each time.
   */
  begin(settings: CheckSettings): Ask;
};

/** What a run tells of a check. */
export function infoOf({ name, promise, specification }: Check): CheckInfo {
  return { name, promise, specification };
}
