/** Values that are nearly right: made from one that is, by name, so that a workflow can ask for them. */

import type { Json } from '../openapi/json.js';
import { forgedTokens } from '../openapi/token.js';

/** What a code, a password or another text may be mistaken for. */
const nearMisses: Readonly<Record<string, (text: string) => string>> = {
  wrong: otherText,
  prefix: (text) => text.slice(0, -1),
  empty: () => '',
  longer: (text) => `${text}0`,
  'zero-before': (text) => `0${text}`,
  'plus-before': (text) => `+${text}`,
  decimal: (text) => `${text}.0`,
  half: (text) => text.slice(0, Math.ceil(text.length / 2)),
};

/** The names of what can be derived from a text that is compared with something kept. */
export const nearMissNames: readonly string[] = Object.keys(nearMisses);

/** What is derived from a value; undefined when nothing of this name can be, or when it would be the value itself. */
export function derived(name: string, value: Json): Json | undefined {
  if (typeof value !== 'string') return undefined;
  const made = name.startsWith('forged:')
    ? forgedTokens(value).find(({ title }) => forgedName(title) === name.slice('forged:'.length))?.token
    : nearMisses[name]?.(value);
  return made === value ? undefined : made;
}

/** The name under which a forged token can be asked for. */
export function forgedName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** Another text of the same form: each digit another digit, each letter another letter. */
function otherText(text: string): string {
  return text.replace(/[0-9]|[a-z]|[A-Z]/g, (character) => {
    if (/\d/.test(character)) return String((Number(character) + 3) % 10);
    const base = character >= 'a' ? 97 : 65;
    return String.fromCharCode(base + ((character.charCodeAt(0) - base + 3) % 26));
  });
}
