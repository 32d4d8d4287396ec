/** Signals that stop requests: heard by any number of them at once. */

import { setMaxListeners } from 'node:events';

/** Calls `stop` when the signal aborts. Gives what ends the listening. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal === undefined) return () => {};
  setMaxListeners(0, signal); // requests at once are many, and none of them is a leak
  signal.addEventListener('abort', stop, { once: true });
  return () => signal.removeEventListener('abort', stop);
}
