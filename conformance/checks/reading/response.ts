/** What a response says of itself: its media type, its text, and the description that the contract has of it. */

import { contentOfType } from '../../../openapi/content/content.js';
import { essence, isJson, type MediaType, parseMediaType } from '../../../openapi/content/media-type.js';
import type { Content, DocumentedResponse } from '../../../openapi/contract.js';
import { fieldValue, type ResponseMessage } from '../../../openapi/http/message.js';
import { isObject, type Json } from '../../../openapi/json.js';
import { rememberedOnce } from '../../../openapi/remembered.js';
import type { Fault } from '../../check.js';

/** Whether a status says that the request was understood, accepted and done (RFC 9110, section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Whether a fault is that there is content, or is said to be some, where there can be none. */
export function isOfMissingContent({ name }: Fault): boolean {
  return /^(?:content|content-length|transfer-encoding)-on-(?:head|204|205|304)$/.test(name);
}

/** The media type that a response gives itself; undefined when it gives none that can be read. */
export const mediaTypeOf: (response: ResponseMessage) => MediaType | undefined = rememberedOnce((response) =>
  parseMediaType(fieldValue(response.fields, 'content-type') ?? ''),
);

/** Whether a response describes itself as a problem (RFC 9457): then nothing needs to be documented to understand it. */
export function isProblem(response: ResponseMessage): boolean {
  const mediaType = mediaTypeOf(response);
  return mediaType !== undefined && essence(mediaType) === 'application/problem+json';
}

/** Whether a response says that its content is JSON. */
export function saysJson(response: ResponseMessage): boolean {
  const mediaType = mediaTypeOf(response);
  return mediaType !== undefined && isJson(mediaType);
}

/** What the contract says of content of this type. */
export function describedBy(documented: DocumentedResponse, mediaType: MediaType): Content | undefined {
  return contentOfType(documented.content, mediaType);
}

/** Content as text; what is no UTF-8 is replaced. */
export const textOf: (content: Uint8Array | undefined) => string = rememberedOnce((content) =>
  content === undefined ? '' : utf8.decode(content),
);

const utf8 = new TextDecoder();

/** Every text and number within a value, as text. */
export const leavesOf: (value: Json | undefined) => readonly string[] = rememberedOnce(leavesIn);

function leavesIn(value: Json | undefined): readonly string[] {
  const leaves: string[] = [];
  const pending: (Json | undefined)[] = [value];
  for (let part = pending.pop(); pending.length > 0 || part !== undefined; part = pending.pop()) {
    if (typeof part === 'string' || typeof part === 'number') leaves.push(String(part));
    else if (Array.isArray(part)) pending.push(...part.slice(0, mostItems));
    else if (isObject(part)) pending.push(...Object.values(part).slice(0, mostItems));
  }
  return leaves;
}

const mostItems = 10_000;
