/** Functions without a memory of their own, given one: for texts that come again and again, for what many ask at once, and for parts of a contract. */

/** So many results are kept before all are forgotten, and none of a text that is longer. */
const most = 5000;
const longest = 300;

/** The same function of a text, which remembers what it has made: media types, expressions and the like are few. */
export function remembered<Result>(make: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = make(text);
    if (known.size >= most) known.clear();
    if (text.length <= longest) known.set(text, { result });
    return result;
  };
}

/** The same function, which remembers the latest thing that it was asked of: what many ask of one message is read once. */
export function rememberedOnce<Of, Result>(read: (of: Of) => Result): (of: Of) => Result {
  let latest: { readonly of: Of; readonly result: Result } | undefined;
  return (of) => {
    if (latest === undefined || latest.of !== of) latest = { of, result: read(of) };
    return latest.result;
  };
}

/**
 * The same function of an object, which remembers what it has made of it for as long as that lives. What it is given besides is
 * the same each time for the same object.
 */
export function rememberedBy<Of extends object, Besides extends readonly unknown[], Result>(
  make: (of: Of, ...besides: Besides) => Result,
): (of: Of, ...besides: Besides) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of, ...besides) => {
    const before = known.get(of);
    if (before !== undefined) return before.result;
    const result = make(of, ...besides);
    known.set(of, { result });
    return result;
  };
}
