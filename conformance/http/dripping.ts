/** Content that comes drop by drop: as a fault, with a rule that slow but honest servers do not break. */

import { parseMediaType } from '../../openapi/content/media-type.js';
import type { Fault } from '../target.js';

/** How content came: in how many pieces, when the first and the last did; all in milliseconds of one clock. */
export type Pace = {
  readonly pieces: number;
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly timeout: number;
};

const fewest = 8;
const tiny = 16;

/** Media types that are made to come bit by bit. */
const streams = new Set([
  'event-stream',
  'x-ndjson',
  'ndjson',
  'jsonl',
  'json-seq',
  'x-json-stream',
  'x-mixed-replace',
]);

/**
 * The fault `dripping`: the pieces of the content came over more than half of the timeout, there were at least eight,
 * and they have sixteen bytes or fewer on average. A server that thinks long and then answers has one piece. A slow line
 * has pieces of hundreds of bytes, because a packet is not sent for less. A stream of events or lines says by its media
 * type that it is one, and is never said to drip. No standard forbids dripping; RFC 896 says why it is a fault.
 */
export function dripping(type: string | undefined, length: number, pace: Pace): readonly Fault[] {
  const { pieces, first, last, timeout } = pace;
  const took = last - first;
  if (pieces < fewest || took * 2 <= timeout || length > pieces * tiny) return [];
  const { subtype = '' } = parseMediaType(type ?? '') ?? {};
  if (streams.has(subtype) || subtype.startsWith('grpc')) return [];
  return [
    {
      name: 'dripping',
      detail: `${length} bytes of content came in ${pieces} pieces over ${Math.round(took)} ms`,
      section: 'RFC 896, "The small-packet problem"',
    },
  ];
}
