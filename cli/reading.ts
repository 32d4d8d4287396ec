/** What all commands that read a contract have in common: the flags, and what they mean. */

import { Option } from 'commander';
import type { LoadOptions } from '../openapi/load.js';

export type ReadingFlags = {
  readonly allowRemote?: boolean;
  readonly allowOutside?: boolean;
  /** Whether rules are concluded for resources without any. */
  readonly inferredRules?: boolean;
};

export function readingOptions(): Option[] {
  return [
    new Option('--allow-remote', 'let a contract refer to http and https addresses'),
    new Option('--allow-outside', 'let a contract refer to files outside its folder'),
    new Option('--no-inferred-rules', 'conclude no state rules from paths such as /things and /things/{id}'),
  ];
}

/** How the contract is loaded. */
export function readingBy({ allowRemote, allowOutside, inferredRules }: ReadingFlags): LoadOptions {
  return {
    remote: allowRemote === true,
    outside: allowOutside === true,
    inferredRules: inferredRules !== false,
  };
}
