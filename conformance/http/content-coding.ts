/** Content codings (RFC 9110, section 8.4): the content as it was before it was encoded, or what is wrong with the label. */

import {
  brotliDecompressSync,
  gunzipSync,
  type InputType,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { essence, isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { Fault } from '../target.js';
import { membersOf } from './framing.js';

export type Decoded =
  | { readonly kind: 'decoded'; readonly content: Uint8Array }
  /** Decoded it is larger than the limit. */
  | { readonly kind: 'endless' }
  /** The coding is registered, but nothing here can read it. */
  | { readonly kind: 'unreadable'; readonly coding: string };

type Decode = (content: InputType, options: ZlibOptions) => Uint8Array;

const decoders: { readonly [coding: string]: Decode } = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Registered with IANA, and not read here. */
const otherCodings = new Set([
  'aes128gcm',
  'compress',
  'x-compress',
  'dcb',
  'dcz',
  'exi',
  'pack200-gzip',
  'zstd',
]);

/**
 * Takes off the content codings of a response with these values of fields, the last that was applied first. Content that is not in the coding of its
 * label stays as it is. Adds faults.
 */
export function decodeContent(
  values: ReadonlyMap<string, string>,
  content: Uint8Array,
  limit: number,
  faults: Fault[],
): Decoded {
  const label = values.get('content-encoding');
  if (content.byteLength === 0) return { kind: 'decoded', content };
  if (label === undefined) {
    faults.push(...unlabelled(values, content));
    return { kind: 'decoded', content };
  }
  return decode(membersOf(label), content, limit, faults, 'Content-Encoding');
}

/** Takes off codings, the last first. `name` is the field that names them. */
export function decode(
  codings: readonly string[],
  content: Uint8Array,
  limit: number,
  faults: Fault[],
  name: 'Content-Encoding' | 'Transfer-Encoding',
): Decoded {
  let decoded = content;
  for (const coding of codings.toReversed()) {
    if (coding === 'identity' || coding === '') continue;
    if (otherCodings.has(coding)) return { kind: 'unreadable', coding };
    const decoder = decoders[coding];
    if (decoder === undefined) {
      if (name === 'Content-Encoding') faults.push(unknownCoding(coding));
      return { kind: 'decoded', content: decoded };
    }
    const result = attempt(decoder, decoded, limit);
    if (result === 'endless') return { kind: 'endless' };
    const bare =
      result instanceof Uint8Array || coding !== 'deflate' ? result : attempt(inflateRawSync, decoded, limit);
    if (bare === 'endless') return { kind: 'endless' };
    if (!(bare instanceof Uint8Array)) {
      faults.push({
        name: 'content-not-encoded',
        detail: `${name} is ${coding}, and the content is not in it: ${bare.message}`,
        section: name === 'Content-Encoding' ? 'RFC 9110, section 8.4' : 'RFC 9112, section 7.2',
      });
      return { kind: 'decoded', content: decoded };
    }
    if (bare !== result) faults.push(deflateWithoutZlib);
    decoded = bare;
  }
  return { kind: 'decoded', content: decoded };
}

const deflateWithoutZlib: Fault = {
  name: 'deflate-without-zlib',
  detail: 'The coding is deflate, and the content is not in the zlib format',
  section: 'RFC 9110, section 8.4.1.2',
};

function unknownCoding(coding: string): Fault {
  return {
    name: 'content-encoding-unknown',
    detail: `Content-Encoding is ${coding}, which is no registered content coding`,
    section: 'RFC 9110, section 8.4.1',
  };
}

function attempt(decoder: Decode, content: Uint8Array, limit: number): Uint8Array | 'endless' | Error {
  try {
    return decoder(content, { maxOutputLength: limit });
  } catch (error) {
    if (!(error instanceof Error)) return new Error(String(error));
    return 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'endless' : error;
  }
}

/** Text that begins as gzip does (RFC 1952, section 2.3.1) is compressed, and nothing says so. */
function unlabelled(values: ReadonlyMap<string, string>, content: Uint8Array): readonly Fault[] {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return [];
  const type = parseMediaType(values.get('content-type') ?? '');
  if (type === undefined) return [];
  const isText =
    isJson(type) ||
    type.type === 'text' ||
    type.subtype.endsWith('+xml') ||
    ['application/xml', 'application/javascript', 'application/x-www-form-urlencoded'].includes(
      essence(type),
    );
  if (!isText) return [];
  return [
    {
      name: 'content-encoding-missing',
      detail: `Content-Type is ${essence(type)}, the content begins as gzip does, and there is no Content-Encoding`,
      section: 'RFC 9110, section 8.4',
    },
  ];
}
