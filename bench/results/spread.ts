/** Some measurements of one thing as one number with its bounds, and how numbers are written. */

/** The middle of some numbers and their bounds. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** The median of some numbers, the least and the greatest. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** The value that a share of some numbers does not exceed, by nearest rank. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Numbers of one list over those of the other, pair by pair. */
export function ratios(above: readonly number[], below: readonly number[]): Spread {
  const pairs = Math.min(above.length, below.length);
  return spread(Array.from({ length: pairs }, (_, index) => (above[index] ?? 0) / (below[index] ?? 0)));
}

/** A ratio for a table: its median, and its bounds. */
export function ratioText({ median, min, max }: Spread): string {
  if (Number.isNaN(median)) return '';
  const digits = median < 10 ? 2 : 1;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

/** A number without its fraction. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A number with as many digits as say something: three, or all that stand before the point. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '';
  const size = Math.abs(value);
  return size >= 100 ? whole(value) : value.toFixed(size >= 10 ? 1 : 2);
}

/** Bytes in MiB. */
export function mebibytes(bytes: number): string {
  return whole(bytes / 2 ** 20);
}
