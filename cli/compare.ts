/** `counterfoil compare`: its arguments and flags. What it does stands in run-compare.ts, read only when it is run. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  name,
  readAmount,
  readCount,
  readField,
  readNamed,
  readPositive,
  readToken,
  readUrl,
  several,
} from './flag.js';
import { common, contractCommand, credentialHelp } from './options.js';
import { type ReadingFlags, readingOptions } from './reading.js';

type Pairs = readonly (readonly [string, string])[];

/** The flags that both servers have, and that each may have of its own. */
type ForSide<Name extends string, Value> = {
  readonly [key in Name | `${Name}A` | `${Name}B`]?: Value;
};

/** The flags of `counterfoil compare`, as read. */
export type CompareFlags = ForSide<'header' | 'input' | 'inputCommand', Pairs> &
  ForSide<'credential', readonly string[]> &
  ForSide<'inputs' | 'clockCommand' | 'controlToken', string> &
  ReadingFlags & {
    /** `mock` is the mock of the contract, in this process. */
    readonly url?: readonly string[];
    readonly mock?: boolean;
    readonly timeout?: number;
    readonly retries?: number;
    readonly rate?: number;
    readonly proxy?: string;
    readonly ca?: string;
    readonly insecure?: boolean;
    readonly clientCert?: string;
    readonly clientKey?: string;
    readonly tokenUrl?: string;
    readonly once?: readonly string[];
    readonly fresh?: readonly string[];
    readonly inputBudget?: number;
    readonly prompt: boolean;
    readonly ignore?: readonly string[];
    readonly tolerance?: number;
    readonly only?: readonly string[];
    readonly skip?: readonly string[];
    readonly safe?: boolean;
    readonly walks?: number;
    readonly maxRequests?: number;
    readonly maxTime?: number;
    readonly seed?: number;
    readonly dryRun?: boolean;
    readonly replay?: string;
    readonly json?: boolean;
    readonly save?: string;
    readonly secret?: readonly string[];
    readonly verbose?: boolean;
  };

const examples = `
Examples:
  counterfoil compare matar --mock --url http://127.0.0.1:8080
                                                            the mock of the contract, as A, with a server, as B
  counterfoil compare ./openapi.yaml --url https://api.example.com --url https://staging.example.com \\
    --header-a 'X-Tenant: a' --header-b 'X-Tenant: b' --input-command-a otp='./get-otp a {phone_number}' \\
    --input-command-b otp='./get-otp b {phone_number}'     staging beside production
  counterfoil compare matar --url http://127.0.0.1:8080 --url http://127.0.0.1:9090 --save parted.arazzo.json
                                                            each parting as a workflow, for --replay parted.arazzo.json

Both get the same calls, each with tokens, ids and one-time passwords of its own. Their answers must be equal up to a one-to-one
renaming of what the servers make by themselves, and of the values that each was given; times, up to what each clock shows. Of the
fields those are compared that a client acts on, such as Content-Type and WWW-Authenticate, and those that the contract documents.
What is compared are authored workflows, examples, rules and walks, and for operations without rules what their schemas say;
--only security, or another phase of a check, compares that instead.`;

/** Adds the command to the program. */
export function addCompareCommand(program: Command, epilogue: string): void {
  const about = {
    name: 'compare',
    summary: 'find where two servers part',
    description:
      'Makes the same calls of two servers, and says in how few calls they part: for a rewrite, a new version, staging beside production.',
    after: `${examples}\n${epilogue}`,
  };
  const command = contractCommand(program, about, [
    ...targetOptions(),
    ...inputOptions(),
    ...planOptions(),
    ...reportOptions(),
  ]);
  command.action(async (named: string, flags: CompareFlags) => {
    const { runCompare } = await import('./run-compare.js');
    await runCompare(named, flags);
  });
}

/** A flag for both servers, and one for each of them alone. */
function forEach(
  flag: string,
  value: string,
  description: string,
  read?: (text: string, before: never) => unknown,
): Option[] {
  const made = (suffix: string, about: string): Option => {
    const option = new Option(`--${flag}${suffix} <${value}>`, about);
    return read === undefined ? option : option.argParser(read as (text: string, before: unknown) => unknown);
  };
  return [made('', description), made('-a', `the same for A alone`), made('-b', `the same for B alone`)];
}

/** The address of a server, or `mock`. */
function readServer(text: string): string {
  try {
    return text === 'mock' ? text : readUrl(text);
  } catch {
    throw new InvalidArgumentError('Give a whole URL, for example http://127.0.0.1:4010, or mock.');
  }
}

function targetOptions(): Option[] {
  return [
    new Option(
      '--url <base>',
      'a server, with the path that the paths of the contract follow, or mock; given twice: A, then B',
    ).argParser(several(readServer)),
    new Option('--mock', 'the mock of this contract, in this process, as A; the server of --url is B'),
    ...forEach(
      'header',
      'field',
      "a field for every request: 'X-Tenant: a'; may be repeated",
      several(readField),
    ),
    ...forEach('credential', '[scheme=]value', credentialHelp, several(name)),
    common.tokenUrl(),
    common.clientCert(),
    common.clientKey(),
    common.timeout(),
    common.retries(),
    new Option('--rate <n>', 'requests a second at most, to each server').argParser(readPositive),
    common.proxy(),
    common.ca(),
    common.insecure(),
  ];
}

function inputOptions(): Option[] {
  const pair = several(readNamed);
  return [
    ...forEach(
      'input',
      'name=value',
      'a value that the contract asks for: an OTP, a phone number, a token; may be repeated',
      pair,
    ),
    ...forEach('inputs', 'file', 'values, or a list of sets that belong together, as JSON or YAML'),
    ...forEach(
      'input-command',
      'name=command',
      "a command that prints a value, run for each use: otp='./get-otp {phone_number}'",
      pair,
    ),
    ...forEach('clock-command', 'command', "a command that moves the server's clock: './clock {seconds}'"),
    ...forEach(
      'control-token',
      'token',
      'the token that a running Counterfoil mock was started with',
      readToken,
    ),
    common.once(),
    new Option(
      '--fresh <name>',
      'an input whose values the servers do not know yet; may be repeated',
    ).argParser(several(name)),
    new Option(
      '--input-budget <n>',
      'of one input, how many values a person is asked for at most, for each server (default: 12)',
    ).argParser(readAmount),
    common.noPrompt(),
  ];
}

function planOptions(): Option[] {
  return [
    new Option(
      '--ignore <place>',
      'what is not compared: a field, a member, or a JSON Pointer; may be repeated',
    ).argParser(several(name)),
    new Option(
      '--tolerance <seconds>',
      'how far times may be apart, each seen from its own clock (default: 30)',
    ).argParser(readPositive),
    new Option('--only <name>', 'only this operation, tag or phase; may be repeated').argParser(
      several(name),
    ),
    new Option('--skip <name>', 'without this operation, tag or phase; may be repeated').argParser(
      several(name),
    ),
    common.safe(),
    new Option('--walks <n>', 'how many walks are taken (default: 24)').argParser(readCount),
    new Option('--max-requests <n>', 'requests at most, to each server').argParser(readAmount),
    common.maxTime(),
    common.seed(),
    common.dryRun(),
    new Option(
      '--replay <file>',
      'run the workflows of an Arazzo document, such as --save wrote, and nothing else',
    ),
  ];
}

function reportOptions(): Option[] {
  return [
    new Option('--json', 'print one JSON document at the end'),
    new Option('--save <file>', 'save the partings as an Arazzo document, for --replay'),
    common.secret(),
    new Option('--verbose', 'show long answers at length'),
    ...readingOptions(),
  ];
}
