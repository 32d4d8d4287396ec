/** Messages that are made of nothing but the contract, or of a record as well: they are the same each time, and written once. */

import type { Content } from '../openapi/contract.js';
import type { Field, ResponseMessage } from '../openapi/http/message.js';
import type { Json } from '../openapi/json.js';
import type { Selection } from './select.js';

/** A message, and its content as a value, which the effects of a transition may read. */
export type Rendered = {
  readonly message: ResponseMessage;
  readonly body: Json | undefined;
  /** Whether the content was generated, and is not the documented example. */
  readonly isGenerated: boolean;
};

/** A message, and what it was written for. */
export type Written = {
  readonly selection: Selection;
  readonly content: Content | undefined;
  /** Fields that were added to it. */
  readonly added: readonly Field[];
  readonly rendered: Rendered;
};

/** Messages by what they show: a documented response, or a record of the state. They go when it goes. */
const messages = new WeakMap<object, readonly Written[]>();

/** The message that was written before for the same selection, in the same media type, with the same fields. */
export function writtenBefore(
  source: object,
  { response, status, example, choice }: Selection,
  content: Content | undefined,
  added: readonly Field[],
): Rendered | undefined {
  const found = messages
    .get(source)
    ?.find(
      (each) =>
        each.selection.response === response &&
        each.selection.status === status &&
        each.selection.example === example &&
        each.selection.choice?.transition === choice?.transition &&
        each.content === content &&
        each.added === added,
    );
  return found?.rendered;
}

/** Keeps a message for the next time. */
export function keepWritten(source: object, written: Written): void {
  messages.set(source, [...(messages.get(source) ?? []), written]);
}
