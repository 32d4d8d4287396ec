/** The exchanges that led to a finding as a workflow that can be run again: what the server gave is taken from it anew. */

import { arazzoDocument } from '../../openapi/arazzo/arazzo-write.js';
import type { Step } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import { pointerTo } from '../../openapi/json.js';
import type { ExchangeRecord } from '../event.js';
import type { Shown } from '../findings.js';
import { bodyOf } from '../judge/exchange.js';
import { type Draft, emptyDraft, withOutput, withStep, workflowOf } from '../plan/draft.js';
import { type Binding, stepOf } from './story-step.js';

/** The exchanges of a finding as an Arazzo document. What nobody can know any more, such as one-time passwords, it asks for. */
export function storyOf(contract: Contract, { exchanges, deviation, exchange }: Shown): JsonObject {
  let draft: Draft = emptyDraft;
  const given: Given[] = [];
  const bindings = new Map<string, Binding>();
  for (const record of exchanges) {
    const made = stepOf(contract, record, { draft, bindings, from: (text) => valueGiven(given, text) });
    if (made === undefined) continue;
    const used = made.used.reduce(
      (current, { step, expression }) => withOutput(current, step, expression).draft,
      made.draft,
    );
    const added = withStep(used, made.step);
    draft = added.draft;
    given.push(...givenBy(added.step, record));
  }
  const summary = `What was seen: ${deviation.title}`;
  const workflow = workflowOf(`observed-${exchange.operation?.id ?? 'traffic'}`, summary, draft);
  return arazzoDocument(contract, [workflow], deviation.title);
}

/** A text that the server gave out, and where. */
type Given = { readonly text: string; readonly step: string; readonly expression: string };

function valueGiven(given: readonly Given[], text: string): Given | undefined {
  return given.findLast((each) => each.text === text);
}

/** Shorter texts are met by chance. */
const shortest = 6;

function givenBy(step: Step, { outcome }: ExchangeRecord): readonly Given[] {
  const body = outcome.kind === 'response' ? bodyOf(outcome.response) : undefined;
  return leavesOf(body, '').map(([pointer, text]) => ({
    text,
    step: step.id,
    expression: `$response.body#${pointer}`,
  }));
}

function leavesOf(value: Json | undefined, pointer: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return value.length < shortest ? [] : [[pointer, value]];
  // An id may be a number, and short.
  if (typeof value === 'number') return /id$/i.test(pointer) ? [[pointer, String(value)]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, Json]) =>
    leavesOf(member, pointerTo(pointer, name)),
  );
}
