/** The check, taken to a foreign server: what it asks for comes from the lines that the server prints. */

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { ExchangeRecord, Finding, RunEvent, RunFinished } from '../../conformance/event.js';
import { type InputSource, none } from '../../conformance/input/input.js';
import type { CheckOptions } from '../../conformance/options.js';
import { check } from '../../conformance/run.js';
import { httpTarget } from '../../conformance/target.js';
import { loadAuthoredWorkflows } from '../../openapi/arazzo/arazzo.js';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { loadContract } from '../../openapi/load.js';
import { sessionCalls } from '../contracts/session-calls.js';
import { type ForeignServer, type Kind, startServer } from './start.js';

/** What a run came to. */
export type Checked = {
  readonly finished: RunFinished;
  /** The findings in the order in which they first showed. */
  readonly shown: readonly Finding[];
  readonly exchanges: readonly ExchangeRecord[];
};

export type CheckedOptions = CheckOptions & {
  /** Milliseconds that an answer may take. Default 10 000: the machine may be busy. */
  readonly timeout?: number;
  /** Whether a finding is all that was looked for, and the run ends with it. Default: none is. */
  readonly until?: (finding: Finding) => boolean;
  /** The same of any event. */
  readonly isEnough?: (event: RunEvent) => boolean;
  /** Where the check goes instead of to the server itself: the URL of what stands before it. */
  readonly through?: (url: string) => Promise<string>;
};

type Known = { readonly contract: Contract; readonly workflows: readonly Workflow[] };

/** The contracts that were read; reading one takes longer than a short run. */
const known = new Map<string, Promise<Known>>();

/** The contract that a server is written for, and its authored workflows. */
export function contractOf(kind: Kind): Promise<Known> {
  const api = kind === 'xerial-express' ? 'xerial' : 'matar';
  const before = known.get(api);
  if (before !== undefined) return before;
  const read = sessionCalls(api).then(async (document) => {
    const contract = await loadContract(document);
    return { contract, workflows: await loadAuthoredWorkflows(contract) };
  });
  known.set(api, read);
  return read;
}

/** Starts a server with this defect or none, takes its contract to it, and ends it. */
export async function checked(
  kind: Kind,
  defect: string | undefined,
  options: CheckedOptions = {},
): Promise<Checked> {
  const { timeout = 10_000, until = () => false, isEnough = () => false, ...more } = options;
  const { through = async (url) => url, ...own } = more;
  const { contract, workflows } = await contractOf(kind);
  const server = await startServer(kind, defect);
  const target = httpTarget(await through(server.url), { timeout, contentLimit: 1_000_000 });
  const enough = new AbortController();
  const shown: Finding[] = [];
  const exchanges: ExchangeRecord[] = [];
  let finished: RunFinished | undefined;
  try {
    const events = check(contract, target, {
      seed: 1,
      workflows,
      inputs: inputsOf(server),
      moveClock: server.moveClock,
      base: server.url,
      signal: enough.signal,
      ...own,
    });
    for await (const event of events) {
      if (event.type === 'exchange') exchanges.push(event.exchange);
      if (event.type === 'finding') shown.push(event.finding);
      if (event.type === 'finding' && until(event.finding)) enough.abort();
      if (isEnough(event)) enough.abort();
      if (event.type === 'run-finished') finished = event;
    }
  } finally {
    await target.close();
    await server.stop();
  }
  if (finished === undefined) throw new TypeError('the run has no end');
  return { finished, shown, exchanges };
}

/** How long the text message of an OTP may take, in milliseconds. */
const patience = 500;

/** Numbers that nobody has yet, the newest OTP of a number, and a session for whomever the check speaks of. */
export function inputsOf(server: ForeignServer): InputSource {
  const otpFor = newestOtp(server);
  const users = new Map<string, string>();
  let numbers = 0;
  return async ({ name, for: depends, cast = '' }) => {
    if (name === 'phone_number') {
      numbers += 1;
      return { kind: 'value', value: String(918_000_000_000 + numbers), fresh: true };
    }
    if (name === 'otp') {
      const value = await otpFor(String(depends.phone_number));
      return value === undefined ? none('no text message came') : { kind: 'value', value, fresh: true };
    }
    if (name === 'refreshToken') {
      const user = users.get(cast) ?? `u${users.size}`;
      users.set(cast, user);
      return { kind: 'value', value: await server.session(user), fresh: false };
    }
    return none(`nobody knows ${name}`);
  };
}

/** The newest OTP that was sent to a number and not asked for yet; undefined when none comes. */
function newestOtp(server: ForeignServer): (phone: string) => Promise<string | undefined> {
  const awaited = new Map<string, Promise<string | undefined>>();
  return async (phone) => {
    let newest: string | undefined;
    for (;;) {
      const next = awaited.get(phone) ?? server.sms(phone).catch(() => undefined);
      awaited.set(phone, next);
      const late = newest === undefined ? wait(patience, undefined, { ref: false }) : turn(undefined);
      const otp = await Promise.race([next, late]);
      if (otp === undefined) return newest;
      awaited.delete(phone);
      newest = otp;
    }
  };
}
