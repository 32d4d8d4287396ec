/** An exchange that passes: its request as it comes in, and in the end what came of it. */

import type { RequestMessage } from '../../openapi/http/message.js';
import type { Outcome } from '../target.js';

/** A request on its way. */
export type Passing = {
  /** Milliseconds since 1970-01-01T00:00:00Z at which its head was whole. */
  readonly startedAt: number;
  /** The request as far as it has come. */
  request(): RequestMessage;
  /** Whether all of it has come, and all of it is kept. */
  isKnown(): boolean;
};

/** What came of it. */
export type Passage = {
  readonly outcome: Outcome;
  /** From the head of the request to the end of the answer. */
  readonly milliseconds: number;
  /** Bytes of content that passed and were not kept, because there are more than the limit, or because the answer came before them. */
  readonly unkept: Unkept;
  /** Whether the connection has been given to another protocol, or to another peer. */
  readonly isHandedOver: boolean;
  /** Whether the proxy has answered in the place of a target that it could not reach. */
  readonly isOwn: boolean;
};

export type Unkept = { readonly request: number | undefined; readonly response: number | undefined };

/** Told of what passes on all connections. */
export type Witness = {
  begun(passing: Passing): void;
  /** The answer has ended, or there will be none. What it amounts to is told a moment later. */
  ended(passing: Passing): void;
  told(passing: Passing, passage: Passage): void;
};
