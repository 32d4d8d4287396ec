/** How a time grows with a size: the times, each over the one before, and the shape in a word. */

import { type Spread, short } from './spread.js';
import { table } from './table.js';

/** The sizes that growth is measured at. */
export const sizes = [1, 10, 100, 1000] as const;

export type Growth = {
  readonly what: string;
  /** The unit of the times: `ms`, `µs`. */
  readonly unit: string;
  /** By size, the least first; none where it could not be measured. */
  readonly times: readonly (Spread | undefined)[];
  /** The sizes, where they are not those of the others. */
  readonly at?: readonly number[];
};

/** The shapes by the power of the size that the last step is like: below so much. */
const shapes = [
  { below: 0.15, name: 'flat' },
  { below: 0.75, name: 'less than linear' },
  { below: 1.25, name: 'linear' },
  { below: 1.75, name: 'more than linear' },
  { below: 2.25, name: 'quadratic' },
] as const;

/**
 * What the last step looks like: what is constant hides the growth of the steps before. Nothing is said where that step was not
 * measured.
 */
export function shapeOf(times: readonly (number | undefined)[], at: readonly number[] = sizes): string {
  const last = times.at(-1);
  const before = times.at(-2);
  const [small, large] = [at[times.length - 2], at[times.length - 1]];
  if (last === undefined || before === undefined || small === undefined || large === undefined) return '';
  const power = Math.log(last / before) / Math.log(large / small);
  return shapes.find(({ below }) => power < below)?.name ?? 'more than quadratic';
}

/** The growths as a table: each time, and over the one before. */
export function growthText(growths: readonly Growth[]): string {
  const cell = ({ unit, times, at = sizes }: Growth, index: number): string => {
    const time = times[index]?.median;
    const before = times[index - 1]?.median;
    if (time === undefined) return 'not measured';
    const step = before === undefined ? '' : ` (×${short(time / before)})`;
    const size = at[index] === sizes[index] ? '' : ` at ${at[index]}`;
    return `${short(time)} ${unit}${step}${size}`;
  };
  return table<Growth>(
    [
      { title: 'What', align: 'left', cell: ({ what }) => what },
      ...sizes.map((size, index) => ({
        title: size.toLocaleString('en'),
        cell: (growth: Growth) => cell(growth, index),
      })),
      {
        title: 'Shape',
        align: 'left',
        cell: ({ times, at }) =>
          shapeOf(
            times.map((time) => time?.median),
            at,
          ),
      },
    ],
    growths,
  );
}
