/** What all commands that read a contract have in common: the flags, and what they mean. */

import { Option } from 'commander';
import type { LoadOptions } from '../openapi/load.js';
import { several } from './flag.js';

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
