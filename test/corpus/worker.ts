/** A process that tries documents, one after the other, and tells what came of each. */

import { type Tried, type Trying, tried } from './tried.js';

/** What the process is asked for. */
export type Ask = { readonly file: string; readonly trying: Trying };

/** What it says: what there is so far, or all of it. */
export type Said =
  | { readonly kind: 'so-far' | 'done'; readonly tried: Tried }
  | { readonly kind: 'at'; readonly what: string }
  | { readonly kind: 'failed'; readonly why: string };

const say = (said: Said): void => void process.send?.(said);

process.on('message', ({ file, trying }: Ask) => {
  const listener = {
    tell: (sofar: Tried) => say({ kind: 'so-far', tried: sofar }),
    at: (what: string) => say({ kind: 'at', what }),
  };
  tried(file, trying, listener).then(
    (done) => say({ kind: 'done', tried: done }),
    (error: unknown) =>
      say({ kind: 'failed', why: error instanceof Error ? `${error.stack}` : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
