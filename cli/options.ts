/** Flags that several commands have in the same words, and what their commands have in common. */

import { type Command, Option } from 'commander';
import { shippedApis } from '../openapi/shipped.js';
import { name, readCount, readLevel, readPositive, readReport, readSeed, readUrl, several } from './flag.js';

/** What `--credential` takes. */
export const credentialHelp =
  "a credential for a security scheme, or for the only one: a token, a key, user:password, or for OAuth 2.0 client_id:client_secret; '$NAME' is a variable of the environment, @path a file; may be repeated";

/** The flags by their names, each made anew: a command takes its options as its own. */
export const common = {
  timeout: (): Option =>
    new Option('--timeout <seconds>', 'how long to wait for an answer (default: 10)').argParser(readPositive),
  retries: (): Option =>
    new Option(
      '--retries <n>',
      'how often to connect again where there is no connection (default: 0)',
    ).argParser(readCount),
  proxy: (): Option => new Option('--proxy <url>', 'a proxy to go through').argParser(readUrl),
  ca: (): Option => new Option('--ca <file>', 'certificates to trust, as PEM'),
  insecure: (): Option => new Option('--insecure', 'trust any certificate'),
  clientCert: (): Option =>
    new Option('--client-cert <file>', 'the certificate to show to a server that asks for one, as PEM'),
  clientKey: (): Option => new Option('--client-key <file>', 'its private key, as PEM'),
  tokenUrl: (): Option =>
    new Option(
      '--token-url <url>',
      'where OAuth 2.0 tokens are fetched; by default where the contract says',
    ).argParser(readUrl),
  once: (): Option =>
    new Option('--once <name>', 'an input whose value is good once; may be repeated').argParser(
      several(name),
    ),
  noPrompt: (): Option => new Option('--no-prompt', 'never ask at the terminal'),
  safe: (): Option => new Option('--safe', 'only methods that change nothing: GET, HEAD, OPTIONS'),
  maxTime: (): Option => new Option('--max-time <seconds>', 'seconds at most').argParser(readPositive),
  seed: (): Option =>
    new Option('--seed <integer>', 'make the same plan again; random by default').argParser(readSeed),
  dryRun: (): Option => new Option('--dry-run', 'print the plan and send nothing'),
  level: (): Option =>
    new Option(
      '--level <check=level>',
      'what the findings of a check are: off, note or error; may be repeated',
    ).argParser(several(readLevel)),
  responseTime: (): Option =>
    new Option('--response-time <seconds>', 'the longest that an answer may take').argParser(readPositive),
  baseline: (): Option =>
    new Option('--baseline <file>', 'accept the findings of this file: only new ones fail the run'),
  config: (): Option =>
    new Option('--config <file>', 'settings; by default counterfoil.config.{ts,js,json,yaml} of this folder'),
  report: (): Option =>
    new Option(
      '--report <name[:file]>',
      'terminal, junit, json, jsonl, html, sarif, github, github-summary or har; may be repeated',
    ).argParser(several(readReport)),
  secret: (): Option =>
    new Option(
      '--secret <name>',
      'a field, member or parameter that no report may show; may be repeated',
    ).argParser(several(name)),
} as const;

/** What a command for one contract is called, and what it says of itself. */
export type About = {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What follows the flags in its help. */
  readonly after: string;
};

/** Adds a command that takes one contract. */
export function contractCommand(
  program: Command,
  { name: called, summary, description, after }: About,
  options: readonly Option[],
): Command {
  const command = program
    .command(called)
    .summary(summary)
    .description(description)
    .argument(
      '<api-or-file>',
      `an OpenAPI document, a folder with an openapi.yaml, or a shipped API: ${shippedApis().join(', ')}`,
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', after);
  for (const option of options) command.addOption(option);
  return command;
}
