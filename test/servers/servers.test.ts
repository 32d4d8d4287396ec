/** The foreign servers: correct by the documentation, as the mock is; and every defect of theirs can be seen. */

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Target } from './caller.js';
import deepDefects from './deep-defects.json' with { type: 'json' };
import defects from './defects.json' with { type: 'json' };
import { startMockServer } from './mock.js';
import { type Journey, play } from './play.js';
import { probeMatar } from './probes-matar.js';
import { probeXerial } from './probes-xerial.js';
import { type ForeignServer, type Kind, missing, startServer } from './start.js';

const kinds: readonly Kind[] = ['matar-node', 'matar-flask', 'xerial-express'];

/** A server with the clock that it has after every move. */
function targetOf(server: ForeignServer): Target {
  let moved = 0;
  return {
    ...server,
    now: () => Date.now() + moved * 1000,
    async moveClock(seconds) {
      await server.moveClock(seconds);
      moved += seconds;
    },
  };
}

const journeyOf = (api: string): Journey =>
  JSON.parse(readFileSync(new URL(`${api}.journey.json`, import.meta.url), 'utf8'));

describe('the documented journey is what one makes with', () => {
  test.concurrent.for([
    ['matar', 'matar-node'],
    ['matar', 'matar-flask'],
    ['matar', 'mock'],
    ['xerial', 'xerial-express'],
    ['xerial', 'mock'],
  ] as const)('%s: %s', async ([api, kind], { expect, onTestFinished, skip }) => {
    const lacking = kind === 'mock' ? undefined : missing(kind);
    if (lacking !== undefined) skip(lacking);
    const server = await (kind === 'mock' ? startMockServer(api) : startServer(kind));
    onTestFinished(server.stop);
    const played = await play(journeyOf(api), targetOf(server));
    for (const { step, seen, expected } of played) expect.soft(seen, step).toEqual(expected);
  });
});

const probeOf = (kind: Kind): typeof probeMatar => (kind === 'xerial-express' ? probeXerial : probeMatar);

/** The correct servers, started when they are first asked; one probe at a time, for a probe may move the clock. */
const correct = new Map<Kind, Promise<ForeignServer & { readonly target: Target }>>();
const probed = new Map<string, Promise<string>>();
let last: Promise<unknown> = Promise.resolve();

afterAll(async () => {
  for (const server of correct.values()) await (await server).stop();
});

function correctly(kind: Kind, probe: string, turn: number): Promise<string> {
  const key = `${kind} ${probe} ${turn}`;
  const known = probed.get(key);
  if (known !== undefined) return known;
  const server =
    correct.get(kind) ?? startServer(kind).then((started) => ({ ...started, target: targetOf(started) }));
  correct.set(kind, server);
  const seen = last.then(async () => text(await probeOf(kind)(probe, (await server).target)));
  last = seen.catch(() => {});
  probed.set(key, seen);
  return seen;
}

const text = (transcript: readonly unknown[]): string => JSON.stringify(transcript, null, 1);

describe.each(kinds)('%s', (kind) => {
  // Every third of them: `npm run defects` goes through all.
  const own = defects.filter(({ servers }) => servers.includes(kind)).filter((_, index) => index % 3 === 0);

  test.concurrent.for([...new Set(own.map(({ probe }) => probe))])(
    'without a defect shows the same each time: %s',
    async (probe, { expect, skip }) => {
      const lacking = missing(kind);
      if (lacking !== undefined) skip(lacking);
      const seen = await correctly(kind, probe, 1);
      expect(await correctly(kind, probe, 2)).toBe(seen);
      expect(seen).not.toMatch(/"status": (?:0|5..)|"faults": \[\n/);
    },
  );

  test.concurrent.for(own.map((defect) => [`${defect.category}: ${defect.name}`, defect] as const))(
    'with a defect of %s shows something else',
    async ([, { name, probe }], { expect, onTestFinished, skip }) => {
      const lacking = missing(kind);
      if (lacking !== undefined) skip(lacking);
      const server = await startServer(kind, name);
      onTestFinished(server.stop);
      const seen = text(await probeOf(kind)(probe, targetOf(server)));
      expect(seen).not.toBe(await correctly(kind, probe, 1));
    },
  );
});

describe('the list of defects', () => {
  const folder = new URL('.', import.meta.url);
  const sourceOf = (kind: Kind): string =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.startsWith(kind) || (kind !== 'matar-flask' && file === 'framing.mjs'))
      .filter((file) => /\.(?:mjs|py)$/.test(file))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n');

  test.each(kinds)('has what can be switched on in %s, each once', (kind) => {
    const listed = [...defects, ...deepDefects]
      .filter(({ servers }) => servers.includes(kind))
      .map(({ name }) => name);
    const written = sourceOf(kind).matchAll(/(?:defect (?:[!=]==?|not in) \(?|case )['"]([\w-]+)['"]/g);
    const names = new Set([...written].map(([, name]) => name));
    expect(listed.toSorted()).toEqual([...names].toSorted());
  });

  test.each(['matar', 'xerial'])('names rules that the contract of %s has', (api) => {
    const contract = readFileSync(`openapi/${api}/openapi.yaml`, 'utf8');
    const parts = [...defects, ...deepDefects]
      .filter(({ servers }) => servers.some((server) => server.startsWith(api)))
      .filter(({ by, rule }) => (by === 'contract' || by === 'inferred') && !rule.startsWith('every '))
      .flatMap(({ rule }) => rule.split(', '));
    expect([...new Set(parts)].filter((part) => !new RegExp(`\\b${part}\\b`).test(contract))).toEqual([]);
  });
});
