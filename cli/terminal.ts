/** Text on its way to a terminal: what prints it, and whether it has colour. */

import { type Paint, painter } from '../conformance/report/paint.js';

/** Prints one line or several. */
export type Print = (text: string) => void;

/** Paints for a terminal, unless NO_COLOR is set (https://no-color.org); for anything else it does not. */
export function paintFor(stream: { readonly isTTY?: boolean }, noColor: string | undefined): Paint {
  return painter(stream.isTTY === true && (noColor ?? '') === '');
}
