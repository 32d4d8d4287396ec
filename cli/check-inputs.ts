/** The inputs of a check, from everywhere that they may come from, in order of precedence. */

import type { Config } from '../conformance/config.js';
import {
  environmentInputs,
  firstOf,
  freshInputs,
  givenInputs,
  type InputSource,
  type Prompt,
  promptInputs,
} from '../conformance/input/input.js';
import { commandInputs } from '../conformance/input/input-command.js';
import { type InputPool, inputPool, poolOf, readInputs } from '../conformance/input/input-pool.js';
import {
  anyScarce,
  rememberedInputs,
  type Scarce,
  type ScarceSource,
  scarceInputs,
} from '../conformance/input/scarce.js';
import type { CheckFlags } from './check.js';
import { Failure } from './failure.js';
import { terminalPrompt } from './prompt.js';
import { readText } from './read-text.js';

/** Where the inputs come from, and of which there are few. */
type Inputs = { readonly source: InputSource; readonly scarce: Scarce | undefined };

/** Of one input, so many values at most are asked of a person. */
const mostQuestions = 12;

/** Flags and credentials, then a file or the configuration, commands, the environment, the mock itself, and last a person. */
export function inputsFor(
  flags: Pick<CheckFlags, 'input' | 'prompt'>,
  config: Config,
  mock: InputSource | undefined,
  credentials: InputSource | undefined,
  ask: () => Prompt | undefined = terminalPrompt,
): Inputs {
  const once = new Set(config.once);
  const given = Object.fromEntries(flags.input ?? []);
  const pool = poolFor(config);
  const fromPool = pool && poolSource(pool, once);
  const typed =
    mock === undefined ? typedInputs(flags, config, { ...given, ...pool?.sets[0] }, ask) : undefined;
  const commands = commandInputs(config.inputCommands ?? {});
  const source = freshInputs(
    new Set(config.fresh),
    firstOf([
      givenInputs(given, once),
      ...(credentials === undefined ? [] : [credentials]),
      ...(fromPool === undefined ? [] : [fromPool.source]),
      commands,
      environmentInputs(process.env, once),
      ...(mock === undefined ? [] : [mock]),
      ...(typed === undefined ? [] : [rememberedInputs(typed.source, once)]),
    ]),
  );
  const scarce = [fromPool, typed].flatMap((each) => (each?.has === undefined ? [] : [each]));
  return { source, scarce: anyScarce(scarce) };
}

/** What a person is asked for: all that nothing else is set to give. */
function typedInputs(
  { prompt: isAllowed }: Pick<CheckFlags, 'prompt'>,
  { inputCommands = {}, inputBudget = mostQuestions }: Config,
  given: Readonly<Record<string, unknown>>,
  ask: () => Prompt | undefined,
): ScarceSource | undefined {
  const prompt = isAllowed ? ask() : undefined;
  if (prompt === undefined) return undefined;
  const has = (name: string): boolean => !Object.hasOwn(given, name) && !Object.hasOwn(inputCommands, name);
  return scarceInputs(promptInputs(prompt), has, () => inputBudget, true);
}

/** Of a list of sets, each value is good once. */
function poolSource(
  pool: InputPool,
  once: ReadonlySet<string>,
): ScarceSource | { source: InputSource; has: undefined } {
  const source = inputPool(pool, once);
  if (pool.kind === 'values') return { source, has: undefined };
  const count = (name: string): number => pool.sets.filter((set) => Object.hasOwn(set, name)).length;
  return scarceInputs(source, (name) => count(name) > 0, count, false);
}

function poolFor({ inputs }: Config): InputPool | undefined {
  if (inputs === undefined) return undefined;
  if (typeof inputs === 'string')
    return readInputs(inputs, readText(inputs, 'Name a file of inputs with --inputs'));
  return poolOf('the configuration', inputs);
}

/** Moves the server's clock by a command; what the command says when it fails. */
export function clockBy(command: string, signal: AbortSignal): (seconds: number) => Promise<void> {
  const source = commandInputs({ clock: `(${command}\n) && echo moved` });
  return async (seconds) => {
    const answer = await source({ name: 'clock', for: { seconds }, use: 1, schema: {}, signal });
    if (answer.kind === 'none') throw new Failure(`The clock cannot be moved: ${answer.reason}.`);
  };
}
