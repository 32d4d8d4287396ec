/** What each transition leaves as it was, and what it changes: bystanders before it, the same again, questions after it. */

import type { Contract, Operation } from '../../openapi/contract.js';
import { millisecondsOf, parseDuration } from '../../openapi/duration.js';
import { asObject, type Json, pointerTo } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { Transition } from '../../openapi/rules/rules.js';
import type { Planned } from '../planned.js';
import { begunAmong, finished } from './begun.js';
import { type Draft, emptyDraft, withStep, workflowOf } from './draft.js';
import { anyOf } from './giving.js';
import {
  comparedIn,
  type Producer,
  partOfValue,
  plainConditions,
  producersOf,
  type Target,
  targetsOf,
} from './goal.js';
import { clockStart } from './make-up.js';
import { probe } from './probes.js';
import { reach } from './reach.js';
import { playerAfter } from './replay.js';
import type { Scene } from './scene.js';
import type { Player } from './simulate.js';
import type { Parts } from './solve.js';
import { words } from './words.js';

/**
 * The workflow that tries one transition among bystanders. A refusal by a security scheme is that of every operation: one of
 * them shows that nothing else is touched by it, the others that they refuse as well.
 */
export function scenario(scene: Scene, target: Target): Planned | undefined {
  return target.of === 'security' && !isSpokesman(scene, target)
    ? refusal(scene, target)
    : amongBystanders(scene, target);
}

/** Whether an operation speaks for all that have the same security scheme: the first that looks at something by its credential. */
function isSpokesman({ contract }: Scene, { operation, transition }: Target): boolean {
  const sharing = contract.operations.filter((each) =>
    targetsOf(each).some((target) => target.of === 'security' && target.transition === transition),
  );
  const [first] = sharing;
  const telling = sharing.find(({ transitions }) =>
    transitions
      .flatMap(plainConditions)
      .some((condition) => condition.kind === 'in' && partOfValue(condition.key) === 'credential'),
  );
  return operation === (telling ?? first);
}

/** The workflow in which an operation refuses what others refuse too, again and again. */
function refusal({ ground }: Scene, target: Target): Planned | undefined {
  const reached = reach(ground, target);
  if (reached === undefined) return undefined;
  const repeated = { ...reached.step, times: { count: 3, atOnce: false } };
  const steps = reached.draft.steps.map((step) => (step === reached.step ? repeated : step));
  return planned(
    target.operation,
    { ...reached.draft, steps },
    `${target.operation.id} ${target.transition.name} again`,
    `${words(target)}, each time`,
    steps.some(({ wait }) => wait !== undefined),
  );
}

function amongBystanders(scene: Scene, target: Target): Planned | undefined {
  const { contract, ground, bystanders } = scene;
  const begun = begunAmong(ground, scene.givers, bystanders);
  const isOwn = target.of === 'operation';
  const among = isOwn ? reach(ground, target, { draft: begun.draft }) : undefined;
  const reached = among ?? reach(ground, target, { draft: bystanders }) ?? reach(ground, target);
  if (reached === undefined) return undefined;
  const player = playerAfter(contract, reached.draft);
  if (player === undefined) return undefined;
  const isReading = isOwn && target.transition.effects.length === 0;
  let draft = probe(reached.draft, player, { ...scene, changing: false, prefix: 'then' });
  if (among !== undefined) draft = finished(begun, draft, player);
  const again = withStep(draft, {
    ...reached.step,
    id: `${reached.step.id} again`,
    times: { count: 3, atOnce: false },
    wait: undefined,
  });
  if (player.play(again.step, again.draft.inputs)) draft = again.draft;
  draft = probe(draft, player, { ...scene, changing: false, prefix: 'still' });
  if (!isReading) {
    draft = renew(scene, draft, player);
    draft = probe(draft, player, { ...scene, changing: false, prefix: 'after that' });
  }
  draft = probe(draft, player, { ...scene, changing: true, prefix: 'finally' });
  const summary = `${words(target)}, and again: nothing else is touched`;
  return planned(
    target.operation,
    draft,
    `${target.operation.id} ${target.transition.name} among others`,
    summary,
    draft.steps.some(({ wait }) => wait !== undefined),
  );
}

/** The first user begins anew, giving other details. */
function renew(scene: Scene, draft: Draft, player: Player): Draft {
  return scene.givers.reduce((current, giver) => {
    const renewed = renewable(scene, giver, current);
    if (renewed === undefined) return current;
    const steps = renewed.steps.slice(current.steps.length);
    return steps.every((step) => player.play(step, renewed.inputs)) ? renewed : current;
  }, draft);
}

function renewable({ ground }: Scene, giver: Producer, draft: Draft): Draft | undefined {
  return anyOf(ground, giver, { draft, free: otherDetails(giver.operation) })?.draft;
}

/** Values for all members of a request that are texts: what is looked up in reference data is taken from there. */
function allDetails(contract: Contract, operation: Operation, variant: number): Parts {
  const [content] = operation.requestBody?.content ?? [];
  const base = content?.examples.at(-1)?.value;
  if (content?.schema === undefined || base === undefined) return new Map();
  const random = seededRandom(variant);
  const full = contract
    .variants(content.schema, base, { direction: 'request', random })
    .valid.map(({ value }) => value)
    .toSorted((a, b) => Object.keys(asObject(b)).length - Object.keys(asObject(a)).length)[0];
  const fixtures = new Map(
    operation.transitions.flatMap(plainConditions).flatMap((condition) => {
      const part = condition.kind === 'in' ? partOfValue(condition.key) : undefined;
      if (condition.kind !== 'in' || part === undefined) return [];
      if (producersOf(contract, condition.collection).length > 0) return [];
      const keys = [...(contract.initialState.get(condition.collection)?.keys() ?? [])];
      const key = keys[(variant + 1) % keys.length];
      return key === undefined ? [] : [[part, key] as const];
    }),
  );
  const compared = comparedIn(operation);
  return new Map(
    Object.entries(asObject(full)).flatMap(([name, value]): (readonly [string, Json])[] => {
      const pointer = pointerTo('', name);
      const part = `body ${pointer}`;
      const fixture = fixtures.get(part);
      if (fixture !== undefined) return [[part, fixture]];
      const isFree = typeof value === 'string' && !compared.includes(pointer);
      return isFree ? [[part, `${name} ${variant + 1}`]] : [];
    }),
  );
}

/** Other values for the members of a request that no rule compares with anything. */
function otherDetails(operation: Operation): Parts {
  const compared = comparedIn(operation);
  const [content] = operation.requestBody?.content ?? [];
  const example = content?.examples[0]?.value;
  if (content === undefined || example === undefined || typeof example !== 'object' || example === null)
    return new Map();
  return new Map(
    Object.entries(example).flatMap(([name, value]): (readonly [string, Json])[] => {
      const pointer = pointerTo('', name);
      const isFree = typeof value === 'string' && !compared.includes(pointer);
      return isFree ? [[`body ${pointer}`, `${value} again`]] : [];
    }),
  );
}

/**
 * The workflows in which something is given out to somebody who has told everything about himself, and then something else
 * to the same one, who now tells other things: what was kept is shown as it was told first.
 */
export function detailed(scene: Scene): readonly Planned[] {
  const { contract, ground, slots } = scene;
  return scene.givers.flatMap((giver) => {
    const [first, second] = [0, 1].map((variant) => allDetails(contract, giver.operation, variant));
    const told = first && anyOf(ground, giver, { draft: emptyDraft, free: first });
    const player = told && playerAfter(contract, told.draft);
    if (told === undefined || player === undefined || second === undefined) return [];
    let draft = probe(told.draft, player, { contract, slots, changing: false, prefix: 'then' });
    const again = anyOf(ground, giver, { draft, free: second })?.draft ?? draft;
    if (again.steps.slice(draft.steps.length).every((step) => player.play(step, again.inputs))) draft = again;
    draft = probe(draft, player, { contract, slots, changing: false, prefix: 'still' });
    const summary = `${words(giver)} with all details, and once more with others`;
    return [
      planned(
        giver.operation,
        draft,
        `${giver.operation.id} ${giver.transition.name} with all details`,
        summary,
        false,
      ),
    ];
  });
}

/** The workflows in which time passes after a transition, and what it has done still holds. */
export function laterScenario(scene: Scene, target: Target): Planned | undefined {
  const { contract, ground, bystanders } = scene;
  if (target.transition.effects.length === 0) return undefined;
  const lifetime = longestLifetime(scene.givers);
  if (lifetime === undefined) return undefined;
  const reached = reach(ground, target, { draft: bystanders });
  const player = reached && playerAfter(contract, reached.draft);
  if (reached === undefined || player === undefined || reached.step.wait !== undefined) return undefined;
  let draft = reached.draft;
  // Nearly the whole of it, but for the time that the workflow takes and for clocks that differ.
  const end = Math.max(0.95 * lifetime, lifetime - 180_000);
  for (const [pause, prefix] of [
    [0.1 * lifetime, 'later'],
    [end - 0.1 * lifetime, 'in the end'],
  ] as const) {
    const first = draft.steps.length;
    draft = probeAfter(scene, draft, player, pause, prefix);
    if (draft.steps.length === first) return undefined;
  }
  const summary = `${words(target)}: it holds until the end of what was given out`;
  return planned(
    target.operation,
    draft,
    `${target.operation.id} ${target.transition.name} for long`,
    summary,
    true,
  );
}

/** Questions, the first of which is asked so much later. */
function probeAfter(scene: Scene, draft: Draft, player: Player, milliseconds: number, prefix: string): Draft {
  const wait = parseDuration(`PT${Math.round(milliseconds / 1000)}S`);
  const probed = probe(draft, player, { ...scene, changing: false, prefix });
  const steps = probed.steps.map((step, index) => (index === draft.steps.length ? { ...step, wait } : step));
  return { ...probed, steps };
}

/** How long the longest-lived of what is given out is good, in milliseconds. */
function longestLifetime(givers: readonly Producer[]): number | undefined {
  const lifetimes = givers.flatMap(({ put }) =>
    put.lifetime === undefined ? [] : [millisecondsOf(put.lifetime, clockStart)],
  );
  return lifetimes.length === 0 ? undefined : Math.max(...lifetimes);
}

/** A workflow of the phase of rules. */
export function planned(
  operation: Operation,
  draft: Draft,
  id: string,
  summary: string,
  takesTime: boolean,
): Planned {
  return { workflow: workflowOf(id, summary, draft), phase: 'rules', operation, takesTime };
}

/** Whether a server that keeps the contract makes a transition by itself. */
export function isMade(transition: Transition): boolean {
  return !transition.alternative && !transition.unspecified;
}
