/** What is told first: findings by how much they matter, and how a run as a whole came out. */

import type { Coverage, Finding, NotExercised, RunFinished } from '../event.js';

/** What a finding is called: the contract says otherwise, the contract is silent, or it is only worth knowing. */
export type Rank = 'violation' | 'undocumented' | 'note';

/** The most telling first. */
export const ranks: readonly Rank[] = ['violation', 'undocumented', 'note'];

export function rankOf({ verdict, severity }: Finding): Rank {
  if (verdict === 'undocumented') return 'undocumented';
  return severity === 'error' ? 'violation' : 'note';
}

/** How code scanning and annotations grade a finding. */
export function levelOf({ verdict, severity }: Finding): 'error' | 'warning' | 'note' {
  if (severity === 'error') return 'error';
  return verdict === 'undocumented' ? 'warning' : 'note';
}

/** Findings with the most telling first; the same findings have the same order, in whichever order they were found. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      ranks.indexOf(rankOf(a)) - ranks.indexOf(rankOf(b)) ||
      compare(a.severity, b.severity) ||
      compare(a.at.file, b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      compare(a.check, b.check) ||
      compare(a.id, b.id),
  );
}

/** By code units, as no locale is the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Things by a name, the names in the order in which they first come. */
export function groupedBy<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const name = nameOf(thing);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [thing]);
    else group.push(thing);
  }
  return [...groups];
}

/** The endpoint that a finding is about, as a heading. */
export function headingOf({ endpoint }: Finding): string {
  return endpoint ?? 'the API as a whole';
}

/** What was not exercised, by its reason: the reason that explains most first. */
export function byReason(
  gaps: readonly NotExercised[],
): readonly (readonly [string, readonly NotExercised[]])[] {
  return groupedBy(gaps, ({ reason }) => reason).toSorted(([, a], [, b]) => b.length - a.length);
}

/** How many findings there are of each rank, and how many of them fail the run. */
export type Tally = { readonly [rank in Rank]: number } & { readonly failing: number };

export function tallyOf(findings: readonly Finding[]): Tally {
  const of = (rank: Rank): number => findings.filter((finding) => rankOf(finding) === rank).length;
  return {
    violation: of('violation'),
    undocumented: of('undocumented'),
    note: of('note'),
    failing: findings.filter(({ severity }) => severity === 'error').length,
  };
}

/** How a run came out, in one word. What was found counts also when the run was stopped before its end. */
export type Result = 'conforms' | 'deviates' | 'incomplete' | 'unreachable';

export function resultOf({ complete, stopped, findings }: RunFinished): Result {
  if (findings.some(({ severity }) => severity === 'error')) return 'deviates';
  if (stopped === 'unreachable') return 'unreachable';
  return complete ? 'conforms' : 'incomplete';
}

/** Why a run is incomplete, as the rest of a sentence; undefined when it is complete. */
export function stoppedText({ complete, stopped, unreachable }: RunFinished): string | undefined {
  if (complete) return undefined;
  if (stopped === 'unreachable')
    return `the server could not be reached${unreachable === undefined ? '' : `: ${unreachable}`}`;
  if (stopped === 'time-limit') return 'the time limit was reached';
  if (stopped === 'request-limit') return 'the limit of requests was reached';
  return 'it was interrupted';
}

/** A kind of thing in the contract: one, and several. */
export const kindNames: Readonly<Record<Coverage['kind'], readonly [one: string, many: string]>> = {
  operation: ['operation', 'operations'],
  response: ['response', 'responses'],
  example: ['example', 'examples'],
  rule: ['state rule', 'state rules'],
  parameter: ['parameter', 'parameters'],
  'security-scheme': ['security scheme', 'security schemes'],
  workflow: ['workflow', 'workflows'],
};

/** How often a finding showed, in words. */
export function shownText({ count, confirmed }: Finding): string {
  const times = count === 1 ? 'once' : `${count.toLocaleString('en')} times`;
  if (confirmed === undefined) return `shown ${times}`;
  if (isUnstable(confirmed))
    return `shown ${times}; unstable: shown ${confirmed.shown} of ${confirmed.of} times`;
  return `shown ${times}, and every time when tried again`;
}

/** Whether it does not show each time. */
export function isUnstable(confirmed: Finding['confirmed']): boolean {
  return confirmed !== undefined && confirmed.shown < confirmed.of;
}
