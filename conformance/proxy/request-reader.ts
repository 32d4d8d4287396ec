/** The requests of one connection, read as they pass: where each begins and ends, with heads written for the target. */

import { type ChunkReader, readChunks } from '../http/chunked.js';
import { type Destination, headFor, type RequestHead, readRequestHead } from './request-head.js';

/** Told of what passes. */
export type RequestListener = {
  readonly begun: (head: RequestHead) => void;
  /** Content without its framing. */
  readonly content: (bytes: Buffer) => void;
  readonly ended: () => void;
  /** From here on nobody can tell what the bytes are: they pass as they are. */
  readonly lost: () => void;
};

export type RequestReader = {
  /** Takes what came from the client; hands out what goes to the target, in order. Of a head nothing goes before it is whole. */
  take(bytes: Buffer, forward: (bytes: Buffer) => void): void;
  /** What is held back, because its head is not whole. */
  unread(): Buffer;
  /** The connection speaks another protocol from now on (RFC 9110, section 7.8). */
  leave(): void;
};

const longestHead = 262_144;
const nothing = Buffer.alloc(0);
const endOfHead = '\r\n\r\n';

/** A reader of the requests of one client. */
export function readRequests(destination: Destination, listener: RequestListener): RequestReader {
  let expects: 'head' | 'content' | 'anything' = 'head';
  let unread: Buffer = nothing;
  let left = 0;
  let chunks: ChunkReader | undefined;

  const lose = (): void => {
    expects = 'anything';
    listener.lost();
  };

  const end = (): void => {
    expects = 'head';
    chunks = undefined;
    listener.ended();
  };

  const begin = (head: RequestHead): void => {
    const { framing, method } = head;
    listener.begun(head);
    if (method === 'CONNECT') {
      // What follows may be for whoever it is connected to.
      listener.ended();
      expects = 'anything';
      return;
    }
    expects = 'content';
    left = framing.kind === 'length' ? framing.length : 0;
    if (framing.kind === 'chunked') chunks = readChunks(listener.content, []);
    else if (framing.kind === 'none') end();
  };

  /** Gives what is left over of the bytes; undefined when all were taken. */
  const takeHead = (bytes: Buffer, forward: (bytes: Buffer) => void): Buffer | undefined => {
    const searched = Math.max(0, unread.length - endOfHead.length);
    const all = unread.length === 0 ? bytes : Buffer.concat([unread, bytes]);
    unread = nothing;
    let start = 0;
    while (all[start] === 13 || all[start] === 10) start += 1; // empty lines before a request (RFC 9112, section 2.2)
    const at = all.indexOf(endOfHead, Math.max(start, searched));
    if (at === -1) {
      if (all.length <= longestHead && mayBeHead(all, start)) {
        unread = all;
        return undefined;
      }
      lose();
      return all;
    }
    const text = all.toString('latin1', start, at);
    const head = readRequestHead(text);
    if (head === undefined) {
      lose();
      return all;
    }
    if (start > 0) forward(all.subarray(0, start));
    forward(Buffer.from(headFor(head, text, destination) + endOfHead, 'latin1'));
    begin(head);
    return all.subarray(at + endOfHead.length);
  };

  /** Gives how many of the bytes are content of this request. */
  const takeContent = (bytes: Buffer): number => {
    if (chunks !== undefined) {
      const used = chunks.take(bytes);
      if (chunks.state === 'whole') end();
      else if (chunks.state === 'malformed') lose();
      return used;
    }
    const own = bytes.subarray(0, left);
    left -= own.length;
    listener.content(own);
    if (left === 0) end();
    return own.length;
  };

  return {
    take(bytes, forward) {
      let rest: Buffer | undefined = bytes;
      while (rest !== undefined && rest.length > 0) {
        if (expects === 'head') rest = takeHead(rest, forward);
        else if (expects === 'anything') {
          forward(rest);
          return;
        } else {
          const used = takeContent(rest);
          forward(rest.subarray(0, used));
          rest = rest.subarray(used);
        }
      }
    },
    unread: () => unread,
    leave() {
      expects = 'anything';
    },
  };
}

/** Whether these may be the first bytes of a request: those of TLS, or of HTTP/2, need not be waited on. */
function mayBeHead(bytes: Buffer, start: number): boolean {
  const first = bytes.toString('latin1', start, Math.min(bytes.length, start + 16));
  return /^[!#$%&'*+.^_`|~\w-]*(?: |$)/.test(first) || /^[!#$%&'*+.^_`|~\w-]{16}$/.test(first);
}
