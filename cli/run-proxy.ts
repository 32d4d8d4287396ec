/** Runs `counterfoil proxy`: loads the contract, forwards, judges what passes, and at the end writes the reports. */

import { checks } from '../conformance/checks/index.js';
import type { Config } from '../conformance/config.js';
import type { RunEvent, RunFinished } from '../conformance/event.js';
import { createObserver } from '../conformance/proxy/observer.js';
import { type ProxyOptions, type RunningProxy, startProxy } from '../conformance/proxy/serve.js';
import { createRedactor, openMembers, secretMembers } from '../conformance/redact/redact.js';
import type { Contract } from '../openapi/contract.js';
import { systemClock } from '../openapi/duration.js';
import { baselineFor } from './check-baseline.js';
import { saveFindings } from './check-findings.js';
import { goesToFile, outputsFor, usualReports } from './check-reports.js';
import { stopBySignal } from './check-stop.js';
import { contractFor } from './contracts.js';
import { exitCodes, Failure, messageOf } from './failure.js';
import { clientCertificate } from './network.js';
import type { FailOn, ProxyFlags } from './proxy.js';
import { proxyLog } from './proxy-log.js';
import { readCertificates } from './read-text.js';
import { settingsOf } from './settings.js';
import { type Print, paintFor } from './terminal.js';

/** Forwards until Ctrl-C, or as long as it may. The exit code says how it went. */
export async function runProxy(api: string, flags: ProxyFlags): Promise<void> {
  const contract = await contractFor(api, flags);
  const target = targetOf(contract, flags);
  const config = await settings(contract, flags);
  const secrets = [...(config.secrets ?? []), ...(flags.secret ?? [])];
  const redactor = createRedactor([...secretMembers(contract), ...secrets], openMembers(contract));
  const { mask } = redactor;
  const baseline = baselineFor({
    config,
    isUpdated: flags.updateBaseline === true,
    isPartial: true,
    mask,
    warn,
  });

  const { stdout, stderr, env } = process;
  const asked = reportsOf(flags);
  const isForPrograms = asked.some((each) => !goesToFile(each) && each !== 'terminal');
  const voice = isForPrograms ? stderr : stdout;
  const say: Print = (text) => void voice.write(`${text}\n`);
  const outputs = outputsFor(
    asked,
    {
      color: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
      progress: stdout.isTTY === true && flags.quiet === true,
      width: (stdout.columns ?? 0) > 0 ? stdout.columns : 100,
      verbose: flags.verbose === true,
    },
    mask,
  );
  // Who reads files still does when nobody reads the terminal any more.
  if (asked.some(goesToFile)) stdout.removeAllListeners('error').on('error', () => {});

  let finished: RunFinished | undefined;
  const tell = (event: RunEvent): void => {
    if (event.type === 'exchange') redactor.learn(event.exchange);
    if (event.type === 'finding' && baseline.isAccepted(event.finding)) return;
    const told = event.type === 'run-finished' ? baseline.applied(event) : event;
    if (told.type === 'run-finished') finished = told;
    outputs.take(told);
  };
  const { responseTime = config.responseTime } = flags;
  const observer = createObserver({
    contract,
    base: target,
    clock: systemClock,
    checks,
    levels: { ...config.checks, ...Object.fromEntries(flags.level ?? []) },
    ...(config.operations !== undefined && { operationLevels: config.operations }),
    strict: flags.strict ?? config.strict ?? false,
    ...(responseTime !== undefined && { responseTime: responseTime * 1000 }),
    tell,
    ...(flags.quiet !== true && { seen: proxyLog(say, paintFor(voice, env.NO_COLOR), mask, contract) }),
  });
  const ca = flags.ca ?? config.ca;
  const { clientCert = config.clientCert, clientKey = config.clientKey } = flags;
  const certificate = clientCertificate({
    ...(clientCert !== undefined && { clientCert }),
    ...(clientKey !== undefined && { clientKey }),
  });
  const { port, host, keepHost = false, insecure = config.insecure ?? false, contentLimit } = flags;
  const proxy = await listening({
    target,
    port,
    host,
    keepHost,
    insecure,
    ...(ca !== undefined && { ca: readCertificates(ca) }),
    ...(certificate !== undefined && { certificate }),
    contentLimit,
    clock: systemClock,
    witness: observer,
  });
  say(`Listening on ${proxy.url}\nCtrl-C stops it and writes the reports.\n`);
  await over(flags);
  await proxy.close(grace);
  observer.finish();
  if (finished === undefined) throw new TypeError('the run has no end');
  outputs.finish();
  if (flags.saveFindings !== undefined) saveFindings(flags.saveFindings, finished.findings, mask);
  process.exitCode = fails(finished, flags.failOn) ? exitCodes.failed : exitCodes.fine;
}

/** How long exchanges that are under way may take to end, in milliseconds. */
const grace = 5000;

/** What a timer takes; longer ones would fire at once. It is 24 days. */
const longestTimer = 2 ** 31 - 1;

const warn: Print = (text) => void process.stderr.write(`${text}\n`);

/** Waits for Ctrl-C, SIGTERM, or the end of the time. */
function over({ maxTime }: ProxyFlags): Promise<void> {
  return new Promise((resolve) => {
    const timer =
      maxTime === undefined ? undefined : setTimeout(resolve, Math.min(maxTime * 1000, longestTimer));
    stopBySignal(warn).addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function reportsOf({ report = [], har }: ProxyFlags): readonly string[] {
  const asked = report.length > 0 ? report : usualReports(process.env);
  return har === undefined ? asked : [...asked, `har:${har}`];
}

/** What the settings of a check say of findings; the rest of them is about what a check sends. */
async function settings(contract: Contract, flags: ProxyFlags): Promise<Config> {
  const config = await settingsOf(contract, flags);
  return flags.baseline === undefined ? config : { ...config, baseline: flags.baseline };
}

function targetOf({ servers }: Contract, { target }: ProxyFlags): string {
  if (target === undefined) {
    const example = servers[0] ?? 'http://127.0.0.1:4010';
    throw new Failure(`Which server? Give --target, for example --target ${example}.`, exitCodes.wrongInput);
  }
  const { username, password, search, hash } = new URL(target);
  if (username + password + search + hash === '') return target;
  throw new Failure(
    'A target has an origin and a path, and nothing else: credentials are for the clients to send.',
    exitCodes.wrongInput,
  );
}

async function listening(options: ProxyOptions): Promise<RunningProxy> {
  try {
    return await startProxy(options);
  } catch (error) {
    const { host, port } = options;
    throw new Failure(
      `The proxy cannot listen on ${host}, port ${port}: ${messageOf(error)}. Choose another with --port, or any free one with --port 0.`,
    );
  }
}

function fails({ findings }: RunFinished, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return findings.some(({ severity }) => severity === 'error' || failOn === 'undocumented');
}
