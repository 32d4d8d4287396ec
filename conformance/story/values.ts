/** The values of one run, and what they are called in its workflow: inputs, outputs of earlier steps. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import { isObject, type Json, pointerTo } from '../../openapi/json.js';
import { bodyOf } from '../judge/exchange.js';
import { outputName, unlike } from '../plan/draft.js';
import type { NameValue } from './criteria.js';
import { sentBody, type Told } from './retold.js';

/** Names values; which outputs the steps need for that shows afterwards. */
export type Naming = {
  readonly nameValue: NameValue;
  /** The step with the outputs that were named. */
  withOutputs(step: Step): Step;
};

/** Knows the values of a sequence: `before` are the steps before the one that is spoken of, `last` is that one. */
export function createNaming(before: readonly Told[], last: Told | undefined): Naming {
  const all = last === undefined ? before : [...before, last];
  const sent = new Map<Json, string>();
  const written = new Set<Json>();
  for (const { step, records } of all) {
    const body = sentBody(records.at(-1)?.request.content);
    if (step.requestBody !== undefined) compare(step.requestBody.payload, body, sent, written);
  }
  const outputs = new Map<string, (readonly [name: string, expression: string])[]>();
  return {
    nameValue(value) {
      if (typeof value === 'boolean' || value === null) return 'literal';
      return sent.get(value) ?? (written.has(value) ? 'literal' : answeredBefore(value, before, outputs));
    },
    withOutputs: (step) => ({ ...step, outputs: [...step.outputs, ...(outputs.get(step.id) ?? [])] }),
  };
}

/** Where expressions stand in a payload, what they were in the content that was sent; and what was written out. */
function compare(
  template: Template,
  value: Json | undefined,
  sent: Map<Json, string>,
  written: Set<Json>,
): void {
  if (value === undefined) return;
  if (typeof template === 'string' && /^\$(?:inputs|steps)\.[\w.#/-]+$/.test(template)) {
    if (!sent.has(value)) sent.set(value, template);
    return;
  }
  if (typeof template !== 'object' || template === null) {
    written.add(template);
    return;
  }
  const members = isObject(value) || Array.isArray(value) ? Object.entries(value) : [];
  const templates = new Map(Object.entries(template));
  for (const [name, member] of members) compare(templates.get(name) ?? null, member, sent, written);
}

function answeredBefore(
  value: Json,
  before: readonly Told[],
  outputs: Map<string, (readonly [name: string, expression: string])[]>,
): string | undefined {
  for (const { step, records } of before) {
    const outcome = records.at(-1)?.outcome;
    const body = outcome?.kind === 'response' ? bodyOf(outcome.response) : undefined;
    const pointer = body === undefined ? undefined : whereIs(value, body, '');
    if (pointer === undefined || pointer === '') continue;
    const expression = `$response.body#${pointer}`;
    const own = outputs.get(step.id) ?? [];
    const known = [...step.outputs, ...own].find(([, each]) => each === expression)?.[0];
    if (known !== undefined) return `$steps.${step.id}.outputs.${known}`;
    const taken = new Set([...step.outputs, ...own].map(([name]) => name));
    const name = unlike(taken, outputName(expression), '_');
    outputs.set(step.id, [...own, [name, expression]]);
    return `$steps.${step.id}.outputs.${name}`;
  }
  return undefined;
}

function whereIs(value: Json, within: Json, pointer: string): string | undefined {
  if (within === value) return pointer;
  if (typeof within !== 'object' || within === null) return undefined;
  for (const [name, member] of Object.entries(within)) {
    const found = whereIs(value, member, pointerTo(pointer, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
