/** The part that measures starts: from spawn to the first answer, and the memory that it comes to. */

import { statSync } from 'node:fs';
import type { Options, Report } from '../part.js';
import { machine, machineText } from '../results/machine.js';
import { mebibytes, ratios, ratioText, type Spread, short, spread, whole } from '../results/spread.js';
import { table } from '../results/table.js';
import { largeDocument, lastThings, written } from '../server/made-contract.js';
import { pin } from '../server/pin.js';
import { honoLoaded, honoServer, mockStart, nodeAlone, peerStarts, shippedStarts } from './contenders.js';
import { benchmarkMemory, type MemoryResult } from './memory.js';
import { type Started, startTime } from './spawn.js';

export type StartResult = {
  readonly name: string;
  readonly milliseconds: Spread;
  /** Over `node -e 0`, round by round. */
  readonly byNode: Spread;
  /** Over Node with Hono loaded. */
  readonly byHono: Spread;
};

const megabytes = 10;

/** Measures starts. */
export async function benchmarkStart({ rounds, document }: Options): Promise<Report> {
  const pinned = pin([]);
  const made = written(largeDocument(megabytes * 1_000_000));
  try {
    const large = [
      mockStart(`counterfoil mock, a made document of ${sizeText(made.file)}`, [made.file], lastThings(5)),
      ...(document === undefined
        ? []
        : [mockStart(`counterfoil mock, ${sizeText(document)} of ${nameOf(document)}`, [document], '/')]),
    ];
    const { starts: peers, leftOut } = peerStarts();
    const { results, failed } = await inTurns(
      [nodeAlone, honoLoaded, honoServer, ...shippedStarts, ...peers, ...large],
      rounds,
    );
    const memory = await benchmarkMemory([...shippedStarts, ...large]);
    const on = machine(pinned);
    const text = [
      '## The start',
      startText(results),
      ...[...leftOut, ...failed].map((why) => `Left out: ${why}`),
      `From spawn to end for what ends by itself, else to the first answer over a socket, which is tried for every millisecond. Medians of ${rounds} rounds in turns, after one that fills the caches of the machine: median (least–most).`,
      memoryText(memory),
      machineText(on),
    ].join('\n\n');
    return { text, data: { ...on, rounds, results, memory, leftOut: [...leftOut, ...failed] } };
  } finally {
    made.remove();
  }
}

type Turns = { readonly results: readonly StartResult[]; readonly failed: readonly string[] };

/** Each once, which does not count, and then all in turns; who fails the first time takes no part. */
async function inTurns(all: readonly Started[], rounds: number): Promise<Turns> {
  const found = new Map<Started, number[]>();
  const failed: string[] = [];
  for (const each of all) {
    try {
      await startTime(each);
      found.set(each, []);
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (let round = 0; round < rounds; round += 1)
    for (const [each, times] of found) times.push(await startTime(each));
  const results = [...found].map(
    ([{ name }, times]): StartResult => ({
      name,
      milliseconds: spread(times),
      byNode: ratios(times, found.get(nodeAlone) ?? []),
      byHono: ratios(times, found.get(honoLoaded) ?? []),
    }),
  );
  return { results, failed };
}

function startText(results: readonly StartResult[]): string {
  return table<StartResult>(
    [
      { title: 'Start', align: 'left', cell: ({ name }) => name },
      { title: 'ms', cell: ({ milliseconds }) => short(milliseconds.median) },
      { title: 'least–most', cell: ({ milliseconds: { min, max } }) => `${whole(min)}–${whole(max)}` },
      { title: `this / ${nodeAlone.name}`, cell: ({ byNode }) => ratioText(byNode) },
      { title: 'this / Hono loaded', cell: ({ byHono }) => ratioText(byHono) },
    ],
    results,
  );
}

function memoryText(results: readonly MemoryResult[]): string {
  const rows = table<MemoryResult>(
    [
      { title: 'Server', align: 'left', cell: ({ name }) => name },
      { title: 'After start, MiB', cell: ({ afterStart }) => mebibytes(afterStart) },
      { title: 'After load, MiB', cell: ({ afterLoad }) => mebibytes(afterLoad) },
    ],
    results,
  );
  return `### Memory (RSS)\n\n${rows}`;
}

function sizeText(file: string): string {
  return `${short(statSync(file).size / 1e6)} MB`;
}

function nameOf(file: string): string {
  return file.replace(/^.*[\\/]/, '');
}
