/** Runs `counterfoil check`: loads the contract, takes it to the server, writes the reports, and says how it went. */

import { belowBasePaths, rootAbove } from '../conformance/base-paths.js';
import { checks } from '../conformance/checks/index.js';
import type { Config } from '../conformance/config.js';
import { withoutCertificate, withWaysIn } from '../conformance/credentials.js';
import type { RunEvent, RunFinished } from '../conformance/event.js';
import { mockInputs } from '../conformance/input/mock-inputs.js';
import { watchedInputs } from '../conformance/input/watched-inputs.js';
import { type MockClock, mockClock } from '../conformance/mock-clock.js';
import { type Abilities, mockAbilities } from '../conformance/mock-target.js';
import type { CheckOptions } from '../conformance/options.js';
import type { WalkBudget } from '../conformance/plan/walks/walks.js';
import { createRedactor, openMembers, type Redactor, secretMembers } from '../conformance/redact/redact.js';
import { check, planOf } from '../conformance/run.js';
import { appTarget, httpTarget, type Target } from '../conformance/target.js';
import { loadAuthoredWorkflows, loadWorkflows } from '../openapi/arazzo/arazzo.js';
import type { Contract } from '../openapi/contract.js';
import { systemClock } from '../openapi/duration.js';
import { anySeed, seededRandom } from '../openapi/random.js';
import type { CheckFlags } from './check.js';
import { baselineFor, type RunBaseline } from './check-baseline.js';
import { credentialsFor, hideCredentials, isGivenBy } from './check-credentials.js';
import { saveFindings } from './check-findings.js';
import { fieldsOf, flagsAsConfig } from './check-flags.js';
import { clockBy, inputsFor } from './check-inputs.js';
import { chosenBy } from './check-names.js';
import { goesToFile, outputsFor, usualReports } from './check-reports.js';
import { stopBySignal } from './check-stop.js';
import { openWith } from './check-tokens.js';
import { withFlags } from './config.js';
import { contractFor } from './contracts.js';
import { dryRunText } from './dry-run.js';
import { exitCodes, Failure, messageOf } from './failure.js';
import { networkOf } from './network.js';
import { settingsOf } from './settings.js';

/** Takes a contract to a server. The exit code says how it went. */
export async function runCheck(api: string, flags: CheckFlags): Promise<void> {
  const loaded = await contractFor(api, flags);
  const asked = await settings(loaded, flags);
  const given = credentialsFor(loaded, flags, asked);
  const config = { ...asked, headers: given.headers };
  const contract = withWaysIn(loaded, isGivenBy(given, flags, config));
  const planning = await planningFor(contract, config, flags);
  if (flags.dryRun === true) {
    const plan = planOf(contract, { ...planning, ...limits(config), harmless: flags.mock === true });
    process.stdout.write(dryRunText(plan, planning.seed));
    return;
  }
  const redactor = createRedactor(
    [...secretMembers(contract), ...(config.secrets ?? [])],
    openMembers(contract),
  );
  hideCredentials(given, redactor);
  const { only = [], skip = [], safe = false } = config;
  const baseline = baselineFor({
    config,
    isUpdated: flags.updateBaseline === true,
    isPartial: only.length + skip.length > 0 || safe || flags.replay !== undefined,
    mask: redactor.mask,
    warn: say,
  });
  const reached = await targetFor(contract, flags, config);
  const target = await openWith({ contract, given, config, redactor, ...reached });
  const report = reportTo(config, flags, redactor, baseline);
  const signal = stopBySignal(say);
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const abilities = await mockAbilities(target.target, flags.controlToken, soon);
  const made = abilities && mockInputs(abilities, contract, seededRandom(planning.seed));
  const { source, scarce } = inputsFor(flags, config, made, target.inputs);
  const clock = await clockFor(flags, abilities, signal);
  const events = check(contract, target.target, {
    ...planning,
    ...limits(config),
    ...(clock.clockAhead !== undefined && { clockAhead: clock.clockAhead }),
    ...(clock.moveClock !== undefined && { moveClock: clock.moveClock }),
    inputs: watchedInputs(source, redactor, config.secrets ?? []),
    ...(scarce !== undefined && { scarce }),
    harmless: abilities !== undefined,
    ...(config.clientCert === undefined && abilities === undefined && { whyNot: withoutCertificate }),
    ...(reached.base !== undefined && { base: reached.base }),
    signal,
  });
  const finished = await report(events);
  await clock.restore?.();
  await Promise.all([target.close(), reached.close()]);
  process.exitCode = exitCodeOf(finished);
}

/** How long a server has to show that it is a mock, in milliseconds: a mock answers at once, and others may hang. */
export const patience = 2000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

type Planning = CheckOptions & { readonly seed: number };

async function planningFor(contract: Contract, config: Config, { replay }: CheckFlags): Promise<Planning> {
  const chosen = chosenBy(contract, checks, config.only ?? [], config.skip ?? []);
  return {
    ...chosen,
    seed: config.seed ?? anySeed(),
    workflows:
      replay === undefined ? await loadAuthoredWorkflows(contract) : await loadWorkflows(replay, contract),
    phases: replay === undefined ? chosen.phases : ['workflows'],
    safe: config.safe ?? false,
  };
}

async function settings(contract: Contract, flags: CheckFlags): Promise<Config> {
  return withFlags(await settingsOf(contract, flags), flagsAsConfig(flags));
}

type Reached = {
  readonly target: Target;
  readonly base: string | undefined;
  readonly close: () => Promise<void>;
};

export async function targetFor(contract: Contract, flags: CheckFlags, config: Config): Promise<Reached> {
  if (flags.mock === true) {
    const { createMock } = await import('../mock/app.js');
    const mock = createMock(contract, config.seed === undefined ? {} : { seed: config.seed });
    return {
      target: belowBasePaths(appTarget(mock), contract),
      base: undefined,
      close: async () => {},
    };
  }
  const { url } = flags;
  if (url === undefined) {
    const example = contract.servers[0] ?? 'http://127.0.0.1:4010';
    throw new Failure(
      `Which server? Give --url, for example --url ${example}, or --mock for the mock in this process.`,
      exitCodes.wrongInput,
    );
  }
  const network = networkOf(config);
  try {
    const root = rootAbove(url, contract);
    const server = httpTarget(root ?? url, { headers: fieldsOf(config.headers ?? {}), ...network });
    const target = root === undefined ? server : belowBasePaths(server, contract);
    return { target, base: url, close: () => server.close() };
  } catch (error) {
    throw new Failure(messageOf(error), exitCodes.wrongInput);
  }
}

function limits(config: Config): CheckOptions {
  const {
    rate,
    concurrency,
    maxRequests,
    maxTime,
    responseTime,
    strict,
    checks: levels,
    operations: operationLevels,
  } = config;
  return {
    ...(rate !== undefined && { rate }),
    ...(concurrency !== undefined && { concurrency }),
    walks: walkBudget(config),
    ...(maxRequests !== undefined && { maxRequests }),
    ...(maxTime !== undefined && { maxTime: maxTime * 1000 }),
    ...(responseTime !== undefined && { responseTime: responseTime * 1000 }),
    ...(levels !== undefined && { levels }),
    ...(operationLevels !== undefined && { operationLevels }),
    strict: strict ?? false,
  };
}

function walkBudget({ walks, walkLength, walkTime }: Config): WalkBudget {
  return {
    ...(walks !== undefined && { count: walks }),
    ...(walkLength !== undefined && { length: walkLength }),
    ...(walkTime !== undefined && { time: walkTime * 1000 }),
  };
}

export async function clockFor(
  { clockCommand }: CheckFlags,
  abilities: Abilities | undefined,
  signal: AbortSignal,
): Promise<Partial<MockClock>> {
  if (clockCommand !== undefined) return { moveClock: clockBy(clockCommand, signal) };
  return abilities === undefined ? {} : mockClock(abilities, systemClock);
}

/** Hands the events to every report; the last event, with what the baseline makes of it. */
function reportTo(
  config: Config,
  flags: CheckFlags,
  redactor: Redactor,
  baseline: RunBaseline,
): (events: AsyncIterable<RunEvent>) => Promise<RunFinished> {
  const { stdout, env } = process;
  const { report = [] } = config;
  const asked = report.length > 0 ? report : usualReports(env);
  const terminal = {
    color: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
    progress: stdout.isTTY === true,
    width: (stdout.columns ?? 0) > 0 ? stdout.columns : 100,
    verbose: flags.verbose === true,
  };
  const outputs = outputsFor(asked, terminal, redactor.mask);
  // Who reads files still does when nobody reads the terminal any more (`counterfoil check | head`).
  if (asked.some(goesToFile)) stdout.removeAllListeners('error').on('error', () => {});
  return async (events) => {
    let finished: RunFinished | undefined;
    for await (const event of events) {
      if (event.type === 'exchange') redactor.learn(event.exchange);
      if (event.type === 'finding' && baseline.isAccepted(event.finding)) continue;
      const told = event.type === 'run-finished' ? baseline.applied(event) : event;
      if (told.type === 'run-finished') finished = told;
      outputs.take(told);
    }
    if (finished === undefined) throw new TypeError('the run has no end');
    outputs.finish();
    if (config.saveFindings !== undefined)
      saveFindings(config.saveFindings, finished.findings, redactor.mask);
    return finished;
  };
}

function exitCodeOf({ stopped, findings }: RunFinished): number {
  if (stopped === 'interrupted') return exitCodes.interrupted;
  if (findings.some(({ severity }) => severity === 'error')) return exitCodes.failed;
  return stopped === 'unreachable' ? exitCodes.unreachable : exitCodes.fine;
}
