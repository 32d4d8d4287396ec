/** Items handed from who makes them to who takes them, in order, however fast either is. */

export type Channel<Item> = {
  put(item: Item): void;
  /** Nothing more will be put. */
  close(): void;
  /** Every item, until the channel is closed and empty. */
  items(): AsyncGenerator<Item>;
};

export function createChannel<Item>(): Channel<Item> {
  let waiting: Item[] = [];
  let closed = false;
  let wake: (() => void) | undefined;
  const stir = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    put(item) {
      waiting.push(item);
      stir();
    },
    close() {
      closed = true;
      stir();
    },
    async *items() {
      for (;;) {
        const taken = waiting;
        waiting = [];
        yield* taken;
        if (waiting.length > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/**
 * What work puts out as it goes on. Whoever takes no more ends it: the signal that the work is given aborts then, as it does
 * with the one from outside.
 */
export async function* streamed<Item>(
  outer: AbortSignal | undefined,
  work: (put: (item: Item) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Item> {
  const channel = createChannel<Item>();
  const leaving = new AbortController();
  const signal = AbortSignal.any([...(outer === undefined ? [] : [outer]), leaving.signal]);
  const finished = work(channel.put, signal).finally(channel.close);
  try {
    yield* channel.items();
  } finally {
    leaving.abort();
    await finished;
  }
}
