/** Instants as texts of a form of their own, which `x-instant` of a schema gives. */

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** What the letters of a form stand for, as in Unicode TR 35; in UTC. */
const fields: Readonly<Record<string, (instant: Date) => string>> = {
  yyyy: (instant) => String(instant.getUTCFullYear()).padStart(4, '0'),
  MM: (instant) => twoDigits(instant.getUTCMonth() + 1),
  dd: (instant) => twoDigits(instant.getUTCDate()),
  HH: (instant) => twoDigits(instant.getUTCHours()),
  hh: (instant) => twoDigits(instant.getUTCHours() % 12 || 12),
  mm: (instant) => twoDigits(instant.getUTCMinutes()),
  ss: (instant) => twoDigits(instant.getUTCSeconds()),
  a: (instant) => (instant.getUTCHours() < 12 ? 'AM' : 'PM'),
};

/** An instant in a form such as `dd/MM/yyyy , hh:mm a`: letters as in Unicode TR 35, anything else as it stands. */
export function instantText(now: number, form: string): string {
  const instant = new Date(now);
  return form.replaceAll(/yyyy|MM|dd|HH|hh|mm|ss|a/g, (letters) => fields[letters]?.(instant) ?? letters);
}
