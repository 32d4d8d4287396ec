/** Where the reports of a check go: to standard output as they come, to files whole or not at all. */

import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Mask, Report } from '../conformance/event.js';
import { reports, type TerminalOptions } from '../conformance/report/index.js';
import { Failure } from './failure.js';

/** A report that is being made, and what has to be done once the run is over. */
export type Output = { readonly report: Report; readonly finish: () => void };

/** Makes a report as it was asked for: `junit:out.xml`, or a name alone for standard output. */
export function outputFor(asked: string, options: TerminalOptions, mask: Mask): Output {
  const colon = asked.indexOf(':');
  const name = colon === -1 ? asked : asked.slice(0, colon);
  const file = colon === -1 ? undefined : asked.slice(colon + 1);
  const make = reports[name];
  if (make === undefined) throw new TypeError(`there is no report ${name}`);
  if (file === undefined) {
    return { report: make(options)((text) => void process.stdout.write(text), mask), finish: () => {} };
  }
  const plain = { ...options, color: false, progress: false, width: 100 };
  const written: string[] = [];
  return {
    report: make(plain)((text) => void written.push(text), mask),
    finish: () => writeWhole(file, written.join(''), name === 'github-summary'),
  };
}

/**
 * Writes a file in one step: whoever reads it sees the old one or the whole new one. A job summary is added to instead,
 * for it belongs to several steps.
 * @throws Failure when it cannot be written.
 */
export function writeWhole(file: string, text: string, isAdded = false): void {
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    if (isAdded) {
      appendFileSync(file, text);
      return;
    }
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`${file} cannot be written: ${why}`);
  }
}
