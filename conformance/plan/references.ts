/** Reference data: every key that there is, and keys that there are nearly. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import { pointerTokens } from '../../openapi/json.js';
import { derived, nearReferences } from '../input/derived.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import { type Draft, withStep } from './draft.js';
import { bodyPointer, partOfValue, producersOf, type Target } from './goal.js';
import { reach } from './reach.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import { nearMissWords, words } from './words.js';

/** The workflow with keys that are nearly those of reference data, then those; for a transition that refuses unknown ones. */
export function referenceCases({ contract, ground }: Scene, target: Target): Planned | undefined {
  const { operation, transition } = target;
  if (transition.effects.length > 0) return undefined;
  const [looked] = transition.guard.flatMap((condition) => {
    if (condition.kind !== 'not' || condition.condition.kind !== 'in') return [];
    const { collection, key } = condition.condition;
    const pointer = bodyPointer(partOfValue(key));
    const isReference = producersOf(contract, collection).length === 0;
    return pointer !== undefined && isReference ? [{ pointer, collection }] : [];
  });
  const reached = looked && reach(ground, target);
  const requestBody = reached?.step.requestBody;
  if (looked === undefined || reached === undefined || requestBody === undefined) return undefined;
  const keys = [...(contract.initialState.get(looked.collection)?.keys() ?? [])].slice(0, mostKeys);
  const name = looked.pointer.slice(1);
  const withKey = (id: string, value: Template): Step => {
    const payload = replacedAt(requestBody.payload, pointerTokens(looked.pointer), value);
    return { ...reached.step, id, outputs: [], requestBody: { ...requestBody, payload } };
  };
  const known = new Set(keys);
  const near = nearReferences.flatMap((kind) => {
    const key = keys.find((each) => derived(kind, each) !== undefined);
    const value = key === undefined ? undefined : derived(kind, key);
    const isOther = typeof value === 'string' && !known.has(value);
    return isOther ? [withKey(`${nearMissWords[kind] ?? kind} ${name}`, value)] : [];
  });
  const right = keys.map((key) => withKey(`${name} ${key}`, key));
  let draft: Draft = { ...reached.draft, steps: reached.draft.steps.slice(0, -1) };
  const player = playerAfter(contract, draft);
  for (const step of [...near, ...right]) {
    const added = withStep(draft, step);
    if (player?.play(added.step, added.draft.inputs) !== true) continue;
    draft = added.draft;
  }
  const summary = `${operation.id} with each ${name} that there is, and with others: ${words(target)}`;
  return planned(operation, draft, `${operation.id} ${transition.name} by ${name}`, summary, false);
}

/** How many keys are tried: enough for what is listed by hand. */
const mostKeys = 12;
