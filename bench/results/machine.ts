/** On what a run was made. */

import { cpus } from 'node:os';

export type Machine = {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Whether load and servers had a core each. */
  readonly pinned: boolean;
};

/** The machine of this run, now. */
export function machine(pinned: boolean): Machine {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    pinned,
  };
}

/** The machine in a line. */
export function machineText({ cpu, cores, node, pinned }: Machine): string {
  const pinning = pinned
    ? 'Load and servers had a core each.'
    : 'Load and servers were not pinned to cores of their own.';
  return `${cpu}, ${cores} cores, Node ${node}. ${pinning}`;
}
