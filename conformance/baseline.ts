/** The baseline: findings that are known and accepted, as a file that people keep beside the contract. */

import { ContractError, type ContractProblem, type ContractProblemCode } from '../openapi/contract-error.js';
import { locate, parseSource, type Source } from '../openapi/document/locate.js';
import { isObject, type Json, type JsonObject, pointerTo } from '../openapi/json.js';
import type { Finding, Mask } from './event.js';

/** An accepted finding. All but the id is there for people to read. */
type BaselineEntry = {
  readonly id: string;
  readonly check: string;
  readonly operation: string | undefined;
  readonly title: string;
  /** Why it is accepted: whatever somebody has written there, kept when the file is written anew. */
  readonly reason: string | undefined;
};

export type Baseline = { readonly findings: readonly BaselineEntry[] };

/** As much of a finding as the file keeps. */
type Accepted = Pick<Finding, 'id' | 'check' | 'operation' | 'title'>;

/** Findings by what the baseline says of them. */
export type Compared = {
  /** Those that it does not know. */
  readonly fresh: readonly Finding[];
  readonly accepted: readonly Finding[];
  /** Those that it knows, and that did not show. */
  readonly vanished: readonly { readonly id: string; readonly title: string }[];
};

const version = 1;
const rewrite = 'Write it anew with --update-baseline';

/**
 * Reads a baseline.
 * @throws ContractError with every problem and its place.
 */
export function readBaseline(text: string, file: string): Baseline {
  const source = parseSource(file, text.replace(/^\ufeff/, ''));
  const { value } = source;
  if (!isObject(value)) throw new ContractError([notBaseline(source, '')]);
  if (value.version !== version) throw new ContractError([wrongVersion(source, value)]);
  const { findings } = value;
  if (!Array.isArray(findings)) throw new ContractError([notBaseline(source, '/findings')]);
  const problems = findings.flatMap((raw: Json, index) =>
    entryOf(raw) === undefined ? [notEntry(source, pointerTo('/findings', index))] : [],
  );
  if (problems.length > 0) throw new ContractError(problems);
  return { findings: findings.flatMap((raw: Json) => entryOf(raw) ?? []) };
}

/** Parts findings by a baseline. Of a run that left something out, what vanished may only not have been tried. */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline): Compared {
  const known = new Set(baseline.findings.map(({ id }) => id));
  const shown = new Set(findings.map(({ id }) => id));
  const vanished = new Map(
    baseline.findings.filter(({ id }) => !shown.has(id)).map(({ id, title }) => [id, { id, title }]),
  );
  return {
    fresh: findings.filter(({ id }) => !known.has(id)),
    accepted: findings.filter(({ id }) => known.has(id)),
    vanished: [...vanished.values()],
  };
}

/**
 * The file that accepts these findings: the same text for the same findings, in whatever order they are, and nothing that
 * changes from run to run. `mask` hides secrets; the reasons of an earlier baseline are kept.
 */
export function baselineText(
  findings: readonly Accepted[],
  mask: Mask = (text) => text,
  before: Baseline = { findings: [] },
): string {
  const reasons = new Map(before.findings.map(({ id, reason }) => [id, reason]));
  const entries = [...new Map(findings.map((finding) => [finding.id, finding])).values()]
    .toSorted((a, b) => compare(sortKey(a), sortKey(b)))
    .map(({ id, check, operation, title }): JsonObject => {
      const reason = reasons.get(id);
      return {
        id,
        check,
        ...(operation === undefined ? {} : { operation }),
        title: mask(title),
        ...(reason === undefined ? {} : { reason }),
      };
    });
  return `${JSON.stringify({ version, findings: entries }, null, 2)}\n`;
}

function entryOf(raw: Json): BaselineEntry | undefined {
  if (!isObject(raw)) return undefined;
  const { id, check, title, operation, reason } = raw;
  if (typeof id !== 'string' || id === '' || typeof check !== 'string' || typeof title !== 'string')
    return undefined;
  const isText = (value: Json | undefined): value is string | undefined =>
    value === undefined || typeof value === 'string';
  return isText(operation) && isText(reason) ? { id, check, operation, title, reason } : undefined;
}

function sortKey({ operation = '', check, id }: Accepted): readonly string[] {
  return [operation, check, id];
}

/** By code units, so that no machine's language changes the order. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

function wrongVersion(source: Source, { version: found }: JsonObject): ContractProblem {
  if (found === undefined) return notBaseline(source, '');
  return problem(source, '/version', `this is a baseline of version ${JSON.stringify(found)}`, {
    code: 'unsupported-version',
    fix: `This program reads version ${version}. ${rewrite}`,
  });
}

function notBaseline(source: Source, pointer: string): ContractProblem {
  const what = `this is no baseline, which is an object with "version": ${version} and a list of "findings"`;
  return problem(source, pointer, what, { fix: rewrite });
}

function notEntry(source: Source, pointer: string): ContractProblem {
  const fix = 'Give it an "id", a "check" and a "title", each a text, or remove it';
  return problem(source, pointer, 'this is no accepted finding', { fix });
}

function problem(
  source: Source,
  pointer: string,
  what: string,
  { code = 'invalid-document', fix }: { readonly code?: ContractProblemCode; readonly fix: string },
): ContractProblem {
  return { code, what, fix, location: locate(source, pointer) };
}
