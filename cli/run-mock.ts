/** Runs `counterfoil mock`: loads, serves, says so, and stops. */

import { randomBytes } from 'node:crypto';
import type { Paint } from '../conformance/report/paint.js';
import {
  createMock,
  ListenError,
  type Listening,
  listen,
  type Mock,
  type MockOptions,
} from '../mock/index.js';
import { isLoopback } from '../mock/loopback.js';
import type { Watching } from '../mock/watch.js';
import type { Contract } from '../openapi/contract.js';
import { ContractError } from '../openapi/contract-error.js';
import { loadContracts } from './contracts.js';
import { type ExchangeLog, jsonLine, jsonLog, prettyLog, silentLog } from './exchange-log.js';
import { contractText, exitCodes, explained, Failure } from './failure.js';
import { mistakesText } from './mistakes.js';
import type { MockFlags } from './mock.js';
import { readingBy } from './reading.js';
import { startText } from './start-text.js';
import { finish, stopSignal } from './stop.js';
import { type Print, paintFor } from './terminal.js';

/** Where words for people go and where the log goes: the same place, unless the log is for programs. */
type Output = { readonly say: Print; readonly paint: Paint; readonly log: Print };

type Load = () => Promise<readonly Contract[]>;

/** Serves APIs until Ctrl-C. */
export async function runMock(names: readonly string[], flags: MockFlags, version: string): Promise<void> {
  const output = outputFor(flags);
  const load: Load = () => loadContracts(names, readingBy(flags));
  const options = optionsFor(flags);
  if (names.length > 1 && (flags.overlay ?? []).length > 0)
    throw new Failure('--overlay changes one document: name one API.', exitCodes.wrongInput);
  const contracts = await load();
  for (const text of contracts.map(mistakesText)) if (text !== undefined) output.say(`${text}\n`);
  const mock = createMock(contracts, { ...options, ...logFor(flags, output, contracts) });
  const listening = await listenOrFail(mock, flags);
  const stopped = stopSignal();
  const watching = flags.watch ? await watch(mock, load, output) : undefined;
  const running = { mock, listening, flags, options, watched: watching?.files, version };
  output.say(`${await startText(running, output.paint)}\n`);
  if (flags.log === 'json') output.log(jsonLine('listening', { url: listening.url }));
  await stopped;
  await finish(() => Promise.all([listening.close(), watching?.close()]), output.say);
}

function outputFor({ log }: MockFlags): Output {
  const { stdout, stderr, env } = process;
  const voice = log === 'json' ? stderr : stdout;
  return {
    say: (text) => voice.write(`${text}\n`),
    paint: paintFor(voice, env.NO_COLOR),
    log: (text) => stdout.write(`${text}\n`),
  };
}

function logFor({ log }: MockFlags, output: Output, contracts: readonly Contract[]): ExchangeLog {
  if (log === 'off') return silentLog;
  return log === 'json' ? jsonLog(output.log) : prettyLog(output.log, output.paint, contracts);
}

function optionsFor(flags: MockFlags): MockOptions {
  const { otp, seed, secret, cors, delay, byName, auth, callbacks, callbackHosts } = flags;
  return {
    auth,
    callbacks: callbacks === true,
    ...(callbackHosts !== undefined && { callHosts: callbackHosts }),
    ...(otp !== undefined && { fixed: { otp } }),
    ...(seed !== undefined && { seed }),
    ...(secret !== undefined && { secret }),
    cors,
    delay,
    byName: byName === true,
    control: controlFor(flags),
  };
}

/** The control API asks for a token when there is one, and when other machines reach it. */
function controlFor({ control, controlToken, host }: MockFlags): boolean | { readonly token: string } {
  if (!control) return false;
  if (controlToken !== undefined) return { token: controlToken };
  return isLoopback(host) || { token: randomBytes(16).toString('hex') };
}

const advice: Readonly<Record<ListenError['code'], string>> = {
  'port-in-use': 'Choose another with --port, or any free one with --port 0.',
  'not-permitted': 'Choose one from 1024 up with --port.',
  'no-such-address':
    'Choose another with --host: 127.0.0.1 is this machine alone, 0.0.0.0 every address of it.',
  unguarded: 'See --control-token and --no-control.',
  failed: 'Check --host and --port.',
};

async function listenOrFail(mock: Mock, { port, host }: MockFlags): Promise<Listening> {
  try {
    return await listen(mock, { port, host });
  } catch (error) {
    if (error instanceof ListenError) throw new Failure(`${error.message} ${advice[error.code]}`);
    throw error;
  }
}

/** Watching is read in only when it is asked for: it is not needed to start. */
async function watch(mock: Mock, load: Load, { say, paint }: Output): Promise<Watching> {
  const { watchContracts } = await import('../mock/watch.js');
  let isBroken = false;
  return watchContracts(mock, {
    load,
    onReloaded(contracts) {
      const titles = contracts.map(({ title, version }) => `${title} ${version}`).join(', ');
      const good = isBroken ? 'The contract is good again. ' : '';
      isBroken = false;
      for (const text of contracts.map(mistakesText)) if (text !== undefined) say(paint('yellow', text));
      say(paint('green', `${good}Reloaded ${titles}; the state is kept.`));
    },
    onFailed(error) {
      isBroken = true;
      say(paint('red', error instanceof ContractError ? contractText(error) : explained(error, false).text));
      say(paint('yellow', 'The last good contract is still served.'));
    },
  });
}
