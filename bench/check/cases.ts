/** What the check is measured with: contracts, the servers that answer, and where their inputs come from. */

import {
  type CheckOptions,
  type HttpTarget,
  httpTarget,
  mockAbilities,
  mockClock,
  mockInputs,
} from '../../conformance/index.js';
import {
  type Contract,
  loadAuthoredWorkflows,
  loadContract,
  loadWorkflows,
  seededRandom,
  systemClock,
} from '../../openapi/index.js';
import { startServer } from '../server/process.js';
import { fileOf } from '../server/root.js';

export type CheckCase = {
  readonly title: string;
  readonly contract: Contract;
  readonly url: string;
  readonly pid: number | undefined;
  readonly target: HttpTarget;
  readonly concurrency: number;
  /** The options of one run; a server that remembers is back at its start then. */
  options(): Promise<CheckOptions>;
  stop(): Promise<void>;
};

/** How often the one workflow of the trivial API is in its plan: with two requests each. */
const repetitions = 1000;

/** One workflow, over and over: each request costs what it costs at least. */
export async function trivialCase(concurrency: number): Promise<CheckCase> {
  const contract = await loadContract(fileOf('bench/check/trivial.openapi.yaml'));
  const [workflow] = await loadWorkflows(fileOf('bench/check/trivial.arazzo.yaml'), contract);
  if (workflow === undefined) throw new TypeError('The document has a workflow.');
  const server = await startServer('trivial', { kind: 'trivial', milliseconds: 0 });
  const workflows = Array.from({ length: repetitions }, (_, index) => {
    return { ...workflow, id: `${workflow.id}-${index}` };
  });
  const target = httpTarget(server.url);
  return {
    title: 'trivial API, one workflow over and over',
    contract,
    url: server.url,
    pid: server.pid,
    target,
    concurrency,
    options: async () => ({ workflows, phases: ['workflows'], concurrency, seed: 1 }),
    stop: () => stopped(server, target),
  };
}

/** The plan of Matar, or some of its phases, on our own mock, whose answers take so many milliseconds. */
export async function matarCase(
  title: string,
  concurrency: number,
  milliseconds: number,
  phases?: CheckOptions['phases'],
): Promise<CheckCase> {
  const contract = await loadContract('matar');
  const workflows = await loadAuthoredWorkflows(contract);
  const server = await startServer('mock of Matar', {
    kind: 'mock',
    contract: { kind: 'shipped', names: ['matar'] },
    delay: milliseconds / 1000,
  });
  const target = httpTarget(server.url);
  const abilities = await mockAbilities(target);
  if (abilities === undefined) throw new TypeError('The mock is not known to be one.');
  return {
    title,
    contract,
    url: server.url,
    pid: server.pid,
    target,
    concurrency,
    async options() {
      await abilities.reset();
      const { clockAhead, moveClock } = await mockClock(abilities, systemClock);
      const inputs = mockInputs(abilities, contract, seededRandom(1));
      const some = phases === undefined ? {} : { phases };
      return { workflows, inputs, harmless: true, seed: 1, clockAhead, moveClock, concurrency, ...some };
    },
    stop: () => stopped(server, target),
  };
}

async function stopped(server: { stop(): void }, target: HttpTarget): Promise<void> {
  server.stop();
  await target.close();
}
