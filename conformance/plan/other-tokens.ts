/** Tokens of another kind: those that the server has given out together with the one that is asked for. */

import type { Template } from '../../openapi/arazzo/workflow.js';
import { isObject, type Json } from '../../openapi/json.js';
import { withOutput } from './draft.js';
import type { Reached } from './reach.js';

/** What was reached, with outputs for the other tokens; and these, each with its name. */
export type WithOthers = {
  readonly reached: Reached;
  readonly others: readonly (readonly [name: string, token: Template])[];
};

/** The tokens that came in the same response as the one which stands in a part of the last request. */
export function otherTokens(reached: Reached, part: string): WithOthers {
  const right = reached.parts.get(part);
  const [, stepId = '', own = ''] =
    /^\$steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(typeof right === 'string' ? right : '') ?? [];
  return tokensOf(reached, stepId, own);
}

/** The tokens of the response of a step, but for one output of it. */
export function tokensOf(reached: Reached, stepId: string, own: string): WithOthers {
  const giver = reached.trace.steps.find(({ step }) => step.id === stepId);
  if (giver === undefined || !isObject(giver.body)) return { reached, others: [] };
  let { draft } = reached;
  const others = tokenPointers(giver.body).flatMap((pointer): (readonly [string, Template])[] => {
    const added = withOutput(draft, stepId, `$response.body#${pointer}`);
    if (added.name === own) return [];
    draft = added.draft;
    return [[added.name.replaceAll('_', ' '), `$steps.${stepId}.outputs.${added.name}`]];
  });
  return { reached: { ...reached, draft, step: draft.steps.at(-1) ?? reached.step }, others };
}

function tokenPointers(value: Json, pointer = ''): string[] {
  if (typeof value === 'string') return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(value) ? [pointer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => tokenPointers(member, `${pointer}/${name}`));
}
