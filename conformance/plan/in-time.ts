/** What has a lifetime, used shortly before its end; what is renewed lives from then on. */

import type { Step } from '../../openapi/arazzo/workflow.js';
import { pointerTokens } from '../../openapi/json.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import { toldAtOnce } from './begun.js';
import { type Draft, input, withInput, withStep } from './draft.js';
import { bodyPointer, nameOfPart, type Target } from './goal.js';
import { clockStart } from './make-up.js';
import { reach } from './reach.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import { nearMissWords, words } from './words.js';

/** How much of a lifetime is left: time for the workflow, and for clocks that differ. */
const left = 180_000;

/** The workflows that make a transition of an operation just in time. */
export function inTime(scene: Scene, target: Target): readonly Planned[] {
  const lifetime = neededLifetime(scene, target);
  const reached = lifetime === undefined ? undefined : reach(scene.ground, target);
  if (lifetime === undefined || reached === undefined || reached.step.wait !== undefined) return [];
  const { operation, transition } = target;
  const nearly = Math.max(lifetime - left, lifetime * 0.6);
  const draft = toldAtOnce(reached.draft);
  const late = withWait(draft, reached.step.id, nearly);
  const name = `${operation.id} ${transition.name}`;
  const plans = [
    late &&
      planned(operation, late, `${name} in time`, `${words(target)} shortly before it is too late`, true),
    ...renewals(draft, reached.step, lifetime).map((each) =>
      planned(
        operation,
        each,
        `${name} renewed`,
        `${words(target)}: what is renewed lives from then on`,
        true,
      ),
    ),
  ];
  return plans.flatMap((each) => {
    const player =
      each && playerAfter(scene.contract, { steps: each.workflow.steps, inputs: each.workflow.inputs });
    const made = player?.trace().steps.at(-1)?.predicted?.choice.transition;
    return each === undefined || made !== transition ? [] : [each];
  });
}

/** How long lives what a guard looks for and an earlier step of the way has put there; undefined where nothing ends. */
function neededLifetime({ contract, ground }: Scene, target: Target): number | undefined {
  const reached = reach(ground, target);
  const player =
    reached && playerAfter(contract, { ...reached.draft, steps: reached.draft.steps.slice(0, -1) });
  const ends = player
    ?.trace()
    .steps.flatMap(({ step, changes }) =>
      changes.flatMap((change) =>
        change.kind === 'put' && change.entry.expiresAt !== undefined
          ? [{ step, change, at: change.entry.expiresAt }]
          : [],
      ),
    );
  const [first] = (ends ?? []).toSorted((a, b) => a.at - b.at);
  if (first === undefined) return undefined;
  return first.at - clockStart;
}

function withWait(draft: Draft, id: string, milliseconds: number): Draft | undefined {
  const steps = draft.steps.map((step) => (step.id === id ? { ...step, wait: seconds(milliseconds) } : step));
  return { ...draft, steps };
}

function seconds(milliseconds: number): Step['wait'] {
  return { seconds: Math.round(milliseconds / 1000) };
}

/** What was sent to somebody is sent anew after most of its time, and used after most of its time again. */
function renewals(draft: Draft, last: Step, lifetime: number): Draft[] {
  const needed = draft.inputs.find(({ schema, name }) => {
    const isUsed = JSON.stringify(last.requestBody?.payload ?? null).includes(`"$inputs.${name}"`);
    return isUsed && typeof schema['x-after'] === 'string';
  });
  const index = draft.steps.findIndex(({ id }) => id === needed?.schema['x-after']);
  const sender = draft.steps[index];
  if (needed === undefined || sender === undefined) return [];
  const earlier: Step = { ...sender, id: `earlier-${sender.id}`, outputs: [] };
  const again: Step = { ...sender, wait: seconds(lifetime * 0.6) };
  const steps = [...draft.steps.slice(0, index), earlier, again, ...draft.steps.slice(index + 1)];
  const waited = withWait({ ...draft, steps }, last.id, lifetime * 0.6);
  return waited === undefined ? [] : [waited];
}

/** The workflow that asks with a wrong code once the right one is too old: it is wrong, and not too old. */
export function wrongWhenOld({ contract, ground }: Scene, target: Target): readonly Planned[] {
  const reached = reach(ground, target);
  if (reached?.step.wait === undefined || reached.step.requestBody === undefined) return [];
  const body = reached.step.requestBody;
  const [[part, pointer] = []] = [...reached.secrets].flatMap(([each, from]) => {
    const at = from === 'input' ? bodyPointer(each) : undefined;
    return at === undefined ? [] : [[each, at] as const];
  });
  const right = part === undefined ? undefined : reached.parts.get(part);
  if (part === undefined || pointer === undefined || right === undefined) return [];
  const name = nameOfPart(part);
  const asked = `wrong_${name}`;
  const before = toldAtOnce({ ...reached.draft, steps: reached.draft.steps.slice(0, -1) });
  const draft = withInput(before, input(asked, 'derived:wrong', { of: right }));
  const payload = replacedAt(body.payload, pointerTokens(pointer), `$inputs.${asked}`);
  const what = `${nearMissWords.wrong ?? 'a wrong'} ${name}`;
  const added = withStep(draft, {
    ...reached.step,
    id: what,
    outputs: [],
    requestBody: { ...body, payload },
  });
  const player = playerAfter(contract, added.draft);
  const made = player?.trace().steps.at(-1)?.predicted?.choice;
  if (made === undefined || made.transition === target.transition || made.transition.effects.length > 0)
    return [];
  const summary = `${target.operation.id} with ${what} when the right one is too old: ${words(made)}`;
  return [planned(target.operation, added.draft, summary, summary, true)];
}

/** The workflow in which what was ended is asked about once its time is over too. */
export function endedWhenOld(scene: Scene, target: Target): readonly Planned[] {
  const { contract, ground } = scene;
  const lifetime = neededLifetime(scene, target);
  const reached = target.of === 'security' ? reach(ground, target) : undefined;
  if (lifetime === undefined || reached === undefined || reached.step.wait !== undefined) return [];
  const again = withStep(reached.draft, { ...reached.step, id: `${reached.step.id} when old`, outputs: [] });
  const draft = withWait(again.draft, again.step.id, lifetime + 120_000);
  const made = draft && playerAfter(contract, draft)?.trace().steps.at(-1)?.predicted?.choice;
  if (draft === undefined || made === undefined || made.transition === target.transition) return [];
  const summary = `${target.operation.id} ${words(target)}, and too old as well: ${words(made)}`;
  return [planned(target.operation, draft, summary, summary, true)];
}
