/** `counterfoil proxy`: its arguments and flags. What it does stands in run-proxy.ts, read only when it is run. */

import { type Command, Option } from 'commander';
import { readAmount, readHost, readPort, readPositive, readUrl } from './flag.js';
import { common, contractCommand } from './options.js';
import { type ReadingFlags, readingOptions } from './reading.js';

/** The flags of `counterfoil proxy`, as read. */
export type ProxyFlags = ReadingFlags & {
  readonly target?: string;
  readonly port: number;
  readonly host: string;
  readonly keepHost?: boolean;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly contentLimit: number;
  readonly maxTime?: number;
  readonly failOn: FailOn;
  readonly level?: readonly (readonly [string, 'off' | 'note' | 'error'])[];
  readonly strict?: boolean;
  readonly responseTime?: number;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly config?: string;
  readonly report?: readonly string[];
  readonly har?: string;
  readonly secret?: readonly string[];
  readonly saveFindings?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

/** What makes the exit code 1. */
export type FailOn = 'violation' | 'undocumented' | 'never';

const examples = `
Examples:
  counterfoil proxy matar --target http://127.0.0.1:8080      point your app or your tests at http://127.0.0.1:4011
  counterfoil proxy ./openapi.yaml --target https://staging.example.com/api --har session.har
                                                              and keep everything that passed
  counterfoil proxy ./openapi.yaml --target http://127.0.0.1:8080 --quiet --report junit:proxy.xml --fail-on violation
                                                              in CI, around somebody's end-to-end tests

Everything passes as it is, byte for byte, but for the field Host and the path of --target. Location and the Domain of cookies are
not rewritten; with --keep-host most servers name the proxy by themselves. WebSockets pass and are not judged.
What was before the proxy started is unknown, not wrong. That nobody else changes what passes here is taken for granted:
where others do, use --level state-conformance=note.`;

/** Adds the command to the program. */
export function addProxyCommand(program: Command, epilogue: string): void {
  const about = {
    name: 'proxy',
    summary: 'judge the traffic between a client and a server as it passes',
    description:
      'Forwards traffic to a server, changes nothing, and holds each answer against the contract. Ctrl-C ends it and writes the reports.',
    after: `${examples}\n${epilogue}`,
  };
  const command = contractCommand(program, about, [
    ...forwardingOptions(),
    ...judgingOptions(),
    ...reportOptions(),
  ]);
  command.action(async (named: string, flags: ProxyFlags) => {
    const { runProxy } = await import('./run-proxy.js');
    await runProxy(named, flags);
  });
}

function forwardingOptions(): Option[] {
  return [
    new Option(
      '--target <base>',
      'the server, with the path that the paths of the contract follow',
    ).argParser(readUrl),
    new Option('--port <n>', 'port to listen on; 0 is any free one').default(4011).argParser(readPort),
    new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of this machine')
      .default('127.0.0.1')
      .argParser(readHost),
    new Option('--keep-host', 'leave the field Host as the client sends it; by default it names the target'),
    common.ca(),
    new Option('--insecure', 'trust any certificate of the target'),
    common.clientCert(),
    common.clientKey(),
    new Option(
      '--content-limit <bytes>',
      'larger content passes too, but is neither kept nor judged by its schema',
    )
      .default(1_048_576)
      .argParser(readAmount),
    new Option('--max-time <seconds>', 'stop after so long').argParser(readPositive),
  ];
}

function judgingOptions(): Option[] {
  return [
    new Option('--fail-on <what>', 'what makes the exit code 1 at the end')
      .choices(['violation', 'undocumented', 'never'])
      .default('violation'),
    common.level(),
    new Option('--strict', 'notes are errors, too, and mistakes in the document are refused'),
    common.responseTime(),
    common.baseline(),
    new Option('--update-baseline', 'add what was found to the baseline'),
    common.config(),
  ];
}

function reportOptions(): Option[] {
  return [
    common.report(),
    new Option('--har <file>', 'save everything that passed, with secrets masked: --report har:<file>'),
    common.secret(),
    new Option('--save-findings <folder>', 'save the workflow of each finding there, for check --replay'),
    new Option('--quiet', 'no line for each exchange'),
    new Option('--verbose', 'show notes whole'),
    ...readingOptions('without strict'),
  ];
}
