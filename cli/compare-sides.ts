/** The two servers of a comparison: each with its address, its inputs and its clock, as the flags say. */

import type { SideName } from '../conformance/compare/meeting.js';
import type { Side } from '../conformance/compare/side.js';
import type { Config } from '../conformance/config.js';
import type { Prompt } from '../conformance/input/input.js';
import { mockInputs } from '../conformance/input/mock-inputs.js';
import { watchedInputs } from '../conformance/input/watched-inputs.js';
import { mockAbilities } from '../conformance/mock-target.js';
import type { Redactor } from '../conformance/redact/redact.js';
import type { Contract, SecurityScheme } from '../openapi/contract.js';
import { seededRandom } from '../openapi/random.js';
import { credentialsFor, hideCredentials, isGivenBy } from './check-credentials.js';
import { inputsFor } from './check-inputs.js';
import { openWith } from './check-tokens.js';
import type { CompareFlags } from './compare.js';
import { exitCodes, Failure } from './failure.js';
import { terminalPrompt } from './prompt.js';
import { clockFor, patience, targetFor } from './run-check.js';

/** A server, and its end: a clock that was moved is put back. */
export type OpenedSide = { readonly side: Side; readonly close: () => Promise<void> };

export type SidesOptions = {
  readonly contract: Contract;
  readonly flags: CompareFlags;
  readonly seed: number;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
};

/**
 * Which two servers: those of `--url` in their order; the mock of `--mock` before them.
 * @throws Failure when there are not two.
 */
export function serversOf({ url = [], mock = false }: CompareFlags): Readonly<Record<SideName, string>> {
  const [A, B, ...more] = mock ? ['mock', ...url] : url;
  if (A !== undefined && B !== undefined && more.length === 0) return { A, B };
  const advice =
    more.length > 0
      ? 'Give no more than two.'
      : 'Give --url twice, or --mock for the mock of the contract and --url once.';
  throw new Failure(`Which two servers? ${advice}`, exitCodes.wrongInput);
}

/** Whether a scheme is one that requests can be made with to both servers; a mock takes any credential. */
export function isGivenToBoth(contract: Contract, flags: CompareFlags): (scheme: SecurityScheme) => boolean {
  const servers = serversOf(flags);
  const sides = (['A', 'B'] as const).filter((name) => servers[name] !== 'mock');
  const each = sides.map((name) => {
    const own = ownFlags(flags, name);
    return isGivenBy(credentialsFor(contract, own, own.config), own, own.config);
  });
  return (scheme) => each.every((isGiven) => isGiven(scheme));
}

/** Opens both, ready to be asked. */
export async function openSides(options: SidesOptions): Promise<Readonly<Record<SideName, OpenedSide>>> {
  const servers = serversOf(options.flags);
  const prompts = promptsInTurn(options.flags.prompt ? terminalPrompt() : undefined);
  const [A, B] = await Promise.all([
    openSide('A', servers.A, options, prompts('A')),
    openSide('B', servers.B, options, prompts('B')),
  ]);
  return { A, B };
}

async function openSide(
  name: SideName,
  server: string,
  { contract, flags, seed, redactor, signal }: SidesOptions,
  prompt: Prompt | undefined,
): Promise<OpenedSide> {
  const own = ownFlags(flags, name);
  const random = name === 'A' ? seed : seed ^ 0x2b2b2b;
  const config: Config = {
    ...own.config,
    seed: random,
    ...(flags.secret !== undefined && { secrets: flags.secret }),
  };
  const where = server === 'mock' ? { mock: true } : { url: server };
  const given = credentialsFor(contract, own, config);
  hideCredentials(given, redactor);
  const plain = { ...config, headers: given.headers };
  const reached = await targetFor(contract, { ...where, prompt: false }, plain);
  const opened = await openWith({ contract, given, config: plain, redactor, ...reached });
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const abilities = await mockAbilities(opened.target, own.controlToken, soon);
  const made = abilities && mockInputs(abilities, contract, seededRandom(random));
  const asked = { input: own.input, prompt: flags.prompt };
  const { source, scarce } = inputsFor(asked, config, made, opened.inputs, () => prompt);
  const { clockCommand } = own;
  const clock = await clockFor(
    { ...(clockCommand !== undefined && { clockCommand }), prompt: false },
    abilities,
    signal,
  );
  return {
    side: {
      target: opened.target,
      ...(reached.base !== undefined && { base: reached.base }),
      inputs: watchedInputs(source, redactor, flags.secret ?? []),
      ...(scarce !== undefined && { scarce }),
      harmless: abilities !== undefined,
      ...(clock.moveClock !== undefined && { moveClock: clock.moveClock }),
      ...(clock.clockAhead !== undefined && { clockAhead: clock.clockAhead }),
    },
    async close() {
      await clock.restore?.();
      await Promise.all([opened.close(), reached.close()]);
    },
  };
}

/** What is set for one server: its own flags win over those for both. */
function ownFlags(flags: CompareFlags, name: SideName) {
  const both = <Value>(common: readonly Value[] = [], own: readonly Value[] = []): readonly Value[] => [
    ...common,
    ...own,
  ];
  const isA = name === 'A';
  const inputs = (isA ? flags.inputsA : flags.inputsB) ?? flags.inputs;
  const { timeout, retries, proxy, ca, insecure, once, fresh, inputBudget } = flags;
  const { clientCert, clientKey, tokenUrl } = flags;
  const network = { timeout, retries, proxy, ca, insecure, clientCert, clientKey, tokenUrl };
  const plain = { ...network, once, fresh, inputBudget, inputs };
  const config: Config = {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    headers: Object.fromEntries(both(flags.header, isA ? flags.headerA : flags.headerB)),
    inputCommands: Object.fromEntries(
      both(flags.inputCommand, isA ? flags.inputCommandA : flags.inputCommandB),
    ),
  };
  return {
    config,
    input: both(flags.input, isA ? flags.inputA : flags.inputB),
    credential: both(flags.credential, isA ? flags.credentialA : flags.credentialB),
    clockCommand: (isA ? flags.clockCommandA : flags.clockCommandB) ?? flags.clockCommand,
    controlToken: (isA ? flags.controlTokenA : flags.controlTokenB) ?? flags.controlToken,
  };
}

/** One person is asked for the values of both, one question at a time, each with the server that it is for. */
function promptsInTurn(prompt: Prompt | undefined): (name: SideName) => Prompt | undefined {
  let last: Promise<unknown> = Promise.resolve();
  return (name) =>
    prompt &&
    ((question, secret, signal) => {
      const next = last.then(() => prompt(`${name}: ${question}`, secret, signal));
      last = next.catch(() => {});
      return next;
    });
}
