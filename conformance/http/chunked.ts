/** Chunked content (RFC 9112, section 7.1), read as it comes. */

import type { Fault } from '../target.js';
import { quoted, readFieldLines } from './response-head.js';

export type ChunkReader = {
  /** Takes bytes; gives how many of them belong to the content with its framing. */
  take(bytes: Buffer): number;
  /** `malformed` is final: nobody knows what the bytes after it are. */
  readonly state: 'more' | 'whole' | 'malformed';
  /** What the reader was in when the bytes ended: for the one who tells that they ended too early. */
  readonly place: string;
};

const sizeLine = /^([\da-f]{1,13})[ \t]*(?:;.*)?$/i;
const longestLine = 65_536;

/** A reader that hands out content as it finds it. Adds faults. */
export function readChunks(content: (bytes: Buffer) => void, faults: Fault[]): ChunkReader {
  let expects: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  let state: ChunkReader['state'] = 'more';
  let line = '';
  let left = 0;
  const trailer: string[] = [];

  const malformed = (detail: string): void => {
    if (state === 'malformed') return;
    state = 'malformed';
    faults.push({ name: 'chunk-malformed', detail, section: 'RFC 9112, section 7.1' });
  };

  const takeSize = (text: string): void => {
    const [, digits] = sizeLine.exec(text) ?? [];
    if (digits === undefined) malformed(`In the place of a chunk's size is ${quoted(text)}`);
    else left = Number.parseInt(digits, 16);
    expects = left === 0 ? 'trailer' : 'data';
  };

  const takeLine = (text: string): void => {
    if (expects === 'size') takeSize(text);
    else if (expects === 'data-end') {
      if (text !== '') malformed(`After a chunk comes ${quoted(text)}`);
      expects = 'size';
    } else if (text !== '') trailer.push(text);
    else {
      readFieldLines(trailer, faults); // only for its faults: a trailer is no part of the fields (RFC 9110, 6.5)
      state = 'whole';
    }
  };

  const takeText = (bytes: Buffer, at: number): number => {
    const end = bytes.indexOf(10, at);
    line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
    if (line.length > longestLine) malformed(`A line between chunks has more than ${longestLine} bytes`);
    if (end === -1) {
      if (expects === 'size' && line !== '' && !/^[\da-f]/i.test(line)) takeLine(line); // no need to wait
      return bytes.length;
    }
    const isBare = !line.endsWith('\r');
    const text = isBare ? line : line.slice(0, -1);
    line = '';
    takeLine(text);
    if (isBare) malformed('A line between chunks ends in a line feed only');
    return end + 1;
  };

  return {
    take(bytes) {
      let at = 0;
      while (at < bytes.length && state === 'more') {
        if (expects !== 'data') at = takeText(bytes, at);
        else {
          const data = bytes.subarray(at, at + left);
          content(data);
          at += data.length;
          left -= data.length;
          if (left === 0) expects = 'data-end';
        }
      }
      return at;
    },
    get state() {
      return state;
    },
    get place() {
      if (expects === 'data') return `in a chunk of which ${left} bytes are missing`;
      return expects === 'trailer' ? 'in the trailer' : 'before the last chunk';
    },
  };
}
