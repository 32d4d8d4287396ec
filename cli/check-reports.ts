/** Where the reports of a check go: to standard output as they come, to files whole or not at all. */

import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Mask, Report, RunEvent } from '../conformance/event.js';
import { reports, type TerminalOptions } from '../conformance/report/index.js';
import { exitCodes, Failure, messageOf } from './failure.js';

/** The reports of a run. */
export type Outputs = {
  take(event: RunEvent): void;
  /**
   * Writes what goes to files.
   * @throws Failure when something cannot be written, once everything else is.
   */
  finish(): void;
};

type Output = { readonly report: Report; readonly finish: () => void };

/**
 * Makes the reports as they are asked for: `junit:out.xml`, or a name alone for standard output. The folders of files are
 * made at once.
 * @throws Failure when nothing can be written there.
 */
export function outputsFor(asked: readonly string[], options: TerminalOptions, mask: Mask): Outputs {
  const outputs = asked.map((each) => outputFor(each, options, mask));
  return {
    take(event) {
      for (const { report } of outputs) report.take(event);
    },
    finish: () => eachTried(outputs.map(({ finish }) => finish)),
  };
}

/** Which reports are made when none is asked for: at GitHub its annotations and summary come by themselves. */
export function usualReports(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY = '' } = env;
  if (GITHUB_ACTIONS !== 'true') return ['terminal'];
  const summary = GITHUB_STEP_SUMMARY === '' ? [] : [`github-summary:${GITHUB_STEP_SUMMARY}`];
  return ['terminal', 'github', ...summary];
}

/** Whether a report goes to a file. */
export function goesToFile(asked: string): boolean {
  return asked.includes(':');
}

function outputFor(asked: string, options: TerminalOptions, mask: Mask): Output {
  const colon = asked.indexOf(':');
  const name = colon === -1 ? asked : asked.slice(0, colon);
  const file = colon === -1 ? undefined : asked.slice(colon + 1);
  const make = reports[name];
  if (make === undefined) throw new TypeError(`there is no report ${name}`);
  if (file === undefined) {
    return { report: make(options)((text) => void process.stdout.write(text), mask), finish: () => {} };
  }
  makeRoom(file);
  const plain = { ...options, color: false, progress: false, width: 100 };
  const written: string[] = [];
  return {
    report: make(plain)((text) => void written.push(text), mask),
    finish: () => writeWhole(file, written.join(''), name === 'github-summary'),
  };
}

function makeRoom(file: string): void {
  try {
    const folder = path.dirname(path.resolve(file));
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw unwritable(file, error, exitCodes.wrongInput);
  }
}

/**
 * Writes a file in one step: whoever reads it sees the old one or the whole new one. A job summary is added to instead,
 * for it belongs to several steps.
 * @throws Failure when it cannot be written.
 */
export function writeWhole(file: string, text: string, isAdded = false): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    if (isAdded) {
      appendFileSync(file, text);
      return;
    }
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown, exitCode: number = exitCodes.failed): Failure {
  return new Failure(`${file} cannot be written: ${messageOf(error)}`, exitCode);
}

/** Does everything; the first thing that failed is thrown at the end. */
export function eachTried(things: readonly (() => void)[]): void {
  const failures: unknown[] = [];
  for (const thing of things) {
    try {
      thing();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
