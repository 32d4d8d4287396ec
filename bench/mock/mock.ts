/** The part that measures the mock: throughput and latency beside floors, peers, and itself at other sizes. */

import { connections } from '../load/load.js';
import type { Options, Report } from '../part.js';
import { contestText } from '../results/contest.js';
import { machine, machineText } from '../results/machine.js';
import { mebibytes } from '../results/spread.js';
import { table } from '../results/table.js';
import { benchmarkFloors, type FloorsResult } from './floors.js';
import { currentUser, login, refusedLogout } from './requests.js';
import { benchmarkMade, benchmarkSessions, benchmarkSettings, byOperations } from './sizes.js';

/** Measures the mock. */
export async function benchmarkMock({ rounds, seconds }: Options): Promise<Report> {
  const length = { rounds, seconds };
  const floors = await benchmarkFloors(length);
  const sizes = [
    ...(await benchmarkSessions([10, 1000, 100_000], [refusedLogout, currentUser, login], length)),
    ...(await benchmarkMade([10, 1000], byOperations, length)),
    ...(await benchmarkSettings(length)),
  ];
  const on = machine(floors.pinned);
  const text = [
    '## The mock',
    ...[...floors.contests, ...sizes].map(contestText),
    memoryText(floors),
    ...floors.leftOut.map((why) => `Left out: ${why}`),
    `Medians of ${rounds} rounds of ${seconds} s after a warm-up, the servers taking turns; ${connections} connections. Ratios are of rounds side by side: median (least–most). Floors answer what the mock answers and remember nothing; a: Node alone; b: the mock's framework; c: b with the contract's demands compiled by Ajv. Peers answer each call with an example of its success.`,
    machineText(on),
  ].join('\n\n');
  return { text, data: { ...on, ...length, connections, ...floors, sizes } };
}

function memoryText({ memory }: FloorsResult): string {
  const columns = [
    { title: 'Server', align: 'left', cell: ({ server }: Memory) => server },
    { title: 'After start, MiB', cell: ({ before }: Memory) => mebibytes(before) },
    { title: 'After load, MiB', cell: ({ after }: Memory) => mebibytes(after) },
  ] as const;
  return `### Memory (RSS)\n\n${table(columns, memory)}`;
}

type Memory = FloorsResult['memory'][number];
