/** Ids of what is found: the same for the same thing in every run, and short enough to be typed. */

import { createHash } from 'node:crypto';

/** The id of what these texts tell apart from all else: twelve hexadecimal digits. */
export function shortId(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12);
}

/** A JSON Pointer without the numbers in it: what is wrong with each item of a list is wrong with the list. */
export function anyItem(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*');
}
