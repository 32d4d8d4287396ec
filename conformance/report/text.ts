/** Text from outside on its way into a report: nothing in it steers a terminal, long text is cut, counts read as words. */

/** Text in which every character that a terminal would act on instead of showing it is written as `\u001b`. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\ufeff\ufffe\uffff\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    escaped,
  );
}

/** Like `visible`, of several lines: their ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The beginning of a text, and how much more there is when it is longer than the limit. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = wholeUpTo(text, limit);
  return `${text.slice(0, end)}… (${counted(text.length - end, 'more character')})`;
}

/** The greatest length up to `end` that does not part a surrogate pair. */
export function wholeUpTo(text: string, end: number): number {
  const parts = /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(end - 1, end + 1));
  return parts ? end - 1 : end;
}

/** A number and what it counts: `1 request`, `1,214 requests`. */
export function counted(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** A duration for people: `340 ms`, `8.2 s`, `3 min 5 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Content as text; undefined when it is not UTF-8. */
export function textOf(content: Uint8Array): string | undefined {
  try {
    return strict.decode(content);
  } catch {
    return undefined;
  }
}

/** Content as text, with U+FFFD in the place of what is not UTF-8. */
export function roughTextOf(content: Uint8Array): string {
  return lenient.decode(content);
}
