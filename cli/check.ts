/** `counterfoil check`: its arguments and flags. What it does stands in run-check.ts, read only when it is run. */

import { type Command, Option } from 'commander';
import type { CheckLevel, Config } from '../conformance/config.js';
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
  | 'clientCert'
  | 'clientKey'
  | 'tokenUrl'
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
    readonly credential?: readonly string[];
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
  counterfoil check ./openapi.yaml --url https://staging.example.com --credential '$API_TOKEN'
                                                            with a credential from the environment
  counterfoil check ./openapi.yaml --url https://staging.example.com --credential basicAuth=asha:secret \
    --credential oauth=@client.txt                          one for each security scheme; a file of client_id:client_secret
  counterfoil check ./openapi.yaml --url https://staging.example.com --input phone_number=919743256789
                                                            asks for the OTP when it needs one
  counterfoil check matar --url http://127.0.0.1:8080 --input-command otp='./get-otp {phone_number}' \\
    --report terminal --report junit:check.xml --report html:check.html
  counterfoil check matar --url http://127.0.0.1:8080 --save-findings found
                                                            each finding as a workflow, for --replay found/<id>.arazzo.json`;

/** Adds the command to the program. */
export function addCheckCommand(program: Command, epilogue: string): void {
  const about = {
    name: 'check',
    summary: 'hold a server against its contract',
    description:
      'Takes a contract to a server and says what it violates, what nobody documented, and what could not be tried.',
    after: `${examples}\n${epilogue}`,
  };
  const command = contractCommand(program, about, [
    ...targetOptions(),
    ...inputOptions(),
    ...planOptions(),
    ...checkOptions(),
    ...reportOptions(),
    ...contractOptions(),
  ]);
  command.action(async (named: string, flags: CheckFlags) => {
    const { runCheck } = await import('./run-check.js');
    await runCheck(named, flags);
  });
}

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
    new Option('--credential <[scheme=]value>', credentialHelp).argParser(several(name)),
    common.tokenUrl(),
    common.clientCert(),
    common.clientKey(),
    common.timeout(),
    common.retries(),
    new Option('--rate <n>', 'requests a second at most').argParser(readPositive),
    new Option('--concurrency <n>', 'workflows at the same time (default: 1)').argParser(readAmount),
    common.proxy(),
    common.ca(),
    common.insecure(),
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
    common.once(),
    new Option(
      '--fresh <name>',
      'an input whose values the server does not know yet; may be repeated',
    ).argParser(several(name)),
    new Option('--clock-command <command>', "a command that moves the server's clock: './clock {seconds}'"),
    new Option(
      '--input-budget <n>',
      'of one input, how many values a person is asked for at most (default: 12)',
    ).argParser(readAmount),
    common.noPrompt(),
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
    common.safe(),
    new Option('--walks <n>', 'how many random walks over the state rules (default: 24)').argParser(
      readCount,
    ),
    new Option('--walk-length <n>', 'how many calls a walk makes (default: 25)').argParser(readAmount),
    new Option('--walk-time <seconds>', 'how long walks go on; as many as there is time for').argParser(
      readPositive,
    ),
    new Option('--max-requests <n>', 'requests at most').argParser(readAmount),
    common.maxTime(),
    common.seed(),
    common.dryRun(),
    new Option(
      '--replay <file>',
      'run the workflows of an Arazzo document, such as a finding, and nothing else',
    ),
  ];
}

function checkOptions(): Option[] {
  return [
    common.level(),
    new Option('--strict', 'notes fail the run, too, and so do mistakes in the document'),
    common.responseTime(),
    common.baseline(),
    new Option('--update-baseline', 'write what was found to the baseline'),
    common.config(),
  ];
}

function reportOptions(): Option[] {
  return [
    common.report(),
    common.secret(),
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
    ...readingOptions('without strict'),
  ];
}
