/** Which value of one server stands for which of the other: a one-to-one renaming, kept for a whole workflow. */

import type { Json } from '../../openapi/json.js';

/** A value that can have another name at the other server. */
export type Name = string | number;

/** That two values do not go together: what one of them, or both, went with before. */
export type Conflict = {
  /** What the value of A went with at B; undefined when it has not been seen. */
  readonly a: Name | undefined;
  /** What the value of B went with at A. */
  readonly b: Name | undefined;
};

export type Renaming = {
  /** From now on two values go together; how that contradicts what was seen before, when it does. */
  bind(a: Name, b: Name): Conflict | undefined;
  /** Whether two values go together: bound, or at least sent at the same place of a request. */
  isPair(a: Json, b: Json): boolean;
  /** Two values that were sent at the same place. They say nothing against what is bound. */
  sent(a: Name, b: Name): void;
  /** A text of A with each value in it replaced by the one that B has for it. */
  translated(text: string): string;
  /** A renaming that knows the same, and may be thrown away. */
  fork(): Renaming;
};

/** Shorter values are not looked for within a text: they stand in it by chance. */
const shortestWithin = 4;

export function createRenaming(
  bound: readonly (readonly [Name, Name])[] = [],
  sentTogether: readonly (readonly [Name, Name])[] = [],
): Renaming {
  const toB = new Map(bound);
  const toA = new Map(bound.map(([a, b]) => [b, a] as const));
  const loose = new Map(sentTogether);
  return {
    bind(a, b) {
      const [otherB, otherA] = [toB.get(a), toA.get(b)];
      if ((otherB !== undefined && otherB !== b) || (otherA !== undefined && otherA !== a))
        return { a: otherB, b: otherA };
      toB.set(a, b);
      toA.set(b, a);
      return undefined;
    },
    isPair(a, b) {
      if (!isName(a) || !isName(b)) return false;
      const known = toB.get(a);
      return known === undefined ? !toA.has(b) && loose.get(a) === b : known === b;
    },
    sent(a, b) {
      if (!loose.has(a)) loose.set(a, b);
    },
    translated(text) {
      const pairs = [...loose, ...toB]
        .map(([a, b]) => [String(a), String(b)] as const)
        .filter(([a, b]) => a !== b && a.length >= shortestWithin && text.includes(a))
        .toSorted(([a], [b]) => b.length - a.length);
      if (pairs.length === 0) return text;
      const pattern = new RegExp(pairs.map(([a]) => literal(a)).join('|'), 'g');
      const names = new Map(pairs);
      return text.replace(pattern, (name) => names.get(name) ?? name);
    },
    fork: () => createRenaming([...toB], [...loose]),
  };
}

/** Whether a value can have another name. */
export function isName(value: Json | undefined): value is Name {
  return typeof value === 'string' || typeof value === 'number';
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
