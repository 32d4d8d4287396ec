/** Colour for a terminal, where somebody looks at it. */

import { styleText } from 'node:util';

/** A colour or a weight, as Node names them. */
export type Format = Parameters<typeof styleText>[0];

/** Gives a text a colour or a weight, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** Paints, or leaves every text as it is. */
export function painter(isPainting: boolean): Paint {
  return (format, text) => (isPainting ? styleText(format, text, { validateStream: false }) : text);
}
