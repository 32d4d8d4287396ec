/** What a request says of itself: its media type, its content as a value, and what was sent in it. */

import { parseMediaType } from '../../../openapi/content/media-type.js';
import { fieldValue, type RequestMessage } from '../../../openapi/http/message.js';
import { parseContent } from '../../../openapi/http/validate.js';
import type { Json } from '../../../openapi/json.js';
import { rememberedOnce } from '../../../openapi/remembered.js';
import { duplicateMember } from './json-text.js';
import { leavesOf, textOf } from './response.js';

/** The methods whose requests change nothing (RFC 9110, section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** Path and query, as sent. */
export function targetOf({ path, query }: RequestMessage): string {
  return query === '' ? path : `${path}?${query}`;
}

/** The fields that carry a credential. */
export function credentialFields({ fields }: RequestMessage): readonly string[] {
  return ['authorization', 'cookie'].map((name) => fieldValue(fields, name) ?? '');
}

/** The content as a value; undefined when there is none, or none that can be read. */
export const bodyOf: (request: RequestMessage) => Json | undefined = rememberedOnce((request) => {
  const mediaType = parseMediaType(fieldValue(request.fields, 'content-type') ?? '');
  if (request.content === undefined || mediaType === undefined) return undefined;
  const parsed = parseContent(request.content, mediaType);
  return parsed.kind === 'value' ? parsed.value : undefined;
});

/** Everything that the client sent, as texts: what an answer repeats of it is no secret of the server. */
export const sentTexts: (request: RequestMessage) => readonly string[] = rememberedOnce((request) => {
  const { path, query, fields, content } = request;
  return [
    decoded(path),
    decoded(query.replaceAll('+', ' ')),
    ...fields.map(([, value]) => value),
    textOf(content),
    ...leavesOf(bodyOf(request)),
  ];
});

/** JSON that receivers understand differently: a name that stands twice, half a surrogate pair (RFC 8259, sections 4 and 8.2). */
export const isUnpredictable: (request: RequestMessage) => boolean = rememberedOnce(({ content }) => {
  const text = textOf(content);
  return duplicateMember(text) !== undefined || hasLoneSurrogate(text);
});

function hasLoneSurrogate(text: string): boolean {
  const loneEscape =
    /(?<!\\)(?:\\\\)*(?:\\ud[89ab][\da-f]{2}(?!\\ud[c-f][\da-f]{2})|(?<!\\ud[89ab][\da-f]{2})\\ud[c-f][\da-f]{2})/i;
  return loneEscape.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
