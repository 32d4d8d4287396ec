/** What the check is measured with: contracts, the servers that answer, and where their inputs come from. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CheckOptions, InputSource } from '../conformance/index.js';
import { type Contract, loadAuthoredWorkflows, loadContract, loadWorkflows } from '../openapi/index.js';
import { startServer } from './processes.js';

export type CheckCase = {
  readonly title: string;
  readonly contract: Contract;
  readonly url: string;
  readonly pid: number | undefined;
  readonly options: CheckOptions;
  stop(): void;
};

const root = new URL('../../', import.meta.url);
const fileOf = (path: string): string => fileURLToPath(new URL(path, root));

/** How often the one workflow of the trivial API is in its plan: with two requests each. */
const repetitions = 1000;

/** One workflow, over and over: each request costs what it costs at least. */
export async function trivialCase(concurrency: number): Promise<CheckCase> {
  const contract = await loadContract(fileOf('bench/trivial.openapi.yaml'));
  const [workflow] = await loadWorkflows(fileOf('bench/trivial.arazzo.yaml'), contract);
  if (workflow === undefined) throw new TypeError('The document has a workflow.');
  const { url, pid, stop } = await startServer('trivial');
  const workflows = Array.from({ length: repetitions }, (_, index) => {
    return { ...workflow, id: `${workflow.id}-${index}` };
  });
  return {
    title: 'trivial API, one workflow over and over',
    contract,
    url,
    pid,
    options: { workflows, phases: ['workflows'], concurrency },
    stop,
  };
}

/** The whole plan of Matar, with all that it sends, on a server that was written by its documentation. */
export async function matarCase(): Promise<CheckCase> {
  const contract = await loadContract('matar');
  const child = spawn(process.execPath, [fileOf('test/servers/matar-node.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const sent = new Map<string, string>();
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, first = '', second = ''] = line.split(' ');
      if (word === 'listening') resolve(first);
      if (word === 'sms') sent.set(decodeURIComponent(first), second);
    });
  });
  return {
    title: 'Matar, its whole plan',
    contract,
    url,
    pid: child.pid,
    options: { workflows: await loadAuthoredWorkflows(contract), inputs: matarInputs(sent) },
    stop: () => void child.kill(),
  };
}

/** New phone numbers, and the OTPs that were sent to them. */
function matarInputs(sent: ReadonlyMap<string, string>): InputSource {
  let phones = 0;
  return async (ask) => {
    if (/phone/i.test(ask.name)) {
      phones += 1;
      return { kind: 'value', value: `91${String(6_000_000_000 + phones)}`, fresh: true };
    }
    const find = (): string | undefined =>
      Object.values(ask.for).flatMap((value) => sent.get(String(value)) ?? [])[0];
    // The server's output and its answer come by two ways.
    for (let tries = 0; tries < 20 && find() === undefined; tries += 1) await pause(1);
    const otp = find();
    if (otp === undefined) return { kind: 'none', reason: 'no OTP was sent' };
    return { kind: 'value', value: otp, fresh: true };
  };
}
