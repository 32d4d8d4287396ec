/** The answers of two servers to the same step, compared: what each of them answered, and how they differ. */

import { mostSpecific, parseMediaType } from '../../openapi/content/media-type.js';
import {
  type Contract,
  type DocumentedResponse,
  type Operation,
  responseFor,
} from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { bodyOf } from '../judge/exchange.js';
import type { Outcome } from '../target.js';
import { type Comparing, contentDifferences } from './content.js';
import { type Difference, shown } from './difference.js';
import { fieldDifferences } from './fields.js';
import { describedBy, type Expectation } from './made.js';
import type { Renaming } from './renaming.js';

/** What the answers of one side to a step are held against. */
export type Answers = {
  readonly outcomes: readonly Outcome[];
  /** What the state rules said of the answer before it came. */
  readonly expected: Expectation;
  /** The server's clock, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
};

/** What comparing needs besides the answers. */
export type Measure = {
  readonly contract: Contract;
  readonly operation: Operation | undefined;
  readonly tolerance: number;
  readonly isIgnored: (place: string) => boolean;
};

/** How answers differ, and the renaming that they leave behind. */
export type Compared = { readonly differences: readonly Difference[]; readonly renaming: Renaming };

/**
 * How the answers to one step differ. Where the request was sent several times at the same moment, each server may have
 * taken them in another order: then each answer of A is held against the one of B that is like it.
 */
export function compareAnswers(
  a: Answers,
  b: Answers,
  atOnce: boolean,
  renaming: Renaming,
  measure: Measure,
): Compared {
  const left = [...b.outcomes];
  let current = renaming;
  const differences: Difference[] = [];
  for (const outcome of a.outcomes) {
    const candidates = atOnce ? left : left.slice(0, 1);
    const tried = candidates.map((other) => {
      const fork = current.fork();
      const found = outcomeDifferences(outcome, other, a, b, fork, measure);
      return { other, fork, found };
    });
    const best = tried.find(({ found }) => found.length === 0) ?? tried[0];
    if (best === undefined) break;
    left.splice(left.indexOf(best.other), 1);
    current = best.fork;
    differences.push(...best.found);
  }
  return { differences, renaming: current };
}

function outcomeDifferences(
  a: Outcome,
  b: Outcome,
  sideA: Answers,
  sideB: Answers,
  renaming: Renaming,
  measure: Measure,
): readonly Difference[] {
  const whole = (kind: 'outcome' | 'status', title: string): readonly Difference[] => [
    { kind, at: '', title, a: outcomeText(a), b: outcomeText(b) },
  ];
  if (a.kind === 'failure' || b.kind === 'failure') {
    if (a.kind === b.kind) return []; // neither of them answers: why each does not says little
    return whole(
      'outcome',
      `${a.kind === 'failure' ? 'B' : 'A'} answers, ${a.kind === 'failure' ? 'A' : 'B'} does not`,
    );
  }
  const [here, there] = [a.response, b.response];
  if (here.status !== there.status)
    return whole('status', `A answers ${here.status}, B answers ${there.status}`);
  const { contract, operation, tolerance, isIgnored } = measure;
  const documented = operation && responseFor(operation, here.status);
  const subject =
    operation?.path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{')) ?? '';
  const base = { renaming, now: [sideA.now, sideB.now], tolerance, subject, isIgnored } as const;
  const [bodyA, bodyB] = [bodyOf(here, operation), bodyOf(there, operation)];
  const [schemaA, schemaB] = [schemaOf(documented, here), schemaOf(documented, there)];
  const describedA = describedBy(contract, operation, schemaA, bodyA ?? null);
  const describedB = describedBy(contract, operation, schemaB, bodyB ?? null);
  const comparing: Comparing = {
    ...base,
    said(pointer) {
      const said = [sideA, sideB].map(({ expected }) => expected(here.status, pointer));
      if (said.includes('made')) return 'made';
      return said.includes('fixed') ? 'fixed' : describedA.said(pointer);
    },
    breaks: (pointer) => [describedA.breaks(pointer), describedB.breaks(pointer)],
  };
  const content =
    bodyA === undefined || bodyB === undefined
      ? bytesDifferences(here, there, bodyA, bodyB, isIgnored)
      : contentDifferences(bodyA, bodyB, comparing);
  return [...content, ...fieldDifferences(here, there, documented, base)];
}

/** Content that is no value: nothing at all, bytes, or text that is not what its media type says. */
function bytesDifferences(
  a: ResponseMessage,
  b: ResponseMessage,
  bodyA: Json | undefined,
  bodyB: Json | undefined,
  isIgnored: Measure['isIgnored'],
): readonly Difference[] {
  if (isIgnored('')) return [];
  const [here, there] = [a.content ?? new Uint8Array(), b.content ?? new Uint8Array()];
  if (Buffer.compare(here, there) === 0) return [];
  const text = (content: Uint8Array, body: Json | undefined): string => {
    if (body !== undefined) return shown(body);
    return content.byteLength === 0 ? 'nothing' : new TextDecoder().decode(content.subarray(0, longestShown));
  };
  const title =
    here.byteLength === 0 || there.byteLength === 0
      ? `there is content at ${here.byteLength === 0 ? 'B' : 'A'} only`
      : 'the content is another at B';
  return [{ kind: 'content', at: '', title, a: text(here, bodyA), b: text(there, bodyB) }];
}

const longestShown = 2000;

/** The schema that is documented for the media type that came. */
function schemaOf(
  documented: DocumentedResponse | undefined,
  { fields }: ResponseMessage,
): Place | undefined {
  const content = documented?.content ?? [];
  const came = parseMediaType(fieldValue(fields, 'content-type') ?? '');
  const nearest =
    came &&
    mostSpecific(
      came,
      content.map(({ mediaType }) => mediaType),
    );
  return (content.find(({ mediaType }) => mediaType === nearest) ?? content[0])?.schema;
}

/** An answer in one line: status, media type and content; or why there is none. */
function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'failure') return `no answer (${outcome.failure}: ${outcome.why})`;
  const { status, fields, content } = outcome.response;
  const mediaType = fieldValue(fields, 'content-type');
  const text =
    content === undefined ? undefined : new TextDecoder().decode(content.subarray(0, longestShown));
  return [String(status), mediaType, text].filter((part) => part !== undefined).join(' ');
}
