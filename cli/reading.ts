/** What all commands that read a contract have in common: the flags, and what they mean. */

import { Option } from 'commander';
import { type Contract, type LoadOptions, loadContract } from '../openapi/index.js';
import { several } from './flag.js';
import { mistakesText } from './mistakes.js';

export type ReadingFlags = {
  readonly allowRemote?: boolean;
  readonly allowOutside?: boolean;
  /** Whether rules are concluded for resources without any. */
  readonly inferredRules?: boolean;
  /** Whether a document with mistakes is refused. */
  readonly strict?: boolean;
  /** The paths of overlays. */
  readonly overlay?: readonly string[];
};

/** The flags; `--strict` is left to a command that means more by it. */
export function readingOptions(strict: 'strict' | 'without strict' = 'strict'): Option[] {
  return [
    new Option(
      '--overlay <file>',
      'an OpenAPI overlay that changes the document first; may be repeated',
    ).argParser(several((text) => text)),
    ...(strict === 'strict' ? [new Option('--strict', 'refuse a document with mistakes')] : []),
    new Option('--allow-remote', 'let a contract refer to http and https addresses'),
    new Option('--allow-outside', 'let a contract refer to files outside its folder'),
    new Option('--no-inferred-rules', 'conclude no state rules from paths such as /things and /things/{id}'),
  ];
}

/** How the contract is loaded. */
export function readingBy(flags: ReadingFlags): LoadOptions {
  return {
    remote: flags.allowRemote === true,
    outside: flags.allowOutside === true,
    inferredRules: flags.inferredRules !== false,
    strict: flags.strict === true,
    overlays: flags.overlay ?? [],
  };
}

/**
 * Loads the contract of a command. Mistakes that it is read in spite of are told on standard error.
 * @throws ContractError listing every problem of a contract that cannot be read.
 */
export async function contractFor(api: string, flags: ReadingFlags): Promise<Contract> {
  const contract = await loadContract(api, readingBy(flags));
  const mistakes = mistakesText(contract);
  if (mistakes !== undefined) process.stderr.write(`${mistakes}\n\n`);
  return contract;
}
