/** One HTTP/1.1 response read from the bytes of a connection as they come (RFC 9112), whatever they are. */

import type { Fault } from '../target.js';
import { type ChunkReader, readChunks } from './chunked.js';
import { type Framing, framingOf, repeatedFields, transferCodingsOf } from './framing.js';
import { malformedStatusLine, quoted, type ResponseHead, readHead } from './response-head.js';

export type ResponseReader = {
  /** Takes what came. Bytes after the end of the response are kept apart. */
  take(bytes: Buffer): void;
  /** The connection has ended: `clean` when it was closed, not broken. */
  close(clean: boolean): void;
  /** Nothing has come for a while: what is in doubt is decided by what there is. */
  settle(): void;
  readonly state: ReaderState;
  /** Whether more may come or not, and only time tells. */
  readonly inDoubt: boolean;
  /** The head of the final response, once it is whole. Interim responses (RFC 9110, section 15.2) are skipped. */
  readonly head: ResponseHead | undefined;
  readonly framing: Framing | undefined;
  /** The content so far, without its framing, in its codings. */
  content(): Uint8Array;
  readonly contentLength: number;
  /** Bytes that came before the status line and are no part of a response, as they can be shown. */
  readonly stray: string | undefined;
  /** Whether all bytes so far belong to this response, and it is plain where it ends. */
  readonly isPlain: boolean;
  /** What was forbidden so far, bytes after the response among it. */
  faults(): readonly Fault[];
};

export type ReaderState = 'nothing' | 'head' | 'content' | 'whole' | 'malformed' | 'cut-short' | 'endless';

const longestHead = 262_144;
const nothing = Buffer.alloc(0);

/** What becomes of bytes that need not be kept. */
export type ReadOptions = {
  /** The most bytes of content that are kept; of more content nothing is. Default: any number. */
  readonly most?: number;
  /** Takes the bytes after the end of the response when they are somebody's; false when they are nobody's. */
  readonly after?: (bytes: Buffer) => boolean;
};

/** A reader of the response to a request with this method. */
export function readResponse(
  method: string,
  { most = Number.POSITIVE_INFINITY, after = () => false }: ReadOptions = {},
): ResponseReader {
  const found: Fault[] = [];
  const pieces: Buffer[] = [];
  let state: ReaderState = 'nothing';
  let unread: Buffer = nothing; // of the head
  let head: ResponseHead | undefined;
  let framing: Framing | undefined;
  let chunks: ChunkReader | undefined;
  let received = 0;
  let headLength = 0; // of all heads so far
  let stray: string | undefined;
  let isStray = false;
  let extra = nothing;
  let extraLength = 0;

  const keep = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    received += bytes.length;
    if (received <= most) pieces.push(bytes);
    else pieces.length = 0;
  };

  const keepExtra = (bytes: Buffer): void => {
    if (after(bytes)) return;
    if (extra.length < 128) extra = Buffer.concat([extra, bytes.subarray(0, 128)]);
    extraLength += bytes.length;
  };

  const malformed = (): void => {
    state = 'malformed';
    found.push(malformedStatusLine(firstLine(unread)));
  };

  const takeHead = (bytes: Buffer): void => {
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes]);
    state = 'head';
    while (state === 'head') {
      isStray = !beginsLikeResponse(unread);
      if (isStray) {
        const start = unread.indexOf('HTTP/1.');
        if (start === -1) {
          if (unread.length > longestHead) malformed();
          return;
        }
        stray = quoted(unread.toString('latin1', 0, start));
        unread = unread.subarray(start);
        isStray = false;
      }
      const end = endOfHead(unread);
      if (end === undefined) {
        if (unread.length > longestHead) state = 'endless';
        return;
      }
      const rest = unread.subarray(end);
      const read = readHead(unread.toString('latin1', 0, end), found);
      unread = rest;
      headLength += end;
      if (read === undefined) state = 'malformed';
      else if (headLength > longestHead) state = 'endless';
      else if (read.status >= 100 && read.status < 200 && read.status !== 101) {
        framingOf(method, read, found);
        if (rest.length === 0) return;
      } else begin(read, rest);
    }
  };

  const begin = (read: ResponseHead, rest: Buffer): void => {
    head = read;
    unread = nothing;
    framing = framingOf(method, read, found);
    found.push(...repeatedFields(read));
    if (read.status === 101) found.push(unaskedSwitch);
    if (framing.kind === 'chunked') chunks = readChunks(keep, found);
    state =
      framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0) ? 'whole' : 'content';
    if (rest.length > 0) take(rest);
  };

  const takeContent = (bytes: Buffer): void => {
    if (chunks !== undefined) {
      const used = chunks.take(bytes);
      if (chunks.state === 'more') return;
      state = chunks.state;
      if (used < bytes.length && state === 'whole') keepExtra(bytes.subarray(used));
      return;
    }
    const expected = mostOf(framing);
    const own = bytes.length > expected - received ? bytes.subarray(0, expected - received) : bytes;
    keep(own);
    if (received === expected) state = 'whole';
    if (own.length < bytes.length) keepExtra(bytes.subarray(own.length));
  };

  const take = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (state === 'nothing' || state === 'head') takeHead(bytes);
    else if (state === 'content') takeContent(bytes);
    else if (state === 'whole') keepExtra(bytes);
  };

  const cutShort = (name: string, detail: string, section: string): void => {
    state = 'cut-short';
    found.push({ name, detail, section });
  };

  return {
    take,
    close(clean) {
      if (state === 'nothing') state = 'cut-short';
      else if (state === 'head' && isStray) malformed();
      else if (state === 'head')
        cutShort(
          'head-cut-short',
          `The connection was closed in the head, after ${quoted(unread.toString('latin1').slice(-30))}`,
          'RFC 9112, section 8',
        );
      else if (state !== 'content' || framing === undefined) return;
      else if (framing.kind === 'length')
        cutShort(
          'content-too-short',
          `Content-Length is ${framing.length}, and ${received} bytes came before the connection was closed`,
          'RFC 9112, section 8',
        );
      else if (chunks !== undefined)
        cutShort('chunks-cut-short', `The connection was closed ${chunks.place}`, 'RFC 9112, section 8');
      else state = clean ? 'whole' : 'cut-short';
    },
    settle() {
      if (state === 'head' && isStray) malformed();
      else if (state === 'content' && framing?.kind === 'doubtful' && received >= framing.least)
        state = 'whole';
    },
    get state() {
      return state;
    },
    get inDoubt() {
      if (state === 'head') return isStray;
      return state === 'content' && framing?.kind === 'doubtful' && received >= framing.least;
    },
    get head() {
      return head;
    },
    get framing() {
      return framing;
    },
    content: () => (pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
    get contentLength() {
      return received;
    },
    get stray() {
      return stray;
    },
    get isPlain() {
      const isDelimited = framing !== undefined && framing.kind !== 'close' && framing.kind !== 'doubtful';
      return isDelimited && extraLength === 0 && stray === undefined;
    },
    faults() {
      if (framing === undefined || head === undefined) return found;
      const on205 = head.status === 205 && received > 0 ? [contentOn205(received)] : [];
      if (extraLength === 0) return on205.length === 0 ? found : [...found, ...on205];
      return [...found, ...on205, extraFault(framing, head, extraLength, extra)];
    },
  };
}

function mostOf(framing: Framing | undefined): number {
  if (framing?.kind === 'length') return framing.length;
  return framing?.kind === 'doubtful' ? framing.most : Number.POSITIVE_INFINITY;
}

/** The codings that the transfer was in besides chunked, in the order in which they were applied. */
export function innerCodings(head: ResponseHead): readonly string[] {
  return transferCodingsOf(head).filter((coding) => coding !== 'chunked');
}

const unaskedSwitch: Fault = {
  name: 'switch-unasked',
  detail: 'The server switches protocols, and the request has no Upgrade',
  section: 'RFC 9110, section 7.8',
};

function contentOn205(length: number): Fault {
  return {
    name: 'content-on-205',
    detail: `205 has ${length} bytes of content`,
    section: 'RFC 9110, section 15.3.6',
  };
}

const forbiddenContent = {
  '101': 'RFC 9110, section 15.2',
  '204': 'RFC 9110, section 15.3.5',
  '304': 'RFC 9110, section 15.4.5',
  CONNECT: 'RFC 9110, section 9.3.6',
  HEAD: 'RFC 9110, section 9.3.2',
} as const;

function extraFault(framing: Framing, { status }: ResponseHead, length: number, bytes: Buffer): Fault {
  const shown = quoted(bytes.toString('latin1'));
  if (framing.kind === 'none') {
    const what =
      framing.why === 'HEAD' || framing.why === 'CONNECT' ? `the response to ${framing.why}` : status;
    return {
      name: `content-on-${framing.why.toLowerCase()}`,
      detail: `After the head of ${what} came ${length} bytes: ${shown}`,
      section: forbiddenContent[framing.why],
    };
  }
  if (framing.kind === 'length' && !/^HTTP\/1\./.test(bytes.toString('latin1', 0, 7))) {
    const { length: expected } = framing;
    return {
      name: 'content-too-long',
      detail: `Content-Length is ${expected}, and ${expected + length} bytes came, the last of them ${shown}`,
      section: 'RFC 9110, section 8.6',
    };
  }
  return {
    name: 'bytes-after-response',
    detail: `After the response came ${length} bytes more: ${shown}`,
    section: 'RFC 9112, section 6.3',
  };
}

function beginsLikeResponse(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, 5);
  return bytes.toString('latin1', 0, length).toUpperCase() === 'HTTP/'.slice(0, length);
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(10);
  return bytes.toString('latin1', 0, Math.min(end === -1 ? bytes.length : end + 1, 128));
}

/** Where the rest begins, after the empty line that ends the head; undefined when there is none yet. */
function endOfHead(bytes: Buffer): number | undefined {
  const proper = bytes.indexOf('\n\r\n');
  const bare = (proper === -1 ? bytes : bytes.subarray(0, proper + 1)).indexOf('\n\n');
  if (bare !== -1) return bare + 2;
  return proper === -1 ? undefined : proper + 3;
}
