/** An exchange held against the contract and what is known of the server's state: what was permitted, and whether it came. */

import type { DocumentedResponse, Operation } from '../../openapi/contract.js';
import type { Violation } from '../../openapi/http/validate.js';
import type { Change, Choice } from '../../openapi/rules/state.js';

/** A transition that may be made now. */
export type Possible = {
  readonly choice: Choice;
  readonly response: DocumentedResponse;
  /** The name of the documented example that the transition answers with. */
  readonly example: string | undefined;
  /** Whether it is a rule of the operation, or of a security scheme that refuses the credential. */
  readonly of: 'operation' | 'security';
};

/** What the contract makes of a request. */
export type Situation = {
  readonly kind: 'unknown-path' | 'undocumented-method' | 'unsupported-content' | 'invalid' | 'valid';
  /** The operation of this path and method; HEAD is GET where it is not documented itself. */
  readonly operation: Operation | undefined;
  /** The methods that the path has. */
  readonly methods: readonly string[];
  /** How the request breaks the contract. */
  readonly violations: readonly Violation[];
  /** Whether all that it breaks is only inferred. */
  readonly inferred: boolean;
  /** Whether the operation asks for a credential, and what is known of the one that was sent. */
  readonly authentication: 'not-needed' | 'missing' | 'refused' | 'accepted' | 'uncertain';
  /** What the state rules permit, the most certain first; empty when they have no opinion. */
  readonly permitted: readonly Possible[];
};

/** How a response differs from what a transition answers with. */
export type Difference = {
  /** A JSON Pointer into the content; undefined for the status or the content as a whole. */
  readonly pointer: string | undefined;
  readonly expected: string;
  readonly actual: string;
  /** `status`: another status. `example`: not the documented payload. `value`: not what the state has. */
  readonly of: 'status' | 'example' | 'value';
};

/** What the state rules make of a response. */
export type Judgement =
  /** The response is that of a transition which is permitted. */
  | { readonly kind: 'explained'; readonly by: Possible; readonly changes: readonly Change[] }
  /** It is none that is permitted: how it differs from each, the nearest first. */
  | {
      readonly kind: 'unexplained';
      readonly nearest: Possible;
      readonly differences: readonly Difference[];
      readonly permitted: readonly Possible[];
      /** A transition whose response it would be, though its guard does not hold. */
      readonly resembles: Possible | undefined;
    }
  /** The rules have no opinion, or there is no response. */
  | { readonly kind: 'silent' };
