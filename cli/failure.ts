/** What ends a command badly: the text that says so, and the exit code. */

import { visible, visibleLines } from '../conformance/report/text.js';
import { ContractError } from '../openapi/contract-error.js';

/** The exit codes of every command. */
export const exitCodes = { fine: 0, failed: 1, wrongInput: 2, unreachable: 3, interrupted: 130 } as const;

/** Why a command cannot do what it was asked for, in sentences for who asked. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What somebody else's error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What to print about an error, and the exit code for it. The stack of an unforeseen one is told when `debug` is set. */
export function explained(error: unknown, debug: boolean): { text: string; exitCode: number } {
  if (error instanceof ContractError) return { text: contractText(error), exitCode: exitCodes.wrongInput };
  if (error instanceof Failure) return { text: `error: ${visible(error.message)}`, exitCode: error.exitCode };
  return { text: unforeseenText(error, debug), exitCode: exitCodes.failed };
}

/** The problems of a contract, one a line as `file:line:column: what. fix.`, and their number. */
export function contractText(error: ContractError): string {
  const count = error.problems.length;
  return `${visibleLines(error.message)}\n${count} ${count === 1 ? 'problem' : 'problems'}.`;
}

function unforeseenText(error: unknown, debug: boolean): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (debug && error instanceof Error) return `error: ${visibleLines(error.stack ?? what)}`;
  return `error: ${visible(what)} (please report it; set COUNTERFOIL_DEBUG=1 for the stack)`;
}
