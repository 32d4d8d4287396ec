/** Inputs of workflows, resolved when a step first needs them: derived from other values, or asked of whoever has them. */

import type { WorkflowInput } from '../../openapi/arazzo/workflow.js';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import type { Beliefs } from '../judge/beliefs.js';
import { derived } from './derived.js';
import type { InputAnswer, InputSource } from './input.js';

/** `given` is what the answer depends on; `cast` names whom it is about. */
export type InputResolver = (needed: WorkflowInput, given: JsonObject, cast: string) => Promise<InputAnswer>;

export type ResolvingOptions = {
  readonly source: InputSource;
  readonly beliefs: Beliefs;
  readonly signal: AbortSignal;
  /** Told of every value that came from outside, by the name that was asked for. */
  readonly learnt: (name: string, value: Json) => void;
};

/** What the reason begins with when a value has nothing that could be changed so: an opaque key has no signature. */
export const inapplicable = 'nothing of the kind';

export function createInputResolver({ source, beliefs, signal, learnt }: ResolvingOptions): InputResolver {
  const uses = new Map<string, number>();
  return async (needed, given, cast) => {
    const { asks, schema, name } = needed;
    if (asks.startsWith('derived:')) {
      const value = derived(asks.slice('derived:'.length), given.of ?? null);
      if (value !== undefined) return { kind: 'value', value, fresh: true };
      return {
        kind: 'none',
        reason: `${inapplicable} "${asks.slice('derived:'.length)}" can be made from that value`,
      };
    }
    const use = (uses.get(asks) ?? 0) + 1;
    uses.set(asks, use);
    // Of `other_token_2` the number says only that it is another one of the same person.
    const prefix = name.replace(/_\d+$/, '').replace(asks, '');
    const answer = await source({
      name: asks,
      for: given,
      use,
      schema,
      signal,
      cast: `${cast} ${prefix}`.trim(),
      whose: prefix.replace(/_$/, '') || undefined,
      isSpent: (value) => typeof value === 'string' && beliefs.isSpent(value),
    });
    if (answer.kind === 'none')
      return schema.default === undefined ? answer : { kind: 'value', value: schema.default, fresh: true };
    const { value, fresh } = answer;
    if ((typeof value === 'string' || typeof value === 'number') && !fresh) beliefs.given(String(value));
    const to = Object.values(given).flatMap((each) =>
      isObject(each) || Array.isArray(each) ? [] : [String(each)],
    );
    beliefs.told(asks, to, value);
    learnt(asks, value);
    return answer;
  };
}
