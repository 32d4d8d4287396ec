/** What the control API takes and how it refuses: JSON content within a size, and problems. */

import { essence, parseMediaType } from '../openapi/content/media-type.js';
import { type Problem, type ProblemName, problemDetails } from '../openapi/http/problem.js';
import { parseContent } from '../openapi/http/validate.js';
import type { Json } from '../openapi/json.js';
import { contentOf } from './content.js';

/**
 * JSON as a value, undefined when it is malformed; or the refusal. Takes it by its media type only: that makes browsers
 * ask before a page of another origin may send it.
 */
export async function jsonContent(
  request: Request,
  largest: number,
  example: string,
): Promise<{ readonly value: Json | undefined } | Response> {
  const mediaType = parseMediaType(request.headers.get('content-type') ?? '');
  if (mediaType === undefined || essence(mediaType) !== 'application/json') {
    const detail = `Send ${example} with Content-Type: application/json.`;
    return refuse('unsupported-media-type', detail, { accept: 'application/json' });
  }
  const content = await contentOf(request, largest);
  if (content === 'too-large')
    return refuse('content-too-large', `Send ${example}, in no more than ${largest} bytes.`);
  const parsed = parseContent(content ?? new Uint8Array(), mediaType);
  return { value: parsed.kind === 'value' ? parsed.value : undefined };
}

/** A problem of the control API. */
export function refuse(name: ProblemName, detail: string, fields: Record<string, string> = {}): Response {
  return problemJson(problemDetails(name, detail), fields);
}

export function problemJson(problem: Problem, fields: Record<string, string> = {}): Response {
  const headers = { 'content-type': 'application/problem+json', ...fields };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
