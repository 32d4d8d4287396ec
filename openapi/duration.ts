/** Instants and ISO 8601 durations: lifetimes, and the clock that they run on. */

import { type Duration, parse } from 'tinyduration';

export type { Duration };

/** Tells the instant: milliseconds since 1970-01-01T00:00:00Z. Always an argument, never read inside. */
export type Clock = () => number;

/** The clock of this machine. */
export const systemClock: Clock = () => Date.now();

const part = (unit: string): string => `(?:\\d+(?:[.,]\\d+)?${unit})?`;
const datePart = ['Y', 'M', 'W', 'D'].map(part).join('');
const timePart = ['H', 'M', 'S'].map(part).join('');
/** A duration and nothing else: tinyduration reads one in any text that holds one. */
const wholeDuration = new RegExp(`^-?P(?=[\\dT])${datePart}(?:T(?=\\d)${timePart})?$`);

/** Parses an ISO 8601 duration (`PT10M`, `P10D`, `-P1D`); undefined when the text is none. */
export function parseDuration(text: string): Duration | undefined {
  if (!wholeDuration.test(text)) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The instant that lies a duration after another. Years and months follow the calendar of UTC, to the last day of a
 * month that has no such day (XML Schema 1.0 part 2, appendix E); and a day is always 24 hours, so that no change to
 * or from summer time moves a lifetime's end.
 */
export function plusDuration(instant: number, duration: Duration): number {
  const sign = duration.negative ? -1 : 1;
  const months = (duration.years ?? 0) * 12 + (duration.months ?? 0);
  const days = (duration.weeks ?? 0) * 7 + (duration.days ?? 0);
  const seconds =
    ((days * 24 + (duration.hours ?? 0)) * 60 + (duration.minutes ?? 0)) * 60 + (duration.seconds ?? 0);
  return plusMonths(instant, sign * months) + sign * Math.round(seconds * 1000);
}

/** How much time a duration is from an instant on, in milliseconds. */
export function millisecondsOf(duration: Duration, from: number): number {
  return plusDuration(from, duration) - from;
}

function plusMonths(instant: number, months: number): number {
  if (months === 0) return instant;
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months);
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}

/** The instant that a text names relative to another: a duration from it, or an RFC 3339 date-time. */
export function instantFrom(text: string, now: number): number | undefined {
  const duration = parseDuration(text);
  if (duration !== undefined) return validInstant(plusDuration(now, duration));
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i.test(text)) return undefined;
  return validInstant(Date.parse(text));
}

function validInstant(instant: number): number | undefined {
  return Number.isNaN(new Date(instant).getTime()) ? undefined : instant;
}
