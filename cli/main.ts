#!/usr/bin/env node
/** The program `counterfoil`: its commands, and the exit codes that they end with. */

import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './check.js';
import { addCompareCommand } from './compare.js';
import { addDescribeCommand } from './describe.js';
import { exitCodes, explained } from './failure.js';
import { addMockCommand } from './mock.js';
import { addProxyCommand } from './proxy.js';

const manifest: { readonly version: string } = createRequire(import.meta.url)('counterfoil/package.json');

const checkExitCodes = `
Exit codes:
  0    the server conforms
  1    it violates the contract, or the check failed
  2    the contract, the settings or the command line is wrong
  3    the server cannot be reached
  130  stopped by Ctrl-C; the reports are written, and say so`;

const compareExitCodes = `
Exit codes:
  0    the servers do not part
  1    they part, or the comparison failed
  2    the contract or the command line is wrong
  3    one of the servers cannot be reached
  130  stopped by Ctrl-C; what was found is told, and so is that`;

const proxyExitCodes = `
Exit codes:
  0    nothing that --fail-on names was seen
  1    it was, or the proxy could not start
  2    the contract, the settings or the command line is wrong
  130  stopped by a second Ctrl-C; no reports are written`;

const describeExitCodes = `
Exit codes:
  0    fine
  1    it could not be written
  2    the contract or the command line is wrong`;

const exitCodeHelp = `
Exit codes:
  0    fine
  1    it could not start, or it failed
  2    the contract or the command line is wrong
  130  stopped by a second Ctrl-C`;

/** The program with all its commands. */
function program(): Command {
  const counterfoil = new Command('counterfoil')
    .description(
      'From one API contract, a mock server that remembers what happened, and a check that a real server matches.',
    )
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showHelpAfterError('Run it with --help to see every command and flag.')
    .addHelpText('after', `${examplesHelp}\n${exitCodeHelp}`);
  addMockCommand(counterfoil, manifest.version, exitCodeHelp);
  addCheckCommand(counterfoil, checkExitCodes);
  addCompareCommand(counterfoil, compareExitCodes);
  addProxyCommand(counterfoil, proxyExitCodes);
  addDescribeCommand(counterfoil, describeExitCodes);
  return counterfoil;
}

const examplesHelp = `
Examples:
  counterfoil mock                      every API that ships with this package
  counterfoil mock matar --port 0       one of them, on any free port
  counterfoil mock ./openapi.yaml       a contract of your own
  counterfoil check matar --mock        hold a server, here the mock itself, against its contract
  counterfoil compare matar --mock --url http://127.0.0.1:8080
                                        find where two servers part
  counterfoil describe matar            what a contract says, and what it rests on
  counterfoil help mock                 every flag of the mock`;

/** What Commander has printed about already keeps its meaning: help and version are fine, the rest is a wrong command line. */
function end(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.fine : exitCodes.wrongInput;
    return;
  }
  const { text, exitCode } = explained(error, (process.env.COUNTERFOIL_DEBUG ?? '') !== '');
  process.stderr.write(`${text}\n`, () => process.exit(exitCode));
}

// When nobody reads the output any more (`counterfoil mock | head`), there is nobody to serve either.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(exitCodes.fine);
  throw error;
});
process.on('uncaughtException', end);

await program().parseAsync().catch(end);
