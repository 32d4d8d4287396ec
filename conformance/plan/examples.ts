/** Each documented answer reached by the shortest known way, and each documented request sent as it is printed. */

import type { Operation } from '../../openapi/contract.js';
import { jsonEquals, pointedTo } from '../../openapi/json.js';
import type { Planned, Unplanned } from '../planned.js';
import type { Base } from './base.js';
import { callStep, emptyDraft, withStep, workflowOf } from './draft.js';
import { bodyPointer, partOf, targetsOf } from './goal.js';
import { type Ground, reach } from './reach.js';
import { isMade } from './scenarios.js';
import { words } from './words.js';

/** The workflows that reach the transitions of an operation. */
export function reachable(
  ground: Ground,
  operation: Operation,
): {
  readonly workflows: readonly Planned[];
  readonly unplanned: readonly Unplanned[];
} {
  const workflows: Planned[] = [];
  const unplanned: Unplanned[] = [];
  for (const target of targetsOf(operation)) {
    const what = `${operation.method} ${operation.path}: ${words(target)}`;
    const { resource } = target.transition;
    if (!isMade(target.transition) && resource !== undefined) continue; // nobody has asked for it
    if (!isMade(target.transition)) {
      const reason = target.transition.unspecified
        ? 'the contract does not say what is answered'
        : 'whether it is made is the server’s choice';
      unplanned.push({ what, operation: operation.id, reason });
      continue;
    }
    const reached = reach(ground, target);
    if (reached === undefined) {
      unplanned.push({
        what,
        operation: operation.id,
        reason: 'no sequence of calls that leads there was found',
      });
      continue;
    }
    const takesTime = reached.draft.steps.some(({ wait }) => wait !== undefined);
    const summary = `${operation.id}: ${words(target)}`;
    workflows.push({
      workflow: workflowOf(summary, summary, reached.draft),
      phase: 'examples',
      operation,
      takesTime,
    });
  }
  return { workflows, unplanned };
}

/** The base request by itself, where no rule tells how else an operation succeeds. */
export function validRequest({ operation, name, step, draft }: Base): readonly Planned[] {
  if (name !== operation.id) return [];
  const summary = `${operation.id}: a valid request`;
  const workflow = workflowOf(summary, summary, withStep(draft, { ...step, outputs: [] }).draft);
  return [{ workflow, phase: 'examples', operation, takesTime: false }];
}

/** The documented request examples as they are printed, but for those that would have somebody written to. */
export function printedExamples({ operation, step, draft }: Base, harmless: boolean): readonly Planned[] {
  const [content] = operation.requestBody?.content ?? [];
  return (content?.examples ?? []).flatMap(({ name, value }): readonly Planned[] => {
    if (value === undefined) return [];
    const sends = operation.transitions.some(
      ({ effects, guard }) =>
        effects.some(({ kind }) => kind === 'send') &&
        guard.every((condition) => {
          if (condition.kind !== 'equals' || condition.equals.kind !== 'literal') return true;
          const pointer = bodyPointer(partOf(condition.expression));
          return pointer === undefined || jsonEquals(pointedTo(value, pointer), condition.equals.value);
        }),
    );
    if (sends && !harmless) return [];
    const payload = { contentType: content?.mediaType, payload: value, replacements: [] };
    // What takes a credential is sent with it; what takes none is sent without anything before it.
    const isAlone = draft.steps.length > 0 && operation.security.flat().length === 0;
    const own = isAlone ? emptyDraft : draft;
    const parameters = isAlone ? [] : step.parameters;
    const added = withStep(own, callStep(name, operation, { parameters, requestBody: payload }));
    const summary = `${operation.id}: the documented example ${name}`;
    return [
      { workflow: workflowOf(summary, summary, added.draft), phase: 'examples', operation, takesTime: false },
    ];
  });
}
