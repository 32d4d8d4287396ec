/** Items handed over in order, whoever is faster. */

import { describe, expect, test } from 'vitest';
import { type Channel, createChannel } from '../../conformance/channel.js';

async function all<Item>({ items }: Channel<Item>): Promise<readonly Item[]> {
  const taken: Item[] = [];
  for await (const item of items()) taken.push(item);
  return taken;
}

describe('a channel', () => {
  test('hands over what was put before anybody asked, in order', async () => {
    const channel = createChannel<number>();
    for (const item of [1, 2, 3]) channel.put(item);
    channel.close();
    expect(await all(channel)).toEqual([1, 2, 3]);
  });

  test('that was closed empty hands over nothing', async () => {
    const channel = createChannel<number>();
    channel.close();
    expect(await all(channel)).toEqual([]);
  });

  test('waits for what comes later', async () => {
    const channel = createChannel<string>();
    const items = channel.items();
    const first = items.next();
    channel.put('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    const second = items.next();
    channel.put('b');
    channel.put('c');
    expect(await second).toEqual({ done: false, value: 'b' });
    expect(await items.next()).toEqual({ done: false, value: 'c' });
    const end = items.next();
    await new Promise(setImmediate); // until it waits
    channel.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  test('hands over what is put while an item is being looked at, after those that were waiting', async () => {
    const channel = createChannel<number>();
    channel.put(1);
    channel.put(2);
    const taken: number[] = [];
    for await (const item of channel.items()) {
      taken.push(item);
      if (item < 3) channel.put(item + 10);
      if (item === 12) channel.close();
    }
    expect(taken).toEqual([1, 2, 11, 12]);
  });

  test('hands over what was put before it was closed, though nobody has taken it yet', async () => {
    const channel = createChannel<number>();
    const items = channel.items();
    const first = items.next();
    channel.put(1);
    channel.put(2);
    channel.close();
    expect(await first).toEqual({ done: false, value: 1 });
    expect((await items.next()).value).toBe(2);
    expect((await items.next()).done).toBe(true);
  });

  test('keeps the order of a thousand items, however slowly they are taken', async () => {
    const channel = createChannel<number>();
    const taking = all(channel);
    for (let item = 0; item < 1000; item += 1) {
      channel.put(item);
      if (item % 7 === 0) await Promise.resolve();
    }
    channel.close();
    expect(await taking).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  });

  test('hands over undefined and null like anything else', async () => {
    const channel = createChannel<null | undefined>();
    channel.put(undefined);
    channel.put(null);
    channel.close();
    expect(await all(channel)).toEqual([undefined, null]);
  });
});
