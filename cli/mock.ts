/** `counterfoil mock`: its arguments and flags. What it does stands in run-mock.ts, read only when it is run. */

import { type Command, Option } from 'commander';
import { shippedApis } from '../openapi/shipped.js';
import {
  readDelay,
  readHost,
  readHosts,
  readOrigins,
  readOtp,
  readPort,
  readSecret,
  readSeed,
  readToken,
} from './flag.js';
import { type ReadingFlags, readingOptions } from './reading.js';

/** The flags of `counterfoil mock`, as read. */
export type MockFlags = ReadingFlags & {
  readonly port: number;
  readonly host: string;
  readonly otp?: string;
  readonly seed?: number;
  readonly secret?: string;
  readonly cors: boolean | readonly string[];
  readonly delay: number;
  readonly watch?: boolean;
  readonly log: 'pretty' | 'json' | 'off';
  readonly auth: boolean;
  readonly callbacks?: boolean;
  readonly callbackHosts?: readonly string[];
  readonly control: boolean;
  readonly controlToken?: string;
  readonly byName?: boolean;
};

const examples = `
Examples:
  counterfoil mock                                 every shipped API on http://127.0.0.1:4010
  counterfoil mock matar --otp 00000               every one-time password is 00000
  counterfoil mock ./api --watch                   a folder with an openapi.yaml, served anew as you edit it
  counterfoil mock --cors http://localhost:5173    only this front end may call from a browser
  counterfoil mock --host 0.0.0.0                  for your phone too; the control API then asks for a token`;

/** Adds the command to the program. */
export function addMockCommand(program: Command, version: string, epilogue: string): void {
  const apis = shippedApis();
  const command = program
    .command('mock')
    .summary('serve APIs as their contracts say')
    .description(
      'Serves APIs as their contracts say: it remembers who has logged in, and refuses what is wrong. Each request is printed with what was decided and why.',
    )
    .argument(
      '[api-or-file...]',
      `an OpenAPI document, a folder with an openapi.yaml, or a shipped API: ${apis.join(', ')} (default: all of these)`,
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `${examples}\n${epilogue}`);
  const options = [
    ...servingOptions(),
    ...contentOptions(),
    ...callOptions(),
    ...controlOptions(),
    ...contractOptions(),
  ];
  for (const option of options) command.addOption(option);
  command.action(async (named: string[], flags: MockFlags) => {
    const { runMock } = await import('./run-mock.js');
    await runMock(named.length === 0 ? apis : [...new Set(named)], flags, version);
  });
}

function servingOptions(): Option[] {
  return [
    new Option('--port <n>', 'port to listen on; 0 is any free one')
      .env('PORT')
      .default(4010)
      .argParser(readPort),
    new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of this machine')
      .default('127.0.0.1')
      .argParser(readHost),
    new Option('--cors [origins]', 'origins that browsers may call from, separated by commas')
      .default(true, 'any')
      .argParser(readOrigins),
    new Option('--no-cors', 'browsers may call from the same origin only'),
    new Option('--no-auth', 'ask for no credential where no rule says what becomes of who has none'),
    new Option('--delay <seconds>', 'wait before every answer').default(0).argParser(readDelay),
    new Option('--log <form>', 'how each exchange is printed')
      .choices(['pretty', 'json', 'off'])
      .default('pretty'),
  ];
}

function contentOptions(): Option[] {
  return [
    new Option('--otp <digits>', 'make every one-time password this one').argParser(readOtp),
    new Option('--seed <integer>', 'make the same values again; random by default').argParser(readSeed),
    new Option('--secret <text>', 'key to sign tokens with; made from the seed by default').argParser(
      readSecret,
    ),
  ];
}

function callOptions(): Option[] {
  return [
    new Option('--callbacks', 'send the callbacks of an operation once it has been answered'),
    new Option(
      '--callback-hosts <hosts>',
      'hosts besides this machine that callbacks and webhooks may go to, separated by commas; * is any',
    ).argParser(readHosts),
  ];
}

function controlOptions(): Option[] {
  return [
    new Option('--control-token <token>', 'ask for this bearer token on the control API').argParser(
      readToken,
    ),
    new Option('--no-control', 'serve no control API').conflicts('controlToken'),
  ];
}

function contractOptions(): Option[] {
  return [
    new Option('--watch', 'serve the contract anew when its files change; the state is kept'),
    new Option('--by-name', 'serve each API below /<its name>'),
    ...readingOptions(),
  ];
}
