/** What the check makes of each defect of the foreign servers, and the table of it. */

import type { ExchangeRecord, Finding } from '../../conformance/event.js';
import { checked } from './checked.js';
import defects from './defects.json' with { type: 'json' };
import type { Kind } from './start.js';

/** A defect in one of the servers that have it. */
export type Case = {
  readonly kind: Kind;
  readonly name: string;
  readonly category: string;
  /** Who forbids it: the contract, a standard, what is inferred, or sense alone. */
  readonly by: string;
  readonly sentence: string;
};

/** `noted` findings do not fail a run. */
export type Verdict = 'caught' | 'noted' | 'missed';

export type Result = Case & {
  readonly verdict: Verdict;
  /** What shows it best. */
  readonly finding: Pick<Finding, 'id' | 'check' | 'title' | 'expected' | 'actual'> | undefined;
  /** How many requests had been sent when it showed; of a defect that was missed, all of them. */
  readonly requests: number;
  /** Until it showed; of a defect that was missed, of the whole run. */
  readonly seconds: number;
};

export const kinds: readonly Kind[] = ['matar-node', 'matar-flask', 'xerial-express'];

/** Every defect in every server that has it. */
export const cases: readonly Case[] = defects.flatMap(({ servers, name, category, by, sentence }) =>
  kinds.filter((kind) => servers.includes(kind)).map((kind) => ({ kind, name, category, by, sentence })),
);

/** Milliseconds. On a busy machine an answer may take long, so that a bound is set only where it is what is asked for. */
const limits = { timeout: 4000, maxTime: 60_000, confirmations: 0 };
const bound = 1500;

/** Takes the check to a case, until its first error. `usual` are the ids of what correct servers are told, too. */
export async function tried(each: Case, strict: boolean, usual: ReadonlySet<string>): Promise<Result> {
  const isError = ({ id, severity }: Finding): boolean => severity === 'error' && !usual.has(id);
  const { shown, finished, exchanges } = await checked(each.kind, each.name, {
    ...limits,
    ...(each.category === 'timing' && { responseTime: bound }),
    strict,
    until: isError,
  });
  const error = shown.find(isError);
  const finding = error ?? shown.find(({ id }) => !usual.has(id));
  const last = finding?.exchanges.at(-1);
  const until =
    last === undefined ? finished.milliseconds : last.startedAt + last.milliseconds - begun(exchanges);
  return {
    ...each,
    verdict: error !== undefined ? 'caught' : finding !== undefined ? 'noted' : 'missed',
    finding: finding && only(finding),
    requests: last?.id ?? finished.requests,
    seconds: Math.round(until / 10) / 100,
  };
}

const begun = ([first]: readonly ExchangeRecord[]): number => first?.startedAt ?? 0;

const only = ({ id, check, title, expected, actual }: Finding): Result['finding'] => ({
  id,
  check,
  title,
  expected,
  actual,
});

/** The ids of everything that a correct server is told. */
export async function usualOf(kind: Kind, strict: boolean): Promise<readonly Finding[]> {
  const { finished } = await checked(kind, undefined, { ...limits, strict });
  return finished.findings;
}

/** How many were caught, noted and missed, by category and by who forbids it; then each that was not caught. */
export function tableText(results: readonly Result[]): string {
  const sections = (['category', 'by'] as const).map((by) => countsText(results, by));
  const others = results.filter(({ verdict }) => verdict !== 'caught');
  const list = others.length === 0 ? [] : [others.map(resultText).join('\n')];
  return `${[...sections, ...list].join('\n\n')}\n`;
}

function countsText(results: readonly Result[], by: 'category' | 'by'): string {
  const names = [...new Set(results.map((each) => each[by]))];
  const rows = names.map((name) => [name, results.filter((each) => each[by] === name)] as const);
  const total = by === 'by' ? [line(['all', ...counts(results)])] : [];
  const heading = line([by === 'by' ? 'forbidden by' : by, 'caught', 'noted', 'missed', 'of']);
  return [heading, ...rows.map(([name, own]) => line([name, ...counts(own)])), ...total].join('\n');
}

function counts(results: readonly Result[]): readonly string[] {
  const of = (verdict: Verdict): number => results.filter((each) => each.verdict === verdict).length;
  return [of('caught'), of('noted'), of('missed'), results.length].map(String);
}

const line = ([name = '', ...numbers]: readonly string[]): string =>
  name.padEnd(16) + numbers.map((text) => text.padStart(8)).join('');

function resultText({ verdict, kind, name, category, by, sentence, finding, ...cost }: Result): string {
  const what = `${verdict.padEnd(7)} ${kind} ${name} (${category}, ${by}): ${sentence}`;
  const why = finding === undefined ? '' : `\n        ${finding.check}: ${finding.title}`;
  return `${what}${why}\n        ${cost.requests} requests, ${cost.seconds.toFixed(1)} s`;
}
