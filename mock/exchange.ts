/** One request on its way through the mock: what it is answered from, and what comes of it. */

import type { RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import type { Random } from '../openapi/random.js';
import type { StateReader } from '../openapi/rules/entries.js';
import type { Scope } from '../openapi/rules/expression.js';
import { requestScope } from '../openapi/rules/scope.js';
import type { Change, Delivery } from '../openapi/rules/state.js';
import type { Finished } from './calls.js';
import type { Decision } from './decision.js';
import type { Matched } from './match.js';
import type { MountPoint } from './mount.js';
import type { Preferences } from './prefer.js';

/** One API that a mock serves: its contract, where it is served, and its state. */
export type Api = MountPoint & { readonly state: StateReader };

/** What a mock answers from. */
export type MockContext = {
  readonly apis: readonly Api[];
  readonly now: number;
  /** What is drawn for this request alone. */
  readonly random: Random;
  /** What is made up for every request of its kind alike: from this seed, near the instant at which the mock started. */
  readonly seed: number;
  readonly started: number;
  readonly secret: string;
  readonly fixed: Readonly<Record<string, string>>;
  /** Whether examples are passed over for something new, unless a request asks for that. */
  readonly dynamic: boolean;
  /** Whether a credential is asked for where no rule says what becomes of who has none. */
  readonly auth: boolean;
  /** The largest content that is taken, in bytes. */
  readonly contentLimit: number;
};

/** A request; `contentTooLarge` when its content was left unread for its size. */
export type MockRequest = RequestMessage & { readonly contentTooLarge?: boolean };

/** The answer, what it changes, and why it is so. Nothing is changed before the changes are applied. */
export type Answer = {
  readonly api: Api | undefined;
  readonly response: ResponseMessage;
  readonly changes: readonly Change[];
  readonly deliveries: readonly Delivery[];
  /** What callbacks are made from; undefined where there are none. */
  readonly finished: Finished | undefined;
  /** Seconds to wait before answering. */
  readonly delay: number;
  readonly decision: Decision;
};

/** One request on its way through the steps. */
export type Exchange = {
  readonly context: MockContext;
  readonly request: MockRequest;
  readonly matched: Matched;
  readonly preferences: Preferences;
};

/** What expressions can read before the request has been held against its operation. */
export function rawScope({ request, matched }: Exchange): Scope {
  return requestScope(request, matched.parameters);
}
