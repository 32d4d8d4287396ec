/** One way in which two answers to the same request differ. */

import type { Json } from '../../openapi/json.js';

/** `outcome`: one of them is no response. `identity`: a value is not the one that it was before. */
export type DifferenceKind = 'outcome' | 'status' | 'field' | 'content' | 'identity';

export type Difference = {
  readonly kind: DifferenceKind;
  /** A JSON Pointer into the content, after a `#` into the claims of the token there; or the name of a field. */
  readonly at: string;
  /** One sentence without a full stop: what differs. */
  readonly title: string;
  readonly a: string;
  readonly b: string;
};

/** A value as a report shows it. */
export function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
