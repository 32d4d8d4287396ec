/** Runs `counterfoil compare`: loads the contract, takes it to both servers, says where they part, and how it went. */

import { compare } from '../conformance/compare/compare.js';
import type { CompareFinished } from '../conformance/compare/event.js';
import { type CompareOptions, comparePlan, usualPhases } from '../conformance/compare/plan.js';
import { withWaysIn } from '../conformance/credentials.js';
import { phases as allPhases, type Mask } from '../conformance/event.js';
import { createRedactor, openMembers, secretMembers } from '../conformance/redact/redact.js';
import { layoutFor } from '../conformance/report/layout.js';
import { loadAuthoredWorkflows, loadWorkflows } from '../openapi/arazzo/arazzo.js';
import type { Contract } from '../openapi/contract.js';
import type { Json, JsonObject } from '../openapi/json.js';
import { anySeed } from '../openapi/random.js';
import { chosenBy } from './check-names.js';
import { writeWhole } from './check-reports.js';
import { stopBySignal } from './check-stop.js';
import type { CompareFlags } from './compare.js';
import { comparisonJson, savedDocument } from './compare-json.js';
import { isGivenToBoth, openSides, serversOf } from './compare-sides.js';
import { comparisonText, progressText, startedText } from './compare-text.js';
import { contractFor } from './contracts.js';
import { dryRunText } from './dry-run.js';
import { exitCodes } from './failure.js';

/** Compares two servers. The exit code says how it went. */
export async function runCompare(api: string, flags: CompareFlags): Promise<void> {
  const { stdout, stderr, env } = process;
  const servers = serversOf(flags);
  const loaded = await contractFor(api, flags);
  const contract = withWaysIn(loaded, isGivenToBoth(loaded, flags));
  const options = await optionsFor(contract, flags);
  if (flags.dryRun === true) {
    const both = { harmless: servers.A === 'mock' && servers.B === 'mock' };
    stdout.write(dryRunText(comparePlan(contract, { A: both, B: both }, options), options.seed));
    return;
  }
  const redactor = createRedactor(
    [...secretMembers(contract), ...(flags.secret ?? [])],
    openMembers(contract),
  );
  const { mask } = redactor;
  const signal = stopBySignal((text) => void stderr.write(`${text}\n`));
  const { A, B } = await openSides({ contract, flags, seed: options.seed, redactor, signal });
  const layout = layoutFor(
    stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
    stdout.isTTY === true ? stdout.columns : 100,
  );
  const showing = { layout, mask, verbose: flags.verbose === true };
  const isLive = stderr.isTTY === true && flags.json !== true;
  let finished: CompareFinished | undefined;
  let done = 0;
  let planned: number | undefined;
  let parted = 0;
  for await (const event of compare(contract, A.side, B.side, { ...options, signal })) {
    if (event.type === 'exchange') redactor.learn(event.exchange);
    if (event.type === 'compare-started') {
      planned = event.planned;
      if (flags.json !== true) stdout.write(startedText(event, showing));
    }
    if (event.type === 'parting') parted += 1;
    if (event.type === 'workflow-finished') done += 1;
    if (isLive && event.type !== 'exchange') stderr.write(`\r\u001b[K${progressText(done, planned, parted)}`);
    if (event.type === 'compare-finished') finished = event;
  }
  if (isLive) stderr.write('\r\u001b[K');
  await Promise.all([A.close(), B.close()]);
  if (finished === undefined) throw new TypeError('the comparison has no end');
  if (flags.json === true) {
    const about = { contract, seed: options.seed, bases: { A: A.side.base, B: B.side.base } };
    stdout.write(`${maskedJson(comparisonJson(finished, about), mask)}\n`);
  } else stdout.write(comparisonText(finished, { ...showing, seed: options.seed }));
  if (flags.save !== undefined)
    writeWhole(flags.save, `${maskedJson(savedDocument(contract, finished), mask)}\n`);
  process.exitCode = exitCodeOf(finished);
}

/** The texts in it are masked; a number stays one, lest what is written be no JSON. */
function maskedJson(value: JsonObject, mask: Mask): string {
  return JSON.stringify(value, (_, part: Json) => (typeof part === 'string' ? mask(part) : part), 2);
}

type Options = CompareOptions & { readonly seed: number };

async function optionsFor(contract: Contract, flags: CompareFlags): Promise<Options> {
  const { only, skip, safe, rate, maxRequests, maxTime, ignore, tolerance, replay, walks } = flags;
  const chosen = chosenBy(contract, [], only ?? [], skip ?? []);
  const phases = isPhaseNamed(only ?? [])
    ? chosen.phases
    : chosen.phases.filter((phase) => usualPhases(contract).includes(phase));
  return {
    seed: flags.seed ?? anySeed(),
    only: chosen.only,
    skip: chosen.skip,
    workflows:
      replay === undefined ? await loadAuthoredWorkflows(contract) : await loadWorkflows(replay, contract),
    phases: replay === undefined ? phases : ['workflows'],
    safe: safe ?? false,
    ignored: ignore ?? [],
    ...(walks !== undefined && { walks: { count: walks } }),
    ...(tolerance !== undefined && { tolerance: tolerance * 1000 }),
    ...(rate !== undefined && { rate }),
    ...(maxRequests !== undefined && { maxRequests }),
    ...(maxTime !== undefined && { maxTime: maxTime * 1000 }),
  };
}

/** Whether one of the names is that of a phase, so that the usual ones are not meant. */
function isPhaseNamed(names: readonly string[]): boolean {
  const known: readonly string[] = allPhases;
  return names.some((name) => known.includes(name));
}

function exitCodeOf({ stopped, partings }: CompareFinished): number {
  if (stopped === 'interrupted') return exitCodes.interrupted;
  if (partings.length > 0) return exitCodes.failed;
  return stopped === 'unreachable' ? exitCodes.unreachable : exitCodes.fine;
}
