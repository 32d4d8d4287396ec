/** Requests that are nearly right: each value that a rule compares with something kept, replaced by one like it. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import { pointerTokens } from '../../openapi/json.js';
import { nearCodes, nearKeys, nearTokens } from '../input/derived.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import { type Draft, input, withInput, withStep } from './draft.js';
import { type Forgery, forgeries } from './forgeries.js';
import { bodyPointer, nameOfPart, partOfValue, type Target } from './goal.js';
import { neverGiven } from './never-given.js';
import { otherTokens, tokensOf } from './other-tokens.js';
import { probe } from './probes.js';
import { type Reached, reach, sampleOf } from './reach.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import { nearMissWords, words } from './words.js';

/** A draft in which a value stands that is nearly the right one. */
type Miss = {
  readonly draft: Draft;
  readonly value: Template;
  readonly what: string;
  readonly isPlainlyWrong: boolean;
};

/**
 * The workflows that try nearly right values wherever the rules of an operation compare something: each part in the shortest
 * way, for each way in which right values come about.
 */
export function nearMisses(scene: Scene, targets: readonly Target[]): readonly Planned[] {
  const reached = targets
    .flatMap((target) => reach(scene.ground, target) ?? [])
    .filter(({ draft }) => draft.steps.every(({ wait }) => wait === undefined))
    .toSorted((a, b) => a.draft.steps.length - b.draft.steps.length);
  const ways = reached.flatMap((each) =>
    [...each.secrets].map(([part, from]) => ({ reached: each, part, from })),
  );
  const tried = new Set<string>();
  return ways.flatMap(({ reached: alone, part, from }) => {
    const key = `${from} ${part}`;
    if (tried.has(key) || bodyPointer(part) === undefined || from === 'fixture') return [];
    tried.add(key);
    return from === 'request' ? ofKey(scene, alone, part) : missesAt(scene, alone, part, from === 'input');
  });
}

function missesAt(scene: Scene, alone: Reached, part: string, isCode: boolean): readonly Planned[] {
  const { target } = alone;
  const among = reach(scene.ground, target, { draft: scene.bystanders }) ?? alone;
  const misses = (reached: Reached): readonly Miss[] =>
    isCode ? ofCode(scene, target, reached, part) : ofToken(reached, part);
  const wrong = misses(among).filter(({ isPlainlyWrong }) => isPlainlyWrong);
  const near = misses(alone).filter(({ isPlainlyWrong }) => !isPlainlyWrong);
  return [
    ...wrong.flatMap((miss) => workflowFor(scene, among, part, miss) ?? []),
    ...near.flatMap((miss) => workflowFor(scene, alone, part, miss) ?? []),
    ...(isCode ? [] : afterwards(scene, alone, part)),
  ];
}

/** Keys next to the one that the right value is kept under, each with that value. */
function ofKey(scene: Scene, alone: Reached, part: string): readonly Planned[] {
  const { target, draft, parts } = alone;
  const right = parts.get(part);
  const isWritten = target.transition.effects.some(
    (effect) => effect.kind === 'send' && partOfValue(effect.to) === part,
  );
  // Nobody is written to at an address that a plan has made up.
  if (right === undefined || isWritten) return [];
  return derivedMisses(draft, right, nameOfPart(part), nearKeys).flatMap(
    (miss) => workflowFor(scene, alone, part, miss) ?? [],
  );
}

/** Values made from a right one, by the names of what is done to it. */
function derivedMisses(draft: Draft, right: Template, name: string, kinds: readonly string[]): Miss[] {
  return kinds.map((kind) => {
    const asked = `${kind.replaceAll('-', '_')}_${name}`;
    const needed = input(asked, `derived:${kind}`, { of: right });
    return {
      draft: withInput(draft, needed),
      value: `$inputs.${asked}`,
      what: `${nearMissWords[kind] ?? kind} ${name}`,
      isPlainlyWrong: kind === 'wrong',
    };
  });
}

/** Tokens of another kind that come with the answer to the right request, in the place of the right one. */
function afterwards(scene: Scene, alone: Reached, part: string): readonly Planned[] {
  const { reached, others } = tokensOf(alone, alone.step.id, '');
  return others.flatMap(([name, value]) => {
    const wrong = withValue(reached.step, part, value, `the ${name} as ${nameOfPart(part)}`);
    const player = playerAfter(scene.contract, reached.draft);
    const made = wrong && player?.peek(wrong, reached.draft.inputs)?.predicted;
    if (wrong === undefined || made === undefined || made.choice.transition.effects.length > 0) return [];
    const { draft } = withStep(reached.draft, wrong);
    const { operation } = alone.target;
    const summary = `${operation.id} with the ${name}: ${words(made.choice)}`;
    return [planned(operation, draft, summary, summary, false)];
  });
}

/** The values that a code may be mistaken for, the code of another user and an older one among them. */
function ofCode({ ground }: Scene, target: Target, reached: Reached, part: string): Miss[] {
  const right = reached.parts.get(part);
  if (right === undefined) return [];
  const name = nameOfPart(part);
  const draft = withCodeTold(reached.draft, right, name);
  const derived = derivedMisses(draft, right, name, nearCodes);
  const older = olderCode(draft, right, name);
  const other = reach(ground, target, { cast: 1 });
  const others = other?.parts.get(part);
  if (other === undefined || others === undefined) return [...derived, ...older];
  const steps = [...other.draft.steps.slice(0, -1)];
  const inputs = other.draft.inputs.reduce<Draft>(withInput, draft).inputs;
  const taken = new Set(draft.steps.map(({ id }) => id));
  const renamed = steps.map((step) => ({ ...step, id: taken.has(step.id) ? `other-${step.id}` : step.id }));
  const merged: Draft = { steps: [...renamed, ...draft.steps], inputs };
  return [
    ...derived,
    ...older,
    { draft: merged, value: others, what: `the ${name} of another user`, isPlainlyWrong: false },
  ];
}

/** The right code is taken down when it comes: only who knows it can say that another one is wrong. */
function withCodeTold(draft: Draft, right: Template, name: string): Draft {
  const needed = draft.inputs.find((each) => `$inputs.${each.name}` === right);
  const steps = draft.steps.map((step): Step => {
    const sends = step.id === needed?.schema['x-after'] && needed !== undefined;
    return sends ? { ...step, outputs: [...step.outputs, [name, `$inputs.${needed.name}`]] } : step;
  });
  return { ...draft, steps };
}

/** The code that was sent before the one that counts: the call which sends it is made twice. */
function olderCode(draft: Draft, right: Template, name: string): Miss[] {
  const needed = draft.inputs.find((each) => `$inputs.${each.name}` === right);
  const index = draft.steps.findIndex(({ id }) => id === needed?.schema['x-after']);
  const step = draft.steps[index];
  if (needed === undefined || step === undefined) return [];
  const older = {
    ...needed,
    name: `older_${needed.name}`,
    schema: { ...needed.schema, 'x-after': `earlier-${step.id}` },
  };
  // Taken down at once, for what is sent next takes its place.
  const earlier: Step = { ...step, id: `earlier-${step.id}`, outputs: [[name, `$inputs.${older.name}`]] };
  const steps = [...draft.steps.slice(0, index), earlier, ...draft.steps.slice(index)];
  const value = `$steps.${earlier.id}.outputs.${name}`;
  return [
    { draft: withInput({ ...draft, steps }, older), value, what: `an older ${name}`, isPlainlyWrong: false },
  ];
}

/** Tokens that are not the one that was given out: forged ones, parts of it, others that came with it. */
function ofToken(found: Reached, part: string): Miss[] {
  const { reached, others } = otherTokens(found, part);
  const { draft, parts } = reached;
  const right = parts.get(part);
  if (right === undefined) return [];
  const name = nameOfPart(part);
  const made = forgeries(right, sampleOf(reached, right)).map(({ needed, value, what }: Forgery): Miss => {
    const asked = needed === undefined ? draft : withInput(draft, needed);
    return { draft: asked, value, what: `a forged ${name}: ${what}`, isPlainlyWrong: false };
  });
  const kinds = others.map(([other, value]): Miss => {
    return { draft, value, what: `the ${other} as ${name}`, isPlainlyWrong: false };
  });
  const never = {
    draft,
    value: neverGiven,
    what: `a ${name} that was never given out`,
    isPlainlyWrong: true,
  };
  return [never, ...kinds, ...made, ...derivedMisses(draft, right, name, nearTokens)];
}

/** A workflow with the near miss before the right request; undefined when the rules would take it for the right one. */
function workflowFor(scene: Scene, reached: Reached, part: string, miss: Miss): Planned | undefined {
  const { contract } = scene;
  const { target } = reached;
  const wrong = withValue(reached.step, part, miss.value, miss.what);
  if (wrong === undefined) return undefined;
  const before: Draft = { ...miss.draft, steps: miss.draft.steps.filter(({ id }) => id !== reached.step.id) };
  const player = playerAfter(contract, before);
  const peeked = player?.peek(wrong, before.inputs);
  const made = peeked?.predicted;
  if (player === undefined || peeked?.situation.kind !== 'valid') return undefined;
  if (
    made === undefined ||
    made.choice.transition === target.transition ||
    made.choice.transition.effects.length > 0
  )
    return undefined;
  const count = miss.isPlainlyWrong ? 6 : 1;
  let draft = withStep(before, { ...wrong, times: { count, atOnce: false } }).draft;
  const last = draft.steps.at(-1);
  if (last === undefined || !player.play(last, draft.inputs)) return undefined;
  if (miss.isPlainlyWrong) {
    const right = withStep(draft, reached.step);
    if (player.play(right.step, right.draft.inputs)) draft = right.draft;
    draft = probe(draft, player, { ...scene, changing: false, prefix: 'then' });
  }
  const summary = `${target.operation.id} with ${miss.what}: ${words(made.choice)}`;
  return planned(
    target.operation,
    draft,
    `${target.operation.id} ${target.transition.name} with ${miss.what}`,
    summary,
    false,
  );
}

/** The step with another value in a part of its body. */
function withValue(step: Step, part: string, value: Template, id: string): Step | undefined {
  const pointer = bodyPointer(part);
  if (step.requestBody === undefined || pointer === undefined) return undefined;
  const payload = replacedAt(step.requestBody.payload, pointerTokens(pointer), value);
  return { ...step, id, outputs: [], requestBody: { ...step.requestBody, payload } };
}
