/** One request on its way through the mock: what it is answered from, and what comes of it. */

import type { Contract } from '../openapi/contract.js';
import type { Scope } from '../openapi/expression.js';
import type { RequestMessage, ResponseMessage } from '../openapi/message.js';
import type { Random } from '../openapi/random.js';
import { requestScope } from '../openapi/scope.js';
import type { Change, Delivery, StateReader } from '../openapi/state.js';
import type { Decision } from './decision.js';
import type { Matched } from './match.js';
import type { Preferences } from './prefer.js';

/** One API that a mock serves: its contract, the path that it is served below, and its state. */
export type Api = { readonly contract: Contract; readonly prefix: string; readonly state: StateReader };

/** What a mock answers from. */
export type MockContext = {
  readonly apis: readonly Api[];
  readonly now: number;
  readonly random: Random;
  readonly secret: string;
  readonly fixed: Readonly<Record<string, string>>;
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
