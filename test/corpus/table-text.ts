/** The table of what became of documents, as text. */

import type { Failing } from './calls.js';
import type { Document } from './documents.js';
import type { Outcome } from './pool.js';
import { type Tried, untried } from './tried.js';

/** A document and what became of it. */
export type Row = { readonly document: Document; readonly name: string; readonly outcome: Outcome };

export const heading: string = line([
  'served',
  'start s',
  'MB start',
  'MB peak',
  'valid',
  'tried',
  'of it 2xx',
  'unchecked',
  'crashes',
  'hangs',
  'document',
]);

/** One line of the table, and below it the first reasons where something failed. */
export function rowText(row: Row, mostReasons: number): string {
  const { served, seconds, startMemory, peakMemory, tried, valid, successes, unchecked, why } = triedOf(row);
  const { outcome } = row;
  const cells = [
    served ? 'yes' : 'NO',
    seconds?.toFixed(1) ?? '-',
    megabytes(startMemory),
    megabytes(peakMemory),
    String(valid),
    String(tried),
    String(successes),
    String(unchecked.length),
    String(crashesOf(row)),
    String(hangsOf(row)),
    `${row.name} (${row.document.version}, ${sizeText(row.document.bytes)})`,
  ];
  const given = outcome.kind === 'given-up' ? [`given up at ${outcome.at}: ${outcome.why}`] : [];
  const reasons = [
    ...(why === undefined ? [] : [why]),
    ...given,
    ...triedOf(row).failing.slice(0, mostReasons).map(failingText),
  ];
  return [line(cells), ...reasons.map((reason) => `           ${reason.split('\n')[0]?.slice(0, 300)}`)].join(
    '\n',
  );
}

/** The totals of all rows. */
export function totalsText(rows: readonly Row[], passedOver: number): string {
  const all = rows.map(triedOf);
  const sum = (of: (each: Tried) => number): number => all.reduce((total, each) => total + of(each), 0);
  const valid = sum((each) => each.valid);
  const tried = sum((each) => each.tried);
  const seconds = all.flatMap((each) => each.seconds ?? []).toSorted((a, b) => a - b);
  const peaks = all.flatMap((each) => each.peakMemory ?? []).toSorted((a, b) => a - b);
  const crashes = rows.reduce((total, row) => total + crashesOf(row), 0);
  const hangs = rows.reduce((total, row) => total + hangsOf(row), 0);
  return [
    `${rows.length} documents (${passedOver} other files passed over): ${sum(({ served }) => (served ? 1 : 0))} served, ${sum((each) => (isFlawless(each) ? 1 : 0))} of them without any failure`,
    `${tried} operations tried, ${valid} valid (${((100 * valid) / Math.max(tried, 1)).toFixed(2)} %), of these ${sum(({ successes }) => successes)} with a success, ${sum(({ unchecked }) => unchecked.length)} with content that the validator could not read`,
    `start: median ${middle(seconds).toFixed(1)} s, longest ${(seconds.at(-1) ?? 0).toFixed(1)} s; peak memory: median ${megabytes(middle(peaks))} MB, most ${megabytes(peaks.at(-1))} MB`,
    `${crashes} crashes, ${hangs} hangs`,
  ].join('\n');
}

function isFlawless({ served, failing, tried, valid }: Tried): boolean {
  return served && failing.length === 0 && tried === valid;
}

export function triedOf({ outcome }: Row): Tried {
  return outcome.tried ?? untried;
}

function crashesOf(row: Row): number {
  return triedOf(row).failing.filter(({ kind }) => kind === 'crash' || kind === 'internal-error').length;
}

function hangsOf(row: Row): number {
  const late = row.outcome.kind === 'given-up' && row.outcome.why.startsWith('not finished') ? 1 : 0;
  return late + triedOf(row).failing.filter(({ kind }) => kind === 'hang').length;
}

function failingText({ operation, kind, what }: Failing): string {
  return `${operation}: ${kind}: ${what}`;
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : String(Math.round(bytes / 1_048_576));
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function line(cells: readonly string[]): string {
  const widths = [6, 8, 8, 8, 6, 6, 9, 9, 7, 6];
  return cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ');
}
