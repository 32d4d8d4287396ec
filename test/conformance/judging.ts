/** A server that is only told of: requests placed, answers written by hand and judged, and what is believed after. */

import type { Judgement } from '../../conformance/check.js';
import { type Beliefs, createBeliefs } from '../../conformance/judge/beliefs.js';
import { bodyOf } from '../../conformance/judge/exchange.js';
import { judge } from '../../conformance/judge/judgement.js';
import { type Placed, situationOf } from '../../conformance/judge/situation.js';
import type { Contract, Field, Json } from '../../openapi/index.js';
import { head } from '../openapi/folders.js';
import { contractOf } from './contracts.js';
import { requestOf, type Short } from './exchanges.js';

/** The contract of a document in YAML, which begins after `info`. */
export function contractFrom(text: string): Promise<Contract> {
  return contractOf(`${head}${text}`);
}

export type Answer = { readonly status: number; readonly body?: Json; readonly fields?: readonly Field[] };

export type Judging = {
  readonly beliefs: Beliefs;
  place(request: Short): Placed;
  answer(request: Short, answer: Answer): Judgement;
};

export const noon: number = Date.parse('2024-02-28T12:00:00Z');

/** Judges by a contract, at noon unless the beliefs are told that the clock has moved. */
export function judging(
  contract: Contract,
  {
    tolerance = 0,
    credentials = [],
  }: { readonly tolerance?: number; readonly credentials?: readonly string[] } = {},
): Judging {
  const beliefs = createBeliefs(contract, () => noon, tolerance);
  const place = (request: Short): Placed =>
    situationOf(contract, requestOf(request), {
      state: beliefs,
      now: beliefs.now(),
      credentials: new Set(credentials),
    });
  return {
    beliefs,
    place,
    answer(request, { status, body, fields = [] }) {
      const { situation, scope } = place(request);
      const content = body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body));
      const response = { status, fields, content };
      return judge(situation, scope, response, bodyOf(response), beliefs);
    },
  };
}

/** A judgement in a line: the rule that explains, or the one that is nearest and how the answer differs from it. */
export function said(judgement: Judgement): string {
  if (judgement.kind === 'silent') return 'silent';
  if (judgement.kind === 'explained') return judgement.by.choice.transition.name;
  const { nearest, differences, resembles } = judgement;
  const parts = differences.map(({ of, pointer = '' }) => `${of} ${pointer}`.trim());
  const like = resembles === undefined ? '' : ` like ${resembles.choice.transition.name}`;
  return `not ${nearest.choice.transition.name}: ${parts.join(', ')}${like}`;
}
