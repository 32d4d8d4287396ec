/** Outcomes made of what came: a response from a head and its content, a failure from an error. */

import type { ResponseMessage } from '../../openapi/http/message.js';
import type { Failure, Fault, Outcome } from '../target.js';
import { type Decoded, decodeContent } from './content-coding.js';
import type { ResponseHead } from './response-head.js';

/** A response whose content may still be encoded. `limit` is for the content as it is decoded. */
export function responseOutcome(
  head: Pick<ResponseHead, 'status' | 'fields' | 'values'>,
  content: Decoded,
  limit: number,
  seen: readonly Fault[],
): Outcome {
  const { status, fields, values } = head;
  const faults = [...seen];
  const decoded =
    content.kind === 'decoded' ? decodeContent(values, content.content, limit, faults) : content;
  const partial = { status, fields, content: undefined };
  switch (decoded.kind) {
    case 'decoded': {
      const isEmpty = decoded.content.byteLength === 0;
      const response = { status, fields, content: isEmpty ? undefined : decoded.content };
      return { kind: 'response', response, faults };
    }
    case 'endless': {
      const why = `decoded, the content has more than ${limit} bytes`;
      return failureOutcome('endless', why, faults, partial);
    }
    case 'unreadable':
      return failureOutcome(
        'other',
        `the content is in ${decoded.coding}, which cannot be read here`,
        faults,
        partial,
      );
  }
}

export function failureOutcome(
  failure: Failure,
  why: string,
  faults: readonly Fault[] = [],
  partial?: ResponseMessage,
): Outcome {
  return { kind: 'failure', failure, why, faults, partial };
}

/** The failure of what a signal has stopped: `AbortSignal.timeout` gives a TimeoutError (DOM, section 3.1). */
export function stoppedBy(reason: unknown): Failure {
  return reason instanceof Error && reason.name === 'TimeoutError' ? 'timeout' : 'aborted';
}

/** What was thrown, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
