/** Inputs from commands: one is run through the shell for each use, and what it prints is the value. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  type InputAnswer,
  type InputAsk,
  type InputSource,
  inputText,
  none,
  notGiven,
  valueFor,
} from './input.js';

export type CommandOptions = {
  /** How long a command may take, in milliseconds. Default 30 seconds. */
  readonly timeLimit?: number;
  /** The folder that commands are run in. Default: the working directory. */
  readonly folder?: string;
};

/** A text for `sh -c`, and the values that it reads as `$1`, `$2` and so on. */
export type ShellCommand = { readonly script: string; readonly values: readonly string[] };

const mostOutput = 64 * 1024;

/**
 * Runs the command of an input for each use: `{ otp: './get-otp {phone_number}' }`. Its standard output, trimmed, is the
 * value. An exit code other than 0, nothing printed, or the time limit: no value, with the last line of its standard
 * error as the reason.
 */
export function commandInputs(
  commands: Readonly<Record<string, string>>,
  options: CommandOptions = {},
): InputSource {
  return async (ask) => {
    const template = Object.hasOwn(commands, ask.name) ? commands[ask.name] : undefined;
    if (template === undefined) return notGiven(ask);
    if (ask.signal.aborted) return none('the run was stopped');
    const command = shellCommand(template, ask.for);
    if (typeof command === 'string') return none(command);
    return run(command, ask, options);
  };
}

/**
 * The command with its placeholders as parameters of the shell: what a value holds is never read as code. A placeholder
 * may stand bare or in quotes of either kind. A text: why there is none, when it names what the answer does not depend on.
 */
export function shellCommand(template: string, values: InputAsk['for']): ShellCommand | string {
  const names = Object.keys(values);
  const contexts: ('bare' | 'double' | 'single')[] = ['bare'];
  let script = '';
  for (const [part] of template.matchAll(/\\[\s\S]|(?<!\$)\{[\p{L}_][\p{L}\p{N}_.-]*\}|\$\(|[\s\S]/gu)) {
    const context = contexts.at(-1) ?? 'bare';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined && Object.hasOwn(values, name)) {
      script += parameterIn[context](names.indexOf(name) + 1);
      continue;
    }
    // In single quotes it is most likely a program of its own: awk '{print}'.
    if (name !== undefined && context !== 'single') return unknownPlaceholder(name, names);
    if (context === 'single') {
      const end = part.indexOf("'"); // after a backslash too, which means nothing here
      if (end !== -1) contexts.pop();
    } else if (part === "'" && context === 'bare') contexts.push('single');
    else if (part === '"') {
      if (context === 'double') contexts.pop();
      else contexts.push('double');
    } else if (part === '$(') contexts.push('bare');
    else if (part === '(' && context === 'bare') contexts.push('bare');
    else if (part === ')' && context === 'bare' && contexts.length > 1) contexts.pop();
    script += part;
  }
  return { script, values: names.map((name) => inputText(values[name] ?? null)) };
}

const parameterIn = {
  bare: (index: number) => `"\${${index}}"`,
  double: (index: number) => `\${${index}}`,
  single: (index: number) => `'"\${${index}}"'`,
} as const;

function unknownPlaceholder(name: string, names: readonly string[]): string {
  const known = names.length === 0 ? 'it depends on nothing' : `there is only {${names.join('}, {')}}`;
  return `its command asks for {${name}}, and ${known}`;
}

function run(
  { script, values }: ShellCommand,
  ask: InputAsk,
  { timeLimit = 30_000, folder }: CommandOptions,
): Promise<InputAnswer> {
  return new Promise((resolve) => {
    const child = started(script, values, folder);
    if (child === undefined) {
      resolve(none(`the command for ${ask.name} cannot be run: a value holds a null character`));
      return;
    }
    let output = '';
    let complaint = '';
    const finish = (answer: InputAnswer): void => {
      clearTimeout(timer);
      ask.signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    const stop = (reason: string): void => {
      end(child);
      finish(none(reason));
    };
    const onAbort = (): void => stop('the run was stopped');
    const timer = setTimeout(
      () => stop(`the command for ${ask.name} took longer than ${timeLimit / 1000} s`),
      timeLimit,
    );
    ask.signal.addEventListener('abort', onAbort, { once: true });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > mostOutput) stop(`the command for ${ask.name} printed too much`);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-mostOutput);
    });
    child.once('error', ({ message }) =>
      finish(none(`the command for ${ask.name} cannot be run: ${message}`)),
    );
    child.once('close', (code, signal) => {
      const value = output.trim();
      if (code === 0 && value !== '') finish(valueFor(ask, value));
      else finish(none(lastLine(complaint) ?? endText(ask.name, code, signal)));
    });
  });
}

/** In a process group of its own, so that what it starts can be ended with it. */
function started(
  script: string,
  values: readonly string[],
  folder: string | undefined,
): ChildProcess | undefined {
  try {
    return spawn('sh', ['-c', script, 'counterfoil', ...values], {
      ...(folder === undefined ? {} : { cwd: folder }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  } catch {
    return undefined;
  }
}

function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}

function endText(name: string, code: number | null, signal: string | null): string {
  if (code === 0) return `the command for ${name} printed nothing`;
  return code === null
    ? `the command for ${name} was ended by ${signal}`
    : `the command for ${name} ended with exit code ${code}`;
}
