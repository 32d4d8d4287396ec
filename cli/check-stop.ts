/** The end of a check before its end: the first Ctrl-C stops the run, and the reports are written; the next ends the program. */

import { exitCodes } from './failure.js';
import type { Print } from './terminal.js';

/** A second signal within this many milliseconds is not a person's: npm passes on what the terminal has already sent. */
const moment = 150;

/** Aborts at SIGINT or SIGTERM. */
export function stopBySignal(print: Print): AbortSignal {
  const stopping = new AbortController();
  let first = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (!stopping.signal.aborted) {
        first = performance.now();
        print('Stopped. The reports are written. Ctrl-C again ends at once.');
        stopping.abort(new Error('interrupted'));
      } else if (performance.now() - first > moment) process.exit(exitCodes.interrupted);
    });
  return stopping.signal;
}
