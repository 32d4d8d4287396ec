/** Deviations brought together as findings: those with one cause are one, with its count and its smallest sequence. */

import type { Workflow } from '../openapi/arazzo/workflow.js';
import type { Contract } from '../openapi/contract.js';
import type { Check, Deviation, Exchange } from './check.js';
import type { ExchangeRecord, Finding, Severity } from './event.js';
import type { Planned } from './planned.js';
import { anyItem, shortId } from './short-id.js';

/** A deviation with everything that a finding of it is made from. */
export type Shown = {
  readonly check: Pick<Check, 'name' | 'specification' | 'severity'>;
  readonly deviation: Deviation;
  readonly severity: Severity;
  readonly exchange: Exchange;
  readonly planned: Planned;
  /** The exchanges of the sequence in which it showed, the last one where it showed. */
  readonly exchanges: readonly ExchangeRecord[];
  /** The step at which it showed. */
  readonly step: string;
};

/** What is kept of a finding while the run goes on. */
export type Kept = {
  readonly id: string;
  shown: Shown;
  count: number;
  confirmed: { readonly shown: number; readonly of: number } | undefined;
  /** Whether its sequence is tried again, or has been: then only what shows with everything fresh takes its place. */
  isTried: boolean;
};

/** The findings of a run, by id, in the order in which they first showed. */
export type Findings = {
  /** The finding that a deviation belongs to, and whether it is the first of it. */
  add(shown: Shown): { readonly kept: Kept; readonly isNew: boolean };
  /** A finding that has shown when it was tried again: it is not counted, but may be shorter. */
  again(shown: Shown): void;
  list(): readonly Kept[];
  count(): number;
};

export function createFindings(): Findings {
  const byId = new Map<string, Kept>();
  return {
    add(shown) {
      const id = idOf(shown);
      const before = byId.get(id);
      if (before === undefined) {
        const kept: Kept = { id, shown, count: 1, confirmed: undefined, isTried: false };
        byId.set(id, kept);
        return { kept, isNew: true };
      }
      before.count += 1;
      // What others have left to this workflow may be what makes it show.
      if (!before.isTried) keepShorter(before, shown);
      return { kept: before, isNew: false };
    },
    again(shown) {
      const before = byId.get(idOf(shown));
      if (before !== undefined) keepShorter(before, shown);
    },
    list: () => [...byId.values()],
    count: () => byId.size,
  };
}

function keepShorter(kept: Kept, shown: Shown): void {
  const fewer = kept.shown.exchanges.length - shown.exchanges.length;
  if (fewer > 0 || (fewer === 0 && isSimpler(shown.planned.workflow, kept.shown.planned.workflow)))
    kept.shown = shown;
}

/** Of two sequences of as many calls: whether one takes fewer users and values, fewer waits, and less to tell. */
function isSimpler(one: Workflow, other: Workflow): boolean {
  if (one === other) return false;
  const [a, b] = [sizesOf(one), sizesOf(other)];
  const index = a.findIndex((size, at) => size !== b[at]);
  return (a[index] ?? 0) < (b[index] ?? 0);
}

function sizesOf({ inputs, steps }: Workflow): readonly number[] {
  const waits = steps.filter(({ wait }) => wait !== undefined).length;
  const altered = steps.filter(({ alteration }) => alteration !== undefined).length;
  const told = steps.map(({ parameters, requestBody }) => JSON.stringify([parameters, requestBody ?? null]));
  return [inputs.length, waits, altered, told.join('').length];
}

/** The same from run to run: of what deviates, never of the values that happened to be sent. */
export function idOf({ check, deviation, severity, exchange }: Shown): string {
  const operation = exchange.operation?.id ?? exchange.request.method;
  const place = deviation.at ?? exchange.operation?.at;
  return shortId([
    check.name,
    operation,
    place?.pointer ?? '',
    deviation.verdict ?? 'violates',
    severity,
    anyItem(deviation.pointer ?? ''),
  ]);
}

/** A finding as reports show it. `story` writes its workflow, when that is first read: few readers want it. */
export function findingOf(
  contract: Contract,
  kept: Kept,
  story: (shown: Shown) => Finding['workflow'],
): Finding {
  const { shown, id, count, confirmed } = kept;
  let workflow: Finding['workflow'] | undefined;
  const { check, deviation, severity, exchange, planned, exchanges } = shown;
  const { operation } = exchange;
  const [file = contract.name] = contract.files;
  const place = deviation.at ?? operation?.at ?? { file, pointer: '' };
  return {
    id,
    check: check.name,
    verdict: deviation.verdict ?? 'violates',
    severity,
    phase: planned.phase,
    operation: operation?.id,
    endpoint: operation === undefined ? undefined : `${operation.method} ${operation.path}`,
    at: { ...contract.locate(place), pointer: place.pointer },
    specification: check.specification,
    title: deviation.title,
    when: planned.workflow.summary,
    expected: deviation.expected,
    actual: deviation.actual,
    pointer: deviation.pointer,
    count,
    confirmed,
    exchanges,
    get workflow() {
      workflow ??= story(shown);
      return workflow;
    },
  };
}
