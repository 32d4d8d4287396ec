/** The defects that only a sequence of calls shows: the sequence of each shows it, and without any one of its calls it is hidden. */

import { afterAll, describe, expect, test } from 'vitest';
import type { Target } from './caller.js';
import deepDefects from './deep-defects.json' with { type: 'json' };
import { type PlayLines, playMatar, playXerial } from './deep-plays.js';
import defects from './defects.json' with { type: 'json' };
import { type ForeignServer, type Kind, missing, startServer } from './start.js';

const kinds: readonly Kind[] = ['matar-node', 'matar-flask', 'xerial-express'];
const playOf = (kind: Kind): PlayLines => (kind === 'xerial-express' ? playXerial : playMatar);
const targetOf = (server: ForeignServer): Target => ({ ...server, now: Date.now });

/** The correct servers, started when they are first asked. */
const correct = new Map<Kind, Promise<ForeignServer>>();

afterAll(async () => {
  for (const server of correct.values()) await (await server).stop();
});

function correctly(kind: Kind): Promise<ForeignServer> {
  const server = correct.get(kind) ?? startServer(kind);
  correct.set(kind, server);
  return server;
}

const cases = kinds.flatMap((kind) =>
  deepDefects
    .filter(({ servers }) => servers.includes(kind))
    .map((each) => [`${kind}: ${each.name}`, kind, each] as const),
);

describe('the shortest sequence', () => {
  test.concurrent.for(cases)(
    'shows at its last call, and only there and whole, %s',
    async ([, kind, { name, shortest, right, wrong }], { expect, onTestFinished, skip }) => {
      const lacking = missing(kind);
      if (lacking !== undefined) skip(lacking);
      const play = playOf(kind);
      const server = await startServer(kind, name);
      onTestFinished(server.stop);
      const [broken, sound] = [targetOf(server), targetOf(await correctly(kind))];

      const seen = await play(shortest, broken);
      const expected = await play(shortest, sound);
      expect(expected.at(-1)).toMatchObject({ status: right });
      expect(seen.at(-1)).toMatchObject({ status: wrong });
      expect(seen.at(-1)).not.toEqual(expected.at(-1));
      expect(seen.slice(0, -1)).toEqual(expected.slice(0, -1));

      for (const left of shortest.keys()) {
        const without = `without ${shortest[left]} (${left + 1})`;
        expect(await play(shortest, broken, left), without).toEqual(await play(shortest, sound, left));
      }
    },
  );
});

describe('the list of deep defects', () => {
  test.each(deepDefects)('says of $name what it takes', ({ least, shortest }) => {
    expect(shortest).toHaveLength(least);
    expect(least).toBeGreaterThanOrEqual(4);
    expect(least).toBeLessThanOrEqual(8);
  });

  test('has no name that another list or another line has', () => {
    const names = [...deepDefects, ...defects].flatMap(({ name, servers }) =>
      servers.map((server) => `${server} ${name}`),
    );
    expect(names).toHaveLength(new Set(names).size);
  });

  test('is not alone in saying what it takes: every defect of state that is forbidden for sure says so, too', () => {
    const isSure = ({ by }: { readonly by: string }): boolean => by === 'contract' || by === 'standard';
    const ofState = defects.filter(({ category }) => category === 'state');
    const saying = defects.filter((each) => 'least' in each);
    expect(ofState.filter(isSure).filter((each) => !saying.includes(each))).toEqual([]);
    expect(saying.filter((each) => !isSure(each))).toEqual([]);
    expect(saying.filter((each) => Number(each.least) < 1 || Number(each.least) > 8)).toEqual([]);
  });

  test('has at least ten for servers that are written otherwise', () => {
    const of = (kind: Kind): number => deepDefects.filter(({ servers }) => servers.includes(kind)).length;
    expect(of('matar-node')).toBeGreaterThanOrEqual(10);
    expect(of('xerial-express')).toBeGreaterThanOrEqual(5);
    expect(of('matar-flask')).toBeGreaterThanOrEqual(3);
  });
});
