/** What is labelled as JSON is JSON. */

import { fieldValue, isWithoutContent, type ResponseMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import type { Ask, Check, Deviation } from '../check.js';
import { duplicateMember } from './reading/json-text.js';
import { mediaTypeOf, saysJson, textOf } from './reading/response.js';
import { shortened } from './reading/words.js';

/**
 * Reports content labelled as JSON that a strict parser refuses or that two parsers may read differently. A parameter
 * `charset=utf-8` means nothing and does no harm; another charset tells clients to read other characters.
 */
export const jsonWellFormed: Check = {
  name: 'json-well-formed',
  promise: 'What is labelled as JSON is JSON in UTF-8, without a byte-order mark, each member once.',
  specification: {
    sentence:
      'JSON text follows the grammar, is encoded in UTF-8, has no byte-order mark in front, and names each member of an object once.',
    section: 'RFC 8259, sections 2, 4 and 8.1',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = ({ request, response, outcome, body }) => {
  if (response === undefined || !saysJson(response)) return [];
  if (isWithoutContent(request.method, response.status)) return [];
  // Content that HTTP has lost or not decoded is no JSON of the server: that is for the check message-framing.
  const isWhole = !outcome.faults.some(({ name }) => /^(?:content|chunk)/.test(name));
  const flaw = charsetFlaw(response) ?? (isWhole ? contentFlaw(response, body) : undefined);
  return flaw === undefined ? [] : [flaw];
};

const harmless: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

function charsetFlaw(response: ResponseMessage): Deviation | undefined {
  const charset = mediaTypeOf(response)?.parameters.find(([name]) => name === 'charset')?.[1];
  if (charset === undefined || harmless.has(charset.toLowerCase())) return undefined;
  return {
    title: `the JSON says that it is in ${charset}`,
    expected: 'JSON in UTF-8',
    actual: `Content-Type: ${fieldValue(response.fields, 'content-type')}`,
  };
}

const startsOf = {
  'byte-order mark': [0xef, 0xbb, 0xbf],
  gzip: [0x1f, 0x8b],
} as const;

function contentFlaw(response: ResponseMessage, body: Json | undefined): Deviation | undefined {
  const { content = new Uint8Array(), fields } = response;
  if (content.byteLength === 0) {
    return {
      title: 'the response is labelled as JSON and has no content',
      expected: 'JSON text, which is never empty',
      actual: `no content, Content-Type: ${fieldValue(fields, 'content-type')}`,
    };
  }
  const starts = (bytes: readonly number[]) => bytes.every((byte, index) => content[index] === byte);
  if (starts(startsOf['byte-order mark'])) {
    return {
      title: 'the JSON begins with a byte-order mark',
      expected: 'JSON text from the first byte on',
      actual: 'the bytes EF BB BF in front',
    };
  }
  if (starts(startsOf.gzip)) {
    // With the field that says so it is only content that nobody has decoded.
    if (fieldValue(fields, 'content-encoding') !== undefined) return undefined;
    return {
      title: 'the JSON is compressed, and no Content-Encoding says so',
      expected: 'JSON text, or Content-Encoding: gzip',
      actual: 'the bytes 1F 8B in front, which are those of gzip',
    };
  }
  const text = decoded(content);
  if (text === undefined) {
    const lenient = new TextDecoder('latin1').decode(content);
    return { title: 'the JSON is not in UTF-8', expected: 'JSON in UTF-8', actual: shortened(lenient) };
  }
  return isWrittenPlainly(text, body) ? undefined : textFlaw(text);
}

/** Whether a text is what its value is written as without any spaces: then each name stands once. */
function isWrittenPlainly(text: string, body: Json | undefined): boolean {
  return body !== undefined && JSON.stringify(body) === text;
}

function textFlaw(text: string): Deviation | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      title: 'the content is labelled as JSON and is none',
      expected: 'JSON text',
      actual: `${shortened(text)} (${shortened(why)})`,
    };
  }
  const pointer = duplicateMember(text);
  if (pointer === undefined) return undefined;
  return {
    pointer,
    title: 'a member stands twice in the same object of the JSON',
    expected: 'each name once',
    actual: `${pointer} stands twice: ${shortened(text)}`,
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const replacement = '\ufffd';

function decoded(content: Uint8Array): string | undefined {
  const text = textOf(content);
  if (!text.includes(replacement)) return text;
  try {
    return utf8.decode(content);
  } catch {
    return undefined;
  }
}
