/** Runs `counterfoil check`: loads the contract, takes it to the server, writes the reports, and says how it went. */

import { existsSync, readFileSync } from 'node:fs';
import { applyBaseline, baselineText, readBaseline } from '../conformance/baseline.js';
import { checks } from '../conformance/checks/index.js';
import type { Config } from '../conformance/config.js';
import type { Finding, RunEvent, RunFinished } from '../conformance/event.js';
import type { InputSource } from '../conformance/input.js';
import { mockInputs } from '../conformance/mock-inputs.js';
import { type Abilities, mockAbilities } from '../conformance/mock-target.js';
import type { CheckOptions } from '../conformance/options.js';
import { createRedactor, openMembers, type Redactor, secretMembers } from '../conformance/redact.js';
import { check, planOf } from '../conformance/run.js';
import { isSecretName } from '../conformance/secret-names.js';
import { appTarget, httpTarget, type Target } from '../conformance/target.js';
import { loadAuthoredWorkflows, loadWorkflows } from '../openapi/arazzo.js';
import type { Contract } from '../openapi/contract.js';
import { loadContract } from '../openapi/load.js';
import { seededRandom } from '../openapi/random.js';
import type { CheckFlags } from './check.js';
import { fieldsOf, flagsAsConfig } from './check-flags.js';
import { clockBy, inputsFor } from './check-inputs.js';
import { chosenBy } from './check-names.js';
import { outputFor, writeWhole } from './check-reports.js';
import { findConfig, loadConfig, withFlags } from './config.js';
import { dryRunText } from './dry-run.js';
import { exitCodes, Failure } from './failure.js';

/** Takes a contract to a server. The exit code says how it went. */
export async function runCheck(api: string, flags: CheckFlags): Promise<void> {
  const contract = await loadContract(api, {
    remote: flags.allowRemote === true,
    outside: flags.allowOutside === true,
  });
  const config = await settings(contract, flags);
  const chosen = chosenBy(contract, checks, config.only ?? [], config.skip ?? []);
  const workflows =
    flags.replay === undefined
      ? await loadAuthoredWorkflows(contract)
      : await loadWorkflows(flags.replay, contract);
  const seed = config.seed ?? Math.floor(Math.random() * 0x7fffffff);
  const planning: CheckOptions & { readonly seed: number } = {
    ...chosen,
    seed,
    workflows,
    phases: flags.replay === undefined ? chosen.phases : ['workflows'],
    safe: config.safe ?? false,
  };
  if (flags.dryRun === true) {
    process.stdout.write(dryRunText(planOf(contract, { ...planning, harmless: flags.mock === true }), seed));
    return;
  }
  const baseline = baselineFor(config, flags);
  const redactor = createRedactor(
    [...secretMembers(contract), ...(config.secrets ?? [])],
    openMembers(contract),
  );
  const target = await targetFor(contract, flags, config);
  const stopping = new AbortController();
  listenForStop(stopping);
  const abilities = await mockAbilities(target.target, flags.controlToken, stopping.signal);
  const made = abilities && mockInputs(abilities, contract, seededRandom(seed));
  const inputs = await inputsFor(flags, config, made);
  const events = check(contract, target.target, {
    ...planning,
    ...limits(config),
    ...clockFor(flags, abilities, stopping.signal),
    inputs: watched(inputs, redactor, config.secrets ?? []),
    harmless: abilities !== undefined,
    confirmations: 2,
    ...(target.base !== undefined && { base: target.base }),
    signal: stopping.signal,
  });
  const finished = await report(events, config, redactor, baseline, flags);
  await target.close();
  process.exitCode = exitCodeOf(finished);
}

async function settings(contract: Contract, flags: CheckFlags): Promise<Config> {
  const file = findConfig(process.cwd(), flags.config);
  const known = { checks: checks.map(({ name }) => name), operations: contract.operations };
  const config = file === undefined ? {} : await loadConfig(file, known);
  const unknown = (flags.level ?? []).find(([name]) => !known.checks.includes(name));
  if (unknown !== undefined)
    throw new Failure(
      `There is no check "${unknown[0]}", only ${known.checks.join(', ')}.`,
      exitCodes.wrongInput,
    );
  return withFlags(config, flagsAsConfig(flags));
}

type Reached = {
  readonly target: Target;
  readonly base: string | undefined;
  readonly close: () => Promise<void>;
};

async function targetFor(contract: Contract, flags: CheckFlags, config: Config): Promise<Reached> {
  if (flags.mock === true) {
    const { createMock } = await import('../mock/app.js');
    const mock = createMock(contract, config.seed === undefined ? {} : { seed: config.seed });
    return { target: appTarget(mock), base: undefined, close: async () => {} };
  }
  const { url } = flags;
  if (url === undefined) {
    const example = contract.servers[0] ?? 'http://127.0.0.1:4010';
    throw new Failure(
      `Which server? Give --url, for example --url ${example}, or --mock for the mock in this process.`,
      exitCodes.wrongInput,
    );
  }
  try {
    const target = httpTarget(url, {
      headers: fieldsOf(config.headers ?? {}),
      ...(config.timeout !== undefined && { timeout: config.timeout * 1000 }),
      ...(config.retries !== undefined && { retries: config.retries }),
      ...(config.proxy !== undefined && { proxy: config.proxy }),
      ...(config.ca !== undefined && { ca: readFileSync(config.ca, 'utf8') }),
      insecure: config.insecure ?? false,
    });
    return { target, base: url, close: () => target.close() };
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), exitCodes.wrongInput);
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
    operations,
  } = config;
  return {
    ...(rate !== undefined && { rate }),
    ...(concurrency !== undefined && { concurrency }),
    ...(maxRequests !== undefined && { maxRequests }),
    ...(maxTime !== undefined && { maxTime: maxTime * 1000 }),
    ...(responseTime !== undefined && { responseTime: responseTime * 1000 }),
    ...(levels !== undefined && { levels }),
    operationLevels: Object.fromEntries(
      Object.entries(operations ?? {}).map(([name, own]) => [name, { checks: own.checks ?? {} }]),
    ),
    strict: strict ?? false,
  };
}

function clockFor(
  { clockCommand }: CheckFlags,
  abilities: Abilities | undefined,
  signal: AbortSignal,
): Pick<CheckOptions, 'moveClock'> {
  if (clockCommand !== undefined) return { moveClock: clockBy(clockCommand, signal) };
  if (abilities === undefined) return {};
  return {
    moveClock: async (seconds) => {
      const moved = await abilities.moveClock(`PT${seconds}S`);
      if (moved.kind === 'failed') throw new Failure(`The clock of the mock cannot be moved: ${moved.why}.`);
    },
  };
}

/** The inputs, whose secret values the redactor is told of. */
function watched(source: InputSource, redactor: Redactor, named: readonly string[]): InputSource {
  return async (ask) => {
    const answer = await source(ask);
    const isSecret = isSecretName(ask.name) || named.includes(ask.name);
    if (answer.kind === 'value' && typeof answer.value === 'string' && isSecret)
      redactor.add(answer.value, ask.name);
    return answer;
  };
}

/** The first Ctrl-C ends the run, and the reports are written; the next ends the program. */
function listenForStop(stopping: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(exitCodes.interrupted);
      stopping.abort(new Error('interrupted'));
    });
}

/** Hands the events to every report; the last event, with what the baseline makes of it. */
async function report(
  events: AsyncGenerator<RunEvent>,
  config: Config,
  redactor: Redactor,
  baseline: Baselined,
  flags: CheckFlags,
): Promise<RunFinished> {
  const { stdout, env } = process;
  const terminal = {
    color: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
    progress: stdout.isTTY === true,
    width: stdout.columns ?? 100,
    verbose: flags.verbose === true,
  };
  const outputs = reportsFor(config).map((asked) => outputFor(asked, terminal, redactor.mask));
  let finished: RunFinished | undefined;
  for await (const event of events) {
    if (event.type === 'exchange') redactor.learn(event.exchange);
    if (event.type === 'finding' && isAccepted(event.finding, baseline)) continue;
    const told = event.type === 'run-finished' ? withBaseline(event, baseline) : event;
    if (told.type === 'run-finished') finished = told;
    for (const output of outputs) output.report.take(told);
  }
  for (const output of outputs) output.finish();
  if (finished === undefined) throw new TypeError('the run has no end');
  return finished;
}

/** At GitHub its annotations and summary come by themselves. */
function reportsFor({ report: asked }: Config): readonly string[] {
  if (asked !== undefined && asked.length > 0) return asked;
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_ACTIONS !== 'true') return ['terminal'];
  const summary = (GITHUB_STEP_SUMMARY ?? '') === '' ? [] : [`github-summary:${GITHUB_STEP_SUMMARY}`];
  return ['terminal', 'github', ...summary];
}

type Baselined = {
  readonly file: string | undefined;
  readonly known: ReturnType<typeof readBaseline> | undefined;
  readonly isUpdated: boolean;
  /** Whether less than everything is tried: then what did not show may not have been looked for. */
  readonly isPartial: boolean;
};

function baselineFor(config: Config, flags: CheckFlags): Baselined {
  const { baseline: file, only = [], skip = [], safe = false } = config;
  const isUpdated = flags.updateBaseline === true;
  if (isUpdated && file === undefined)
    throw new Failure(
      'Which baseline? Give --baseline <file> beside --update-baseline.',
      exitCodes.wrongInput,
    );
  const isPartial = only.length + skip.length > 0 || safe || flags.replay !== undefined;
  if (file === undefined || (isUpdated && !existsSync(file)))
    return { file, known: undefined, isUpdated, isPartial };
  if (!existsSync(file))
    throw new Failure(
      `There is no baseline ${file}. Write one with --update-baseline.`,
      exitCodes.wrongInput,
    );
  return { file, known: readBaseline(readFileSync(file, 'utf8'), file), isUpdated, isPartial };
}

function isAccepted(finding: Finding, { known, isUpdated }: Baselined): boolean {
  return !isUpdated && known !== undefined && applyBaseline([finding], known).accepted.length > 0;
}

function withBaseline(event: RunFinished, { file, known, isUpdated, isPartial }: Baselined): RunFinished {
  if (isUpdated && file !== undefined && event.complete)
    writeWhole(file, baselineText(event.findings, undefined, known));
  if (known === undefined && !isUpdated) return event;
  const { fresh, accepted, vanished } = applyBaseline(event.findings, known ?? { findings: [] });
  const told = isPartial || !event.complete ? [] : vanished;
  return isUpdated
    ? { ...event, findings: [], accepted: event.findings.length, vanished: told }
    : { ...event, findings: fresh, accepted: accepted.length, vanished: told };
}

function exitCodeOf({ stopped, findings }: RunFinished): number {
  if (stopped === 'unreachable') return exitCodes.unreachable;
  if (stopped === 'interrupted') return exitCodes.interrupted;
  return findings.some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.fine;
}
