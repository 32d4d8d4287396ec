/** Places for work that is done side by side: none is left empty without need, and who waits leaves his to others. */

import { describe, expect, test } from 'vitest';
import { createPlaces, type Places } from '../../conformance/places.js';

/** Something that comes about when it is told to. */
type Matter = { readonly comesAbout: Promise<void>; readonly tell: () => void };

function matter(): Matter {
  let tell = (): void => {};
  const comesAbout = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { comesAbout, tell };
}

/** All that can go on without anything coming about has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work by name, each piece begun and ended as it is told; `begun` lists the names in order. */
function worksOf(names: string, places: () => Places) {
  const begun: string[] = [];
  const ends = new Map([...names].map((name) => [name, matter()]));
  const waits = new Map([...names].map((name) => [name, matter()]));
  const left = [...names];
  const next = () => {
    const name = left.shift();
    if (name === undefined) return undefined;
    begun.push(name);
    return async () => {
      // Those in capitals wait for something first.
      if (name === name.toUpperCase()) {
        await places().leaveFor(waits.get(name)?.comesAbout ?? Promise.resolve());
        begun.push(`${name} again`);
      }
      await ends.get(name)?.comesAbout;
    };
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.tell();
    await settled();
  };
  const wake = async (name: string): Promise<void> => {
    waits.get(name)?.tell();
    await settled();
  };
  return { begun, next, end, wake };
}

const never = async (): Promise<void> => {};

describe('places', () => {
  test('are filled at once, and each again as soon as it is left', async () => {
    const places = createPlaces(2, never);
    const { begun, next, end } = worksOf('abcd', () => places);
    const filled = places.fill(next);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    await end('a');
    await end('d');
    await filled;
  });

  test('are left by who waits, who comes before those that have not begun', async () => {
    const places = createPlaces(2, never);
    const { begun, next, end, wake } = worksOf('aBcd', () => places);
    const filled = places.fill(next);
    expect(begun).toEqual(['a', 'B', 'c']);
    await wake('B');
    expect(begun).toEqual(['a', 'B', 'c']);
    await end('a');
    expect(begun).toEqual(['a', 'B', 'c', 'B again']);
    for (const name of 'cBd') await end(name);
    expect(begun.at(-1)).toBe('d');
    await filled;
  });

  test('come one after the other when there is one: nothing is begun while somebody waits', async () => {
    const places = createPlaces(1, never);
    const { begun, next, end, wake } = worksOf('Ab', () => places);
    const filled = places.fill(next);
    await settled();
    expect(begun).toEqual(['A']);
    await wake('A');
    await end('A');
    expect(begun).toEqual(['A', 'A again', 'b']);
    await end('b');
    await filled;
  });

  test('tell when nobody is at work and somebody waits', async () => {
    const idle: string[] = [];
    const places = createPlaces(2, async () => void idle.push(begun.join(' ')));
    const { begun, next, end, wake } = worksOf('ABc', () => places);
    const filled = places.fill(next);
    expect(idle).toEqual([]);
    await end('c');
    expect(idle).toEqual(['A B c']);
    await wake('A');
    await wake('B');
    await end('A');
    await end('B');
    await filled;
    expect(idle).toEqual(['A B c']);
  });

  test('hand on what goes wrong', async () => {
    const places = createPlaces(2, never);
    const works = [async () => Promise.reject(new TypeError('wrong')), async () => {}];
    await expect(places.fill(() => works.shift())).rejects.toThrow('wrong');
    await expect(createPlaces(1, never).leaveFor(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
