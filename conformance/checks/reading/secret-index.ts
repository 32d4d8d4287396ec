/** Secrets found in texts: however many are known, a text is gone through once. */

/** A short secret counts where it is a whole value: five digits stand in many a number. */
const shortest = 8;

const words = /[\w-]+/g;

export type SecretIndex = {
  readonly size: number;
  add(secret: string): void;
  /** Those that are one of the texts or, when they are long enough, a word in one; in the order in which they were added. */
  foundIn(texts: readonly string[]): readonly string[];
};

export function createSecretIndex(): SecretIndex {
  const numbers = new Map<string, number>();
  // A secret that stands in a text as a word begins there with its own first word.
  const byWord = new Map<string, string[]>();
  const wordless: string[] = [];
  return {
    get size() {
      return numbers.size;
    },
    add(secret) {
      if (numbers.has(secret)) return;
      numbers.set(secret, numbers.size);
      if (secret.length < shortest) return;
      const [word] = secret.match(words) ?? [];
      if (word === undefined) wordless.push(secret);
      else byWord.set(word, [...(byWord.get(word) ?? []), secret]);
    },
    foundIn(texts) {
      const found = new Set<string>();
      for (const text of texts) {
        if (numbers.has(text)) found.add(text);
        for (const secret of wordless) if (isWordIn(secret, text)) found.add(secret);
        for (const word of byWord.size === 0 ? [] : (text.match(words) ?? []))
          for (const secret of byWord.get(word) ?? []) if (isWordIn(secret, text)) found.add(secret);
      }
      return [...found].sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
    },
  };
}

function isWordIn(secret: string, text: string): boolean {
  const at = text.indexOf(secret);
  if (at === -1) return false;
  const [before = '', after = ''] = [text[at - 1], text[at + secret.length]];
  return !/[\w-]/.test(before) && !/[\w-]/.test(after);
}
