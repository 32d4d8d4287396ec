/** The names of members as words, however they are written. */

/** What one of several is called. */
export function singular(name: string): string {
  if (/ies$/i.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:ss|us|is)$/i.test(name)) return name;
  if (/(?:sses|shes|ches|xes)$/i.test(name)) return name.slice(0, -2);
  return name.replace(/(?<=[a-z])(?:s|List|_list|-list)$/, '');
}

/** The words of a name, in small letters: `created_at`, `createdAt`, `Created-At` and `createdAT` alike. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}
