/** The end of a server: the first Ctrl-C lets it finish, the next does not. */

import { exitCodes } from './failure.js';
import type { Print } from './terminal.js';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Waits for Ctrl-C (SIGINT) or SIGTERM. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve());
  });
}

/**
 * Closes a server. If that takes longer than a moment it says what for, and from then on a second signal exits at once.
 * (Before that, a second signal is not a person's: npm passes on the Ctrl-C that the terminal has already sent.)
 */
export async function finish(close: () => Promise<unknown>, print: Print): Promise<void> {
  const waiting = setTimeout(() => {
    print('Answering the requests in flight. Ctrl-C again stops at once.');
    for (const signal of signals) process.on(signal, () => process.exit(exitCodes.interrupted));
  }, 150);
  await close();
  clearTimeout(waiting);
  print('Stopped.');
}
