/** `counterfoil check`: its arguments and flags. What it does stands in run-check.ts, read only when it is run. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CheckLevel, Config } from '../conformance/config.js';
import { shippedApis } from '../openapi/shipped.js';
import {
  readAmount,
  readCount,
  readField,
  readLevel,
  readNamed,
  readPositive,
  readReport,
  readSeed,
  readToken,
  readUrl,
} from './flag.js';
import { type ReadingFlags, readingOptions } from './reading.js';

/** The flags that a configuration may hold in the same form. */
type SharedFlags = Pick<
  Config,
  | 'rate'
  | 'concurrency'
  | 'timeout'
  | 'retries'
  | 'proxy'
  | 'ca'
  | 'insecure'
  | 'once'
  | 'fresh'
  | 'inputBudget'
  | 'only'
  | 'skip'
  | 'safe'
  | 'walks'
  | 'walkLength'
  | 'walkTime'
  | 'maxRequests'
  | 'maxTime'
  | 'seed'
  | 'strict'
  | 'responseTime'
  | 'report'
  | 'baseline'
  | 'saveFindings'
>;

/** The flags of `counterfoil check`, as read. Those that a configuration may hold too are undefined when they are not given. */
export type CheckFlags = SharedFlags &
  ReadingFlags & {
    readonly url?: string;
    readonly mock?: boolean;
    readonly config?: string;
    readonly replay?: string;
    readonly dryRun?: boolean;
    readonly header?: readonly (readonly [string, string])[];
    readonly input?: readonly (readonly [string, string])[];
    readonly inputs?: string;
    readonly inputCommand?: readonly (readonly [string, string])[];
    readonly clockCommand?: string;
    readonly prompt: boolean;
    readonly level?: readonly (readonly [string, CheckLevel])[];
    readonly secret?: readonly string[];
    readonly updateBaseline?: boolean;
    readonly verbose?: boolean;
    readonly controlToken?: string;
  };

const examples = `
Examples:
  counterfoil check matar --mock                            the mock itself, in this process
  counterfoil check matar --url http://127.0.0.1:4010       a server; for a running Counterfoil mock nothing has to be given
  counterfoil check ./openapi.yaml --url https://staging.example.com --input phone_number=919743256789
                                                            asks for the OTP when it needs one
  counterfoil check matar --url http://127.0.0.1:8080 --input-command otp='./get-otp {phone_number}' \\
    --report terminal --report junit:check.xml --report html:check.html
  counterfoil check matar --url http://127.0.0.1:8080 --save-findings found
                                                            each finding as a workflow, for --replay found/<id>.arazzo.json`;

/** Adds the command to the program. */
export function addCheckCommand(program: Command, epilogue: string): void {
  const command = program
    .command('check')
    .summary('hold a server against its contract')
    .description(
      'Takes a contract to a server and says what it violates, what nobody documented, and what could not be tried.',
    )
    .argument(
      '<api-or-file>',
      `an OpenAPI document, a folder with an openapi.yaml, or a shipped API: ${shippedApis().join(', ')}`,
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `${examples}\n${epilogue}`);
  for (const option of [
    ...targetOptions(),
    ...inputOptions(),
    ...planOptions(),
    ...checkOptions(),
    ...reportOptions(),
    ...contractOptions(),
  ])
    command.addOption(option);
  command.action(async (named: string, flags: CheckFlags) => {
    const { runCheck } = await import('./run-check.js');
    await runCheck(named, flags);
  });
}

/** A flag that may be given several times. */
export function several<Value>(
  read: (text: string) => Value,
): (text: string, before?: readonly Value[]) => readonly Value[] {
  return (text, before = []) => [...before, read(text)];
}

export const name = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('Give a name.');
  return text;
};

function targetOptions(): Option[] {
  return [
    new Option('--url <base>', 'the server, with the path that the paths of the contract follow').argParser(
      readUrl,
    ),
    new Option('--mock', 'the mock of this contract, in this process, in the place of a server').conflicts(
      'url',
    ),
    new Option('--header <field>', "a field for every request: 'X-Tenant: a'; may be repeated").argParser(
      several(readField),
    ),
    new Option('--timeout <seconds>', 'how long to wait for an answer (default: 10)').argParser(readPositive),
    new Option(
      '--retries <n>',
      'how often to connect again where there is no connection (default: 0)',
    ).argParser(readCount),
    new Option('--rate <n>', 'requests a second at most').argParser(readPositive),
    new Option('--concurrency <n>', 'workflows at the same time (default: 1)').argParser(readAmount),
    new Option('--proxy <url>', 'a proxy to go through').argParser(readUrl),
    new Option('--ca <file>', 'certificates to trust, as PEM'),
    new Option('--insecure', 'trust any certificate'),
  ];
}

function inputOptions(): Option[] {
  const pair = several(readNamed);
  return [
    new Option(
      '--input <name=value>',
      'a value that the contract asks for: an OTP, a phone number, a token; may be repeated',
    ).argParser(pair),
    new Option('--inputs <file>', 'values, or a list of sets that belong together, as JSON or YAML'),
    new Option(
      '--input-command <name=command>',
      "a command that prints a value, run for each use: otp='./get-otp {phone_number}'",
    ).argParser(pair),
    new Option('--once <name>', 'an input whose value is good once; may be repeated').argParser(
      several(name),
    ),
    new Option(
      '--fresh <name>',
      'an input whose values the server does not know yet; may be repeated',
    ).argParser(several(name)),
    new Option('--clock-command <command>', "a command that moves the server's clock: './clock {seconds}'"),
    new Option(
      '--input-budget <n>',
      'of one input, how many values a person is asked for at most (default: 12)',
    ).argParser(readAmount),
    new Option('--no-prompt', 'never ask at the terminal'),
  ];
}

function planOptions(): Option[] {
  return [
    new Option('--only <name>', 'only this operation, tag, check or phase; may be repeated').argParser(
      several(name),
    ),
    new Option('--skip <name>', 'without this operation, tag, check or phase; may be repeated').argParser(
      several(name),
    ),
    new Option('--safe', 'only methods that change nothing: GET, HEAD, OPTIONS'),
    new Option('--walks <n>', 'how many random walks over the state rules (default: 24)').argParser(
      readCount,
    ),
    new Option('--walk-length <n>', 'how many calls a walk makes (default: 25)').argParser(readAmount),
    new Option('--walk-time <seconds>', 'how long walks go on; as many as there is time for').argParser(
      readPositive,
    ),
    new Option('--max-requests <n>', 'requests at most').argParser(readAmount),
    new Option('--max-time <seconds>', 'seconds at most').argParser(readPositive),
    new Option('--seed <integer>', 'make the same plan again; random by default').argParser(readSeed),
    new Option('--dry-run', 'print the plan and send nothing'),
    new Option(
      '--replay <file>',
      'run the workflows of an Arazzo document, such as a finding, and nothing else',
    ),
  ];
}

function checkOptions(): Option[] {
  return [
    new Option(
      '--level <check=level>',
      'what the findings of a check are: off, note or error; may be repeated',
    ).argParser(several(readLevel)),
    new Option('--strict', 'notes fail the run, too'),
    new Option('--response-time <seconds>', 'the longest that an answer may take').argParser(readPositive),
    new Option('--baseline <file>', 'accept the findings of this file: only new ones fail the run'),
    new Option('--update-baseline', 'write what was found to the baseline'),
    new Option('--config <file>', 'settings; by default counterfoil.config.{ts,js,json,yaml} of this folder'),
  ];
}

function reportOptions(): Option[] {
  return [
    new Option(
      '--report <name[:file]>',
      'terminal, junit, json, jsonl, html, sarif, github, github-summary or har; may be repeated',
    ).argParser(several(readReport)),
    new Option(
      '--secret <name>',
      'a field, member or parameter that no report may show; may be repeated',
    ).argParser(several(name)),
    new Option('--save-findings <folder>', 'save the workflow of each finding there, for --replay'),
    new Option('--verbose', 'tell of each workflow, and show notes whole'),
  ];
}

function contractOptions(): Option[] {
  return [
    new Option(
      '--control-token <token>',
      'the token that a running Counterfoil mock was started with',
    ).argParser(readToken),
    ...readingOptions(),
  ];
}
