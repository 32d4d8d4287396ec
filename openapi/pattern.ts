/** Patterns of schemas as regular expressions. */

/**
 * Patterns are meant as Unicode expressions (JSON Schema 2020-12 core, section 6.4); many are written for less, and still
 * mean something. Throws a SyntaxError for one that means nothing.
 */
export function regExpOf(pattern: string, flags = 'u'): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

export function isRegExp(pattern: string): boolean {
  try {
    regExpOf(pattern);
    return true;
  } catch {
    return false;
  }
}
