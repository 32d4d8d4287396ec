/** A check of a server that answers wrong so many times, and its events through each report. */

import { check, checks, httpTarget, type RunEvent } from '../../conformance/index.js';
import { type Contract, type JsonObject, loadContract } from '../../openapi/index.js';
import { type ReportsResult, reportsOf } from '../check/reports.js';
import { type Spread, spread } from '../results/spread.js';
import { written } from '../server/made-contract.js';
import { pin } from '../server/pin.js';
import { startServer } from '../server/process.js';

export type FindingsResult = {
  /** Findings that there were, as the server meant it. */
  readonly findings: number;
  /** Milliseconds of processor time of this process for the whole run. */
  readonly milliseconds: Spread;
  readonly reports: ReportsResult;
};

/** Checks a server that answers so many operations wrong, in rounds. */
export async function benchmarkFindings(count: number, rounds: number): Promise<FindingsResult> {
  const made = written(documentOfWrongs(count));
  const server = await startServer('wrong', { kind: 'trivial', milliseconds: 0 });
  const target = httpTarget(server.url);
  try {
    pin([server]);
    const contract = await loadContract(made.file);
    const times: number[] = [];
    let events: readonly RunEvent[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const before = process.cpuUsage();
      events = await eventsOf(contract, target);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.push((user + system) / 1000);
    }
    const reports = reportsOf(contract, events, rounds);
    return { findings: reports.findings, milliseconds: spread(times), reports };
  } finally {
    server.stop();
    made.remove();
    await target.close();
  }
}

async function eventsOf(
  contract: Contract,
  target: Parameters<typeof check>[1],
): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  const one = checks.filter(({ name }) => name === 'response-schema-conformance'); // so that each answer is one finding
  const options = { phases: ['examples'], checks: one, seed: 1, confirmations: 0 } as const;
  for await (const event of check(contract, target, options)) events.push(event);
  return events;
}

/** A document of so many operations, whose schema the answer of the trivial server breaks. */
function documentOfWrongs(count: number): JsonObject {
  // Members that no schema names would be notes.
  const schema = {
    type: 'object',
    required: ['wanted'],
    additionalProperties: true,
    properties: { wanted: { type: 'string' } },
  };
  const responses = { '200': { description: 'A thing.', content: { 'application/json': { schema } } } };
  const paths = Array.from({ length: count }, (_, index) => {
    return [`/wrong${index + 1}`, { get: { operationId: `wrong${index + 1}`, responses } }] as const;
  });
  return {
    openapi: '3.1.0',
    info: { title: `${count} wrong answers`, version: '1.0.0' },
    paths: Object.fromEntries(paths),
  };
}
