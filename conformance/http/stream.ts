/** Streams that need not end: as much of one as came whole is what was answered. */

import { isSequence, wholeItems } from '../../openapi/content/content-sequence.js';
import { formatOf, parseMediaType } from '../../openapi/content/media-type.js';
import type { Outcome } from '../target.js';
import { innerCodings, type ResponseReader } from './raw-response.js';

/**
 * The answer that a stream amounts to when it has not ended in time: its items so far (OpenAPI 3.2, section 4.14.3).
 * Undefined for anything else, and where its content is encoded, which is read whole or not at all.
 */
export function streamOutcome(reader: ResponseReader): Outcome | undefined {
  const { head, framing } = reader;
  const mediaType = parseMediaType(head?.values.get('content-type') ?? '');
  if (head === undefined || mediaType === undefined || framing?.kind === 'length') return undefined;
  const format = formatOf(mediaType);
  if (!isSequence(format) || head.values.has('content-encoding') || innerCodings(head).length > 0)
    return undefined;
  const { status, fields } = head;
  const content = wholeItems(reader.content(), format);
  return { kind: 'response', response: { status, fields, content }, faults: reader.faults() };
}
