/** The inputs of a check, from everywhere that they may come from, in order of precedence. */

import { readFile } from 'node:fs/promises';
import type { Config } from '../conformance/config.js';
import {
  environmentInputs,
  firstOf,
  freshInputs,
  givenInputs,
  type InputSource,
  promptInputs,
} from '../conformance/input.js';
import { commandInputs } from '../conformance/input-command.js';
import { inputPool, poolOf, readInputs } from '../conformance/input-pool.js';
import { isObject } from '../openapi/json.js';
import type { CheckFlags } from './check.js';
import { exitCodes, Failure } from './failure.js';
import { terminalPrompt } from './prompt.js';

/** Flags, then a file or the configuration, commands, the environment, the mock itself, and last a person. */
export async function inputsFor(
  flags: CheckFlags,
  config: Config,
  mock: InputSource | undefined,
): Promise<InputSource> {
  const once = new Set(config.once);
  const prompt = flags.prompt && mock === undefined ? terminalPrompt() : undefined;
  return freshInputs(
    new Set(config.fresh),
    firstOf([
      givenInputs(Object.fromEntries(flags.input ?? []), once),
      ...(await pools(config, once)),
      commandInputs(config.inputCommands ?? {}),
      environmentInputs(process.env, once),
      ...(mock === undefined ? [] : [mock]),
      ...(prompt === undefined ? [] : [promptInputs(prompt)]),
    ]),
  );
}

async function pools({ inputs }: Config, once: ReadonlySet<string>): Promise<readonly InputSource[]> {
  if (inputs === undefined) return [];
  if (typeof inputs === 'string') return [inputPool(readInputs(inputs, await textOf(inputs)), once)];
  if (isObject(inputs)) return [givenInputs(inputs, once)];
  return [inputPool(poolOf('the configuration', inputs), once)];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`The inputs cannot be read: ${why}`, exitCodes.wrongInput);
  }
}

/** Moves the server's clock by a command; what the command says when it fails. */
export function clockBy(command: string, signal: AbortSignal): (seconds: number) => Promise<void> {
  const source = commandInputs({ clock: `(${command}\n) && echo moved` });
  return async (seconds) => {
    const answer = await source({ name: 'clock', for: { seconds }, use: 1, schema: {}, signal });
    if (answer.kind === 'none') throw new Failure(`The clock cannot be moved: ${answer.reason}.`);
  };
}
