/** JSON text looked at as text: what JSON.parse lets pass without a word. */

import { pointerTo } from '../../../openapi/json.js';

/** An object or array that is open, and where in it the text is now. */
type Level = { readonly names: Set<string> | undefined; index: number; name: string };

/**
 * The pointer of the first member whose name stood before in the same object (RFC 8259, section 4); undefined when every
 * name is unique, and when the text is no JSON. Names are compared unescaped.
 */
export function duplicateMember(text: string): string | undefined {
  const levels: Level[] = [];
  const pointer = (): string =>
    levels.reduce(
      (outer, { names, index, name }) => pointerTo(outer, names === undefined ? index : name),
      '',
    );
  const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]/gs;
  let expectsName = false;
  for (const [part] of text.matchAll(token)) {
    const level = levels.at(-1);
    if (part === '{' || part === '[') {
      levels.push({ names: part === '{' ? new Set() : undefined, index: 0, name: '' });
      expectsName = part === '{';
    } else if (part === '}' || part === ']') {
      levels.pop();
      expectsName = false;
    } else if (part === ',') {
      if (level !== undefined) level.index += 1;
      expectsName = level?.names !== undefined;
    } else if (part !== ':' && expectsName && level?.names !== undefined) {
      level.name = unescaped(part);
      if (level.names.has(level.name)) return pointer();
      level.names.add(level.name);
      expectsName = false;
    }
  }
  return undefined;
}

function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}
